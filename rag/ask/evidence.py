"""Passages found -> the sentences in them that may answer, each with a score and what the score is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from rag.ask import ranking
from rag.ask.retrieve import Retrieved
from rag.ask.wanted import actors, chips, held, office_of, wanted
from rag.index.catalog import sentence_id
from rag.language.answers import Found, Wanted, expected
from rag.language.cues import leans_on_previous
from rag.language.dates import ANY_DAY, find_dates
from rag.language.lexicon import LANGUAGES, Concept
from rag.language.normalize import fold
from rag.language.terms import terms, tokens
from rag.model import Article, Evidence, Hit, Lang, Passage, Question

FloatVector = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What is measured about one sentence. All but the cosines lie in [0, 1]; more is better."""

    worded: float
    """Share of the question's concepts that the sentence says, rare ones counting more (BM25, normalized)."""
    around: float
    """The same for its whole passage."""
    titled: float
    """Share of the concepts that only the article's title adds."""
    beside: float
    """Share that only the sentences next to it add."""
    cosine: float
    """Centred cosine of sentence and question."""
    passage_cosine: float
    """Centred cosine of passage and question."""
    typed_near: float
    """As `typed`, times the share of concepts that the sentences next to it say: the answer may follow the topic."""
    typed: float
    """1 if it holds the sort of thing that was asked for: a number, a date, a name, a reason."""
    carried: float
    """Share that only the sentence before it adds, for one that leans on it ("Ces feux verts ...")."""
    lead: float
    """1 for the first sentence of an article, which names the whole story and seldom the detail."""
    own: float
    """1 for the article itself, 0 for a teaser of another story on its page."""
    native: float
    """1 if the source is in the reader's language."""


WEIGHTS = Features(
    worded=1.0,
    around=0.9,
    titled=0.3,
    beside=0.2,
    carried=0.35,
    cosine=0.7,
    passage_cosine=0.45,
    typed_near=0.2,
    typed=0.3,
    lead=-0.08,
    own=0.05,
    native=0.03,
)
"""Fitted on the development questions and rounded; docs/measurements.md says what each brings."""

_MEASURED = tuple(field.name for field in fields(Features))
OTHER_OFFICE = 0.3
"""What a name counts for where neither its sentence, nor those beside it, nor the title has the office asked for."""
SAME_FROM = 0.6
"""Two sentences that share this part of the terms of the shorter one say the same."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A piece of evidence with the features behind its score, and how much of the question it covers."""

    evidence: Evidence
    unit: str
    features: Features
    answer: Found | None
    """Where in the sentence the thing stands that was asked for."""
    named: bool
    """Whether it names, itself or in a sentence it leans on, each acronym of the question, or without any each of its models, and
    one of its companies and people: an H20 is no H200. True where the question names nothing."""
    numbered: bool | None
    """Whether it says likewise each number of the question; None where that has none."""
    rival: bool
    """Whether it names another chip instead."""
    covered: FloatVector
    """(concepts,) 1 where the sentence, its neighbours or the title says the concept, else 0 or a part."""
    coverage: float
    """Share of the question, by rarity, that those cover, in [0, 1]."""

    def repeats(self, other: Scored) -> bool:
        """Whether two sentences say the same: most terms shared, and no number that only one of the two has."""
        left, right = (list(tokens(s.evidence.text, s.evidence.passage.lang)) for s in (self, other))
        if {t.term for t in left if t.number} ^ {t.term for t in right if t.number}:
            return False
        these, those = ({t.term for t in words if t.term} for words in (left, right))
        return len(these & those) >= SAME_FROM * max(1, min(len(these), len(those)))


def gather(
    question: Question,
    found: Retrieved,
    articles: Mapping[str, Article],
    weights: Features = WEIGHTS,
) -> list[Scored]:
    """Score every sentence of every hit, best first."""
    sought = {language: wanted(question, found.concepts, language) for language in LANGUAGES}
    reader = _Reader(
        question, found, sought, _subject(question, found.concepts), _office(question, found.concepts), weights
    )
    titles = {a.id: _presence(terms(a.title, a.lang), a.lang, found.concepts) for a in articles.values()}
    scored: list[Scored] = []
    for hit in found.hits:
        name = hit.passage.article_id
        scored += reader.sentences(hit, articles[name], titles[name])
    return sorted(scored, key=lambda s: (-s.evidence.score, s.evidence.article.id, s.evidence.span.start))


def total(features: Features, weights: Features = WEIGHTS) -> float:
    """The weighted sum that ranks sentences."""
    return float(sum(getattr(features, name) * getattr(weights, name) for name in _MEASURED))


