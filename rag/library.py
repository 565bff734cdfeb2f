"""Library: the one door. It wires catalog, indexes, encoder, ingest and ask, and holds no logic of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag.errors import EncoderMismatch, LibraryReadOnly, QuestionTooLong
from rag.index.catalog import FILE, VECTORS_BEHIND, Catalog
from rag.index.in_force import Health, VectorsInForce
from rag.index.one_writer import one_writer
from rag.index.own_encoder import OwnEncoder, Prefer, full_name, open_named, state_of
from rag.model import Answer, Article, Event, Lang, LibraryFacts, Mode, Passage, Verdict
from rag.settings import EMBEDDED_ENCODER, Settings

if TYPE_CHECKING:
    from rag.ask.engine import Drafted, Engine
    from rag.index.lexical import LexicalIndex
    from rag.ingest.fetching import Fetcher
    from rag.ingest.sync import Writer
    from rag.llm import LanguageModel

Progress = Callable[[int, int, Verdict], None]
"""Called after each source with (done, of how many, its verdict)."""

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
    vectors: Health
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
        self._encoder = OwnEncoder(catalog)
        self._vectors = VectorsInForce(catalog, settings.chroma_url)

    @classmethod
    def open(cls, settings: Settings) -> Library:
        """Open the library that exists in `settings.library`.

        Raises: LibraryNotFound, LibraryBroken, EncoderMismatch.
        """
        catalog = Catalog.open(settings.library)
        asked, kept = full_name(settings.encoder), OwnEncoder(catalog).name
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
        name = full_name(settings.encoder) or EMBEDDED_ENCODER
        encoder = open_named(name, "fast_start")
        library = cls(Catalog.create(settings.library, state_of(name, encoder)), settings)
        library._encoder.keep(encoder, "fast_start")
        return library

    def close(self) -> None:
        """Release files and threads."""
        self._vectors.close()
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
        from rag.llm import prepare

        prepare()
        settings = self.settings.language_model
        writer = Writer(
            self._model,
            settings.context,
            settings.seconds,
            draft=self._engine.drafted,
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
        vectors = self._encoder.open("fast_start").encode([left, right], lang, "query")
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
        self._vectors.prepare()

    @cached_property
    def _engine(self) -> Engine:
        from rag.ask.engine import Engine

        return Engine(
            catalog=self.catalog,
            lexical=self._lexical(),
            vectors=self._vectors.index,
            encode=lambda text, lang: self._encoder.open("fast_start").encode([text], lang, "query")[0],
            facts=self.facts,
            notes=lambda: ("vectors_behind",) if self._vectors.behind else (),
        )

    def _lexical(self) -> LexicalIndex:
        from rag.index.lexical import LexicalIndex

        return LexicalIndex(self.catalog.database)

    # contents

    @property
    def facts(self) -> LibraryFacts:
        """What the library holds now."""
        articles, passages = self.catalog.counts()
        return LibraryFacts(articles, passages, self.catalog.date_range()[1], self._encoder.fingerprint)

    def articles(self, wanted: Callable[[Article], bool] | None = None) -> list[Article]:
        """All articles, or those wanted, oldest first, undated ones last."""
        return [article for article in self.catalog.articles() if wanted is None or wanted(article)]

    def show(self, name: str) -> Article:
        """One article by its id or the start of it. Raises: ArticleNotFound."""
        return self.catalog.find(name)

    def condition(self) -> Condition:
        """Count, look at the indexes, and say how they are."""
        articles, passages = self.catalog.counts()
        oldest, newest = self.catalog.date_range()
        quotable = {passage.id for passage in self.catalog.passages() if passage.sentences}
        return Condition(
            folder=self.settings.library,
            articles=articles,
            passages=passages,
            oldest=oldest,
            newest=newest,
            encoder=self._encoder.name,
            fingerprint=self._encoder.fingerprint,
            vectors=self._vectors.health(),
            lexical="sound" if self._lexical().passage_ids() == quotable else "behind",
        )

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
                self.catalog.erase_traces()
            self._vectors.catch_up(apart=any(verdict.outcome == "removed" for verdict in verdicts))
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
            self._forget(gone.values())
        return [Verdict(source, "removed", article_id=article_id) for source, article_id in sorted(gone.items())]

    def remove(self, names: Sequence[str]) -> list[Article]:
        """Forget articles, in catalog, indexes and files. Raises: ArticleNotFound (then none is removed)."""
        articles = [self.catalog.find(name) for name in names]
        with self._writing():
            self._forget(article.id for article in articles)
            self.catalog.erase_traces()
            self._vectors.catch_up(apart=True)
            self.catalog.erase_traces()
        return articles

    def _forget(self, article_ids: Iterable[str]) -> None:
        with self.catalog.transaction():
            for article_id in article_ids:
                self.catalog.remove(article_id)
            self.catalog.set_state(VECTORS_BEHIND, "yes")

    def rebuild(self, encoder: str | None = None) -> None:
        """Make both indexes anew from the catalog; with another `encoder`, embed every text anew first.

        Raises: LibraryLocked, LibraryReadOnly, ConfigError.
        """
        from rag.ingest.sync import embed

        lexical = self._lexical()
        with self._writing():
            articles = {article.id: article for article in self.catalog.articles()}
            cut = [(articles[passage.article_id], passage) for passage in self.catalog.passages()]
            name = full_name(encoder)
            new = open_named(name, "throughput") if name else None
            vectors = embed(cut, new) if new else {}
            with self.catalog.transaction():
                lexical.clear()
                for article, passage in cut:
                    lexical.put(article, [passage])
                if name and new:
                    self.catalog.replace_vectors(vectors)
                    self._vectors.renounce()
                    self._encoder.become(name, new)
                self.catalog.set_state(VECTORS_BEHIND, "yes")
            self._vectors.catch_up(afresh=True)

    @cached_property
    def _fetcher(self) -> Fetcher:
        from rag.ingest.fetching import Fetcher, FetchLimits

        return self._given_fetcher or Fetcher(FetchLimits(body_bytes=self.settings.source_bytes))

    def _writer(self, prefer: Prefer) -> Writer:
        from rag.ingest.sync import Writer

        return Writer(
            self.catalog,
            self._lexical(),
            lambda: self._encoder.open(prefer),
            self.settings.source_bytes,
            self.settings.passage_words,
            self._fetcher,
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the library's one writer lock. Raises: LibraryLocked, LibraryReadOnly."""
        with one_writer(self.settings.library):
            try:
                yield
            finally:
                self.__dict__.pop("_engine", None)  # it states what the library held when it was made
