"""Measures of a whole set that no single question has: confidence against truth, and answers at several dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from evals.judging import Judged


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """How often a positive scores above a negative, ties half; None where one of the two is missing."""
    above = sorted(zip(scores, positive, strict=True))
    positives, negatives = sum(positive), len(positive) - sum(positive)
    if not positives or not negatives:
        return None
    won, below = 0.0, 0
    for _, tied in groupby(above, key=lambda pair: pair[0]):
        group = [is_positive for _, is_positive in tied]
        ups, downs = sum(group), len(group) - sum(group)
        won += ups * (below + downs / 2)
        below += downs
    return won / (positives * negatives)


def risk_coverage(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """(coverage, risk) as the bar of confidence falls: the share of all questions answered, and of those the wrong ones.

    Only what was answered can be judged, so the curve ends where the assistant fell silent. Source: El-Yaniv & Wiener
    2010 (selective prediction).
    """
    answered = sorted((j for j in judged if not j.seen.abstained), key=lambda j: -j.seen.confidence)
    curve, wrong = [], 0
    for number, one in enumerate(answered, start=1):
        wrong += one.points < 0
        last_of_ties = number == len(answered) or answered[number].seen.confidence < one.seen.confidence
        if last_of_ties:
            curve.append((number / len(judged), wrong / number))
    return curve


def area(curve: Sequence[tuple[float, float]]) -> float | None:
    """Mean risk over the coverage that was reached: lower is better; None if nothing was answered."""
    if not curve:
        return None
    before = [0.0, *(coverage for coverage, _ in curve)]
    total = sum(risk * (coverage - start) for (coverage, risk), start in zip(curve, before, strict=False))
    return total / curve[-1][0]


def coverage_at(curve: Sequence[tuple[float, float]], risk: float = 0.05) -> float:
    """The largest share of questions that can be answered with at most that share wrong."""
    return max((coverage for coverage, wrong in curve if wrong <= risk), default=0.0)


def flips(judged: Sequence[Judged]) -> list[tuple[str, bool]]:
    """(fact, all right?) for each fact that is asked about at three dates or more."""
    facts: dict[str, list[Judged]] = {}
    for one in judged:
        if one.case.kind == "state" and one.case.answerable:
            facts.setdefault(one.case.fact, []).append(one)
    return [
        (fact, all(one.points == 1.0 for one in asked))
        for fact, asked in facts.items()
        if len({one.case.as_of for one in asked}) >= 3
    ]


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which that share of them lie (nearest rank); None for none."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
