"""h200 ask and h200 chat: questions from the command line, from lines of JSON, or typed one after another -> answers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rag.commands.console import ABSTAINED, DONE, USAGE, complain, json_text, print_answer, tell
from rag.commands.options import day, library_to_ask
from rag.errors import RagError

if TYPE_CHECKING:
    from rag.library import Library
    from rag.model import Answer


def ask(options: argparse.Namespace) -> int:
    """Answer one question, or each line of a batch."""
    if (options.question is None) == (options.batch is None):
        complain("give either one question or --batch FILE.")
        return USAGE
    with library_to_ask(options) as library:
        library.warm()
        if options.batch is not None:
            return _ask_batch(options, library)
        answer = _answer(options.question, options, library, history=options.after)
        print_answer(answer, options)
    return ABSTAINED if answer.status == "abstained" else DONE


def chat(options: argparse.Namespace) -> int:
    """Hold a conversation until the reader leaves."""
    history: list[str] = []
    with library_to_ask(options) as library:
        library.warm()
        facts = library.facts
        tell(
            f"{facts.articles} articles, {facts.passages} passages. Une question / a question? (Ctrl-D: quit)", options
        )
        while (question := _read_question()) is not None:
            if not question.strip():
                continue
            try:
                answer = _answer(question, options, library, history=history)
            except RagError as error:
                complain(error)
                continue
            print_answer(answer, options)
            print()
            history.append(question)
    return DONE


def _answer(
    question: str,
    options: argparse.Namespace,
    library: Library,
    *,
    history: Sequence[str],
    as_of: date | None = None,
) -> Answer:
    """The answer as the options want it; `as_of` goes before theirs."""
    return library.ask(question, as_of=as_of or options.as_of, history=history, lang=options.lang, mode=options.mode)


def _read_question() -> str | None:
    try:
        return input("\n› " if sys.stdin.isatty() else "")
    except EOFError:
        return None


# a batch: JSON lines in, JSON lines out


def _ask_batch(options: argparse.Namespace, library: Library) -> int:
    with _input(options.batch) as lines:
        for line in lines:
            print(json_text(_batch_line(line, options, library)), flush=True)
    return DONE


@contextmanager
def _input(name: str) -> Iterator[IO[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as file:
            yield file
    except OSError as error:
        raise RagError(f"{name} cannot be read ({error.strerror}): name a file of JSON lines, or -.") from error


def _batch_line(line: bytes, options: argparse.Namespace, library: Library) -> dict[str, Any]:
    """The answer to one line, or its error: a bad line never stops the others."""
    from rag.render.json import answer_json

    id_: object = None
    try:
        row = _parsed(line)
        id_ = row.get("id") if isinstance(row, dict) else None
        question, as_of, history = _batch_question(row)
        answer = _answer(question, options, library, history=[*options.after, *history], as_of=as_of)
        return answer_json(answer, id_)
    except (RagError, argparse.ArgumentTypeError) as error:
        return {"id": id_, "error": str(error)}


def _parsed(line: bytes) -> object:
    """The JSON value of a line. Raises: RagError."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(line.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise RagError(f"The line is no JSON in UTF-8 ({error}): write one object a line.") from error


def _batch_question(row: object) -> tuple[str, date | None, list[str]]:
    """(question, as_of, history) of a line. Raises: RagError, ArgumentTypeError."""
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise RagError("The line holds no question: write an object with a text under 'question'.")
    history = row.get("history") or []
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        raise RagError("'history' is no list of earlier questions: write it as a list of texts.")
    return row["question"], day(row["as_of"]) if row.get("as_of") else None, history
