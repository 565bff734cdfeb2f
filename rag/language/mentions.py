"""What a question names: text -> mentions of companies, persons, places, products, outlets, groups and dates.

Names come from a list (language/data/names.tsv), from the shape of identifiers (H200, MI325X), and from capitals within
the sentence. They tell which words of an earlier question a new name takes the place of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Literal, cast

from rag.language.dates import ANY_DAY, find_dates
from rag.language.lexicon import phrase_of, translations
from rag.language.normalize import fold, fold_aligned, strip_accents_aligned
from rag.language.terms import stopwords, tokens
from rag.language.vocabulary import read_rows
from rag.model import Lang, Span

Family = Literal["company", "person", "place", "product", "outlet", "group", "date"]
ACTORS: Final[frozenset[Family]] = frozenset({"company", "person", "place", "group"})
"""Those who do and say things."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text, without the article or preposition before it.

    `text`: the name in its usual capitals, however it was typed; `sort` is finer than `family`: buyer, chip.
    `listed`: False for a name that only its capitals or its shape tell. `ways`: how else it is written, in either language.
    """

    span: Span
    text: str
    family: Family
    sort: str
    listed: bool = True
    ways: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What two mentions of one thing have in common: "Russie" and "Russia", "Huang" and "Jensen Huang"."""
        return fold(self.ways[0] if self.ways else self.text)


@lru_cache(maxsize=8_192)
def mentions(text: str, lang: Lang) -> tuple[Mention, ...]:
    """What `text` names, in order and disjoint; dates come with their own words only ("mai 2026" of "en mai 2026")."""
    found: list[Mention] = []
    for mention in _candidates(text, lang):
        if all(mention.span.end <= other.span.start or other.span.end <= mention.span.start for other in found):
            found.append(mention)
    return tuple(sorted(found, key=lambda mention: mention.span.start))


def _candidates(text: str, lang: Lang) -> Iterator[Mention]:
    """Surest first."""
    for span in _dates(text, lang):
        yield Mention(span, span.of(text), "date", "date")
    plain = strip_accents_aligned(text)
    for match in _listed().finditer(plain):
        listed = _names()[match.group().lower()]
        if not listed.own_case or listed.plain == match.group():
            yield Mention(Span(*match.span()), listed.name, listed.family, listed.sort, ways=listed.ways)
    for match in _GROUPS[lang].finditer(plain):
        yield Mention(Span(*match.span("group")), text[match.start("group") : match.end("group")], "group", "group")
    for match in _IDENTIFIER.finditer(plain):
        sort = "model" if match.group()[0].lower() in "rv" else "chip"
        name = match.group().upper() if match.group().islower() else match.group()
        yield Mention(Span(*match.span()), re.sub("S$", "s", name), "product", sort)
    # A name nobody listed: most that are asked about are companies that may buy.
    for span in _capitalised(text, lang):
        yield Mention(span, span.of(text), "company", "buyer", listed=False)


# --- names -------------------------------------------------------------------------------------------------------

