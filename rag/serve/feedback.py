"""What readers thought of answers: one SQLite file beside the catalog, so that judging never waits for an ingest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, get_args

from rag.errors import BadRequest, LibraryReadOnly
from rag.index.database import Database

FILE: Final = "feedback.sqlite"
COMMENT: Final = 1_000
MOST: Final = 100_000
"""Opinions that are kept; beyond, the oldest goes."""
Opinion = Literal["good", "bad"]

_SCHEMA: Final = """CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY AUTOINCREMENT, given TEXT NOT NULL, opinion TEXT NOT NULL, comment TEXT NOT NULL,
    question TEXT NOT NULL, as_of TEXT, answer TEXT NOT NULL, mark TEXT NOT NULL
)"""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's opinion of one answer. `given`: when, ISO in UTC; `mark`: which answer it was."""

    given: str
    opinion: Opinion
    comment: str
    question: str
    as_of: str | None
    answer: str
    mark: str


def judged(opinion: object, comment: object, question: str, as_of: str | None, answer: str, mark: str) -> Feedback:
    """An opinion as a browser sent it. Raises: BadRequest."""
    if opinion not in get_args(Opinion) or not isinstance(comment, str) or len(comment) > COMMENT:
        raise BadRequest(f"An opinion is 'good' or 'bad', with a comment of at most {COMMENT} characters.")
    given = datetime.now(UTC).isoformat(timespec="seconds")
    return Feedback(given, opinion, " ".join(comment.split()), question, as_of, answer, mark)  # type: ignore[arg-type]


def keep(library: Path, feedback: Feedback) -> None:
    """Store an opinion; a later one with a comment of the same answer is one more row. Raises: LibraryReadOnly."""
    with _open(library, "rwc") as database:
        database.write(_SCHEMA)
        database.write(
            "INSERT INTO feedback (given, opinion, comment, question, as_of, answer, mark) VALUES (?,?,?,?,?,?,?)",
            (feedback.given, feedback.opinion, feedback.comment, feedback.question, feedback.as_of, feedback.answer, feedback.mark),
        )  # fmt: skip
        database.write("DELETE FROM feedback WHERE number <= (SELECT max(number) FROM feedback) - ?", (MOST,))


def kept(library: Path) -> list[Feedback]:
    """All opinions, oldest first; none where none was given."""
    if not (library / FILE).is_file():
        return []
    with _open(library, "ro") as database:
        rows = database.rows(
            "SELECT given, opinion, comment, question, as_of, answer, mark FROM feedback ORDER BY number"
        )
    return [Feedback(*row) for row in rows]


@contextmanager
def _open(library: Path, mode: str) -> Iterator[Database]:
    if not library.is_dir():
        raise LibraryReadOnly(f"There is no folder {library} to keep opinions in: build the library first.")
    database = Database.open(library / FILE, mode)
    try:
        yield database
    finally:
        database.close()
