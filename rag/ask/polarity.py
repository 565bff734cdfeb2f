"""Whether two sentences that share their words say the contrary: negation, permission against ban, rise against fall."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from rag.language.cues import Stance, stances
from rag.language.normalize import fold_aligned
from rag.language.terms import tokens
from rag.language.vocabulary import read_rows
from rag.model import Lang

_NEGATION: Final = {
    "fr": re.compile(r"\bn(?:e |')(?=(?:[^\s,;:]+ ){0,6}?(?:pas|plus|jamais|aucune?s?|rien|ni|point|personne|guere|nul)\b)|\baucune?s?\b|\bjamais\b|\bsans\b|\bni\b|\bpas (?:de|encore|un)\b|\bnulle?s?\b"),
    "en": re.compile(r"\bnot\b|\bno\b|\bnone\b|\bnever\b|\bwithout\b|\bneither\b|\bnor\b|\bcannot\b|\byet to\b|n't\b|\bnot a single\b|\bzero\b"),
}  # fmt: skip
_CLAUSE_END: Final = re.compile(
    r"[,;:()]|\b(?:mais|but|sauf|except|unless|rather|plutot|whereas|while|although|though|alors|tandis|et|and)\b"
)
_NAME: Final = re.compile(r"\b\w*[a-z][A-Z]\w*\b")
_CLOSING: Final = ("confirm", "adopt", "free", "start")
_SETTLED: Final = frozenset({"open", "closed"})
REACH: Final = 5
"""Words after a negation that it may deny."""


def _stances(text: str, lang: Lang) -> frozenset[Stance]:
    """How things stand by the words of a text; a name such as BlockTempo bars nothing."""
    return stances(_NAME.sub("-", text), lang)


@lru_cache(maxsize=4_096)
def denied(text: str, lang: Lang) -> frozenset[int]:
    """Places of the words that a negation before them denies, within its clause."""
    plain = fold_aligned(text)
    every = list(tokens(text, lang))
    found: set[int] = set()
    for cue in _NEGATION[lang].finditer(plain):
        end = _CLAUSE_END.search(plain, cue.end())
        limit = end.start() if end else len(plain)
        after = [at for at, token in enumerate(every) if token.term and cue.end() <= token.span.start < limit]
        found.update(after[:REACH])
    return frozenset(found)


def negative(text: str, lang: Lang) -> bool:
    """Whether a sentence denies, bars or refuses anything."""
    return bool(denied(text, lang)) or closes(text, lang)


def closes(text: str, lang: Lang) -> bool:
    """Whether a sentence bars, refuses, stops or denies something by the very word."""
    taken = _sides(text, lang)
    return bool({"closed", "denied"} & _stances(text, lang)) or any("B" in taken.get(pair, ()) for pair in _CLOSING)


def contrary(text: str, lang: Lang, told: str, told_lang: Lang) -> bool:
    """Whether a sentence opens what its source only closes, or the other way round, or takes the other side of a pair."""
    claimed, known = (_stances(text, lang) & _SETTLED, _stances(told, told_lang) & _SETTLED)
    if claimed and known and not claimed & known:
        return True
    theirs = _sides(told, told_lang)
    return any(set(ours) - set(theirs[pair]) for pair, ours in _sides(text, lang).items() if pair in theirs)


def reworded(text: str, lang: Lang, told: str, told_lang: Lang) -> bool:
    """Whether one says by a negation what the other says by the opposite word: "cannot exceed" and "is capped"."""
    theirs = _sides(told, told_lang)
    return any(
        side in theirs.get(pair, {}) and theirs[pair][side] != denies
        for pair, ours in _sides(text, lang).items()
        for side, denies in ours.items()
    )


@lru_cache(maxsize=4_096)
def _sides(text: str, lang: Lang) -> Mapping[str, Mapping[str, bool]]:
    """Pair of opposites -> the sides of it that a text takes, and whether by denying the other."""
    plain = fold_aligned(text)
    every, without = list(tokens(text, lang)), denied(text, lang)
    found: dict[str, dict[str, bool]] = {}
    for pair, patterns in _pairs(lang).items():
        for side, pattern in zip("AB", patterns, strict=True):
            for match in pattern.finditer(plain):
                at = next((at for at, token in enumerate(every) if token.span.end > match.start()), -1)
                found.setdefault(pair, {})[_other(side) if at in without else side] = at in without
    return found


def _other(side: str) -> str:
    return "B" if side == "A" else "A"


@cache
def _pairs(lang: Lang) -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    rows = [(pair, left, right) for pair, language, left, right in read_rows("opposites.tsv") if language == lang]
    return {pair: (_pattern(left), _pattern(right)) for pair, left, right in rows}


def _pattern(cues: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(_cue(cue) for cue in cues.split("|")) + ")")


def _cue(cue: str) -> str:
    return (
        f"{re.escape(cue[1:])}\\b"
        if cue.startswith("=")
        else re.escape(cue).replace("\\#", r"(?:[$€]?\d|une? |deux|an? |one|two)")
    )
