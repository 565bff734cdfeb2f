"""Where in a sentence the thing stands that was asked for: a number, a date, a name, a place, a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from rag.language.naming import Sort, names_of, site_of
from rag.language.normalize import fold_aligned, strip_accents_aligned
from rag.language.terms import Token, terms, tokens
from rag.model import Lang, Span

_NUMBER_WORD = re.compile(
    r"deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|cent|mille"
    r"|millions?|milliards?|(?:diz|cent)aines?|milliers?|moitie|tiers|quart|two|three|four|five|seven|eight|nine|ten|eleven"
    r"|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundreds?|thousands?|billions?|trillion|dozens|half|third|quarter"
)
_MULTIPLE = re.compile(r"tripl\w+|quadrupl\w+|doubl(?:er|es?|ed|ing)")
"""What says how many times as much, where that is asked for."""
_PARTS = frozenset({"quart", "tiers", "moitie", "quarter", "third", "half"})
_PART_OF = re.compile(r" (?:of|de|des|du|d'|the|its|les)\b(?! (?:19|20)\d\d\b)")
"""What makes a number of a part: "a quarter of the chips", not "the last quarter" or "third-party"."""
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
    r"|\b(?:premier|deuxieme|troisieme|quatrieme|first|second|third|fourth) (?:trimestre|semestre|quarter|half)\b"
    r"|\b(?:debut|fin|milieu) de (?:semaine|mois|trimestre|annee)\b|\bnouvel an\b|\blunar new year\b|\b(?:au|le|du) (?:printemps|jour meme)\b|\ben (?:ete|automne|hiver)\b"
    r"|\b(?:in|by|this|last|next) (?:spring|summer|autumn|winter)\b|\bthe same day\b|\ble meme jour\b"
)
_MODAL = re.compile(r"may|march")
"""Months without their capital: the sales may resume, and nobody marches in March."""
_DURATION = re.compile(
    r"\b(?:\d[\d.,]*|une?|an?|one|des|several|plusieurs|quelques|few|dizaine de|(?:" + _NUMBER_WORD.pattern + r"))[ -]"
    r"(?:\w+ )?(?:jours?|semaines?|mois|trimestres?|annees?|ans|heures?|days?|weeks?|months?|years?|quarters?|hours?)\b"
)
_REASON = re.compile(
    r"\b(?:parce qu|car\b|en raison|raisons?\b|motifs?\b|justifi|expliqu|craint|preoccup|inquiet|du fait|a cause|afin|pour que|puisque|face a|suite a|visant|vise a|dans le but|faute de|grace a|par crainte"
    r"|because|reasons?\b|explain|justif|fears?\b|worr|due to|owing to|over concerns|amid|in order to|so that|as a result|aimed at|aims to|citing|out of)|\b(?:pour|to) \w+(?:er|ir|re)\b"
)
_BECAUSE = re.compile(
    r"\b(?:parce qu|car\b|en raison|raisons?\b|motifs?\b|du fait|a cause|puisque|faute de"
    r"|because|reasons?\b|due to|owing to|as a result"
    r"|(?:caused|prompted|triggered|halted|blocked|held up|delayed) by(?: \w+){1,2}|blamed on|(?:is|was|puts? (?:this|it)) down to)"
)
_MONEY = re.compile(
    r"(?:\d[\d .,]*|\b(?:un|deux|trois|dix|cent|mille|one|two|three|ten|hundred|a|(?:dizaines?|centaines?|milliers|tens|dozens|hundreds|thousands)(?: de| of))) ?(?:(?:millions?|milliards?|billions?|trillions?|md|bn|mrd)\b ?)*"
    r"(?:d'|de )?(?:[a-z]+ )?(?:dollars?|euros?|yuans?|€|\$|rmb|us\$)|(?:us)?[$€] ?\d[\d .,]*(?: ?(?:millions?|billions?|trillions?|bn|m)\b)?"
)
_PERCENTAGE = re.compile(r"\d+(?:[.,]\d+)? ?(?:%|pour cent|percent|per cent)")
_SAYING = re.compile(
    r"\b(?:declar|dit\b|dire\b|dis(?:ent|ait)\b|affirm|annonc|estim|expliqu|selon|d'apres|jug[ei]|ajout|soulign|confirm|prevenu|averti|assur|recon"
    r"|indiqu|propos|refus|dement|denonc|critiqu|said|says?\b|told|according|stat(?:ed|es)|argu|call(?:ed|s)|warn|announc|explain|deni|declin|admit|claim|ecri[tv]|a demande\b|demandent|reclam|accus|juge|qualifi|describ|asked|wrote|urg(?:ed|es))"
)
_PATTERNS = {"money": _MONEY, "percentage": _PERCENTAGE, "duration": _DURATION, "when": _WHEN, "why": _REASON}
_SOURCING = re.compile(r"selon|d'apres|according")
_CLAUSE = (";", ":", " that ", " que ", " qu'")
_OF = re.compile(r"\w* (?:de |du |of |d')")
"""What makes a noun of the verb: "l'annonce de Donald Trump"."""
_OTHER_SPEAKER = re.compile(r"([A-Z][\w.'-]*) (?:(?:a|ont|avait|avaient|had|has|have|also|is|was) )?$")
"""Who speaks, in "Reuters reported"."""
_TURNED = re.compile(
    r"\w+ (?:encore |aussi )?(?:[A-Z]|l'agence|une source|un haut|(?:la|le|l[ae] meme) (?:site|journal|quotidien|source|depeche|agence))"
)
"""A verb before its subject: "souligne Reuters"."""
BEHIND_WITHIN = 25
"""Characters between "selon" and whom it cites: "selon le directeur general Jensen Huang"."""
SAID_BY_OTHERS = 0.6
"""What a sentence about somebody is worth in which another speaks."""
PURPOSE = 0.5
"""What an aim or a fear is worth as a reason, beside a "because"."""
OF_ANOTHER = 0.2
"""What a sum or a share is worth that is of something else: a price is no salary."""
ONE_OF_SEVERAL = 0.5
"""What a single name is worth where several are asked for."""
_COUNTED_WITHIN = 4
"""Words between a number and what it counts: '400 000 puces', '40,000 to 80,000 H200 chips'."""
_ATTRIBUTION = re.compile(
    r"\b(?:citant|citing|cites?|cited by|cite[es]*|selon|d'apres|according to|told by|par|by) (?:\w+ ){0,2}?(?=\w+ (?:\w+ ){0,2}?"
    r"(?:sources?|personnes?|people|persons?|responsables?|officials?|analystes?|analysts?|medias?|outlets?)\b)"
)
"""What stands before those a report relies on: "citant trois personnes" counts no one, unless it is they who are asked for."""
_DAY_OF_MONTH = re.compile(rf"(?:er)?\s(?:{_MONTHS})\b")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for.

    `asked`: its index terms, which are no answer; `subject`: terms, in the language of the text that is searched, of
    what is counted ("combien de puces") or of who is quoted ("que dit Jensen Huang"); `sort`: of the name asked for;
    `several`: whether more than one is ("which companies"); `known`: whether the subject is certain; `things`: whether what is
    counted are things ("how many employees"), which no sum and no share is.
    """

    kind: str
    asked: frozenset[str]
    subject: frozenset[str] = frozenset()
    sort: Sort | None = None
    several: bool = False
    known: bool = True
    things: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Where the answer may stand, and how well it fits, in (0, 1]: a number of something else fits by half, a sum by OF_ANOTHER."""

    span: Span
    fit: float


def expected(text: str, lang: Lang, wanted: Wanted) -> Found | None:
    """The stretch of `text` that is best the kind of answer wanted; None if it holds none or the kind names none."""
    if wanted.kind == "quantity":
        return _quantity(text, lang, wanted)
    if wanted.kind == "said":
        return _saying(text, lang, wanted)
    if wanted.sort is not None:
        names = names_of(wanted.sort, text, lang, wanted.asked)
        if not names and wanted.sort == "place":
            site = site_of(text)
            return Found(site, 0.5) if site else None
        return Found(names[0], ONE_OF_SEVERAL if wanted.several and len(names) == 1 else 1.0) if names else None
    pattern = _PATTERNS.get(wanted.kind)
    if wanted.kind == "why" and (because := _first(_BECAUSE, text, lang, wanted.asked)):
        return Found(because, 1.0)
    span = _first(pattern, text, lang, wanted.asked) if pattern else None
    if span is None:
        return None
    if wanted.kind == "why":
        return Found(span, PURPOSE)
    present = (
        {token.term for token in tokens(text, lang)}
        if wanted.kind in ("percentage", "money") and wanted.subject
        else None
    )
    return Found(span, 1.0 if present is None or present & wanted.subject else OF_ANOTHER)


def _quantity(text: str, lang: Lang, wanted: Wanted) -> Found | None:
    """The first number of what is counted, else the first number that is no part of a date."""
    folded, words = fold_aligned(text), list(tokens(text, lang))
    relied_on = set() if wanted.asked & _reliance(lang) else {m.end() for m in _ATTRIBUTION.finditer(folded)}
    sums = (
        [match.span() for pattern in (_MONEY, _PERCENTAGE) for match in pattern.finditer(folded)]
        if wanted.things
        else []
    )
    multiples, loose = bool(wanted.asked & _times_as_much(lang)), None
    for at, token in enumerate(words):
        word = folded[token.span.start : token.span.end]
        multiple = multiples and _MULTIPLE.fullmatch(word) is not None
        if (
            not (token.number or multiple or _is_number_word(word, folded[token.span.end :]))
            or token.term in wanted.asked
            or token.span.start in relied_on
            or _is_date_part(token, folded)
        ):
            continue
        if not any(start <= token.span.start < end for start, end in sums):
            loose = loose or token.span
        counted = takewhile(lambda after: not after.number, words[at + 1 : at + 1 + _COUNTED_WITHIN])
        if any(after.term in wanted.subject for after in counted):
            return Found(token.span, 1.0)
    return Found(loose, 0.5 if wanted.subject else 1.0) if loose else None


def _is_number_word(word: str, after: str) -> bool:
    """Whether a folded word is a number; a part is one where it is a part of something."""
    return _NUMBER_WORD.fullmatch(word) is not None and (word not in _PARTS or _PART_OF.match(after) is not None)


@cache
def _reliance(lang: Lang) -> frozenset[str]:
    """The terms of a question about those whom a report relies on."""
    return frozenset(terms("sources cite cited citer insiders initiés informateurs", lang))


@cache
def _times_as_much(lang: Lang) -> frozenset[str]:
    """The terms of a question for how many times as much."""
    return frozenset(terms("multiplier multiply factor facteur fois", lang))


def _saying(text: str, lang: Lang, wanted: Wanted) -> Found | None:
    """A verb of saying beside the one who is asked about; one that belongs to somebody else fits less."""
    plain, words = strip_accents_aligned(text), list(tokens(text, lang))
    subject = [token.span.start for token in words if token.term in wanted.subject]
    cues = [Span(cue.start(), cue.end()) for cue in _SAYING.finditer(plain.lower())]
    if not cues or not subject:
        return None
    own = next((cue for cue in cues if _belongs(cue, subject, plain)), None)
    return Found(own, 1.0) if own else Found(cues[0], SAID_BY_OTHERS if wanted.known else 1.0)


def _belongs(cue: Span, subject: Sequence[int], plain: str) -> bool:
    """Whether a verb of saying has its subject before it in its clause, or right behind it, as "selon" must."""
    behind = [plain[cue.end : start] for start in subject if 0 <= start - cue.end <= BEHIND_WITHIN]
    if _SOURCING.match(plain.lower(), cue.start):
        return any("," not in between for between in behind)
    if any(_OF.match(between) is None for between in behind):
        return True
    speaker = _OTHER_SPEAKER.search(plain, 0, cue.start)
    if speaker and speaker.start(1) not in subject:
        return False
    clause = max(plain.rfind(mark, 0, cue.start) for mark in _CLAUSE)
    return _TURNED.match(plain, cue.start) is None and any(clause < start < cue.start for start in subject)


def _is_date_part(token: Token, folded: str) -> bool:
    if re.fullmatch(r"(?:19|20)\d\d", token.surface):
        return True
    after, before = folded[token.span.end :], folded[: token.span.start]
    return bool(_DAY_OF_MONTH.match(after) or re.search(rf"(?:{_MONTHS}) $", before))


def _first(pattern: re.Pattern[str], text: str, lang: Lang, asked: frozenset[str]) -> Span | None:
    """The first match that the question does not say itself."""
    for match in pattern.finditer(fold_aligned(text)):
        if lang == "en" and _MODAL.fullmatch(text, *match.span()):
            continue
        inside = [token.term for token in tokens(match.group(), lang) if token.term]
        if not inside or not asked.issuperset(inside):
            return Span(match.start(), match.end())
    return None
