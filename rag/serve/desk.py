"""The desk: one library for many readers. Each reader at work has a Library of its own, so no two share a connection."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from rag import bundled_corpus
from rag.ask.generate import noted
from rag.ask.verify import verified
from rag.errors import ArticleNotFound, BadRequest, NotAllowed, NotReady, RagError
from rag.language.normalize import fold
from rag.library import Library, Progress, exists
from rag.llm import prepare
from rag.model import Answer, Article, Event, Lang, LibraryFacts, Mode, Passage, Verdict
from rag.serve.talk import EARLIER, Talk, Turn
from rag.serve.written import Written
from rag.settings import Settings

ADDED: Final = "added"
"""Folder in the library for files that readers sent."""
NEAREST: Final = 4
ALONE: Final = Talk()
"""No conversation around a question."""
PATIENCE: Final = 2.0
"""Seconds a question waits for one of the places of those that a language model words, before it goes without."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """An article with what goes around it."""

    article: Article
    copies: tuple[Article, ...]
    passages: tuple[Passage, ...]


class Desk:
    """Takes questions from any thread. `start` prepares the library; until then every question raises NotReady."""

    def __init__(self, settings: Settings, *, readers: int = 2, editing: bool = False) -> None:
        self.settings = settings
        self.editing = editing
        self._places = readers
        # A model takes many seconds, in which nobody else shall wait: those it writes for have places of their own.
        self._free: dict[Mode, SimpleQueue[tuple[Library, int]]] = {"extractive": SimpleQueue(), "llm": SimpleQueue()}
        self._written = Written()
        self._ready = threading.Event()
        self._failure: str | None = None
        self._progress = (0, 0)
        self._writing = threading.Lock()

    # opening

    def start(self) -> threading.Thread:
        """Open the library in the background; a missing one is built from the bundled corpus first."""
        thread = threading.Thread(target=self._open, name="open library", daemon=True)
        thread.start()
        return thread

    def _open(self) -> None:
        try:
            if not exists(self.settings.library):
                with Library.create(self.settings) as library:
                    library.ingest([bundled_corpus()], self._count)
            for places in self._free.values() if self.model else [self._free["extractive"]]:
                for _ in range(self._places):
                    places.put(self._opened())
        except RagError as error:
            self._failure = str(error)
        self._ready.set()
        if self.model:
            prepare()

    def _count(self, done: int, total: int, _: Verdict) -> None:
        self._progress = (done, total)

    def _opened(self) -> tuple[Library, int]:
        library = Library.open(self.settings)
        library.warm()
        return library, _version(library)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the library is ready; whether it is. Raises: NotReady, if it never will be."""
        ready = self._ready.wait(seconds)
        if self._failure is not None:
            raise NotReady(self._failure)
        return ready

    @property
    def progress(self) -> tuple[int, int]:
        """Articles read, of how many, while a first library is being built."""
        return self._progress

    @property
    def model(self) -> str | None:
        """The name of the language model that may word answers; None where there is none."""
        return self.settings.language_model.model if self.settings.language_model else None

    @contextmanager
    def _reading(self, mode: Mode = "extractive", seconds: float | None = None) -> Iterator[Library]:
        """A library nobody else uses meanwhile, opened anew if another process has written since.

        Raises: NotReady; Empty, where none of that mode is free within so many seconds.
        """
        if not self.wait(0):
            raise NotReady("The library is still being prepared: ask again in a moment.")
        library, version = self._free[mode].get(timeout=seconds)
        try:
            if _version(library) != version:
                library.close()
                library, version = self._opened()
            yield library
        finally:
            self._free[mode].put((library, version))

    def close(self) -> None:
        """Close every library that is not at work."""
        for places in self._free.values():
            while self._ready.is_set() and not places.empty():
                places.get()[0].close()

    # reading

    def ask(self, question: str, talk: Talk = ALONE, lang: Lang | None = None) -> Answer:
        """Answer a question. `lang`: that of the assistant's own words. Raises: NotReady, QuestionTooLong."""
        *_, answer = self.ask_stream(question, talk, lang)
        return answer

    def ask_stream(self, question: str, talk: Talk = ALONE, lang: Lang | None = None) -> Iterator[Answer]:
        """The same; with a language model, as it writes: each snapshot a verified sentence longer. Close it to stop."""
        put = partial(
            Library.ask_stream, question=question, as_of=talk.as_of, history=talk.earlier, lang=lang, mode=talk.mode
        )
        if talk.mode == "extractive" or self.model is None:
            with self._reading() as library:
                yield from put(library)
            return
        try:
            with self._reading("llm", PATIENCE) as library, closing(_stoppable(put(library))) as snapshots:
                for answer in snapshots:
                    yield answer
        except Empty:
            yield noted(self.ask(question, replace(talk, mode="extractive"), lang), "busy")
            return
        if answer.mode == "llm":
            self._written.keep(answer)

    def again(self, turns: Sequence[Turn], lang: Lang) -> list[Answer]:
        """A conversation asked again; what a language model worded is found as it was, else told in the sources' words.

        `lang`: of the page it was held on.
        """
        told = []
        for n, turn in enumerate(turns):
            talk = Talk(turn.as_of, tuple(one.question for one in turns[:n][-EARLIER:]))
            told.append(self._as_written(turn) or self.ask(turn.question, talk, talk.spoken(turn.question, lang)))
        return told

    def _as_written(self, turn: Turn) -> Answer | None:
        """What a language model wrote for a turn, if it is still known and its sources still say it."""
        answer = self._written.find(turn.mark, turn.question, turn.as_of)
        if answer is None:
            return None
        with self._reading() as library:
            articles = {a.id: a for a in library.catalog.articles({c.article.id for c in answer.citations})}
        sound = verified(answer.statements, answer.citations, articles.get)
        return answer if sound == (answer.statements, answer.citations) else None

    def nearest(self, question: str, as_of: date | None = None) -> list[Article]:
        """The articles nearest to a question, best first."""
        with self._reading() as library:
            found = library.search(question, as_of=as_of, limit=4 * NEAREST)
            articles = {article.id: article for article in library.catalog.articles({p.article_id for p, _ in found})}
        return list({p.article_id: articles[p.article_id] for p, _ in found}.values())[:NEAREST]

    def search(self, query: str, *, as_of: date | None = None, limit: int = 10) -> list[tuple[Article, Passage, float]]:
        """The passages nearest to a query, best first, with their articles and scores."""
        with self._reading() as library:
            found = library.search(query, as_of=as_of, limit=limit)
            articles = {article.id: article for article in library.catalog.articles({p.article_id for p, _ in found})}
        return [(articles[passage.article_id], passage, score) for passage, score in found]

    def timeline(self, topic: str = "", as_of: date | None = None) -> tuple[Event, ...]:
        """The dated states of affairs."""
        with self._reading() as library:
            return library.timeline(topic, as_of)

    def show(self, name: str, as_of: date | None = None) -> Shelf:
        """One article with its copies and passages. Raises: ArticleNotFound."""
        with self._reading() as library:
            article = library.show(name)
            return Shelf(
                article, tuple(library.catalog.copies(article, as_of)), tuple(library.catalog.passages_of(article.id))
            )

    def articles(self, query: str = "") -> tuple[list[Article], int]:
        """(the articles that hold every word of the query somewhere, newest first; how many there are in all)."""
        words = fold(query).split()
        with self._reading() as library:
            everything = library.articles()
        wanted = [article for article in everything if all(word in _searched(article) for word in words)]
        return sorted(wanted, key=lambda a: (a.published or date.min, a.id), reverse=True), len(everything)

    def facts(self) -> tuple[LibraryFacts, list[date]]:
        """What the library holds, and the day of each dated article."""
        with self._reading() as library:
            days = library.catalog.published_days()
            return library.facts, days

    # writing

    def add(self, sources: Sequence[Path | str], progress: Progress) -> list[Verdict]:
        """Bring files and addresses in; files are kept in the library's own folder. Raises: NotAllowed, LibraryLocked."""
        with self._write() as library:
            kept = [_kept(self.settings.library, s) if isinstance(s, Path) else s for s in sources]
            return library.ingest(kept, progress)

    def remove(self, name: str) -> None:
        """Forget an article. Raises: NotAllowed, ArticleNotFound, LibraryLocked."""
        with self._write() as library:
            if library.show(name).id != name:
                raise ArticleNotFound(f"No article goes by the name {name[:80]!r} in full.")
            library.remove([name])

    @contextmanager
    def _write(self) -> Iterator[Library]:
        if not self.editing:
            raise NotAllowed("Adding and removing is closed on this server: H200_WEB_EDITING=on opens it.")
        self.wait()
        with self._writing, Library.open(self.settings) as library:
            yield library


