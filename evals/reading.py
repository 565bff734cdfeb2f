"""Text -> tokens as the matcher compares them: folded words, numbers with their units, dates with their days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from rag.language.dates import Dated, find_dates
from rag.language.figures import Figure, find_figures
from rag.language.normalize import normalize, strip_accents_aligned
from rag.model import Lang, Span

Sort = Literal["word", "number", "date", "clause", "break", "article"]


@dataclass(frozen=True, slots=True)
class Token:
    """One thing that is compared.

    `written`: folded; `stem`: the same without its plural; `figure`: the value of a number; `days`: first and last day of a date.
    A clause mark (comma, dash) is passed over when words are compared and ends the reach of a negation; a break ends a
    sentence. `dated` is true of a number or word inside a date: the 15 of "15 janvier" is no quantity; `definite` of a
    word right after "le" or "the".
    """

    sort: Sort
    written: str = ""
    stem: str = ""
    figure: Figure | None = None
    days: tuple[date, date] | None = None
    dated: bool = False
    definite: bool = False


_ELISIONS: Final = {
    "c": "ce", "d": "de", "j": "je", "l": "le", "m": "me", "n": "ne", "s": "se", "t": "te", "qu": "que",
    "jusqu": "jusque", "lorsqu": "lorsque", "puisqu": "puisque",
}  # fmt: skip
_PIECE: Final = re.compile(
    r"""(?P<break>(?<!\b[a-z])[.!?…]+(?=\s|$|["»”)])|[;:\n]+|(?<=\s)-\s)
      |(?P<clause>[,()\[\]«»"“”—–/]|(?<=\s)-(?=\s))
      |(?P<elision>\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)(?='\w))'
      |(?P<cannot>\bcannot\b|\b(?:ca|wo)n't\b)
      |(?P<negated>(?<=[^\W\d_])n't\b)
      |(?P<owner>'s\b)
      |(?P<word>[^\W_]+?(?=n't\b)|[^\W_]+)""",
    re.VERBOSE,
)
_ARTICLES: Final[dict[Lang, frozenset[str]]] = {
    "fr": frozenset(["le", "la", "les", "un", "une", "des", "son", "sa", "ses", "leur", "leurs"]),
    "en": frozenset(["the", "a", "an", "its", "their", "his", "her"]),
}
_DEFINITE: Final = frozenset(["le", "la", "les", "l", "the", "son", "sa", "ses", "leur", "leurs", "its", "their"])
_JOINED: Final = {"du": "de", "au": "a", "aux": "a"}
_NAMES_A_DAY: Final = re.compile(
    r"\s(?:janv|fevr|mars\b|avr|mai\b|juin|juil|aout|sept|oct|nov|dec|jan|feb|march\b|apr|may\b|jun|jul|aug)"
)
"""What follows the number of a day even where no year can be worked out."""
_SINCE: Final = re.compile(r"\bdès\b", re.IGNORECASE)
"""Without its accent it would be the article "des"."""
_JOINTS: Final = frozenset(["to", "a", "et", "and", "through"])
_ENDING: Final = re.compile(r"(?:ees|es|e|s|x)$")
_SHORTEST_STEM: Final = 4
"""Letters that must remain when a plural or feminine ending goes: 'puces' and 'puce' meet, 'as' stays."""


@lru_cache(maxsize=20_000)
def read(text: str, lang: Lang, day: date | None, *, with_dates: bool) -> tuple[Token, ...]:
    """The tokens of `text`.

    Args:
        text: A statement of an answer, or an alias.
        lang: The language of the text.
        day: When it was published: what "mardi" and "le 14 janvier" are reckoned from.
        with_dates: Whether a date is one token that stands for its days, or the words it is written in.
    """
    text = normalize(text)
    plain = strip_accents_aligned(_SINCE.sub("d\u00ebz", text)).lower()
    dates = find_dates(text, lang, day) or (_year(text) if with_dates else [])
    figures = [
        figure for figure in find_figures(text, plain, lang)
        if not any(figure.start < d.span.end and d.span.start < figure.end for d in dates)
        and not _NAMES_A_DAY.match(plain, figure.end)
    ]  # fmt: skip
    return tuple(_without_joints(list(_without_articles(_walk(plain, lang, dates, figures, with_dates)))))


def _year(text: str) -> list[Dated]:
    """An alias that is a year and nothing else."""
    if not re.fullmatch(r"(?:19|20)\d\d", text):
        return []
    return [Dated(Span(0, 4), date(int(text), 1, 1), date(int(text), 12, 31), explicit=True)]


def _without_articles(tokens: Iterator[Token]) -> Iterator[Token]:
    definite = False
    for token in tokens:
        if token.sort != "article":
            yield replace(token, definite=definite) if definite else token
        definite = token.sort == "article" and token.written in _DEFINITE


def _without_joints(tokens: Sequence[Token]) -> Iterator[Token]:
    """Leave out what joins the two ends of a range: "15 to 25%", "15-25 %" and "15 à 25 %" are one."""
    for before, token, after in zip((None, *tokens), tokens, (*tokens[1:], None), strict=False):
        inside = before and after and before.sort == after.sort == "number"
        if not (inside and (token.sort == "clause" or token.stem in _JOINTS)):
            yield token


def stem(word: str) -> str:
    """A folded word without one plural or feminine ending: enough for 'puces', far from a stemmer."""
    short = _ENDING.sub("", word)
    return short if len(short) >= _SHORTEST_STEM and not any(c.isdigit() for c in word) else _identifier(word)


def _identifier(word: str) -> str:
    """'h200s' -> 'h200'."""
    return word.removesuffix("s") if any(c.isdigit() for c in word) else word


def _walk(
    plain: str, lang: Lang, dates: Sequence[Dated], figures: Sequence[Figure], with_dates: bool
) -> Iterator[Token]:
    """Tokens from left to right; a date or figure stands for all the characters it covers."""
    starts = {figure.start: figure for figure in figures}
    days = {dated.span.start: dated for dated in dates}
    at = 0
    while at < len(plain):
        if with_dates and at in days:
            dated = days[at]
            yield Token("date", days=(dated.start, dated.end), dated=True)
            at = dated.span.end
        elif at in starts:
            figure = starts[at]
            yield Token("number", plain[figure.start : figure.end], figure=figure)
            at = figure.end
        elif match := _PIECE.match(plain, at):
            inside = any(dated.span.start <= at < dated.span.end for dated in dates)
            yield from (replace(token, dated=inside) for token in _piece(match, lang))
            at = match.end()
        else:
            at += 1


def _piece(match: re.Match[str], lang: Lang) -> Iterator[Token]:
    sort, written = match.lastgroup, match.group().strip()
    if sort == "break":
        yield Token("break")
    elif sort == "clause":
        yield Token("clause")
    elif sort == "elision":
        written = _ELISIONS[match.group("elision")]
        yield Token("article" if written == "le" else "word", written, stem(written))
    elif sort == "cannot":
        yield Token("word", "can", "can")
        yield Token("word", "not", "not")
    elif sort == "negated":
        yield Token("word", "not", "not")
    elif sort == "word":
        written = _JOINED.get(written, written) if lang == "fr" else written
        yield Token("article" if written in _ARTICLES[lang] else "word", written, stem(written))
