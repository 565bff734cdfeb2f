"""Mends slips of the keyboard in a question: a word that neither lexicon nor library knows -> one that they know.

Only words one edit away count (a letter too many, missing, wrong, or two swapped), in words long enough for that to be
safe. Source: Damerau 1964 (four slips in five are one such edit).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from rag.index.lexical import LexicalIndex
from rag.language.lexicon import LANGUAGES, Concept, concepts, translations
from rag.language.normalize import fold
from rag.language.terms import word_term
from rag.model import Lang

Holding = Callable[[Iterable[tuple[str, Lang]]], dict[tuple[str, Lang], int]]

SHORTEST: Final = 4
"""Letters from which a word is mended; below, one edit leads to too many others."""
LONGEST: Final = 24
"""Letters up to which it is: what is longer is no word, and would take as many tries as it has letters, times 53."""
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def mend(
    wanted: Sequence[Concept], lang: Lang, lexical: LexicalIndex, as_of: date | None = None
) -> tuple[Concept, ...]:
    """The concepts of a question, those nobody knows replaced by the best known word one edit away, if there is one.

    With `as_of`, a word that came up later is not known.
    """

    def holding(terms: Iterable[tuple[str, Lang]]) -> dict[tuple[str, Lang], int]:
        return lexical.holding(terms, as_of)

    return tuple(_mended(concept, lang, holding) if _strange(concept, holding) else concept for concept in wanted)


def _strange(concept: Concept, holding: Holding) -> bool:
    doubtful = (
        not (concept.known or concept.number or concept.identifier) and SHORTEST <= len(concept.surface) <= LONGEST
    )
    return doubtful and not holding((term, way.lang) for way in concept.alternatives for term in way.terms)


def _mended(concept: Concept, lang: Lang, holding: Holding) -> Concept:
    words = {(term, language): word for language, word, term in _near_terms(concept.surface, lang)}
    # A name is mended to a name of the library, never to a word of the dictionary: Lyon is no lion.
    listed = () if concept.name else (term for term in words if term[1] == lang and (term[0],) in translations(lang))
    counts = dict.fromkeys(listed, 1)
    counts |= {term: 1 + count for term, count in holding(words).items()}
    if not counts:
        return concept
    best = max(counts, key=lambda term: (counts[term], words[term]))
    (found,) = concepts(words[best], lang) or (concept,)
    return replace(found, surface=concept.surface, name=concept.name)


def _near_terms(word: str, lang: Lang) -> Iterator[tuple[Lang, str, str]]:
    """(language, word, its term) of every string one edit away, in both languages for the sake of names."""
    for near in sorted(set(edits(fold(word)))):
        for language in LANGUAGES:
            term = word_term(near, language)
            if term is not None:
                yield language, near, term


def edits(word: str) -> Iterator[str]:
    """What a folded word is with one letter too many, missing or wrong, or with two swapped; itself too."""
    for at in range(len(word) + 1):
        left, right = word[:at], word[at:]
        if right:
            yield left + right[1:]
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        for letter in _LETTERS:
            yield left + letter + right
            if right:
                yield left + letter + right[1:]
