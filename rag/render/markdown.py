"""Answer, conversation -> Markdown, escaped: what an article says stays text, and only stored addresses become links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from rag.days import day_text
from rag.model import Answer, Citation, Lang, Statement
from rag.outlets import with_article
from rag.render.json import link, origin_of
from rag.render.markup import web_url
from rag.render.terminal import article_day
from rag.render.words import ROLES, pick, say

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$-])")
_AT_START: Final = re.compile(r"^(\s*\d+)([.)])")


def answer_markdown(answer: Answer) -> str:
    """The answer with its marks, then its sources."""
    lang = answer.question.lang
    if not answer.statements:
        return escaped(answer.text)
    lines = [f"**{escaped(answer.lead)}**"] if answer.lead else []
    cited = {citation.n: citation for citation in answer.citations}
    lines += [_statement(one, cited[one.citations[0]], lang) for one in answer.statements]
    lines += [_source(citation, lang) for citation in answer.citations]
    return "\n\n".join(lines)


def conversation_markdown(answers: Iterable[Answer], lang: Lang, today: date) -> str:
    """A whole conversation under its questions."""
    parts = [f"# h200\n\n{say('exported', lang, day=day_text(today, lang))}"]
    for answer in answers:
        as_of = answer.question.as_of
        then = f"\n\n*{escaped(say('as_of_day', lang, day=day_text(as_of, lang)))}*" if as_of else ""
        parts.append(f"## {escaped(answer.question.text)}{then}\n\n{answer_markdown(answer)}")
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Text in which no character means anything to Markdown or HTML."""
    flat = " ".join(text.split())
    return _AT_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", flat))


def _statement(statement: Statement, source: Citation, lang: Lang) -> str:
    """A sentence with its marks, under what it is; one side of a disagreement under who says it and when."""
    marks = "".join(f"\\[{n}\\]" for n in statement.citations)
    if statement.role in ("answer", "context"):
        return f"{_with_direct(statement)} {marks}"
    side = f"{origin_of(source)}, {article_day(source.article, lang)}"
    head = escaped(side) if statement.role == "conflict" else pick(ROLES[statement.role], lang)
    return f"*{head}.* {_with_direct(statement)} {marks}"


def _with_direct(statement: Statement) -> str:
    span, text = statement.highlight, statement.text
    if span is None or not text[span.start : span.end].strip():
        return escaped(text)
    before, direct, after = text[: span.start], span.of(text), text[span.end :]
    parts: Sequence[str] = (escaped(before), f"**{escaped(direct)}**", escaped(after))
    return f"{parts[0]}{_gap(before, -1)}{parts[1]}{_gap(after, 0)}{parts[2]}"


def _gap(text: str, end: int) -> str:
    return " " if text and text[end].isspace() else ""


def _source(citation: Citation, lang: Lang) -> str:
    article = citation.article
    url = web_url(link(citation)) if article.url else None
    title = f"[{escaped(article.title)}](<{_address(url)}>)" if url else escaped(article.title)
    facts = [article.publisher, article_day(article, lang)]
    if article.origin and article.origin != article.publisher:
        facts.append(say("reported_by", lang, origin=with_article(article.origin, lang)))
    return f"\\[{citation.n}\\] {title}, {escaped(', '.join(facts))} : « {escaped(citation.quote)} »"


def _address(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20").replace("\n", "")
