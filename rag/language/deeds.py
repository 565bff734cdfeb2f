"""What a text says is done: delivering, ordering, allowing or barring ... Text -> deeds; a negation turns each round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from rag.language.cues import is_negated
from rag.language.lexicon import LANGUAGES, Phrase, phrase_of
from rag.language.normalize import fold, fold_aligned
from rag.language.terms import tokens
from rag.language.vocabulary import read_rows
from rag.model import Lang

_NO_DEED: Final = re.compile(r"(?i)author(?:it(?:y|ies)|s)?$")
"""What is stemmed like a deed and is none: "the authorities" authorize nothing yet."""
_NONE_AFTER: Final = re.compile(r"[^\s,;:]* (?:[^\s,;:]+ ){0,2}?(?:no|none|zero|aucune?)\b")
_HEDGED: Final = {
    "fr": re.compile(r"\b(?:(?:aur|ser|pourr|devr|ir|fer|permettr|vis)(?:ait|aient)|sembl\w+|presume\w*|espere\w*|souhait\w*|envisage\w*|compte\w* (?!pour))\b"),
    "en": re.compile(r"\b(?:(?:is|are|was|were) (?:said|alleged|believed|reported|thought|expected|due|set) to|alleg\w+|reportedly|would|could|may|might|plan(?:s|ned)? to|hop(?:es?|ed) to|want(?:s|ed)? to)\b"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deed:
    """A matter, and whether it is done or undone: allowed, or barred or not allowed; `denied`: undone by a negation."""

    matter: str
    done: bool
    denied: bool = False


@lru_cache(maxsize=20_000)
def deeds(text: str, lang: Lang) -> frozenset[Deed]:
    """What a text says is done or is not; empty where it speaks of nothing that the table has."""
    plain, found = fold_aligned(text), set[Deed]()
    words = [token for token in tokens(text, lang) if token.term is not None and not _NO_DEED.match(token.surface)]
    for at, token in enumerate(words):
        for phrase, matter, done in _table(lang).get(str(token.term), ()):
            if tuple(str(word.term) for word in words[at : at + len(phrase)]) == phrase:
                denied = is_negated(plain, token.span.start, lang) or bool(_NONE_AFTER.match(plain, token.span.start))
                found.add(Deed(matter, done != denied, denied))
    return frozenset(found)


@lru_cache(maxsize=20_000)
def hedged(text: str, lang: Lang) -> bool:
    """Whether a text only reports what may be so, or is meant to be: "aurait livré", "is said to have", "plans to"."""
    return _HEDGED[lang].search(fold(text)) is not None


@cache
def _table(lang: Lang) -> dict[str, list[tuple[Phrase, str, bool]]]:
    """First term of a way to say it -> (all its terms, matter, done)."""
    table: dict[str, list[tuple[Phrase, str, bool]]] = {}
    for matter, side, *words in read_rows("actions.tsv"):
        for word in words[LANGUAGES.index(lang)].split("|"):
            phrase = phrase_of(word, lang)
            table.setdefault(phrase[0], []).append((phrase, matter, side != "-"))
    return table
