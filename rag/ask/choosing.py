"""Evidence -> what is shown, and as what: a fact, a state of affairs, the turns of a story, two sides."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rag.ask.disagreement import contradicts, disputed, dissent, other_answer
from rag.ask.evidence import Scored
from rag.ask.timeline import (
    TOLD_FROM,
    Matter,
    Moment,
    moments,
    on_the_matter,
    overtaken,
    standing,
    supersedes,
    turned_round,
    turns,
)
from rag.ask.times import Asked, known_day, told_time
from rag.ask.unheard import of_outlet
from rag.ask.wanted import actors, people
from rag.language.cues import asks_of_reporting, denies, points_back, stands_alone, tells_of_reporting
from rag.language.mentions import Mention
from rag.model import Evidence, Role, Span

SENTENCES: Final = 3
WORDS: Final = 120
"""Most sentences and words in an answer to a question of fact (contract)."""
LONG_SENTENCES: Final = 8
LONG_WORDS: Final = 320
"""Most of them in the story of how something changed, or in a conflict."""
EACH_SIDE: Final = 3
"""Sentences shown for each side of a disagreement."""
SIDE_FROM: Final = 0.7
"""Share of the best score for a side from which a further sentence is shown for it."""
ACCOUNTS: Final = LONG_SENTENCES
ACCOUNT_FROM: Final = 0.5
"""Sources heard on a disagreement, and the share of the best score from which one is."""
IN_TIME, HEARD, CONTRARY, NO_DEED = 0.2, 0.15, 0.15, 0.2
"""What is added to that share for speaking of the time asked about and for contradicting the first, and taken for a second word of one article
and for telling of nothing that is asked about as done."""
REPLACES_COVERS: Final = 0.8
"""Share of what an older account covers of the question that one must cover to take its place: it tells of the same."""
SHORTLIST_FROM: Final = 0.7
"""Share of the best score from which a sentence counts for how sure an answer is."""
BESIDE_FROM: Final = 0.9
"""Share of the best score from which a sentence that tells of nothing that is asked about as done is shown beside one that does."""
KEEP_FROM, KEEP_FROM_OTHERS = 0.8, 0.92
"""A further sentence of the same article, or of another, is shown if its score reaches this share of the best one's:
lower shows more that is beside the point, higher begins to lose answers (docs/measurements.md)."""
DENIAL_FROM, DENIAL_COVERS = 0.75, 0.8
"""Share of the best score, and of what the leading sentence covers of the question, from which a denial is shown."""
SURE_FROM: Final = 1.1
"""Score from which the best sentence probably answers; below, SHORTLIST_FROM holds for all: more is shown."""
ASKED_FROM: Final = 0.7
"""Share of the best score from which a sentence with a date, place or reason is shown where no better one has any."""
BOUND_FROM: Final = 0.55
"""Share of the best score from which a sentence of the time and the people asked about goes before those of others."""
JUST_BEFORE: Final = 250
"""Characters before a sentence that leans on what stands there in which it finds its time."""
ANSWERS_FROM: Final = 0.9
"""Share of the best score from which a sentence that holds more of the sort of thing asked for leads."""
ALONE_FROM: Final = 0.85
"""Share of the leading sentence's score from which one that can be read alone takes its place before it."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A sentence that is shown, and as what."""

    scored: Scored
    role: Role


def shortlist(scored: Sequence[Scored]) -> list[Scored]:
    """The sentences that may answer, best first, without repetition."""
    return _within(scored, lambda one, first: one.evidence.score >= SHORTLIST_FROM * first.evidence.score)


def fact(scored: Sequence[Scored]) -> list[Picked]:
    """The sentence that answers, then what adds to it; of those nearly as good, the one that holds what was asked for leads."""
    front = list(_in_front(scored))
    near = [one for one in front if one.evidence.score >= ANSWERS_FROM * scored[0].evidence.score]
    best = next((one for one in near if one.features.typed == 1.0), scored[0])
    first = next((one for one in front if _leads(one, best)), best)
    chosen = _within([first, *(one for one in scored if one is not first)], _adds)
    return [Picked(one, "context" if at else "answer") for at, one in enumerate(chosen)]


def _in_front(scored: Sequence[Scored]) -> Iterator[Scored]:
    """The sentences that were put first, where some were: those after them begin with a better score."""
    best = math.inf
    for one in scored:
        if one.evidence.score > best:
            return
        best = one.evidence.score
        yield one


