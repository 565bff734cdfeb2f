"""Answer -> the HTML of one turn of a conversation, escaped; links lead to our own article pages and to stored addresses.

A mark opens /article/ID at its sentence; the page's script shows that beside the answer, and without script it is a page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal
from urllib.parse import quote, urlencode

from rag.days import day_text
from rag.model import Answer, Article, Citation, Lang, Mode, Statement
from rag.render.json import link
from rag.render.markdown import answer_markdown
from rag.render.markup import Markup, join, tag, web_url
from rag.render.terminal import article_day
from rag.render.words import EXAMPLES, ROLES, number_text, pick, say

NO_OUTLET: Final = "—"
NO_BREAK: Final = "\u00a0"
ACTS: Final = ("copy", "edit", "retry", "share", "good", "bad")
ERRORS: Final = "en"
"""The language that the library's own errors are told in."""
Since = Literal["changed", "reworded"]
"""Why an answer is no longer what it was: the library has changed, or a language model had put it in other words."""
Cited = Mapping[int, Citation]


def turn(
    answer: Answer,
    key: str,
    mark: str,
    *,
    ui: Lang | None = None,
    mode: Mode = "extractive",
    shown: int | None = None,
    nearest: Sequence[Article] = (),
    since: Since | None = None,
) -> Markup:
    """One question and its answer, in the language of the question; buttons in that of the page (`ui`).

    `key` names it on the page, `mark` tells whether the answer is still the same, `mode` how it was asked for.
    `shown`: so many statements of it, while it is being told; None: all of it, with sources and what can be done next.
    `nearest`: articles to offer where there is no answer; `since`: what is different since it was first told.
    """
    asked, lang = answer.question, answer.question.lang
    told = answer.statements if shown is None else answer.statements[:shown]
    body = [tag("p", answer.lead, class_="lead") if answer.lead and answer.statements else None, *_groups(told, answer)]
    if not answer.statements:
        body.append(_abstention(answer, nearest if shown is None else ()))
    if shown is None:
        body += [_notes(answer), _sources(answer), _actions(answer, ui or lang)]
    elif answer.mode == "llm":
        body.append(_pulse(say("writing", lang)))
    data = {
        "q": asked.text,
        "as_of": _iso(asked.as_of) or None,
        "mark": mark,
        "whole": asked.standalone,
        "mode": mode,
    }
    return _turn(
        _asked(asked.text, asked.standalone, asked.as_of, lang, key),
        tag("p", say(since, lang), class_="changed") if since else None,
        tag("div", *body, class_="answer"),
        lang=lang, key=key, state="telling" if shown is not None else "done", data=data, data_status=answer.status,
    )  # fmt: skip


def waiting(question: str, as_of: date | None, lang: Lang, key: str, text: str) -> Markup:
    """A question that is being answered; `text` says what is going on."""
    asked = _asked(question, question, as_of, lang, key)
    return _turn(asked, tag("div", _pulse(text), class_="answer"), lang=lang, key=key, state="telling")


def failure(question: str, as_of: date | None, lang: Lang, key: str, text: str) -> Markup:
    """A question that could not be put, and why."""
    said = tag("p", text, class_="failed", role="alert", lang=ERRORS)
    data = {"q": question, "as_of": _iso(as_of) or None, "mark": ""}
    asked = _asked(question, question, as_of, lang, key)
    return _turn(asked, tag("div", said, class_="answer"), lang=lang, key=key, state="failed", data=data)


def _turn(
    *inside: Markup | None, lang: Lang, key: str, state: str, data: dict[str, str | None] | None = None, **more: str
) -> Markup:
    """What the page's script knows as a turn; `data` is what a browser keeps of it."""
    return tag(
        "article", *inside, class_="turn", id=f"turn-{key}", lang=lang, aria_labelledby=f"asked-{key}",
        data_key=key, data_state=state,
        data_turn=json.dumps(data, ensure_ascii=False) if data else None, **more,
    )  # fmt: skip


def _pulse(text: str) -> Markup:
    return tag("p", tag("span", class_="pulse", aria_hidden="true"), text, class_="waiting")


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


def _groups(statements: Sequence[Statement], answer: Answer) -> list[Markup]:
    """Statements under what they are: accounts that differ stand side by side, what is past stands apart.

    Each of these two stands where its first sentence does.
    """
    cited, lang = {citation.n: citation for citation in answer.citations}, answer.question.lang
    groups = []
    for place, statement in enumerate(statements):
        alike = [one for one in statements if one.role == statement.role]
        if statement.role not in ("conflict", "superseded"):
            groups.append(_statement(statement, cited, answer, first=place == 0))
        elif statement is not alike[0]:
            continue
        elif statement.role == "conflict":
            groups.append(_disagreement(alike, cited, answer))
        else:
            lines = [_statement(one, cited, answer, first=False) for one in alike]
            groups.append(tag("section", tag("h4", say("superseded_title", lang)), *lines, class_="before"))
    return groups


