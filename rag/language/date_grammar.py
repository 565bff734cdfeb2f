"""The grammar of dates in French and English prose: its rules, each a pattern and what the match means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from rag.language.periods import (
    Period,
    half_period,
    month_period,
    nearest_period,
    quarter_period,
    season_period,
    unit_period,
    winter_period,
)
from rag.language.vocabulary import read_rows
from rag.model import Lang

# --- words -----------------------------------------------------------------------------------------------------


def _values(*kinds: str) -> dict[str, int]:
    return {
        word: int(value)
        for kind, value, words in read_rows("date_words.tsv")
        if kind in kinds
        for word in words.split()
    }


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


MONTHS = _values("month", "short_month")
_WEEKDAYS = _values("weekday")
_PARTS = _values("part", "whole")
_QUARTERS = _values("quarter")
_SEASONS = _values("season")
_WINTER = _SEASONS["winter"]
NAMED_TIMES = (*_values("month"), *_SEASONS)
"""The names of months and seasons in either language, without accents."""
_HALVES = _values("half")
_NUMBERS = _values("number")

_FULL_MONTH = rf"(?P<month>{_any_of(_values('month'))})\b"
_MONTH = rf"(?P<month>(?:{_any_of(_values('month'))})\b|(?:{_any_of(_values('short_month'))})\b\.?)"
_WEEKDAY = rf"(?:{_any_of(_WEEKDAYS)})"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?![\d/-]|[.,]\d|\s?%)"
_DAY = r"(?<![\d.,/-])(?<!\d\s)(?P<day>1er|[0-3]?\d(?:st|nd|rd|th)?)"
_AFTER_DAY = r"(?!\d|[.,]\d|\s?%)"
_DAY_NAME = rf"(?:{_WEEKDAY},?\s+(?:the\s+)?)?"
_TO = r"\s*(?:-|–|\bau|\b(?:to|through|and|or)(?:\s+the)?|\b(?:et|ou)(?:\s+le)?)\s*"
# "May" and "March" are also verbs: without a capital they need a preposition before them.
_MONTH_BEFORE_DAY = (
    r"(?:(?<=\bon )|(?<=\bof )|(?<=\bby )|(?<=\bfrom )|(?<=\bsince )|(?<=\buntil )|(?!(?-i:may|march)\b))"
    + rf"{_MONTH}"
)
_PART = rf"(?P<part>{_any_of(_PARTS)})\b[-\s]+(?:d[eu]\s+|d'|(?:du|of\s+the)\s+mois\s+(?:de\s+|d')|of\s+)?"
_SEASON = (
    "(?P<season>"
    + "|".join(word for word in _values("season") if word not in ("ete", "fall"))
    + r"|(?:(?<=\bl')|(?<=\bd')|(?<=\bcet )|(?<=\ben )|(?<=\bmi-)|(?<=\bfin )|(?<=\bdebut )|^)ete"
    + r"|(?:(?<=\bthe )|(?<=\bin )|(?<=\bby )|(?<=\bsince )|(?<=\buntil )|(?<=\blast )|(?<=\bthis )|(?<=\bnext )|(?<=\bearly )|(?<=\blate )|^)fall)"
)
"""The words for a season; "été" and "fall" are verbs too, and need what stands before a season."""
_PART_OF_SEASON = rf"(?:(?P<part>{_any_of(_PARTS)})\b[-\s]+(?:de\s+l'|d'|du\s+|of\s+(?:the\s+)?)?)?"

Resolver = Callable[[re.Match[str], date | None], Period | None]
Rule = tuple[re.Pattern[str], Resolver]


def _rule(pattern: str, resolve: Resolver) -> Rule:
    if "?P<date>" not in pattern:
        pattern = rf"(?P<date>{pattern})"
    return re.compile(pattern, re.IGNORECASE), resolve


# --- exact days ------------------------------------------------------------------------------------------------

_EXACT = tuple(
    re.compile(rf"(?P<date>{pattern})", re.IGNORECASE)
    for pattern in (
        r"(?<![\d/.-])(?P<year>\d{4})(?P<mark>[-/.])(?P<number>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        r"(?<![\d/.-])(?P<day>\d{1,2})(?P<mark>[-/]|\.(?=\d\d\.))(?P<number>\d{1,2})(?P=mark)(?P<year>\d{4})(?!\d)",
        rf"\b{_DAY_NAME}{_DAY}(?:\s+of|-)?\s*{_MONTH}(?:(?:,?\s+(?:de\s+)?|-){_YEAR})?",
        rf"\b{_DAY_NAME}{_MONTH_BEFORE_DAY}\s+(?:the\s+)?{_DAY}{_AFTER_DAY}(?:,?\s+{_YEAR})?",
    )
)


def exact_days(plain: str) -> Iterator[tuple[int, re.Match[str]]]:
    """The days written out in a text without accents, each with the place of its pattern, the surest first."""
    for index, pattern in enumerate(_EXACT):
        for match in pattern.finditer(plain):
            yield index, match


def written_day(match: re.Match[str], lang: Lang) -> date | None:
    """The day of a match that gives its year; None where day and month could be exchanged."""
    year = int(match["year"])
    if "number" not in match.groupdict():
        return date(year, _month(match), _number(match["day"]))
    day, month = int(match["day"]), int(match["number"])
    year_comes_last = match.start("year") > match.start("day")
    if year_comes_last and lang != "fr" and day != month and day <= 12 and month <= 12:
        return None
    if year_comes_last and month > 12 >= day:
        day, month = month, day
    return date(year, month, day)


def _resolve_day(lang: Lang) -> Resolver:
    def resolve(match: re.Match[str], reference: date | None) -> Period | None:
        if match["year"]:
            day = written_day(match, lang)
            return (day, day) if day else None
        return nearest_period(lambda year: _day_period(year, match), reference)

    return resolve


def _day_period(year: int, match: re.Match[str]) -> Period:
    """From `day` to `day` or, in a range such as "14-15 mai", to `last`."""
    month, first = _month(match), _number(match["day"])
    last = match.groupdict().get("last")
    return date(year, month, first), date(year, month, _number(last) if last else first)


def _resolve_days(match: re.Match[str], reference: date | None) -> Period | None:
    if match["year"]:
        return _day_period(int(match["year"]), match)
    return nearest_period(lambda year: _day_period(year, match), reference)


# --- months, quarters, years -----------------------------------------------------------------------------------


def _month(match: re.Match[str]) -> int:
    return MONTHS[match["month"].rstrip(".").lower()]


def _number(written: str) -> int:
    return int(re.sub(r"\D", "", written))


def _resolve_month(match: re.Match[str], reference: date | None) -> Period | None:
    groups = match.groupdict()
    part = _PARTS[groups["part"].lower()] if groups.get("part") else 0
    month = _month(match)
    if groups.get("year"):
        return month_period(int(groups["year"]), month, part)
    direction = (groups.get("before") or groups.get("after") or "").lower()
    if reference and direction in ("last", "dernier"):
        return month_period(reference.year - (month >= reference.month), month, part)
    if reference and direction in ("next", "prochain"):
        return month_period(reference.year + (month <= reference.month), month, part)
    return nearest_period(lambda year: month_period(year, month, part), reference)


def _resolve_year(match: re.Match[str], reference: date | None) -> Period:
    """A year, or about a third of it: early 2026 is January to April."""
    year = int(match["year"])
    part = match.groupdict().get("part")
    first, last = ((1, 12), (1, 4), (5, 8), (9, 12))[_PARTS[part.lower()] if part else 0]
    return date(year, first, 1), month_period(year, last)[1]


def _resolve_quarter(match: re.Match[str], reference: date | None) -> Period | None:
    """A quarter of a calendar year. Without a year it may be a company's own quarter: no date."""
    if not match["year"]:
        return None
    number = match["quarter"].lower()
    return quarter_period(int(match["year"]), _QUARTERS[number] if number in _QUARTERS else int(number))


