"""The page itself: run.json + rows of cases.jsonl -> one HTML text with everything in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from evals.measures import MEASURES
from evals.page import charts, tables
from evals.page.markup import Markup, join, tag
from evals.page.worst import SHOWN, cases, worst

STYLE: Final = Path(__file__).parent / "style.css"
CARDS: Final = (
    "truthfulness", "vital_recall", "citation_precision", "abstention_f1", "as_of_accuracy", "p50",
)  # fmt: skip


def document(run: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """The whole page."""
    arms: Mapping[str, Any] = run["arms"]
    first = next(iter(arms))
    parts = [
        _head(run),
        tables.outcomes(rows, arms),
        tables.legend(arms) if len(arms) > 1 else None,
        tables.cards([MEASURES[name] for name in CARDS], arms[first]["measures"]),
        _section(
            "What the answers were worth",
            _how(),
            tables.headline(arms),
            tag("details", tag("summary", "Every measure"), tables.all_measures(arms)),
        ),
        _section(
            "By kind of question", *(_sliced(name, arm, "kinds", "kind", len(arms)) for name, arm in arms.items())
        ),
        _section("By language", *(_sliced(name, arm, "langs", "language", len(arms)) for name, arm in arms.items())),
        _section("Silence and speed", _plots(arms)),
        _section("What a language model thinks", _judged(), tables.judge(arms)) if "judge" in arms[first] else None,
        _section(f"Where {first} went wrong", _worst(run, rows, first)),
        _foot(run),
    ]
    title = f"h200 · {run['questions']} questions · {run['created'][:10]}"
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"), tag("title", title),
        tag("style", Markup(STYLE.read_text(encoding="utf-8"))),
    )  # fmt: skip
    return f"<!doctype html>\n{tag('html', head, tag('body', tag('main', *parts)), lang='en')}\n"


def _head(run: Mapping[str, Any]) -> Markup:
    split = {"dev": "development", "test": "test"}.get(run["split"] or "", "")
    asked = f"{run['questions']} {split} questions about {run['facts']} facts".replace("  ", " ")
    library = f"put to a library of {run['library']['articles']} articles"
    commit = run["git"]["commit"] or "no commit"
    changed = ", changed since" if run["git"]["dirty"] else ""
    return tag(
        "header", tag("h1", "How well h200 answers"), tag("p", f"{asked}, {library}.", class_="lead"),
        tag("p", f"{run['created'].replace('T', ' ')[:16]} UTC · commit {commit}{changed}", class_="note"),
    )  # fmt: skip


def _section(title: str, *children: Markup | None) -> Markup:
    return tag("section", tag("h2", title), *children)


def _how() -> Markup:
    return tag(
        "p", "Everything here is counted without a language model. Small figures are 95% bootstrap intervals that draw whole "
        "facts, since questions on one fact stand or fall together. With this many questions, a difference inside the "
        "intervals is noise. ↑ more is better, ↓ less is.", class_="explain",
    )  # fmt: skip


def _sliced(name: str, arm: Mapping[str, Any], part: str, what: str, arms: int) -> Markup:
    table = tables.by_slice(arm, part, what)
    return table if arms == 1 else tag("details", tag("summary", name), table, open="open" if name == "ours" else None)


def _judged() -> Markup:
    return tag("p", "A second opinion, counted apart: no threshold hangs on it.", class_="explain")


def _plots(arms: Mapping[str, Any]) -> Markup:
    risk = charts.risk_coverage({name: [(x, y) for x, y in arm["curve"]] for name, arm in arms.items()})
    speed = charts.latency({name: arm["latencies_ms"] for name, arm in arms.items()})
    return tag(
        "div",
        tag("figure", risk, tag("figcaption", "Of the questions answered so far, surest first, how many were answered wrong. Lower is better, and further right.")),
        tag("figure", speed, tag("figcaption", "From the quickest twentieth of the questions to the slowest; the dot is the median. Further left is better.")),
        class_="plots",
    )  # fmt: skip


def _worst(run: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], arm: str) -> Markup:
    if run["split"] == "test":
        return tag("p", "Not shown for the test split: whoever reads its answers tunes to them.")
    shown = worst(rows, arm)
    count = min(SHOWN, len(shown))
    told = (
        f"The {count} worst, surest first: what was answered, what should have been, and on whose word. Green is right."
    )
    return join(tag("p", told, class_="explain"), cases(shown))


def _foot(run: Mapping[str, Any]) -> Markup:
    seconds = run["seconds"]
    facts = {
        "Sets": ", ".join(f"{s['name']} {s['hash']}" for s in run["sets"]), "Corpus": run["corpus"], "Code": run["code"],
        "Encoder": run["library"]["encoder"], "Run": f"{seconds['run']} s", "Library built in": f"{seconds['build']} s",
        "Cold start": f"{seconds['cold_start']} s" if seconds["cold_start"] else None,
        "Machine": f"Python {run['machine']['python']}, {run['machine']['system']}, {run['machine']['cores']} cores",
        "Settings": "; ".join(f"{name}: {arm['settings']}" for name, arm in run["arms"].items()),
    }  # fmt: skip
    rows = [join(tag("dt", name), tag("dd", str(value))) for name, value in facts.items() if value]
    return tag("footer", tag("h2", "To run it again"), tag("dl", *rows))
