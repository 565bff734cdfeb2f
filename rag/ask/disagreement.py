"""Where sources differ: the two halves of "A or B?", and the sentence that says the contrary of the one that answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rag.ask.evidence import Scored
from rag.ask.timeline import POWERS, Moment
from rag.ask.wanted import NUMERIC
from rag.language.cues import negated
from rag.language.dates import find_dates, is_month
from rag.language.figures import find_figures
from rag.language.normalize import fold, fold_aligned
from rag.language.terms import tokens
from rag.model import Lang

PERIOD: Final = 45
"""Days within which two accounts are of the same period; beyond, the later one is news."""
DISSENT_FROM: Final = 0.6
"""Share of the best score that a contrary sentence must reach."""

OTHER_FROM: Final = 0.65
OTHER_SAYS: Final = 0.5
OTHER_COVERS: Final = 0.7
"""Shares of the score of the leading sentence, and of what it says and covers of the question, from which a sentence of
another article with another number, date or reason answers the same question."""

DISPUTED_COVERS: Final = 0.8
"""Share of the better coverage that both reach of whom one denies the other."""

_OR: Final = {
    "fr": re.compile(
        r"\s+(?:ou bien|ou plutôt|ou)\s+(?!non\b|moins\b|plus\b|environ\b|(?:toujours |encore |bien )?pas\b|jamais\b|quand\b|combien\b|pourquoi\b)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\s+or\s+(?!not\b|so\b|less\b|fewer\b|never\b|still not\b|when\b|where\b|why\b|how\b"
        r"|(?:has|had|did|does|do|is|are|was|were|could|can|would|will)(?:n['’]t| (?:it|they|he|she|we) not)\b|(?:ca|wo)n['’]t\b)",
        re.IGNORECASE,
    ),
}
_WORD: Final = re.compile(r"[$€£]?[\w'’-]+(?:[.,]\d+)* ?%?(?<! )")
_APART: Final = re.compile(
    r"\s{0,3}(?:[:?]|\s[-–—]|,(?=\s(?:qui|quand|lequel|laquelle|combien|who|which|what|when|how)\b))\s{0,3}",
    re.IGNORECASE,
)
"""What stands between a choice and the question it is put before: "31 May or 1 June: when ...?"."""
_BEFORE_CHOICE: Final = re.compile(r"\s*[:,]\s+(?!.*[:,]\s)")
"""What stands between a question and the choice it ends with: "how many, up to 400 or more?"."""
_ASKS: Final = re.compile(r"\b(?:combien|quand|quel\w*|lequel|laquelle|qui|how|when|which|what|who)\b", re.IGNORECASE)
_VERB: Final = re.compile(
    r"\b(?:did|do|does|is|are|was|were|has|have|had|will|would|can|could|est|sont|ont|avait|etait|était|sera)\b|-(?:t-)?(?:il|elle|ils|elles|on)\b",
    re.IGNORECASE,
)
"""What makes of an option a question or a clause."""
_ENDS_APART: Final = 9
"""Words in a choice that stands apart, at most."""
_SHAPED: Final = 4
"""Words at the end of the first half that may stand for as many at the beginning of the second."""
_NUMBERS: Final = frozenset(
    ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "dix", "two", "three", "four", "five", "eight", "ten"]
)


@dataclass(frozen=True, slots=True)
class Half:
    """One of the two questions in "A or B?"; `own`: the words that the other half does not have."""

    text: str
    own: str


def alternatives(text: str, lang: Lang) -> tuple[Half, Half] | None:
    """The two questions in "A or B?"; None for a question that offers no choice.

    "trained on Nvidia or Huawei chips" -> "trained on Nvidia chips", "trained on Huawei chips".
    """
    choice = _OR[lang].search(text)
    if choice is None:
        return None
    left, right = text[: choice.start()].strip(" ,"), text[choice.end() :].strip()
    if not _WORD.search(left) or not _WORD.search(right):
        return None
    apart = _set_apart(left, right)
    if apart is not None:
        return apart
    right = right.partition("?")[0].strip()
    before, after = list(_WORD.finditer(left)), list(_WORD.finditer(right))
    for many in range(min(_SHAPED, len(before), len(after)), 0, -1):
        last, first = before[-many:], after[:many]
        if all(_alike(one.group(), other.group()) for one, other in zip(last, first, strict=True)) and (
            many > 1 or _shape(last[0].group())
        ):
            mine, theirs = left[last[0].start() :], right[: first[-1].end()] + _rest_of_name(right[first[-1].end() :])
            if mine.lower() != theirs.lower():
                rest = right[len(theirs) :]
                return Half(f"{left}{rest}", mine), Half(f"{left[: last[0].start()]}{right}", theirs)
    return _with_tail(left, right) or (Half(left, left), Half(f"{_given(left, lang)} {right}", right))


def _with_tail(left: str, right: str) -> tuple[Half, Half] | None:
    """The halves where a question begins with its choice: "billions or tens of billions in the Tencent case?"."""
    last = _WORD.findall(left)[-1].lower()
    same = next((word for word in list(_WORD.finditer(right))[:_SHAPED] if word.group().lower() == last), None)
    tail = right[same.end() :] if same else ""
    short = _is_option(left) and len(left.split()) < _SHAPED and len(last) >= _SHAPED
    if same is None or not short or not _WORD.search(tail):
        return None
    return Half(f"{left}{tail}", left), Half(right, right[: same.end()])


def _set_apart(left: str, right: str) -> tuple[Half, Half] | None:
    """The halves of a choice that stands before the question it belongs to, or behind it; None where it stands in it."""
    after = _APART.search(right)
    if after and right[after.end() :].strip(" ?.") and _is_option(left):
        option, stem = right[: after.start()], right[after.end() :].strip(" ?.")
        fits = _is_option(option) and _ASKS.search(stem)
        return (Half(f"{left}, {stem}", left), Half(f"{option}, {stem}", option)) if fits else None
    before = _BEFORE_CHOICE.search(left)
    if before and _ASKS.search(left[: before.start()]):
        stem, option, other = left[: before.start()], left[before.end() :], right.partition("?")[0].strip()
        if _is_option(option) and _is_option(other):
            return Half(f"{stem} {option}", option), Half(f"{stem} {other}", other)
    return None


def _rest_of_name(text: str) -> str:
    """The capitalised words at the beginning of a text: "Kong" behind "Hong"."""
    found = re.match(r"(?: [A-ZÉ][\w'’-]*)*", text)
    return found.group() if found else ""


def _is_option(text: str) -> bool:
    """Whether a text is one of the things to choose from, and no question of its own."""
    short = 0 < len(text.split()) <= _ENDS_APART and "," not in re.sub(r"\d,\d", "", text)
    return short and not (_ASKS.search(text) or _VERB.search(text) or fold(text) in ("vrai", "true"))


def _alike(one: str, other: str) -> bool:
    """Whether two words can stand for each other: two names, two numbers, or the same word."""
    return one.lower() == other.lower() or _shape(one) == _shape(other) != ""


def _shape(word: str) -> str:
    """What a word is, so that its like may take its place: a number, a month, a name; empty for any other."""
    if word.lstrip("$€£")[:1].isdigit() or word.lower() in _NUMBERS:
        return "number"
    if is_month(word):
        return "month"
    return "name" if word[0].isupper() else ""


def _given(text: str, lang: Lang) -> str:
    """The names and numbers of a half question, which hold for the other half too."""
    named = [
        t for t in tokens(text, lang) if t.term and (t.number or t.surface[0].isupper() or t.surface[-1].isdigit())
    ]
    return " ".join(token.surface for token in named)


def other_answer(lead: Scored, scored: Sequence[Scored], kind: str) -> Scored | None:
    """The best sentence of another article that answers a question for a number, a date or a reason otherwise."""
    return next((one for one in scored if _answers_otherwise(lead, one, kind)), None)


def _answers_otherwise(lead: Scored, other: Scored, kind: str) -> bool:
    one, two = lead.evidence, other.evidence
    if (
        one.article.id == two.article.id
        or two.article.copy_of is not None
        or one.passage.section != two.passage.section
    ):
        return False
    if lead.features.typed < 1.0 or other.features.typed < 1.0 or two.score < OTHER_FROM * one.score:
        return False
    if other.features.worded < OTHER_SAYS * lead.features.worded or other.coverage < OTHER_COVERS * lead.coverage:
        return False
    mine, theirs = _values(lead, kind), _values(other, kind)
    return mine.isdisjoint(theirs) if mine and theirs else kind == "why" and not lead.repeats(other)


def _values(one: Scored, kind: str) -> frozenset[object]:
    """What a sentence answers with, so that it can be compared: numbers with their units, or days; empty if neither."""
    text, lang = one.evidence.text, one.evidence.passage.lang
    if one.answer is None:
        return frozenset()
    span = one.answer.span
    if kind == "when":
        found = find_dates(text, lang, one.evidence.article.published)
        return frozenset((d.start, d.end) for d in found if d.span.start < span.end and span.start < d.span.end)
    if kind not in NUMERIC:
        return frozenset()
    figures = find_figures(text, fold_aligned(text), lang)
    return frozenset((f.value, f.unit) for f in figures if f.start < span.end and span.start < f.end)


def dissent(lead: Moment, known: Sequence[Moment], about: frozenset[str] = frozenset()) -> Moment | None:
    """The best sentence of the same period that disputes what `lead` says, else undoes it, else says the contrary.

    `about`: the matters of what is asked about as done; None where all agree.
    """
    contrary = [moment for moment in known if contradicts(lead, moment, about)]
    return max(contrary, key=lambda one: (disputed(lead, one), undoes(lead, one, about)), default=None)


def contradicts(lead: Moment, other: Moment, about: frozenset[str] = frozenset()) -> bool:
    """Whether one sentence denies what the other, of the same period, says, or tells of the contrary of what is asked about."""
    one, two = lead.scored.evidence, other.scored.evidence
    denies = negated(one.text, one.passage.lang) != negated(two.text, two.passage.lang)
    return _comparable(lead, other) and (denies or undoes(lead, other, about))


def undoes(lead: Moment, other: Moment, about: frozenset[str]) -> bool:
    """Whether one sentence tells that done which the other tells undone, of the matters asked about."""
    told = {(deed.matter, deed.done) for deed in lead.deeds if deed.matter in about}
    return any((deed.matter, not deed.done) in told for deed in other.deeds)


def disputed(lead: Moment, other: Moment) -> bool:
    """Whether one account denies another: both speak of what is asked and of one actor, in two articles.

    One does so in so many words, or both give the number asked about: "the rule nowhere mentions the 25% fee".
    """
    same_article = lead.scored.evidence.article.id == other.scored.evidence.article.id
    other_actor = lead.actor != other.actor and None not in (lead.actor, other.actor)
    if same_article or other_actor or not contradicts(lead, other):
        return False
    covered = (lead.scored.coverage, other.scored.coverage)
    denied = lead.scored.named and other.scored.named and "denied" in lead.stances ^ other.stances
    numbered = lead.scored.numbered and other.scored.numbered
    return bool(denied or numbered) and min(covered) >= DISPUTED_COVERS * max(covered)


def _comparable(lead: Moment, other: Moment) -> bool:
    one, two = lead.scored.evidence, other.scored.evidence
    if {lead.actor, other.actor} == POWERS:
        return False
    if other.share < DISSENT_FROM or one.text == two.text or one.passage.section != two.passage.section:
        return False
    return lead.day is not None and other.day is not None and abs((lead.day - other.day).days) <= PERIOD
