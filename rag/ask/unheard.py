"""Whom a question names and the articles do not: mentions + what the library holds -> the name that nobody speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from rag.language.lexicon import LANGUAGES, Concept, Phrase, phrase_of
from rag.language.mentions import Mention, mentions
from rag.language.naming import names_a_government
from rag.language.normalize import fold, strip_accents_aligned
from rag.language.terms import terms
from rag.language.vocabulary import read_rows
from rag.model import Article, Evidence, Lang, Question

Term = tuple[str, Lang]
Holding = Callable[[Iterable[Term]], Mapping[Term, int]]
"""Terms -> those of them that the library holds, and in how many sentences."""
ACTING: Final = frozenset({"person", "company"})
"""Families of those who, with countries, can have done what is asked about; who governs one has many names."""
SETTING_RIGHT: Final = frozenset({"when", "why"})
"""Kinds of question that are answered all the same: what the articles say of others corrects what is taken for granted."""
LEADS: Final = 250
"""Characters before a sentence that may name whom it is of."""
AT_HOME: Final = frozenset({"nvidia", "chine", "etats-unis"})
"""Of whom the whole story is told, named or not."""


def actors_of(question: Question) -> tuple[Mention, ...]:
    """The people, companies and countries of the list that a question names; not those the whole story is about.

    "The Trump-Xi summit" names neither, and "the Trump administration" a government.
    """
    text = question.standalone
    named = (m for m in mentions(text, question.lang) if m.listed and _acts(m) and m.key not in AT_HOME)
    return tuple(
        m
        for m in named
        if "-" not in (text[m.span.start - 1 : m.span.start], text[m.span.end : m.span.end + 1])
        and not (m.family == "person" and names_a_government(text, m.span))
    )


@dataclass(frozen=True, slots=True)
class Stranger:
    """Whom the question is about and nothing found speaks of. `heard`: whether the library does elsewhere."""

    name: str
    heard: bool


def unheard(question: Question, concepts: Iterable[Concept], holding: Holding) -> str:
    """The first name in a question where the library knows none of them, or its first people that nobody speaks of."""
    named = actors_of(question)
    known = any(_heard(_written(mention), holding) for mention in named)
    return named[0].text if named and not known else _people(question, concepts, holding)


def cited_by(question: Question) -> tuple[Mention, ...]:
    """The outlets of the list that a question names: "selon Le Monde"."""
    named = mentions(question.standalone, question.lang)
    return tuple(mention for mention in named if mention.listed and mention.family == "outlet")


def unspoken(named: Iterable[Mention], articles: Iterable[Article]) -> str:
    """The first of the names that no article has in its title, its text or as its outlet; empty where there is none."""
    texts = [strip_accents_aligned(f"{a.title} {a.text} {a.publisher} {a.origin or ''}") for a in articles]
    return next((one.text for one in named if not any(_writes(text, one) for text in texts)), "")


def absent(question: Question, shown: Iterable[Evidence]) -> str:
    """The first of the people and companies a question names, if no sentence shown is of any, nor what leads to it; else empty."""
    texts = [
        strip_accents_aligned(f"{e.article.title} {e.article.publisher} {e.article.origin or ''} {_led_to(e)}")
        for e in shown
    ]
    named = [mention for mention in actors_of(question) if mention.family in ACTING]
    spoken = any(_writes(text, one) for text in texts for one in named)
    return "" if spoken or not named else named[0].text


def _led_to(evidence: Evidence) -> str:
    """A sentence with what stands before it in its article."""
    return evidence.article.text[max(0, evidence.span.start - LEADS) : evidence.span.end]


def of_outlet(evidence: Evidence, outlets: Iterable[Mention]) -> bool:
    """Whether a sentence names one of the outlets, or stands in an article of theirs."""
    article = evidence.article
    text = strip_accents_aligned(f"{evidence.text} {article.publisher} {article.origin or ''}")
    return any(_writes(text, outlet) for outlet in outlets)


def _writes(plain: str, mention: Mention) -> bool:
    """Whether a text without accents has a name in one of its ways; an outlet with its capitals, as "le monde" is none."""
    case = re.NOFLAG if mention.family == "outlet" else re.IGNORECASE
    ways = "|".join(re.escape(strip_accents_aligned(way)) for way in mention.ways)
    return re.search(rf"\b(?:{ways})\b", plain, case) is not None


def touches(question: Question, articles: Iterable[Article]) -> bool:
    """Whether an article speaks of a person, company or product that the question names: it is then no other subject."""
    words = _words(" ".join(f"{article.title} {article.text}" for article in articles))
    named = mentions(question.standalone, question.lang)
    return any(words >= _words(one.text) for one in named if one.family in ACTING or one.family == "product")


def _people(question: Question, concepts: Iterable[Concept], holding: Holding) -> str:
    """The first word for a country or its people that the library holds in no form: "les acheteurs russes"."""
    named = {word for one in cited_by(question) for word in _words(one.text)}
    for concept in concepts:
        if concept.alternatives[0].terms in _places(question.lang) and fold(concept.surface) not in named:
            ways = [[(term, way.lang) for term in way.terms] for way in concept.alternatives]
            if not _heard(ways, holding):
                return concept.surface
    return ""


def _heard(ways: list[list[Term]], holding: Holding) -> bool:
    """Whether the library holds all the terms of one of the ways to say something."""
    held = holding({term for way in ways for term in way}).keys()
    return any(way and held >= set(way) for way in ways)


def _written(mention: Mention) -> list[list[Term]]:
    return [[(term, lang) for term in terms(way, lang)] for way in mention.ways for lang in LANGUAGES]


def _acts(mention: Mention) -> bool:
    return mention.family in ACTING or mention.sort == "country"


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(text)))


@cache
def _places(lang: Lang) -> frozenset[Phrase]:
    rows = (words.split() for language, words in read_rows("places.tsv") if language == lang)
    return frozenset(phrase_of(word, lang) for words in rows for word in words if len(word) > 3)
