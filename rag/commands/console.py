"""How commands speak: exit codes, an answer or a table or JSON on standard output, notes and progress on standard error."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rag.library import Progress
    from rag.model import Answer, Verdict

DONE: Final = 0
ERROR: Final = 1
USAGE: Final = 2
ABSTAINED: Final = 3
SOME_FAILED: Final = 4


def print_answer(answer: Answer, options: argparse.Namespace) -> None:
    """An answer as text, in colour on a terminal, or as JSON; its notes go to standard error."""
    from rag.render.json import answer_json
    from rag.render.terminal import answer_text

    if getattr(options, "json", False):
        print(json_text(answer_json(answer), indent=2))
    elif sys.stdout.isatty():
        from rich.console import Console

        Console(highlight=False).print(answer_text(answer, colour=True))
    else:
        print(answer_text(answer))
    for note in answer.notes:
        tell(note, options)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on a terminal, tab-separated lines in a pipe."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*heads, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    Console().print(table)


def json_text(data: object, indent: int | None = None) -> str:
    """JSON for people, in their letters; what standard output cannot carry is escaped."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    return text if text.isascii() or _encodable(text) else json.dumps(data, indent=indent)


def _encodable(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def tell(text: str, options: argparse.Namespace) -> None:
    """A line beside the answer, for those who did not ask for quiet."""
    if not options.quiet:
        print(text, file=sys.stderr)


def complain(text: object) -> None:
    """What went wrong, in the program's name."""
    print(f"h200: {text}", file=sys.stderr)


@contextmanager
def progress_bar(options: argparse.Namespace) -> Iterator[Progress | None]:
    """A progress bar on standard error, if somebody may be looking."""
    if options.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("articles", total=None)

        def advance(done: int, total: int, verdict: Verdict) -> None:
            bar.update(task, completed=done, total=total, description=verdict.outcome)

        yield advance
