"""Case + what was shown -> Judged: which nuggets were said, where, and on whose word; what must not have been said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evals.lint import forbidden_in
from evals.matching import Said, holds_any
from evals.observed import Observed, Spoken, read_by
from evals.questions import Case, Nugget, Side
from rag.language.dates import find_dates

ANY_ROLE: Final = frozenset({"evolution", "conflict", "false_premise"})
"""Kinds whose answer may give a nugget as something that was true once, or that somebody disputes."""


@dataclass(frozen=True, slots=True)
class Told:
    """A nugget, and the statements (by their place, from 0) that say it."""

    nugget: Nugget
    by: tuple[int, ...]
    cited: bool
    """Whether one of those statements cites an article that supports it."""

    @property
    def found(self) -> bool:
        """Whether it was said at all."""
        return bool(self.by)


@dataclass(frozen=True, slots=True)
class Judged:
    """One question, what was shown for it, and what that was worth.

    `read`: the statements within the limits of the contract; `told` counts only those, `told_at_all` every one.
    `forbidden`: the forbidden values that were given as true. `sides`: for each account of a conflict, whether it was
    given, and by a statement that cites one who holds it.
    """

    case: Case
    seen: Observed
    read: tuple[Spoken, ...]
    told: tuple[Told, ...]
    told_at_all: tuple[Told, ...]
    forbidden: tuple[str, ...]
    sides: tuple[bool, ...]

    @property
    def vital(self) -> list[Told]:
        """The nuggets the answer is not right without."""
        return [told for told in self.told if told.nugget.vital]

    @property
    def points(self) -> float:
        """+1 right, 0.5 half right, 0 silent, -1 wrong. Source: Yang et al. 2024 (CRAG)."""
        if self.seen.abstained:
            return 0.0 if self.case.answerable else 1.0
        if not self.case.answerable or self.forbidden:
            return -1.0
        share = sum(told.found for told in self.vital) / len(self.vital)
        return 1.0 if share == 1.0 else 0.5 if share >= 0.5 else -1.0


def judge(case: Case, seen: Observed) -> Judged:
    """Compare what was shown with the gold of its question."""
    read = tuple(read_by(case, seen.statements))
    current = [Said(seen.lead, case.lang), *(statement.said for statement in seen.statements if statement.current)]
    return Judged(
        case=case, seen=seen, read=read,
        told=tuple(_told(nugget, case, read) for nugget in case.nuggets),
        told_at_all=tuple(_told(nugget, case, seen.statements) for nugget in case.nuggets),
        forbidden=tuple(forbidden_in(current, case)),
        sides=tuple(_given(side, read) for side in case.conflict_sides),
    )  # fmt: skip


def carries(statement: Spoken, case: Case) -> list[Nugget | Side]:
    """The nuggets and sides that a statement says."""
    nuggets = [n for n in case.nuggets if holds_any(statement.said, n.aliases, n.type)]
    return nuggets + [side for side in case.conflict_sides if holds_any(statement.said, side.aliases, "text")]


def dated(statement: Spoken) -> bool:
    """Whether a reader is told when: by the statement itself, or by the day it is shown with."""
    said = statement.said
    return statement.day is not None or bool(find_dates(said.text, said.lang, said.day))


def _told(nugget: Nugget, case: Case, statements: Sequence[Spoken]) -> Told:
    usable = {at: s for at, s in enumerate(statements) if _counts(nugget, case, s)}
    by = [at for at, statement in usable.items() if holds_any(statement.said, nugget.aliases, nugget.type)]
    return Told(nugget, tuple(by), any(_cites(statements[at], nugget.supports) for at in by))


def _counts(nugget: Nugget, case: Case, statement: Spoken) -> bool:
    """What is shown as no longer true cannot be the answer, unless the question is about what was."""
    return statement.role != "superseded" or not nugget.vital or case.kind in ANY_ROLE


def _given(side: Side, statements: Sequence[Spoken]) -> bool:
    return any(holds_any(s.said, side.aliases, "text") and _cites(s, side.supports) for s in statements)


def _cites(statement: Spoken, supports: Sequence[str]) -> bool:
    return any(cited.article in supports for cited in statement.citations)