_IDENTIFIER: Final = re.compile(
    r"(?<![\w-])(?!(?:[qt][1-4]|fy\d+|us)\b)[a-z]{1,3}-?\d{1,4}[a-z]{0,2}s?(?:[- ](?:pro|flash|ultra|max))?(?![\w%])",
    re.IGNORECASE,
)
_GROUPS: Final[dict[Lang, re.Pattern[str]]] = {
    "fr": re.compile(
        r"\b(?:les|des|aux|ces|quel(?:le)?s|combien (?:de|d')) ?(?P<group>(?:grandes? |grands? )?(?:entreprises|societes|acheteurs|clients"
        r"|geants|groupes|fournisseurs|industriels|banques|analystes|autorites|douanes|elus|senateurs|douaniers|fabricants|distributeurs)"
        r"(?: (?:chinois|americain|taiwanais|etranger|europeen|technologique|local)\w*)*)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:the|which|what|how many|these|do|did|are|were|have|had|has|can|will) (?P<group>(?:(?:big|us|american|chinese|foreign"
        r"|local|tech|major|taiwanese|european) )*(?:companies|firms|buyers|customers|giants|suppliers|lawmakers|senators|authorities|officials"
        r"|makers|banks|analysts|distributors|regulators))\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class _Listed:
    """A name of the list. `plain`: without accents; `own_case`: whether only this spelling counts; `ways`: all of the same."""

    name: str
    plain: str
    family: Family
    sort: str
    own_case: bool
    ways: tuple[str, ...]


@cache
def _names() -> dict[str, _Listed]:
    """The list, by folded name."""
    rows = list(read_rows("names.tsv"))
    rows += [("outlet", "outlet", "=" + row[1].replace("|", "/=")) for row in read_rows("outlets.tsv")]
    named: dict[str, _Listed] = {}
    for family, sort, names in rows:
        for one in names.split("|"):
            ways = tuple(way.removeprefix("=") for way in one.split("/"))
            for written, name in zip(one.split("/"), ways, strict=True):
                plain = strip_accents_aligned(name)
                named.setdefault(plain.lower(), _Listed(name, plain, cast(Family, family), sort, written != name, ways))
    return named


def listed_names() -> tuple[str, ...]:
    """Every name of the list that may be written in any case, in its usual capitals."""
    return tuple(listed.name for listed in _names().values() if not listed.own_case)


def is_named(word: str) -> bool:
    """Whether a word, in any case, is one of a name of the list."""
    return fold(word) in words_of_names()


@cache
def words_of_names() -> Mapping[str, str]:
    """The words of those names, folded -> in their usual capitals."""
    return {fold(word): word for name in listed_names() for word in name.split()}


@cache
def _listed() -> re.Pattern[str]:
    longest_first = sorted(_names(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w])", re.IGNORECASE)


def _capitalised(text: str, lang: Lang) -> Iterator[Span]:
    """Runs of capitalised words inside a sentence; its first word only where no dictionary has it."""
    if text.isupper():
        return
    run: list[Span] = []
    for token in tokens(text, lang):
        if _reads_as_name(text, token.span, lang) and token.term is not None and not token.number:
            if run and text[run[-1].end : token.span.start] not in (" ", "-"):
                yield Span(run[0].start, run[-1].end)
                run = []
            run.append(token.span)
        elif run:
            yield Span(run[0].start, run[-1].end)
            run = []
    if run:
        yield Span(run[0].start, run[-1].end)


def _reads_as_name(text: str, span: Span, lang: Lang) -> bool:
    word = span.of(text)
    if not word[0].isupper() or fold_aligned(word) in _TOPIC:
        return False
    first = not text[: span.start].strip(" «\"'“(") or text[: span.start].rstrip()[-1:] in ".?!"
    return not first or is_unknown(word, lang)


_TOPIC: Final = frozenset({"ia", "ai", "gpu", "gpus", "cpu", "hbm", "pdg", "ceo", "chine", "hbm3e", "dram", "act"})
"""Written in capitals, but no one's name."""


def is_unknown(word: str, lang: Lang) -> bool:
    """Whether neither the dictionary nor the list of function words has a word."""
    phrase = phrase_of(word, lang)
    return bool(phrase) and phrase not in translations(lang) and fold_aligned(word) not in stopwords(lang)


# --- dates -------------------------------------------------------------------------------------------------------

_RELATIVE: Final = re.compile(
    r"\b(?:(?:le |la |l'|au |du |de |en )?(?:mois|trimestre|semaine|annee|an) (?:suivante?|precedente?|d'apres|d'avant|prochaine?|derniere?)"
    r"|cette (?:annee|semaine)|ce (?:mois|trimestre)(?:-ci)?"
    r"|(?:the )?(?:next|last|following|previous|same|this|current|coming|prior) (?:week|month|quarter|year)|(?:the )?(?:week|month|quarter|year) (?:before|after)"
    r"|(?:first|second|third|fourth|1st|2nd|3rd|4th) (?:quarter|half)|[qt][1-4](?: \d{4})?"
    r"|(?:premier|deuxieme|troisieme|quatrieme|1er|2e|3e|4e) (?:trimestre|semestre))\b",
    re.IGNORECASE,
)
_BARE_MONTH: Final = re.compile(
    r"\b(?:janvier|fevrier|avril|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february|april|june|july|august"
    r"|september|october|november|december|(?<=en )mars|(?<=en )mai|(?<=in )may|(?<=in )march|(?-i:May|March))\b|\b20[12]\d\b",
    re.IGNORECASE,
)


def _dates(text: str, lang: Lang) -> Iterator[Span]:
    plain = strip_accents_aligned(text)
    for dated in find_dates(text, lang, ANY_DAY):
        yield dated.span
    for pattern in (_RELATIVE, _BARE_MONTH):
        for match in pattern.finditer(plain):
            yield Span(*match.span())
