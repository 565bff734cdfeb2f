"""Numbers as they are typed in haste -> as articles write them: '400k' -> '400 000', '2M', '15pct', '2eme', 'q1 fy27'."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from rag.language.dates import ANY_DAY, find_dates
from rag.model import Lang, Span

Write = Callable[[re.Match[str]], str]

_SCALES: Final = (
    (r"m(?! ?(?:de |long|high|wide|cable|c[âa]ble))|mn|mln|mio", {"fr": "millions", "en": "million"}),
    (r"b|bn|bln|mds?|mrds?", {"fr": "milliards", "en": "billion"}),
    (r"tn|trn", {"fr": "billions", "en": "trillion"}),
)
_NUMBER: Final = r"(?<![\w.,-])(?P<number>\d{1,9}(?:[.,]\d{1,3})?)"
_THOUSANDS: Final = re.compile(rf"(?!(?:4|8|10)K\b){_NUMBER}[kK](?![\w'’-])")
"""Not a 10-K of the stock exchange, and no 4K picture."""
_SCALED: Final = tuple(
    (re.compile(rf"{_NUMBER}(?:{ends})(?![\w'’-])", re.IGNORECASE), words) for ends, words in _SCALES
)
_PERCENT: Final = re.compile(rf"{_NUMBER}(?:pc| ?(?:pct|pcent|pourcents?))(?!\w)", re.IGNORECASE)
_PERIOD: Final = r"(?! ?(?:trim|quarter|sem|half))"
"""Not before a part of the year, which is read as it is."""
_ORDINAL: Final[dict[Lang, re.Pattern[str]]] = {
    "fr": re.compile(
        rf"(?<![\w-])(?P<rank>[1-3])(?P<end>ers?|[eè]res?|nde?s?|(?:i?[eè]me|e)s?)\b{_PERIOD}", re.IGNORECASE
    ),
    "en": re.compile(rf"(?<![\w-])(?<!the )(?P<rank>[1-3])(?:st|nd|rd)\b{_PERIOD}", re.IGNORECASE),
}
_RANKS: Final[dict[Lang, tuple[str, str, str]]] = {
    "fr": ("premier", "deuxième", "troisième"),
    "en": ("first", "second", "third"),
}
_QUARTER: Final[dict[Lang, re.Pattern[str]]] = {
    "fr": re.compile(
        r"(?<![\w-])(?:q|(?:(?<=\bau )|(?<=\bdu )|(?<=\ble )|(?<=\ben )|(?<=tats ))t|t(?=[1-4] 20\d\d))(?P<rank>[1-4])(?![\w'’-])",
        re.IGNORECASE,
    ),
    "en": re.compile(r"(?<![\w-])q(?P<rank>[1-4])(?![\w'’-])", re.IGNORECASE),
}
"""A T4 without more is a graphics card."""
_QUARTERS: Final[dict[Lang, tuple[str, ...]]] = {
    "fr": ("premier trimestre", "deuxième trimestre", "troisième trimestre", "quatrième trimestre"),
    "en": ("first quarter", "second quarter", "third quarter", "fourth quarter"),
}
_FISCAL: Final = re.compile(r"(?<![\w-])fy ?(?:20)?(?P<year>\d\d)(?![\w-])", re.IGNORECASE)
_FISCAL_YEAR: Final[dict[Lang, str]] = {"fr": "exercice 20", "en": "fiscal 20"}


def in_full(text: str, lang: Lang) -> str:
    """The text with its shortened numbers, ranks and quarters written out; what is no shorthand stays as it is."""
    written = _THOUSANDS.sub(lambda match: _thousands(match["number"], lang), text)
    for pattern, words in _SCALED:
        written = pattern.sub(lambda match, word=words[lang]: f"{match['number']} {word}", written)  # type: ignore[misc]
    written = _PERCENT.sub(lambda match: f"{match['number']}%", written)
    days = [found.span for found in find_dates(written, lang, ANY_DAY)]
    written = _ORDINAL[lang].sub(lambda match: match.group() if _is_day(match, days) else _rank(match, lang), written)
    written = _QUARTER[lang].sub(lambda match: _QUARTERS[lang][int(match["rank"]) - 1], written)
    return _FISCAL.sub(lambda match: _FISCAL_YEAR[lang] + match["year"], written)


def _thousands(number: str, lang: Lang) -> str:
    whole = round(float(number.replace(",", ".")) * 1000)
    return f"{whole:,}".replace(",", " ") if lang == "fr" else f"{whole:,}"


def _is_day(match: re.Match[str], days: Sequence[Span]) -> bool:
    """Whether a rank is that of a day or a quarter, which is read as it is ("March 3rd"), or alone behind an article ("le 1er")."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    dated = any(day.start <= match.start() < day.end for day in days)
    return dated or (before.lower().endswith("le ") and not re.match(r" \w", after))


def _rank(match: re.Match[str], lang: Lang) -> str:
    rank, end = int(match["rank"]), match.groupdict().get("end", "").lower()
    if lang == "fr" and rank == 1:
        return {"er": "premier", "ers": "premiers"}.get(end, "premières" if end.endswith("s") else "première")
    return _RANKS[lang][rank - 1]
