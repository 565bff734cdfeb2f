"""When: the stretch of time a question is about, and the day a sentence speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from rag.language.dates import Dated, find_dates
from rag.language.normalize import fold, fold_aligned
from rag.language.periods import Period
from rag.model import Article, Lang, Span

SLACK: Final = timedelta(days=3)
"""News of a day is often told a few days later."""
MONTH: Final = timedelta(days=31)
PART_OF_MONTH: Final = timedelta(days=10)
"""Days between the first and the last of "mid-January"."""
_OF_ACCOUNTS: Final = re.compile(
    r"^(?:the |le |au )?(?:last|latest|next|previous|this|dernier|prochain) (?:quarter|trimestre)|^(?:le |au )?trimestre (?:dernier|prochain)"
)
"""A quarter of somebody's accounts, which is none of the calendar's."""
_AS_OF: Final = re.compile(
    r"(?:\bau|\ba la date du|\ben date du|\bas of|\bas at|\bby|\bavant le|\bbefore|\bjusqu'au) (?:the )?$"
)
_ON: Final = re.compile(r"(?:^|\b(?:le|on|ce|that)) ?$")
_WAS_SO: Final = re.compile(
    r"\w+ai(?:t|ent)-(?:il|elle|on)|\bou en etai|\bhad\b|\bstood?\b|\b(?:was|were) [^?]*\b(?:still|already|yet)\b"
    r"|^on [^,?]{3,25}, (?:could |(?:was|were) (?:it possible|[^?]*\w+ing)\b)"
)
_LEADING_IN: Final = re.compile(
    r"(?:(?<![\w-])(?:à la date|en date|au|du|le|la|de|en|vers|avant|jusqu['’]au|as of|as at|by|on|in|before|until|the)\s+|[,\s]+)*$",
    re.IGNORECASE,
)
_DAYS: Final = re.compile(r"\b\d{1,2}(?:er|st|nd|rd|th)?\b")
"""Days of a month: "7 et le 15 janvier" names both ends of a stretch itself."""
_AHEAD: Final = re.compile(r"\b(?:next|coming|this|prochaine?|of the year|of this year|de l'annee)\b")
"""What says of a date without a year that it need not be over."""
_OPEN_END: Final = re.compile(r"\b(depuis|since|a partir de|des|from|after|apres)\s*(le |la |the |l')?$")
_OPEN_START: Final = re.compile(r"\b(avant|before|until|jusqu'(a|en|au)|by|d'ici)\s*(le |la |the |l'|a )?$")
_SINCE: Final = re.compile(r"\b(?:depuis|since|a partir de|from|after|apres|between|entre)\b")
_SINCE_THEN: Final = re.compile(r"\b(?:depuis(?: lors)?|since(?: then)?)\W*$")
"""What makes of a date before it the beginning of a stretch: "I left in March: what happened since?"."""
_UNTIL: Final = re.compile(
    r"\b(?:(?:entre|between|from|depuis|since|de|du|d')\b.*\b(?:et|and|to|a|au|jusqu\w*|until|till|through)|jusqu\w*|until|till)(?: [\w']+){0,2} ?$"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The stretch of time that a question names. `words`: the words that name it, folded; `certain`: whether they give its years."""

    start: date
    end: date
    words: frozenset[str]
    certain: bool = False

    def holds(self, told: Told) -> bool:
        """Whether a sentence speaks of that time, or was published in it."""
        return any(start <= self.end and end >= self.start for start, end in told.spans)

    def names(self, told: Told) -> bool:
        """The same, but "in January" is not the day asked about, nor "in 2026" a month of it."""
        length = self.end - self.start
        longest = PART_OF_MONTH if length < SLACK else max(MONTH, length)
        return self.holds(replace(told, spans=tuple(span for span in told.spans if span[1] - span[0] <= longest)))


@dataclass(frozen=True, slots=True)
class Told:
    """When a sentence speaks of.

    `day`: the latest day it names that had come when it was published, else its publication; None if neither is known.
    `named`: the periods it names itself; `spans`: those, or the days after its publication where it names none.
    """

    day: date | None
    named: tuple[Period, ...]
    spans: tuple[Period, ...]


