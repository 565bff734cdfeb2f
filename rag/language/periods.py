"""Arithmetic on the calendar: a month, a quarter, "three weeks ago" -> its first and last day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta

Period = tuple[date, date]
"""The first and the last day of a stretch of the calendar."""


def month_period(year: int, month: int, part: int = 0) -> Period:
    """A month, or its first ten days, its second ten, or the rest."""
    last = monthrange(year, month)[1]
    first_day, last_day = ((1, last), (1, 10), (11, 20), (21, last))[part]
    return date(year, month, first_day), date(year, month, last_day)


def quarter_period(year: int, number: int) -> Period:
    """A quarter of the calendar year, `number` from 1 to 4."""
    return date(year, 3 * number - 2, 1), month_period(year, 3 * number)[1]


def half_period(year: int, number: int) -> Period:
    """A half of the calendar year, `number` 1 or 2."""
    return date(year, 6 * number - 5, 1), month_period(year, 6 * number)[1]


def season_period(year: int, first_month: int, part: int = 0) -> Period:
    """A season by the month it begins with, up to its last day by the sun; or one of its months. Winter begins in December."""
    first = year * 12 + first_month - 1 + (part - 1 if part else 0)
    last = first if part else first + 3
    end = month_period(last // 12, last % 12 + 1)[1]
    return date(first // 12, first % 12 + 1, 1), end if part else end.replace(day=20)


def nearest_period(period_in: Callable[[int], Period], reference: date | None) -> Period | None:
    """The period, in the year that brings its middle nearest to the reference; the earlier one of two."""
    if reference is None:
        return None
    return _nearest(period_in, range(reference.year - 1, reference.year + 2), reference)


def winter_period(year: int, part: int, reference: date | None) -> Period | None:
    """The winter of a year, which begins or ends in it: the one nearer to the reference."""
    years = (year, year - 1) if reference else (year,)
    return _nearest(lambda begun: season_period(begun, 12, part), years, reference or date(year, 12, 1))


def _nearest(period_in: Callable[[int], Period], years: Iterable[int], reference: date) -> Period | None:
    periods = []
    for year in years:
        try:
            periods.append(period_in(year))
        except ValueError:  # 29 February
            continue
    return min(periods, key=lambda period: _distance(period, reference), default=None)


def _distance(period: Period, reference: date) -> int:
    """Twice the days between the middle of a period and the reference."""
    return abs(period[0].toordinal() + period[1].toordinal() - 2 * reference.toordinal())


def unit_period(unit: str, step: int, reference: date) -> Period:
    """The day, week (from Monday), month, quarter or year that lies `step` of them after the reference."""
    if unit == "day":
        return reference + timedelta(days=step), reference + timedelta(days=step)
    if unit == "week":
        monday = reference - timedelta(days=reference.weekday()) + timedelta(weeks=step)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        months = reference.year * 12 + reference.month - 1 + step
        return month_period(months // 12, months % 12 + 1)
    if unit == "quarter":
        quarters = reference.year * 4 + (reference.month - 1) // 3 + step
        return quarter_period(quarters // 4, quarters % 4 + 1)
    year = reference.year + step
    return date(year, 1, 1), date(year, 12, 31)
