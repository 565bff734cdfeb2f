"""Evidence in time: what holds now, what it replaced, and the turns between. No list of what supersedes what is read."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from rag.ask.evidence import Scored
from rag.ask.times import MONTH, Asked, Told, known_day, told_time
from rag.ask.wanted import actors
from rag.language.cues import Stance, first_actor, stances, stands_alone, who_acts
from rag.language.deeds import Deed, deeds, hedged
from rag.language.normalize import fold
from rag.model import Actor, Lang

RELEVANT_FROM, TOLD_FROM = 0.5, 0.4
"""Share of the best score from which a sentence is on the matter, and from which it may be a turn of a story."""
FADING: Final = 25.0
"""Days in which the worth of being recent falls to a third."""
CERTAIN_FROM: Final = 0.7
"""Share of the best score from which a sentence shows how far the library follows the matter."""
TURN_COVERS, NAMED_COVERS = 0.5, 0.3
"""Share of the best coverage of the topic that a turn must reach, and one that names whom the question names, if anybody."""
STATE_COVERS: Final = 0.5
"""The same for a sentence that tells how things stand."""
TOPICAL_FROM: Final = 0.6
"""Share of the best coverage of the question from which being recent counts in full."""
SPEAKS_FROM: Final = 0.33
"""Share of what the best sentence says itself of the question below which one that does not name the model stands beside it."""
WORTH_FROM, FEWEST = 0.3, 3
"""Share of the worth of the best turn from which another is told, beside those there are; and turns that are told anyhow."""
ITS_OWN: Final = 2
"""Sentences that name the company asked about from which its story is made of them alone."""
CROWD_DAYS: Final = 8.0
"""Days within which two turns stand beside one another."""
RETOLD_DAYS: Final = 3
"""Days within which the same position on the same names is the same news, told by another article."""
SETTLED_FROM: Final = 0.65
"""Share of the best score from which a sentence tells the outcome of what the best one expected."""
SETTLED_COVERS: Final = 0.5
"""Share of what the expecting sentence covers of the question that the outcome must cover too."""
POWERS: Final[frozenset[Actor]] = frozenset({"beijing", "washington"})
"""The two governments: what one of them does is no answer to what the other does."""
_SETTLED: Final[frozenset[Stance]] = frozenset({"open", "closed"})
_POSITIONS: Final[frozenset[Stance]] = frozenset({"open", "closed", "pending"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulls:
    """What is added to the relevance of a sentence, which is a share of the best one's.

    Of a state of affairs, for being recent, as far as it covers what was asked, taking a position where one is asked about,
    being of the actor or the time asked about; `beside` is lost by a sentence that neither names the chip
    asked about nor says much of the question, `no_deed` by one that tells of
    none of the deeds asked about, `unnamed` by one that does not name whom or which chip the question names, `hedged` by what
    only may be so, `no_number` by one without the number asked for, `other_power` by one of what Washington
    does where Beijing is asked about, or the other way round. Where no more is asked than how things stand, `news` is for
    the first sentence of an article, and lost by one that leans on another. Of a turn of a story, for opening an article,
    its position, its actor and its deeds; `turn_hedged` is lost by what only may be so, `crowded` beside another, `heard` by a second
    one of an article.
    """

    recent: float = 0.9
    same_stance: float = 0.2
    no_stance: float = 0.2
    no_deed: float = 0.8
    other_power: float = 0.4
    no_number: float = 0.4
    unnamed: float = 0.3
    hedged: float = 0.1
    same_actor: float = 0.3
    in_time: float = 0.3
    beside: float = 0.3
    news: float = 0.3
    turn_opens: float = 0.45
    turn_stance: float = 0.15
    turn_actor: float = 0.3
    turn_deed: float = 0.15
    turn_hedged: float = 0.15
    crowded: float = 0.3
    heard: float = 0.2


PULLS: Final = Pulls()
"""Chosen on the development questions; docs/measurements.md says what each brings."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A sentence in time. `share`: its score, as a share of the best one's."""

    scored: Scored
    share: float
    told: Told
    stances: frozenset[Stance]
    actor: Actor | None

    @property
    def day(self) -> date | None:
        """The day it speaks of, as far as that is known."""
        return self.told.day

    @property
    def speaks(self) -> float:
        """How much of the question it says itself, or in the sentence it leans on."""
        return self.scored.features.worded + self.scored.features.carried

    @property
    def deeds(self) -> frozenset[Deed]:
        """What it says is done or undone."""
        found = self.scored.evidence
        return deeds(found.text, found.passage.lang)

    @property
    def matters(self) -> frozenset[str]:
        """What that is about: deliveries, orders, permission ..."""
        return frozenset(deed.matter for deed in self.deeds)

    def tells_of(self, matter: Matter) -> bool:
        """Whether it tells of something that is asked about as done; of any question that asks of none, too."""
        return matter.status or not self.misses(matter)

    def misses(self, matter: Matter) -> bool:
        """Whether something is asked about as done, and it tells of nothing of the kind."""
        return bool(matter.deeds) and matter.deeds.isdisjoint(self.matters)

    @property
    def names(self) -> frozenset[str]:
        """The people, companies, countries and laws it names, by their keys."""
        found = self.scored.evidence
        return actors(found.text, found.passage.lang)

    @property
    def hedged(self) -> bool:
        """Whether it only tells what may be so, or is meant to be."""
        found = self.scored.evidence
        return hedged(found.text, found.passage.lang)

    @property
    def stands_alone(self) -> bool:
        """Whether it can be read without the sentence before it."""
        found = self.scored.evidence
        return stands_alone(found.text, found.passage.lang)

    @property
    def opens(self) -> float:
        """1 for the first sentence of an article, which tells the news of its day."""
        return self.scored.features.lead


