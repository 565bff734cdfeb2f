"""The name in a sentence that answers a question for one: a person, a company, an outlet, a city."""

from __future__ import annotations

import re
from typing import Final, Literal

from rag.language.mentions import Mention, mentions
from rag.language.normalize import fold_aligned
from rag.language.terms import tokens
from rag.model import Lang, Span

Sort = Literal["person", "company", "outlet", "city", "country", "place", "site", "anyone", "office"]
"""What sort of name: "who?" takes any that can act, "who is X?" the office of X."""

_IN: Final = re.compile(r"\b(?:a|au|aux|en|dans|pres de|vers|in|at|near|to|from|via|de|d'|la|le|l'|the) ?$")
_MAKES: Final = re.compile(
    r"\b(?:(?:fabriqu|produi|grav|made|produced|manufactur|built)\w* (?:\w+ ){0,3}?(?:chez|par|by|at) |usines? (?:de |d'))$"
)
"""What stands before the name of whose plant it is."""
_ASIDE_BEFORE: Final = re.compile(
    r"\b(?:selon|d'apres|citant|according to|citing|cited by|(?:puces?|processeurs?|gpus?|blackwell|rubin|h\d+\w*) (?:d'intelligence artificielle |d'ia )?(?:de|d')) ?"
    r"(?:(?:le|la|les|un|une|ce|cet|cette|ces|the|a|an|this|these|l'agence|l') ?)?$"
)
_ASIDE_AFTER: Final = re.compile(r"['’]s\b| (?:h\d|gpu|chips?\b)")
_GOVERNMENT_BEFORE: Final = re.compile(r"\b(?:administration|gouvernement|[eè]re) $", re.IGNORECASE)
_GOVERNMENT_AFTER: Final = re.compile(r" (?:administration|government|era)\b", re.IGNORECASE)
_ROLES: Final = re.compile(
    r"\b(?:(?:haut |hauts |senior |top )?(?:responsables?|officials?|fonctionnaires?)|porte-parole|spokes(?:man|woman|person)"
    r"|(?:autorites|regulateurs?|douanes|douaniers|ministeres?|ministres?|gouvernement|administration|senateurs?|elus|deputes|parlementaires|avocats?"
    r"|president|pdg|patron|dirigeants?|geants?|industriels|constructeurs?|start-?ups?|groupes?|entreprises?|societes?|fournisseurs?|clients|acheteurs"
    r"|authorities|regulators?|customs|ministr(?:y|ies)|ministers?|senators?|lawmakers?|lawyers?|congressm[ae]n|committee|commission|analystes?|analysts?"
    r"|ceo|executives?|giants?|compan(?:y|ies)|firms?|suppliers?|customers|buyers|chipmakers?))\b"
)
"""Who acts without being named."""
_OFFICE: Final = (
    r"(?:vice-?)?president[es]?|pdg|p-dg|directeurs?|directrices?|patronn?e?s?|chefs?|dirigeante?s?|fondat(?:eur|rice)s?|cofondat(?:eur|rice)s?|conseill(?:er|ere)s?|secretaires?|ministres?"
    r"|senat(?:eur|rice)s?|deputee?s?|elue?s?|representante?s?|porte-parole|ambassad(?:eur|rice)s?|responsables?|analystes?|activistes?|economistes?|avocate?s?|procureure?s?|numero un"
    r"|ceo|chief|chair(?:man|woman|person)?|head|boss|director|secretary|minister|senators?|congress(?:man|woman)|representative|adviser|advisor|ambassador|officials?"
    r"|spokes(?:man|woman|person)|co-?founder|founder|executive|analyst|economist|lawyer|prosecutor|activist|leader"
)
_OFFICE_AFTER: Final = re.compile(
    rf"(?:,| \(|, who is| est| is) ?(?:le |la |l'|the |une? |an? )?(?:[\w'.-]+ ){{0,3}}?((?:{_OFFICE})\b(?: [^,;:.()]{{1,60}})?)"
)
_OFFICE_BEFORE: Final = re.compile(
    rf"\b((?:{_OFFICE})(?: (?:(?!(?:et|and|with|avec|a|to|que|that)\b)[\w'()-]+)){{0,4}}),? $"
)
_SITES: Final = re.compile(
    r"\b(?:dans|a|au|aux|en|in|at|near|inside) (?:[\w'-]+ ){0,3}?(?:universit\w*|laboratoires?|labs?|laborator(?:y|ies)|centres? de donnees|data cent(?:er|re)s?"
    r"|usines?|factor(?:y|ies)|plants?|ports?|aeroports?|airports?|entrepots?|warehouses?|frontieres?|borders?|provinces?|regions?|etranger|abroad|overseas)\b"
)


