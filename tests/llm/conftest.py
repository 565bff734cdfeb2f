"""Libraries that are asked with a language model behind them: a server of our own on loopback, real in every other way."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.register_assert_rewrite("server", "lies", "asking")

from asking import Opening, opening  # noqa: E402

from rag.library import Library  # noqa: E402
from rag.llm import prepare  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def _imported() -> None:
    """What a first question imports takes seconds, which no test is about."""
    prepare()


@pytest.fixture(scope="session")
def with_model(built: Path) -> Opening:
    """Opens the small library with a model at a server."""
    return opening(built)


@pytest.fixture(scope="session")
def bundled_with_model(bundled: Library) -> Opening:
    """Opens the library of the bundled corpus with a model at a server."""
    return opening(bundled.settings.library)
