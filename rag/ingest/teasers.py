"""Tells a teaser for the same story from one for another: do a title and a paragraph share a name?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rag.language.normalize import fold
from rag.language.vocabulary import read_rows

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:»”\"]\s+|[«“\"(]\s?)$")
# Names of the field, which every story of the day carries.
_COMMON = frozenset({"ia", "ai", "gpu", "pdg", "ceo", "tech", "usd", "ces", "llm"})


def names_in(title: str, article: Iterable[str]) -> frozenset[str]:
    """The names of a title, folded: capitalised words and identifiers such as H200.

    Countries, places and general words do not count, nor a word that the article also writes in lower case, for in
    an English title every word has a capital.
    """
    common = _COMMON | _places() | {word for text in article for word in _WORD.findall(text) if word[0].islower()}
    folded_common = {fold(word) for word in common}
    return frozenset(
        name for word in _WORD.findall(title) if _is_name(word) and (name := fold(word)) not in folded_common
    )


def _is_name(word: str) -> bool:
    has_letter, has_digit = any(c.isalpha() for c in word), any(c.isdigit() for c in word)
    return has_letter and (has_digit or (word[0].isupper() and len(word) > 2) or any(c.isupper() for c in word[1:]))


def shares_name(text: str, names: frozenset[str]) -> bool:
    """Whether a paragraph carries one of the names."""
    return any(fold(word) in names for word in _WORD.findall(text) if _is_name(word))


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(word for _, words in read_rows("places.tsv") for word in words.split())
