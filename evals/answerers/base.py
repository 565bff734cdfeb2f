"""What an answerer is: case -> Response, with the units it searches and a proof that it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from evals.matching import Said
from evals.questions import Case
from rag.errors import RagError

RANKED = 50
"""Units of the ranking that are kept; measures look at ten."""


class ArmDidNotRun(RagError):
    """An answerer did not do what its name says; its figures would be those of something else."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back for one question: an answer (schema h200.answer/1), and the ids of the units found, best first.

    `seconds`: from question to answer, without what only the evaluation needs.
    """

    answer: Mapping[str, Any]
    ranked: tuple[str, ...]
    seconds: float
    proof: Mapping[str, Any] = field(default_factory=dict)
    """What the answerer saw of its own working, for `check`."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What an answerer searches: a passage or chunk, the article it is of, and its text."""

    article: str
    said: Said


class Answerer(Protocol):
    """Anything that answers the questions of a set."""

    @property
    def name(self) -> str:
        """What it is called in reports."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """All that shapes its answers but code and corpus; cached answers are keyed by it."""
        ...

    def ask(self, case: Case) -> Response:
        """Answer one question."""
        ...

    def units(self) -> Mapping[str, Unit]:
        """Everything it searches, by id."""
        ...

    def check(self, responses: Mapping[str, Response]) -> None:
        """Assert that it really ran, from what it handed back by case id. Raises: ArmDidNotRun."""
        ...

    def close(self) -> None:
        """Release what it holds."""
        ...