def _leads(one: Scored, first: Scored) -> bool:
    """Whether a sentence can be read alone and answers as well as the first."""
    found, answers = one.evidence, one.features.typed >= first.features.typed
    return answers and found.score >= ALONE_FROM * first.evidence.score and stands_alone(found.text, found.passage.lang)


def readable(picked: list[Picked], most: int) -> list[Picked]:
    """The same, the first and those in conflict quoted with the sentence before where they point back to it.

    `most`: sentences to show in all.
    """
    shown = {(one.scored.evidence.passage.id, one.scored.evidence.span) for one in picked}
    left, told, whole = most - len(picked), set[tuple[str, Span]](), list[Picked]()
    for one in picked:
        found = one.scored.evidence
        reads = not (whole and one.role != "conflict") and points_back(found.text, found.passage.lang)
        before = _before(found) if reads and most else None
        place = (found.passage.id, before) if before else None
        joins = left > 0 if place not in shown else one.role != "conflict"
        if place and place not in told and joins:
            one, left = Picked(_with(one.scored, place[1]), one.role), left - (place not in shown)
            told.add(place)
        if (found.passage.id, found.span) not in told:
            whole.append(one)
        told.add((found.passage.id, found.span))
    return whole


def to_the_matter(picked: list[Picked], asked: str) -> list[Picked]:
    """The same without those behind the first that only tell of the reporting, unless the question asks of it."""
    if asks_of_reporting(asked):
        return picked
    return picked[:1] + [one for one in picked[1:] if not _of_reporting(one.scored.evidence)]


def _of_reporting(found: Evidence) -> bool:
    return tells_of_reporting(found.text, found.passage.lang)


def _before(found: Evidence) -> Span | None:
    """The sentence before one, in its passage."""
    at = found.passage.sentences.index(found.span)
    return found.passage.sentences[at - 1] if at else None


def _with(scored: Scored, before: Span) -> Scored:
    """A sentence together with the one before it; where the answer stands moves with it."""
    found = scored.evidence
    span = Span(before.start, found.span.end)
    moved = found.span.start - before.start
    answer = scored.answer and replace(
        scored.answer, span=Span(scored.answer.span.start + moved, scored.answer.span.end + moved)
    )
    return replace(scored, evidence=replace(found, span=span, text=span.of(found.article.text)), answer=answer)


def bound(scored: Sequence[Scored], time: Asked | None, named: frozenset[str], fits: float) -> Sequence[Scored]:
    """The same, those first that tell of the time asked about and name the people it names, if the best one does not.

    `fits`: how well they must hold the sort of thing that was asked for, in [0, 1].
    """
    if time is None:
        return scored
    known = moments(scored, BOUND_FROM)
    bind = [
        moment.scored for moment in known
        if _told_in(moment, time) and moment.scored.features.typed >= fits
        and named <= people(moment.scored.evidence.text, moment.scored.evidence.passage.lang)
    ]  # fmt: skip
    units = {one.unit for one in bind}
    if not bind or scored[0].unit in units:
        return scored
    return [*bind, *(one for one in scored if one.unit not in units)]


def _told_in(moment: Moment, time: Asked) -> bool:
    """Whether a sentence speaks of a time, itself or, naming none, in the sentence it leans on ("with those results")."""
    found, told = moment.scored.evidence, [moment.told]
    if not (moment.told.named or moment.stands_alone):
        before = found.article.text[max(0, found.span.start - JUST_BEFORE) : found.span.start]
        told.append(told_time(before, found.passage.lang, known_day(found.article)))
    return any(time.holds(one) for one in told)


def cited(scored: Sequence[Scored], outlets: Sequence[Mention]) -> Sequence[Scored]:
    """The same, those first that the outlets told which the question names: "selon Bloomberg"."""
    least = BOUND_FROM * scored[0].evidence.score if outlets else 0.0
    theirs = [one for one in scored if outlets and one.evidence.score >= least and of_outlet(one.evidence, outlets)]
    units = {one.unit for one in theirs}
    return [*theirs, *(one for one in scored if one.unit not in units)]


def tells_of(one: Scored, names: frozenset[str]) -> bool:
    """Whether a sentence or the title of its article names one of them; true where there are none."""
    found = one.evidence
    told = actors(found.text, found.passage.lang) | actors(found.article.title, found.article.lang)
    return not names or bool(names & told)


