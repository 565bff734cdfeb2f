"""Where in a sentence the thing stands that was asked for: a number, a date, a name, a place, a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from rag.language.normalize import strip_accents_aligned
from rag.language.terms import Token, stopwords, tokens
from rag.model import Lang, Span

_NUMBER_WORDS = frozenset(
    [
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
        "quinze",
        "vingt",
        "trente",
        "quarante",
        "cinquante",
        "soixante",
        "cent",
        "mille",
        "million",
        "millions",
        "milliard",
        "milliards",
        "dizaine",
        "dizaines",
        "centaine",
        "centaines",
        "millier",
        "milliers",
        "moitie",
        "tiers",
        "quart",
        "two",
        "three",
        "four",
        "five",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "fifteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "hundred",
        "thousand",
        "billion",
        "billions",
        "trillion",
        "dozens",
        "hundreds",
        "thousands",
        "half",
        "third",
        "quarter",
    ]
)
_MONTHS = (
    r"janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
)
_WHEN = re.compile(
    rf"(?:(?:\d{{1,2}}(?:er)?|mi|fin|debut|mid|late|early)[ -])?(?:of )?\b(?:{_MONTHS})\b(?: \d{{1,2}}\b)?(?:,? \d{{4}})?"
    r"|\b(?:19|20)\d\d\b|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
    r"|\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    r"|\b(?:hier|demain|yesterday|tomorrow)\b|\b(?:la |l')?(?:semaine|annee|mois|trimestre) (?:derniere?|prochaine?|en cours)"
    r"|\b(?:last|next|this) (?:week|month|year|quarter)\b|\bce (?:mois|trimestre)\b"
)
_DURATION = re.compile(
    r"(?:\b(?:\w+|des|several|plusieurs) )?\b(?:jours?|semaines?|mois|trimestres?|annees?|ans|heures?|days?|weeks?|months?|years?|quarters?|hours?)\b"
)
_REASON = re.compile(
    r"\b(?:parce qu|car\b|en raison|raisons?\b|motifs?\b|justifi|expliqu|craint|preoccup|inquiet|du fait|a cause|afin|pour que|puisque|face a|suite a|visant|vise a|dans le but|faute de|grace a|par crainte"
    r"|because|reasons?\b|explain|justif|fears?\b|worr|due to|owing to|over concerns|amid|in order to|so that|as a result|aimed at|aims to|citing|out of)|\b(?:pour|to) \w+(?:er|ir|re)\b"
)
_MONEY = re.compile(
    r"(?:\d[\d .,]*|\b(?:un|deux|trois|dix|cent|mille|one|two|three|ten|hundred|a)) ?(?:(?:millions?|milliards?|billions?|trillions?|md|bn|mrd)\b ?)*"
    r"(?:d'|de )?(?:[a-z]+ )?(?:dollars?|euros?|yuans?|€|\$|rmb|us\$)|(?:us)?[$€] ?\d[\d .,]*(?: ?(?:millions?|billions?|trillions?|bn|m)\b)?"
)
_PERCENTAGE = re.compile(r"\d+(?:[.,]\d+)? ?(?:%|pour cent|percent|per cent)")
_PLACE = re.compile(r"\b(?:à|au|aux|en|dans|chez|in|at|from|de|d')\s?((?:[A-ZÉÈÎÔ][\w'’-]+\s?){1,3})")
_SAYING = re.compile(
    r"\b(?:declar|dit\b|dis(?:ent|ait)\b|affirm|annonc|estim|expliqu|selon|d'apres|jug[ei]|ajout|soulign|confirm|prevenu|averti|assur|recon"
    r"|indiqu|propos|refus|dement|denonc|critiqu|said|says?\b|told|according|stat(?:ed|es)|argu|call(?:ed|s)|warn|announc|explain|deni|declin|admit|claim)"
)
_COUNTED_WITHIN = 4
"""Words between a number and what it counts: '400 000 puces', '40,000 to 80,000 H200 chips'."""
_DAY_OF_MONTH = re.compile(rf"(?:er)?\s(?:{_MONTHS})\b")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for.

    `asked`: its index terms, which are no answer; `subject`: terms, in the language of the text that is searched, of
    what is counted ("combien de puces") or of who is quoted ("que dit Jensen Huang").
    """

    kind: str
    asked: frozenset[str]
    subject: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """Where the answer may stand, and how well it fits, in (0, 1]: a number of something else fits by half."""

    span: Span
    fit: float


