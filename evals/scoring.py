"""All questions of a run, judged -> figures with intervals, for the whole and for slices of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evals.abstaining import area, auroc, coverage_at, flips, percentile, risk_coverage
from evals.answerers.base import Response, Unit
from evals.judging import Judged, judge
from evals.matching import holds_any
from evals.measures import MEASURES, Finding, Part, parts
from evals.observed import observe
from evals.questions import Case, Nugget
from evals.statistics import ratio_interval
from rag.model import Article


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure over some questions. `low`, `high`: 95% interval, where one can be drawn; `count`: questions it is of."""

    value: float
    count: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """One question with all that was measured about it."""

    judged: Judged
    finding: Finding
    parts: Mapping[str, Part]

    @property
    def case(self) -> Case:
        """The question."""
        return self.judged.case


def score_all(
    cases: Sequence[Case], responses: Mapping[str, Response], units: Mapping[str, Unit],
    articles: Mapping[str, Article], known: Mapping[str, date | None],
) -> list[Scored]:  # fmt: skip
    """Judge and measure every question of an arm."""
    by_article: dict[str, list[str]] = {}
    for unit_id, unit in units.items():
        by_article.setdefault(unit.article, []).append(unit_id)
    article_of = {unit_id: unit.article for unit_id, unit in units.items()}
    scored = []
    for case in cases:
        judged = judge(case, observe(responses[case.id], articles))
        by_nugget = tuple(_saying(nugget, case, units, by_article, known) for nugget in case.vital)
        relevant = frozenset().union(*by_nugget)
        finding = Finding(judged.seen.ranked, article_of, relevant, by_nugget, known)
        scored.append(Scored(judged, finding, parts(judged, finding)))
    return scored


def _saying(
    nugget: Nugget, case: Case, units: Mapping[str, Unit], by_article: Mapping[str, Sequence[str]],
    known: Mapping[str, date | None],
) -> frozenset[str]:  # fmt: skip
    """The units of supporting articles, known by the day of the question, that say a nugget."""
    usable = [
        name for name in nugget.supports
        if case.as_of is None or ((day := known.get(name)) is not None and day <= case.as_of)
    ]  # fmt: skip
    within = [unit_id for name in usable for unit_id in by_article.get(name, ())]
    return frozenset(unit_id for unit_id in within if holds_any(units[unit_id].said, nugget.aliases, nugget.type))


def estimates(scored: Sequence[Scored], *, intervals: bool = True) -> dict[str, Estimate]:
    """Every measure that applies to some of the questions, in the order of the table."""
    found = _of_the_set(scored)
    for name in MEASURES:
        clustered = [(one.case.fact, *one.parts[name]) for one in scored if name in one.parts]
        whole = sum(denominator for _, _, denominator in clustered)
        if whole:
            interval = ratio_interval(clustered) if intervals else None
            value = sum(numerator for _, numerator, _ in clustered) / whole
            found[name] = Estimate(value, len(clustered), *(interval or (None, None)))
    return {name: found[name] for name in MEASURES if name in found}


def slices(scored: Sequence[Scored], of: Callable[[Case], str]) -> dict[str, dict[str, Estimate]]:
    """The measures of each group of questions, groups in the order they first come up; without intervals."""
    groups: dict[str, list[Scored]] = {}
    for one in scored:
        groups.setdefault(of(one.case), []).append(one)
    return {name: estimates(group, intervals=False) for name, group in groups.items()}


def _of_the_set(scored: Sequence[Scored]) -> dict[str, Estimate]:
    """The measures that no single question has."""
    judged = [one.judged for one in scored]
    found: dict[str, Estimate] = {}

    def add(name: str, value: float | None, count: int) -> None:
        if value is not None and count:
            found[name] = Estimate(value, count)

    add("auroc", auroc([j.seen.confidence for j in judged], [j.case.answerable for j in judged]), len(judged))
    curve = risk_coverage(judged)
    answered = sum(not j.seen.abstained for j in judged)
    add("risk_coverage", area(curve), answered)
    add("coverage_at_5", coverage_at(curve) if curve else None, len(judged))
    flipped = flips(judged)
    add("flip_accuracy", sum(right for _, right in flipped) / len(flipped) if flipped else None, len(flipped))
    warm = warm_ms(judged)
    add("p50", percentile(warm, 0.50), len(warm))
    add("p95", percentile(warm, 0.95), len(warm))
    return found


def warm_ms(judged: Iterable[Judged]) -> list[float]:
    """Milliseconds from question to answer; what is opened only once was opened before."""
    return [1000 * one.seen.seconds for one in judged]
