"""How sure a figure is: bootstrap over clusters of questions, and tests of the difference between two runs.

Questions on one fact stand or fall together, so facts are drawn, not questions.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

RESAMPLES: Final = 10_000
SEED: Final = 20_260_114
"""Fixed, so that a run reports the same intervals every time."""
_BLOCK: Final = 1_000


def ratio_interval(
    parts: Sequence[tuple[Hashable, float, float]], level: float = 0.95, resamples: int = RESAMPLES
) -> tuple[float, float] | None:
    """Percentile bootstrap of sum(numerators) / sum(denominators); each part is (cluster, numerator, denominator).

    None for fewer than two clusters. Source: Efron & Tibshirani 1993; Davison & Hinkley 1997 on clusters.
    """
    sums = _by_cluster(parts)
    if len(sums) < 2:
        return None
    rng = np.random.default_rng(SEED)
    ratios = np.concatenate([_resampled(sums, rng, _BLOCK) for _ in range(max(1, resamples // _BLOCK))])
    ratios = ratios[np.isfinite(ratios)]
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _by_cluster(parts: Sequence[tuple[Hashable, float, float]]) -> NDArray[np.float64]:
    """(clusters, 2) sums of numerators and denominators."""
    sums: dict[Hashable, list[float]] = {}
    for cluster, numerator, denominator in parts:
        row = sums.setdefault(cluster, [0.0, 0.0])
        row[0] += numerator
        row[1] += denominator
    return np.array(list(sums.values()), dtype=np.float64)


def _resampled(sums: NDArray[np.float64], rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    size = len(sums)
    drawn = rng.multinomial(size, np.full(size, 1 / size), size=count) @ sums
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios: NDArray[np.float64] = drawn[:, 0] / drawn[:, 1]
    return ratios


Pair = tuple[float, float, float, float]
"""Of one cluster: numerator and denominator in the first run, then in the second."""


def randomization_test(clusters: Sequence[Pair], resamples: int = RESAMPLES) -> float:
    """Two-sided p of the difference between two shares, if which run a cluster's figures come from were chance.

    All 2^n exchanges are tried where at most 12 clusters differ, else `resamples` of them.
    Source: Fisher 1935; Smucker, Allan & Carterette 2007.
    """
    figures = np.array(clusters, dtype=np.float64).reshape(-1, 4)
    differ = np.any(figures[:, :2] != figures[:, 2:], axis=1)
    moving, fixed = figures[differ], figures[~differ].sum(axis=0)
    if not len(moving):
        return 1.0
    observed = abs(_difference_if(np.zeros((1, len(moving))), moving, fixed)[0])
    if len(moving) <= 12:
        every = np.array([[n >> bit & 1 for bit in range(len(moving))] for n in range(2 ** len(moving))])
        return float(np.mean(np.abs(_difference_if(every, moving, fixed)) >= observed - 1e-12))
    rng, extreme, rounds = np.random.default_rng(SEED), 0, max(1, resamples // _BLOCK)
    for _ in range(rounds):
        drawn = rng.integers(0, 2, size=(_BLOCK, len(moving)))
        extreme += int(np.sum(np.abs(_difference_if(drawn, moving, fixed)) >= observed - 1e-12))
    return float((extreme + 1) / (rounds * _BLOCK + 1))


def _difference_if(
    exchanged: NDArray[Any], moving: NDArray[np.float64], fixed: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(draws,) second share less first, where (draws, clusters) says which clusters change places; 0 if undefined."""
    first = (1 - exchanged) @ moving[:, :2] + exchanged @ moving[:, 2:] + fixed[:2]
    second = exchanged @ moving[:, :2] + (1 - exchanged) @ moving[:, 2:] + fixed[2:]
    with np.errstate(divide="ignore", invalid="ignore"):
        difference: NDArray[np.float64] = second[:, 0] / second[:, 1] - first[:, 0] / first[:, 1]
    return np.nan_to_num(difference, nan=0.0, posinf=0.0, neginf=0.0)


def mcnemar(gained: int, lost: int) -> float:
    """Exact two-sided p that as many questions were gained as lost by chance. Source: McNemar 1947, binomial form."""
    changed = gained + lost
    if not changed:
        return 1.0
    tail = sum(math.comb(changed, k) for k in range(min(gained, lost) + 1)) / 2.0**changed
    return min(1.0, 2 * tail)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """The p values adjusted for how many there are. Source: Holm 1979."""
    ordered = sorted(p_values.items(), key=lambda item: item[1])
    adjusted: dict[str, float] = {}
    running = 0.0
    for rank, (name, p) in enumerate(ordered):
        running = max(running, min(1.0, (len(ordered) - rank) * p))
        adjusted[name] = running
    return {name: adjusted[name] for name in p_values}
