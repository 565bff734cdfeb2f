"""What a browser sends about its conversation, taken in with care: it is a reader's word, never an instruction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, get_args

from rag.errors import BadRequest
from rag.language.detect import detect_language
from rag.model import Answer, Lang, Mode

TURNS: Final = 40
"""Turns of a conversation that are told again."""
EARLIER: Final = 8
"""Earlier questions that a follow-up may lean on."""
CHARACTERS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before; `mark` tells which answer it got, `mode` who worded it."""

    question: str
    as_of: date | None = None
    mark: str = ""
    mode: Mode = "extractive"


@dataclass(frozen=True, slots=True)
class Talk:
    """The day to answer for, the earlier questions, oldest first, and who is to word the answer."""

    as_of: date | None = None
    earlier: tuple[str, ...] = ()
    mode: Mode = "extractive"

    def spoken(self, question: str, page: Lang) -> Lang:
        """The language to answer in: that of the question, else that of the talk, else that of the page."""
        for text in (*self.earlier, question):
            page = detect_language(text, page)
        return page


def talk_from(text: str) -> Talk:
    """The state of the page as its script wrote it; an empty text is a new conversation. Raises: BadRequest."""
    data = _parsed(text) if text.strip() else {}
    if not isinstance(data, Mapping):
        raise BadRequest("The conversation is no JSON object: load the page again.")
    earlier = data.get("earlier") or []
    if not isinstance(earlier, list):
        raise BadRequest("The earlier questions are no list: load the page again.")
    asked = tuple(_question(turn) for turn in earlier[-EARLIER:])
    return Talk(day_from(data.get("as_of")), asked, mode_from(data.get("mode")))


def turns_from(data: object) -> tuple[Turn, ...]:
    """The turns of a conversation as a browser kept them. Raises: BadRequest."""
    rows = data.get("turns") if isinstance(data, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise BadRequest("A conversation is an object with a list of 'turns'.")
    return tuple(
        Turn(
            _question(row.get("q")),
            day_from(row.get("as_of")),
            str(row.get("mark", ""))[:64],
            mode_from(row.get("mode")),
        )
        for row in rows[-TURNS:]
    )


def day_from(value: object) -> date | None:
    """A day as 2026-01-14, None where there is none. Raises: BadRequest."""
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise BadRequest(f"{str(value)[:40]!r} is no date: write it as 2026-01-14.") from error


def mode_from(value: object) -> Mode:
    """Who words an answer: the sources (`extractive`, also for no value) or a model (`llm`). Raises: BadRequest."""
    mode: Mode | None = next((known for known in get_args(Mode) if known == (value or "extractive")), None)
    if mode is None:
        raise BadRequest(f"{str(value)[:40]!r} is no mode: write {' or '.join(get_args(Mode))}.")
    return mode


def mark_of(answer: Answer) -> str:
    """A short name for what an answer says, to tell whether it is still the same."""
    said = [answer.status, answer.lead, answer.text, *(c.quote for c in answer.citations)]
    return hashlib.blake2b("\0".join(said).encode(errors="replace"), digest_size=8).hexdigest()


def _question(value: object) -> str:
    if not isinstance(value, str) or len(value) > CHARACTERS:
        raise BadRequest(f"A question is a text of at most {CHARACTERS} characters.")
    return value


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The conversation is no JSON: load the page again.") from error
