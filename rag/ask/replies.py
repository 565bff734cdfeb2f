"""The reply of a language model, read as it comes: pieces of text -> the code, then sentences with evidence ids.

What is asked for is `{"code": "...", "sentences": [{"ids": [1], "text": "..."}]}`; fences, prose or thoughts around it,
other names of the keys and ids written as text are put up with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from rag.llm import ModelFault

LONGEST: Final = 20_000
"""Characters of a reply, thoughts left out; eight long sentences have a fifth of that."""
LONGEST_THOUGHT: Final = 200_000
_THOUGHT: Final = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_OPEN_THOUGHT: Final = re.compile(r"<think(?:ing)?>(?!.*</think)", re.DOTALL)
_CODE: Final = re.compile(r'"code"\s*:\s*"([^"]*)"')
_LIST: Final = re.compile(r'"(?:sentences|answer|statements|phrases)"\s*:\s*\[')
_TEXTS: Final = ("text", "sentence", "statement", "content", "texte", "phrase")
_IDS: Final = ("ids", "id", "evidence", "citations", "sources")
_DECODER: Final = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of the model's, and the numbers of the evidence it names; both unverified."""

    text: str
    ids: tuple[int, ...]


@dataclass(slots=True)
class Reply:
    """Takes pieces in and gives sentences out as soon as each is whole. `complete`: the list was closed."""

    complete: bool = False
    _text: str = ""
    _at: int | None = None
    _pieces: list[str] = field(default_factory=list)

    @property
    def code(self) -> str | None:
        """The code that came back before the sentences."""
        start = _LIST.search(self._text)
        found = _CODE.search(self._text, 0, start.start() if start else len(self._text))
        return found.group(1) if found else None

    def take(self, piece: str) -> Iterator[Written]:
        """The sentences that a piece completes. Raises: ModelFault, where a reply has no end."""
        self._text += piece
        if len(self._text) > LONGEST_THOUGHT:
            raise ModelFault("too_long")
        if self._at is None:
            self._text = _THOUGHT.sub("", self._text)
            if _OPEN_THOUGHT.search(self._text):
                return
            start = _LIST.search(self._text)
            self._at = start.end() if start else None
        if len(self._text) > LONGEST:
            raise ModelFault("too_long")
        while self._at is not None and not self.complete and (row := self._row()) is not None:
            if written := _written(row):
                yield written

    def _row(self) -> object | None:
        """The next element of the list, if it is whole by now."""
        rest = re.compile(r"[\s,]*").match(self._text, self._at or 0)
        self._at = rest.end() if rest else self._at
        head = self._text[self._at : (self._at or 0) + 1]
        if head == "]":
            self.complete = True
        if head not in ("{", '"'):
            return None
        try:
            row, self._at = _DECODER.raw_decode(self._text, self._at or 0)
        except (ValueError, RecursionError):
            return None
        return row  # type: ignore[no-any-return]

    def end(self) -> None:
        """Say what is wrong with a reply that ended, if anything is. Raises: ModelFault."""
        if self.complete:
            return
        if not self._text.strip():
            raise ModelFault("empty")
        raise ModelFault("cut" if self._at is not None else "off_form")


def _written(row: object) -> Written | None:
    if not isinstance(row, dict):
        return None
    text = next((row[key] for key in _TEXTS if isinstance(row.get(key), str)), None)
    ids: object = next((row[key] for key in _IDS if key in row), [])
    numbers = [_number(one) for one in (ids if isinstance(ids, list) else [ids])]
    return Written(text, tuple(dict.fromkeys(n for n in numbers if n is not None))) if text else None


def _number(value: object) -> int | None:
    """1, "1" and "[1]" are 1."""
    digits = re.fullmatch(r"\[?(\d{1,4})\]?", str(value).strip()) if isinstance(value, int | str) else None
    return int(digits.group(1)) if digits else None
