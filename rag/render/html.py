"""Answer -> the HTML of one turn of a conversation, escaped; links lead to our own article pages and to stored addresses.

A mark opens /article/ID at its sentence; the page's script shows that beside the answer, and without script it is a page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Final
from urllib.parse import quote, urlencode

from rag.days import day_text
from rag.model import Answer, Article, Citation, Lang, Statement
from rag.render.json import link, origin_of
from rag.render.markdown import answer_markdown
from rag.render.markup import Markup, join, tag, web_url
from rag.render.terminal import article_day
from rag.render.words import EXAMPLES, ROLES, pick, say

NO_OUTLET: Final = "—"
NO_BREAK: Final = "\u00a0"
ACTS: Final = ("copy", "edit", "retry", "share", "good", "bad")


def turn(
    answer: Answer,
    key: str,
    mark: str,
    *,
    shown: int | None = None,
    nearest: Sequence[Article] = (),
    changed: bool = False,
) -> Markup:
    """One question and its answer. `key` names it on the page, `mark` tells whether the answer is still the same.

    `shown`: so many statements of it, while it is being told; None: all of it, with sources and what can be done next.
    `nearest`: articles to offer where there is no answer.
    """  # fmt: skip
    asked, lang = answer.question, answer.question.lang
    told = answer.statements if shown is None else answer.statements[:shown]
    body = [tag("p", answer.lead, class_="lead") if answer.lead and answer.statements else None, *_groups(told, answer)]
    if not answer.statements:
        body.append(_abstention(answer, nearest if shown is None else ()))
    if shown is None:
        body += [_notes(answer), _sources(answer), _actions(answer, lang)]
    data = {
        "q": asked.text,
        "as_of": asked.as_of.isoformat() if asked.as_of else None,
        "mark": mark,
        "whole": asked.standalone,
    }
    return tag(
        "article", _asked(asked.text, asked.standalone, asked.as_of, lang, key),
        tag("p", say("changed", lang), class_="changed") if changed else None,
        tag("div", *body, class_="answer"),
        class_="turn", id=f"turn-{key}", lang=lang, aria_labelledby=f"asked-{key}", data_key=key,
        data_state="telling" if shown is not None else "done", data_status=answer.status, data_turn=json.dumps(data, ensure_ascii=False),
    )  # fmt: skip


def waiting(question: str, as_of: date | None, lang: Lang, key: str, text: str) -> Markup:
    """A question that is being answered; `text` says what is going on."""
    return tag(
        "article", _asked(question, question, as_of, lang, key),
        tag("div", tag("p", tag("span", class_="pulse", aria_hidden="true"), text, class_="waiting"), class_="answer"),
        class_="turn", id=f"turn-{key}", lang=lang, aria_labelledby=f"asked-{key}", data_key=key, data_state="telling",
    )  # fmt: skip


def failure(question: str, as_of: date | None, lang: Lang, key: str, text: str) -> Markup:
    """A question that could not be put, and why."""
    data = {"q": question, "as_of": as_of.isoformat() if as_of else None, "mark": ""}
    return tag(
        "article", _asked(question, question, as_of, lang, key),
        tag("div", tag("p", text, class_="failed", role="alert"), class_="answer"),
        class_="turn", id=f"turn-{key}", lang=lang, aria_labelledby=f"asked-{key}", data_key=key, data_state="failed",
        data_turn=json.dumps(data, ensure_ascii=False),
    )  # fmt: skip


def welcome(lang: Lang) -> Markup:
    """What a reader sees first: what this is, and questions to start with."""
    cards = [_example(what, question, day, lang) for what, question, day in EXAMPLES[lang]]
    return tag(
        "section", tag("h2", say("welcome", lang)), tag("p", say("welcome_text", lang), class_="intro"),
        tag("ul", *cards, class_="examples", aria_label=say("examples", lang)), class_="welcome", id="welcome",
    )  # fmt: skip


def article_href(article: Article, lang: Lang, citation: Citation | None = None) -> str:
    """Our own page of an article, at the sentence of a citation."""
    values = {"lang": lang} | ({"at": f"{citation.span.start}-{citation.span.end}"} if citation else {})
    return f"/article/{quote(article.id, safe='')}?{urlencode(values)}{'#passage' if citation else ''}"


def facts_of(article: Article, lang: Lang, copies: Sequence[Article] = ()) -> list[str]:
    """Outlet, day, who reported it first, who carried it: what a reader weighs a source by."""
    facts = [] if article.publisher == NO_OUTLET else [article.publisher]
    facts.append(article_day(article, lang))
    if article.origin and article.origin != article.publisher:
        facts.append(say("reported_by", lang, origin=article.origin))
    if len(copies) == 1:
        facts.append(say("copies_one", lang, outlet=copies[0].publisher))
    elif copies:
        facts.append(say("copies_many", lang, n=len(copies)))
    return [*facts, say("digest", lang)] if article.kind == "digest" else facts


def reader_link(url: str | None, text: str) -> Markup | None:
    """A link to a publisher's page, in a tab of its own that learns nothing of ours; None for what is no web address."""
    safe = web_url(url)
    return safe and tag("a", text, href=safe, target="_blank", rel="noopener noreferrer", class_="out")  # type: ignore[return-value]


