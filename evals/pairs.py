"""How often the matcher decides as a person did: labelled pairs -> share of agreement, and the pairs that differ."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from evals.matching import NuggetType, Said, holds
from rag.errors import RagError
from rag.model import Lang

PAIRS: Final = Path(__file__).parent / "matching_pairs.jsonl"
"""Labelled by hand before the matcher was tuned; how is in evals/README.md."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement, an alias, and whether a person finds that the one says the other."""

    id: str
    group: str
    said: Said
    alias: str
    alias_lang: Lang
    type: NuggetType
    match: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of `count` pairs, those the matcher decides otherwise than the label."""

    count: int
    missed: Sequence[Pair]

    @property
    def share(self) -> float:
        """Share of pairs decided alike, in [0, 1]."""
        return 1.0 - len(self.missed) / self.count


def read_pairs(path: Path = PAIRS) -> list[Pair]:
    """The labelled pairs of a file. Raises: RagError."""
    try:
        return [_pair(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise RagError(f"{path} holds no labelled pairs: write them as {PAIRS} does.") from error


def _pair(row: Mapping[str, Any]) -> Pair:
    published = date.fromisoformat(row["published"]) if "published" in row else None
    said = Said(row["text"], row["lang"], published)
    return Pair(row["id"], row["group"], said, row["alias"], row["alias_lang"], row["type"], row["match"])


def agreement(path: Path = PAIRS) -> Agreement:
    """Hold the matcher against the labels."""
    pairs = read_pairs(path)
    return Agreement(len(pairs), [p for p in pairs if holds(p.said, p.alias, p.alias_lang, p.type) != p.match])