def _resolve_half(match: re.Match[str], reference: date | None) -> Period | None:
    """A half of a year; of "the year", that of the reference."""
    number = match["half"].lower()
    year = int(match["year"]) if match["year"] else reference.year if reference else None
    return half_period(year, _HALVES[number] if number in _HALVES else int(number)) if year else None


_BY_THE_SUN = timedelta(days=20)
"""Days by which a season of the sun outlasts that of the months."""


def _resolve_season(match: re.Match[str], reference: date | None) -> Period | None:
    """A season: the nearest one, if neither its year nor a word such as "last" says which."""
    groups, season = match.groupdict(), _SEASONS[match["season"].lower()]
    part = _PARTS[groups["part"].lower()] if groups.get("part") else 0
    if groups.get("year"):
        year = int(groups["year"])
        return winter_period(year, part, reference) if season == _WINTER else season_period(year, season, part)
    step = _STEPS.get((groups.get("step") or "").lower())
    if reference is None or step is None:
        return nearest_period(lambda year: season_period(year, season, part), reference)
    years = [season_period(reference.year + away, season, part) for away in (-2, -1, 0, 1)]
    if step < 0:  # a season is over with its last month, whatever the sun says
        return max(period for period in years if period[1] - _BY_THE_SUN < reference)
    return min(period for period in years if period[0] > reference)


# --- relative to the reference ---------------------------------------------------------------------------------


def _resolve_weekday(match: re.Match[str], reference: date | None) -> Period | None:
    if reference is None:
        return None
    back = (reference.weekday() - _WEEKDAYS[match["weekday"].lower()]) % 7
    direction = (match["before"] or match["after"] or "").lower()
    if direction in ("next", "prochain"):
        day = reference + timedelta(days=7 - back)
    else:
        day = reference - timedelta(days=back or (7 if direction in ("last", "dernier", "passe") else 0))
    return day, day