def _stoppable(snapshots: Iterator[Answer]) -> Generator[Answer, None, None]:
    """The same; closing it ends the model's work."""
    yield from snapshots


def run_with_progress(work: Callable[[Progress], list[Verdict]]) -> Iterator[tuple[int, int, Verdict]]:
    """Do a long piece of work in a thread and yield each step of it. Raises what the work raises."""
    steps: SimpleQueue[tuple[int, int, Verdict] | BaseException | None] = SimpleQueue()

    def run() -> None:
        try:
            work(lambda done, total, verdict: steps.put((done, total, verdict)))
            steps.put(None)
        except BaseException as error:  # noqa: BLE001 - it is raised again, where somebody waits for it
            steps.put(error)

    threading.Thread(target=run, name="ingest", daemon=True).start()
    while (step := steps.get()) is not None:
        if isinstance(step, BaseException):
            raise step
        yield step


def web_address(text: str) -> str:
    """An address as a reader typed it. Raises: BadRequest."""
    from rag.ingest.addresses import is_web_address

    address = text.strip()
    if not is_web_address(address):
        raise BadRequest(f"{address[:80]!r} is no address of a web page: write it whole, with https://.")
    return address


def _version(library: Library) -> int:
    """A number that changes when another connection has written."""
    return int(library.catalog.database.aggregate("PRAGMA data_version")[0])


def _searched(article: Article) -> str:
    day = article.published.isoformat() if article.published else ""
    return fold(f"{article.title} {article.publisher} {article.origin or ''} {day} {article.lang} {article.text}")


def _kept(library: Path, sent: Path) -> Path:
    """A copy of a file that was sent, under a name that says what is in it: the one sent is gone tomorrow."""
    content = sent.read_bytes()
    folder = library / ADDED
    folder.mkdir(exist_ok=True)
    place = folder / f"{hashlib.blake2b(content, digest_size=4).hexdigest()}-{sent.name[-80:]}"
    place.write_bytes(content)
    return place
