"""The page's tables: figures of the arms side by side, and slices by kind and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from evals.measures import MEASURES, Measure
from evals.page.figures import HEADLINE, best_arm, interval, shown_measures, unit_of, written
from evals.page.markup import Markup, join, tag
from evals.page.meanings import MEANINGS

SLICED: Final = (
    "truthfulness", "vital_recall", "citation_precision", "citation_recall", "as_of_accuracy", "stale_rate",
    "abstention_recall", "hit@1", "hit@5", "words_shown",
)  # fmt: skip
_GROUPS: Final = {
    "answers": "Answers", "citations": "Citations", "abstaining": "Abstaining", "time": "Time", "conflicts": "Conflicts",
    "language": "Language", "finding": "Finding", "speed": "Speed",
}  # fmt: skip


OUTCOMES: Final = {1.0: "right", 0.5: "half right", 0.0: "silent", -1.0: "wrong"}
"""Points of a question as words."""


def outcomes(rows: Sequence[Mapping[str, Any]], arms: Mapping[str, Any]) -> Markup:
    """One bar for each arm: how many of its questions went how."""
    lines = []
    for number, name in enumerate(arms):
        points = [row["points"] for row in rows if row["arm"] == name]
        parts = [(word, points.count(value), len(points)) for value, word in OUTCOMES.items() if value in points]
        bar = tag("div", *(_part(*part) for part in parts), class_="bar")
        lines += [tag("div", name, class_=f"who arm-{number}"), bar]
    key = (tag("li", tag("i", class_=f"o-{word.split()[0]}"), word) for word in OUTCOMES.values())
    return tag("div", *lines, tag("ul", *key, class_="legend key"), class_="outcomes")


def _part(word: str, count: int, of: int) -> Markup:
    """A stretch of a bar, with its count if there is room."""
    share = 100 * count / of
    text = str(count) if share >= 4 else ""
    return tag(
        "span", text, class_=f"o-{word.split()[0]}", style=f"width:{share:.2f}%", title=f"{word}: {count} of {of}"
    )


def cards(measures: Sequence[Measure], figures: Mapping[str, Any]) -> Markup:
    """The few figures that matter most, large, each with its interval."""
    return tag("div", *(_card(m, figures[m.name]) for m in measures if m.name in figures), class_="cards")


def _card(measure: Measure, figure: Mapping[str, Any]) -> Markup:
    value = tag("span", written(measure, figure["value"]), class_="value")
    unit = tag("span", unit_of(measure), class_="unit")
    note = interval(measure, figure)
    return tag(
        "div", tag("div", measure.title, class_="name", title=MEANINGS[measure.name]), tag("div", value, unit), _track(measure, figure),
        tag("div", f"{note} · {figure['count']} questions" if note else f"{figure['count']} questions", class_="note"), class_="card",
    )  # fmt: skip


def _track(measure: Measure, figure: Mapping[str, Any]) -> Markup | None:
    """The interval as a bar on the whole scale, the figure as a mark on it."""
    if measure.unit not in ("share", "points") or figure.get("low") is None:
        return None
    floor = -1.0 if measure.name == "truthfulness" else 0.0

    def place(value: float) -> float:
        return round(100 * (value - floor) / (1.0 - floor), 1)

    low, high = place(figure["low"]), place(figure["high"])
    bar = tag("i", style=f"left:{low}%;width:{max(high - low, 0.5):.1f}%")
    return tag("div", bar, tag("b", style=f"left:{place(figure['value'])}%"), class_="track")


def headline(arms: Mapping[str, Any]) -> Markup:
    """The chief measures of every arm with intervals; the best of each row stands out."""
    rows = [_row(measure, arms) for measure in shown_measures(arms, HEADLINE)]
    return _measures(arms, rows)


def _measures(arms: Mapping[str, Any], rows: Sequence[Markup]) -> Markup:
    table = tag("table", tag("thead", _heads(arms)), tag("tbody", *rows), class_="measures")
    return tag("div", table, class_="scroll")


def all_measures(arms: Mapping[str, Any]) -> Markup:
    """Every measure, by group."""
    body = []
    for group, measures in groupby(shown_measures(arms), key=lambda measure: measure.group):
        body.append(tag("tr", tag("th", _GROUPS[group], colspan=len(arms) + 1, scope="colgroup"), class_="group"))
        body += [_row(measure, arms) for measure in measures]
    return _measures(arms, body)


def _heads(arms: Mapping[str, Any]) -> Markup:
    return tag("tr", tag("th", "measure"), *(tag("th", name, class_=f"num arm-{n}") for n, name in enumerate(arms)))


def _row(measure: Measure, arms: Mapping[str, Any]) -> Markup:
    best = best_arm(measure, arms)
    arrow = {"more": "↑", "less": "↓", "none": ""}[measure.better]
    head = tag(
        "th", measure.title, " ", tag("span", arrow, class_="way"),
        tag("div", MEANINGS[measure.name], class_="meaning"), scope="row", title=measure.name,
    )  # fmt: skip
    return tag(
        "tr", head, *(_cell(measure, arm["measures"].get(measure.name), name == best) for name, arm in arms.items())
    )


def _cell(measure: Measure, figure: Mapping[str, Any] | None, best: bool) -> Markup:
    if figure is None:
        return tag("td", "–", class_="num none")
    value = tag("b" if best else "span", written(measure, figure["value"]))
    note = interval(measure, figure)
    unit = "%" if measure.unit == "share" else f" {unit_of(measure)}".rstrip()
    return tag(
        "td", value, tag("small", unit) if unit else None, tag("div", note, class_="interval") if note else None,
        class_="num", title=f"{figure['count']} questions",
    )  # fmt: skip


def by_slice(arm: Mapping[str, Any], part: str, what: str) -> Markup:
    """The chief measures of one arm for each kind or language, tinted by how good they are."""
    rows = arm[part]
    measures = [MEASURES[name] for name in SLICED if any(name in found for found in rows.values())]
    heads = tag(
        "tr",
        tag("th", what),
        tag("th", "questions", class_="num"),
        *(tag("th", m.title, class_="num") for m in measures),
    )
    body = [
        tag("tr", tag("th", name.replace("_", " "), scope="row"), tag("td", _count(found), class_="num"),
            *(_tinted(measure, found.get(measure.name)) for measure in measures))
        for name, found in rows.items()
    ]  # fmt: skip
    return tag("div", tag("table", tag("thead", heads), tag("tbody", *body), class_="slices"), class_="scroll")


def _count(found: Mapping[str, Any]) -> str:
    return str(found["truthfulness"]["count"])


def _tinted(measure: Measure, figure: Mapping[str, Any] | None) -> Markup:
    if figure is None:
        return tag("td", "–", class_="num none")
    text = written(measure, figure["value"])
    if measure.better == "none":
        return tag("td", text, class_="num")
    share = (figure["value"] + 1) / 2 if measure.name == "truthfulness" else figure["value"]
    good = share if measure.better == "more" else 1 - share
    return tag("td", text, class_="num tint", style=f"--share:{round(100 * min(max(good, 0), 1))}%")


def legend(arms: Mapping[str, Any]) -> Markup:
    """What the arms are."""
    told = {
        "ours": "the engine as it is",
        "lexical": "our engine without vectors",
        "vectors": "our engine without words",
        "stock": "llama-index defaults, same articles, same encoder",
    }
    items = [
        tag("li", tag("i", class_=f"dot arm-{n}"), tag("b", name), f" {told.get(name, '')}")
        for n, name in enumerate(arms)
    ]
    return tag("ul", join(*items), class_="legend")


def judge(arms: Mapping[str, Any]) -> Markup:
    """What a language model thought of each arm, and how often it agrees with the nuggets."""
    heads = ("arm", "right", "partly", "wrong", "no opinion", "agrees with the nuggets")
    body = []
    for name, arm in arms.items():
        found = arm["judge"]
        agreement = "–" if found["agreement"] is None else f"{100 * found['agreement']:.1f}%"
        cells = [str(found[key]) for key in ("right", "partly", "wrong", "none")] + [agreement]
        body.append(tag("tr", tag("th", name, scope="row"), *(tag("td", cell, class_="num") for cell in cells)))
    row = tag("tr", *(tag("th", head, class_=None if head == "arm" else "num") for head in heads))
    return tag("div", tag("table", tag("thead", row), tag("tbody", *body)), class_="scroll")
