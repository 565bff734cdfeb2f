"""How sure an answer is: the sentences chosen -> a probability that they answer. Below the bar: abstain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from rag.ask import ranking
from rag.ask.evidence import Scored
from rag.ask.retrieve import Retrieved
from rag.language.cues import negated
from rag.language.lexicon import Concept

ANSWER_FROM: Final = 0.5
"""Confidence from which an answer is given."""

SAID: Final = 5.0
NEAR: Final = 4.0
INTERCEPT: Final = -3.25
"""Logistic regression on the development questions, answerable and not, rounded; the intercept is set so that about one
answerable question in twenty is turned away (docs/measurements.md)."""

NEEDED: Final = frozenset({"quantity", "money", "percentage", "duration", "said"})
"""Kinds whose answer is recognised reliably: a sentence without it is no answer, whatever else it says."""
WELCOME: Final = frozenset({"when", "where", "who", "why"})
"""Kinds whose answer takes many forms: a sentence without a recognised one counts in part."""
UNRECOGNISED: Final = 0.45
"""What such a sentence counts for."""
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


def signals(kind: str, found: Retrieved, chosen: Sequence[Scored]) -> Signals:
    """Measure the sentences chosen for a question of that kind; `chosen` must not be empty."""
    fits = np.array([_fit(kind, scored) * _same_thing(found.concepts, scored) for scored in chosen], dtype=np.float32)
    nothing = np.zeros(len(found.concepts), dtype=np.float32)
    own = np.stack([found.said.get(scored.unit, nothing) for scored in chosen])
    cosines = np.array([found.cosines.get(scored.unit, 0.0) for scored in chosen], dtype=np.float32)
    covered = np.max(np.stack([scored.covered for scored in chosen]), axis=0)[None, :]
    return Signals(
        said=float((fits * ranking.coverage(own, found.weights)).max()),
        near=float((fits * cosines).max()),
        covered=float(ranking.coverage(covered, found.weights)[0]),
    )


def confidence(measured: Signals) -> float:
    """Probability in (0, 1) that the question is answered."""
    z = SAID * measured.said + NEAR * measured.near + INTERCEPT
    return 1.0 / (1.0 + math.exp(-z))


def _same_thing(concepts: Sequence[Concept], scored: Scored) -> float:
    """1, or LOOKALIKE where the question names a V4 and the sentence, its neighbours and its title do not."""
    named = [scored.covered[at] for at, concept in enumerate(concepts) if concept.identifier]
    return LOOKALIKE if named and min(named) == 0.0 else 1.0


def _fit(kind: str, scored: Scored) -> float:
    typed = scored.features.typed
    fit = typed if kind in NEEDED else UNRECOGNISED + (1.0 - UNRECOGNISED) * typed if kind in WELCOME else 1.0
    return max(fit, DENIAL) if negated(scored.evidence.text, scored.evidence.passage.lang) else fit
