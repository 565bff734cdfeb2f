"""Sources -> library: each source is read, cut, embedded and written as one, and gets a verdict.

What is already there unchanged is recognised by the hash of its bytes, and nothing is written for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.errors import FetchFailed, IngestError
from rag.index.catalog import VECTORS_BEHIND, Catalog, Record, sentence_id
from rag.index.encoder import Encoder
from rag.index.lexical import LexicalIndex
from rag.ingest.chunking import passages_of
from rag.ingest.copies import COPY_FROM, resemblance, same_figures, sketch
from rag.ingest.fetching import Fetcher
from rag.ingest.loaders import SourceBytes, load_article, read_source
from rag.language.dates import find_dates
from rag.model import Article, Passage, Verdict

READING_VERSION: Final = "1"
"""Raised whenever reading or cutting changes, so that sources ingested before are read again."""


@dataclass(frozen=True, slots=True)
class Writer:
    """The parts of a library that ingest writes to.

    `encoder` is called when the first new text comes up; `fetcher` gets web pages, None: web addresses are refused.
    """

    catalog: Catalog
    lexical: LexicalIndex
    encoder: Callable[[], Encoder]
    max_bytes: int
    passage_words: int
    fetcher: Fetcher | None = None

    def take(self, named: Path | str) -> Verdict:
        """Bring one file or web page into the library, or say why not."""
        name = str(named)
        try:
            source = read_source(named, max_bytes=self.max_bytes, fetcher=self.fetcher)
            content = f"{READING_VERSION}-{self.passage_words}-{source.content_hash}"
            known = self.catalog.known_source(source.source)
            if known is not None and known[1] == content:
                return Verdict(name, "unchanged", article_id=known[0])
            return self._write(name, source, content, known)
        except FetchFailed as error:
            return Verdict(name, "failed", reason=str(error))
        except IngestError as error:
            return Verdict(name, "refused", reason=str(error))

    def _write(self, name: str, source: SourceBytes, content: str, known: tuple[str, str] | None) -> Verdict:
        article, before = load_article(source), known[0] if known else None
        holder = self.catalog.holder_of(article)
        if holder is not None and (holder.kind == "full" or article.kind == "digest"):
            reason = f"{holder.source} has the same address and is in the library."
            return Verdict(name, "duplicate", reason, article.id, article.title)
        places = [id_ for id_ in (before, holder.id if holder else None) if id_ is not None]
        drawn = sketch(article.text)
        first = self._first_of(article, drawn, places)
        if first is not None and _same_print(article, first):
            reason = f"It has the text of {first.source}, from the same outlet, which is in the library."
            return Verdict(name, "duplicate", reason, first.id, article.title)
        article = replace(article, copy_of=first.id if first else None)
        self._put(article, content, drawn, places)
        if first is not None:
            reason = f"It is kept as a copy of {first.id}, as {article.publisher} carried it."
            return Verdict(name, "duplicate", reason, article.id, article.title)
        displaced = f"It takes the place of the digest {holder.source}." if holder else None
        return Verdict(name, "updated" if before else "added", displaced, article.id, article.title)

    def _put(self, article: Article, content: str, drawn: bytes, places: Sequence[str]) -> None:
        """Embed and write an article, in the place of those with the ids `places`."""
        passages = passages_of(article, self.passage_words)
        vectors = embed([(article, passage) for passage in passages], self.encoder())
        with self.catalog.transaction():
            for place in places:
                self.catalog.remove(place)
            self.catalog.put(Record(article, passages, vectors, content, drawn, known_from(article)))
            self.lexical.put(article, passages)
            self.catalog.set_state(VECTORS_BEHIND, "yes")

    def _first_of(self, article: Article, drawn: bytes, places: Sequence[str]) -> Article | None:
        """The article whose text this is a copy of, the most alike if there are several."""
        others = [(resemblance(drawn, other), id_) for id_, other in self.catalog.sketches()]
        alike = sorted(((share, id_) for share, id_ in others if share >= COPY_FROM), reverse=True)
        found = self.catalog.articles(id_ for _, id_ in alike if id_ not in (article.id, *places))
        by_id = {other.id: other for other in found if same_figures(article, other)}
        return next((by_id[id_] for _, id_ in alike if id_ in by_id), None)


def embed(cut: Sequence[tuple[Article, Passage]], encoder: Encoder) -> Mapping[str, NDArray[np.float32]]:
    """Unit id -> (d,) unit row, for every passage (under its article's title) and every sentence of it."""
    units, texts, languages = [], [], []
    for article, passage in cut:
        text = passage.span.of(article.text)
        units.append(passage.id)
        texts.append(f"{article.title}\n{text}" if passage.section == "body" else text)
        units += [sentence_id(passage.id, ordinal) for ordinal in range(len(passage.sentences))]
        texts += [span.of(article.text) for span in passage.sentences]
        languages += [passage.lang] * (1 + len(passage.sentences))
    return dict(zip(units, encoder.encode(texts, languages, "passage"), strict=True))


def known_from(article: Article) -> date | None:
    """The first day on which a reader could have known the article: its publication.

    An undated article counts from the latest full date its text states, and never where it states none.
    """
    if article.published is not None:
        return article.published
    stated = (found for block in article.blocks for found in find_dates(block.span.of(article.text), block.lang, None))
    return max((found.end for found in stated), default=None)


def _same_print(article: Article, other: Article) -> bool:
    """Whether an outlet printed the very same text on the same day: one file under two names."""
    printed = (article.publisher, article.published, article.text)
    return printed == (other.publisher, other.published, other.text)
