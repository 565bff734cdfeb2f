"""The nouns of the house, frozen: what flows from a source to an answer. Standard library only.

source -> Article -> Passage -> Hit -> Evidence -> Statement + Citation -> Answer
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Lang = Literal["fr", "en"]
ArticleKind = Literal["full", "digest"]
Section = Literal["heading", "body", "teaser"]
Status = Literal["answered", "partial", "abstained"]
Reason = Literal["no_evidence", "off_topic", "before_coverage", "small_talk", "empty_question"]
Role = Literal["answer", "current", "superseded", "conflict", "context"]
Support = Literal["quote", "supported", "unsupported"]
Mode = Literal["extractive", "llm"]
Actor = Literal["beijing", "washington", "nvidia", "buyers"]
"""Who acts on the matter: the Chinese or the American side, the maker, or the Chinese companies that buy."""
Outcome = Literal["added", "updated", "unchanged", "duplicate", "removed", "refused", "failed"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of Article.text: character offsets, end-exclusive."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of `text` that this span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading of an article. A teaser announces another story on the same page."""

    span: Span
    section: Section
    lang: Lang


@dataclass(frozen=True, slots=True)
class Article:
    """One published text. `text` is normalized once, at ingest; every offset in the house refers to it."""

    id: str
    source: str
    title: str
    publisher: str
    lang: Lang
    text: str
    blocks: tuple[Block, ...]
    kind: ArticleKind = "full"
    url: str | None = None
    published: date | None = None
    origin: str | None = None
    extra: tuple[tuple[str, str], ...] = ()
    copy_of: str | None = None
    """The article whose text this one repeats, as another outlet carried it; None for a text of its own."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A few neighbouring sentences of one section of one article: the unit that is retrieved."""

    id: str
    article_id: str
    ordinal: int
    span: Span
    sentences: tuple[Span, ...]
    section: Section
    lang: Lang


@dataclass(frozen=True, slots=True)
class Question:
    """A question as typed, and as it is understood: complete in itself, in a language, at a date."""

    text: str
    standalone: str
    lang: Lang
    kind: str
    as_of: date | None = None
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. `ranks` counts from 1 by retriever; a higher score is better."""

    passage: Passage
    score: float
    ranks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that may answer. `date` is the day it was published, where known."""

    passage: Passage
    article: Article
    span: Span
    text: str
    score: float
    date: date | None


@dataclass(frozen=True, slots=True)
class Citation:
    """The place a statement was taken from: `article.text[span.start:span.end] == quote`, always."""

    n: int
    article: Article
    span: Span
    quote: str
    section: Section = "body"
    copies: tuple[Article, ...] = ()
    """The other outlets that carried the same text, as far as they were known at the date of the question."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, with the numbers of the citations that carry it (never none)."""

    text: str
    role: Role
    citations: tuple[int, ...]
    date: date | None = None
    support: Support = "quote"
    highlight: Span | None = None
    """The direct answer (a number, a date, a name) within `text`, where one stands out."""


@dataclass(frozen=True, slots=True)
class Event:
    """A dated state of affairs, as one sentence reports it. `date` is the day it speaks of, else its publication."""

    date: date
    actor: Actor
    citation: Citation
    superseded: bool = False
    """Whether a later event says otherwise of the same matter."""


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """What the library held when it answered."""

    articles: int
    passages: int
    newest: date | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What browser, terminal, programs and evaluations all see. `text` is shown, without citation marks."""

    question: Question
    status: Status
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    confidence: float
    library: LibraryFacts
    reason: Reason | None = None
    lead: str = ""
    """What the assistant says before the statements in its own voice: yes or no, since when, how many sides."""
    notes: tuple[str, ...] = ()
    mode: Mode = "extractive"
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    usage: Mapping[str, int] = field(default_factory=dict)
    """Tokens a language model read and wrote for it, where its server counts them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one source at ingest; `reason` says why, when it was not taken."""

    source: str
    outcome: Outcome
    reason: str | None = None
    article_id: str | None = None
    title: str | None = None
