"""Finds the dates that French and English prose speaks of: text, reference day -> dated spans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from rag.language.date_grammar import MONTHS, Resolver, exact_days, grammar, written_day
from rag.language.normalize import fold, strip_accents_aligned
from rag.model import Lang, Span


@dataclass(frozen=True, slots=True)
class Dated:
    """A stretch of text that names a day or a period.

    `start` and `end` are its first and last day. `explicit` is true where the text itself gives the year, false
    where it was worked out from the reference day.
    """

    span: Span
    start: date
    end: date
    explicit: bool


ANY_DAY: Final = date(2026, 3, 15)
"""A day to reckon from where only the words of a date matter: lets days without a year be seen."""


def find_dates(text: str, lang: Lang, reference: date | None) -> list[Dated]:
    """The dates named in `text`, in order and disjoint.

    What only a reference day could complete ("le 14 janvier", "mardi") is left out where there is none, and so are
    impossible dates. A date without a year takes the year that brings it nearest to `reference`; a weekday is the
    latest one up to `reference`.
    """
    plain = strip_accents_aligned(text)
    taken: list[Span] = []
    found: list[Dated] = []
    for pattern, resolve in grammar(lang):
        for match in pattern.finditer(plain):
            span = Span(*match.span("date"))
            if any(span.start < other.end and other.start < span.end for other in taken):
                continue
            # A date that cannot be resolved still holds its place: "30 février 2026" is not "février 2026".
            taken.append(span)
            dated = _dated(match, span, resolve, reference)
            if dated:
                found.append(dated)
    return sorted(found, key=lambda dated: dated.span)


def parse_day(text: str, lang: Lang | None = None) -> date | None:
    """The first exact day written in a page header or a front matter value; None where there is none.

    "03/04/2026" is 3 April in French, and None in another or unknown language.

    Raises:
        ValueError: what is written like a day is none, such as 2026-02-30.
    """
    plain = strip_accents_aligned(text)
    matches = [(match.start("date"), index, match) for index, match in exact_days(plain) if match["year"]]
    if not matches:
        return None
    match = min(matches, key=lambda found: found[:2])[2]
    try:
        return written_day(match, lang or "en")
    except ValueError as error:
        raise ValueError(f"{match['date'].strip()} is not a day of the calendar") from error


def _dated(match: re.Match[str], span: Span, resolve: Resolver, reference: date | None) -> Dated | None:
    try:
        period = resolve(match, reference)
    except (ValueError, OverflowError):
        return None
    explicit = bool(match.groupdict().get("year"))
    return Dated(span, period[0], period[1], explicit) if period and period[0] <= period[1] else None


def is_month(word: str) -> bool:
    """Whether a word is the name of a month, in full or short, or of its middle: "mars", "mi-février"."""
    return fold(word).removeprefix("mi-").removeprefix("mid-") in MONTHS
