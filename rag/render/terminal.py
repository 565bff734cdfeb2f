"""Answer, articles, status -> text for a terminal, with colour marks that `rich` understands and a pipe does without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from rag.days import MONTHS, day_text
from rag.model import Actor, Answer, Article, Citation, Event, Lang, Statement, Verdict
from rag.outlets import with_article
from rag.render.json import link

_NO_PUBLISHER: Final = "—"
_NO_LONGER: Final[Mapping[Lang, str]] = {"fr": "dépassé", "en": "superseded"}
_ACTORS: Final[Mapping[Lang, Mapping[Actor, str]]] = {
    "fr": {"beijing": "Pékin", "washington": "Washington", "nvidia": "Nvidia", "buyers": "acheteurs"},
    "en": {"beijing": "Beijing", "washington": "Washington", "nvidia": "Nvidia", "buyers": "buyers"},
}
_UNDATED: Final = {"fr": "sans date", "en": "undated"}
_DIGEST: Final = {"fr": "résumé", "en": "digest"}
_COPIES: Final = {
    "fr": ("repris par {outlet}", "repris par {count} sites"),
    "en": ("also carried by {outlet}", "also carried by {count} sites"),
}
_TEASER: Final = {"fr": "encadré d'une autre page", "en": "teaser on the page"}
_UNDERSTOOD: Final = {"fr": "Compris comme", "en": "Understood as"}


def answer_text(answer: Answer, *, colour: bool = False) -> str:
    """The answer with its citation marks, then the sources; with `colour`, in rich markup."""
    lang = answer.question.lang
    lines = []
    if answer.question.standalone != answer.question.text:
        lines += [
            _style(f"{_UNDERSTOOD[lang]}{' ' if lang == 'fr' else ''}: {answer.question.standalone}", "dim", colour),
            "",
        ]
    if not answer.statements:
        return "\n".join([*lines, _style(answer.text, "yellow", colour)])
    if answer.lead:
        lines.append(_style(answer.lead, "bold", colour))
    lines += [_statement_line(statement, lang, colour) for statement in answer.statements]
    lines.append("")
    lines += [_source_lines(list(group), lang, colour) for _, group in groupby(answer.citations, key=_place)]
    return "\n".join(lines)


def _statement_line(statement: Statement, lang: Lang, colour: bool) -> str:
    """A statement with its marks; the direct answer stands out, and so does what no longer holds."""
    text, found = statement.text, statement.highlight
    if statement.role == "superseded":
        day = f", {day_text(statement.date, lang)}" if statement.date else ""
        text = _style(f"({_NO_LONGER[lang]}{day}) {text}", "dim", colour)
    elif found is not None:
        parts = (text[: found.start], found.of(text), text[found.end :])
        text = "".join(_style(part, style, colour) for part, style in zip(parts, ("", "bold", ""), strict=True))
    else:
        text = _style(text, "bold" if statement.role in ("answer", "current") else "", colour)
    marks = "".join(f"[{n}]" for n in statement.citations)
    return f"{text} {_style(marks, 'cyan', colour)}"


def _place(citation: Citation) -> tuple[str, str]:
    return citation.article.id, citation.section


def _source_lines(citations: list[Citation], lang: Lang, colour: bool) -> str:
    """The article that neighbouring citations come from, under all their marks."""
    article = citations[0].article
    facts = [name for name in (article.publisher,) if name != _NO_PUBLISHER]
    facts.append(article_day(article, lang))
    if article.origin and article.origin != article.publisher:
        facts.append(f"{'selon' if lang == 'fr' else 'reported by'} {with_article(article.origin, lang)}")
    if copies := citations[0].copies:
        facts.append(_COPIES[lang][len(copies) > 1].format(count=len(copies), outlet=copies[0].publisher))
    if article.kind == "digest":
        facts.append(_DIGEST[lang])
    if citations[0].section == "teaser":
        facts.append(_TEASER[lang])
    where = article.source if article.url is None else link(citations[0])
    marks = _style("".join(f"[{citation.n}]" for citation in citations), "cyan", colour)
    detail = _style(", ".join(facts), "dim", colour)
    return f"{marks} {_style(article.title, '', colour)}\n    {detail}\n    {_style(where, 'dim', colour)}"


def article_day(article: Article, lang: Lang) -> str:
    """The day an article was published; where only more or less is known, that."""
    if article.published is not None:
        return day_text(article.published, lang)
    return _month(dict(article.extra).get("date_note", _UNDATED[lang]), lang)


def _month(note: str, lang: Lang) -> str:
    """'May 2026' as 'mai 2026' to a French reader; any other note as it stands."""
    name, _, year = note.partition(" ")
    for names in MONTHS.values():
        if name in names and year.isdigit():
            return f"{MONTHS[lang][names.index(name)]} {year}"
    return note


def event_rows(events: Sequence[Event], lang: Lang) -> list[tuple[str, str, str, str]]:
    """Date, actor, what is reported and the outlet, a row for each event; what no longer holds says so."""
    return [
        (
            day_text(event.date, lang),
            _ACTORS[lang][event.actor],
            f"({_NO_LONGER[lang]}) {event.citation.quote}" if event.superseded else event.citation.quote,
            event.citation.article.publisher,
        )
        for event in events
    ]


def article_text(article: Article, lang: Lang) -> str:
    """A whole article under its metadata; teasers stand apart at the end."""
    facts: list[tuple[str, object]] = [
        ("id", article.id), ("publisher", article.publisher), ("published", article_day(article, lang)), ("origin", article.origin),
        ("language", article.lang), ("kind", article.kind), ("url", article.url), ("source", article.source), *article.extra,
    ]  # fmt: skip
    head = [article.title, "", *(f"{name}: {value}" for name, value in facts if value)]
    body = [b.span.of(article.text) for b in article.blocks if b.section != "teaser"]
    teasers = [b.span.of(article.text) for b in article.blocks if b.section == "teaser"]
    apart = ["-- also announced on the page --", *teasers] if teasers else []
    return "\n".join(head) + "\n\n" + "\n\n".join([*body, *apart])


def verdict_line(verdict: Verdict) -> str:
    """'added      path' with the reason, if there is one."""
    reason = f": {verdict.reason}" if verdict.reason else ""
    return f"{verdict.outcome:<10} {verdict.source}{reason}"


def article_rows(articles: Sequence[Article]) -> list[tuple[str, ...]]:
    """(date, outlet, origin, title, language, copies, name) of each article; a copy says whose it is."""
    held = Counter(article.copy_of for article in articles)
    return [
        (
            article.published.isoformat() if article.published else dict(article.extra).get("date_note", "—"),
            article.publisher,
            article.origin or "",
            article.title,
            article.lang,
            f"of {article.copy_of}" if article.copy_of else str(held[article.id] or ""),
            article.id,
        )
        for article in articles
    ]


def _style(text: str, style: str, colour: bool) -> str:
    if not colour:
        return text
    # A sentence that holds [brackets] must not be taken for markup.
    escaped = text.replace("[", "\\[")
    return f"[{style}]{escaped}[/]" if style else escaped
