"""The last look before anything is shown: every quote is compared with the stored text it claims to be."""

from __future__ import annotations

from collections.abc import Callable

from rag.model import Article, Citation, Statement


def verified(
    statements: tuple[Statement, ...], citations: tuple[Citation, ...], stored: Callable[[str], Article | None]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Drop citations that differ from the stored text, and statements left without any.

    `stored` fetches an article by id, afresh: an article may have changed or gone since it was found.
    """
    sound = {citation.n for citation in citations if _holds(citation, stored(citation.article.id))}
    kept = tuple(statement for statement in statements if statement.citations and sound.issuperset(statement.citations))
    used = {n for statement in kept for n in statement.citations}
    return kept, tuple(citation for citation in citations if citation.n in used)


def _holds(citation: Citation, article: Article | None) -> bool:
    return article is not None and bool(citation.quote) and citation.span.of(article.text) == citation.quote
