"""One SQLite file in WAL mode: opened, queried and written, its errors told in the library's own words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import LibraryBroken, LibraryLocked, LibraryReadOnly

Row = tuple[Any, ...]
VARIABLES_AT_ONCE = 500
"""SQLite allows about a thousand variables in a statement."""


class Database:
    """A connection that may be shared by threads that read; one process writes at a time."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, path: Path, mode: str) -> Database:
        """Open a file. `mode`: rwc to create, rw, ro, or ro&immutable=1 where not even a journal can be written.

        Raises: LibraryReadOnly, LibraryBroken.
        """
        quoted = path.resolve().as_posix().replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        with _translated(path):
            connection = sqlite3.connect(
                f"file:{quoted}?mode={mode}", uri=True, timeout=5, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # what is forgotten leaves no bytes behind
            connection.execute("PRAGMA synchronous = NORMAL")
            return cls(connection, path)

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        with _translated(self.path):
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, values: Sequence[object] = ()) -> Row | None:
        """The first row of a query, None if there is none."""
        return next(iter(self.rows(query, values)), None)

    def aggregate(self, query: str, values: Sequence[object] = ()) -> Row:
        """The one row of a query that always has one: count, min, max."""
        return self.rows(query, values)[0]

    def rows_for(self, query: str, column: str, wanted: Iterable[object]) -> list[Row]:
        """The rows of a query, which may end in a condition, whose `column` is one of the values wanted."""
        values = list(dict.fromkeys(wanted))
        joiner = "AND" if " WHERE " in query else "WHERE"
        rows: list[Row] = []
        for start in range(0, len(values), VARIABLES_AT_ONCE):
            part = values[start : start + VARIABLES_AT_ONCE]
            rows += self.rows(f"{query} {joiner} {column} IN ({','.join('?' * len(part))})", part)
        return rows

    def stream(self, query: str) -> Iterator[Row]:
        """The rows of a query one by one, for tables that may not fit in memory twice."""
        with _translated(self.path):
            yield from self._connection.execute(query)

    def write(self, statement: str, values: Sequence[object] = ()) -> int:
        """Run a statement; the id of the row it inserted, if it did."""
        with _translated(self.path):
            return self._connection.execute(statement, values).lastrowid or 0

    def write_all(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row of values."""
        with _translated(self.path):
            self._connection.executemany(statement, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises: LibraryLocked, LibraryReadOnly, LibraryBroken."""
        self.write("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self.write("COMMIT")

    def close(self) -> None:
        """Release the file."""
        self._connection.close()


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "readonly" in text or "unable to open" in text:
            raise LibraryReadOnly(
                f"{path.parent} cannot be written ({text}): copy the library or change its rights."
            ) from error
        if "locked" in text:
            raise LibraryLocked(f"Another process is writing to {path.parent}: try again when it is done.") from error
        raise LibraryBroken(
            f"{path} cannot be used ({text}): free space on its disk, or move it away and ingest again."
        ) from error
    except sqlite3.DatabaseError as error:
        raise LibraryBroken(f"{path} cannot be read ({error}): move it away and ingest again.") from error
