"""Text -> index terms: words cut, elisions dropped, numbers made one, inflections joined.

A term is a folded stem, e.g. 'L'importation de 400 000 puces' -> import, 400000, puc. Terms of the two languages live
apart (an English 'pour' is no French one): callers keep the language beside the term.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

from rag.language.normalize import fold
from rag.language.vocabulary import read_rows
from rag.model import Lang, Span

_TOKEN = re.compile(
    r"""(?P<number>(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?![\w])|(?<![\w.,])\d+(?:[.,]\d+)?(?!\w))
      |(?P<america>\bU\.\s?S\.(?:A\.)?|\bUSA?\b|[ÉE]\.-U\.)
      |(?P<word>[^\W_]+)""",
    re.VERBOSE,
)
_ONE_WORD = {"aujourd'hui": "aujourdhui", "aujourd’hui": "aujourdhui"}
_AMERICA = "usa"
SENTENCE = 1_000
"""Characters up to which a text is taken for a sentence or a title, and remembered as read."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text. `term` is None for a function word."""

    span: Span
    surface: str
    term: str | None
    number: bool = False


def tokens(text: str, lang: Lang) -> Iterator[Token]:
    """The words and numbers of `text`, in order, with what each is indexed under."""
    return iter(_read(text, lang) if len(text) <= SENTENCE else tuple(_cut(text, lang)))


@lru_cache(maxsize=8_192)
def _read(text: str, lang: Lang) -> tuple[Token, ...]:
    """The same sentences are read for every question that finds them."""
    return tuple(_cut(text, lang))


def _cut(text: str, lang: Lang) -> Iterator[Token]:
    for joined, apart in _ONE_WORD.items():
        text = text.replace(joined, apart.ljust(len(joined)))
    for match in _TOKEN.finditer(text):
        surface = match.group()
        span = Span(match.start(), match.end())
        if match.lastgroup == "number":
            yield Token(span, surface, number_term(surface), number=True)
        elif match.lastgroup == "america":
            yield Token(span, surface, _AMERICA)
        else:
            yield Token(span, surface, word_term(surface, lang))


def terms(text: str, lang: Lang) -> list[str]:
    """The index terms of `text`, repeated as often as they occur, without function words."""
    return [token.term for token in tokens(text, lang) if token.term is not None]


def number_term(surface: str) -> str:
    """'400 000', '400,000' -> 400000; '2,3' -> 2.3."""
    digits = re.sub(r"[ \u00a0\u202f]", "", surface)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", digits):
        return digits.replace(",", "")
    return digits.replace(",", ".")


@lru_cache(maxsize=100_000)
def word_term(surface: str, lang: Lang) -> str | None:
    """The term of one word, None for a function word: 'vendues' -> vendr, 'les' -> None."""
    folded = fold(surface)
    if folded in stopwords(lang):
        return None
    if re.search(r"\d", folded):
        return folded.removesuffix("s")  # "H200s" are H200; a stemmer has no rule for identifiers
    return stem(lemmas(lang).get(folded, surface), lang)


def stem(word: str, lang: Lang) -> str:
    """Folded Snowball stem. Source: Porter 2001, snowballstem.org."""
    return fold(_stemmer(lang).stemWord(word.lower()))


@cache
def stopwords(lang: Lang) -> frozenset[str]:
    """Folded function words, which carry no topic: articles, pronouns, auxiliaries, question words."""
    return frozenset(
        fold(word) for language, words in read_rows("stopwords.tsv") if language == lang for word in words.split()
    )


@cache
def lemmas(lang: Lang) -> dict[str, str]:
    """Folded form -> lemma, only where the stemmer alone would part the two."""
    return {form: lemma for form, lemma in read_rows(f"lemmas_{lang}.tsv")}


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 (the library's own name)


@cache
def _stemmer(lang: Lang) -> _Stemmer:
    import Stemmer

    stemmer: _Stemmer = Stemmer.Stemmer("french" if lang == "fr" else "english")
    return stemmer
