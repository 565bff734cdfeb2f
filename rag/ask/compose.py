"""What is shown of the evidence -> the statements of an answer, and the citations that carry them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.ask.choosing import Picked
from rag.model import Article, Citation, Span, Statement


def compose(
    picked: Sequence[Picked], copies: Callable[[Article], Sequence[Article]]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Statements that quote their evidence word for word, and the citations that carry them, numbered from 1.

    `copies` finds the other outlets that carried an article.
    """
    statements, citations = [], []
    for n, one in enumerate(picked, start=1):
        found = one.scored.evidence
        place = (found.article, found.span, found.text, found.passage.section)
        citations.append(Citation(n, *place, copies=tuple(copies(found.article))))
        statements.append(Statement(found.text, one.role, (n,), found.date, highlight=_direct(one)))
    return tuple(statements), tuple(citations)


def _direct(one: Picked) -> Span | None:
    """Where the direct answer stands: only in the sentence that answers, and where it is the very thing asked for."""
    answer = one.scored.answer
    return answer.span if answer and answer.fit == 1.0 and one.role in ("answer", "current") else None
