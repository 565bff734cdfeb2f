"""Our engine as an answerer: through the library's door, or with parts of it left out by its constructor."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np

from evals.answerers.base import RANKED, ArmDidNotRun, Response, Unit
from evals.matching import Said
from evals.questions import Case
from evals.shelf import Shelf
from rag.ask.engine import Engine
from rag.ask.question import understand
from rag.ask.retrieve import DENSE, LEXICAL
from rag.index.lexical import LexicalIndex, Matches
from rag.language.lexicon import Concept
from rag.model import Answer, Lang, Question
from rag.render.json import answer_json

Ask = Callable[[Question], Answer]
LEXICAL_BAR: Final = 0.3
VECTORS_BAR: Final = 0.25
"""Confidence from which the two partial engines answer, chosen on the dev split for the highest truthfulness: each
lacks a signal that the whole engine's bar of 0.5 counts on, and would else be measured by its silence."""


@dataclass(slots=True)
class _Arm:
    """What every arm of ours has: an engine whose ranking is shown, and the library it searches."""

    name: str
    engine: Engine
    shelf: Shelf
    settings: Mapping[str, Any]
    _units: dict[str, Unit] = field(default_factory=dict, init=False)

    def _response(self, case: Case, answer: Answer, question: Question, seconds: float) -> Response:
        """An answer, with the passages found for the question as it was understood."""
        found, _ = self.engine.search(question)
        ways = sorted({way for hit in found.hits for way in hit.ranks})
        ranked = tuple(hit.passage.id for hit in found.hits[:RANKED])
        return Response(answer_json(answer, case.id), ranked, seconds, {"ways": ways})

    def units(self) -> Mapping[str, Unit]:
        """The passages of the library."""
        if not self._units:
            self._units = passages_of(self.shelf)
        return self._units

    def close(self) -> None:
        """Nothing is held that the shelf does not own."""


@dataclass(slots=True)
class EngineArm(_Arm):
    """An engine that is asked directly. `expected`: which retrievers must have found something, and no other may.

    `ask_engine`: how a question is put to it, to plant what a broken engine would do.
    """

    expected: frozenset[str] = frozenset({LEXICAL, DENSE})
    ask_engine: Ask | None = None

    def ask(self, case: Case) -> Response:
        """Answer one question, and rank passages for it."""
        question = understand(case.question, history=case.history, as_of=case.as_of, lang=None)
        started = time.perf_counter()
        answer = (self.ask_engine or self.engine.answer)(question)
        return self._response(case, answer, question, time.perf_counter() - started)

    def check(self, responses: Mapping[str, Response]) -> None:
        """The retrievers of its name found passages, and the others none. Raises: ArmDidNotRun."""
        check_ways(self.name, self.expected, responses)


@dataclass(slots=True)
class LibraryArm(_Arm):
    """The whole engine, asked through `Library.ask` as every user does; `engine` only shows its ranking."""

    def ask(self, case: Case) -> Response:
        """Answer one question, and rank passages for it."""
        started = time.perf_counter()
        answer = self.shelf.library.ask(case.question, as_of=case.as_of, history=case.history)
        return self._response(case, answer, answer.question, time.perf_counter() - started)

    def check(self, responses: Mapping[str, Response]) -> None:
        """Words and vectors both found passages, and the vector index is sound. Raises: ArmDidNotRun."""
        health = self.shelf.library.condition().vectors
        if health != "sound":
            raise ArmDidNotRun(f"The vector index of {self.name!r} is {health}: delete its library and run again.")
        check_ways(self.name, frozenset({LEXICAL, DENSE}), responses)


def whole_engine(shelf: Shelf) -> Engine:
    """The engine as `Library` wires it; `replace` exchanges parts of it."""
    return shelf.library._engine


def ours(shelf: Shelf) -> LibraryArm:
    """The engine as it is."""
    return LibraryArm("ours", whole_engine(shelf), shelf, _settings(shelf))


def lexical(shelf: Shelf) -> EngineArm:
    """By words alone: no vector index, no vector of the question."""
    engine = replace(whole_engine(shelf), vectors=lambda: None, encode=lambda text, lang: None, answer_from=LEXICAL_BAR)
    return EngineArm("lexical", engine, shelf, _settings(shelf, answer_from=LEXICAL_BAR), frozenset({LEXICAL}))


def vectors(shelf: Shelf) -> EngineArm:
    """By vectors alone: an index of words in which nothing is ever found."""
    whole = whole_engine(shelf)
    engine = replace(whole, lexical=NoWords(whole.lexical), answer_from=VECTORS_BAR)
    return EngineArm("vectors", engine, shelf, _settings(shelf, answer_from=VECTORS_BAR), frozenset({DENSE}))


class NoWords(LexicalIndex):
    """A lexical index that finds no word anywhere, though it knows, as the real one, how often each is said."""

    def __init__(self, real: LexicalIndex) -> None:
        self._real = real

    def match(self, concepts: Sequence[Concept], as_of: date | None = None) -> Matches:
        """Nothing, whatever is asked for."""
        none = np.zeros(0, dtype=np.float32)
        rarity = np.zeros(len(concepts), dtype=np.float32)
        return Matches((), none, np.zeros((0, len(concepts)), dtype=np.float32), 1, rarity, 1.0)

    def holding(self, terms: Iterable[tuple[str, Lang]], as_of: date | None = None) -> dict[tuple[str, Lang], int]:
        """In how many sentences each term stands."""
        return self._real.holding(terms, as_of)


def passages_of(shelf: Shelf) -> dict[str, Unit]:
    """The passages of a library as units of retrieval."""
    names = {article.id: name for name, article in shelf.articles.items()}
    units = {}
    for passage in shelf.library.catalog.passages():
        article = shelf.articles[names[passage.article_id]]
        said = Said(passage.span.of(article.text), passage.lang, article.published)
        units[passage.id] = Unit(names[passage.article_id], said)
    return units


def check_ways(name: str, expected: frozenset[str], responses: Mapping[str, Response]) -> None:
    """Raises: ArmDidNotRun, if other retrievers than those expected found passages."""
    seen = {way for response in responses.values() for way in response.proof.get("ways", ())}
    if responses and seen != expected:
        raise ArmDidNotRun(
            f"The arm {name!r} searched by {', '.join(sorted(seen)) or 'nothing'} and not by "
            f"{', '.join(sorted(expected))}: its figures would be those of another engine."
        )


def _settings(shelf: Shelf, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    settings = shelf.library.settings
    return {"encoder": shelf.library.facts.fingerprint, "passage_words": settings.passage_words, **more}
