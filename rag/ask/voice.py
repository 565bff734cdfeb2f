"""What the assistant says before it quotes: yes or no, since when, in how many steps, that sources differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal

from rag.ask.choosing import Picked
from rag.ask.disagreement import alternatives
from rag.ask.kinds import form_of, happened
from rag.ask.phrases import say
from rag.ask.timeline import POWERS
from rag.ask.unheard import actors_of, cited_by, unspoken
from rag.ask.wanted import sort_of
from rag.days import day_text
from rag.language.cues import denies, first_actor, stances, who_acts
from rag.language.deeds import Deed, deeds, hedged
from rag.model import Lang, Question
from rag.outlets import with_article

Verdict = Literal["yes", "no", "denied"]
UNTOLD: Final = frozenset({"when", "where", "why", "office"})
"""What may be asked for so that the reader is told where the sentences shown do not say it."""
LONG_AGO: Final = timedelta(days=45)
"""After that a yes or a no is said to be of its day."""
CARRIED_FROM: Final = 0.2
"""Share of the question (BM25, at most about 0.5) that a sentence must say itself to carry a yes or a no."""


def lead(question: Question, picked: Sequence[Picked], today: date | None, unsaid: bool = False) -> str:
    """The words before the statements; empty where the first of them speaks for itself.

    `today`: the day of the question, or the last that the library knows of; `unsaid`: whether no article says what
    the question says of what happened.
    """
    stranger = _stranger(question, picked)
    if stranger:
        return say("untold_name", question.lang, stranger=stranger)
    roles = [one.role for one in picked]
    if "conflict" in roles:
        choice = alternatives(question.standalone, question.lang)
        return say("either" if choice and not _at_odds(picked) else "sides", question.lang)
    if len(picked) > 1 and form_of(question.standalone) == "evolution":
        return say("story", question.lang, count=str(len(picked)))
    first = picked[0]
    found = _agreed(question, picked) if question.kind == "yes_no" else None
    if found is None:
        if unsaid and (question.kind == "when" or first.scored.features.typed < 1.0):
            return say("unsaid", question.lang)
        sought = "office" if sort_of(question.standalone, question.kind) == "office" else question.kind
        untold = sought in UNTOLD and all(one.scored.answer is None for one in picked)
        return say(f"untold_{sought}", question.lang) if untold else ""
    day = first.scored.evidence.date
    old = found != "denied" and day is not None and today is not None and today - day > LONG_AGO
    return say(
        f"{found}_then" if old else found,
        question.lang,
        who=_who(first, question.lang),
        when=_when(first, question.lang, old),
    )


def _at_odds(picked: Sequence[Picked]) -> bool:
    """Whether the first two sentences in conflict say the contrary of each other: a deed done and undone, or a denial."""
    sides = [(one.text, one.passage.lang) for one in (p.scored.evidence for p in picked if p.role == "conflict")][:2]
    told, other = deeds(*sides[0]), deeds(*sides[-1])
    denied, answered = denies(*sides[0]), denies(*sides[-1])
    return denied != answered or any(a.matter == b.matter and a.done != b.done for a in told for b in other)


def _agreed(question: Question, picked: Sequence[Picked]) -> Verdict | None:
    """What the first sentence says to the question; None for a no to what another one shown says did happen once.

    "Did Nvidia stop making them?" has no yes or no where it stopped and began again.
    """
    found = verdict(question, picked[0])
    if found != "no" or not happened(question.standalone):
        return found
    return None if any(verdict(question, one) == "yes" for one in picked[1:]) else found


def verdict(question: Question, first: Picked) -> Verdict | None:
    """Whether a sentence says yes or no to a question, or only that somebody denies it; None where it carries nothing."""
    text, lang = first.scored.evidence.text, first.scored.evidence.passage.lang
    if (
        first.scored.features.worded < CARRIED_FROM
        or not first.scored.named
        or alternatives(question.standalone, question.lang)
    ):
        return None
    asked, told = stances(question.standalone, question.lang), stances(text, lang)
    if "denied" in asked or "denied" in told:
        return "yes" if {"denied"} <= asked & told else "denied"
    return _by_deeds(question, text, lang)


def _by_deeds(question: Question, text: str, lang: Lang) -> Verdict | None:
    """What is done by a sentence against what is asked: no if some of it is undone, yes if all of it is done for certain."""
    asked, told = deeds(question.standalone, question.lang), deeds(text, lang)
    if any(deed.denied for deed in asked):
        return None
    asked_of = {named(question.standalone, question.lang) for named in (first_actor, who_acts)}
    actor = who_acts(text, lang)
    same_actor = actor in asked_of
    if not same_actor and actor in POWERS and asked_of & POWERS:
        return None
    certain = same_actor and not hedged(text, lang) and {"conditional", "pending"}.isdisjoint(stances(text, lang))
    of_matter = {deed: {one.done for one in told if one.matter == deed.matter} for deed in asked}
    undone = {deed for deed in asked if of_matter[deed] == {not deed.done}}
    if any(certain or Deed(deed.matter, not deed.done, True) in told for deed in undone):
        return "no"
    return "yes" if asked and certain and all(of_matter[deed] == {deed.done} for deed in asked) else None


def _stranger(question: Question, picked: Sequence[Picked]) -> str:
    """The first of those the question is about, or cites, if no article shown speaks of any of them; empty otherwise."""
    articles = [one.scored.evidence.article for one in picked]
    for named in (actors_of(question), cited_by(question)):
        if named and all(unspoken([one], articles) for one in named):
            return named[0].text
    return ""


def _who(first: Picked, lang: Lang) -> str:
    article = first.scored.evidence.article
    return with_article(article.origin or article.publisher, lang)


def _when(first: Picked, lang: Lang, alone: bool) -> str:
    day: date | None = first.scored.evidence.date
    return "" if day is None else day_text(day, lang) if alone else f" ({day_text(day, lang)})"
