"""A shelf over the bundled corpus, and our engine's answers to the development questions, each asked once a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evals.answerers.base import Response
from evals.answerers.engine import LibraryArm, ours
from evals.questions import BUNDLED, Case, load
from evals.shelf import Shelf, shelf_of
from rag.library import Library


@pytest.fixture(scope="session")
def shelf(bundled: Library) -> Shelf:
    """The bundled corpus, as question sets name its articles."""
    return shelf_of(bundled, "bundled")


@pytest.fixture(scope="session")
def everything() -> list[Case]:
    return load(BUNDLED)


@pytest.fixture(scope="session")
def dev() -> list[Case]:
    return load(BUNDLED, "dev")


@pytest.fixture(scope="session")
def engine_arm(shelf: Shelf) -> Iterator[LibraryArm]:
    arm = ours(shelf)
    yield arm
    arm.close()


@pytest.fixture(scope="session")
def answers(engine_arm: LibraryArm, dev: list[Case]) -> dict[str, Response]:
    """What the engine says to every development question."""
    return {case.id: engine_arm.ask(case) for case in dev}
