"""The lexical index: which sentences hold which terms, in tables beside the catalog's own.

Article + Passages -> postings;   concepts -> Matches: how often each matched sentence says each concept
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rag.index.database import Database
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
    """Postings in the catalog's database, so that an article and its terms are written as one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, article: Article, passages: Sequence[Passage]) -> None:
        """Index the sentences of an article that has just been written; call inside the same transaction."""
        for passage in passages:
            for ordinal, span in enumerate(passage.sentences):
                counts = Counter(terms(span.of(article.text), passage.lang))
                number = self._database.write(
                    "INSERT INTO sentences (passage_id, ordinal, length) VALUES (?,?,?)",
                    (passage.id, ordinal, counts.total()),
                )
                rows = [(_key(term, passage.lang), number, count) for term, count in counts.items()]
                self._database.write_all("INSERT INTO postings VALUES (?,?,?)", rows)

    def clear(self) -> None:
        """Forget all postings, to index anew; call inside a transaction."""
        self._database.write("DELETE FROM postings")
        self._database.write("DELETE FROM sentences")

    def passage_ids(self) -> set[str]:
        """Every passage that has sentences in the index."""
        return {row[0] for row in self._database.rows("SELECT DISTINCT passage_id FROM sentences")}

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

    def holding(self, terms: Iterable[tuple[str, Lang]], as_of: date | None = None) -> dict[tuple[str, Lang], int]:
        """In how many sentences known by that day each (term, language) stands, those that stand in none left out."""
        keys = {_key(term, lang): (term, lang) for term, lang in terms}
        postings = self._postings(set(keys))
        known = self._units(sorted({number for rows in postings.values() for number in rows}), as_of)
        counts = {key: sum(number in known for number in rows) for key, rows in postings.items()}
        return {keys[key]: count for key, count in counts.items() if count}

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
        """Key of a term -> {sentence: occurrences}, absent where there are none."""
        found: dict[str, dict[int, int]] = {}
        rows = self._database.rows_for("SELECT term, sentence, count FROM postings", "term", sorted(keys))
        for term, number, count in rows:
            found.setdefault(term, {})[number] = count
        return found

    def _units(self, numbers: Sequence[int], as_of: date | None) -> dict[int, tuple[tuple[str, int], int]]:
        """Sentence number -> ((passage id, ordinal), length), of those that may be used at that day."""
        query = f"""SELECT s.number, s.passage_id, s.ordinal, s.length FROM sentences s
                    JOIN passages p ON p.id = s.passage_id JOIN articles a ON a.id = p.article_id
                    WHERE {_known_by(as_of)}"""
        rows = self._database.rows_for(query, "s.number", numbers)
        return {number: ((passage_id, ordinal), length) for number, passage_id, ordinal, length in rows}

    def _size(self, as_of: date | None) -> tuple[int, float]:
        """(sentences, mean length) of what may be used at that day: the future is not even counted."""
        query = f"""SELECT count(*), avg(s.length) FROM sentences s
                    JOIN passages p ON p.id = s.passage_id JOIN articles a ON a.id = p.article_id
                    WHERE {_known_by(as_of)}"""
        count, mean = self._database.aggregate(query)
        return count, float(mean or 1.0)


def _known_by(as_of: date | None) -> str:
    """The condition on an article `a` that it may be used at that day."""
    return f"a.known <= '{as_of.isoformat()}'" if as_of is not None else "TRUE"


def _key(term: str, lang: Lang) -> str:
    return f"{lang}:{term}"
