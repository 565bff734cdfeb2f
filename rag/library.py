"""Library: the one door. It wires catalog, indexes, encoder, ingest and ask, and holds no logic of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag.errors import EncoderMismatch, LibraryLocked, LibraryReadOnly, QuestionTooLong, VectorIndexBroken
from rag.index.catalog import FILE, VECTORS_BEHIND, Catalog
from rag.model import Answer, Article, Event, Lang, LibraryFacts, Mode, Passage, Verdict
from rag.settings import EMBEDDED_ENCODER, Settings

if TYPE_CHECKING:
    from rag.ask.engine import Drafted, Engine
    from rag.index.encoder import Encoder
    from rag.index.vectors import VectorIndex
    from rag.ingest.fetching import Fetcher
    from rag.ingest.sync import Writer
    from rag.llm import LanguageModel

Progress = Callable[[int, int, Verdict], None]
"""Called after each source with (done, of how many, its verdict)."""

GENERATION, SEAL = "vectors_generation", "vectors_seal"
ENCODER_NAME, ENCODER_FINGERPRINT = "encoder", "encoder_fingerprint"
INDEX = "chroma"
MANY_SOURCES = 400
"""New sources from which torch, slow to start and fast to run, is worth starting."""


@dataclass(frozen=True, slots=True)
class Condition:
    """The health of a library, for `h200 status`."""

    folder: Path
    articles: int
    passages: int
    oldest: date | None
    newest: date | None
    encoder: str
    fingerprint: str
    vectors: Literal["sound", "behind", "missing", "broken"]
    lexical: Literal["sound", "behind"]


def exists(folder: Path) -> bool:
    """Whether there is a library in `folder`; where that cannot be seen, opening it will say why."""
    try:
        return (folder / FILE).is_file() and ((folder / INDEX).exists() or not Catalog.unborn(folder))
    except OSError:
        return True


class Library:
    """One library on disk. Use `Library.open`, or `Library.create` for a new one; close it when done."""

    def __init__(self, catalog: Catalog, settings: Settings, fetcher: Fetcher | None = None) -> None:
        """Wire a library; `fetcher` gets web pages, by default one that asks public addresses only."""
        self.catalog = catalog
        self.settings = settings
        self._given_fetcher = fetcher
        self._opened: tuple[str, Future[VectorIndex | None]] | None = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="vectors")
        self._encoders: dict[str, Encoder] = {}

    @classmethod
    def open(cls, settings: Settings) -> Library:
        """Open the library that exists in `settings.library`.

        Raises: LibraryNotFound, LibraryBroken, EncoderMismatch.
        """
        catalog = Catalog.open(settings.library)
        asked, kept = _named(settings.encoder), catalog.state(ENCODER_NAME)
        if asked is not None and asked != kept:
            catalog.close()
            raise EncoderMismatch(
                f"{settings.library} was embedded with {kept!r}, not {asked!r}: leave --encoder out, or re-embed with "
                f"'h200 rebuild --library {settings.library} --encoder {asked}'."
            )
        return cls(catalog, settings)

    @classmethod
    def create(cls, settings: Settings) -> Library:
        """Make a new, empty library; its encoder is `settings.encoder` or the embedded one.

        Raises: LibraryReadOnly, ConfigError.
        """
        strangers = (path for path in settings.library.glob("*") if not path.name.startswith(FILE))
        if any(strangers):
            raise LibraryReadOnly(
                f"{settings.library} holds other files and no library: choose an empty or new folder."
            )
        name = _named(settings.encoder) or EMBEDDED_ENCODER
        encoder = _open_encoder(name, "fast_start")
        library = cls(
            Catalog.create(settings.library, {ENCODER_NAME: name, ENCODER_FINGERPRINT: encoder.fingerprint}), settings
        )
        library._encoders["fast_start"] = encoder
        return library

    def close(self) -> None:
        """Release files and threads."""
        if self._opened is not None and (index := self._opened[1].result()) is not None:
            index.close()
        self._worker.shutdown()
        self.catalog.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # asking

    def ask(
        self,
        question: str,
        *,
        as_of: date | None = None,
        history: Sequence[str] = (),
        lang: Lang | None = None,
        mode: Mode = "extractive",
    ) -> Answer:
        """Answer a question from the library, or abstain.

        Args:
            question: In French or English.
            as_of: Answer as a reader on that day; None: with all there is.
            history: The reader's earlier questions, oldest first.
            lang: Language of the assistant's own words; None: that of the question.
            mode: "extractive" in the sources' words; "llm" in those of a language model, held against the sources.

        Raises:
            QuestionTooLong: beyond `settings.question_characters`.
        """
        *_, answer = self.ask_stream(question, as_of=as_of, history=history, lang=lang, mode=mode)
        return answer

    def ask_stream(
        self,
        question: str,
        *,
        as_of: date | None = None,
        history: Sequence[str] = (),
        lang: Lang | None = None,
        mode: Mode = "llm",
    ) -> Iterator[Answer]:
        """The same as `ask`, as it is written: snapshots of status "partial", each a verified sentence longer, then the answer.

        Close the iterator to stop. Raises: QuestionTooLong.
        """
        from rag.ask.question import understand

        limit = self.settings.question_characters
        if len(question) > limit:
            raise QuestionTooLong(f"The question has {len(question)} characters: ask it in at most {limit}.")
        drafted = self._engine.drafted(understand(question, history=history, as_of=as_of, lang=lang))
        if mode == "extractive":
            return iter([drafted.answer])
        return self._in_words_of_a_model(drafted)

    def _in_words_of_a_model(self, drafted: Drafted) -> Iterator[Answer]:
        from rag.ask.generate import Writer, noted

        if self._model is None or self.settings.language_model is None:
            return iter([noted(drafted.answer, "unset")])
        settings = self.settings.language_model
        writer = Writer(
            self._model,
            settings.context,
            settings.seconds,
            stored=self._stored,
            copies=self.catalog.copies,
            similar=self._similar,
        )
        return writer.write(drafted)

    @cached_property
    def _model(self) -> LanguageModel | None:
        if self.settings.language_model is None:
            return None
        from rag.llm import LanguageModel

        return LanguageModel(self.settings.language_model)

    def _stored(self, article_id: str) -> Article | None:
        return next(iter(self.catalog.articles([article_id])), None)

    def _similar(self, left: str, right: str, lang: Lang) -> float:
        vectors = self._encoder("fast_start").encode([left, right], lang, "query")
        return float(vectors[0] @ vectors[1])

    def model_fault(self) -> str | None:
        """Ask a word of the language model: None if it answers, "unset" if there is none, else why it does not."""
        return self._model.fault() if self._model else "unset"

    def search(self, query: str, *, as_of: date | None = None, limit: int = 10) -> list[tuple[Passage, float]]:
        """The passages nearest to a query with their scores, best first; higher is better, 0 shares nothing with it."""
        from rag.ask.question import understand

        if len(query) > self.settings.question_characters:
            raise QuestionTooLong(
                f"The query has {len(query)} characters: give at most {self.settings.question_characters}."
            )
        found, _ = self._engine.search(understand(query, as_of=as_of))
        return [(hit.passage, hit.score) for hit in found.hits[:limit] if hit.score > 0]

    def timeline(self, topic: str = "", as_of: date | None = None) -> tuple[Event, ...]:
        """The dated states of affairs on a topic, or of the whole story, oldest first; superseded ones are marked.

        Args:
            topic: A few words in French or English.
            as_of: As a reader on that day could have known them.
        """
        from rag.ask.question import understand

        asked = understand(topic)
        return self._engine.timeline(asked.standalone, asked.lang, as_of)

    def warm(self) -> None:
        """Start opening the vector index in the background, which takes most of the first answer's time."""
        self._pending_vectors()

    @cached_property
    def _engine(self) -> Engine:
        from rag.ask.engine import Engine
        from rag.index.lexical import LexicalIndex

        return Engine(
            catalog=self.catalog,
            lexical=LexicalIndex(self.catalog.database),
            vectors=lambda: self._pending_vectors().result(),
            encode=lambda text, lang: self._encoder("fast_start").encode([text], lang, "query")[0],
            facts=self.facts,
            notes=lambda: ("vectors_behind",) if self.catalog.state(VECTORS_BEHIND) == "yes" else (),
        )

    def _pending_vectors(self) -> Future[VectorIndex | None]:
        """The vector index of the generation in force, being opened; opened anew after an ingest."""
        generation, seal = self.catalog.state(GENERATION) or "", self.catalog.state(SEAL) or ""
        if self._opened is None or self._opened[0] != generation or self._server_was_away(self._opened[1]):
            self._opened = generation, self._worker.submit(_open_vectors, self.settings, generation, seal)
        return self._opened[1]

    def _server_was_away(self, opened: Future[VectorIndex | None]) -> bool:
        return self.settings.chroma_url is not None and opened.done() and opened.result() is None

    def _encoder(self, prefer: Literal["fast_start", "throughput"]) -> Encoder:
        """The library's encoder. Raises: EncoderMismatch, if it is no longer what the library was embedded with."""
        if prefer not in self._encoders:
            name = self.catalog.state(ENCODER_NAME) or EMBEDDED_ENCODER
            encoder = _open_encoder(name, prefer)
            if encoder.fingerprint != self.catalog.state(ENCODER_FINGERPRINT):
                raise EncoderMismatch(
                    f"The encoder {name!r} has changed since {self.settings.library} was embedded: "
                    f"re-embed with 'h200 rebuild --library {self.settings.library} --encoder {name}'."
                )
            self._encoders[prefer] = encoder
        return self._encoders[prefer]

    # contents

    @property
    def facts(self) -> LibraryFacts:
        """What the library holds now."""
        articles, passages = self.catalog.counts()
        return LibraryFacts(
            articles, passages, self.catalog.date_range()[1], self.catalog.state(ENCODER_FINGERPRINT) or ""
        )

    def articles(self, wanted: Callable[[Article], bool] | None = None) -> list[Article]:
        """All articles, or those wanted, oldest first, undated ones last."""
        return [article for article in self.catalog.articles() if wanted is None or wanted(article)]

    def show(self, name: str) -> Article:
        """One article by its id or the start of it. Raises: ArticleNotFound."""
        return self.catalog.find(name)

    def condition(self) -> Condition:
        """Count, look at the indexes, and say how they are."""
        from rag.index.lexical import LexicalIndex

        articles, passages = self.catalog.counts()
        oldest, newest = self.catalog.date_range()
        words = LexicalIndex(self.catalog.database).passage_ids()
        return Condition(
            folder=self.settings.library, articles=articles, passages=passages, oldest=oldest, newest=newest,
            encoder=self.catalog.state(ENCODER_NAME) or "", fingerprint=self.facts.fingerprint, vectors=self._vector_health(),
            lexical="sound" if words == {p.id for p in self.catalog.passages() if p.sentences} else "behind",
        )  # fmt: skip

    def _vector_health(self) -> Literal["sound", "behind", "missing", "broken"]:
        if not self.catalog.state(GENERATION):
            return "missing"
        index = self._pending_vectors().result()
        if index is None:
            return "broken"
        return "sound" if index.ids() == self.catalog.vector_ids() else "behind"

    # writing

    def ingest(
        self, sources: Sequence[Path | str], progress: Progress | None = None, *, sync: bool = False
    ) -> list[Verdict]:
        """Bring files, folders and web addresses in; every source gets a verdict, and none stops the others.

        With `sync`, what was ingested from one of these folders and is no longer there is removed.

        Raises: LibraryLocked, LibraryReadOnly.
        """
        from rag.ingest.loaders import find_sources

        with self._writing():
            paths = list(find_sources(sources))
            writer = self._writer("throughput" if len(paths) > MANY_SOURCES else "fast_start")
            verdicts = []
            for path in paths:
                verdicts.append(writer.take(path))
                if progress:
                    progress(len(verdicts), len(paths), verdicts[-1])
            if sync:
                verdicts += self._remove_missing(sources, paths)
            if sync:
                self.catalog.erase_traces()
            self._catch_up(apart=any(verdict.outcome == "removed" for verdict in verdicts))
            if sync:
                self.catalog.erase_traces()
        return verdicts

    def _remove_missing(self, sources: Sequence[Path | str], paths: Sequence[Path | str]) -> list[Verdict]:
        """Forget the articles whose files are gone from the folders among `sources`."""
        folders = [source.resolve() for source in sources if isinstance(source, Path) and source.is_dir()]
        present = {str(path.resolve()) if isinstance(path, Path) else path for path in paths}
        gone = {
            source: article_id
            for source, article_id in self.catalog.sources().items()
            if source not in present and any(folder in Path(source).parents for folder in folders)
        }
        if gone:
            with self.catalog.transaction():
                for article_id in gone.values():
                    self.catalog.remove(article_id)
                self.catalog.set_state(VECTORS_BEHIND, "yes")
        return [Verdict(source, "removed", article_id=article_id) for source, article_id in sorted(gone.items())]

    def remove(self, names: Sequence[str]) -> list[Article]:
        """Forget articles, in catalog, indexes and files. Raises: ArticleNotFound (then none is removed)."""
        articles = [self.catalog.find(name) for name in names]
        with self._writing():
            with self.catalog.transaction():
                for article in articles:
                    self.catalog.remove(article.id)
                self.catalog.set_state(VECTORS_BEHIND, "yes")
            self.catalog.erase_traces()
            self._catch_up(apart=True)
            self.catalog.erase_traces()
        return articles

    def rebuild(self, encoder: str | None = None) -> None:
        """Make both indexes anew from the catalog; with another `encoder`, embed every text anew first.

        Raises: LibraryLocked, LibraryReadOnly, ConfigError.
        """
        from rag.index.lexical import LexicalIndex
        from rag.ingest.sync import embed

        lexical = LexicalIndex(self.catalog.database)
        with self._writing():
            articles = {article.id: article for article in self.catalog.articles()}
            cut = [(articles[passage.article_id], passage) for passage in self.catalog.passages()]
            name = _named(encoder)
            new = _open_encoder(name, "throughput") if name else None
            vectors = embed(cut, new) if new else {}
            with self.catalog.transaction():
                lexical.clear()
                for article, passage in cut:
                    lexical.put(article, [passage])
                if new is not None:
                    self.catalog.replace_vectors(vectors)
                    self.catalog.set_state(GENERATION, "")  # nothing of the old encoder may be built upon
                    self.catalog.set_state(ENCODER_NAME, name or new.name)
                    self.catalog.set_state(ENCODER_FINGERPRINT, new.fingerprint)
                self.catalog.set_state(VECTORS_BEHIND, "yes")
            self._encoders.clear()
            self._catch_up(afresh=True)

    @cached_property
    def _fetcher(self) -> Fetcher:
        from rag.ingest.fetching import Fetcher, FetchLimits

        return self._given_fetcher or Fetcher(FetchLimits(body_bytes=self.settings.source_bytes))

    def _writer(self, prefer: Literal["fast_start", "throughput"]) -> Writer:
        from rag.index.lexical import LexicalIndex
        from rag.ingest.sync import Writer

        return Writer(
            self.catalog,
            LexicalIndex(self.catalog.database),
            lambda: self._encoder(prefer),
            self.settings.source_bytes,
            self.settings.passage_words,
            self._fetcher,
        )

    def _catch_up(self, *, afresh: bool = False, apart: bool = False) -> None:
        """Bring the vector index level with the catalog, if it lags: a new generation, then one switch to it.

        `afresh`: from nothing; `apart`: from nothing in a process of its own, for no trace of what was removed.
        """
        from rag.index.rebuilding import build_apart
        from rag.index.vectors import Unit, build, tidy

        old = self.catalog.state(GENERATION)
        if self.catalog.state(VECTORS_BEHIND) != "yes" and old:
            tidy(self.settings.library, [old], self.settings.chroma_url)
            return
        base = (old, self.catalog.state(SEAL) or "") if old and not afresh else None
        folder, server = self.settings.library, self.settings.chroma_url
        units, wanted = (Unit(*row) for row in self.catalog.all_vectors()), self.catalog.vector_ids()
        if apart and wanted and server is None:
            generation, seal = build_apart(folder)
        else:
            generation, seal = build(folder, units, wanted, base, server)
        with self.catalog.transaction():
            self.catalog.set_state(GENERATION, generation)
            self.catalog.set_state(SEAL, seal)
            self.catalog.set_state(VECTORS_BEHIND, "no")
        tidy(self.settings.library, [generation], self.settings.chroma_url)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the library's one writer lock. Raises: LibraryLocked, LibraryReadOnly."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.settings.library / "writer.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise LibraryLocked(
                f"Another process is writing to {self.settings.library}: try again when it is done."
            ) from error
        except OSError as error:
            raise LibraryReadOnly(
                f"{self.settings.library} cannot be written ({error.strerror}): copy the library or change its rights."
            ) from error
        try:
            yield
        finally:
            self.__dict__.pop("_engine", None)  # it states what the library held when it was made
            lock.release()


def _named(encoder: str | None) -> str | None:
    """The encoder's name, a folder's in full: it must be found again from any other folder."""
    return str(Path(encoder).resolve()) if encoder and Path(encoder).is_dir() else encoder


def _open_encoder(name: str, prefer: Literal["fast_start", "throughput"]) -> Encoder:
    from rag.index.encoder import open_encoder

    return open_encoder(name, prefer=prefer)


def _open_vectors(settings: Settings, generation: str, seal: str) -> VectorIndex | None:
    """The vector index, or None where it cannot be used: then answers are found by words alone."""
    from rag.index.vectors import VectorIndex

    if not generation:
        return None
    try:
        return VectorIndex.open(settings.library, generation, seal, settings.chroma_url)
    except VectorIndexBroken:
        return None
