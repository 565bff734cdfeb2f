"""A library as a llama-index retriever and query engine: their nodes and responses, our passages and answers.

retriever = H200Retriever(rag.open_library(), limit=5)
engine = H200QueryEngine(rag.open_library())
"""

from __future__ import annotations

from datetime import date
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from rag.library import Library
from rag.model import Article, Mode, Section, Span
from rag.render.json import answer_json


class H200Retriever(BaseRetriever):
    """Finds passages as `Library.search` does; every node says where in which article it stands."""

    def __init__(self, library: Library, *, as_of: date | None = None, limit: int = 10) -> None:
        self._library, self._as_of, self._limit = library, as_of, limit
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._library.search(query_bundle.query_str, as_of=self._as_of, limit=self._limit)
        articles = {article.id: article for article in self._library.articles()}
        return [
            NodeWithScore(
                node=_node(passage.id, articles[passage.article_id], passage.span, passage.section), score=score
            )
            for passage, score in found
        ]


class H200QueryEngine(BaseQueryEngine):
    """Answers as `Library.ask` does. The response's nodes are its citations, its metadata the whole answer as JSON."""

    def __init__(self, library: Library, *, mode: Mode = "extractive", as_of: date | None = None) -> None:
        self._library, self._mode, self._as_of = library, mode, as_of
        super().__init__(callback_manager=None)

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._library.ask(query_bundle.query_str, as_of=self._as_of, mode=self._mode)
        nodes = [
            NodeWithScore(
                node=_node(f"{c.article.id}-{c.span.start}", c.article, c.span, c.section), score=answer.confidence
            )
            for c in answer.citations
        ]
        return Response(response=answer.text, source_nodes=nodes, metadata=answer_json(answer))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        """The same: a library has one connection, and an answer takes a fraction of a second."""
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def _node(id_: str, article: Article, span: Span, section: Section) -> TextNode:
    facts: dict[str, Any] = {
        "title": article.title, "publisher": article.publisher, "url": article.url, "section": section,
        "published": article.published.isoformat() if article.published else None, "origin": article.origin,
    }  # fmt: skip
    return TextNode(
        id_=id_, text=span.of(article.text), metadata=facts, start_char_idx=span.start, end_char_idx=span.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=article.id)},
    )  # fmt: skip