def expected(text: str, lang: Lang, wanted: Wanted) -> Found | None:
    """The stretch of `text` that is best the kind of answer wanted; None if it holds none or the kind names none."""
    if wanted.kind == "quantity":
        return _quantity(text, lang, wanted)
    if wanted.kind == "said":
        return _saying(text, lang, wanted)
    finder = _finders().get(wanted.kind)
    span = finder(text, lang, wanted.asked) if finder else None
    if span is None and wanted.kind == "where":
        name = _name(text, lang, wanted.asked)
        return Found(name, 0.5) if name else None
    return Found(span, 1.0) if span else None


def _quantity(text: str, lang: Lang, wanted: Wanted) -> Found | None:
    """The first number of what is counted, else the first number that is no part of a date."""
    folded, words = strip_accents_aligned(text).lower(), list(tokens(text, lang))
    loose: Span | None = None
    for at, token in enumerate(words):
        is_number = token.number or token.surface.lower() in _NUMBER_WORDS
        if not is_number or token.term in wanted.asked or _is_date_part(token, folded):
            continue
        loose = loose or token.span
        counted = takewhile(lambda after: not after.number, words[at + 1 : at + 1 + _COUNTED_WITHIN])
        if any(after.term in wanted.subject for after in counted):
            return Found(token.span, 1.0)
    return Found(loose, 0.5 if wanted.subject else 1.0) if loose else None


def _saying(text: str, lang: Lang, wanted: Wanted) -> Found | None:
    """A verb of saying beside the one who is asked about."""
    cue = _SAYING.search(strip_accents_aligned(text).lower())
    present = {token.term for token in tokens(text, lang)}
    if cue is None or not wanted.subject or not present & wanted.subject:
        return None
    return Found(Span(cue.start(), cue.end()), 1.0)


def _is_date_part(token: Token, folded: str) -> bool:
    if re.fullmatch(r"(?:19|20)\d\d", token.surface):
        return True
    after, before = folded[token.span.end :], folded[: token.span.start]
    return bool(_DAY_OF_MONTH.match(after) or re.search(rf"(?:{_MONTHS}) $", before))


def _first(pattern: re.Pattern[str]) -> Callable[[str, Lang, frozenset[str]], Span | None]:
    def find(text: str, lang: Lang, asked: frozenset[str]) -> Span | None:
        for match in pattern.finditer(strip_accents_aligned(text).lower()):
            inside = [t.term for t in tokens(match.group(), lang) if t.term]
            if not inside or not asked.issuperset(inside):
                return Span(match.start(), match.end())
        return None

    return find


def _name(text: str, lang: Lang, asked: frozenset[str]) -> Span | None:
    """The first run of capitalised words that the question does not name."""
    run: list[Token] = []
    for token in [*(t for t in tokens(text, lang) if _is_name(t, text, lang)), None]:
        joined = token and run and text[run[-1].span.end : token.span.start] in (" ", "-", "'", "’")
        if token and (joined or not run):
            run.append(token)
            continue
        if run and any(t.term not in asked for t in run):
            return Span(run[0].span.start, run[-1].span.end)
        run = [token] if token else []
    return None


def _is_name(token: Token, text: str, lang: Lang) -> bool:
    word = token.surface
    if not word[0].isupper() or token.term is None:
        return False
    starts_sentence = not text[: token.span.start].strip(" «\"'“(")
    return not (starts_sentence and strip_accents_aligned(word).lower() in stopwords(lang))


def _place(text: str, lang: Lang, asked: frozenset[str]) -> Span | None:
    for match in _PLACE.finditer(text):
        inside = [t.term for t in tokens(match.group(1), lang) if t.term]
        if inside and not asked.issuperset(inside):
            return Span(match.start(1), match.start(1) + len(match.group(1).rstrip()))
    return None


@cache
def _finders() -> dict[str, Callable[[str, Lang, frozenset[str]], Span | None]]:
    return {
        "money": _first(_MONEY), "percentage": _first(_PERCENTAGE), "duration": _first(_DURATION), "when": _first(_WHEN), "why": _first(_REASON),
        "who": _name, "where": _place,
    }  # fmt: skip
