"""The frame of the page: masthead, containers that the page's script fills, the slider of days, small notices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

from rag.days import day_text
from rag.model import Lang, LibraryFacts
from rag.render.markup import Markup, join, tag
from rag.render.plot import bars
from rag.render.words import say

SAID_BY_SCRIPT: Final = (
    "copied", "shared", "stopped", "thanks", "opening", "offline", "removed", "forget", "no_talks", "as_of_now",
)  # fmt: skip
SCRIPTS: Final = ("page.js", "panel.js", "talk.js", "days.js", "timeline.js")


def head(version: str) -> str:
    """What every page of the app has in its head: style, theme and language before anything is drawn, then the scripts."""
    modules = "".join(f'<script type="module" src="/web/{version}/{name}"></script>' for name in SCRIPTS)
    return (
        f'<link rel="stylesheet" href="/web/{version}/app.css"><link rel="stylesheet" href="/web/{version}/gradio.css">'
        f'<link rel="icon" type="image/svg+xml" href="/web/{version}/icon.svg"><meta name="color-scheme" content="light dark">'
        f'<script src="/web/{version}/boot.js"></script>{modules}'
    )


def favicon() -> Path:
    """The icon as a file."""
    return Path(str(files("rag.render") / "web" / "icon.svg"))


def masthead(lang: Lang, facts: LibraryFacts | None) -> Markup:
    """Name and claim, how fresh the library is, language and theme; and the words that the script says."""
    fresh = None
    if facts is not None:
        held = f"{say('articles_count', lang, n=facts.articles)}{' · ' if facts.newest else ''}"
        newest = say("newest", lang, day=day_text(facts.newest, lang)) if facts.newest else None
        fresh = tag("p", tag("span", held, class_="held"), newest, class_="fresh")
    other = "en" if lang == "fr" else "fr"
    switch = tag(
        "a",
        say("other_language", lang),
        href="/en/" if other == "en" else "/",
        lang=other,
        hreflang=other,
        class_="language",
    )
    theme = tag(
        "button",
        tag("span", class_="half", aria_hidden="true"),
        type="button",
        class_="theme",
        aria_label=say("theme", lang),
    )
    words = json.dumps({name: say(name, lang) for name in SAID_BY_SCRIPT}, ensure_ascii=False)
    return tag(
        "div", tag("a", say("skip", lang), href="#question", class_="skip"),
        tag("div", tag("h1", "h200"), tag("p", say("tagline", lang), class_="tagline"), class_="name"),
        tag("div", fresh, tag("div", switch, theme, class_="switches"), class_="corner"),
        class_="masthead", data_words=words, data_lang=lang,
    )  # fmt: skip


def conversation(lang: Lang, inside: Markup) -> Markup:
    """Where a conversation is shown, under its own small menu."""
    kept = tag(
        "details", tag("summary", say("talks", lang)), tag("div", tag("ul", class_="kept"), class_="kept-box"), class_="talks",
    )  # fmt: skip
    exports = [
        tag("button", say(f"export_{kind}", lang), type="button", class_="export", data_export=kind, hidden=True) for kind in ("markdown", "json")
    ]  # fmt: skip
    fresh = tag("button", say("new_talk", lang), type="button", class_="new", hidden=True)
    return join(
        tag("nav", kept, fresh, *exports, class_="bar", aria_label=say("talks", lang)),
        inside,
        tag("div", id="past", role="log", aria_label=say("chat", lang), aria_live="off"),
    )


def panel(lang: Lang) -> Markup:
    """The evidence panel, closed."""
    close = tag(
        "button", tag("span", "×", aria_hidden="true"), type="button", class_="close", aria_label=say("close", lang)
    )
    return tag(
        "aside", tag("div", tag("p", say("evidence", lang), class_="label"), close, class_="top"), tag("div", class_="inside", tabindex="-1"),
        id="panel", aria_label=say("evidence", lang), hidden=True,
    )  # fmt: skip


def days(lang: Lang, published: Sequence[date]) -> Markup:
    """The slider of days, from the first article to today; at its right end it asks with all there is."""
    if not published:
        return tag("div", class_="days", hidden=True)
    first, last = published[0], published[-1]
    label = tag("label", say("as_of", lang), " ", tag("output", say("as_of_now", lang), for_="as-of"), for_="as-of")
    slider = tag(
        "input", type="range", id="as-of", min=0, max=(last - first).days + 1, value=(last - first).days + 1, step=1,
        data_first=first.isoformat(), aria_valuetext=say("as_of_now", lang), aria_describedby="as-of-help",
    )  # fmt: skip
    ends = tag(
        "span", tag("span", day_text(first, lang)), tag("span", day_text(last, lang)), class_="ends", aria_hidden="true"
    )
    reset = tag("button", say("as_of_reset", lang), type="button", class_="reset", hidden=True)
    return tag(
        "div", tag("div", label, reset, class_="row"), tag("div", bars(published, first, last), slider, class_="track"), ends,
        tag("p", say("as_of_help", lang), class_="help", id="as-of-help"), class_="days",
    )  # fmt: skip


def model_switch(lang: Lang, model: str) -> Markup:
    """Whether a language model is to word the answers; off until the reader turns it on."""
    box = tag("input", type="checkbox", role="switch", id="with-model", aria_describedby="with-model-help")
    label = tag(
        "label", box, tag("span", class_="knob", aria_hidden="true"), say("with_model", lang), for_="with-model"
    )
    return tag(
        "div",
        label,
        tag("p", say("with_model_help", lang, model=model), class_="help", id="with-model-help"),
        class_="model",
    )


def heading(title: str, text: str | None, lang: Lang) -> Markup:
    """A heading with a line of explanation."""
    return join(tag("h2", say(title, lang)), tag("p", say(text, lang), class_="intro") if text else None)


def note(name: str, lang: Lang) -> Markup:
    """A quiet remark."""
    return tag("p", say(name, lang), class_="empty")


def problem(sentence: str) -> Markup:
    """What went wrong, in one sentence."""
    return tag("p", sentence, class_="failed", role="alert")
