"""One writer at a time: a lock on a library's folder, for which no reader waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rag.errors import LibraryLocked, LibraryReadOnly

LOCK: Final = "writer.lock"


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Hold the lock of the library in `folder`, or fail at once. Raises: LibraryLocked, LibraryReadOnly."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LibraryLocked(f"Another process is writing to {folder}: try again when it is done.") from error
    except OSError as error:
        raise LibraryReadOnly(
            f"{folder} cannot be written ({error.strerror}): copy the library or change its rights."
        ) from error
    try:
        yield
    finally:
        lock.release()
