"""Whether a sentence is borne out by what it cites: (sentence, sources) -> quote, supported or unsupported, and why.

Nothing of this is asked of a model. Every number, date and name must be in the sources and stand there beside the same
words, the sources must not say the contrary, and most of the words must be theirs. The thresholds are measured on
evals/claims.jsonl (`python -m evals.claims`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Final, Literal

from rag.ask.marks import Mark, Reading, Word, american, nearness, orders, read
from rag.ask.polarity import closes, contrary, denied, negative, reworded
from rag.language.cues import stances
from rag.language.light import is_light
from rag.language.normalize import fold, normalize
from rag.model import Lang, Support

Fault = Literal["empty", "number", "date", "name", "swapped", "polarity", "words"]

WORDS_FROM: Final = 0.5
"""Share of the sentence's words that its sources must say."""
BARE_FROM: Final = 0.3
"""The same over the words alone: names in plenty make no claim."""
HOME_FROM: Final = 0.86
"""The same where one of its words is in none of the sources though they are in its language. Between languages that is
mostly a gap in the lexicon, within one it is mostly made up."""
ALIKE_FROM: Final = 0.8
"""Cosine of the two sentences from which that word is but another word for the same."""
MARK: Final = 0.5
"""What a name, date or number that was found counts for, beside a word."""
RIVAL_FROM: Final = 0.87
"""Share of a rival's nearness that a mark must reach to count as standing beside the same words."""
BESIDE: Final = 6
"""Words between a day of publication and the outlet that makes it one."""
_RIVALS: Final = frozenset({"number", "%", "date", "country", "body", "company", "person", "product"})
"""Families whose members are taken for one another; which outlet reported it first is left to the citation."""
_ACTORS: Final = frozenset({"country", "body", "company", "person", "place", "other"})
"""Families of those who may do what a sentence tells."""
STRANGER_FROM: Final = 0.15
"""Nearness from which a name of the source holds the place that the sentence gives to one it does not name."""
Similar = Callable[[str, str, Lang], float]


