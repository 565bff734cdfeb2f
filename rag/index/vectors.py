"""The vector index: Chroma, kept as sealed generations that are never opened in place.

(unit id, article id, day, vector) rows -> a Chroma folder -> nearest unit ids

Embedded Chroma rewrites its files in place, even to answer a query, and a torn file can take the process down with it.
So a generation is built aside, checked, sealed with a hash of its files, and from then on only copied: every reader
works on a private copy whose hash was verified, a crash leaves either the old generation or the new one, and a library
on a read-only disk answers like any other. With the address of a Chroma server (`server`), a generation is a collection
there instead, shared by every process that answers from the same catalog. Writing goes through llama-index's ChromaVectorStore; reading asks the
collection itself, since importing llama-index takes twice as long as all of `h200 ask`.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx
import numpy as np
from numpy.typing import NDArray

from rag.errors import VectorIndexBroken

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

FOLDER: Final = "chroma"
COLLECTION: Final = "h200"
BATCH: Final = 5_000
"""Rows written at once; Chroma refuses more than 5461."""
HNSW: Final[Any] = {"hnsw": {"space": "cosine", "ef_search": 500}}
"""Chroma's own 100 is little above the number of units asked for and misses some, others in each build of one library:
what is nearest would then hang on chance. Five hundred finds them all in half a millisecond more."""

FloatMatrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage or sentence as it is indexed. `day`: from when it may be used, None if that is unknown."""

    id: str
    article_id: str
    day: date | None
    vector: NDArray[np.float32]


class VectorIndex:
    """One generation, opened for questions on a private copy."""

    def __init__(self, collection: Collection, workplace: Path | None = None) -> None:
        self._collection = collection
        self._finalizer = weakref.finalize(self, shutil.rmtree, workplace, ignore_errors=True) if workplace else None

    @classmethod
    def open(cls, library: Path, generation: str, seal: str, server: str | None = None) -> VectorIndex:
        """Copy a sealed generation, verify the copy, open it; or open the collection of that name on a server.

        Raises: VectorIndexBroken, if it is missing, differs from its seal, or cannot be opened.
        """
        if server is not None:
            return cls(_shared(server, generation))
        source = library / FOLDER / generation
        workplace = Path(tempfile.mkdtemp(prefix="h200-chroma-"))
        try:
            _copy(source, workplace / generation)
            if _hash_of(workplace / generation) != seal:
                raise VectorIndexBroken(f"The vector index in {source} is damaged: run 'h200 rebuild'.")
            return cls(_collection(_client(workplace / generation)), workplace)
        except OSError as error:
            shutil.rmtree(workplace, ignore_errors=True)
            raise VectorIndexBroken(
                f"The vector index in {source} cannot be read ({error}): run 'h200 rebuild'."
            ) from error
        except VectorIndexBroken:
            shutil.rmtree(workplace, ignore_errors=True)
            raise

    def search(self, vector: NDArray[np.float32], limit: int, as_of: date | None = None) -> list[tuple[str, float]]:
        """The `limit` nearest units: (unit id, cosine), nearest first. With `as_of`, only what was known by that day.

        `vector`: (d,) float32 unit row. Raises: VectorIndexBroken.
        """
        from chromadb.errors import ChromaError

        where: Any = {"day": {"$lte": as_of.toordinal()}} if as_of else None
        try:
            found = self._collection.query(
                query_embeddings=np.asarray([vector], dtype=np.float32),
                n_results=limit,
                where=where,
                include=["distances"],
            )
        except (ChromaError, RuntimeError, httpx.HTTPError) as error:
            raise VectorIndexBroken(f"The vector index does not answer ({error}): run 'h200 rebuild'.") from error
        distances = found["distances"] or [[]]
        return [(unit, 1.0 - distance) for unit, distance in zip(found["ids"][0], distances[0], strict=True)]

    def ids(self) -> set[str]:
        """Every unit id in the index."""
        return set(self._collection.get(include=[])["ids"])

    def close(self) -> None:
        """Delete the private copy."""
        if self._finalizer is not None:
            self._finalizer()


def build(
    library: Path, units: Iterable[Unit], wanted: set[str], base: tuple[str, str] | None, server: str | None = None
) -> tuple[str, str]:
    """Make a new sealed generation holding exactly the units `wanted`; returns its (name, seal).

    With `base`, an older (name, seal) that holds nothing else than wanted units, only the missing ones are added to a
    copy of it; `units` yields all of them either way. The new generation is not in use until the caller says so.
    """
    if server is not None:
        return _build_shared(library, units, wanted, server)
    root = library / FOLDER
    if root.exists() and not root.is_dir():
        root.unlink()
    root.mkdir(parents=True, exist_ok=True)
    workplace = Path(tempfile.mkdtemp(prefix="building-", dir=root))
    try:
        present = _start_from(base, root, workplace)
        if present - wanted:
            shutil.rmtree(workplace)
            workplace.mkdir()
            present = set()
        client = _client(workplace)
        _add(_collection(client), (unit for unit in units if unit.id not in present))
        _release(client)
        seal = _hash_of(workplace)
        generation = workplace.name.removeprefix("building-")
        workplace.rename(root / generation)
    except BaseException:
        shutil.rmtree(workplace, ignore_errors=True)
        raise
    _check(library, generation, seal, wanted)
    return generation, seal