def site_of(text: str) -> Span | None:
    """Where something is, without the name of a place: "dans les universités"."""
    match = _SITES.search(fold_aligned(text))
    return Span(*match.span()) if match else None


def names_of(sort: Sort, text: str, lang: Lang, asked: frozenset[str]) -> list[Span]:
    """The names of that sort which the question does not say itself; `asked`: the terms that it says."""
    plain, found = fold_aligned(text), list[Span]()
    if sort == "office":
        return _offices(text, lang, asked)
    for mention in mentions(text, lang):
        words = [token.term for token in tokens(mention.text, lang) if token.term]
        aside = _is_aside(plain, mention.span) and sort != "outlet"
        if _is(sort, mention, plain) and words and not asked.issuperset(words) and not aside:
            found.append(mention.span)
    role = _role(text, lang, asked) if sort == "anyone" and not found else None
    return [role] if role else found


def _offices(text: str, lang: Lang, asked: frozenset[str]) -> list[Span]:
    """What those are whom the question names, as it stands beside their names: "John Moolenaar, président de ..."."""
    plain, found = fold_aligned(text), list[Span]()
    for mention in mentions(text, lang):
        if not asked.issuperset(token.term for token in tokens(mention.text, lang) if token.term):
            continue
        office = _OFFICE_AFTER.match(plain, mention.span.end) or _OFFICE_BEFORE.search(plain[: mention.span.start])
        if office:
            found.append(Span(*office.span(1)))
    return found


def names_a_government(text: str, person: Span) -> bool:
    """Whether the name of a person is that of those who govern under him: "the Trump administration"."""
    before, after = text[: person.start], text[person.end :]
    return _GOVERNMENT_BEFORE.search(before) is not None or _GOVERNMENT_AFTER.match(after) is not None


def _is_aside(plain: str, span: Span) -> bool:
    """Whether a name only says whose thing or whose word it is: "la H200 de Nvidia", "Nvidia's chips", "selon Reuters"."""
    return _ASIDE_BEFORE.search(plain[: span.start]) is not None or _ASIDE_AFTER.match(plain[span.end :]) is not None


def _is(sort: Sort, mention: Mention, plain: str) -> bool:
    known, words = mention.listed, len(mention.text.split())
    match sort:
        case "person":
            governs = names_a_government(plain, mention.span)
            return (mention.family == "person" and not governs) or (not known and words > 1)
        case "company":
            return mention.family == "company"
        case "outlet":
            return mention.family == "outlet" or not known
        case "country":
            return mention.family == "place" and mention.sort == "country"
        case "city" | "place":
            if mention.family == "place" and mention.sort == "country":
                return sort == "place"
            return (mention.family == "place" or not known) and _located(mention, plain)
        case "office":
            return False
        case "site":
            maker = mention.family == "company" and _MAKES.search(plain[: mention.span.start])
            place = mention.family == "place" and mention.sort != "country" and _located(mention, plain)
            return bool(maker) or place
        case "anyone":
            return mention.family in ("person", "company", "place", "group", "outlet")


def _located(mention: Mention, plain: str) -> bool:
    """Whether the name stands for where something is: "à Pékin", not "Pékin refuse"."""
    return mention.sort == "city" or _IN.search(plain[: mention.span.start]) is not None


def _role(text: str, lang: Lang, asked: frozenset[str]) -> Span | None:
    plain = fold_aligned(text)
    for match in _ROLES.finditer(plain):
        words = [token.term for token in tokens(match.group(), lang) if token.term]
        if words and not asked.issuperset(words) and not _is_aside(plain, Span(*match.span())):
            return Span(*match.span())
    return None