@dataclass(frozen=True, slots=True)
class Matter:
    """What is asked about, as far as time goes: how the question puts it, whom it names first, and when.

    `status`: whether it only asks how things stand; `deeds`: the matters of what is done in it; `power`: the government that
    acts in it; `counts`: whether it asks for a number; `naming`: whether a sentence must name whom it names, as one side of a
    choice need not; `companies`: those it names, whose own story it is.
    """

    stances: frozenset[Stance]
    actor: Actor | None
    time: Asked | None
    today: date | None
    pulls: Pulls = PULLS
    status: bool = False
    deeds: frozenset[str] = frozenset()
    power: Actor | None = None
    counts: bool = False
    naming: bool = True
    companies: frozenset[str] = frozenset()

    def age(self, moment: Moment) -> float:
        """Days between a moment and the day of the question, or the time that it asks about if that is over; FADING if unknown."""
        if self.today is None or moment.day is None:
            return FADING
        if self.time is None or self.time.end >= self.today:
            return max(0.0, float((self.today - moment.day).days))
        start = self.time.start if self.time.end - self.time.start <= MONTH else self.time.end
        return max(0.0, float((start - moment.day).days), float((moment.day - self.time.end).days))


_EVER: Final = re.compile(
    r"^(?:and |so |but )?(?:has|have|had|did|was|were) [^?]*\bever\b|\b(?:a|ont)-(?:t-)?(?:il|elle|on)s? (?:un jour |une fois )?jamais\b"
)
"""What asks whether a thing was so at any time: "Has Beijing ever ...?"."""


_MAKES: Final = re.compile(
    r"\b(?:make|makes|made) (?:\w+ ){0,3}?(?:h\d{2,3}s?|chips?|gpus?|processors?|accelerators?)\b"
)
"""What asks of production with a verb that is too common to be looked for."""


def matter_of(text: str, lang: Lang, time: Asked | None, today: date | None, pulls: Pulls = PULLS) -> Matter:
    """Read a question as one about a state of affairs; whether something was ever so asks of no time."""
    if _EVER.search(fold(text)):
        pulls = replace(pulls, recent=0.0)
    done = frozenset(deed.matter for deed in deeds(text, lang)) | ({"make"} if _MAKES.search(fold(text)) else set())
    return Matter(
        stances(text, lang), first_actor(text, lang), time, today, pulls, deeds=done, power=who_acts(text, lang)
    )


def moments(scored: Sequence[Scored], least: float = RELEVANT_FROM) -> list[Moment]:
    """The sentences whose score reaches that share of the best one's, in their order, with what each says of time."""
    if not scored:
        return []
    best = scored[0].evidence.score
    return [_moment(one, one.evidence.score / best) for one in scored if one.evidence.score >= least * best]


def _moment(scored: Scored, share: float) -> Moment:
    found = scored.evidence
    told = told_time(found.text, found.passage.lang, known_day(found.article))
    lang = found.passage.lang
    return Moment(scored, share, told, stances(found.text, lang), who_acts(found.text, lang))


