"""What the assistant says before it quotes: yes or no, since when, in how many steps, that sources differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from rag.ask.choosing import Picked
from rag.ask.disagreement import alternatives
from rag.ask.kinds import form_of
from rag.ask.phrases import say
from rag.ask.unheard import actors_of, unspoken
from rag.days import day_text
from rag.language.cues import denies, first_actor, negated, stances, who_acts
from rag.model import Lang, Question

Verdict = Literal["yes", "no", "denied"]
UNTOLD: Final = frozenset({"when", "where", "why"})
"""Kinds of question of which the reader is told that the sentences shown do not say what was asked."""
CARRIED_FROM: Final = 0.3
"""Share of the question (BM25, at most about 0.5) that a sentence must say itself to carry a yes or a no."""


def lead(question: Question, picked: Sequence[Picked]) -> str:
    """The words before the statements; empty where the first of them speaks for itself."""
    stranger = _stranger(question, picked)
    if stranger:
        return say("untold_name", question.lang, stranger=stranger)
    roles = [one.role for one in picked]
    if "conflict" in roles:
        return say("sides", question.lang)
    if len(picked) > 1 and form_of(question.standalone) == "evolution":
        return say("story", question.lang, count=str(len(picked)))
    first = picked[0]
    found = verdict(question, first) if question.kind == "yes_no" else None
    if found is None:
        untold = question.kind in UNTOLD and all(one.scored.answer is None for one in picked)
        return say(f"untold_{question.kind}", question.lang) if untold else ""
    return say(found, question.lang, who=_who(first), when=_when(first, question.lang))


def verdict(question: Question, first: Picked) -> Verdict | None:
    """Whether a sentence says yes or no to a question, or only that somebody denies it; None where it carries nothing."""
    text, lang = first.scored.evidence.text, first.scored.evidence.passage.lang
    if (
        first.scored.features.worded < CARRIED_FROM
        or not first.scored.named
        or alternatives(question.standalone, question.lang)
    ):
        return None
    if who_acts(text, lang) != first_actor(question.standalone, question.lang):
        return None
    asked, told = stances(question.standalone, question.lang), stances(text, lang)
    if "denied" in asked or "denied" in told:
        return "yes" if {"denied"} <= asked & told else "denied"
    if {"conditional", "pending"} & told or {"open", "closed"} <= told or {"open", "closed"} <= asked:
        return None
    for stance, contrary in (("open", "closed"), ("closed", "open")):
        if stance in asked and (stance in told) != (contrary in told):
            said: Verdict = "yes" if stance in told else "no"
            return None if said == "yes" and denies(text, lang) else said
    if negated(question.standalone, question.lang):
        return None
    return "no" if denies(text, lang) else None


def _stranger(question: Question, picked: Sequence[Picked]) -> str:
    """The first of those the question names of whom no article shown speaks; empty if there is none."""
    articles = [one.scored.evidence.article for one in picked]
    named = actors_of(question)
    return unspoken(named, articles) if not any(unspoken([one], articles) == "" for one in named) else ""


def _who(first: Picked) -> str:
    article = first.scored.evidence.article
    return article.origin or article.publisher


def _when(first: Picked, lang: Lang) -> str:
    day: date | None = first.scored.evidence.date
    return f" ({day_text(day, lang)})" if day else ""