def asked_time(text: str, lang: Lang, today: date | None, story: bool = False) -> Asked | None:
    """The time a question is about, from its first to its last date; None where it names none.

    `today`: what "en janvier" is reckoned from, and where "depuis janvier" ends; `story`: whether a single date may be one
    end of a stretch whose other end is told otherwise ("between his visit and late May").
    """
    dates = [found for found in find_dates(text, lang, today) if not _OF_ACCOUNTS.search(fold(found.span.of(text)))]
    if not dates:
        return None
    folded = fold_aligned(text)
    dates = [found if _AHEAD.search(found.span.of(folded)) else _past(found, today) for found in dates]
    start, end = min(found.start for found in dates), max(found.end for found in dates)
    before = folded[: dates[0].span.start]
    one_end = len(dates) == 1 and len(_DAYS.findall(dates[0].span.of(folded))) < 2
    if one_end and today and _OPEN_END.search(before):
        end = max(end, today)
    if one_end and _OPEN_START.search(before):
        start = date.min + SLACK
    if story and one_end and _UNTIL.search(before):
        start = date.min + SLACK
    elif story and one_end and today and (_SINCE.search(before) or _SINCE_THEN.search(folded[dates[0].span.end :])):
        end = max(end, today)
    words = frozenset(word for found in dates for word in re.findall(r"\w+", fold(found.span.of(text))))
    return Asked(start, end, words, all(found.explicit for found in dates))


@lru_cache(maxsize=200)
def state_day(text: str, lang: Lang, today: date | None) -> Dated | None:
    """The one day on which a question asks how things stood, or the last of a few; None where it names none so.

    "au 20 janvier", "as of 1 March", "mi-février"; "le 20 janvier" and "on 1 March" only of what had been or was so by then:
    the question whether something happened on a day is put from today.
    """
    dates = find_dates(text, lang, today)
    if len(dates) != 1 or dates[0].end - dates[0].start > PART_OF_MONTH:
        return None
    found, folded = _past(dates[0], today), fold_aligned(text)
    before, length = folded[: found.span.start], found.end - found.start
    if length or _AS_OF.search(before) or (_ON.search(before) and _WAS_SO.search(folded)):
        return found
    return None


def without(text: str, span: Span) -> str:
    """A question without the words that name its day."""
    left = _LEADING_IN.sub("", text[: span.start])
    return f"{left} {text[span.end :].lstrip(' ,')}".strip()


def _past(found: Dated, today: date | None) -> Dated:
    """The same a year earlier where it names no year and would lie in the future: who asks of December asks of the last one."""
    if found.explicit or today is None or found.start <= today:
        return found
    back = [
        day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
        for day in (found.start, found.end)
    ]
    return replace(found, start=back[0], end=back[1])


@lru_cache(maxsize=20_000)
def told_time(text: str, lang: Lang, published: date | None) -> Told:
    """When a sentence of an article published on that day speaks of; `published` None: when that is not known."""
    found = find_dates(text, lang, published)
    named = tuple((one.start, one.end) for one in found)
    past = [day for day in map(_day, found) if day is not None and (published is None or day <= published)]
    day = max(past, default=published)
    spans = named or (((published - SLACK, published),) if published else ())
    return Told(day, named, spans)


def known_day(article: Article) -> date | None:
    """When an article was published; for an undated one, what its note on the date says, or the latest day its text names."""
    if article.published is not None:
        return article.published
    note = dict(article.extra).get("date_note", "")
    return _latest_named(note, "fr") or _latest_named(note, "en") or _latest_named(article.text, article.lang)


@lru_cache(maxsize=2_000)
def _latest_named(text: str, lang: Lang) -> date | None:
    return max((day for day in map(_day, find_dates(text, lang, None)) if day is not None), default=None)


def _day(found: Dated) -> date | None:
    """A day itself, the middle of a month; None for what is longer and says little."""
    length = found.end - found.start
    return found.start + length / 2 if length <= MONTH else None
