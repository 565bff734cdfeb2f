"""Answers that were given before: one JSON-lines file for each answerer, code, corpus and settings.

A line is written as soon as a question is answered, so a run that was cut short goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.answerers.base import Response
from evals.questions import Case


class AnswerCache:
    """The answers of one answerer; `folder` None keeps nothing."""

    def __init__(self, folder: Path | None, name: str, parts: Mapping[str, Any]) -> None:
        self._path: Path | None = None
        self._known: dict[str, Response] = {}
        if folder is not None:
            digest = hashlib.blake2b(json.dumps(parts, sort_keys=True, default=str).encode(), digest_size=8).hexdigest()
            self._path = folder / "answers" / f"{name}-{digest}.jsonl"
            self._known = dict(_read(self._path))

    def get(self, case: Case) -> Response | None:
        """The answer to a question, if it was given before."""
        return self._known.get(_key(case))

    def put(self, case: Case, response: Response) -> None:
        """Keep an answer."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        row = {"key": _key(case), "answer": response.answer, "ranked": response.ranked, "seconds": response.seconds,
               "proof": response.proof}  # fmt: skip
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _key(case: Case) -> str:
    asked = (case.question, case.history, str(case.as_of), case.lang)
    return hashlib.blake2b(repr(asked).encode(), digest_size=12).hexdigest()


def _read(path: Path) -> list[tuple[str, Response]]:
    if not path.is_file():
        return []
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue  # the line a kill cut in two
        rows.append((row["key"], Response(row["answer"], tuple(row["ranked"]), row["seconds"], row["proof"])))
    return rows
