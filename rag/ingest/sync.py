"""Sources -> library: each source is read, cut, embedded and written as one, and gets a verdict.

What is already there unchanged is recognised by the hash of its bytes, and nothing is written for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.errors import IngestError
from rag.index.catalog import VECTORS_BEHIND, Catalog, Record, sentence_id
from rag.index.encoder import Encoder
from rag.index.lexical import LexicalIndex
from rag.ingest.chunking import passages_of
from rag.ingest.loaders import SourceBytes, load_article, read_source
from rag.language.dates import find_dates
from rag.language.normalize import fold
from rag.model import Article, Passage, Verdict

READING_VERSION: Final = "1"
"""Raised whenever reading or cutting changes, so that sources ingested before are read again."""


@dataclass(frozen=True, slots=True)
class Writer:
    """The parts of a library that ingest writes to. `encoder` is called when the first new text comes up."""

    catalog: Catalog
    lexical: LexicalIndex
    encoder: Callable[[], Encoder]
    max_bytes: int
    passage_words: int

    def take(self, path: Path) -> Verdict:
        """Bring one file into the library, or say why not."""
        name = str(path)
        try:
            source = read_source(path, max_bytes=self.max_bytes)
            content = f"{READING_VERSION}-{self.passage_words}-{source.content_hash}"
            known = self.catalog.known_source(str(source.path))
            if known is not None and known[1] == content:
                return Verdict(name, "unchanged", article_id=known[0])
            return self._write(name, source, content, known)
        except IngestError as error:
            return Verdict(name, "refused", reason=str(error))

    def _write(self, name: str, source: SourceBytes, content: str, known: tuple[str, str] | None) -> Verdict:
        article = load_article(source)
        text_hash = _text_hash(article)
        twin = self.catalog.same_text(text_hash, except_id=article.id)
        if twin is not None and known is None:
            return Verdict(
                name, "duplicate", f"It has the same text as {twin}, which the library holds.", twin, article.title
            )
        passages = passages_of(article, self.passage_words)
        record = Record(
            article,
            passages,
            embed([(article, p) for p in passages], self.encoder()),
            content,
            text_hash,
            known_from(article),
        )
        with self.catalog.transaction():
            if known is not None:
                self.catalog.remove(known[0])
            self.catalog.put(record)
            self.lexical.put(article, passages)
            self.catalog.set_state(VECTORS_BEHIND, "yes")
        return Verdict(name, "updated" if known else "added", article_id=article.id, title=article.title)


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


def _text_hash(article: Article) -> str:
    words = " ".join(fold(article.text).split())
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()
