"""run.json of `h200 eval` -> the accuracy page. It reads figures by name and leaves out what a run does not have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from rag.days import day_text
from rag.model import Lang
from rag.render.markup import Markup, join, tag
from rag.render.words import pick, say

SCHEMA: Final = "h200.eval/1"
CARDS: Final[Mapping[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    # measure: (name, what it means)
    "truthfulness": (
        ("Véracité", "Truthfulness"),
        ("Réponses justes moins réponses fausses ; se taire ne coûte ni ne rapporte.", "Right answers minus wrong ones; silence neither costs nor earns."),
    ),
    "vital_recall": (
        ("Réponse trouvée", "Answer found"),
        ("Part de ce qui était demandé et qui est dit.", "Share of what was asked that is said."),
    ),
    "citation_precision": (
        ("Citations justes", "Citations that hold"),
        ("Part des citations qui disent bien ce qu'elles appuient.", "Share of citations that say what they support."),
    ),
    "abstention_f1": (
        ("Silences à propos", "Silent when it should be"),
        ("Se taire quand la bibliothèque ne sait pas, et alors seulement (F1).", "Abstaining when the library does not know, and only then (F1)."),
    ),
    "as_of_accuracy": (
        ("À la bonne date", "Right on the day"),
        ("Réponses justes à une date donnée.", "Right answers as of a given day."),
    ),
    "p50": (("Durée d'une réponse", "Time to answer"), ("Médiane, bibliothèque ouverte.", "Median, library open.")),
}  # fmt: skip


def accuracy(run: Mapping[str, Any] | None, lang: Lang) -> Markup:
    """The figures of a run, or how to make one."""
    if run is None or run.get("schema") != SCHEMA or not run.get("arms"):
        return tag("div", tag("h2", say("accuracy_title", lang)), tag("p", say("no_report", lang)), class_="empty")
    arm = next(iter(run["arms"].values()))
    measures: Mapping[str, Any] = arm.get("measures", {})
    cards = [_card(name, measures[name], lang) for name in CARDS if name in measures]
    library = run.get("library", {})
    return join(
        tag("h2", say("accuracy_title", lang)),
        tag("p", say("accuracy_text", lang, questions=run.get("questions", 0), facts=run.get("facts", 0), articles=library.get("articles", 0)), class_="intro"),
        tag("div", *cards, class_="cards"),
        _kinds(arm, lang),
        _when(run, lang),
    )  # fmt: skip


def _card(name: str, estimate: Mapping[str, Any], lang: Lang) -> Markup:
    title, meaning = CARDS[name]
    value, low, high = (estimate.get(key) for key in ("value", "low", "high"))
    bar = None
    if name != "p50" and isinstance(value, float | int):
        bar = tag("svg", tag("rect", width=100, height=4, rx=2, class_="track"),
                  tag("rect", width=round(100 * max(0.0, min(1.0, float(value))), 1), height=4, rx=2, class_="fill"),
                  viewBox="0 0 100 4", preserveAspectRatio="none", aria_hidden="true")  # fmt: skip
    interval = (
        f"({_shown(name, low, lang)} – {_shown(name, high, lang)})" if low is not None and high is not None else None
    )
    return tag(
        "section", tag("h3", pick(title, lang)), tag("p", _shown(name, value, lang), class_="value"), bar,
        tag("p", interval, class_="interval") if interval else None, tag("p", pick(meaning, lang), class_="meaning"), class_="card",
    )  # fmt: skip


def _kinds(arm: Mapping[str, Any], lang: Lang) -> Markup | None:
    kinds: Mapping[str, Any] = arm.get("kinds", {})
    counts: Mapping[str, int] = arm.get("kind_counts", {})
    names = [name for name in CARDS if name != "p50" and any(name in found for found in kinds.values())]
    if not kinds or not names:
        return None
    heads = [say("kind", lang), say("questions_count", lang), *(pick(CARDS[name][0], lang) for name in names)]
    rows = [
        tag("tr", tag("th", kind, scope="row"), tag("td", str(counts.get(kind, ""))),
            *(tag("td", _shown(name, (found.get(name) or {}).get("value"), lang)) for name in names))
        for kind, found in kinds.items()
    ]  # fmt: skip
    table = tag(
        "table", tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))), tag("tbody", *rows)
    )
    return join(
        tag("h3", say("by_kind", lang)),
        tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=say("by_kind", lang)),
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


def _shown(name: str, value: object, lang: Lang) -> str:
    """'87 %' or '87%', '34 ms'; a dash where there is no figure."""
    if not isinstance(value, float | int):
        return "–"
    if name == "p50":
        return f"{value:.0f} ms"
    if name == "truthfulness":
        text = f"{value:.2f}"
        return text.replace(".", ",") if lang == "fr" else text
    return f"{100 * value:.0f} %" if lang == "fr" else f"{100 * value:.0f}%"
