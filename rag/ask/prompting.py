"""Question and evidence -> the two messages a language model is given, within its context. No secret is ever in them.

Evidence is numbered, dated and told by its role, and stands between marks drawn anew for each question, so that no
article can end it. The code at the very beginning comes back only from a model that was given all of the message.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, Final

from rag.ask.choosing import LONG_SENTENCES, SENTENCES, Picked
from rag.ask.evidence import Scored
from rag.language.normalize import normalize
from rag.llm import REPLY_TOKENS
from rag.model import Lang, Question, Role

TEMPLATES: Final = Path(__file__).parent / "templates"
BYTES_PER_TOKEN: Final = 3.0
"""Fewer than any usual tokenizer needs for French or English prose (3.3 to 4.8): what we count is never too little."""
EVIDENCE: Final = 14
"""Sentences a model is given at most; more only dilutes what was found best."""
WORTH_READING: Final = 0.6
"""Share of the best score from which a sentence is worth a model's while, beside those the extractive answer shows."""
_ROLES: Final[dict[Lang, dict[Role, str]]] = {
    "fr": {"current": ", actuel", "superseded": ", dépassé", "conflict": ", contredit par d'autres"},
    "en": {"current": ", current", "superseded": ", superseded", "conflict": ", contradicted by others"},
}
_UNDATED: Final[dict[Lang, str]] = {"fr": "sans date", "en": "undated"}
SCHEMA: Final[dict[str, Any]] = {
    "type": "json_schema",
    "json_schema": {
        "name": "answer",
        "strict": True,
        "schema": {
            "type": "object", "additionalProperties": False, "required": ["code", "sentences"],
            "properties": {
                "code": {"type": "string"},
                "sentences": {
                    "type": "array",
                    "items": {
                        "type": "object", "additionalProperties": False, "required": ["ids", "text"],
                        "properties": {
                            "ids": {"type": "array", "items": {"type": "integer"}}, "text": {"type": "string"},
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent. `evidence`: what the numbers from 1 on stand for; `code`: what must come back; `tokens`: our count."""

    system: str
    user: str
    evidence: tuple[Picked, ...]
    code: str
    tokens: int


def evidence_for(picked: Sequence[Picked], scored: Sequence[Scored]) -> list[Picked]:
    """What the extractive answer shows, with its roles, then what else is worth reading, without repetition."""
    chosen = list(picked)
    for one in scored:
        if len(chosen) >= EVIDENCE or one.evidence.score < WORTH_READING * scored[0].evidence.score:
            break
        if not any(one.unit == other.scored.unit or one.repeats(other.scored) for other in chosen):
            chosen.append(Picked(one, "context"))
    return chosen


def limit_for(picked: Sequence[Picked]) -> int:
    """Sentences an answer may have: more where a story or a disagreement is told."""
    return LONG_SENTENCES if len(picked) > SENTENCES or any(one.role == "conflict" for one in picked) else SENTENCES


def prompt_for(question: Question, evidence: Sequence[Picked], limit: int, context: int, today: date) -> Prompt:
    """The messages, with as much of the evidence, best first, as the context holds beside a reply."""
    code, mark = secrets.token_hex(4), f"<<<{secrets.token_hex(8)}>>>"
    system, user = (Template(part) for part in _parts(question.lang))
    fixed = {
        "code": code, "mark": mark, "limit": limit, "day": (question.as_of or today).isoformat(),
        "question": _line(question.standalone),
    }  # fmt: skip
    bare = count(system.substitute(fixed) + user.substitute(fixed, evidence=""))
    lines = list(_fitting(evidence, question.lang, context - REPLY_TOKENS - bare))
    sent = system.substitute(fixed), user.substitute(fixed, evidence="\n".join(lines))
    return Prompt(*sent, tuple(evidence[: len(lines)]), code, count("".join(sent)))


def count(text: str) -> int:
    """Tokens a text may need, rather too many than too few; no tokenizer of every model is at hand."""
    return int(len(text.encode()) / BYTES_PER_TOKEN) + 1


def _fitting(evidence: Iterable[Picked], lang: Lang, tokens: int) -> Iterable[str]:
    for n, one in enumerate(evidence, start=1):
        line = _shown(n, one, lang)
        tokens -= count(line)
        if tokens < 0:
            return
        yield line


def _shown(n: int, one: Picked, lang: Lang) -> str:
    found = one.scored.evidence
    article = found.article
    outlet = (
        article.publisher if article.origin in (None, article.publisher) else f"{article.publisher}, {article.origin}"
    )
    day = found.date.isoformat() if found.date else _UNDATED[lang]
    return f"[{n}] ({_line(outlet)}, {day}{_ROLES[lang].get(one.role, '')}) {_line(found.text)}"


def _line(text: str) -> str:
    """A text as one line of what can be seen, without anything that could pass for a mark of ours."""
    return re.sub(r"<{2,}|>{2,}", " ", normalize(text).replace("\n", " "))


@cache
def _parts(lang: Lang) -> tuple[str, str]:
    system, _, user = (TEMPLATES / f"{lang}.txt").read_text(encoding="utf-8").partition("-----\n")
    return system.strip(), user.strip()
