"""The library that questions are put to: built once from a corpus and kept in the user's cache.

corpus + settings + the code that reads and cuts -> folder of a library, made if it is not there yet
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import rag
from evals.lint import name_of
from rag.errors import RagError
from rag.library import Library
from rag.model import Article
from rag.settings import Settings

PACKAGE: Final = Path(rag.__file__).parent
INGESTING: Final = ("ingest", "index", "language", "model.py", "settings.py", "library.py")
"""What shapes a library; a change to any of it makes another."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library open for questions, with its articles by the names that question sets use.

    `known`: from which day each may be used; `build_seconds`: how long the library took to build, once.
    """

    library: Library
    articles: Mapping[str, Article]
    known: Mapping[str, date | None]
    corpus_hash: str
    build_seconds: float

    def close(self) -> None:
        """Close the library."""
        self.library.close()


def default_cache() -> Path:
    """Where built libraries and answers are kept."""
    from platformdirs import user_cache_path

    return user_cache_path("h200", appauthor=False) / "evals"


def open_shelf(cache: Path, corpus: Path, settings: Settings | None = None) -> Shelf:
    """The library of a corpus; built first if the cache has none of this corpus, these settings and this code.

    Raises: RagError.
    """
    if not corpus.is_dir():
        raise RagError(f"{corpus} is no folder of articles: check --corpus.")
    chosen = settings or Settings(library=cache)
    corpus_hash = hash_files(path for path in corpus.rglob("*") if path.is_file())
    parts = (corpus_hash, str(chosen.passage_words), chosen.encoder or "", code_hash(*INGESTING), str(corpus.resolve()))
    folder = cache / "libraries" / hashlib.blake2b("|".join(parts).encode(), digest_size=8).hexdigest()
    if not folder.is_dir():
        _build(folder, corpus, chosen)
    seconds = json.loads((folder / "built.json").read_text(encoding="utf-8"))["seconds"]
    return shelf_of(Library.open(replace(chosen, library=folder / "library")), corpus_hash, seconds)


def shelf_at(folder: Path) -> Shelf:
    """The shelf of a library that exists. Raises: RagError."""
    library = Library.open(Settings(library=folder))
    texts = "\0".join(f"{article.id}\0{article.text}" for article in library.articles())
    return shelf_of(library, hashlib.blake2b(texts.encode(), digest_size=8).hexdigest())


def shelf_of(library: Library, corpus_hash: str = "", build_seconds: float = 0.0) -> Shelf:
    """The shelf of a library that is open already."""
    articles = library.articles()
    known = {article_id: day for _, article_id, day, _ in library.catalog.all_vectors()}
    return Shelf(
        library, {name_of(article): article for article in articles},
        {name_of(article): known.get(article.id) for article in articles}, corpus_hash, build_seconds,
    )  # fmt: skip


def code_hash(*parts: str) -> str:
    """blake2b over the files of the package, or of some of its rooms, 16 hex digits."""
    roots = [PACKAGE / part for part in parts] or [PACKAGE]
    files = (path for root in roots for path in ([root] if root.is_file() else root.rglob("*")))
    return hash_files(path for path in files if path.is_file() and path.suffix != ".pyc")


def hash_files(paths: Iterable[Path]) -> str:
    """blake2b over the names and bytes of files, 16 hex digits."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _build(folder: Path, corpus: Path, settings: Settings) -> None:
    """Build aside and move into place: a run that is cut short leaves no half a library."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix="building-", dir=folder.parent))
    try:
        started = time.perf_counter()
        with Library.create(replace(settings, library=aside / "library")) as library:
            library.ingest([corpus])
        seconds = round(time.perf_counter() - started, 2)
        (aside / "built.json").write_text(json.dumps({"seconds": seconds}), encoding="utf-8")
        if not folder.is_dir():
            aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