# --- the question ------------------------------------------------------------------------------------------------


def _asked(text: str, standalone: str, as_of: date | None, lang: Lang, key: str) -> Markup:
    about = [
        tag("p", say("as_of_day", lang, day=day_text(as_of, lang)), class_="then") if as_of else None,
        tag("p", tag("span", f"{say('understood', lang)}{' ' if lang == 'fr' else ''}: "), standalone, class_="understood")
        if standalone != text else None,
    ]  # fmt: skip
    return tag("header", tag("h3", text, id=f"asked-{key}"), *about, class_="asked")


def _example(what: str, question: str, day: str | None, lang: Lang) -> Markup:
    when = day_text(date.fromisoformat(day), lang) if day else None
    inside = (
        tag("span", what if when is None else f"{what} · {when}", class_="what"),
        tag("span", question, class_="ask"),
    )
    return tag("li", tag("button", *inside, type="button", class_="example", data_ask=question, data_as_of=day or ""))


# --- the answer --------------------------------------------------------------------------------------------------


def _groups(statements: Iterable[Statement], answer: Answer) -> list[Markup]:
    """Statements under what they are: sides of a conflict stand side by side, what is past stands apart."""
    cited, lang = {citation.n: citation for citation in answer.citations}, answer.question.lang
    groups = []
    for place, (role, group) in enumerate(groupby(statements, key=lambda s: s.role)):
        told = [_statement(statement, cited, lang, first=place == n == 0) for n, statement in enumerate(group)]
        if role == "conflict":
            sides = tag("div", *told, class_="sides")
            groups.append(tag("section", tag("h4", say("conflict_title", lang)), sides, class_="conflict"))
        elif role == "superseded":
            groups.append(tag("section", tag("h4", say("superseded_title", lang)), *told, class_="before"))
        else:
            groups += told
    return groups


def _statement(statement: Statement, cited: dict[int, Citation], lang: Lang, *, first: bool) -> Markup:
    """One sentence with its date, what it is, and its marks."""
    sources = [cited[n] for n in statement.citations if n in cited]
    day = (
        day_text(statement.date, lang) if statement.date else article_day(sources[0].article, lang) if sources else None
    )
    role = None if statement.role in ("answer", "context") else pick(ROLES[statement.role], lang)
    outlet = origin_of(sources[0]) if statement.role == "conflict" and sources else None
    when = tag(
        "p", tag("span", role, class_="role") if role else None, tag("span", outlet, class_="side") if outlet else None,
        tag("time", day, datetime=statement.date.isoformat() if statement.date else None) if day else None, class_="when",
    )  # fmt: skip
    words = tag("span", *_highlighted(statement), lang=sources[0].article.lang if sources else None, class_="words")
    marks = tag("span", *(_mark(citation, lang) for citation in sources), class_="marks")
    return tag(
        "div",
        when,
        tag("p", words, NO_BREAK, marks, class_="what"),
        class_=f"say {statement.role}{' first' if first else ''}",
    )


