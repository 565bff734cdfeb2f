"""Evidence, best first -> the statements of an answer: the sentence that answers, then what adds to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.ask.evidence import Scored
from rag.language.terms import tokens
from rag.model import Article, Citation, Statement

SENTENCES = 3
WORDS = 120
"""Most sentences and words in an answer to a question of fact (contract)."""

KEEP_FROM = 0.7
"""A further sentence is shown if its score reaches this share of the best one's: lower shows more that is beside the
point, higher begins to lose answers (docs/measurements.md)."""

SAME_FROM = 0.6
"""Two sentences that share this part of the terms of the shorter one say the same."""


def choose(scored: Sequence[Scored]) -> list[Scored]:
    """The sentences worth showing, best first: no repetition, no weak company, within the limits."""
    chosen: list[Scored] = []
    words = 0
    for candidate in scored:
        length = len(candidate.evidence.text.split())
        if chosen and candidate.evidence.score < KEEP_FROM * chosen[0].evidence.score:
            break
        if chosen and (words + length > WORDS or any(_same(candidate, other) for other in chosen)):
            continue
        chosen.append(candidate)
        words += length
        if len(chosen) == SENTENCES:
            break
    return chosen


def compose(
    chosen: Sequence[Scored], copies: Callable[[Article], Sequence[Article]]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Statements that quote their evidence word for word, and the citations that carry them, numbered from 1.

    `copies` finds the other outlets that carried an article.
    """
    statements, citations = [], []
    for n, scored in enumerate(chosen, start=1):
        found = scored.evidence
        place = (found.article, found.span, found.text, found.passage.section)
        citations.append(Citation(n, *place, copies=tuple(copies(found.article))))
        statements.append(Statement(found.text, "answer" if n == 1 else "context", (n,), found.date))
    return tuple(statements), tuple(citations)


def _same(one: Scored, other: Scored) -> bool:
    """Whether two sentences say the same: most terms shared, and no number that only one of the two has."""
    left, right = (list(tokens(s.evidence.text, s.evidence.passage.lang)) for s in (one, other))
    if {t.term for t in left if t.number} ^ {t.term for t in right if t.number}:
        return False
    these, those = ({t.term for t in words if t.term} for words in (left, right))
    return len(these & those) >= SAME_FROM * max(1, min(len(these), len(those)))