def tidy(library: Path, keep: Iterable[str], server: str | None = None) -> None:
    """Delete all generations but those to keep, and what a killed build left behind."""
    kept = set(keep)
    if server is not None:
        _tidy_shared(library, kept, server)
        return
    for folder in (library / FOLDER).glob("*"):
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def _check(library: Path, generation: str, seal: str, wanted: set[str]) -> None:
    """Open what was built as a reader would. Raises: VectorIndexBroken."""
    index = VectorIndex.open(library, generation, seal)
    held = index.ids()
    index.close()
    if held != wanted:
        raise VectorIndexBroken(f"The vector index holds {len(held)} of {len(wanted)} vectors: run 'h200 rebuild'.")


SERVED: Final = "served"
"""The seal of a generation on a server, which looks after its own files."""


def _build_shared(library: Path, units: Iterable[Unit], wanted: set[str], server: str) -> tuple[str, str]:
    """A new collection on the server; one of another name stays in force until the caller says otherwise."""
    from chromadb.errors import ChromaError

    generation = f"{_owner(library)}-{secrets.token_hex(6)}"
    try:
        client = _server_client(server)
        _add(
            client.create_collection(generation, embedding_function=None, configuration=HNSW),
            units,
        )
        held = set(_shared(server, generation).get(include=[])["ids"])
    except (ChromaError, RuntimeError, ValueError, httpx.HTTPError) as error:
        raise VectorIndexBroken(
            f"The Chroma server at {server} cannot be written ({error}): look after it, then run 'h200 rebuild'."
        ) from error
    if held != wanted:
        raise VectorIndexBroken(
            f"The Chroma server at {server} holds {len(held)} of {len(wanted)} vectors: run 'h200 rebuild'."
        )
    return generation, SERVED


def _tidy_shared(library: Path, kept: set[str], server: str) -> None:
    """Delete this library's other collections; what cannot be deleted now goes at the next ingest."""
    from chromadb.errors import ChromaError

    with suppress(ChromaError, RuntimeError, ValueError, httpx.HTTPError, VectorIndexBroken):
        client = _server_client(server)
        for collection in client.list_collections():
            if collection.name.startswith(f"{_owner(library)}-") and collection.name not in kept:
                client.delete_collection(collection.name)


def _shared(server: str, generation: str) -> Collection:
    """A collection that exists on a server. Raises: VectorIndexBroken."""
    from chromadb.errors import ChromaError

    try:
        return _server_client(server).get_collection(generation, embedding_function=None)
    except (ChromaError, RuntimeError, ValueError, httpx.HTTPError) as error:
        raise VectorIndexBroken(
            f"The Chroma server at {server} does not hold this library's vectors ({error}): start it, or run 'h200 rebuild'."
        ) from error


def _server_client(server: str) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(server)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise VectorIndexBroken(f"{server!r} is no address of a Chroma server: write it as http://host:8000.")
    secure = parts.scheme == "https"
    return chromadb.HttpClient(
        host=parts.hostname,
        port=parts.port or (443 if secure else 8000),
        ssl=secure,
        settings=Settings(anonymized_telemetry=False),
    )


def _owner(library: Path) -> str:
    """The prefix of a library's collections, so that several libraries may share a server."""
    return f"h200-{hashlib.blake2b(str(library.resolve()).encode(), digest_size=4).hexdigest()}"


def _start_from(base: tuple[str, str] | None, root: Path, workplace: Path) -> set[str]:
    """Fill the workplace with a copy of the base, if it is whole; the unit ids it holds."""
    if base is None or not (root / base[0]).is_dir():
        return set()
    _copy(root / base[0], workplace)
    if _hash_of(workplace) == base[1]:
        client = _client(workplace)
        present = set(_collection(client).get(include=[])["ids"])
        _release(client)
        return present
    shutil.rmtree(workplace)
    workplace.mkdir()
    return set()


def _add(collection: Collection, units: Iterable[Unit]) -> None:
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.chroma import ChromaVectorStore

    store = ChromaVectorStore(chroma_collection=collection)
    for batch in _batches(units, BATCH):
        store.add([TextNode(id_=u.id, embedding=u.vector.tolist(), metadata=_metadata(u)) for u in batch])


def _metadata(unit: Unit) -> dict[str, Any]:
    facts: dict[str, Any] = {"article": unit.article_id, "unit": "sentence" if "." in unit.id else "passage"}
    return {**facts, "day": unit.day.toordinal()} if unit.day else facts


def _batches(units: Iterable[Unit], size: int) -> Iterator[Sequence[Unit]]:
    remaining = iter(units)
    while batch := list(islice(remaining, size)):
        yield batch


def _client(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except (ChromaError, RuntimeError, ValueError) as error:
        raise VectorIndexBroken(f"Chroma cannot open {folder} ({error}): run 'h200 rebuild'.") from error


def _collection(client: ClientAPI) -> Collection:
    """The one collection. No embedding function: a stored one could run code, and vectors are always passed."""
    from chromadb.errors import ChromaError

    try:
        return client.get_or_create_collection(COLLECTION, embedding_function=None, configuration=HNSW)
    except (ChromaError, RuntimeError, ValueError) as error:
        raise VectorIndexBroken(f"Chroma holds no usable collection ({error}): run 'h200 rebuild'.") from error


def _release(client: ClientAPI) -> None:
    """Close the client, so that its files stand still to be sealed."""
    client.close()  # type: ignore[attr-defined]  # the interface does not name it, the embedded client has it


def _copy(source: Path, target: Path) -> None:
    """Copy the files of a folder, without their rights: the copy of a read-only library can be written."""
    for path in sorted(source.rglob("*")):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    if not target.is_dir():
        raise FileNotFoundError(f"no files in {source}")


def _hash_of(folder: Path) -> str:
    """blake2b over the names and bytes of all files, hex."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.stat().st_size.to_bytes(8, "little"))
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                digest.update(part)
    return digest.hexdigest()
