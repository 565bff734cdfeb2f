"""How sure an answer is: the sentences chosen -> a probability that they answer. Below the bar: abstain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from rag.ask import ranking
from rag.ask.evidence import Scored
from rag.ask.retrieve import Retrieved
from rag.ask.wanted import PRESUMING, sort_of
from rag.language.cues import negated
from rag.language.lexicon import Concept
from rag.model import Question

ANSWER_FROM: Final = 0.5
"""Confidence from which an answer is given."""

SAID: Final = 5.0
NEAR: Final = 4.0
INTERCEPT: Final = -3.25
"""Logistic regression on the development questions, answerable and not, rounded (docs/measurements.md)."""

NEEDED: Final = frozenset({"quantity", "money", "percentage", "duration", "said"})
"""Kinds whose answer is recognised reliably: a sentence without it is no answer, whatever else it says."""
LEAST: Final[Mapping[str, float]] = {"when": 0.45, "where": 0.6, "who": 0.55, "why": 0.65}
"""Kinds whose answer takes many forms, a reason most of all, and what a sentence without a recognised one counts for."""
NAMED: Final = frozenset({"person", "company", "outlet", "city", "country", "site"})
"""Sorts of name that a question asks for in so many words ("which bank"): few sentences answer without one."""
UNNAMED: Final = 0.2
"""What a sentence without such a name counts for."""
DENIAL: Final = 0.6
"""What a sentence that denies something counts for at least: it may answer a question that takes it for granted."""

LOOKALIKE: Final = 0.5
"""What a sentence is worth that may speak of another model than the one asked about: an H20 is no H200."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an answer, each by its best sentence and in proportion to how well that fits what was asked."""

    said: float
    """Share of the question's concepts, by rarity, that one sentence says itself, in [0, 1]."""
    near: float
    """Cosine of that or another sentence with the question."""
    covered: float
    """Share of the concepts that the sentences say together with their neighbours and titles, in [0, 1]."""
    akin: float
    """Cosine of the nearest sentence with the question, whatever was asked for."""


def signals(question: Question, found: Retrieved, chosen: Sequence[Scored]) -> Signals:
    """Measure the sentences chosen for a question; `chosen` must not be empty."""
    least, presumes = _least(question), question.kind in PRESUMING
    fits = np.array(
        [_fit(least, presumes, scored) * _same_thing(found.concepts, scored) for scored in chosen], dtype=np.float32
    )
    nothing = np.zeros(len(found.concepts), dtype=np.float32)
    own = np.stack([found.said.get(scored.unit, nothing) for scored in chosen])
    cosines = np.array([found.cosines.get(scored.unit, 0.0) for scored in chosen], dtype=np.float32)
    covered = np.max(np.stack([scored.covered for scored in chosen]), axis=0)[None, :]
    return Signals(
        said=float((fits * ranking.coverage(own, found.weights)).max()),
        near=float((fits * cosines).max()),
        covered=float(ranking.coverage(covered, found.weights)[0]),
        akin=float(cosines.max()),
    )


def confidence(measured: Signals) -> float:
    """Probability in (0, 1) that the question is answered."""
    z = SAID * measured.said + NEAR * measured.near + INTERCEPT
    return 1.0 / (1.0 + math.exp(-z))


def _same_thing(concepts: Sequence[Concept], scored: Scored) -> float:
    """1, or LOOKALIKE where a sentence names another chip instead, or it, its neighbours and its title do not say the V4 asked about."""
    named = [scored.covered[at] for at, concept in enumerate(concepts) if concept.identifier]
    return LOOKALIKE if scored.rival or (named and min(named) == 0.0) else 1.0


def _least(question: Question) -> float:
    """What a sentence counts for that does not hold the sort of thing asked for."""
    if sort_of(question.standalone, question.kind) in NAMED:
        return UNNAMED
    if question.kind in NEEDED:
        return 0.0
    return LEAST.get(question.kind, 1.0)


def _fit(least: float, presumes: bool, scored: Scored) -> float:
    fit = least + (1.0 - least) * scored.features.typed
    return max(fit, DENIAL) if presumes and negated(scored.evidence.text, scored.evidence.passage.lang) else fit