def _days(offset: int) -> Resolver:
    def resolve(match: re.Match[str], reference: date | None) -> Period | None:
        day = reference + timedelta(days=offset) if reference else None
        return (day, day) if day else None

    return resolve


_STEPS = {"dernier": -1, "derniere": -1, "passe": -1, "passee": -1, "ecoulee": -1, "last": -1, "past": -1}
_STEPS |= {"previous": -1, "prochain": 1, "prochaine": 1, "next": 1, "coming": 1}
_UNITS = {"jour": "day", "semaine": "week", "mois": "month", "trimestre": "quarter", "an": "year", "annee": "year"}


def _resolve_unit(match: re.Match[str], reference: date | None) -> Period | None:
    """This, last or next week, month, quarter or year; "en début de semaine" is Monday to Wednesday."""
    if reference is None:
        return None
    step = _STEPS.get((match["step"] or "").lower(), 0)
    unit = match["unit"].lower()
    first, last = unit_period(_UNITS.get(unit, unit), step, reference)
    part = (match.groupdict().get("part") or "").lower()
    if part and unit in ("semaine", "week"):
        return (first, first + timedelta(days=2)) if _PARTS[part] == 1 else (first + timedelta(days=3), last)
    return first, last


def _resolve_ago(match: re.Match[str], reference: date | None) -> Period | None:
    """A number of days ago is a day; of weeks, months or years, the whole week, month or year."""
    if reference is None:
        return None
    written, unit = match["number"].lower(), match["unit"].lower()
    number = _NUMBERS[written] if written in _NUMBERS else int(written)
    unit = _UNITS.get(unit, _UNITS.get(unit.rstrip("s"), unit.rstrip("s")))
    return unit_period(unit, -number, reference)


# --- grammar: earlier rules win ----------------------------------------------------------------------------------