@dataclass(frozen=True, slots=True)
class _Says:
    """How far the sentences of a passage, and those beside them, say the question; each sentence is a row.

    `alone`, `titled`, `carried`: (sentences, concepts) what it says itself, with its neighbours and the title, with the
    sentence before; `worded`: (sentences,) BM25 share; `whole`: share of the passage; the rest: (sentences,) shares.
    """

    alone: FloatVector
    titled: FloatVector
    carried: FloatVector
    worded: FloatVector
    whole: float
    itself: FloatVector
    near: FloatVector
    with_title: FloatVector
    with_before: FloatVector


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads passages for one question."""

    question: Question
    found: Retrieved
    wanted: Mapping[Lang, Wanted]
    subject: tuple[Sequence[int], Sequence[int]]
    office: Sequence[int]
    weights: Features

    def sentences(self, hit: Hit, article: Article, title: FloatVector) -> list[Scored]:
        """The sentences of one passage, scored."""
        units = [sentence_id(hit.passage.id, n) for n in range(len(hit.passage.sentences))]
        says = self._says(units, title)
        return [self._scored(hit.passage, article, at, unit, says) for at, unit in enumerate(units)]

    def _says(self, units: Sequence[str], title: FloatVector) -> _Says:
        found = self.found
        nothing = np.zeros(len(found.concepts), dtype=np.float32)
        said = np.stack([found.said.get(unit, nothing) for unit in units])
        lengths = np.array([found.lengths.get(unit, found.mean_length) for unit in units], dtype=np.float32)
        worded = ranking.share(ranking.saturate(said, lengths, found.mean_length), found.weights)
        whole = ranking.share(np.minimum(said.sum(axis=0), 1.0)[None, :], found.weights)[0]
        alone = np.minimum(said, 1.0)
        above, below = np.vstack([nothing, alone[:-1]]), np.vstack([alone[1:], nothing])
        near = np.maximum(alone, np.maximum(above, below))
        titled, carried = np.maximum(near, title), np.maximum(alone, above)
        shares = (ranking.share(rows, found.weights) for rows in (alone, near, titled, carried))
        return _Says(alone, titled, carried, worded, float(whole), *shares)

    def _scored(self, passage: Passage, article: Article, at: int, unit: str, says: _Says) -> Scored:
        """The sentence of a passage that stands `at` so many others behind its first."""
        span = passage.sentences[at]
        text = span.of(article.text)
        previous = passage.sentences[at - 1].of(article.text) if at else ""
        leans = leans_on_previous(text, passage.lang)
        answer = expected(text, passage.lang, self.wanted[passage.lang])
        read = f"{previous} {text}" if leans else text
        said = says.carried[at] if leans else says.alone[at]
        names, numbers = (all(said[place] > 0.0 for place in places) if places else None for places in self.subject)
        named = names is not False and self._names_those(read, passage.lang)
        context = f"{previous} {article.title}" if leans else article.title
        fit = answer.fit * held(self.question, text, passage.lang, context) if answer else 0.0
        if self.office and not says.titled[at][self.office].any():
            fit *= OTHER_OFFICE
        own, near, with_title = float(says.itself[at]), float(says.near[at]), float(says.with_title[at])
        features = Features(
            worded=float(says.worded[at]),
            around=says.whole,
            titled=with_title - near,
            beside=near - own,
            cosine=self.found.centred.get(unit, 0.0),
            passage_cosine=self.found.centred.get(passage.id, 0.0),
            typed_near=near * fit,
            typed=fit,
            carried=float(says.with_before[at]) - own if leans else 0.0,
            lead=float(passage.ordinal == 0 and at == 0),
            own=0.0 if passage.section == "teaser" else 1.0,
            native=1.0 if passage.lang == self.question.lang else 0.0,
        )
        evidence = Evidence(passage, article, span, text, total(features, self.weights), article.published)
        rival = not named and self._names_another(text, passage.lang)
        return Scored(evidence, unit, features, answer, named, numbers, rival, says.titled[at], with_title)

    def _names_another(self, text: str, lang: Lang) -> bool:
        asked = chips(self.question.standalone, self.question.lang)
        return bool(asked) and bool(chips(text, lang) - asked)

    def _names_those(self, text: str, lang: Lang) -> bool:
        """Whether a text names one of the actors and one of the chips that the question names."""
        asked = ((names(self.question.standalone, self.question.lang), names) for names in (actors, chips))
        return all(not sought or bool(sought & names(text, lang)) for sought, names in asked)


def _subject(question: Question, concepts: Sequence[Concept]) -> tuple[list[int], list[int]]:
    """The places of what a question is about: its acronyms, or its models where it has none; and its numbers but for its dates."""
    text = question.standalone
    dates = [found.span for found in find_dates(text, question.lang, question.as_of or ANY_DAY)]
    free = {
        token.surface for token in tokens(text, question.lang)
        if token.number and not any(date.start <= token.span.start < date.end for date in dates)
    }  # fmt: skip
    acronyms = [at for at, concept in enumerate(concepts) if concept.acronym]
    models = [at for at, concept in enumerate(concepts) if concept.identifier]
    numbers = [at for at, concept in enumerate(concepts) if concept.number and concept.surface in free]
    return acronyms or models, numbers


def _office(question: Question, concepts: Sequence[Concept]) -> list[int]:
    """The place of the word for the office of the one asked for, if it has one."""
    word = office_of(question.standalone, question.kind)
    return [at for at, concept in enumerate(concepts) if word and fold(concept.surface) == word]


def _presence(present: Sequence[str], lang: Lang, concepts: Sequence[Concept]) -> FloatVector:
    """(concepts,) the best weight of an alternative whose terms are all present, else 0."""
    have = set(present)
    return np.array(
        [
            max((a.weight for a in concept.alternatives if a.lang == lang and have.issuperset(a.terms)), default=0.0)
            for concept in concepts
        ],
        dtype=np.float32,
    )
