"""Question sets: JSON lines -> cases with their gold. The format is described in evals/README.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, get_args

from evals.matching import NuggetType
from rag.errors import RagError
from rag.language.detect import detect_language
from rag.model import Lang

Importance = Literal["vital", "okay"]
Split = Literal["dev", "test"]
Aliases = Mapping[Lang, tuple[str, ...]]

BUNDLED: Final = tuple(Path(__file__).parent / "questions" / f"{name}.jsonl" for name in ("facts", "time", "dialogue"))
EASY: Final = frozenset({"off_topic", "small_talk", "before_coverage"})
"""Kinds of question that need no answer and show it; what is left unanswerable is hard: the topic is there."""
LONG: Final = frozenset({"state", "evolution", "conflict", "false_premise", "agree"})
"""Kinds whose answer may have eight sentences, not three (contract)."""


class BadQuestionSet(RagError):
    """A question set cannot be read; the message lists what is wrong, with line numbers."""


class Slip(ValueError):
    """One thing that is wrong with one line."""


@dataclass(frozen=True, slots=True)
class Nugget:
    """A piece of information that an answer should give: any of its aliases, from any of its supports."""

    importance: Importance
    type: NuggetType
    aliases: Aliases
    supports: tuple[str, ...]
    value: float | None = None

    @property
    def vital(self) -> bool:
        """Whether the answer is not right without it."""
        return self.importance == "vital"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the accounts that contradict one another."""

    label: str
    aliases: Aliases
    supports: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question and what a good answer to it holds.

    `fact`: what it is about; questions on one fact are one cluster when intervals are drawn. `forbidden`: what must not
    be given as the answer. `line`: where it stands in its file, from 1.
    """

    id: str
    question: str
    lang: Lang
    kind: str
    answerable: bool
    fact: str
    nuggets: tuple[Nugget, ...] = ()
    forbidden: tuple[str, ...] = ()
    conflict_sides: tuple[Side, ...] = ()
    split: Split = "dev"
    history: tuple[str, ...] = ()
    as_of: date | None = None
    expects: str | None = None
    line: int = field(default=0, compare=False)

    @property
    def vital(self) -> tuple[Nugget, ...]:
        """What the answer is not right without."""
        return tuple(nugget for nugget in self.nuggets if nugget.vital)

    @property
    def supports(self) -> frozenset[str]:
        """Every article that supports a vital nugget."""
        return frozenset(article for nugget in self.vital for article in nugget.supports)


def load(paths: Sequence[Path], split: str | None = None, kinds: Sequence[str] = ()) -> list[Case]:
    """The cases of some sets, in their order; with `split` or `kinds`, only those.

    Raises: BadQuestionSet.
    """
    cases: list[Case] = []
    for path in paths:
        read, slips = parse(path)
        if slips:
            listed = "; ".join(f"line {line}: {slip}" for line, slip in slips[:3])
            more = f"; and {len(slips) - 3} more" if len(slips) > 3 else ""
            raise BadQuestionSet(f"{path} cannot be asked ({listed}{more}): 'h200 eval lint {path}' lists every fault.")
        if not read:
            raise BadQuestionSet(f"{path} holds no question: write one a line, as evals/README.md shows.")
        cases += read
    repeated = {case.id for case in cases if sum(other.id == case.id for other in cases) > 1}
    if repeated:
        raise BadQuestionSet(f"The id {min(repeated)!r} stands twice in these sets: give every question its own.")
    known = {case.kind for case in cases}
    if unknown := [kind for kind in kinds if kind not in known]:
        raise BadQuestionSet(f"No question is of the kind {unknown[0]!r}: there are {', '.join(sorted(known))}.")
    return [c for c in cases if (split is None or c.split == split) and (not kinds or c.kind in kinds)]


def parse(path: Path) -> tuple[list[Case], list[tuple[int, str]]]:
    """The cases of one file, and what is wrong with its other lines: (line number, what). Raises: BadQuestionSet."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadQuestionSet(
            f"{path} cannot be read ({why}): name a file of JSON lines, or a command of 'h200 eval --help'."
        ) from error
    cases, slips = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                cases.append(_case(json.loads(line), number))
            except json.JSONDecodeError as error:
                slips.append((number, f"no JSON: {error.msg} at column {error.colno}"))
            except Slip as error:
                slips.append((number, str(error)))
    return cases, slips


# --- one line ----------------------------------------------------------------------------------------------------