def _disagreement(told: Sequence[Statement], cited: Cited, answer: Answer) -> Markup:
    """A card for each source that speaks, with all it says. Two lead the answer; what others add follows under them.

    Only the first two sentences are known to stand against one another: they open the two sides in turn.
    """
    lang = answer.question.lang
    accounts: dict[str, list[Statement]] = {}
    for statement in told:
        accounts.setdefault(cited[statement.citations[0]].article.id, []).append(statement)
    leading = 2 if answer.mode == "extractive" else len(accounts)
    cards = [_account(statements, cited, answer) for statements in accounts.values()]
    title = None if answer.lead else tag("h4", say("conflict_title", lang))
    others = (
        [tag("h4", say("conflict_others", lang)), tag("div", *cards[leading:], class_="others")]
        if cards[leading:]
        else []
    )
    return tag("section", title, tag("div", *cards[:leading], class_="sides"), *others, class_="conflict")


def _account(statements: Sequence[Statement], cited: Cited, answer: Answer) -> Markup:
    """What one source says: who it is and when it spoke, once, then its sentences."""
    lang, source = answer.question.lang, cited[statements[0].citations[0]]
    outlet, *facts = facts_of(source.article, lang, source.copies)
    head = tag("header", tag("h5", outlet, class_="side"), tag("p", " · ".join(facts), class_="facts"))
    return tag(
        "section",
        head,
        *(tag("p", *_sentence(one, cited, answer), class_="what") for one in statements),
        class_="account",
    )


def _statement(statement: Statement, cited: Cited, answer: Answer, *, first: bool) -> Markup:
    """One sentence with its date, what it is, and its marks."""
    lang, source = answer.question.lang, cited[statement.citations[0]]
    day = day_text(statement.date, lang) if statement.date else article_day(source.article, lang)
    role = pick(ROLES["current"], lang) if statement.role == "current" else None
    when = tag(
        "p", tag("span", role, class_="role") if role else None,
        tag("span", outlet, class_="from") if (outlet := source.article.publisher) != NO_OUTLET else None,
        tag("time", day, datetime=_iso(statement.date) or None),
        _replaced(answer) if statement.role == "superseded" else None, class_="when",
    )  # fmt: skip
    what = tag("p", *_sentence(statement, cited, answer), class_="what")
    return tag("div", when, what, class_=f"say {statement.role}{' first' if first else ''}")


def _replaced(answer: Answer) -> Markup:
    """Since when a statement no longer holds: the day of the one that holds."""
    day = next((statement.date for statement in answer.statements if statement.role == "current"), None)
    lang = answer.question.lang
    return tag(
        "span",
        say("replaced", lang, day=day_text(day, lang)) if day else say("replaced_since", lang),
        class_="replaced",
    )


def _sentence(statement: Statement, cited: Cited, answer: Answer) -> tuple[str, ...]:
    """The words, in the language they are in, and the marks of what carries them."""
    sources, lang = [cited[n] for n in statement.citations], answer.question.lang
    spoken = sources[0].article.lang if statement.support == "quote" else lang
    words = tag("span", *_highlighted(statement), lang=spoken, class_="words")
    return words, NO_BREAK, tag("span", *(_mark(citation, lang) for citation in sources), class_="marks")


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
    return tag("div", tag("p", _untitled(answer.text, nearest), class_="no"), offered, class_="abstained")


def _untitled(text: str, offered: Sequence[Article]) -> str:
    """The text up to the sentence that names what is offered under it anyway."""
    named = [at for at in (text.find(article.title) for article in offered) if at >= 0]
    return text[: text.rfind(". ", 0, min(named)) + 1] or text if named else text


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
        "footer", tag("h4", say("sources", lang)), tag("ol", *lines),
        tag("p", say("verified", lang), class_="verified"),
        _cost(answer) if answer.mode == "llm" else None, class_="sources",
    )  # fmt: skip


def _cost(answer: Answer) -> Markup:
    """That a language model wrote it, how long that took, and the tokens, where its server counts them."""
    lang, usage = answer.question.lang, answer.usage
    seconds = number_text(answer.timings_ms.get("generate", 0.0) / 1000, lang)
    read, written = (
        (number_text(usage[name], lang, 0) for name in ("prompt_tokens", "completion_tokens")) if usage else ("", "")
    )
    tokens = f" · {say('tokens', lang, read=read, written=written)}" if usage else ""
    return tag("p", f"{say('written', lang, seconds=seconds)}{tokens}", class_="written")


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
    told = tag("p", class_="told", role="status")
    return tag("div", tag("div", *buttons, class_="acts"), form, told, class_="after", lang=lang)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
