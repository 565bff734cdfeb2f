"""Sentences -> the dated states of affairs they tell, oldest first, those that no longer hold marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from rag.ask.times import known_day, told_time
from rag.language.cues import Stance, stances, who_acts
from rag.model import Actor, Article, Citation, Event, Passage, Span

TOGETHER: Final = timedelta(days=2)
"""Two sentences on the same actor and stance, no further apart, tell one event."""
_CONTRARY: Final[dict[Stance, Stance]] = {"open": "closed", "closed": "open"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage of an article."""

    article: Article
    passage: Passage
    span: Span


@dataclass(frozen=True, slots=True)
class _Told:
    sentence: Sentence
    day: date
    actor: Actor
    stances: frozenset[Stance]


def events(
    sentences: Iterable[Sentence], copies: Callable[[Article], Sequence[Article]], as_of: date | None = None
) -> tuple[Event, ...]:
    """The events that the sentences tell, the first to tell one standing for all.

    Args:
        sentences: The best first: of several that tell one event, the first is kept.
        copies: Finds the other outlets that carried an article.
        as_of: Nothing of a later day is an event yet.
    """
    kept: list[_Told] = []
    for told in filter(None, map(_told, sentences)):
        if (as_of is None or told.day <= as_of) and not any(_same(told, other) for other in kept):
            kept.append(told)
    kept.sort(key=lambda told: (told.day, told.sentence.article.id))
    return tuple(_event(n, told, kept[n:], copies) for n, told in enumerate(kept, start=1))


def _told(sentence: Sentence) -> _Told | None:
    """What a sentence tells; None where it says nobody's position, or not when."""
    text, lang = sentence.span.of(sentence.article.text), sentence.passage.lang
    day = told_time(text, lang, known_day(sentence.article)).day
    actor, held = who_acts(text, lang), stances(text, lang)
    return _Told(sentence, day, actor, held) if day and actor and held else None


def _same(one: _Told, other: _Told) -> bool:
    return one.actor == other.actor and one.stances == other.stances and abs(one.day - other.day) <= TOGETHER


def _event(n: int, told: _Told, later: Sequence[_Told], copies: Callable[[Article], Sequence[Article]]) -> Event:
    article, span = told.sentence.article, told.sentence.span
    citation = Citation(n, article, span, span.of(article.text), told.sentence.passage.section)
    citation = replace(citation, copies=tuple(copies(article)))
    return Event(told.day, told.actor, citation, superseded=any(_replaces(newer, told) for newer in later))


def _replaces(newer: _Told, older: _Told) -> bool:
    """Whether the same actor later takes the contrary position."""
    if newer.actor != older.actor or newer.day <= older.day:
        return False
    plain = [told.stances & {"open", "closed"} for told in (older, newer)]
    return all(len(held) == 1 for held in plain) and {_CONTRARY[held] for held in plain[0]} == plain[1]