def _highlighted(statement: Statement) -> tuple[str | Markup, ...]:
    text, span = statement.text, statement.highlight
    if span is None or not 0 <= span.start < span.end <= len(text):
        return (text,)
    return text[: span.start], tag("strong", span.of(text), class_="direct"), text[span.end :]


def _mark(citation: Citation, lang: Lang) -> Markup:
    """The number that opens a passage, and what shows when one points at it."""
    article = citation.article
    label = say("source_n", lang, n=citation.n, outlet=article.publisher, day=article_day(article, lang))
    where = say("teaser", lang) if citation.section == "teaser" else None
    tip = tag(
        "span", tag("span", citation.quote, class_="quote", lang=article.lang), tag("span", article.title, class_="title", lang=article.lang),
        tag("span", " · ".join([*facts_of(article, lang, citation.copies), *([where] if where else [])]), class_="facts"),
        class_="tip", role="tooltip",
    )  # fmt: skip
    number = tag(
        "a",
        str(citation.n),
        href=article_href(article, lang, citation),
        class_="mark",
        aria_label=label,
        data_article=article.id,
    )
    return tag("span", number, tip, class_="cite")


def _abstention(answer: Answer, nearest: Sequence[Article]) -> Markup:
    """A calm no, and what the library does hold, as questions that can be asked."""
    lang = answer.question.lang
    asks = [
        tag("li", tag("button", article.title, tag("span", article_day(article, lang)), type="button", class_="near", lang=article.lang,
                      data_ask=say("nearest_question", lang, title=article.title).replace(NO_BREAK, " "), data_as_of=_iso(answer.question.as_of)))
        for article in nearest
    ]  # fmt: skip
    offered = join(tag("h4", say("nearest_title", lang)), tag("ul", *asks, class_="nearest")) if asks else None
    return tag("div", tag("p", answer.text, class_="no"), offered, class_="abstained")


def _notes(answer: Answer) -> Markup | None:
    return tag("ul", *(tag("li", note) for note in answer.notes), class_="notes") if answer.notes else None


def _sources(answer: Answer) -> Markup | None:
    """Each article once, under all its marks."""
    if not answer.citations:
        return None
    lang = answer.question.lang
    by_article: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        by_article.setdefault(citation.article.id, []).append(citation)
    lines = [_source(citations, lang) for citations in by_article.values()]
    return tag(
        "footer", tag("h4", say("sources", lang)), tag("ol", *lines), tag("p", say("verified", lang), class_="verified"), class_="sources",
    )  # fmt: skip


def _source(citations: Sequence[Citation], lang: Lang) -> Markup:
    first, article = citations[0], citations[0].article
    title = tag(
        "a",
        article.title,
        href=article_href(article, lang, first),
        class_="open",
        lang=article.lang,
        data_article=article.id,
    )
    out = reader_link(link(first) if article.url else None, say("publisher_page", lang, outlet=article.publisher))
    return tag(
        "li", tag("span", *(tag("span", str(c.n), class_="n") for c in citations), class_="ns"),
        tag("div", title, tag("p", " · ".join(facts_of(article, lang, first.copies)), class_="facts"), out),
    )  # fmt: skip


def _actions(answer: Answer, lang: Lang) -> Markup:
    buttons = [
        tag("button", say(act, lang), type="button", class_=f"act {act}", data_act=act,
            aria_pressed="false" if act in ("good", "bad") else None,
            data_copy=answer_markdown(answer) if act == "copy" else None)
        for act in ACTS
    ]  # fmt: skip
    form = tag(
        "form", tag("label", say("comment", lang), tag("textarea", rows="2", maxlength="1000")),
        tag("button", say("send_comment", lang), type="submit"), class_="comment", hidden=True,
    )  # fmt: skip
    return tag("div", tag("div", *buttons, class_="acts"), form, tag("p", class_="told", role="status"), class_="after")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
