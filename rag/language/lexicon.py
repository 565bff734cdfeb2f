"""The bilingual lexicon: a question -> its concepts, each with every way the sources may put it.

The query is translated, not the index, so the lexicon can change without re-indexing. All ways to say one thing are one
concept, not as many terms as there are translations. Source: Pirkola 1998 (structured queries), Darwish & Oard 2003
(weighted alternatives).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from rag.language.terms import Token, tokens, word_term
from rag.language.vocabulary import read_rows
from rag.model import Lang

TRANSLATION = 1.0
OTHER_TRANSLATION = 0.8
SYNONYM = 0.4
TRANSLATED_SYNONYM = 0.25
ACTION = 0.6
"""What another word for one of the acts that the story turns on is worth: "shipped" for "livré"."""
LONGEST = 4
"""Words in the longest expression that is looked up as one."""
ACRONYM: Final = range(3, 6)
"""Letters in an acronym that tells one thing from another; a longer word in capitals is shouted."""
COMMON: Final = frozenset({"USA", "GPU", "CPU", "CEO", "CFO", "PDG", "ONU"})
"""Capitals that tell nothing apart here."""

Phrase = tuple[str, ...]
LANGUAGES: tuple[Lang, Lang] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to say it: terms that must stand in one sentence, in a language; `weight` in (0, 1]."""

    terms: Phrase
    lang: Lang
    weight: float


@dataclass(frozen=True, slots=True)
class Concept:
    """A word or expression of the question, with all its alternatives. `name`: a proper name or identifier."""

    surface: str
    alternatives: tuple[Alternative, ...]
    name: bool = False
    number: bool = False
    identifier: bool = False
    """Letters with digits, the name of one model or version: H200, V4, MI325X."""
    acronym: bool = False
    """A body, a firm or a procedure known by its capitals: BIS, TSMC, KYC; not what is common to every text, as a CEO."""
    known: bool = True
    """Whether the lexicon has it. What it does not know is a name, a rare word or a slip of the keyboard."""


def concepts(text: str, lang: Lang) -> tuple[Concept, ...]:
    """The concepts of a question, one for each word that carries a topic, in the order they are first named.

    An expression the lexicon knows ("feu vert", "droit de douane") adds its translations to each of its words.
    """
    words = [token for token in tokens(text, lang) if token.term is not None]
    expressions = list(_expressions(words, lang))
    found: dict[str, Concept] = {}
    for at, token in enumerate(words):
        around = [phrase for start, phrase in expressions if start <= at < start + len(phrase)]
        found.setdefault(str(token.term), _concept(text, token, around, lang))
    return tuple(found.values())


def _expressions(words: list[Token], lang: Lang) -> Iterator[tuple[int, Phrase]]:
    """(place, phrase) of every run of words that the lexicon has as one, the longest at each place."""
    terms = [str(token.term) for token in words]
    for start in range(len(terms)):
        for size in range(min(LONGEST, len(terms) - start), 1, -1):
            phrase = tuple(terms[start : start + size])
            if phrase in translations(lang) or phrase in synonyms(lang):
                yield start, phrase
                break


def _concept(text: str, token: Token, expressions: list[Phrase], lang: Lang) -> Concept:
    phrase: Phrase = (str(token.term),)
    ways: dict[tuple[Phrase, Lang], float] = {(phrase, lang): 1.0}
    for known in (phrase, *expressions):
        for way, weight in _ways(known, lang).items():
            ways[way] = max(weight, ways.get(way, 0.0))
    identifier, in_lexicon = _is_identifier(token.surface), len(ways) > 1
    name = identifier or _is_name(text, token)
    if name or token.number or phrase not in translations(lang):
        # Names and numbers are written alike in both languages, each stemmed by its own rules.
        other = _other(lang)
        same = token.term if token.number else word_term(token.surface, other)
        if same:
            ways.setdefault(((same,), other), 1.0)
    alternatives = tuple(Alternative(terms, language, weight) for (terms, language), weight in ways.items())
    return Concept(
        token.surface, alternatives, name=name, number=token.number, identifier=identifier,
        acronym=_is_acronym(text, token.surface), known=in_lexicon,
    )  # fmt: skip


