"""Measures of a ranking, as trec_eval defines them: ranked ids + relevant ids -> a number in [0, 1].

Checked against ir_measures in tests/evals/test_ranking_measures.py. Relevance is binary; what is not listed is not relevant.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence


def hit(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """1 if anything relevant is among the first k (Success@k)."""
    return float(any(item in relevant for item in ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """1 / rank of the first relevant item, 0 if none is among the first k (RR@k)."""
    return next((1.0 / rank for rank, item in enumerate(ranked[:k], start=1) if item in relevant), 0.0)


def ndcg(ranked: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Discounted gain of the first k over the best there could be. Source: Järvelin & Kekäläinen 2002."""
    gain = sum(1.0 / math.log2(rank + 1) for rank, item in enumerate(ranked[:k], start=1) if item in relevant)
    best = sum(1.0 / math.log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    return gain / best if best else 0.0


def first_of_each(items: Sequence[str]) -> list[str]:
    """The items without repetition: a ranking of passages as a ranking of their articles."""
    return list(dict.fromkeys(items))
