"""Answer -> the JSON of the contract, schema h200.answer/1: the same for batch, programs and evaluations."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from rag.model import Answer, Article, Citation, Event, Statement, Verdict

SCHEMA: Final = "h200.answer/1"
FRAGMENT_WORDS: Final = 5
"""Words that name each end of a passage in a link to it; a whole long sentence would be no better found."""


def answer_json(answer: Answer, id_: object = None) -> dict[str, Any]:
    """The answer as plain data; `id` is there only when one is given."""
    question = answer.question
    return {
        "schema": SCHEMA,
        **({"id": id_} if id_ is not None else {}),
        "question": question.text,
        "standalone_question": question.standalone,
        "lang": question.lang,
        "as_of": question.as_of.isoformat() if question.as_of else None,
        "status": answer.status,
        "reason": answer.reason,
        "answer": answer.text,
        "lead": answer.lead,
        "statements": [_statement(statement) for statement in answer.statements],
        "citations": [_citation(citation) for citation in answer.citations],
        "origins": list(dict.fromkeys(origin_of(citation) for citation in answer.citations)),
        "confidence": answer.confidence,
        "mode": answer.mode,
        "notes": list(answer.notes),
        "timings_ms": dict(answer.timings_ms),
        "usage": dict(answer.usage),
        "library": {
            "articles": answer.library.articles,
            "passages": answer.library.passages,
            "newest": answer.library.newest.isoformat() if answer.library.newest else None,
            "fingerprint": answer.library.fingerprint,
        },
    }


def article_json(article: Article) -> dict[str, Any]:
    """An article's metadata as plain data, without its text."""
    return {
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else None,
        "origin": article.origin,
        "lang": article.lang,
        "kind": article.kind,
        "url": article.url,
        "source": article.source,
        "copy_of": article.copy_of,
        "extra": dict(article.extra),
    }


def event_json(event: Event) -> dict[str, Any]:
    """A dated state of affairs as plain data, with the sentence it was read in."""
    return {
        "date": event.date.isoformat(),
        "actor": event.actor,
        "superseded": event.superseded,
        "citation": _citation(event.citation),
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """What became of one source, as plain data."""
    return {
        "source": verdict.source,
        "verdict": verdict.outcome,
        "reason": verdict.reason,
        "article_id": verdict.article_id,
        "title": verdict.title,
    }


def link(citation: Citation) -> str:
    """Where a click leads: the publisher's page at the passage, the plain page for a digest, else our own page."""
    article = citation.article
    if article.url is None:
        return f"/article/{quote(article.id)}#{citation.span.start}-{citation.span.end}"
    if article.kind == "digest":
        return article.url
    words = citation.quote.split()
    if len(words) <= 2 * FRAGMENT_WORDS:
        fragment = _escaped(words)
    else:
        fragment = f"{_escaped(words[:FRAGMENT_WORDS])},{_escaped(words[-FRAGMENT_WORDS:])}"
    return f"{article.url.partition('#')[0]}#:~:text={fragment}"


def origin_of(citation: Citation) -> str:
    """Who reported it first: five sites that repeat one agency are one origin."""
    return citation.article.origin or citation.article.publisher


def _escaped(words: list[str]) -> str:
    # A hyphen or comma left bare would be read as part of the fragment's own syntax.
    return quote(" ".join(words), safe="").replace("-", "%2D")


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "role": statement.role,
        "date": statement.date.isoformat() if statement.date else None,
        "citations": list(statement.citations),
        "support": statement.support,
        "highlight": [statement.highlight.start, statement.highlight.end] if statement.highlight else None,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    article = citation.article
    return {
        "n": citation.n,
        "article_id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else None,
        "origin": article.origin,
        "kind": article.kind,
        "source": article.source,
        "url": article.url,
        "link": link(citation),
        "quote": citation.quote,
        "start": citation.span.start,
        "end": citation.span.end,
        "section": citation.section,
        "copies": [{"publisher": copy.publisher, "url": copy.url} for copy in citation.copies],
    }