def _unlike(left: str, right: str, lang: Lang) -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of an article, with what goes before it. `about`: outlet, origin and title."""

    text: str
    lang: Lang
    day: date | None
    about: str


@dataclass(frozen=True, slots=True)
class Finding:
    """How a sentence stands to its sources; `fault` says what failed."""

    support: Support
    fault: Fault | None = None


def examine(claim: str, lang: Lang, sources: Sequence[Source], similar: Similar = _unlike) -> Finding:
    """Hold one sentence against the sources it cites, taken together.

    `similar`: how much two texts of a language are alike by their vectors, a cosine; without it words alone decide.
    """
    if any(_plain(claim) == _plain(source.text) for source in sources):
        return Finding("quote")
    fault = _fault(claim, lang, sources, similar)
    return Finding("unsupported", fault) if fault else Finding("supported")


def _plain(text: str) -> str:
    return fold(normalize(text)).strip(" .\"'«»“”")


def _fault(claim: str, lang: Lang, sources: Sequence[Source], similar: Similar) -> Fault | None:
    """What a sentence has that its sources do not bear out."""
    told = [read(source.text, source.lang, source.day) for source in sources]
    said = read(claim, lang, sources[0].day if sources else None)
    if not said.words and not said.marks:
        return "empty"
    missing = next((mark for mark in said.marks if not _found(mark, said, told, sources)), None)
    if missing is not None:
        return missing.sort
    if any(_swapped(mark, said, told) for mark in said.marks):
        return "swapped"
    if any(_against(said, reading) for reading in told):
        return "polarity"
    if not said.vague <= frozenset().union(*map(orders, told)):
        return "number"
    return None if _worded(said, told, similar) else "words"


def _worded(said: Reading, told: Sequence[Reading], similar: Similar) -> bool:
    """Whether the sources say most of the words; in their own language, nearly all of them or the very same in others."""
    words = [_best(word, told) for word in said.words if not is_light(word.term, said.lang)]
    share = (sum(words) + MARK * len(said.marks)) / max(1.0, len(words) + MARK * len(said.marks))
    if words and sum(words) < BARE_FROM * len(words):
        return False
    home = [reading for reading in told if reading.lang == said.lang]
    if share < WORDS_FROM or not home or 0.0 not in words or share >= HOME_FROM:
        return share >= WORDS_FROM
    return any(similar(said.text, reading.text, said.lang) >= ALIKE_FROM for reading in home)


def _best(word: Word, told: Sequence[Reading]) -> float:
    return max((weight for reading in told for _, weight in nearness(word, reading)), default=0.0)


def _found(mark: Mark, said: Reading, told: Sequence[Reading], sources: Sequence[Source]) -> bool:
    """Whether any source has the mark: in its sentence or, a name or its day of publication, in what goes before it."""
    if any(reading.places(mark) for reading in told):
        return True
    if mark.sort == "name":
        if mark.key == "america" and any(american(source.text) for source in sources):
            return True
        return any(_about(source).places(mark) for source in sources)
    return mark.sort == "date" and any(_published(mark, said, *pair) for pair in zip(sources, told, strict=True))


def _published(mark: Mark, said: Reading, source: Source, reading: Reading) -> bool:
    """Whether a date is the day its source appeared, and no other is given there or the outlet stands beside it."""
    if source.day is None or mark.days != (source.day, source.day):
        return False
    near = [one for one in said.marks if one.sort == "name" and abs(one.at - mark.at) <= BESIDE]
    outlets = any(not reading.places(one) or one.family == "outlet" for one in near if _about(source).places(one))
    return outlets or not any(one.sort == "date" for one in reading.marks)


def _about(source: Source) -> Reading:
    return read(source.about, source.lang, None)


def _swapped(mark: Mark, said: Reading, told: Sequence[Reading]) -> bool:
    """Whether the words around a mark stand, in the sources, around another mark of its family."""
    if mark.family in _ACTORS and not any(reading.places(mark) for reading in told):
        names = [(one, reading) for reading in told for one in reading.marks if one.family in _ACTORS]
        return any(_pull(mark, one.at, said, reading) >= STRANGER_FROM for one, reading in names)
    return any(
        _taken(mark, other, said, reading, told)
        for reading in told
        for other in reading.marks
        if other.family == mark.family in _RIVALS and not _listed(other, reading.places(mark), reading)
    )


def _listed(other: Mark, places: Sequence[int], reading: Reading) -> bool:
    return any(at == other.at or reading.together(at, other.at) for at in places)


def _taken(mark: Mark, other: Mark, said: Reading, reading: Reading, told: Sequence[Reading]) -> bool:
    """Whether a mark, and with it the one it changed places with, would stand better in the other's place."""
    partners = [one for one in said.marks if one.family == mark.family and other.at in reading.places(one)]
    if mark.family == "product" and not partners:
        return False
    straight = _nearest(mark, said, told) + max((_nearest(one, said, told) for one in partners), default=0.0)
    crossed = _pull(mark, other.at, said, reading)
    crossed += max((_pull(one, at, said, r) for one in partners for r in told for at in r.places(mark)), default=0.0)
    return straight < RIVAL_FROM * crossed


def _nearest(mark: Mark, said: Reading, told: Sequence[Reading]) -> float:
    return max((_pull(mark, at, said, reading) for reading in told for at in reading.places(mark)), default=0.0)


def _pull(mark: Mark, at: int, said: Reading, source: Reading) -> float:
    """How near the words around a mark are to place `at` of a source; a word on the other side of it counts half."""
    total = 0.0
    for word in said.words:
        here = word.at - mark.at
        reach = [
            weight / (1 + abs(place - at)) * (1.0 if (place > at) == (here > 0) else 0.5)
            for place, weight in nearness(word, source)
        ]
        total += max(reach, default=0.0) / (1 + abs(here))
    return total


def _against(said: Reading, source: Reading) -> bool:
    """Whether a source says the contrary: by opposite words, or by a negation that only one of the two has."""
    mine, theirs = (said.text, said.lang), (source.text, source.lang)
    if contrary(*mine, *theirs) or ("denied" in stances(*theirs) and not negative(*mine)):
        return True
    claimed, known = denied(*mine), denied(*theirs)
    # For each word both say: whether the sentence denies it, and how well it matches what the source denies and does not.
    pairs = [
        (word, word.at in claimed, {place in known: weight for place, weight in sorted(found, key=itemgetter(1))})
        for word in said.words
        if (found := nearness(word, source))
    ]
    if any(ours and True in told for _, ours, told in pairs) or reworded(*mine, *theirs):
        return False
    source_denies = any(False not in told for _, _, told in pairs)
    return (
        (closes(*mine) and not closes(*theirs) and not source_denies)
        or any(ours and (word.closing or told[False] == 1.0) for word, ours, told in pairs)
        or (bool(claimed) and not negative(*theirs))
        or (source_denies and not negative(*mine))
    )
