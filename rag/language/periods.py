"""Arithmetic on the calendar: a month, a quarter, "three weeks ago" -> its first and last day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
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


def nearest_period(period_in: Callable[[int], Period], reference: date | None) -> Period | None:
    """The period, in the year that brings its middle nearest to the reference; the earlier one of two."""
    if reference is None:
        return None
    periods = []
    for year in (reference.year - 1, reference.year, reference.year + 1):
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
