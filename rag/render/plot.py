"""Dated events -> a plot (days across, one lane for each actor) and the same as a list. SVG and HTML, escaped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from rag.days import day_text
from rag.model import Actor, Event, Lang
from rag.render.html import article_href, facts_of
from rag.render.markup import Markup, join, tag
from rag.render.words import ACTORS, pick, say

WIDTH: Final = 1080
LEFT: Final = 24
RIGHT: Final = 24
TOP: Final = 40
LANE: Final = 104
RADIUS: Final = 7
Across = Callable[[date], float]
"""Day -> x."""
STEP: Final = 2 * RADIUS + 3
"""Dots nearer than this are stacked."""
_MONTHS: Final = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def timeline(events: Sequence[Event], lang: Lang) -> Markup:
    """Filters, plot and list; the page's script hides what is filtered out."""
    if not events:
        return tag("p", say("no_events", lang), class_="empty", role="status")
    ordered = sorted(events, key=lambda e: (e.date, e.citation.article.id, e.citation.span))
    present = [actor for actor in ACTORS if any(event.actor == actor for event in ordered)]
    return tag(
        "div", _filters(present, ordered[0].date, ordered[-1].date, lang), _plot(ordered, present, lang),
        tag("h3", say("events", lang)), tag("ol", *(_line(event, lang) for event in ordered), class_="events"), class_="timeline",
    )  # fmt: skip


def _filters(actors: Sequence[Actor], first: date, last: date, lang: Lang) -> Markup:
    chips = [
        tag("button", pick(ACTORS[actor], lang), type="button", class_=f"chip {actor}", data_actor=actor, aria_pressed="true")
        for actor in actors
    ]  # fmt: skip
    period = [
        tag("label", say(name, lang), " ", tag("input", type="date", class_=name, value=day.isoformat(),
                                               min=first.isoformat(), max=last.isoformat()))
        for name, day in (("from", first), ("until", last))
    ]  # fmt: skip
    return tag(
        "div",
        tag("div", *chips, class_="chips", role="group", aria_label=say("timeline_title", lang)),
        *period,
        class_="filters",
    )


def _plot(events: Sequence[Event], actors: Sequence[Actor], lang: Lang) -> Markup:
    start, end = _month(events[0].date), _next_month(events[-1].date)
    height = TOP + LANE * len(actors) + 8

    def across(day: date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (day - start).days / max(1, (end - start).days)

    drawn = join(
        *_ticks(start, end, across, height, lang),
        *(_lane(actor, n, lang) for n, actor in enumerate(actors)),
        *(
            dot
            for n, actor in enumerate(actors)
            for dot in _dots([e for e in events if e.actor == actor], n, across, lang)
        ),
    )
    picture = tag(
        "svg", drawn, viewBox=f"0 0 {WIDTH} {height}", role="group", aria_label=say("timeline_title", lang), class_="plot"
    )  # fmt: skip
    return tag("div", picture, class_="scroll", tabindex="0", role="region", aria_label=say("timeline_title", lang))


def _ticks(start: date, end: date, across: Across, height: int, lang: Lang) -> list[Markup]:
    marks, day = [], start
    while day < end:
        x = round(across(day), 1)
        name = _MONTHS[lang][day.month - 1]
        label = f"{name} {day.year}" if day.month == 1 or day == start else name
        marks += [
            tag("line", x1=x, x2=x, y1=TOP - 12, y2=height, class_="tick"),
            tag("text", label, x=x + 4, y=TOP - 18, class_="month"),
        ]
        day = _next_month(day)
    return marks


def _lane(actor: Actor, n: int, lang: Lang) -> Markup:
    y = TOP + LANE * n + LANE - 18
    return join(
        tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_=f"lane {actor}"),
        tag("text", pick(ACTORS[actor], lang), x=LEFT + 4, y=TOP + LANE * n + 12, class_=f"actor {actor}"),
    )


def _dots(events: Sequence[Event], lane: int, across: Across, lang: Lang) -> list[Markup]:
    """The events of one lane; those that would hide one another are stacked."""
    base = TOP + LANE * lane + LANE - 18
    taken: defaultdict[int, list[float]] = defaultdict(list)
    dots = []
    for event in events:
        x = across(event.date)
        level = next(n for n in range(len(events) + 1) if all(abs(x - other) >= STEP for other in taken[n]))
        taken[level].append(x)
        # A crowded week goes sideways once its lane is full, rather than into the next lane.
        high, over = level % 4, level // 4
        dots.append(_dot(event, round(x + over * 6, 1), base - high * STEP, lang))
    return dots


def _dot(event: Event, x: float, y: float, lang: Lang) -> Markup:
    article = event.citation.article
    state = say("superseded" if event.superseded else "current", lang)
    day = day_text(event.date, lang)
    facts = " · ".join([day, state, *facts_of(article, lang, event.citation.copies)])
    return tag(
        "a", tag("circle", cx=x, cy=y, r=RADIUS), href=article_href(article, lang, event.citation),
        class_=f"dot {event.actor}{' superseded' if event.superseded else ''}", data_article=article.id, data_actor=event.actor,
        data_day=event.date.isoformat(), data_quote=event.citation.quote, data_facts=facts, lang=article.lang,
        aria_label=f"{pick(ACTORS[event.actor], lang)}, {day}, {state}: {event.citation.quote}",
    )  # fmt: skip


def _line(event: Event, lang: Lang) -> Markup:
    article = event.citation.article
    quote = tag("a", event.citation.quote, href=article_href(article, lang, event.citation), class_="open", lang=article.lang,
                data_article=article.id)  # fmt: skip
    return tag(
        "li", tag("p", tag("time", day_text(event.date, lang), datetime=event.date.isoformat()), " ",
                  tag("span", pick(ACTORS[event.actor], lang), class_=f"actor {event.actor}"), " ",
                  tag("span", say("superseded", lang), class_="role") if event.superseded else None, class_="when"),
        tag("p", quote), tag("p", " · ".join(facts_of(article, lang, event.citation.copies)), class_="facts"),
        class_="superseded" if event.superseded else "current", data_actor=event.actor, data_day=event.date.isoformat(),
    )  # fmt: skip


def bars(days: Sequence[date], first: date, last: date) -> Markup:
    """How many articles each week brought, as small bars under the slider of days. Decoration, hidden from readers aloud."""
    weeks = max(1, (last - first).days // 7 + 1)
    counts = [0] * weeks
    for day in days:
        counts[(day - first).days // 7] += 1
    most = max(counts) or 1
    drawn = [
        tag("rect", x=round(100 * n / weeks + 0.15, 2), y=round(20 - 18 * count / most, 2), width=round(100 / weeks - 0.3, 2),
            height=round(18 * count / most, 2), rx=0.4)
        for n, count in enumerate(counts) if count
    ]  # fmt: skip
    return tag("svg", *drawn, viewBox="0 0 100 20", preserveAspectRatio="none", class_="bars", aria_hidden="true")


def _month(day: date) -> date:
    return day.replace(day=1)


def _next_month(day: date) -> date:
    return _month(_month(day) + timedelta(days=32))
