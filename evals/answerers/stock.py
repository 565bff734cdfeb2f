"""Plain llama-index defaults over the same articles with the same encoder: what one has after five lines of a tutorial.

Documents -> VectorStoreIndex.from_documents (its SentenceSplitter) -> as_retriever() (its top 2). No language model is
there to write, so the chunks themselves are the answer, best first. It knows neither dates nor when to be silent, and
sees only the question as typed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import BaseNode, NodeWithScore, TextNode
from pydantic import PrivateAttr

from evals.answerers.base import ArmDidNotRun, Response, Unit
from evals.matching import Said
from evals.questions import Case
from evals.shelf import Shelf
from rag.index.encoder import Encoder, open_encoder
from rag.index.encoder.protocol import Role
from rag.language.detect import detect_language
from rag.model import Answer, Article, Citation, LibraryFacts, Question, Span, Statement
from rag.render.json import answer_json

TOP = 2
"""llama-index's own similarity_top_k, checked by `check`."""


class SameEncoder(BaseEmbedding):
    """Our encoder behind llama-index's interface."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(model_name=encoder.name)
        self._encoder = encoder

    def _vector(self, text: str, role: Role) -> list[float]:
        values = self._encoder.encode([text], detect_language(text, "en"), role)[0]
        return [float(value) for value in values]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._vector(query, "query")

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._vector(text, "passage")

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


@dataclass(slots=True)
class StockArm:
    """The index, its chunks by id, and what llama-index was left to decide."""

    name: str
    shelf: Shelf
    settings: Mapping[str, Any]
    retriever: BaseRetriever
    chunks: Mapping[str, TextNode]
    facts: LibraryFacts
    _units: dict[str, Unit] = field(default_factory=dict)

    def ask(self, case: Case) -> Response:
        """The two nearest chunks, as an answer."""
        started = time.perf_counter()
        found = self.retriever.retrieve(case.question)
        answer = self._answer(case, found)
        seconds = time.perf_counter() - started
        ranked = tuple(_id_of(node.node) for node in found)
        return Response(answer_json(answer, case.id), ranked, seconds, {"kind": type(self.retriever).__name__})

    def _answer(self, case: Case, found: Sequence[NodeWithScore]) -> Answer:
        citations = tuple(self._citation(n, node) for n, node in enumerate(found, start=1))
        statements = tuple(Statement(c.quote, "answer", (c.n,), c.article.published) for c in citations)
        lang = detect_language(case.question, "en")
        question = Question(case.question, case.question, lang, "what", case.as_of)
        return Answer(
            question=question, status="answered", text=" ".join(s.text for s in statements), statements=statements,
            citations=citations, confidence=max((node.score or 0.0 for node in found), default=0.0), library=self.facts,
        )  # fmt: skip

    def _citation(self, n: int, found: NodeWithScore) -> Citation:
        node = self.chunks[_id_of(found.node)]
        article = self.shelf.articles[node.metadata["name"]]
        span = Span(node.start_char_idx or 0, node.end_char_idx or 0)
        return Citation(n, article, span, span.of(article.text))

    def units(self) -> Mapping[str, Unit]:
        """The chunks."""
        if not self._units:
            for chunk_id, node in self.chunks.items():
                article = self.shelf.articles[node.metadata["name"]]
                self._units[chunk_id] = Unit(node.metadata["name"], Said(node.text, article.lang, article.published))
        return self._units

    def check(self, responses: Mapping[str, Response]) -> None:
        """Every question got llama-index's own number of chunks from its own retriever. Raises: ArmDidNotRun."""
        if not self.chunks:
            raise ArmDidNotRun("llama-index made no chunk of the corpus: there is nothing to compare with.")
        for case_id, response in responses.items():
            if len(response.ranked) != min(TOP, len(self.chunks)) or response.proof["kind"] != "VectorIndexRetriever":
                raise ArmDidNotRun(
                    f"llama-index returned {len(response.ranked)} chunks by {response.proof['kind']} for {case_id}, "
                    f"not {TOP} by VectorIndexRetriever: this is not its default."
                )

    def close(self) -> None:
        """Nothing is held but memory."""


def stock(shelf: Shelf) -> StockArm:
    """Index the articles of a library the way llama-index does when nothing is said."""
    documents = [_document(name, article) for name, article in shelf.articles.items()]
    encoder = open_encoder(shelf.library.settings.encoder)
    index = VectorStoreIndex.from_documents(documents, embed_model=SameEncoder(encoder))
    chunks = {_id_of(node): node for node in index.docstore.docs.values() if isinstance(node, TextNode)}
    splitter = SentenceSplitter()
    settings = {
        "encoder": encoder.fingerprint, "top": TOP, "chunk_tokens": splitter.chunk_size, "overlap": splitter.chunk_overlap,
    }  # fmt: skip
    return StockArm("stock", shelf, settings, index.as_retriever(), chunks, shelf.library.facts)


def _id_of(node: BaseNode) -> str:
    """Article and place: llama-index draws its own ids anew each time, and answers that are kept must outlive them."""
    return f"{node.metadata['name']}#{getattr(node, 'start_char_idx', None) or 0}"


def _document(name: str, article: Article) -> Document:
    facts = {"title": article.title, "publisher": article.publisher, "date": str(article.published or "")}
    return Document(
        text=article.text, id_=name, metadata={**facts, "name": name}, excluded_embed_metadata_keys=["name"]
    )
