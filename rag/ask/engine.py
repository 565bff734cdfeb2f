"""Question -> Answer: understand, retrieve, gather, choose, verify. The steps in their order, nothing of their logic."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rag.ask.compose import choose, compose
from rag.ask.confidence import ANSWER_FROM, Signals, confidence, signals
from rag.ask.evidence import WEIGHTS, Features, Scored, gather
from rag.ask.phrases import say
from rag.ask.question import asks_about_now
from rag.ask.retrieve import Nearest, Retrieved, retrieve
from rag.ask.spelling import mend
from rag.ask.verify import verified
from rag.errors import VectorIndexBroken
from rag.index.catalog import Catalog
from rag.index.lexical import LexicalIndex
from rag.language.lexicon import Concept, concepts
from rag.model import Answer, Article, Citation, Lang, LibraryFacts, Question, Reason, Statement

OFF_TOPIC_BELOW = 0.35
"""Share of the question's concepts, by rarity, below which it is about something else altogether."""


@dataclass(slots=True)
class Engine:
    """What a question is put to.

    `encode`: text of a language -> (d,) unit row, None to do without; `vectors`: None while unavailable. What follows
    `notes` is for measuring: other weights, another reading of the question, another bar.
    """

    catalog: Catalog
    lexical: LexicalIndex
    vectors: Callable[[], Nearest | None]
    encode: Callable[[str, Lang], NDArray[np.float32] | None]
    facts: LibraryFacts
    notes: Callable[[], tuple[str, ...]] = tuple
    today: Callable[[], date] = date.today
    weights: Features = WEIGHTS
    read: Callable[[str, Lang], tuple[Concept, ...]] = concepts
    answer_from: float = ANSWER_FROM

    def answer(self, question: Question) -> Answer:
        """Answer from the library, or abstain and say why."""
        started = time.perf_counter()
        refusal = self._refusal(question)
        if refusal is not None:
            return self._abstain(question, refusal, started)
        found, notes = self._retrieve(question)
        notes += self._freshness(question)
        retrieved = time.perf_counter()
        articles = {
            article.id: article for article in self.catalog.articles({h.passage.article_id for h in found.hits})
        }
        scored = gather(question, found, articles, self.weights)
        chosen = choose(scored)
        measured = signals(question.kind, found, chosen) if chosen else None
        sure = confidence(measured) if measured else 0.0
        timings = {"retrieve": _ms(started, retrieved), "total": _ms(started, time.perf_counter())}
        if measured is None or sure < self.answer_from:
            return self._unsaid(question, measured, scored, sure, notes, timings)
        statements, citations = self._composed(question, chosen)
        if not statements:
            return self._unsaid(question, measured, scored, 0.0, notes, timings)
        return Answer(
            question=question, status="answered", text=" ".join(s.text for s in statements), statements=statements, citations=citations,
            confidence=round(sure, 3), library=self.facts, notes=notes, timings_ms=timings,
        )  # fmt: skip

    def _refusal(self, question: Question) -> Reason | None:
        """A reason to abstain that needs no search."""
        if question.kind == "empty":
            return "empty_question"
        if question.kind == "small_talk":
            return "small_talk"
        first = self.catalog.first_known()
        if question.as_of is not None and first is not None and question.as_of < first:
            return "before_coverage"
        return None

    def _retrieve(self, question: Question) -> tuple[Retrieved, tuple[str, ...]]:
        """Search with vectors, or without them and with a note."""
        wanted = mend(self.read(question.standalone, question.lang), question.lang, self.lexical, question.as_of)
        query = self.encode(question.standalone, question.lang)
        vectors = self.vectors()
        try:
            found = retrieve(
                wanted, query, catalog=self.catalog, lexical=self.lexical, vectors=vectors, as_of=question.as_of
            )
        except VectorIndexBroken:
            vectors = None
            found = retrieve(
                wanted, query, catalog=self.catalog, lexical=self.lexical, vectors=None, as_of=question.as_of
            )
        names = self.notes() if vectors is not None else ("lexical_only",)
        return found, tuple(say(name, question.lang) for name in names)

    def _freshness(self, question: Question) -> tuple[str, ...]:
        """How far the library reaches, for a question about now that it cannot answer up to now."""
        if not self.facts.articles:
            return (say("empty", question.lang),)
        newest = self.facts.newest
        if newest is None or question.as_of is not None or not asks_about_now(question.text) or newest >= self.today():
            return ()
        return (say("newest", question.lang, day=newest.isoformat()),)

    def _composed(
        self, question: Question, chosen: Sequence[Scored]
    ) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
        """Statements and citations that hold against the text as it is stored now."""

        def stored(article_id: str) -> Article | None:
            return next(iter(self.catalog.articles([article_id])), None)

        return verified(*compose(chosen, lambda article: self.catalog.copies(article, question.as_of)), stored=stored)

    def _unsaid(
        self, question: Question, measured: Signals | None, scored: list[Scored], sure: float,
        notes: tuple[str, ...], timings: Mapping[str, float],
    ) -> Answer:  # fmt: skip
        if measured is None or measured.covered < OFF_TOPIC_BELOW:
            return self._no(question, "off_topic", say("off_topic", question.lang), sure, notes, timings)
        titles = list(dict.fromkeys(s.evidence.article.title for s in scored))[:2]
        nearest = say(
            "nearest",
            question.lang,
            titles=" ; ".join(f"« {t} »" if question.lang == "fr" else f"“{t}”" for t in titles),
        )
        return self._no(question, "no_evidence", f"{say('no_evidence', question.lang)} {nearest}", sure, notes, timings)

    def _abstain(self, question: Question, reason: Reason, started: float) -> Answer:
        day = self.catalog.first_known() or date.min
        text = say(reason, question.lang, day=day.isoformat())
        return self._no(question, reason, text, 0.0, (), {"total": _ms(started, time.perf_counter())})

    def _no(
        self,
        question: Question,
        reason: Reason,
        text: str,
        sure: float,
        notes: tuple[str, ...],
        timings: Mapping[str, float],
    ) -> Answer:
        return Answer(
            question=question, status="abstained", reason=reason, text=text, statements=(), citations=(),
            confidence=round(sure, 3), library=self.facts, notes=notes, timings_ms=timings,
        )  # fmt: skip


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 1)
