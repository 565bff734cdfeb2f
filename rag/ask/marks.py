"""What a sentence stands on: its words, and its marks (numbers, dates, names), each at a place. Text -> Reading.

Two sentences, of one language or two, are compared word by word through the lexicon, numbers by value and dates by day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final, Literal

from rag.language.cues import stances
from rag.language.dates import find_dates
from rag.language.figures import Figure, find_figures
from rag.language.lexicon import Concept, Phrase, concepts
from rag.language.normalize import fold, fold_aligned
from rag.language.terms import Token, tokens
from rag.language.vocabulary import read_rows
from rag.model import Lang, Span

Sort = Literal["number", "date", "name"]
Days = tuple[date, date]

TRANSLATED: Final = 0.8
"""Weight in the lexicon from which a word is a translation, no mere synonym."""
MATCHING: Final = 0.4
"""Weight in the lexicon from which two words may say the same: translations and synonyms."""
_JOINING: Final = frozenset({"et", "and", "ou", "or", "ni", "nor"})
_LINKING: Final = frozenset({"a", "de", "d", "l", "la", "le", "les", "the", "to", "of"})
KIN: Final = 0.6
ROOT: Final = 5
"""Letters that words of one family share at least."""
_COUNTRIES: Final = {
    "china": r"chin(?:e|ois|oise|oises|a|ese)\b|pekin\b|beijing\b",
    "america": r"etats-unis\b|americaine?s?\b|washington\b|united states\b|usa?\b|u\.s\.|america",
    "taiwan": r"taiwan|taipei",
}
_BODIES: Final = {
    "white house": r"white house|maison[ -]blanche",
    "house": r"(?:us )?house(?: of representatives)?\b|chambre(?: des representants)?\b",
    "senate": r"senate?\b",
    "commerce": r"commerce department|department of commerce|departement (?:americain )?du commerce",
}
_BODY: Final = re.compile(
    r"\b(?:" + "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in _BODIES.items()) + ")"
)
_COUNTRY: Final = re.compile(r"\b(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _COUNTRIES.items()) + ")")
_AMERICAN: Final = re.compile(
    r"\b(?:white house|maison blanche|commerce department|departement du commerce|administration trump|trump administration|bis|congres|congress)\b"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries meaning. `at`: its place among all words; `ways`: (term, language) -> how well it says the same."""

    at: int
    term: str
    ways: tuple[tuple[tuple[str, Lang], float], ...]
    closing: bool = False
    """Whether it bars or refuses by itself: "interdit", "ban"."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A number, date or name, and the words it covers: from `at` to `end`, end-exclusive."""

    sort: Sort
    key: str
    at: int
    end: int
    figure: Figure | None = None
    days: Days | None = None
    ways: tuple[tuple[Phrase, Lang], ...] = ()
    """Terms under which a source may have a name."""
    family: str = ""
    """What it may be exchanged with: another number, another day, another company."""

    def says(self, other: Mark) -> bool:
        """Whether the other mark, of a source, bears this one out: an equal number, a day within the period named."""
        if self.figure and other.figure:
            return _alike(self.figure, other.figure)
        if self.days and other.days:
            return self.days[0] <= other.days[0] and other.days[1] <= self.days[1]
        return self.sort == other.sort == "name" and self.key == other.key


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as it is compared. `words` leaves out those of its marks."""

    text: str
    lang: Lang
    terms: tuple[str | None, ...]
    words: tuple[Word, ...]
    marks: tuple[Mark, ...]
    lists: tuple[frozenset[int], ...]
    """Places of the marks of each list."""
    vague: frozenset[str]
    """Orders of magnitude and quarters, for which no number is given: "plusieurs centaines de milliers"."""

    def together(self, one: int, other: int) -> bool:
        """Whether two marks stand in one list: "Alibaba, Tencent et ByteDance"."""
        return any(one in listed and other in listed for listed in self.lists)

    def places(self, mark: Mark) -> list[int]:
        """Where this text, a source, has a mark of another."""
        found = [own.at for own in self.marks if mark.says(own)]
        if mark.sort == "name":
            firsts = {phrase[0] for phrase, lang in mark.ways if lang == self.lang}
            named = [own for own in self.marks if own.sort == "name"]
            found += [own.at for own in named if self.terms[own.at] in firsts]
            found += [at for at, term in enumerate(self.terms) if ((term,), self.lang) in mark.ways and at not in found]
        return sorted(set(found))


@lru_cache(maxsize=4_096)
def read(text: str, lang: Lang, day: date | None) -> Reading:
    """Words and marks of a sentence; `day` completes its dates ("le 14 janvier")."""
    every = list(tokens(text, lang))
    marks = [*_dates(text, lang, day, every)]
    marks += [mark for mark in _numbers(text, lang, every) if not _within(mark, marks)]
    marks += [mark for mark in _powers(text, every) if not _within(mark, marks)]
    marks += [mark for mark in _names(text, lang, every) if not _within(mark, marks)]
    ordered = tuple(sorted(marks, key=lambda mark: mark.at))
    terms = tuple(token.term for token in every)
    return Reading(text, lang, terms, _words(text, lang, every, marks), ordered, _lists(ordered, every), _vague(text))


def _words(text: str, lang: Lang, every: Sequence[Token], marks: Sequence[Mark]) -> tuple[Word, ...]:
    known = {concept.alternatives[0].terms[0]: concept for concept in concepts(text, lang)}
    words = []
    for at, token in enumerate(every):
        if token.term is None or token.number or any(mark.at <= at < mark.end for mark in marks):
            continue
        said = {(token.term, lang): 1.0}
        for way in known[token.term].alternatives if token.term in known else ():
            if len(way.terms) == 1 and way.weight >= MATCHING:
                said.setdefault((way.terms[0], way.lang), way.weight)
        words.append(Word(at, token.term, tuple(said.items()), "closed" in stances(token.surface, lang)))
    return tuple(words)


def _lists(marks: Sequence[Mark], every: Sequence[Token]) -> tuple[frozenset[int], ...]:
    """Runs of marks with nothing but "et", "or" and the like between them, and at least one of these."""
    runs: list[list[int]] = []
    holds: list[bool] = []
    for before, mark in pairwise(marks):
        between = {fold(every[at].surface) for at in range(before.end, mark.at)}
        if not between <= _JOINING | _LINKING:
            continue
        if not runs or runs[-1][-1] != before.at:
            runs.append([before.at])
            holds.append(False)
        runs[-1].append(mark.at)
        holds[-1] = holds[-1] or bool(between & _JOINING)
    return tuple(frozenset(run) for run, listed in zip(runs, holds, strict=True) if listed)


_VAGUE: Final = {
    "10": re.compile(r"\bdizaines?\b|\bdozens?\b"), "100": re.compile(r"\bcentaines?\b|\bhundreds?\b"),
    "1000": re.compile(r"\bmilliers?\b|\bthousands?\b|\bmille\b"), "million": re.compile(r"\bmillions?\b"),
    "billion": re.compile(r"\bmilliards?\b|\bbillions?\b"),
    "first quarter": re.compile(r"\bpremier trimestre\b|\bfirst[- ]quarter\b"),
    "second quarter": re.compile(r"\bdeuxieme trimestre\b|\bsecond[- ]quarter\b"),
    "third quarter": re.compile(r"\btroisieme trimestre\b|\bthird[- ]quarter\b"),
    "fourth quarter": re.compile(r"\bquatrieme trimestre\b|\bfourth[- ]quarter\b"),
}  # fmt: skip


def _vague(text: str) -> frozenset[str]:
    plain = fold(text)
    return frozenset(name for name, words in _VAGUE.items() if words.search(plain))


def orders(reading: Reading) -> frozenset[str]:
    """The orders of magnitude that a source gives, in words or as a round number: "about ten" is "une dizaine"."""
    return reading.vague | {f"{mark.figure.value:g}" for mark in reading.marks if mark.figure}


def nearness(word: Word, source: Reading) -> list[tuple[int, float]]:
    """(place, weight) of everything in a source that may say the word."""
    ways = dict(word.ways)
    found = [(other.at, ways.get((other.term, source.lang), _kinship(word.term, other.term))) for other in source.words]
    return [(at, weight) for at, weight in found if weight]


def _kinship(left: str, right: str) -> float:
    """Words that begin alike are mostly of one family: suspens(ion) and suspendr(e), authoris(e) and autoris(er)."""
    return KIN if len(left) > ROOT and left[:ROOT] == right[:ROOT] else 0.0


def american(text: str) -> bool:
    """Whether a text names an authority of the United States, which a sentence may call Washington."""
    return _AMERICAN.search(fold(text)) is not None


# --- marks -------------------------------------------------------------------------------------------------------


def _dates(text: str, lang: Lang, day: date | None, every: Sequence[Token]) -> Iterable[Mark]:
    for found in find_dates(text, lang, day):
        at, end = _places(found.span, every)
        yield Mark("date", f"{found.start}/{found.end}", at, end, days=(found.start, found.end), family="date")


def _numbers(text: str, lang: Lang, every: Sequence[Token]) -> Iterable[Mark]:
    plain = fold_aligned(text)
    for figure in find_figures(text, plain, lang):
        at, end = _places(Span(figure.start, figure.end), every)
        yield Mark(
            "number", f"{figure.value:g}", at, end, figure=figure, family="%" if figure.unit == "%" else "number"
        )


def _powers(text: str, every: Sequence[Token]) -> Iterable[Mark]:
    plain = fold_aligned(text)
    for family, pattern in (("country", _COUNTRY), ("body", _BODY)):
        for match in pattern.finditer(plain):
            yield Mark("name", str(match.lastgroup), *_places(Span(*match.span()), every), family=family)


def _names(text: str, lang: Lang, every: Sequence[Token]) -> Iterable[Mark]:
    """Capitalised words inside the sentence, or at its start where the lexicon does not know them; and identifiers."""
    known = {concept.surface: concept for concept in concepts(text, lang)}
    for at, token in enumerate(every):
        concept = known.get(token.surface)
        if token.term is None or token.number or concept is None:
            continue
        if concept.name or (token.surface[0].isupper() and (not concept.known or fold(token.surface) in _families())):
            ways = tuple((way.terms, way.lang) for way in concept.alternatives if way.weight >= TRANSLATED)
            yield Mark("name", fold(token.surface).removesuffix("s"), at, at + 1, ways=ways, family=_family(concept))


def _family(concept: Concept) -> str:
    return _families().get(fold(concept.surface), "product" if concept.identifier else "other")


@cache
def _families() -> Mapping[str, str]:
    """Word of a name in the table -> its family; at the start of a sentence a capital alone does not tell a name."""
    named = [(family, name) for family, _, names in read_rows("names.tsv") for name in re.split(r"[|/]", names)]
    return {word: family for family, name in named for word in fold(name.lstrip("=")).split() if len(word) > 1}


def _places(span: Span, every: Sequence[Token]) -> tuple[int, int]:
    inside = [at for at, token in enumerate(every) if token.span.start < span.end and span.start < token.span.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _within(mark: Mark, others: Sequence[Mark]) -> bool:
    return any(mark.at < other.end and other.at < mark.end for other in others)


def _alike(claimed: Figure, told: Figure) -> bool:
    return claimed.equals(told) or (claimed.value == told.value and claimed.unit is None)
