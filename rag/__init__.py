"""Answers questions about the story of Nvidia's H200 chips and China, from news articles, with citations that hold.

    library = rag.open_library()
    answer = library.ask("Quel rang la H200 occupe-t-elle parmi les puces de Nvidia ?")

Importing this package loads nothing heavy: torch, chromadb and llama-index come in when they are first used.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import RagError
from rag.model import Answer, Article, Citation, Evidence, Passage, Question, Statement, Verdict
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.library import Library

__all__ = [
    "Answer",
    "Article",
    "Citation",
    "Evidence",
    "Passage",
    "Question",
    "RagError",
    "Settings",
    "Statement",
    "Verdict",
    "ask",
    "bundled_corpus",
    "ingest",
    "open_library",
]


def open_library(settings: Settings | None = None) -> Library:
    """Open the library of these settings; a missing one is built from the bundled corpus first.

    Raises: RagError.
    """
    from rag.library import Library, exists

    settings = settings or Settings.from_environment()
    if exists(settings.library):
        return Library.open(settings)
    library = Library.create(settings)
    library.ingest([bundled_corpus()])
    return library


def ingest(sources: Sequence[str | Path], settings: Settings | None = None) -> list[Verdict]:
    """Bring files, folders and web pages into a library, which is created if there is none; one verdict per source.

    Raises: RagError, for the library; what is wrong with a source is in its verdict.
    """
    from rag.ingest.addresses import is_web_address
    from rag.library import Library, exists

    settings = settings or Settings.from_environment()
    with Library.open(settings) if exists(settings.library) else Library.create(settings) as library:
        return library.ingest([s if is_web_address(s) else Path(s) for s in sources])


def ask(
    question: str, *, as_of: date | None = None, history: Sequence[str] = (), settings: Settings | None = None
) -> Answer:
    """Answer one question; for several, open the library once and ask it.

    Raises: RagError.
    """
    with open_library(settings) as library:
        return library.ask(question, as_of=as_of, history=history)


def bundled_corpus() -> Path:
    """The folder of articles that ships with the package."""
    inside = Path(__file__).parent / "corpus"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "corpus"
