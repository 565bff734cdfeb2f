"""The catalog: one SQLite file that holds articles, passages and vectors. It is the truth; indexes are made from it.

Article + Passages + vectors -> rows, one transaction an article. WAL mode: readers never wait for the one writer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rag.errors import ArticleNotFound, LibraryBroken, LibraryNotFound, LibraryReadOnly
from rag.index.database import Database
from rag.model import Article, Block, Passage, Span

FILE: Final = "catalog.sqlite"
SCHEMA_VERSION: Final = 1
VECTORS_BEHIND: Final = "vectors_behind"
"""State: "yes" while the vector index lacks what the catalog has."""
FloatMatrix = NDArray[np.float32]

_SCHEMA = """
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, source TEXT NOT NULL UNIQUE, content TEXT NOT NULL,
    title TEXT NOT NULL, publisher TEXT NOT NULL, url TEXT, published TEXT, known TEXT, lang TEXT NOT NULL,
    origin TEXT, kind TEXT NOT NULL, text TEXT NOT NULL, blocks TEXT NOT NULL, extra TEXT NOT NULL,
    copy_of TEXT, sketch BLOB NOT NULL
);
CREATE INDEX articles_copy_of ON articles (copy_of);
CREATE TABLE passages (
    id TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, section TEXT NOT NULL, lang TEXT NOT NULL, sentences TEXT NOT NULL
);
CREATE INDEX passages_article ON passages (article_id);
CREATE TABLE vectors (
    id TEXT PRIMARY KEY, passage_id TEXT NOT NULL REFERENCES passages ON DELETE CASCADE, vector BLOB NOT NULL
);
CREATE INDEX vectors_passage ON vectors (passage_id);
CREATE TABLE sentences (
    number INTEGER PRIMARY KEY, passage_id TEXT NOT NULL REFERENCES passages ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, length INTEGER NOT NULL
);
CREATE INDEX sentences_passage ON sentences (passage_id);
CREATE TABLE postings (
    term TEXT NOT NULL, sentence INTEGER NOT NULL REFERENCES sentences ON DELETE CASCADE, count INTEGER NOT NULL,
    PRIMARY KEY (term, sentence)
) WITHOUT ROWID;
CREATE INDEX postings_sentence ON postings (sentence);
"""


_FIRST: Final = "known IS NULL, known, id"


@dataclass(frozen=True, slots=True)
class Record:
    """An article as it is written: its passages, the vector of each unit, and the hashes that tell it apart.

    `content` is the hash of the source's bytes, `sketch` tells copies of its text; `known` is the day from which the article
    may be used for a question about the past. `vectors` maps a unit id (passage, or sentence) to its (d,) row.
    """

    article: Article
    passages: tuple[Passage, ...]
    vectors: Mapping[str, NDArray[np.float32]]
    content: str
    sketch: bytes
    known: date | None


def sentence_id(passage_id: str, ordinal: int) -> str:
    """The vector id of the n-th sentence of a passage, counted from 0."""
    return f"{passage_id}.{ordinal}"


class Catalog:
    """Reads and writes one library's SQLite file. Open with `Catalog.open` or `Catalog.create`."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder

    @classmethod
    def create(cls, folder: Path, state: Mapping[str, str]) -> Catalog:
        """Make an empty library in `folder`, which is created; `state` holds what it must remember of itself.

        Raises: LibraryReadOnly.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryReadOnly(
                f"Cannot create {folder} ({error.strerror}): choose a folder that can be written."
            ) from error
        database = Database.open(folder / FILE, "rwc")
        database.rows("PRAGMA journal_mode = WAL")
        with database.transaction():
            for statement in _SCHEMA.split(";"):
                database.write(statement)
            database.write_all("INSERT INTO state VALUES (?, ?)", {"schema": str(SCHEMA_VERSION), **state}.items())
        return cls(database, folder)

    @classmethod
    def open(cls, folder: Path) -> Catalog:
        """Open an existing library; one in a read-only folder opens for reading.

        Raises: LibraryNotFound, LibraryReadOnly, LibraryBroken.
        """
        path = folder / FILE
        try:
            found = path.is_file()
        except OSError as error:
            raise LibraryReadOnly(
                f"{folder} cannot be entered ({error.strerror}): change its rights or name another."
            ) from error
        if not found:
            raise LibraryNotFound(f"There is no library in {folder}: run 'h200 ingest --library {folder}' first.")
        database, version = _first_that_opens(path)
        if version != str(SCHEMA_VERSION):
            database.close()
            raise LibraryBroken(
                f"{path} has catalog version {version}, not {SCHEMA_VERSION}: ingest into a new folder."
            )
        return cls(database, folder)

    @classmethod
    def unborn(cls, folder: Path) -> bool:
        """Whether a catalog was begun and never got its tables: what a kill leaves of a library in its first instant."""
        try:
            database = Database.open(folder / FILE, "ro")
            tables = database.aggregate("SELECT count(*) FROM sqlite_master")[0]
        except (LibraryReadOnly, LibraryBroken):
            return False
        database.close()
        return bool(tables == 0)

    def close(self) -> None:
        """Release the file."""
        self.database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing. Raises: LibraryLocked, LibraryReadOnly."""
        return self.database.transaction()

    # state

    def state(self, key: str) -> str | None:
        """What the library remembers under `key`."""
        row = self.database.row("SELECT value FROM state WHERE key = ?", (key,))
        return str(row[0]) if row else None

    def set_state(self, key: str, value: str) -> None:
        """Remember `value` under `key`; call inside a transaction."""
        self.database.write("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, value))

    # writing

    def put(self, record: Record) -> None:
        """Write an article in place of any older version of itself; call inside a transaction."""
        article = record.article
        self.remove(article.id)
        self.database.write(
            "INSERT INTO articles VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                article.id, article.source, record.content, article.title, article.publisher, article.url,
                _iso(article.published), _iso(record.known), article.lang, article.origin, article.kind, article.text,
                json.dumps([[b.span.start, b.span.end, b.section, b.lang] for b in article.blocks]), json.dumps(article.extra), article.copy_of, record.sketch,
            ),
        )  # fmt: skip
        self.database.write_all(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?)",
            [
                (
                    p.id,
                    p.article_id,
                    p.ordinal,
                    p.span.start,
                    p.span.end,
                    p.section,
                    p.lang,
                    json.dumps([[s.start, s.end] for s in p.sentences]),
                )
                for p in record.passages
            ],
        )
        self._put_vectors(record.vectors)

    def replace_vectors(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Put new vectors (unit id -> (d,) row) in place of all there are; call inside a transaction."""
        self.database.write("DELETE FROM vectors")
        self._put_vectors(vectors)

    def _put_vectors(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        rows = [(unit, unit.partition(".")[0], vector.astype("<f4").tobytes()) for unit, vector in vectors.items()]
        self.database.write_all("INSERT INTO vectors VALUES (?,?,?)", rows)

    def remove(self, article_id: str) -> None:
        """Forget an article and all that hangs on it; call inside a transaction.

        Where others are copies of it, the first of them becomes the one the rest are copies of.
        """
        heirs = [
            row[0]
            for row in self.database.rows(f"SELECT id FROM articles WHERE copy_of = ? ORDER BY {_FIRST}", (article_id,))
        ]
        if heirs:
            self.database.write("UPDATE articles SET copy_of = ? WHERE copy_of = ?", (heirs[0], article_id))
            self.database.write("UPDATE articles SET copy_of = NULL WHERE id = ?", (heirs[0],))
        self.database.write("DELETE FROM articles WHERE id = ?", (article_id,))

    def erase_traces(self) -> None:
        """Overwrite what deleted rows left in the write-ahead log; deleted pages are zeroed as they are freed."""
        self.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    # reading

    def known_source(self, source: str) -> tuple[str, str] | None:
        """(article id, content hash) of what was ingested from `source`."""
        row = self.database.row("SELECT id, content FROM articles WHERE source = ?", (source,))
        return (row[0], row[1]) if row else None

    def holder_of(self, article: Article) -> Article | None:
        """The same article as the library took it from another source: the same name, or the same address."""
        query = "SELECT * FROM articles WHERE source != ? AND (id = ? OR url = ?)"
        row = self.database.row(query, (article.source, article.id, article.url))
        return _article(row) if row else None

    def sources(self) -> dict[str, str]:
        """Source -> id of the article that was ingested from it."""
        return dict(self.database.rows("SELECT source, id FROM articles"))

    def sketches(self) -> list[tuple[str, bytes]]:
        """(id, sketch) of every text of its own; copies are left out."""
        return [(row[0], row[1]) for row in self.database.rows("SELECT id, sketch FROM articles WHERE copy_of IS NULL")]

    def copies(self, article: Article, as_of: date | None = None) -> list[Article]:
        """The other articles with the same text; with `as_of`, those known by that day. First published first."""
        first = article.copy_of or article.id
        query = "SELECT * FROM articles WHERE (id = ? OR copy_of = ?) AND id != ?"
        values = [first, first, article.id]
        if as_of is not None:
            query, values = f"{query} AND known <= ?", [*values, as_of.isoformat()]
        return [_article(row) for row in self.database.rows(f"{query} ORDER BY {_FIRST}", values)]

    def articles(self, ids: Iterable[str] | None = None) -> list[Article]:
        """All articles, or those named, by date and title."""
        query = "SELECT * FROM articles"
        rows = self.database.rows_for(query, "id", ids) if ids is not None else self.database.rows(query)
        return sorted((_article(row) for row in rows), key=lambda a: (a.published or date.max, a.title, a.id))

    def find(self, name: str) -> Article:
        """The article with this id, or the only one whose id starts so. Raises: ArticleNotFound."""
        rows = self.database.rows("SELECT * FROM articles WHERE id = ?", (name,))
        if not rows and name:
            rows = self.database.rows("SELECT * FROM articles WHERE substr(id, 1, ?) = ?", (len(name), name))
        if len(rows) != 1:
            problem = "No article goes" if not rows else f"{len(rows)} articles go"
            raise ArticleNotFound(f"{problem} by the name {name[:80]!r}: 'h200 articles' lists the names.")
        return _article(rows[0])

    def passages(self, ids: Iterable[str] | None = None) -> list[Passage]:
        """All passages in reading order, or those named in any order."""
        query = "SELECT * FROM passages"
        rows = (
            self.database.rows_for(query, "id", ids)
            if ids is not None
            else self.database.rows(f"{query} ORDER BY article_id, ordinal")
        )
        return [_passage(row) for row in rows]

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of one article in reading order."""
        query = "SELECT * FROM passages WHERE article_id = ? ORDER BY ordinal"
        return [_passage(row) for row in self.database.rows(query, (article_id,))]

    def vectors(self, passage_ids: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """Unit id -> (d,) float32 unit row, of the given passages and their sentences."""
        rows = self.database.rows_for("SELECT id, vector FROM vectors", "passage_id", passage_ids)
        return {unit: np.frombuffer(blob, dtype="<f4") for unit, blob in rows}

    def all_vectors(self) -> Iterator[tuple[str, str, date | None, NDArray[np.float32]]]:
        """Every (unit id, article id, known day, (d,) row), in the order of the ids."""
        query = """SELECT v.id, a.id, a.known, v.vector FROM vectors v
                   JOIN passages p ON p.id = v.passage_id JOIN articles a ON a.id = p.article_id ORDER BY v.id"""
        for unit, article_id, known, blob in self.database.stream(query):
            yield unit, article_id, _day(known), np.frombuffer(blob, dtype="<f4")

    def vector_ids(self) -> set[str]:
        """The id of every unit that has a vector."""
        return {row[0] for row in self.database.rows("SELECT id FROM vectors")}

    def counts(self) -> tuple[int, int]:
        """(articles, passages)."""
        articles, passages = self.database.aggregate(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)"
        )
        return articles, passages

    def date_range(self) -> tuple[date | None, date | None]:
        """Publication days of the oldest and the newest dated article."""
        oldest, newest = self.database.aggregate("SELECT min(published), max(published) FROM articles")
        return _day(oldest), _day(newest)

    def published_days(self) -> list[date]:
        """The day of every dated article, oldest first."""
        rows = self.database.rows("SELECT published FROM articles WHERE published IS NOT NULL ORDER BY published")
        return [date.fromisoformat(row[0]) for row in rows]

    def first_known(self) -> date | None:
        """The first day from which the library knows anything."""
        return _day(self.database.aggregate("SELECT min(known) FROM articles")[0])

    def known_by(self, day: date) -> set[str]:
        """Ids of the articles that may be used for a question about `day`."""
        return {row[0] for row in self.database.rows("SELECT id FROM articles WHERE known <= ?", (day.isoformat(),))}


def _first_that_opens(path: Path) -> tuple[Database, str | None]:
    """(database, schema version), opened for writing, else for reading, else as a file that nobody changes.

    Raises: LibraryReadOnly, LibraryBroken.
    """
    for mode in ("rw", "ro", "ro&immutable=1"):
        try:
            database = Database.open(path, mode)
            row = database.row("SELECT value FROM state WHERE key = 'schema'")
        except LibraryReadOnly as error:
            failure = error
            continue
        return database, row[0] if row else None
    raise failure


def _article(row: Sequence[Any]) -> Article:
    id_, source, _, title, publisher, url, published, _, lang, origin, kind, text, blocks, extra, copy_of, _ = row
    return Article(
        id=id_, source=source, title=title, publisher=publisher, lang=lang, text=text, kind=kind, url=url, origin=origin,
        blocks=tuple(Block(Span(start, end), section, language) for start, end, section, language in json.loads(blocks)),
        published=_day(published), extra=tuple((key, value) for key, value in json.loads(extra)), copy_of=copy_of,
    )  # fmt: skip


def _passage(row: Sequence[Any]) -> Passage:
    id_, article_id, ordinal, start, end, section, lang, sentences = row
    return Passage(
        id_, article_id, ordinal, Span(start, end), tuple(Span(s, e) for s, e in json.loads(sentences)), section, lang
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
