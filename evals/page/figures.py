"""How figures are written on the page and in the terminal: shares in percent, points with a sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from evals.measures import MEASURES, Measure

HEADLINE: Final = (
    "truthfulness", "correct", "wrong", "vital_recall", "citation_precision", "citation_recall", "integrity",
    "abstention_f1", "as_of_accuracy", "stale_rate", "both_sides", "future_leak", "hit@1", "hit@5", "words_shown",
    "p50", "p95",
)  # fmt: skip
"""What is shown first, on the page and in the terminal."""


def written(measure: Measure, value: float | None) -> str:
    """A figure as readers see it: 77.4 for a share, +0.49 for points, 62 words, 104 ms."""
    if value is None:
        return "–"
    if measure.unit == "share":
        return f"{100 * value:.1f}"
    if measure.unit == "points":
        return f"{value:+.2f}" if measure.name == "truthfulness" else f"{value:.2f}"
    return f"{value:.0f}"


def unit_of(measure: Measure) -> str:
    """What stands after a figure."""
    return {"share": "%", "points": "", "words": "words", "ms": "ms"}[measure.unit]


def interval(measure: Measure, figure: Mapping[str, Any] | None) -> str:
    """The 95% interval, or nothing where none was drawn or all questions agree."""
    if figure is None or figure.get("low") is None or figure["low"] == figure["high"]:
        return ""
    return f"{written(measure, figure['low'])} to {written(measure, figure['high'])}"


def shown_measures(arms: Mapping[str, Any], names: Sequence[str] | None = None) -> list[Measure]:
    """The measures that some arm has, in the order of the table, or of `names`."""
    present = {name for arm in arms.values() for name in arm["measures"]}
    return [MEASURES[name] for name in (names or MEASURES) if name in present]


def best_arm(measure: Measure, arms: Mapping[str, Any]) -> str | None:
    """The arm with the best figure; None where there is one arm, no better way, or a tie."""
    values = {
        name: arm["measures"][measure.name]["value"] for name, arm in arms.items() if measure.name in arm["measures"]
    }
    if len(arms) < 2 or measure.better == "none" or len(set(values.values())) < 2:
        return None
    pick = max if measure.better == "more" else min
    best = pick(values.values())
    winners = [name for name, value in values.items() if value == best]
    return winners[0] if len(winners) == 1 else None
