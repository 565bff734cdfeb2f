"""Two runs -> what is better in the second, how sure that is, and which questions were gained and lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from evals.measures import MEASURES, Measure
from evals.report import BadRun
from evals.statistics import Pair, holm, mcnemar, randomization_test

SIGNIFICANT: Final = 0.05
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in both runs, over all questions that either has it of.

    `p`: of so large a difference by chance, adjusted for the number of measures (Holm). `gained`, `lost`: questions
    that have it in both runs, with a higher and a lower value in the second.
    """

    measure: Measure
    before: float
    after: float
    questions: int
    gained: int
    lost: int
    p: float

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before

    @property
    def verdict(self) -> str:
        """'better', 'worse', or nothing where chance may have done it."""
        if self.p >= SIGNIFICANT or self.measure.better == "none" or not self.change:
            return ""
        return "better" if (self.change > 0) == (self.measure.better == "more") else "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, and the questions whose points changed: (id, question, points before, after)."""

    differences: Sequence[Difference]
    moved: Sequence[tuple[str, str, float, float]]
    warnings: Sequence[str]


def compare(
    before: tuple[Row, Sequence[Row]],
    after: tuple[Row, Sequence[Row]],
    arms: tuple[str | None, str | None] = (None, None),
) -> Comparison:
    """Hold one arm of the second run against one of the first; without names, the first arm of each.

    Raises: BadRun, if an arm is missing or no question is in both.
    """
    left, right = _rows(*before, arms[0]), _rows(*after, arms[1])
    common = [id_ for id_ in left if id_ in right]
    if not common:
        raise BadRun("The two runs have no question in common: compare runs on the same sets and split.")
    raw = {name: _difference(measure, left, right, common) for name, measure in MEASURES.items()}
    found = {name: difference for name, difference in raw.items() if difference is not None}
    adjusted = holm({name: difference.p for name, difference in found.items()})
    differences = [
        Difference(d.measure, d.before, d.after, d.questions, d.gained, d.lost, adjusted[name])
        for name, d in found.items()
    ]
    moved = [
        (id_, right[id_]["question"], left[id_]["points"], right[id_]["points"])
        for id_ in common
        if left[id_]["points"] != right[id_]["points"]
    ]
    return Comparison(
        differences, sorted(moved, key=lambda m: (m[3] - m[2], m[0])), _warnings(before, after, left, right)
    )


def _rows(run: Row, rows: Sequence[Row], arm: str | None) -> dict[str, Row]:
    """The questions of one arm, by id."""
    name = arm or next(iter(run["arms"]))
    if name not in run["arms"]:
        raise BadRun(f"The run has no arm {name!r}: it has {', '.join(run['arms'])}.")
    return {row["id"]: row for row in rows if row["arm"] == name}


def _difference(
    measure: Measure, left: Mapping[str, Row], right: Mapping[str, Row], common: Sequence[str]
) -> Difference | None:
    """One measure, its p not yet adjusted; None where one of the runs has it of no question."""
    parts = [(left[id_]["fact"], *_part(left[id_], measure.name), *_part(right[id_], measure.name)) for id_ in common]
    parts = [row for row in parts if row[2] or row[4]]
    numerator_a, whole_a, numerator_b, whole_b = (sum(row[at] for row in parts) for at in (1, 2, 3, 4))
    if not whole_a or not whole_b:
        return None
    both = [(a / of_a, b / of_b) for _, a, of_a, b, of_b in parts if of_a and of_b]
    gained, lost = sum(b > a for a, b in both), sum(b < a for a, b in both)
    binary = all(of_a == of_b == 1 and {a, b} <= {0.0, 1.0} for _, a, of_a, b, of_b in parts)
    p = mcnemar(gained, lost) if binary else randomization_test(_by_fact(parts))
    return Difference(measure, numerator_a / whole_a, numerator_b / whole_b, len(parts), gained, lost, p)


def _part(row: Row, name: str) -> tuple[float, float]:
    numerator, denominator = row["parts"].get(name, (0.0, 0.0))
    return numerator, denominator


def _by_fact(parts: Sequence[tuple[str, float, float, float, float]]) -> list[Pair]:
    sums: dict[str, list[float]] = {}
    for fact, *values in parts:
        row = sums.setdefault(fact, [0.0, 0.0, 0.0, 0.0])
        for at, value in enumerate(values):
            row[at] += value
    return [(a, of_a, b, of_b) for a, of_a, b, of_b in sums.values()]


def _warnings(
    before: tuple[Row, Sequence[Row]],
    after: tuple[Row, Sequence[Row]],
    left: Mapping[str, Row],
    right: Mapping[str, Row],
) -> list[str]:
    """What makes the two runs less than alike."""
    names = {"corpus": "corpora", "sets": "question sets", "split": "splits"}
    told = [f"The two runs are on different {names[key]}." for key in names if before[0][key] != after[0][key]]
    alone = len(left.keys() ^ right.keys())
    return told + ([f"{alone} questions are in one run alone and were left out."] if alone else [])