_KEYS: Final = {
    "id", "question", "lang", "kind", "answerable", "fact", "nuggets", "forbidden", "conflict_sides", "split",
    "history", "as_of", "expects", "note",
}  # fmt: skip
_NUGGET_KEYS: Final = {"importance", "type", "aliases", "supports", "value"}
_SIDE_KEYS: Final = {"label", "aliases", "supports"}


def _case(row: object, line: int) -> Case:
    data = _mapping(row, "a line", _KEYS)
    question = _text(data, "question")
    lang = _one_of(data, "lang", get_args(Lang), detect_language(question, "en"))
    nuggets = tuple(_nugget(item, lang) for item in _list(data, "nuggets"))
    answerable = data.get("answerable", bool(nuggets))
    if not isinstance(answerable, bool):
        raise Slip(f"'answerable' is {answerable!r}: write true or false")
    if answerable != any(nugget.vital for nugget in nuggets):
        raise Slip("an answerable question needs a vital nugget, an unanswerable one has none")
    id_ = _text(data, "id")
    kind = _text(data, "kind", "fact" if answerable else "unanswerable")
    return Case(
        id=id_, question=question, lang=lang, kind=kind, answerable=answerable, fact=_text(data, "fact", id_),
        nuggets=nuggets, forbidden=_texts(data, "forbidden"),
        conflict_sides=tuple(_side(item, lang) for item in _list(data, "conflict_sides")),
        split=_one_of(data, "split", get_args(Split), "dev"), history=_texts(data, "history"),
        as_of=_day(data), expects=_text(data, "expects", "") or None, line=line,
    )  # fmt: skip


def _nugget(item: object, lang: Lang) -> Nugget:
    data = _mapping(item, "a nugget", _NUGGET_KEYS)
    value = data.get("value")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Slip(f"'value' is {value!r}: write a number")
    return Nugget(
        _one_of(data, "importance", get_args(Importance), "vital"), _one_of(data, "type", get_args(NuggetType), "text"),
        _aliases(data, lang), _texts(data, "supports"), value,
    )  # fmt: skip


def _side(item: object, lang: Lang) -> Side:
    data = _mapping(item, "a side of a conflict", _SIDE_KEYS)
    return Side(_text(data, "label"), _aliases(data, lang), _texts(data, "supports"))


def _aliases(data: Mapping[str, Any], lang: Lang) -> Aliases:
    """By language; a plain list is taken to be in the language of the question."""
    given = data.get("aliases")
    groups: Mapping[str, Any] = {lang: given}
    if not isinstance(given, list | dict):
        raise Slip(f"'aliases' is {given!r}: write a list of texts, or lists under fr and en")
    if isinstance(given, dict):
        groups = _mapping(given, "'aliases'", set(get_args(Lang)))
    aliases = {language: _texts(groups, language) for language in get_args(Lang)}
    if not any(aliases.values()):
        raise Slip("a nugget has no alias: give the words that say it, as a list or by language")
    return aliases


def _mapping(value: object, what: str, keys: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Slip(f"{what} is no object: {str(value)[:60]!r}")
    if unknown := sorted(value.keys() - keys):
        raise Slip(f"{what} has an unknown key {unknown[0]!r}: known are {', '.join(sorted(keys))}")
    return value


def _text(data: Mapping[str, Any], key: str, default: str | None = None) -> str:
    """A text that must be there, unless there is a default."""
    value = data.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not value.strip():
        raise Slip(f"'{key}' is {value!r}: write a text")
    return value


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = _list(data, key)
    if bad := [value for value in values if not isinstance(value, str) or not value.strip()]:
        raise Slip(f"'{key}' holds {bad[0]!r}: write texts")
    return tuple(values)


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    values = data.get(key) or []
    if not isinstance(values, list):
        raise Slip(f"'{key}' is no list: {str(values)[:60]!r}")
    return values


def _one_of(data: Mapping[str, Any], key: str, allowed: Sequence[Any], default: Any) -> Any:  # noqa: ANN401
    value = data.get(key, default)
    if value not in allowed:
        raise Slip(f"'{key}' is {value!r}: write one of {', '.join(allowed)}")
    return value


def _day(data: Mapping[str, Any]) -> date | None:
    value = _text(data, "as_of", "")
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise Slip(f"'as_of' is {value!r}: write a day as 2026-01-14") from error


def by_fact(cases: Sequence[Case]) -> Iterator[tuple[str, list[Case]]]:
    """Cases that ask about one fact, in the order the facts first come up."""
    facts: dict[str, list[Case]] = {}
    for case in cases:
        facts.setdefault(case.fact, []).append(case)
    yield from facts.items()