_COMMON: tuple[Rule, ...] = (
    _rule(
        rf"\b{_DAY_NAME}{_DAY}{_TO}(?P<last>[0-3]?\d(?:st|nd|rd|th)?)\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?",
        _resolve_days,
    ),
    _rule(
        rf"\b{_MONTH_BEFORE_DAY}\s+{_DAY}{_TO}(?P<last>[0-3]?\d(?:st|nd|rd|th)?){_AFTER_DAY}(?:,?\s+{_YEAR})?",
        _resolve_days,
    ),
)
_PERIODS: tuple[Rule, ...] = (
    _rule(rf"\b{_PART}{_MONTH}(?:\s+(?:de\s+|of\s+)?{_YEAR})?", _resolve_month),
    _rule(rf"\b{_MONTH}(?:\s+of|\s+de)?,?\s+{_YEAR}", _resolve_month),
    _rule(rf"\b{_PART}(?:l'annee\s+)?{_YEAR}", _resolve_year),
    _rule(
        rf"\b(?P<quarter>{_any_of(_QUARTERS)})\s+(?:trimestre|quarter)\b"
        rf"(?:\s+(?:(?:de\s+(?:l'annee\s+)?|of\s+)?{_YEAR}|(?:de\s+l'exercice|of\s+fiscal|fiscal)\b[^.;]{{0,20}}))?",
        _resolve_quarter,
    ),
    _rule(rf"\b[qt](?P<quarter>[1-4])\s+(?:de\s+)?{_YEAR}", _resolve_quarter),
    _rule(
        rf"\b(?P<half>{_any_of(_HALVES)})\s+(?:semestre|half)\s+(?:(?:de\s+(?:l'annee\s+)?|of\s+(?:the\s+year\s+)?)?{_YEAR}|(?:de\s+l'annee|of\s+(?:the|this)\s+year)\b)",
        _resolve_half,
    ),
    _rule(rf"\b[hs](?P<half>[12])\s+(?:de\s+|of\s+)?{_YEAR}", _resolve_half),
    _rule(rf"(?<!fete du )(?<!festival du )\b{_PART_OF_SEASON}{_SEASON}\s+(?:de\s+|of\s+)?{_YEAR}", _resolve_season),
)
_FRENCH: tuple[Rule, ...] = (
    _rule(r"\bavant-hier\b", _days(-2)),
    _rule(r"\bhier\b", _days(-1)),
    _rule(r"\baujourd'hui\b", _days(0)),
    _rule(r"\bapres-demain\b", _days(2)),
    _rule(r"\bdemain\b", _days(1)),
    _rule(
        r"\b(?:(?:en|au|ce)\s+)+(?P<part>debut|milieu|fin)\s+de\s+(?P<unit>semaine)\b(?:\s+(?P<step>derniere|prochaine))?",
        _resolve_unit,
    ),
    _rule(r"\b(?:cette|ce)\s+(?P<unit>semaine|mois|trimestre|annee)\b(?:-ci)?(?P<step>)", _resolve_unit),
    _rule(
        r"\b(?:la|le|l'|au|du|de)\s?(?P<unit>semaine|mois|trimestre|annee|an)\s+"
        r"(?P<step>derniere?|passee?|ecoulee|prochaine?)\b",
        _resolve_unit,
    ),
    _rule(
        rf"\bil y a (?:environ |pres de )?(?P<number>{_any_of(_NUMBERS)}|\d{{1,3}})"
        r"\s(?P<unit>jours?|semaines?|mois|ans?|annees?)\b",
        _resolve_ago,
    ),
    _rule(
        rf"(?<!chaque )(?<!tous les )\b(?P<before>)"
        rf"(?P<date>(?P<weekday>{_WEEKDAY})\b(?:\s+(?P<after>dernier|prochain|passe)\b)?)",
        _resolve_weekday,
    ),
    _rule(
        rf"(?<!fete )(?<!festival )\b(?:au|le|ce|du|des\s+le|cet\s|(?:a\s)?l'|d'(?=automne|hiver)|en(?=\s(?:automne|hiver))|(?=debut|mi|fin))\s?"
        rf"(?P<date>{_PART_OF_SEASON}{_SEASON}\b(?:\s(?P<step>dernier|passe|prochain)\b)?)",
        _resolve_season,
    ),
    _rule(rf"\b(?P<before>)(?P<date>{_FULL_MONTH}\s+(?P<after>dernier|prochain)\b)", _resolve_month),
    _rule(
        rf"\b(?:en|de|d'|depuis|jusqu'(?:en|a)|des|avant|apres|vers|courant|entre|a|et|ou)\s*(?P<date>(?!(?-i:Mars)\b){_FULL_MONTH})"
        r"(?!\s+\d)",
        _resolve_month,
    ),
    _rule(
        r"\b(?:en|depuis|d'ici(?: a)?|jusqu'en|l'annee|annee|des|avant|apres|pour|courant)\s(?P<date>" + _YEAR + ")",
        _resolve_year,
    ),
)
_ENGLISH: tuple[Rule, ...] = (
    _rule(r"\byesterday\b", _days(-1)),
    # A capital inside a sentence is a name, such as USA Today.
    _rule(r"\b(?-i:today)\b|^today\b", _days(0)),
    _rule(r"\btomorrow\b", _days(1)),
    _rule(
        r"\b(?:(?P<part>early|late)\s+)?(?P<step>this|last|past|previous|next|coming)\s(?P<unit>week|month|quarter|year)\b",
        _resolve_unit,
    ),
    _rule(
        r"\b(?:(?:in|by|since|until|during|from|through|before|between)\s(?:the\s)?|(?:to|over|after)\sthe\s|(?=last|past|previous|next|coming|this))"
        rf"(?P<date>(?:(?P<step>last|past|previous|next|coming|this)\s)?{_PART_OF_SEASON}{_SEASON})"
        r"\b(?!\s+(?:in|of|to|from|festival|semester|term|hill|street|valley|water)\b)",
        _resolve_season,
    ),
    _rule(
        rf"\b(?:about )?(?P<number>{_any_of(_NUMBERS)}|\d{{1,3}})\s(?P<unit>days?|weeks?|months?|years?)\sago\b",
        _resolve_ago,
    ),
    _rule(
        rf"(?<!every )(?<!each )\b(?:(?P<before>last|next|this)\s)?(?P<weekday>{_WEEKDAY})\b"
        r"(?!\s(?:times|post|telegraph))(?P<after>)",
        _resolve_weekday,
    ),
    _rule(
        rf"\b(?:in|since|by|until|of|during|from|between|before|after|through|for|and|to|or|the|(?P<before>last|next)|this)\s"
        rf"(?P<date>(?!(?-i:may|march)\b){_FULL_MONTH})(?!\s+\d)(?P<after>)",
        _resolve_month,
    ),
    _rule(
        rf"\b(?:in|since|until|of|(?P<before>last|next))\s(?P<date>{_FULL_MONTH})(?!\s+\d)(?P<after>)", _resolve_month
    ),
    _rule(
        r"\b(?:in|since|by|until|during|before|after|through|for|throughout|year)\s(?P<date>" + _YEAR + ")",
        _resolve_year,
    ),
)


def grammar(lang: Lang) -> tuple[Rule, ...]:
    """The rules for a text: whole dates in either language, words such as "mardi" in its own."""
    exact = tuple((pattern, _resolve_day(lang)) for pattern in _EXACT)
    return exact[:2] + _COMMON + exact[2:] + _PERIODS + (_FRENCH if lang == "fr" else _ENGLISH)