def with_asked(picked: list[Picked], scored: Sequence[Scored]) -> list[Picked]:
    """The same, and where none of them holds the sort of thing asked for, the best sentence that does, second."""
    least = ASKED_FROM * scored[0].evidence.score
    if any(one.scored.answer for one in picked):
        return picked
    found = next((one for one in scored if one.answer and one.evidence.score >= least), None)
    if found is None or any(found.repeats(one.scored) for one in picked):
        return picked
    return [picked[0], Picked(found, "context"), *picked[1 : SENTENCES - 1]]


def with_denial(picked: list[Picked], scored: Sequence[Scored]) -> list[Picked]:
    """The same, and beside it the sentence that denies what the question takes for granted, if one does."""
    shown = {one.scored.unit for one in picked}
    least = DENIAL_COVERS * picked[0].scored.coverage
    denial = next(
        (
            m.scored
            for m in moments(scored)
            if m.share >= DENIAL_FROM and m.scored.coverage >= least and _denies(m.scored)
        ),
        None,
    )
    if denial is None or denial.unit in shown or len(picked) == SENTENCES or _denies(picked[0].scored):
        return picked
    return [*picked, Picked(denial, "context")]


def _denies(one: Scored) -> bool:
    return one.named and denies(one.evidence.text, one.evidence.passage.lang)


def with_outcome(picked: list[Picked], scored: Sequence[Scored]) -> list[Picked]:
    """The same, led by what became of it where the first sentence only expected something."""
    known = moments(scored)
    expected = next((moment for moment in known if moment.scored.unit == picked[0].scored.unit), None)
    outcome = overtaken(expected, known) if expected else None
    if expected is None or outcome is None:
        return picked
    rest = [one for one in picked[1:] if one.scored.unit != outcome.scored.unit]
    return [Picked(outcome.scored, "current"), Picked(expected.scored, "superseded"), *rest[: SENTENCES - 2]]


def state(scored: Sequence[Scored], matter: Matter) -> list[Picked]:
    """How things stand, then what it replaced."""
    order = standing(moments(scored), matter)
    outcome = overtaken(order[0], order)
    if outcome is not None and not matter.status:
        order = [outcome, *(moment for moment in order if moment is not outcome)]
    by_sentence = {moment.scored.unit: moment for moment in order}
    least = BESIDE_FROM * scored[0].evidence.score

    def tells(one: Scored, first: Scored) -> bool:
        return by_sentence[one.unit].tells_of(matter) or one.evidence.score >= least

    shown = _within([moment.scored for moment in order], tells)
    first = by_sentence[shown[0].unit]
    return [
        Picked(one, "current" if one is shown[0] else _past(first, by_sentence[one.unit], matter))
        for one in shown
    ]  # fmt: skip


def _past(current: Moment, other: Moment, matter: Matter) -> Role:
    """Asked only how things stand, nothing is: one piece of news does not replace another that is of the same chip."""
    same = not matter.status and current.scored.coverage >= REPLACES_COVERS * other.scored.coverage
    return "superseded" if same and supersedes(current, other) else "context"


def story(scored: Sequence[Scored], matter: Matter) -> list[Picked]:
    """The turns of a story, oldest first; the last one still holds, unless an earlier time was asked about."""
    told = turns(moments(scored, TOLD_FROM), matter, LONG_SENTENCES)
    words, shown = 0, []
    for moment in reversed(told):
        words += len(moment.scored.evidence.text.split())
        if words <= LONG_WORDS:
            shown.append(moment.scored)
    holds = matter.time is None or matter.today is None or matter.time.end >= matter.today
    return [Picked(one, "current" if holds and not at else "context") for at, one in enumerate(shown)][::-1]


def sides(halves: Sequence[tuple[Sequence[Scored], Matter]]) -> list[Picked]:
    """The best sentences for each half of "A or B?"; none where only one half is spoken of, or one sentence leads both."""
    ranked = [[moment.scored for moment in standing(moments(half), matter)] for half, matter in halves]
    if not ranked or not all(ranked) or len({side[0].unit for side in ranked}) < len(ranked):
        return []
    shown: dict[str, Scored] = {}
    for place in range(EACH_SIDE):
        shown |= {side[place].unit: side[place] for side in map(_worth_it, ranked) if len(side) > place}
    return [Picked(one, "conflict") for one in shown.values()]


def _worth_it(side: Sequence[Scored]) -> list[Scored]:
    """The first sentence for a side, and those after it that are as much to the point."""
    best = max(one.evidence.score for one in side)
    return [side[0], *(one for one in side[1:] if one.evidence.score >= SIDE_FROM * best)]


