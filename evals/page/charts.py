"""Plots as inline SVG: points -> markup. Colours come from the page, so that they follow light and dark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.abstaining import percentile
from evals.page.markup import Markup, join, tag

Points = Sequence[tuple[float, float]]
WIDTH, HEIGHT = 560, 320
LEFT, RIGHT, TOP, BOTTOM = 52, 64, 14, 44
START = 0.05
"""Coverage from which the curve of risk is drawn."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`, with its ticks and what stands at them; `log` where each step multiplies."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    title: str
    log: bool = False

    def share(self, value: float) -> float:
        """Where a value lies on the axis, in [0, 1]."""
        low, high, at = (math.log10(x) if self.log else x for x in (self.low, self.high, max(value, self.low)))
        return min(1.0, max(0.0, (at - low) / (high - low)))


def risk_coverage(curves: Mapping[str, Points]) -> Markup:
    """The share of wrong answers as more questions are answered, surest first; lower is better."""
    curves = {name: _settled(points) for name, points in curves.items()}
    top = max([risk for points in curves.values() for _, risk in points] or [0.0])
    high = max(0.2, math.ceil(top * 10) / 10)
    steps = round(high * 10) + 1
    every = 1 if steps <= 6 else 2
    y = Axis(0, high, [(n / 10, f"{10 * n}%") for n in range(0, steps, every)], "wrong among the answered")
    x = Axis(0, 1, [(n / 4, f"{25 * n}%") for n in range(5)], "questions answered, surest first")
    return _plot(curves, x, y, "Risk against coverage")


def _settled(points: Points) -> Points:
    """Without the first twentieth of the questions, where one wrong answer is a tower; all, where little is left."""
    kept = [point for point in points if point[0] >= START]
    return kept if len(kept) > 1 else points


def latency(milliseconds: Mapping[str, Sequence[float]]) -> Markup:
    """A line for each arm from its quickest twentieth to its slowest, a dot at the median; further left is better."""
    spans = {name: _span(values) for name, values in milliseconds.items() if values}
    ends = [ms for span in spans.values() for ms in span] or [1.0, 10.0]
    low, high = math.floor(math.log10(min(ends))), math.ceil(math.log10(max(ends) + 1))
    ticks = [(10.0**n, f"{10**n:,} ms") for n in range(low, high + 1)]
    x = Axis(10.0**low, 10.0**high, ticks, "time to answer, warm", log=True)
    y = Axis(0, 1, [], "")
    rows = (_row(name, span, x, number, len(spans)) for number, (name, span) in enumerate(spans.items()))
    return _svg(join(_frame(x, y), *rows), f"Latency: {', '.join(spans)}")


def _span(values: Sequence[float]) -> tuple[float, float, float]:
    """The 5th, 50th and 95th percentile, none of them under a millisecond."""
    low, median, high = (max(percentile(values, share) or 0.0, 1.0) for share in (0.05, 0.50, 0.95))
    return low, median, high


def _row(name: str, span: tuple[float, float, float], x: Axis, number: int, rows: int) -> Markup:
    at = round(TOP + (number + 0.6) * (HEIGHT - TOP - BOTTOM) / rows, 1)
    low, median, high = (_across(x, value) for value in span)
    told = f"{name} · {span[1]:.0f} ms, 95% within {span[2]:.0f} ms"
    return join(
        tag("line", x1=low, x2=high, y1=at, y2=at, class_=f"span arm-{number}"),
        tag("circle", cx=median, cy=at, r=6, class_=f"end-dot arm-{number}"),
        tag("text", told, x=LEFT + 4, y=at - 12, class_=f"label arm-{number}"),
    )


def _plot(curves: Mapping[str, Points], x: Axis, y: Axis, title: str) -> Markup:
    lines = (_line(points, x, y, number) for number, points in enumerate(curves.values()))
    return _svg(join(_frame(x, y), *lines, _labels(curves, x, y)), f"{title}: {', '.join(curves)}")


def _svg(inside: Markup, label: str) -> Markup:
    return tag("svg", inside, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=label, class_="plot")


def _frame(x: Axis, y: Axis) -> Markup:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for value, text in y.ticks:
        at = _down(y, value)
        parts.append(tag("line", x1=LEFT, x2=right, y1=at, y2=at, class_="grid"))
        parts.append(tag("text", text, x=LEFT - 8, y=at + 4, class_="tick end"))
    for value, text in x.ticks:
        parts.append(tag("text", text, x=_across(x, value), y=bottom + 18, class_="tick middle"))
    parts.append(tag("line", x1=LEFT, x2=right, y1=bottom, y2=bottom, class_="axis"))
    parts.append(tag("text", x.title, x=(LEFT + right) / 2, y=HEIGHT - 6, class_="title middle"))
    middle = (TOP + bottom) / 2
    parts.append(tag("text", y.title, x=12, y=middle, class_="title middle", transform=f"rotate(-90 12 {middle:.1f})"))
    return join(*parts)


def _line(points: Points, x: Axis, y: Axis, number: int) -> Markup:
    drawn = " ".join(f"{_across(x, a):.1f},{_down(y, b):.1f}" for a, b in points)
    return tag("polyline", points=drawn, class_=f"curve arm-{number}")


def _labels(curves: Mapping[str, Points], x: Axis, y: Axis) -> Markup:
    """The name of each curve at its end, pushed apart where two would lie on one another."""
    ends = sorted(
        (_down(y, points[-1][1]), _across(x, points[-1][0]), name, number)
        for number, (name, points) in enumerate(curves.items())
        if points
    )
    parts, floor = [], float(TOP)
    for wanted, across, name, number in ends:
        at = max(wanted, floor)
        parts.append(tag("circle", cx=f"{across:.1f}", cy=f"{wanted:.1f}", r=3.5, class_=f"end-dot arm-{number}"))
        parts.append(tag("text", name, x=f"{across + 8:.1f}", y=f"{at + 4:.1f}", class_=f"label arm-{number}"))
        floor = at + 15
    return join(*parts)


def _across(axis: Axis, value: float) -> float:
    return round(LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT), 1)


def _down(axis: Axis, value: float) -> float:
    return round(HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - TOP - BOTTOM), 1)
