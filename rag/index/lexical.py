"""The lexical index: which sentences hold which terms, in tables beside the catalog's own.

Article + Passages -> postings;   concepts -> Matches: how often each matched sentence says each concept
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rag.language.lexicon import Alternative, Concept
from rag.language.terms import terms
from rag.model import Article, Lang, Passage

FloatMatrix = NDArray[np.float32]
FloatVector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Matches:
    """The sentences that say at least one concept, in no order of merit.

    `units`: (passage id, sentence ordinal) of each of the n sentences; `lengths`: (n,) terms in each;
    `counts`: (n, concepts) weighted occurrences; `sentences`: how many there are in the library, matched or not;
    `frequencies`: (concepts,) how many of them say each concept; `mean_length`: terms in an average sentence.
    """

    units: tuple[tuple[str, int], ...]
    lengths: FloatVector
    counts: FloatMatrix
    sentences: int
    frequencies: FloatVector
    mean_length: float


class LexicalIndex:
    """Postings in the catalog's SQLite connection, so that an article and its terms are written as one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, article: Article, passages: Sequence[Passage]) -> None:
        """Index the sentences of an article that has just been written; call inside the same transaction."""
        for passage in passages:
            for ordinal, span in enumerate(passage.sentences):
                counts = Counter(terms(span.of(article.text), passage.lang))
                cursor = self._connection.execute(
                    "INSERT INTO sentences (passage_id, ordinal, length) VALUES (?,?,?)",
                    (passage.id, ordinal, counts.total()),
                )
                rows = [(_key(term, passage.lang), cursor.lastrowid, count) for term, count in counts.items()]
                self._connection.executemany("INSERT INTO postings VALUES (?,?,?)", rows)

    def clear(self) -> None:
        """Forget all postings, to index anew; call inside a transaction."""
        self._connection.execute("DELETE FROM postings")
        self._connection.execute("DELETE FROM sentences")

    def passage_ids(self) -> set[str]:
        """Every passage that has sentences in the index."""
        return {row[0] for row in self._connection.execute("SELECT DISTINCT passage_id FROM sentences")}

    def match(self, concepts: Sequence[Concept], as_of: date | None = None) -> Matches:
        """Count every concept in every sentence that has it; with `as_of`, only in what was known by that day."""
        columns = [self._occurrences(concept.alternatives) for concept in concepts]
        units = self._units(sorted({number for column in columns for number in column}), as_of)
        place = {number: row for row, number in enumerate(units)}
        counts = np.zeros((len(units), len(concepts)), dtype=np.float32)
        for at, column in enumerate(columns):
            for number, count in column.items():
                if number in place:
                    counts[place[number], at] = count
        total, mean_length = self._size(as_of)
        return Matches(
            units=tuple(unit for unit, _ in units.values()),
            lengths=np.array([length for _, length in units.values()], dtype=np.float32),
            counts=counts,
            sentences=total,
            frequencies=np.minimum(counts, 1.0).sum(axis=0, dtype=np.float32),
            mean_length=mean_length,
        )

    def holding(self, terms: Iterable[tuple[str, Lang]]) -> dict[tuple[str, Lang], int]:
        """In how many sentences each of these (term, language) stands, those that stand in none left out."""
        keys = {_key(term, lang): (term, lang) for term, lang in terms}
        return {keys[key]: len(rows) for key, rows in self._postings(set(keys)).items()}

    def _occurrences(self, alternatives: Sequence[Alternative]) -> dict[int, float]:
        """Sentence -> weighted occurrences of a concept: the best alternative counts, never their sum twice."""
        postings = self._postings({_key(term, a.lang) for a in alternatives for term in a.terms})
        best: dict[int, float] = defaultdict(float)
        for alternative in alternatives:
            rows = [postings.get(_key(term, alternative.lang), {}) for term in alternative.terms]
            smallest = min(rows, key=len)
            for number in smallest:
                if all(number in row for row in rows):
                    count = alternative.weight * min(row[number] for row in rows)
                    best[number] = max(best[number], count)
        return best

    def _postings(self, keys: set[str]) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = {}
        wanted = sorted(keys)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            query = f"SELECT term, sentence, count FROM postings WHERE term IN ({','.join('?' * len(part))})"
            for term, number, count in self._connection.execute(query, part):
                found.setdefault(term, {})[number] = count
        return found

    def _units(self, numbers: Sequence[int], as_of: date | None) -> dict[int, tuple[tuple[str, int], int]]:
        """Sentence number -> ((passage id, ordinal), length), of those that may be used at that day."""
        units: dict[int, tuple[tuple[str, int], int]] = {}
        for start in range(0, len(numbers), 500):
            part = numbers[start : start + 500]
            query = f"""SELECT s.number, s.passage_id, s.ordinal, s.length FROM sentences s
                        JOIN passages p ON p.id = s.passage_id JOIN articles a ON a.id = p.article_id
                        WHERE s.number IN ({",".join("?" * len(part))})"""
            values: list[object] = list(part)
            if as_of is not None:
                query, values = f"{query} AND a.known <= ?", [*values, as_of.isoformat()]
            for number, passage_id, ordinal, length in self._connection.execute(query, values):
                units[number] = ((passage_id, ordinal), length)
        return units

    def _size(self, as_of: date | None) -> tuple[int, float]:
        """(sentences, mean length) of what may be used at that day: the future is not even counted."""
        query, values = "SELECT count(*), avg(s.length) FROM sentences s", []
        if as_of is not None:
            query += " JOIN passages p ON p.id = s.passage_id JOIN articles a ON a.id = p.article_id WHERE a.known <= ?"
            values = [as_of.isoformat()]
        count, mean = self._connection.execute(query, values).fetchone()
        return count, float(mean or 1.0)


def _key(term: str, lang: Lang) -> str:
    return f"{lang}:{term}"
