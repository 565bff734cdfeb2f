"""Answerers whose worth is known beforehand, and answers put together by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from evals.answerers.base import Response, Unit
from evals.answerers.engine import passages_of
from evals.judging import Judged, judge
from evals.lint import forbidden_in
from evals.matching import Said, holds_any
from evals.measures import Finding
from evals.observed import Cited, Observed, Spoken
from evals.questions import Case, Nugget, Side
from evals.shelf import Shelf
from rag.language.dates import find_dates
from rag.model import Article, Span

REASONS = {"off_topic": "off_topic", "small_talk": "small_talk", "before_coverage": "before_coverage"}
FRAMES = {
    "fr": "La bibliothèque ne donne pas la réponse à cette question.",
    "en": "The library does not hold the answer to this question.",
}


def answer(
    case: Case, quotes: Sequence[tuple[Article, Span]] = (), *, abstain: bool = False, confidence: float = 1.0,
    roles: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """An answer of the contract that quotes these spans, one statement each."""
    citations = [
        {"n": n, "source": article.source, "quote": span.of(article.text), "start": span.start, "end": span.end,
         "published": article.published.isoformat() if article.published else None}
        for n, (article, span) in enumerate(quotes, start=1)
    ]  # fmt: skip
    statements = [
        {"text": c["quote"], "role": roles[at] if roles else "answer", "date": c["published"], "citations": [c["n"]], "support": "quote"}
        for at, c in enumerate(citations)
    ]  # fmt: skip
    text = FRAMES[case.lang] if abstain else " ".join(s["text"] for s in statements)
    return {
        "status": "abstained" if abstain else "answered", "reason": REASONS.get(case.kind, "no_evidence") if abstain else None,
        "lang": case.lang, "answer": text, "statements": statements, "citations": citations, "confidence": confidence, "notes": [],
    }  # fmt: skip


@dataclass
class Made:
    """An answerer over a shelf; subclasses say what it answers."""

    shelf: Shelf
    name: str = "made"
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._units = passages_of(self.shelf)
        self._names = {article.id: name for name, article in self.shelf.articles.items()}

    def units(self) -> Mapping[str, Unit]:
        return self._units

    def check(self, responses: Mapping[str, Response]) -> None:
        pass

    def close(self) -> None:
        pass


def reachable(shelf: Shelf, name: str, day: date | None) -> bool:
    """Whether an article may be used for a question about that day."""
    known = shelf.known[name]
    return day is None or (known is not None and known <= day)


class Perfect(Made):
    """Quotes one sentence of a support for every nugget, and abstains when it should."""

    def ask(self, case: Case) -> Response:
        if not case.answerable:
            return Response(answer(case, abstain=True, confidence=0.0), (), 0.01)
        wanted = [(n.aliases, n.type, n.supports) for n in case.vital]
        wanted += [(side.aliases, "text", side.supports) for side in case.conflict_sides]
        if case.kind == "evolution":  # the day of what no dated article says
            wanted += [
                (n.aliases, n.type, n.supports)
                for n in case.nuggets
                if n.type == "date" and not any(self.shelf.articles[name].published for name in n.supports)
            ]
        quotes = list(dict.fromkeys(self._quote(case, *gold) for gold in wanted))
        return Response(answer(case, quotes), self._ranked(case), 0.01)

    def _quote(self, case, aliases, type_, supports) -> tuple[Article, Span]:
        """The shortest sentence that says it, says nothing forbidden, and has a date."""
        found = []
        for passage in self.shelf.library.catalog.passages():
            name = self._names[passage.article_id]
            if name in supports and reachable(self.shelf, name, case.as_of):
                article = self.shelf.articles[name]
                for span in passage.sentences:
                    said = Said(span.of(article.text), passage.lang, article.published)
                    if holds_any(said, aliases, type_):
                        undated = article.published is None and not find_dates(said.text, said.lang, None)
                        found.append((bool(forbidden_in([said], case)), undated, len(span), article, span))
        *_, article, span = min(found, key=lambda item: item[:3])
        return article, span

    def _ranked(self, case: Case) -> tuple[str, ...]:
        def says(unit: Unit, nugget: Nugget) -> bool:
            usable = unit.article in nugget.supports and reachable(self.shelf, unit.article, case.as_of)
            return usable and holds_any(unit.said, nugget.aliases, nugget.type)

        return tuple(id_ for id_, unit in self._units.items() if any(says(unit, n) for n in case.vital))


class Empty(Made):
    """Says that it answers, and says nothing."""

    def ask(self, case: Case) -> Response:
        return Response(answer(case), (), 0.01)


class Silent(Made):
    """Always abstains."""

    def ask(self, case: Case) -> Response:
        return Response(answer(case, abstain=True, confidence=0.0), (), 0.01)


class Dump(Made):
    """Shows every sentence of the library, whatever is asked."""

    def ask(self, case: Case) -> Response:
        articles = {article.id: article for article in self.shelf.articles.values()}
        passages = self.shelf.library.catalog.passages()
        quotes = [(articles[p.article_id], span) for p in passages for span in p.sentences]
        return Response(answer(case, quotes), tuple(p.id for p in passages), 0.01)


# --- by hand -----------------------------------------------------------------------------------------------------


def nugget(*aliases: str, importance: str = "vital", type_: str = "text", supports: Sequence[str] = ("a",)) -> Nugget:
    return Nugget(importance, type_, {"fr": (), "en": aliases}, tuple(supports))


def side(*aliases: str, supports: Sequence[str]) -> Side:
    return Side(aliases[0], {"fr": (), "en": aliases}, tuple(supports))


def case(kind: str = "fact", *nuggets: Nugget, **more: Any) -> Case:
    base = {"id": "q", "question": "What?", "lang": "en", "kind": kind, "answerable": bool(nuggets), "fact": "f"}
    return Case(**{**base, "nuggets": nuggets, **more})


def spoken(text: str, *articles: str, role: str = "answer", day: date | None = None, genuine: bool = True) -> Spoken:
    cited = tuple(Cited(article, text, day, genuine) for article in articles)
    return Spoken(Said(text, "en", day), role, cited, day, True)


def seen(*statements: Spoken, abstained: bool = False, **more: Any) -> Observed:
    text = " ".join(statement.said.text for statement in statements)
    base = {"reason": None, "lang": "en", "text": text, "confidence": 0.5, "notes": (), "ranked": (), "seconds": 0.01}
    return Observed(abstained=abstained, statements=statements, **{**base, **more})


def judged(asked: Case, *statements: Spoken, **more: Any) -> Judged:
    return judge(asked, seen(*statements, **more))


def finding(
    ranked: Sequence[str] = (), relevant: Sequence[str] = (), known: Mapping[str, date | None] | None = None
) -> Finding:
    """Every unit is its own article."""
    units = {*ranked, *relevant}
    return Finding(
        tuple(ranked), {unit: unit for unit in units}, frozenset(relevant), (frozenset(relevant),), known or {}
    )
