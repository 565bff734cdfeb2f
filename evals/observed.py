"""An answer as it was shown -> typed statements with their sources, whoever gave it (schema h200.answer/1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from evals.answerers.base import Response
from evals.matching import Said
from evals.questions import LONG, Case
from rag.language.detect import detect_language
from rag.model import Article

FACT_LIMITS: Final = (3, 120)
LONG_LIMITS: Final = (8, 320)
"""Statements and words that are read of an answer; what comes after is not counted for it (contract)."""
NOT_CURRENT: Final = frozenset({"superseded", "conflict"})
"""Roles of statements that are shown as no longer true, or as disputed."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, and whether the stored article really says it there."""

    article: str
    quote: str
    published: date | None
    genuine: bool


@dataclass(frozen=True, slots=True)
class Spoken:
    """One statement of an answer."""

    said: Said
    role: str
    citations: tuple[Cited, ...]
    day: date | None
    quoted: bool
    """Whether it claims to be the words of its source."""

    @property
    def current(self) -> bool:
        """Whether it is given as true."""
        return self.role not in NOT_CURRENT


@dataclass(frozen=True, slots=True)
class Observed:
    """What a reader got for one question, and what was found on the way."""

    abstained: bool
    reason: str | None
    lang: str
    text: str
    statements: tuple[Spoken, ...]
    confidence: float
    notes: tuple[str, ...]
    ranked: tuple[str, ...]
    seconds: float
    lead: str = ""
    """What the assistant says in its own voice before the statements."""

    @property
    def words(self) -> int:
        """Words shown."""
        return len(self.text.split())


def observe(response: Response, articles: Mapping[str, Article]) -> Observed:
    """Read an answer. `articles`: the library's, by the stem of their source."""
    answer = response.answer
    cited = {row["n"]: _cited(row, articles) for row in answer["citations"]}
    return Observed(
        abstained=answer["status"] == "abstained", reason=answer["reason"], lang=answer["lang"], text=answer["answer"],
        statements=tuple(_spoken(row, cited, articles) for row in answer["statements"]), confidence=answer["confidence"],
        notes=tuple(answer["notes"]), ranked=response.ranked, seconds=response.seconds, lead=answer.get("lead") or "",
    )  # fmt: skip


def read_by(case: Case, statements: Sequence[Spoken]) -> list[Spoken]:
    """The statements a reader gets to before the limits of the contract, the last one cut where the words end."""
    most, words = LONG_LIMITS if case.kind in LONG else FACT_LIMITS
    read = []
    for statement in statements[:most]:
        own = statement.said.text.split()
        if words <= 0:
            break
        kept = statement.said.text if len(own) <= words else " ".join(own[:words])
        read.append(replace(statement, said=replace(statement.said, text=kept)))
        words -= len(own)
    return read


def _cited(row: Mapping[str, Any], articles: Mapping[str, Article]) -> Cited:
    name = Path(row["source"]).stem
    article = articles.get(name)
    genuine = article is not None and bool(row["quote"]) and article.text[row["start"] : row["end"]] == row["quote"]
    return Cited(name, row["quote"], _day(row["published"]), genuine)


def _spoken(row: Mapping[str, Any], cited: Mapping[int, Cited], articles: Mapping[str, Article]) -> Spoken:
    sources = tuple(cited[n] for n in row["citations"] if n in cited)
    article = articles.get(sources[0].article) if sources else None
    quoted = row["support"] == "quote"
    lang = article.lang if article and quoted else detect_language(row["text"], "en")
    day = article.published if article else _day(row["date"])
    return Spoken(Said(row["text"], lang, day), row["role"], sources, _day(row["date"]), quoted)


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
