"""Question -> Answer: understand, retrieve, gather, choose, verify. The steps in their order, nothing of their logic."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rag.ask import choosing
from rag.ask.choosing import Picked
from rag.ask.compose import compose
from rag.ask.confidence import ANSWER_FROM, NEEDED, Signals, confidence, signals
from rag.ask.disagreement import Half, alternatives
from rag.ask.events import Sentence, events
from rag.ask.evidence import WEIGHTS, Features, Scored, gather
from rag.ask.kinds import Form, form_of, happened
from rag.ask.phrases import say
from rag.ask.question import asks_about_now
from rag.ask.reading import language_of, read
from rag.ask.retrieve import Nearest, Retrieved, retrieve
from rag.ask.spelling import mend
from rag.ask.timeline import PULLS, TOLD_FROM, Matter, Pulls, matter_of, moments
from rag.ask.times import MONTH, asked_time, state_day, without
from rag.ask.topics import to_the_point, topic
from rag.ask.unheard import SETTING_RIGHT, Stranger, absent, actors_of, cited_by, touches, unheard, unspoken
from rag.ask.verify import verified
from rag.ask.voice import UNTOLD, lead
from rag.ask.wanted import NUMERIC, PRESUMING, actors, people
from rag.days import day_text
from rag.errors import VectorIndexBroken
from rag.index.catalog import Catalog
from rag.index.lexical import LexicalIndex
from rag.language.cues import first_actor
from rag.language.dates import Dated
from rag.language.lexicon import Concept
from rag.language.light import is_light
from rag.model import Answer, Article, Citation, Event, Lang, LibraryFacts, Question, Reason, Statement

OFF_TOPIC_BELOW = 0.35
"""Share of the question's concepts, by rarity, below which it is about something else altogether."""
AKIN_FROM = 0.45
"""Cosine of the nearest sentence from which a question is on the subject, in whatever other words it is put."""
OUTCOME = frozenset({"when", "what"})
"""Kinds of fact that time may overtake: when a thing comes, and what it will be."""
GOVERNMENTS = frozenset({"beijing", "washington"})
"""Who, named in one half of a choice, is asked about as the one who acts: "trained on Nvidia or Huawei chips" asks of neither."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """An answer in the sources' own words, with what is shown and all that was read; an abstention has none of these."""

    answer: Answer
    picked: Sequence[Picked] = ()
    scored: Sequence[Scored] = ()


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
    read: Callable[[str, Lang], tuple[Concept, ...]] = read
    pulls: Pulls = PULLS
    form_of: Callable[[str], Form] = form_of
    answer_from: float = ANSWER_FROM

    def answer(self, question: Question) -> Answer:
        """Answer from the library, or abstain and say why."""
        return self.drafted(question).answer

    def drafted(self, question: Question) -> Drafted:
        """The answer, with the evidence it was made from."""
        started = time.perf_counter()
        question = self._put_on_its_day(question)
        refusal = self._refusal(question)
        if refusal is not None:
            return Drafted(self._abstain(question, refusal, started))
        found, notes = self.search(question)
        notes += self._freshness(question)
        retrieved = time.perf_counter()
        scored = self._scored(question, found)
        likely = choosing.shortlist(scored)
        measured = signals(self._sought(question), found, likely) if likely else None
        sure = confidence(measured) if measured else 0.0
        stranger = self._stranger(question, found.concepts, likely) if likely else None
        beyond = self._beyond(question, scored) if measured and measured.covered >= OFF_TOPIC_BELOW else ""
        if beyond:
            timings = {"retrieve": _ms(started, retrieved), "total": _ms(started, time.perf_counter())}
            return Drafted(self._no(question, "no_evidence", beyond, 0.0, notes, timings))
        sure_enough = measured is not None and sure >= self.answer_from and stranger is None
        picked = choosing.to_the_matter(self._picked(question, scored), question.standalone) if sure_enough else []
        picked = choosing.readable(picked, self._room(question))
        stranger = stranger or self._absent(question, picked)
        statements, citations = self._composed(question, [] if stranger else picked)
        timings = {"retrieve": _ms(started, retrieved), "total": _ms(started, time.perf_counter())}
        if not statements:
            sure = 0.0 if sure_enough or stranger else sure
            return Drafted(self._unsaid(question, measured, scored, sure, stranger, notes, timings))
        words = lead(question, picked, question.as_of or self.facts.newest, _unsaid(question, found))
        answer = Answer(
            question=question, status="answered", text=" ".join(filter(None, [words, *(s.text for s in statements)])), lead=words,
            statements=statements, citations=citations, confidence=round(sure, 3), library=self.facts, notes=notes,
            timings_ms=timings,
        )  # fmt: skip
        return Drafted(answer, picked, scored)

    def timeline(self, topic: str, lang: Lang, as_of: date | None) -> tuple[Event, ...]:
        """The dated states of affairs on a topic, or the news of every article where there is none."""
        found = self._on(topic, lang, as_of) if topic.strip() else self._openings(as_of)
        return events(found, lambda article: self.catalog.copies(article, as_of), as_of)

    def _on(self, topic: str, lang: Lang, as_of: date | None) -> list[Sentence]:
        scored = self._gathered(Question(topic, topic, lang, "what", as_of))
        shown = [moment.scored.evidence for moment in moments(scored)]
        return [Sentence(found.article, found.passage, found.span) for found in shown]

    def _openings(self, as_of: date | None) -> list[Sentence]:
        """The first sentence of each article known by that day."""
        known = self.catalog.known_by(as_of) if as_of else None
        articles = {a.id: a for a in self.catalog.articles() if known is None or a.id in known}
        first = [p for p in self.catalog.passages() if p.ordinal == 0 and p.article_id in articles and p.sentences]
        return [Sentence(articles[passage.article_id], passage, passage.sentences[0]) for passage in first]

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

    def _beyond(self, question: Question, scored: Sequence[Scored]) -> str:
        """Why nothing can be said of a day or month after the last article, if no sentence speaks of it; else empty."""
        last = question.as_of or self.facts.newest
        asked = asked_time(question.standalone, question.lang, last)
        if asked is None or last is None or not asked.certain or asked.start <= last or self._day_of(question):
            return ""
        if asked.end - asked.start > MONTH or any(asked.names(m.told) for m in moments(scored, TOLD_FROM)):
            return ""
        return say("after_coverage", question.lang, day=day_text(last, question.lang))

    def search(self, question: Question) -> tuple[Retrieved, tuple[str, ...]]:
        """The passages for a question, searched with vectors, or without them and with a note."""
        question = self._sought(question)
        wanted = mend(self.read(question.standalone, question.lang), question.lang, self.lexical, question.as_of)
        query = self.encode(question.standalone, language_of(question.standalone, question.lang))
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

    def _put_on_its_day(self, question: Question) -> Question:
        """A question of how things stood on a day is answered as on that day, or as on the reader's if that is earlier."""
        day = self._day_of(question)
        return replace(question, as_of=min(day.end, question.as_of or day.end)) if day else question

    def _day_of(self, question: Question) -> Dated | None:
        form = self.form_of(question.standalone)
        if form != "state" and (question.kind != "yes_no" or form == "conflict"):
            return None
        return state_day(question.standalone, question.lang, self.facts.newest)

    def _stranger(self, question: Question, concepts: Sequence[Concept], likely: Sequence[Scored]) -> Stranger | None:
        """Whom the question is about and the library, or for a country the articles that may answer, never name."""
        if question.kind in SETTING_RIGHT:
            return None
        abroad = [mention for mention in actors_of(question) if mention.sort == "country"]
        name = unheard(question, concepts, lambda sought: self.lexical.holding(sought, question.as_of))
        if name:
            return Stranger(name, heard=False)
        name = unspoken(abroad, (one.evidence.article for one in likely))
        return Stranger(name, heard=True) if name else None

    def _absent(self, question: Question, picked: Sequence[Picked]) -> Stranger | None:
        """Of whom a fact is asked that no sentence shown tells of them."""
        if not picked or question.kind in SETTING_RIGHT or self.form_of(question.standalone) not in ("fact", "list"):
            return None
        name = absent(question, (one.scored.evidence for one in picked))
        return Stranger(name, heard=True) if name else None

    def _sought(self, question: Question) -> Question:
        """What is searched: of a story, a disagreement or a mere "where do things stand", only what it is about."""
        form, today = self.form_of(question.standalone), question.as_of or self.facts.newest
        day = self._day_of(question)
        if day is not None:
            question = replace(question, standalone=without(question.standalone, day.span))
        question = replace(question, standalone=to_the_point(question.standalone, question.kind))
        if form == "state" and question.kind != "what":
            return question
        about = topic(question.standalone, question.lang, form, today)
        kind = question.kind if form == "conflict" and question.kind in NUMERIC else "what"
        return replace(question, standalone=about, kind=kind) if about else question

    def _freshness(self, question: Question) -> tuple[str, ...]:
        """How far the library reaches, for a question about now that it cannot answer up to now."""
        if not self.facts.articles:
            return (say("empty", question.lang),)
        newest = self.facts.newest
        if (
            newest is None
            or question.as_of is not None
            or not asks_about_now(question.standalone)
            or newest >= self.today()
        ):
            return ()
        return (say("newest", question.lang, day=day_text(newest, question.lang)),)

    def _room(self, question: Question) -> int:
        """Most sentences to show; none is added to a number, beside which another number may be taken for it."""
        if question.kind in NUMERIC:
            return 0
        long = self.form_of(question.standalone) in ("evolution", "conflict")
        return choosing.LONG_SENTENCES if long else choosing.SENTENCES

    def _picked(self, question: Question, scored: Sequence[Scored]) -> list[Picked]:
        """What is shown, by the form of the question."""
        form = self.form_of(question.standalone)
        if form == "evolution":
            return choosing.story(scored, self._matter(question))
        halves = alternatives(question.standalone, question.lang)
        open_choice = halves and not any(self.form_of(half.own) == "conflict" for half in halves)
        told = [self._side(question, half) for half in halves] if halves and open_choice else []
        sides = choosing.sides(told)
        if sides:
            return sides
        if form == "conflict" or (told and form == "fact" and question.kind not in NUMERIC):
            return choosing.accounts(scored, self._matter(question))
        if form == "state" or question.kind == "yes_no" or question.as_of is not None:
            matter = self._matter(question)
            shown = choosing.state(scored, matter)
            if matter.status:
                return shown
            shown = choosing.with_dissent(shown, scored, matter)
            return choosing.with_turn(shown, scored, matter) if question.kind == "yes_no" else shown
        named = people(question.standalone, question.lang)
        fits = 1.0 if question.kind in NEEDED else 0.0
        scored = choosing.cited(scored, cited_by(question))
        shown = choosing.fact(choosing.bound(scored, self._matter(question).time, named, fits))
        if question.kind in UNTOLD:
            shown = choosing.with_asked(shown, scored)
        shown = choosing.with_other_answer(shown, scored, question.kind)
        if form == "fact" and question.kind in OUTCOME and not happened(question.standalone):
            shown = choosing.with_outcome(shown, scored)
        if told and form == "fact":
            return choosing.with_accounts(shown, choosing.accounts(scored, self._matter(question)))
        return choosing.with_denial(shown, scored) if question.kind in PRESUMING else shown

    def _side(self, question: Question, half: Half) -> tuple[list[Scored], Matter]:
        """The evidence that speaks of one half of "A or B?", whenever it was told unless the question is put on a day."""
        asked = replace(question, standalone=half.text)
        named = first_actor(half.own, question.lang)
        actor = named if named in GOVERNMENTS else None
        matter = replace(self._matter(asked), actor=actor, today=question.as_of, deeds=frozenset(), naming=False)
        found, _ = self.search(asked)
        own = [
            at for at, concept in enumerate(found.concepts) if concept.surface in half.own and not concept.identifier
        ]
        numbers = [at for at in own if found.concepts[at].number]
        shared = actors(asked.standalone, asked.lang) - actors(half.own, asked.lang)

        def speaks(one: Scored) -> bool:
            said = found.said.get(one.unit)
            return said is not None and bool(said[numbers].all() if numbers else said[own].any())

        side = [one for one in self._scored(asked, found) if own and speaks(one)]
        return [one for one in side if choosing.tells_of(one, shared)] or side, matter

    def _matter(self, question: Question) -> Matter:
        today = question.as_of or self.facts.newest
        form = self.form_of(question.standalone)
        time = asked_time(question.standalone, question.lang, today, form == "evolution")
        matter = matter_of(question.standalone, question.lang, time, today, self.pulls)
        status = form == "state" and question.kind == "what" and not matter.stances
        companies = frozenset(mention.key for mention in actors_of(question) if mention.family == "company")
        return replace(matter, status=status, counts=question.kind in NUMERIC, companies=companies)

    def _gathered(self, question: Question) -> list[Scored]:
        found, _ = self.search(question)
        return self._scored(question, found)

    def _scored(self, question: Question, found: Retrieved) -> list[Scored]:
        articles = {a.id: a for a in self.catalog.articles({h.passage.article_id for h in found.hits})}
        return gather(self._sought(question), found, articles, self.weights)

    def _composed(
        self, question: Question, chosen: Sequence[Picked]
    ) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
        """Statements and citations that hold against the text as it is stored now."""

        def stored(article_id: str) -> Article | None:
            return next(iter(self.catalog.articles([article_id])), None)

        return verified(*compose(chosen, lambda article: self.catalog.copies(article, question.as_of)), stored=stored)

    def _unsaid(
        self, question: Question, measured: Signals | None, scored: list[Scored], sure: float, stranger: Stranger | None,
        notes: tuple[str, ...], timings: Mapping[str, float],
    ) -> Answer:  # fmt: skip
        articles = [one.evidence.article for one in choosing.shortlist(scored)]
        apart = measured is None or (measured.covered < OFF_TOPIC_BELOW and measured.akin < AKIN_FROM)
        if apart and not touches(question, articles):
            return self._no(question, "off_topic", say("off_topic", question.lang), sure, notes, timings)
        titles = list(dict.fromkeys(s.evidence.article.title for s in scored))[:2]
        nearest = say(
            "nearest",
            question.lang,
            titles=" ; ".join(f"« {t} »" for t in titles)
            if question.lang == "fr"
            else "; ".join(f"“{t}”" for t in titles),
        )
        phrase = "no_evidence" if stranger is None else "unspoken" if stranger.heard else "unheard"
        why = say(phrase, question.lang, stranger=stranger.name if stranger else "")
        return self._no(question, "no_evidence", f"{why} {nearest}", sure, notes, timings)

    def _abstain(self, question: Question, reason: Reason, started: float) -> Answer:
        day = self.catalog.first_known() or date.min
        text = say(reason, question.lang, day=day_text(day, question.lang))
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


def _unsaid(question: Question, found: Retrieved) -> bool:
    """Whether the articles never say what a question says happened: some of it where that is taken for granted, else all."""
    enough = any if question.kind in SETTING_RIGHT else all
    unsaid = found.unsaid
    weighty = [concept in unsaid for concept in found.concepts if _weighs(concept)]
    return bool(weighty) and enough(weighty)


def _weighs(concept: Concept) -> bool:
    """Whether a word of a question says what happened: no name, no number, no verb of all work."""
    itself = concept.alternatives[0]
    return not (concept.name or concept.number or is_light(itself.terms[0], itself.lang))


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 1)
