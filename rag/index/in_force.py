"""The vectors in force: the generation that the catalog names, opened in the background and brought level with it.

catalog -> name and seal of a generation -> VectorIndex, or None where it cannot be used
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from rag.errors import VectorIndexBroken
from rag.index.catalog import VECTORS_BEHIND, Catalog

if TYPE_CHECKING:
    from rag.index.vectors import VectorIndex

GENERATION: Final = "vectors_generation"
SEAL: Final = "vectors_seal"
"""State: name and seal of the generation in force; empty while there is none."""

Health: TypeAlias = Literal["sound", "behind", "missing", "broken"]


class VectorsInForce:
    """One library's vector index, as its readers have it and as its writer replaces it."""

    def __init__(self, catalog: Catalog, server: str | None = None) -> None:
        """Nothing is opened yet; `server` is the address of the Chroma server that holds the generations, if one does."""
        self._catalog = catalog
        self._server = server
        self._opened: tuple[str, Future[VectorIndex | None]] | None = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="vectors")

    def close(self) -> None:
        """Release files and threads."""
        if self._opened is not None and (index := self._opened[1].result()) is not None:
            index.close()
        self._worker.shutdown()

    # reading

    def prepare(self) -> Future[VectorIndex | None]:
        """Start opening the generation in force, unless that was done; opened anew after an ingest."""
        generation, seal = self._catalog.state(GENERATION) or "", self._catalog.state(SEAL) or ""
        if self._opened is None or self._opened[0] != generation or self._server_was_away(self._opened[1]):
            self._opened = generation, self._worker.submit(self._open, generation, seal)
        return self._opened[1]

    def _server_was_away(self, opened: Future[VectorIndex | None]) -> bool:
        return self._server is not None and opened.done() and opened.result() is None

    def _open(self, generation: str, seal: str) -> VectorIndex | None:
        from rag.index.vectors import VectorIndex

        if not generation:
            return None
        try:
            return VectorIndex.open(self._catalog.folder, generation, seal, self._server)
        except VectorIndexBroken:
            return None

    def index(self) -> VectorIndex | None:
        """The vector index, or None where it cannot be used: then answers are found by words alone."""
        return self.prepare().result()

    @property
    def behind(self) -> bool:
        """Whether the catalog has what the index lacks, as an ingest was cut short."""
        return self._catalog.state(VECTORS_BEHIND) == "yes"

    def health(self) -> Health:
        """Open it and count what it holds."""
        if not self._catalog.state(GENERATION):
            return "missing"
        index = self.index()
        if index is None:
            return "broken"
        return "sound" if index.ids() == self._catalog.vector_ids() else "behind"

    # writing

    def renounce(self) -> None:
        """Leave no generation in force: nothing may be built upon the vectors of another encoder."""
        self._catalog.set_state(GENERATION, "")

    def catch_up(self, *, afresh: bool = False, apart: bool = False) -> None:
        """Bring the index level with the catalog, if it lags: a new generation, then one switch to it.

        `afresh`: from nothing; `apart`: from nothing in a process of its own, for no trace of what was removed.
        """
        from rag.index.vectors import tidy

        generation = self._catalog.state(GENERATION)
        if self.behind or not generation:
            generation, seal = self._build(generation if not afresh else None, apart=apart)
            with self._catalog.transaction():
                self._catalog.set_state(GENERATION, generation)
                self._catalog.set_state(SEAL, seal)
                self._catalog.set_state(VECTORS_BEHIND, "no")
        tidy(self._catalog.folder, [generation], self._server)

    def _build(self, old: str | None, *, apart: bool) -> tuple[str, str]:
        """Make the next generation; its (name, seal). It is built upon the `old` one, if there is one."""
        from rag.index.rebuilding import build_apart
        from rag.index.vectors import Unit, build

        folder, wanted = self._catalog.folder, self._catalog.vector_ids()
        if apart and wanted and self._server is None:
            return build_apart(folder)
        base = (old, self._catalog.state(SEAL) or "") if old else None
        return build(folder, (Unit(*row) for row in self._catalog.all_vectors()), wanted, base, self._server)
