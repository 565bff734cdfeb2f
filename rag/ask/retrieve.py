"""Concepts + query vector -> the passages worth reading, with everything measured about them on the way.

Lexical and dense retrieval each propose candidates; every candidate is then scored by both, on scales that keep their
strength. Fusing by rank would throw that strength away: beside French BM25, MiniLM alone is a weak ranking.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.ask import ranking
from rag.index.catalog import Catalog, sentence_id
from rag.index.lexical import LexicalIndex, Matches
from rag.language.lexicon import Concept
from rag.model import Hit, Passage

FloatVector = NDArray[np.float32]

LEXICAL, DENSE = "lexical", "vectors"
CANDIDATES = 48
"""Passages each retriever proposes, and passages read at most."""
PASSAGE_WEIGHTS = {LEXICAL: 0.7, DENSE: 0.3}
"""What each ranking has earned on the development questions (docs/measurements.md)."""

CERTAIN = 0.5
"""Weight in the lexicon from which another word says the same."""
CENTRING = 0.8
"""Share of the candidates' mean vector that is taken out; all of it would be noise in a small library."""


class Nearest(Protocol):
    """Anything that finds the nearest units of a vector: (unit id, cosine), nearest first."""

    def search(self, vector: FloatVector, limit: int, as_of: date | None = None) -> list[tuple[str, float]]:
        """The `limit` nearest units known by `as_of`."""
        ...


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Hits, best first, and what is known about every sentence in them.

    `said`: unit id of a sentence -> (concepts,) weighted occurrences, absent if it says none; `lengths` likewise;
    `weights`: (concepts,) rarity of each concept; `cosines`: unit id of a passage or sentence -> cosine with the
    question, `centred` the same once what all candidates share is taken out; both empty without a query vector.
    """

    hits: tuple[Hit, ...]
    concepts: tuple[Concept, ...]
    weights: FloatVector
    said: Mapping[str, FloatVector]
    lengths: Mapping[str, float]
    mean_length: float
    cosines: Mapping[str, float]
    centred: Mapping[str, float]

    @property
    def unsaid(self) -> tuple[Concept, ...]:
        """The concepts that no sentence says but by a distant synonym."""
        return tuple(c for at, c in enumerate(self.concepts) if all(row[at] < CERTAIN for row in self.said.values()))


def retrieve(
    concepts: Sequence[Concept],
    query: FloatVector | None,
    *,
    catalog: Catalog,
    lexical: LexicalIndex,
    vectors: Nearest | None,
    as_of: date | None = None,
) -> Retrieved:
    """Find the passages that may answer. `query`: (d,) unit row, None to do without vectors."""
    matches = lexical.match(concepts, as_of)
    weights = ranking.inverse_frequencies(matches)
    worded = _passage_shares(matches, weights)
    near = (
        _nearest_passages(vectors.search(query, 2 * CANDIDATES, as_of))
        if vectors is not None and query is not None
        else {}
    )
    passages = {p.id: p for p in catalog.passages([*_best(worded), *_best(near)])}
    cosines, centred = _cosines(query, catalog.vectors(passages)) if query is not None else ({}, {})
    scored = _fuse({name: worded.get(name, 0.0) for name in passages}, _best_cosine(passages.values(), centred))
    positions = {LEXICAL: ranking.ranks(worded), DENSE: ranking.ranks(near)}
    hits = [
        Hit(passages[name], score, {way: places[name] for way, places in positions.items() if name in places})
        for name, score in sorted(scored.items(), key=lambda item: (-item[1], item[0]))[:CANDIDATES]
    ]
    units = [sentence_id(*unit) for unit in matches.units]
    return Retrieved(
        hits=tuple(hits),
        concepts=tuple(concepts),
        weights=weights,
        said=dict(zip(units, matches.counts, strict=True)),
        lengths=dict(zip(units, matches.lengths.tolist(), strict=True)),
        mean_length=matches.mean_length,
        cosines=cosines,
        centred=centred,
    )


def _passage_shares(matches: Matches, weights: FloatVector) -> dict[str, float]:
    """Passage -> share of the concepts that its sentences say together."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, (passage_id, _) in enumerate(matches.units):
        rows[passage_id].append(row)
    if not rows:
        return {}
    counts = np.stack([matches.counts[at].sum(axis=0) for at in rows.values()])
    lengths = np.array([matches.lengths[at].sum() for at in rows.values()], dtype=np.float32)
    saturated = ranking.saturate(counts, lengths, float(lengths.mean()))
    return dict(zip(rows, ranking.share(saturated, weights).tolist(), strict=True))


def _nearest_passages(found: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Unit hits -> passage hits: a passage is as near as the nearest of its sentences or itself."""
    best: dict[str, float] = {}
    for unit, cosine in found:
        name = unit.partition(".")[0]
        best[name] = max(cosine, best.get(name, -1.0))
    return best


def _best(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda name: (-scores[name], name))[:CANDIDATES]


def _cosines(query: FloatVector, vectors: Mapping[str, FloatVector]) -> tuple[dict[str, float], dict[str, float]]:
    """Unit id -> cosine with the question, plain and centred.

    On one story all texts are alike; what they share says nothing about which of them answers, so most of the mean is
    taken out of both sides. Only candidates make the mean: with as_of, the future has no part in it.
    Source: Mu & Viswanath 2018 (common directions removed).
    """
    if not vectors:
        return {}, {}
    matrix = np.stack(list(vectors.values()))
    mean = CENTRING * matrix.mean(axis=0)
    plain = matrix @ query
    centred = _unit(matrix - mean) @ _unit((query - mean)[None, :])[0]
    return dict(zip(vectors, plain.tolist(), strict=True)), dict(zip(vectors, centred.tolist(), strict=True))


def _unit(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
    return result


def _best_cosine(passages: Iterable[Passage], cosines: Mapping[str, float]) -> dict[str, float]:
    """Passage -> mean of its own cosine and that of its best sentence."""
    scores = {}
    for passage in passages:
        own = cosines.get(passage.id, 0.0)
        units = (sentence_id(passage.id, n) for n in range(len(passage.sentences)))
        scores[passage.id] = (own + max((cosines.get(unit, 0.0) for unit in units), default=own)) / 2
    return scores


def _fuse(worded: Mapping[str, float], near: Mapping[str, float]) -> dict[str, float]:
    return {name: PASSAGE_WEIGHTS[LEXICAL] * worded[name] + PASSAGE_WEIGHTS[DENSE] * near[name] for name in worded}