def _is_identifier(word: str) -> bool:
    return any(c.isdigit() for c in word) and any(c.isalpha() for c in word)


def _is_acronym(text: str, word: str) -> bool:
    return word.isalpha() and word.isupper() and len(word) in ACRONYM and word not in COMMON and not text.isupper()


def _is_name(text: str, token: Token) -> bool:
    """A capital inside the sentence."""
    word = token.surface
    first = not text[: token.span.start].strip(" «\"'¿¡(")
    return word[0].isupper() and not first and not text.isupper()


def _ways(phrase: Phrase, lang: Lang) -> dict[tuple[Phrase, Lang], float]:
    """Translations, synonyms and translated synonyms of a phrase, each with its weight."""
    other = _other(lang)
    ways: dict[tuple[Phrase, Lang], float] = {}

    def add(way: tuple[Phrase, Lang], weight: float) -> None:
        ways[way] = max(weight, ways.get(way, 0.0))

    for target, weight in translations(lang).get(phrase, {}).items():
        add((target, other), weight)
        for alike in synonyms(other).get(target, ()):
            add((alike, other), TRANSLATED_SYNONYM * weight)
    for alike, language in actions(lang).get(phrase, ()):
        add((alike, language), ACTION)
    for alike in synonyms(lang).get(phrase, ()):
        add((alike, lang), SYNONYM)
        for target, weight in translations(lang).get(alike, {}).items():
            add((target, other), TRANSLATED_SYNONYM * weight)
    return ways


@cache
def translations(lang: Lang) -> Mapping[Phrase, Mapping[Phrase, float]]:
    """Phrase of one language -> {phrase of the other: weight}; the first translation given weighs most."""
    table: dict[Phrase, dict[Phrase, float]] = {}
    for french, english in _rows("="):
        source = tuple(french.split(" "))
        for rank, target in enumerate(_phrases(english)):
            weight = TRANSLATION if rank == 0 else OTHER_TRANSLATION
            left, right = (source, target) if lang == "fr" else (target, source)
            row = table.setdefault(left, {})
            row[right] = max(weight, row.get(right, 0.0))
    return MappingProxyType(table)


@cache
def actions(lang: Lang) -> Mapping[Phrase, frozenset[tuple[Phrase, Lang]]]:
    """Phrase of a language -> the other ways, of both languages, to say that somebody delivers, buys, allows, pays."""
    table: dict[Phrase, frozenset[tuple[Phrase, Lang]]] = {}
    for row in (words for _, side, *words in read_rows("actions.tsv") if side != "="):
        ways = frozenset(
            (phrase_of(word, language), language)
            for language, words in zip(LANGUAGES, row, strict=True)
            for word in words.split("|")
        )
        for phrase, language in ways:
            if language == lang:
                table[phrase] = table.get(phrase, frozenset()) | ways - {(phrase, language)}
    return MappingProxyType(table)


@cache
def synonyms(lang: Lang) -> Mapping[Phrase, frozenset[Phrase]]:
    """Phrase -> phrases of the same language that say the same."""
    table: dict[Phrase, set[Phrase]] = {}
    for (group,) in _rows(lang):
        phrases = _phrases(group)
        for phrase in phrases:
            table.setdefault(phrase, set()).update(phrases)
    return MappingProxyType({phrase: frozenset(group - {phrase}) for phrase, group in table.items()})


def _phrases(group: str) -> list[Phrase]:
    return [tuple(phrase.split(" ")) for phrase in group.split("|")]


def phrase_of(text: str, lang: Lang) -> Phrase:
    """The terms of an expression, without its function words."""
    return tuple(token.term for token in tokens(text, lang) if token.term is not None)


def _rows(kind: str) -> list[tuple[str, ...]]:
    """The rows of one kind of the packaged table, which tools/build_lexicon.py writes."""
    return [tuple(fields) for first, *fields in read_rows("lexicon.tsv") if first == kind]


def _other(lang: Lang) -> Lang:
    return "en" if lang == "fr" else "fr"
