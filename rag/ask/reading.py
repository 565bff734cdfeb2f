"""A question in one language or two -> its concepts: each sentence is read in the language it is written in.

A question completed from an earlier turn keeps the words of that turn, whatever language the reader uses now.
"""

from __future__ import annotations

import re
from typing import Final

from rag.language.detect import detect_language
from rag.language.lexicon import Concept, concepts
from rag.model import Lang

_SENTENCE_END: Final = re.compile(r"(?<=[?!.]) +(?=\S{2})")


def read(text: str, lang: Lang) -> tuple[Concept, ...]:
    """The concepts of all sentences, in the order they are first named; `lang` where a sentence shows none."""
    found: dict[str, Concept] = {}
    for sentence in _SENTENCE_END.split(text):
        for concept in concepts(sentence, detect_language(sentence, lang)):
            found.setdefault(concept.alternatives[0].terms[0], concept)
    return tuple(found.values())


def language_of(text: str, lang: Lang) -> Lang:
    """The language most of the words are in; `lang` where they show none."""
    return detect_language(text, lang)
