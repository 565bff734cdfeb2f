"""Pure arithmetic of ranking: matches -> scores. No I/O, no text.

Scores are shares of what a perfect text would reach, so that they mean the same for a short and a long question.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rag.index.lexical import Matches

FloatVector = NDArray[np.float32]
FloatMatrix = NDArray[np.float32]

K1 = 0.9
"""Saturation of repeated terms: in one sentence a second mention says little. Source: Trotman 2014 on short fields."""
B = 0.3
"""Length normalization, weak: a long sentence is rarely padded."""


def inverse_frequencies(matches: Matches) -> FloatVector:
    """(concepts,) BM25 inverse document frequency, never negative. Source: Robertson & Zaragoza 2009, Lucene's form."""
    n, df = matches.sentences, matches.frequencies
    return np.log1p((n - df + 0.5) / (df + 0.5)).astype(np.float32)


def saturate(counts: FloatMatrix, lengths: FloatVector, mean_length: float) -> FloatMatrix:
    """(n, concepts) BM25 term saturation in [0, 1)."""
    norm = K1 * (1.0 - B + B * lengths / max(mean_length, 1.0))
    return (counts / (counts + norm[:, None])).astype(np.float32)


def share(saturated: FloatMatrix, weights: FloatVector) -> FloatVector:
    """(n,) weighted share of the concepts that each row says, in [0, 1)."""
    total = float(weights.sum())
    if total <= 0.0:
        return np.zeros(len(saturated), dtype=np.float32)
    result: FloatVector = ((saturated * weights).sum(axis=1) / total).astype(np.float32)
    return result


def coverage(counts: FloatMatrix, weights: FloatVector) -> FloatVector:
    """(n,) weighted share of the concepts that each row says at all, in [0, 1]; a doubtful synonym counts in part."""
    return share(np.minimum(counts, 1.0).astype(np.float32), weights)


def ranks(scores: dict[str, float]) -> dict[str, int]:
    """Rank from 1 of each key, best first; ties in the order of the keys."""
    ordered = sorted(scores, key=lambda key: (-scores[key], key))
    return {key: rank for rank, key in enumerate(ordered, start=1)}