def standing(known: Sequence[Moment], matter: Matter) -> list[Moment]:
    """The same moments, those first that tell how things stood when the library last heard of them.

    A later copy of an article is no later news: copies are left out.
    """
    days = [moment.day for moment in known if moment.share >= CERTAIN_FROM and moment.day is not None]
    today = min(matter.today, max(days)) if matter.today and days else matter.today
    told = on_the_matter(known)
    most = max((moment.scored.coverage for moment in told), default=0.0) or 1.0
    spoken = max((moment.speaks for moment in told), default=0.0)
    seen = replace(matter, today=today)

    def worth(moment: Moment) -> float:
        beside = not moment.scored.named and moment.speaks < SPEAKS_FROM * spoken
        return _standing(moment, seen, moment.scored.coverage / most) - seen.pulls.beside * beside

    return sorted(told, key=worth, reverse=True)


def on_the_matter(known: Sequence[Moment]) -> list[Moment]:
    """The moments that cover or score enough of what was asked, without the copies of an article."""
    least = STATE_COVERS * max((moment.scored.coverage for moment in known), default=0.0)
    told = [moment for moment in known if moment.scored.coverage >= least or moment.share >= CERTAIN_FROM]
    return [moment for moment in told if moment.scored.evidence.article.copy_of is None] or told


def _standing(moment: Moment, matter: Matter, covers: float) -> float:
    """What a moment is worth as the state of affairs; `covers`: its share of the best coverage of the question."""
    pulls = matter.pulls
    return (
        moment.share
        + pulls.recent * min(1.0, covers / TOPICAL_FROM) * math.exp(-matter.age(moment) / FADING)
        + pulls.same_stance * bool(moment.stances & matter.stances)
        - pulls.no_stance * _takes_none(moment, matter)
        - pulls.other_power * ({matter.power, moment.actor} == POWERS)
        - pulls.unnamed * matter.naming * (not moment.scored.named or moment.scored.numbered is False)
        - pulls.hedged * (bool(matter.deeds) and moment.hedged)
        - pulls.no_number * matter.counts * (1.0 - moment.scored.features.typed)
        - pulls.no_deed * moment.misses(matter)
        + pulls.news * matter.status * (moment.opens - (not moment.stands_alone))
        + pulls.same_actor * (matter.actor is not None and moment.actor == matter.actor)
        + pulls.in_time * (matter.time is not None and matter.time.holds(moment.told))
    )


def _takes_none(moment: Moment, matter: Matter) -> bool:
    """Whether a sentence takes no position where one is asked about."""
    if matter.status:
        return not moment.stances & _POSITIONS
    return bool(matter.stances) and not moment.stances


def supersedes(newer: Moment, older: Moment) -> bool:
    """Whether a later account tells the same matter otherwise: another position on it, or another day it is expected."""
    if newer.day is None or older.day is None or newer.day <= older.day or _same_article(newer, older):
        return False
    if newer.actor != older.actor and None not in (newer.actor, older.actor):
        return False
    before, after = older.stances & _POSITIONS, newer.stances & _SETTLED or newer.stances & _POSITIONS
    postponed = "pending" in before and older.told.named != newer.told.named
    same_matter = not older.matters or not newer.matters or not older.matters.isdisjoint(newer.matters)
    return bool(before and after) and same_matter and (before.isdisjoint(after) or postponed)


def _same_article(one: Moment, other: Moment) -> bool:
    return one.scored.evidence.article.id == other.scored.evidence.article.id


def turned_round(lead: Moment, known: Sequence[Moment], matter: Matter) -> Moment | None:
    """Where the same one did the contrary of what `lead` says of the matter.

    Certain news goes before what is hedged, what speaks of more of the matter before what speaks of less.
    """
    found = [moment for moment in known if _undoes(moment, lead, matter)]
    return max(found, key=lambda one: (not one.hedged, len(one.matters & matter.deeds), one.share), default=None)


def _undoes(moment: Moment, lead: Moment, matter: Matter) -> bool:
    if not moment.scored.named or moment.actor != lead.actor or moment.stances & lead.stances & _SETTLED:
        return False
    done, told = (
        {(deed.matter, deed.done) for deed in one.deeds if deed.matter in matter.deeds} for one in (lead, moment)
    )
    stopped = "closed" in moment.stances  # "shipments are frozen" tells of none that was made
    return any((about, not so) in told and (so or not stopped) for about, so in done if (about, so) not in told)


