"""Does a statement say it? Statement + alias -> yes or no, as a careful reader would decide.

Words meet at token boundaries, accents, plurals and elisions aside; numbers by value and unit; dates by the days they
stand for, reckoned from the article's own; and a statement that denies something does not say it.
How often this agrees with labels given by hand: `python -m evals pairs`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from evals.reading import Token, read, stem
from rag.model import Lang

NuggetType = Literal["text", "number", "date", "entity"]

GAP: Final = 2
"""Words that may stand between those of an alias of three words or more: "approuvé ce matin un premier lot"."""
_REACH: Final = 8
"""Words to the left in which a negation still governs, inside one clause."""
_SHORT_REACH: Final = 3


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


_NEGATIONS: Final = _stems("pas jamais aucun aucune nul nulle rien ni non guere not never no neither nor none nothing")
_NOT: Final = _stems("not pas non")
_COPULAS: Final = _stems("est sont etait etaient is are was were be")
_NEAR_NEGATIONS: Final = _stems("sans without")
_DENIALS: Final = _stems(
    "dement dementi dementit dementent nie nient refus refuse refusent refusait refusaient denied denies deny refused "
    "fail failed fails faux fausse false loin"
)
_AFFIRMED: Final = tuple(
    tuple(stem(word) for word in phrase.split())
    for phrase in (
        "not only", "not just", "not least", "not surprisingly", "no doubt", "no less", "no fewer", "no later",
        "pas seulement", "non seulement", "pas moins", "aucun doute", "sans doute", "sans surprise", "sans precedent",
    )
)  # fmt: skip
_TURNS: Final = _stems("mais but et and tandis while although alors whereas puis then because car parce puisque")
_PREPOSITIONS: Final = _stems("le la les de d on in at a en the by to of pour for")


@dataclass(frozen=True, slots=True)
class Said:
    """A statement to look into: its text, its language, and the day its article was published."""

    text: str
    lang: Lang
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an alias stands among the tokens of a statement, end-exclusive."""

    start: int
    end: int


def holds_any(said: Said, aliases: Mapping[Lang, Sequence[str]], type_: NuggetType) -> bool:
    """Whether the statement says one of the aliases, in either language."""
    return any(holds(said, alias, lang, type_) for lang, group in aliases.items() for alias in group)


@lru_cache(maxsize=200_000)
def holds(said: Said, alias: str, alias_lang: Lang, type_: NuggetType = "text") -> bool:
    """Whether the statement says the alias."""
    for with_dates in (False,) if type_ == "number" else (True, False):
        text = read(said.text, said.lang, said.day, with_dates=with_dates)
        wanted = _content(read(alias, alias_lang, None, with_dates=with_dates))
        if wanted and any(not _denied(text, place, wanted, type_) for place in _places(text, wanted, type_)):
            return True
    return False


def _content(tokens: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if token.sort not in ("clause", "break"))


# --- where -------------------------------------------------------------------------------------------------------


def _places(text: Sequence[Token], wanted: Sequence[Token], type_: NuggetType) -> Iterator[Place]:
    """Every place where the alias stands."""
    if type_ == "entity" and len(names := _enumeration(wanted)) > 1:
        yield from _all_in_one_sentence(text, names)
    if type_ in ("entity", "number"):
        wanted = [token for token in wanted if token.stem not in ("de", "of")]
    gap = GAP if len(wanted) >= 3 and type_ in ("text", "date") else 0
    for start, token in enumerate(text):
        if token.sort in ("clause", "break"):
            continue
        end = _follow(text, start, wanted, gap, loose=type_ in ("entity", "number"))
        if end is None:
            end = _follow_joined(text, start, wanted)
        if end is not None:
            yield Place(start, end)


def _follow(text: Sequence[Token], start: int, wanted: Sequence[Token], gap: int, *, loose: bool) -> int | None:
    """Where the alias ends if it begins at `start`, passing over commas and at most `gap` words."""
    at, left = start, gap
    for number, token in enumerate(wanted):
        while at < len(text) and not _same(token, text[at]):
            passable = text[at].sort == "clause" or (loose and text[at].stem in ("de", "of"))
            if number == 0 or text[at].sort == "break":
                return None
            if not passable:
                if not left or text[at].sort != "word" or text[at].stem in _NEGATIONS:
                    return None
                left -= 1
            at += 1
        if at == len(text):
            return None
        at += 1
    return at


