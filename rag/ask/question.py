"""A question as typed -> Question: its language, what kind of answer it expects, and its text made complete."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from rag.ask.follow_ups import complete
from rag.ask.fragments import leans_back
from rag.ask.kinds import kind_of
from rag.ask.rough import spelled_out
from rag.ask.swapping import Turn
from rag.language.detect import detect_language
from rag.language.normalize import fold, normalize
from rag.model import Lang, Question

EARLIER: Final = 12
"""Turns of a conversation that are read, the latest."""
REREAD: Final = 400
"""Characters of an earlier turn that a follow-up is completed from."""
_UNSAID: Final = ("empty", "small_talk")

_NOW: Final = re.compile(
    r"\b(aujourd'hui|actuellement|actuelle?s?|maintenant|en ce moment|a ce jour|desormais|toujours|encore|derniers?|dernieres?"
    r"|now|today|currently|current|at present|nowadays|so far|still|latest|yet|these days|as of today"
    r"|ou en (?:est|sont|sommes)|where (?:do|does) [^?]*\bstand)\b"
    r"|^(?:is|are|can|may|must)\b|\b(?:est|sont|peut|peuvent|faut)-(?:il|elle|ils|elles|on)\b"
)


def understand(
    text: str,
    *,
    history: Sequence[str] = (),
    as_of: date | None = None,
    lang: Lang | None = None,
    default_lang: Lang = "fr",
) -> Question:
    """Read a question; one that leans on earlier turns is completed from them.

    `history`: the earlier questions of the reader, oldest first.
    """
    typed, earlier = _one_line(text), tuple(_one_line(turn) for turn in history if turn.strip())
    turns: list[Turn] = []
    spoken = default_lang
    for turn in earlier[-EARLIER:]:
        spoken = detect_language(turn, spoken)
        read = _read(turn[:REREAD], turns, spoken)
        turns += [read] if read.kind not in _UNSAID else []
    language = lang or detect_language(typed, spoken)
    asked = _read(typed, turns, language)
    return Question(typed, asked.text, language, asked.kind, as_of, earlier)


def _read(typed: str, turns: Sequence[Turn], lang: Lang) -> Turn:
    """One turn of a conversation, complete in itself."""
    text = spelled_out(typed, lang)
    kind = kind_of(text)
    if not turns or kind in _UNSAID or not leans_back(text, lang):
        return Turn(text, lang, kind)
    return complete(text, turns, lang)


def _one_line(text: str) -> str:
    return normalize(text).replace("\n", " ")


def asks_about_now(text: str) -> bool:
    """Whether a question is about the present: in so many words, or by asking how things stand or are allowed to be."""
    return _NOW.search(fold(text)) is not None