def overtaken(lead: Moment, known: Sequence[Moment]) -> Moment | None:
    """The moment that tells what became of something `lead` only expected; None where it expected nothing."""
    if lead.stances & _POSITIONS != {"pending"}:
        return None
    settled = [
        m for m in known
        if m.share >= SETTLED_FROM and m.stances & _SETTLED and m.scored.coverage >= lead.scored.coverage * SETTLED_COVERS
        and supersedes(m, lead)
    ]  # fmt: skip
    return max(settled, key=lambda moment: moment.share, default=None)


def turns(known: Sequence[Moment], matter: Matter, most: int) -> list[Moment]:
    """The turns of a story: how things stand, and before it those that count, spread over its time, oldest first."""
    most_covered = max((moment.scored.coverage for moment in known), default=0.0)
    told = [moment for moment in known if _in_time(moment, matter.time) and _on_topic(moment, most_covered)]
    theirs = [moment for moment in told if moment.names & matter.companies]
    told = theirs if len(theirs) >= ITS_OWN else told
    ends = next(iter(standing(told, matter)), None)
    chosen = [ends] if ends else []
    left = {id(moment): (moment, _turn(moment, matter)) for moment in told if moment is not ends}
    least = WORTH_FROM * max((worth for _, worth in left.values()), default=0.0)
    while left and len(chosen) < most:
        worths = {name: worth - _told_already(one, chosen, matter.pulls) for name, (one, worth) in left.items()}
        key = max(worths, key=lambda name: worths[name])
        if worths[key] < least and len(chosen) >= FEWEST:
            break
        moment, _ = left.pop(key)
        if not any(_same_turn(moment, other) for other in chosen):
            chosen.append(moment)
    return sorted(chosen, key=lambda moment: (_told_at(moment)[0], moment is ends, _told_at(moment)))


def _on_topic(moment: Moment, most_covered: float) -> bool:
    return moment.scored.coverage >= (NAMED_COVERS if moment.scored.named else TURN_COVERS) * most_covered


def _told_at(moment: Moment) -> tuple[date, str, int]:
    """Its day, and within a day its place in its article."""
    found = moment.scored.evidence
    return moment.day or date.min, found.article.id, found.span.start


def _same_turn(one: Moment, other: Moment) -> bool:
    """Whether two moments tell one turn.

    They do with the same deeds in the same words, the same stance of one actor on a day, or the same position on the same names
    within days.
    """
    alike = one.actor == other.actor and one.stances == other.stances and _days_apart(one, other) <= 1
    position = one.stances & _POSITIONS
    retold = bool(position) and position == other.stances & _POSITIONS and _days_apart(one, other) <= RETOLD_DAYS
    repeated = one.deeds == other.deeds and one.scored.repeats(other.scored)
    return alike or repeated or (retold and bool(one.names & other.names))


def _in_time(moment: Moment, time: Asked | None) -> bool:
    return moment.day is not None and (time is None or time.names(moment.told))


def _turn(moment: Moment, matter: Matter) -> float:
    """What a moment is worth as a turn of the story."""
    pulls = matter.pulls
    return (
        moment.share
        + pulls.turn_opens * moment.opens
        + pulls.turn_stance * bool(moment.stances & matter.stances)
        + pulls.turn_actor * (matter.actor is not None and moment.actor == matter.actor)
        + pulls.turn_deed * (not matter.deeds.isdisjoint(moment.matters))
        - pulls.turn_hedged * moment.hedged
        - pulls.other_power * ({matter.power, moment.actor} == POWERS)
    )


def _told_already(moment: Moment, chosen: Sequence[Moment], pulls: Pulls) -> float:
    """What a turn loses beside those chosen."""
    heard = any(_same_article(moment, other) for other in chosen)
    return pulls.crowded * _crowding(moment, chosen) + pulls.heard * heard


def _crowding(moment: Moment, chosen: Sequence[Moment]) -> float:
    return sum(math.exp(-_days_apart(moment, other) / CROWD_DAYS) for other in chosen)


def _days_apart(one: Moment, other: Moment) -> float:
    return abs((one.day - other.day).days) if one.day and other.day else math.inf
