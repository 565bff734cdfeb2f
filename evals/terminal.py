"""Runs, comparisons and sweeps as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from evals.compare import Comparison
from evals.measures import MEASURES, Measure
from evals.page.figures import HEADLINE, best_arm, interval, shown_measures, unit_of, written
from evals.scoring import estimates
from evals.sweep import Tried


def run_table(run: Mapping[str, Any]) -> Table:
    """The chief measures of a run, arms side by side; the first arm with its intervals."""
    arms = run["arms"]
    first, *others = arms
    table = _table(f"{run['questions']} questions about {run['facts']} facts")
    table.add_column(no_wrap=True)
    table.add_column(first, justify="right", no_wrap=True)
    table.add_column("95% interval", style="dim", no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    for measure in shown_measures(arms, HEADLINE):
        best = best_arm(measure, arms)
        cells = [_cell(measure, arm["measures"].get(measure.name), name == best) for name, arm in arms.items()]
        table.add_row(measure.title, cells[0], interval(measure, arms[first]["measures"].get(measure.name)), *cells[1:])
    return table


def _cell(measure: Measure, figure: Mapping[str, Any] | None, best: bool) -> str:
    if figure is None:
        return "–"
    text = f"{written(measure, figure['value'])} {unit_of(measure)}".rstrip()
    return f"[bold]{text}[/bold]" if best else text


def comparison_table(found: Comparison) -> Table:
    """Every measure that two runs share; those that differ by more than chance say so."""
    table = _table("first run against second; p adjusted after Holm")
    table.add_column(no_wrap=True)
    for head in ("first", "second", "change", "moved", "p"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for d in found.differences:
        change = written(d.measure, abs(d.change)).lstrip("+")
        sign = "" if not d.change else "+" if d.change > 0 else "-"
        moved = f"+{d.gained} -{d.lost}" if d.gained or d.lost else ""
        table.add_row(
            d.measure.title, written(d.measure, d.before), written(d.measure, d.after), f"{sign}{change}", moved,
            f"{d.p:.3f}", d.verdict, style=None if d.verdict else "dim",
        )  # fmt: skip
    return table


def sweep_table(tried: Sequence[Tried], by: str) -> Table:
    """Every combination with its chief measures, the best by `by` first."""
    measure = MEASURES[by]
    found = [(one, estimates(one.result.scored, intervals=False)) for one in tried]
    shown = [
        MEASURES[name]
        for name in dict.fromkeys(
            (by, "truthfulness", "vital_recall", "citation_precision", "abstention_f1", "hit@1", "p50")
        )
    ]
    table = _table(f"{len(tried)} combinations by {measure.title.lower()}", *(tried[0].values if tried else ()))
    for column in shown:
        table.add_column(column.title, justify="right")
    sign = -1.0 if measure.better == "more" else 1.0
    for one, figures in sorted(found, key=lambda item: sign * (item[1][by].value if by in item[1] else 0.0)):
        values = [written(m, figures[m.name].value if m.name in figures else None) for m in shown]
        table.add_row(*(str(value) for value in one.values.values()), *values)
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table
