"""Words run together or torn apart -> as they are written: 'byte dance', 'h 200', 'h200chips', 'deepseekv3', 'linfo'."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Final

from rag.language.dictionary import is_strange
from rag.language.mentions import is_named, is_unknown, listed_names
from rag.language.normalize import fold
from rag.model import Lang

SHORTEST: Final = 6
"""Letters of a name from which it is known without its space, or with one too many."""
_CHIP_APART: Final = re.compile(
    r"(?<![\w-])(?<!\d )(?P<letters>[hb]|mi(?=[ -]3))[ -](?P<number>20|100|[238]00|3\d\d)(?P<end>[a-z]?s?)(?!\w)",
    re.IGNORECASE,
)
"""A chip whose letters stand apart: "h 200"; no hour of the day ("20 h 20"), and no middle of a year ("mi-2025")."""
_CHIP_JOINED: Final = re.compile(r"(?<![\w-])(?P<chip>[a-zA-Z]{1,2}\d{1,4})(?P<word>[a-z]{3,}|[A-Z]{3,})(?![\w-])")
_VERSION_JOINED: Final = re.compile(r"(?<![\w-])(?P<word>[a-z]{4,})(?P<version>v\d+)(?!\w)", re.IGNORECASE)
_APOSTROPHE: Final = re.compile(
    r"(?<![\w'’.&-])(?P<article>[Qq]u|[ldnsjLDNSJ]) (?P<word>[aeiouyhéèêâî][^\W\d_]{2,})(?![\w'’-])"
)
"""A space in the place of an apostrophe: "l autorisation"."""
_ELIDED: Final = re.compile(
    r"(?<![\w'’-])(?P<article>qu|[ldnsmtcj])(?P<word>[aeiouyhéèêâî][^\W\d_]{2,})(?![\w'’-])", re.IGNORECASE
)


def spaced(text: str, lang: Lang) -> str:
    """The text with its names in one piece, and apart from the words next to them."""
    written = _CHIP_APART.sub(lambda match: f"{match['letters'].upper()}{match['number']}{match['end']}", text)
    written = _CHIP_JOINED.sub(r"\g<chip> \g<word>", written)
    written = _VERSION_JOINED.sub(r"\g<word> \g<version>", written)
    written = _respaced().sub(_in_one_piece, written)
    if lang == "fr":
        written = _ELIDED.sub(_elision, _APOSTROPHE.sub(r"\g<article>'\g<word>", written))
    return written


def _in_one_piece(match: re.Match[str]) -> str:
    """The name in its usual spelling; one with a capital inside is a spelling of its own: JPMorgan."""
    typed = match.group()
    return typed if " " not in typed and any(map(str.isupper, typed[1:])) else _names()[_key(typed)]


def _elision(match: re.Match[str]) -> str:
    """Where the whole is no word and what follows the letter is one: "dacheteurs" -> "d'acheteurs"."""
    whole, word = match.group(), match["word"]
    known = is_named(whole) or is_unknown(word, "fr") or not is_strange(whole)
    return whole if known else f"{match['article']}'{word}"


def _key(name: str) -> str:
    return re.sub(r"[ -]", "", fold(name))


@cache
def _names() -> dict[str, str]:
    """The names of the list by their letters alone, those that are long enough to be told so."""
    return {_key(name): name for name in listed_names() if len(_key(name)) >= SHORTEST}


@cache
def _respaced() -> re.Pattern[str]:
    """What is such a name with other spaces than its own."""
    ways = [way for name in _names().values() for way in _other_ways(name)]
    return re.compile(
        rf"(?<![\w-])(?:{'|'.join(sorted(map(re.escape, ways), key=len, reverse=True))})(?![\w-])", re.IGNORECASE
    )


def _other_ways(name: str) -> list[str]:
    """How a name is written with another space: "Byte Dance", "JensenHuang"."""
    if " " in name:
        return [name.replace(" ", "")]
    seams = [at for at, (one, two) in enumerate(pairwise(name), 1) if one.islower() and two.isupper()]
    parts = [name[start:end] for start, end in pairwise([0, *seams, len(name)])]
    return [" ".join(parts), "-".join(parts)] if seams else []