def _follow_joined(text: Sequence[Token], start: int, wanted: Sequence[Token]) -> int | None:
    """Where the alias ends if only spaces and hyphens differ: 'start-up' and 'startups', 'MI308' and 'MI 308'."""
    goal = "".join(token.written for token in wanted)
    if not re.search(r"[^\W\d]", goal) or any(token.sort != "word" for token in wanted):
        return None
    joined = ""
    for at in range(start, min(start + 5, len(text))):
        if text[at].sort not in ("word", "number") or text[at].dated:
            return None
        joined += text[at].written
        if joined in (goal, f"{goal}s"):
            return at + 1
        if not goal.startswith(joined):
            return None
    return None


def _same(wanted: Token, token: Token) -> bool:
    if wanted.sort != token.sort:
        return False
    if wanted.days and token.days:
        return wanted.days[0] <= token.days[0] and token.days[1] <= wanted.days[1]
    if wanted.figure and token.figure:
        return wanted.figure.equals(token.figure) and wanted.dated == token.dated
    return wanted.stem == token.stem and wanted.sort == "word"


def _enumeration(wanted: Sequence[Token]) -> list[list[Token]]:
    """The names of a list such as "ByteDance, Alibaba et Tencent"; commas are gone, so one word is one name."""
    parts: list[list[Token]] = [[]]
    for token in wanted:
        if token.stem in ("et", "and"):
            parts.append([])
        else:
            parts[-1].append(token)
    if len(parts) < 2 or not all(parts):
        return []
    return [[token] for token in parts[0]] + parts[1:]


def _all_in_one_sentence(text: Sequence[Token], names: Sequence[Sequence[Token]]) -> Iterator[Place]:
    """The stretch from the first to the last of the names, where one sentence has them all."""
    start = 0
    for stop in [*(at for at, token in enumerate(text) if token.sort == "break"), len(text)]:
        ends = [
            next((end for at in range(start, stop) if (end := _follow(text, at, name, 0, loose=False))), None)
            for name in names
        ]
        if all(end is not None and end <= stop for end in ends):
            first = min(end - len(name) for end, name in zip(ends, names, strict=True) if end is not None)
            yield Place(first, max(end for end in ends if end is not None))
        start = stop + 1


# --- denied? -----------------------------------------------------------------------------------------------------


def _denied(text: Sequence[Token], place: Place, wanted: Sequence[Token], type_: NuggetType) -> bool:
    """Whether the statement says the alias only to deny it."""
    left = _clause_before(text, place.start)
    if type_ != "text":
        near = [stem for stem in left if stem not in _PREPOSITIONS][-(2 if type_ == "entity" else 1) :]
        return any(stem in _NEGATIONS for stem in near)
    if any(stem in _DENIALS for stem in left[-_SHORT_REACH:]):
        return True
    if any(token.stem in _NEGATIONS or token.stem == "ne" for token in wanted):
        return bool(left) and left[-1] in _NOT
    if any(stem in _NEAR_NEGATIONS for stem in left[-_SHORT_REACH - 1 :]):
        return True
    if text[place.start].definite:
        return len(left) > 1 and left[-2] in _COPULAS and left[-1] in _NOT  # "n'accepte pas les conditions" has them
    return any(stem in _NEGATIONS for stem in left) or _ne(text, place, left)


def _ne(text: Sequence[Token], place: Place, left: Sequence[str]) -> bool:
    """Whether a French "ne" governs the alias: "n'est plus", "ne suspend pas", but not "n'est autorisée que"."""
    if "ne" not in left:
        return False
    after = _clause_after(text, place.end)
    return not ("que" in after[:_SHORT_REACH] or "que" in left[left.index("ne") :])


def _clause_before(text: Sequence[Token], start: int) -> list[str]:
    """The words of the clause to the left, at most `_REACH` of them, phrases that deny nothing left out."""
    words: list[str] = []
    for token in reversed(text[:start]):
        if token.sort in ("clause", "break") or token.stem in _TURNS:
            break
        words.insert(0, token.stem)
    return _without_affirmed(words)[-_REACH:]


def _clause_after(text: Sequence[Token], end: int) -> list[str]:
    words = []
    for token in text[end:]:
        if token.sort in ("clause", "break"):
            break
        words.append(token.stem)
    return words


def _without_affirmed(words: Sequence[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(words):
        phrase = next((p for p in _AFFIRMED if tuple(words[at : at + len(p)]) == p), ())
        kept += [] if phrase else [words[at]]
        at += len(phrase) or 1
    return kept