def accounts(scored: Sequence[Scored], matter: Matter) -> list[Picked]:
    """What several sources say of a matter on which they may differ: another article before the same one, contraries first."""
    chosen: list[Moment] = []
    left = [moment for moment in on_the_matter(moments(scored)) if moment.share >= ACCOUNT_FROM]
    while left and len(chosen) < ACCOUNTS:
        best = max(left, key=lambda moment: _account(moment, chosen, matter))
        left = [moment for moment in left if moment is not best and not moment.scored.repeats(best.scored)]
        chosen.append(best)
    return [Picked(one.scored, "context" if at else "answer") for at, one in enumerate(chosen)]


def with_accounts(picked: list[Picked], heard: list[Picked]) -> list[Picked]:
    """The same, filled up with what other sources say, for a choice between two that one sentence seems to settle."""
    shown = {one.scored.unit for one in picked}
    more = [Picked(one.scored, "context") for one in heard if one.scored.unit not in shown]
    return [*picked, *more[: SENTENCES - len(picked)]]


def _account(moment: Moment, chosen: Sequence[Moment], matter: Matter) -> float:
    heard = {one.scored.evidence.article.id for one in chosen}
    return (
        moment.share
        + IN_TIME * (matter.time is not None and matter.time.holds(moment.told))
        - HEARD * (moment.scored.evidence.article.id in heard)
        + CONTRARY * (bool(chosen) and contradicts(chosen[0], moment, matter.deeds))
        - NO_DEED * moment.misses(matter)
    )


def with_dissent(picked: list[Picked], scored: Sequence[Scored], matter: Matter) -> list[Picked]:
    """The same, and beside it the sentence that says the contrary, if one does."""
    known = moments(scored)
    lead = next((moment for moment in known if moment.scored.unit == picked[0].scored.unit), None)
    other = dissent(lead, known, matter.deeds) if lead else None
    if lead is None or other is None:
        return picked
    rest = [one for one in picked[1:] if one.scored.unit != other.scored.unit]
    if disputed(lead, other):
        return [Picked(picked[0].scored, "conflict"), Picked(other.scored, "conflict"), *rest[: SENTENCES - 2]]
    if len(rest) < len(picked) - 1:
        return picked
    return [picked[0], Picked(other.scored, "context"), *rest[: SENTENCES - 2]]


def with_turn(picked: list[Picked], scored: Sequence[Scored], matter: Matter) -> list[Picked]:
    """The same, and beside it where the same one did the contrary of what the first tells, if none shown does."""
    known = moments(scored)
    by_sentence = {moment.scored.unit: moment for moment in known}
    lead = by_sentence.get(picked[0].scored.unit)
    shown = [by_sentence[one.scored.unit] for one in picked if one.scored.unit in by_sentence]
    turn = turned_round(lead, known, matter) if lead and not turned_round(lead, shown, matter) else None
    if lead is None or turn is None:
        return picked
    return [picked[0], Picked(turn.scored, _past(lead, turn, matter)), *picked[1 : SENTENCES - 1]]


def with_other_answer(picked: list[Picked], scored: Sequence[Scored], kind: str) -> list[Picked]:
    """The same, and beside it what another article answers instead, if one does."""
    other = other_answer(picked[0].scored, scored, kind)
    if other is None or any(one.scored.unit == other.unit for one in picked):
        return picked
    return [picked[0], Picked(other, "context"), *picked[1 : SENTENCES - 1]]


def _adds(one: Scored, first: Scored) -> bool:
    if first.evidence.score < SURE_FROM:
        return one.evidence.score >= SHORTLIST_FROM * first.evidence.score
    own = one.evidence.article.id == first.evidence.article.id
    return one.evidence.score >= (KEEP_FROM if own else KEEP_FROM_OTHERS) * first.evidence.score


def _within(scored: Sequence[Scored], keep: Callable[[Scored, Scored], bool]) -> list[Scored]:
    """The sentences to keep, in their order: no repetition, within the limits of a question of fact."""
    chosen: list[Scored] = []
    words = 0
    for candidate in scored:
        length = len(candidate.evidence.text.split())
        if chosen and not keep(candidate, chosen[0]):
            continue
        if chosen and (words + length > WORDS or any(candidate.repeats(other) for other in chosen)):
            continue
        chosen.append(candidate)
        words += length
        if len(chosen) == SENTENCES:
            break
    return chosen
