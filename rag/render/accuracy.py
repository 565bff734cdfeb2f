"""Figures of `h200 eval` -> the accuracy page. It reads them by name and leaves out what a run does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from rag.days import day_text
from rag.model import Lang
from rag.render.markup import Markup, join, tag
from rag.render.words import ARMS, KINDS, MEASURES, number_text, pick, say

SCHEMA: Final = "h200.eval/1"
CARDS: Final = ("correct", "wrong", "integrity", "vital_recall", "as_of_accuracy", "abstention_f1")
COMPARED: Final = ("correct", "wrong", "vital_recall", "as_of_accuracy", "abstention_f1", "hit@1")
OF_KINDS: Final = ("correct", "wrong", "vital_recall", "citation_precision")
LESS_IS_BETTER: Final = frozenset({"wrong"})
Figures = Mapping[str, Mapping[str, Any]]
"""Measure -> its value, the ends of its interval, and how many questions it is of."""


def accuracy(run: Mapping[str, Any] | None, lang: Lang) -> Markup:
    """The figures of a run, or how to make one."""
    if run is None or run.get("schema") != SCHEMA or not run.get("arms"):
        return tag("div", tag("h2", say("accuracy_title", lang)), tag("p", say("no_report", lang)), class_="empty")
    arms: Mapping[str, Any] = run["arms"]
    ours, articles = next(iter(arms.values())), run.get("library", {}).get("articles", 0)
    intro = say("accuracy_text", lang, questions=run.get("questions", 0), facts=run.get("facts", 0), articles=articles)
    held = say("held_out", lang) if run.get("split") == "test" else None
    cards = [_card(name, ours["measures"][name], lang) for name in CARDS if name in ours["measures"]]
    return join(
        tag("h2", say("accuracy_title", lang)),
        tag("p", intro, f" {held}" if held else None, class_="intro"),
        tag("div", *cards, class_="cards"),
        _compared({name: arm["measures"] for name, arm in arms.items()}, lang) if len(arms) > 1 else None,
        _kinds(ours, lang) if ours.get("kinds") else None,
        _when(run, lang),
    )  # fmt: skip


def _card(name: str, figure: Mapping[str, Any], lang: Lang) -> Markup:
    title, meaning = MEASURES[name]
    return tag(
        "section", tag("h3", pick(title, lang)), tag("p", _shown(figure["value"], lang), class_="value"),
        _bar(figure, name in LESS_IS_BETTER),
        tag("p", _of(figure, lang), class_="interval"),
        tag("p", pick(meaning, lang), class_="meaning"), class_="card",
    )  # fmt: skip


def _of(figure: Mapping[str, Any], lang: Lang) -> str:
    """How sure a figure is: its interval, and how many questions it is of."""
    name = "interval" if _interval(figure, lang) else "no_exception"
    return say(name, lang, interval=_interval(figure, lang), n=figure.get("count", "–"))


def _bar(figure: Mapping[str, Any], less: bool) -> Markup:
    """The value as a bar from 0 to 1, with its interval as a lighter stretch around its end."""
    value, low, high = (100 * float(figure.get(key) or 0.0) for key in ("value", "low", "high"))
    return tag(
        "svg", tag("rect", width=100, height=6, class_="track"),
        tag("rect", width=round(value, 1), height=6, class_="fill"),
        tag("rect", x=round(low, 1), width=round(max(0.0, high - low), 1), height=6, class_="spread"),
        viewBox="0 0 100 6", preserveAspectRatio="none", aria_hidden="true", class_="less" if less else None,
    )  # fmt: skip


def _compared(arms: Mapping[str, Figures], lang: Lang) -> Markup:
    """The same questions put to others: a row for each measure, the best of each row in bold."""
    heads = ["", *(pick(ARMS[name], lang) if name in ARMS else name for name in arms)]
    measures = [name for name in COMPARED if all(name in figures for figures in arms.values())]
    rows = [(pick(MEASURES[name][0], lang), [_against(name, arms, arm, lang) for arm in arms]) for name in measures]
    return join(
        tag("h3", say("compared", lang)), tag("p", say("compared_text", lang), class_="intro"),
        _table(heads, rows, say("compared", lang), "compared"),
    )  # fmt: skip


def _against(name: str, arms: Mapping[str, Figures], arm: str, lang: Lang) -> Markup:
    """One figure with its interval."""
    best = (min if name in LESS_IS_BETTER else max)(figures[name]["value"] for figures in arms.values())
    figure = arms[arm][name]
    value = tag("strong" if figure["value"] == best else "span", _shown(figure["value"], lang))
    return tag("td", value, tag("small", _interval(figure, lang)))


def _kinds(arm: Mapping[str, Any], lang: Lang) -> Markup:
    kinds: Mapping[str, Figures] = arm["kinds"]
    counts: Mapping[str, int] = arm.get("kind_counts", {})
    heads = [say("kind", lang), say("questions_count", lang), *(pick(MEASURES[name][0], lang) for name in OF_KINDS)]
    known = [name for name in KINDS if name in kinds]
    rows = [
        (pick(KINDS[kind], lang) if kind in KINDS else kind,
         [tag("td", str(counts.get(kind, "–"))),
          *(tag("td", _shown(kinds[kind].get(name, {}).get("value"), lang)) for name in OF_KINDS)])
        for kind in [*known, *(name for name in kinds if name not in KINDS)]
    ]  # fmt: skip
    return join(tag("h3", say("by_kind", lang)), _table(heads, rows, say("by_kind", lang), "kinds"))


def _table(heads: Sequence[str], rows: Sequence[tuple[str, Sequence[Markup]]], label: str, class_: str) -> Markup:
    head = tag(
        "thead", tag("tr", *(tag("th" if name else "td", name, scope="col" if name else None) for name in heads))
    )
    body = tag("tbody", *(tag("tr", tag("th", name, scope="row"), *cells) for name, cells in rows))
    return tag(
        "div", tag("table", head, body, class_=class_), class_="scroll", tabindex="0", role="region", aria_label=label
    )


def _when(run: Mapping[str, Any], lang: Lang) -> Markup | None:
    try:
        day = date.fromisoformat(str(run.get("created", ""))[:10])
    except ValueError:
        return None
    commit = (run.get("git") or {}).get("commit")
    return tag(
        "p", say("measured_on", lang, day=day_text(day, lang)), f" · {commit}" if commit else None, class_="facts"
    )


def _interval(figure: Mapping[str, Any], lang: Lang) -> str:
    """'62 % – 77 %'; nothing where all questions went the same way, as drawing them again then tells nothing."""
    low, high = figure.get("low"), figure.get("high")
    return "" if low is None or low == high else f"{_shown(low, lang)} – {_shown(high, lang)}"


def _shown(value: object, lang: Lang) -> str:
    """'87 %' or '87%'; a dash where there is no figure."""
    if not isinstance(value, float | int):
        return "–"
    return number_text(100 * value, lang, 0) + ("\u00a0%" if lang == "fr" else "%")
