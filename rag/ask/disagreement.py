"""Where sources differ: the two halves of "A or B?", and the sentence that says the contrary of the one that answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rag.ask.timeline import Moment
from rag.language.cues import negated
from rag.language.terms import tokens
from rag.model import Lang

PERIOD: Final = 45
"""Days within which two accounts are of the same period; beyond, the later one is news."""
DISSENT_FROM: Final = 0.6
"""Share of the best score that a contrary sentence must reach."""

_OR: Final = {
    "fr": re.compile(
        r"\s+(?:ou bien|ou plutôt|ou)\s+(?!non\b|(?:toujours |encore |bien )?pas\b|jamais\b|quand\b|combien\b|pourquoi\b)",
        re.IGNORECASE,
    ),
    "en": re.compile(r"\s+or\s+(?!not\b|never\b|still not\b|when\b|where\b|why\b|how\b)", re.IGNORECASE),
}
_WORD: Final = re.compile(r"[\w'’-]+")
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
    left, right = text[: choice.start()].strip(" ,"), text[choice.end() :].strip(" ?")
    before, after = list(_WORD.finditer(left)), _WORD.search(right)
    if not before or after is None:
        return None
    last = before[-1]
    if _alike(last.group(), after.group()):
        rest = right[after.end() :]
        return Half(f"{left}{rest}", last.group()), Half(f"{left[: last.start()]}{right}", after.group())
    return Half(left, left), Half(f"{_given(left, lang)} {right}", right)


def _alike(one: str, other: str) -> bool:
    """Whether two words can stand for each other: two names, or two numbers."""
    return all(w[0].isupper() for w in (one, other)) or all(
        w[0].isdigit() or w.lower() in _NUMBERS for w in (one, other)
    )


def _given(text: str, lang: Lang) -> str:
    """The names and numbers of a half question, which hold for the other half too."""
    named = [
        t for t in tokens(text, lang) if t.term and (t.number or t.surface[0].isupper() or t.surface[-1].isdigit())
    ]
    return " ".join(token.surface for token in named)


def dissent(lead: Moment, known: Sequence[Moment]) -> Moment | None:
    """The best sentence of the same period that says the contrary of `lead`; None where all agree."""
    return next((moment for moment in known if _contradicts(lead, moment)), None)


def _contradicts(lead: Moment, other: Moment) -> bool:
    one, two = lead.scored.evidence, other.scored.evidence
    if other.share < DISSENT_FROM or one.text == two.text or one.passage.section != two.passage.section:
        return False
    if lead.day is None or other.day is None or abs((lead.day - other.day).days) > PERIOD:
        return False
    return negated(one.text, one.passage.lang) != negated(two.text, two.passage.lang)
