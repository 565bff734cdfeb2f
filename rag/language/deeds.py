"""What a text says is done: delivering, ordering, allowing or barring ... Text -> deeds; a negation turns each round."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from rag.language.cues import is_negated
from rag.language.lexicon import LANGUAGES, Phrase, phrase_of
from rag.language.normalize import fold, fold_aligned
from rag.language.terms import Token, tokens
from rag.language.vocabulary import read_rows
from rag.model import Lang

_STOPPING: Final = frozenset({"go", "allow"})
"""Matters that are of other matters: production is stopped, sales are barred."""
STOPS_WITHIN: Final = 3
"""Words with a meaning between what stops and what is stopped, at most."""
_CLAUSE: Final = re.compile(r"[,;:.()]|\b(?:and|but|after|before|because|et|mais|apres|avant|car|malgre|despite)\b")
_NO_DEED: Final = re.compile(r"(?i)(?:author(?:it(?:y|ies)|s)?|règle(?:s|ments?)?)$")
"""What is stemmed like a deed and is none: "the authorities" authorize nothing yet, "la règle" settles no bill."""
_NONE_AFTER: Final = re.compile(r"[^\s,;:]* (?:[^\s,;:]+ ){0,2}?(?:no|none|zero|aucune?)\b")
_HEDGED: Final = {
    "fr": re.compile(r"\b(?:(?:aur|ser|pourr|devr|ir|fer|permettr|vis)(?:ait|aient)|(?!(?:esp|consid|op|gen|pref|accel|diff|lib|recup|adh|coop|gouv)erai)\w{3,}(?:er|ir)(?:ait|aient)|sembl\w+|presume\w*|espere\w*|souhait\w*|envisage\w*|compte\w* (?!pour))\b"),
    "en": re.compile(r"\b(?:(?:is|are|was|were) (?:said|alleged|believed|reported|thought|expected|due|set) to|alleg\w+|reportedly|would|could|may|might|plan(?:s|ned)? to|hop(?:es?|ed) to|want(?:s|ed)? to)\b"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deed:
    """A matter, and whether it is done or undone: allowed, or barred or not allowed; `denied`: undone by a negation."""

    matter: str
    done: bool
    denied: bool = False


_GOING_ON: Final = frozenset({Deed("go", True), Deed("go", True, True)})


@lru_cache(maxsize=20_000)
def deeds(text: str, lang: Lang) -> frozenset[Deed]:
    """What a text says is done or is not; empty where it speaks of nothing that the table has.

    What is stopped or barred is undone: "stopped production", "les livraisons restent bloquées".
    """
    plain, found = fold_aligned(text), list[tuple[int, Deed]]()
    words = [token for token in tokens(text, lang) if token.term is not None and not _NO_DEED.match(token.surface)]
    for at, token in enumerate(words):
        for phrase, matter, done in _table(lang).get(str(token.term), ()):
            if tuple(str(word.term) for word in words[at : at + len(phrase)]) == phrase:
                denied = is_negated(plain, token.span.start, lang) or bool(_NONE_AFTER.match(plain, token.span.start))
                found.append((at, Deed(matter, done != denied, denied)))
    found = [one for one in found if one[1] not in _GOING_ON or any(_beside(one, other) for other in found)]
    return frozenset(
        replace(deed, done=False) if _stopped(at, deed, found, words, plain) else deed for at, deed in found
    )


def _stopped(at: int, deed: Deed, found: Sequence[tuple[int, Deed]], words: Sequence[Token], plain: str) -> bool:
    """Whether a deed stands beside one that stops or bars it, in the same clause."""
    if not deed.done or deed.matter in _STOPPING:
        return False
    stops = (
        other for other, one in found if one.matter in _STOPPING and not one.done and abs(other - at) <= STOPS_WITHIN
    )
    return any(
        _CLAUSE.search(plain[words[min(at, other)].span.end : words[max(at, other)].span.start]) is None
        for other in stops
    )


def _beside(one: tuple[int, Deed], other: tuple[int, Deed]) -> bool:
    """Whether what goes on is named beside it: "a repris la production", not "repris par Reuters"."""
    return one[1].matter != other[1].matter and abs(one[0] - other[0]) <= STOPS_WITHIN


@lru_cache(maxsize=20_000)
def hedged(text: str, lang: Lang) -> bool:
    """Whether a text only reports what may be so, or is meant to be: "aurait livré", "is said to have", "plans to"."""
    return _HEDGED[lang].search(fold(text)) is not None


@cache
def _table(lang: Lang) -> dict[str, list[tuple[Phrase, str, bool]]]:
    """First term of a way to say it -> (all its terms, matter, done)."""
    table: dict[str, list[tuple[Phrase, str, bool]]] = {}
    for matter, side, *words in (row for row in read_rows("actions.tsv") if row[1] != "~"):
        for word in words[LANGUAGES.index(lang)].split("|"):
            phrase = phrase_of(word, lang)
            table.setdefault(phrase[0], []).append((phrase, matter, side != "-"))
    return table
