"""The answerers by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from evals.answerers import engine
from evals.answerers.base import Answerer
from evals.shelf import Shelf
from rag.errors import RagError


def _stock(shelf: Shelf) -> Answerer:
    from evals.answerers.stock import stock  # llama-index takes seconds to import

    return stock(shelf)


ARMS: Final[Mapping[str, Callable[[Shelf], Answerer]]] = {
    "ours": engine.ours,
    "lexical": engine.lexical,
    "vectors": engine.vectors,
    "stock": _stock,
}


def arm(name: str, shelf: Shelf) -> Answerer:
    """The answerer of that name over a library. Raises: RagError."""
    if name not in ARMS:
        raise RagError(f"There is no arm {name!r}: choose from {', '.join(ARMS)}.")
    return ARMS[name](shelf)
