"""Puts the names of a new question in the place of their likes in an earlier one: "Et Tencent ?" for ByteDance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rag.ask.fragments import STANCE, Part
from rag.ask.rewriting import Lead, extended, is_adnominal, lead, led, swap
from rag.language.mentions import Family, Mention, mentions
from rag.language.normalize import fold
from rag.model import Lang


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question, complete in itself."""

    text: str
    lang: Lang
    kind: str


_ACTING: Final[frozenset[Family]] = frozenset({"company", "person", "place"})
_LOOSE: Final = frozenset({"pour", "for", "chez", "concernant", "avec", "with"})
"""Prepositions that only introduce the new name: "Et pour Tencent ?"."""
_CITING: Final = frozenset({"selon", "d'après", "according to"})
_PLACING: Final = frozenset({"à", "en", "dans", "vers", "in", "at", "to", "de", "from", "into"})


def swapped(parts: Sequence[Part], turns: Sequence[Turn]) -> Turn | None:
    """The latest earlier question in which each new name has a place; None if one has none."""
    for turn in reversed(turns):
        found = _with_names(parts, turn)
        if found is not None:
            return found
        if not all(part.mention.family in ("company", "product", "outlet") for part in parts):
            return None
    return None


def _with_names(parts: Sequence[Part], turn: Turn) -> Turn | None:
    text = turn.text
    for part in parts:
        slot = _slot(part, text, turn.lang)
        if slot is None and part.mention.family == "date":
            led_by = led(part.lead.preposition, part.lead.article, part.mention.text, turn.lang)
            text = extended(text, " " + led_by, turn.lang)
        elif slot is None:
            return None
        else:
            text = swap(text, slot, part.mention, _given(part, slot), turn.lang)
    return replace(turn, text=text)


def _given(part: Part, slot: Mention) -> Lead:
    """What the new name brings along: not the preposition that only introduced it, nor "des" of a number of things."""
    if (part.lead.preposition, part.lead.article) == ("de", "les"):
        return replace(part.lead, preposition="", article="")
    keep = part.mention.family in ("date", "outlet") or part.lead.preposition not in _LOOSE | _CITING
    return part.lead if keep and slot.family == part.mention.family else replace(part.lead, preposition="")


def _slot(part: Part, text: str, lang: Lang) -> Mention | None:
    """The name of a question that a new one takes the place of: the likest, the first of those."""
    named = [m for m in mentions(text, lang) if not (m.family == "date" and is_adnominal(text, m, lang))]
    new = part.mention
    if any(m.text.lower() == new.text.lower() for m in named):
        return None
    if part.lead.preposition in _CITING and not _may_cite(new, text):
        named = [m for m in named if lead(text, m.span.start, lang).preposition in _CITING]
    elif part.lead.preposition in _PLACING and new.family in ("place", "company"):
        named = [m for m in named if lead(text, m.span.start, lang).preposition in _PLACING]
    # "Quelles banques ?" asks for names: no name takes the place of the banks.
    named = [
        m for m in named if m.family != "group" or new.family == "group" or not _ASKED_FOR.search(text[: m.span.start])
    ]
    scored = [(_likeness(new, m), -at, m) for at, m in enumerate(named)]
    best = max(scored, key=lambda found: found[:2], default=None)
    return best[2] if best and best[0] else None


_ASKED_FOR: Final = re.compile(r"\b(?:quel(?:le)?s?|combien de|which|what|how many) $", re.IGNORECASE)


def _may_cite(new: Mention, text: str) -> bool:
    """Whether "selon Washington" asks the same of Washington: after "Que veut Pékin ?" it does."""
    return new.family in _ACTING and STANCE.search(fold(text)) is not None


def _likeness(new: Mention, old: Mention) -> int:
    """3 for the same sort, 2 for the same family, 1 for a group that a name belongs to, 0 for no likeness."""
    if new.family == old.family:
        return 3 if new.sort == old.sort else 2
    return 1 if {new.family, old.family} == {"company", "group"} else 0
