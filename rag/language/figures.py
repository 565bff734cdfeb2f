"""Numbers as they are written in French and English prose -> value and unit.

"400 000", "1,5 milliard", "$91.0 billion", "25 pour cent", "deux millions", "15 à 25 %"
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rag.model import Lang


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at `start`..`end` of its text. `unit`: "%", a currency sign, "gb", ...; None if there is none."""

    start: int
    end: int
    value: float
    unit: str | None = None
    scaled: bool = False
    """Whether a word such as "million" is part of it."""

    def equals(self, other: Figure) -> bool:
        """Whether both say the same. A missing currency is forgiven from a billion on: nothing else is counted so."""
        if not math.isclose(self.value, other.value, rel_tol=1e-9):
            return False
        if self.unit == other.unit:
            return True
        return None in (self.unit, other.unit) and bool({self.unit, other.unit} & _MONEY) and self.value >= 1e9


_MONEY: Final = frozenset("$€£¥")
_SCALES: Final[Mapping[str, float]] = {
    "million": 1e6, "millions": 1e6, "milliard": 1e9, "milliards": 1e9, "billion": 1e9, "billions": 1e9,
    "trillion": 1e12, "trillions": 1e12, "bn": 1e9, "md": 1e9, "mds": 1e9, "mrd": 1e9, "tn": 1e12, "k": 1e3,
    "m": 1e6, "b": 1e9, "thousand": 1e3, "hundred": 1e2, "mille": 1e3,
}  # fmt: skip
_UNITS: Final[Sequence[tuple[str, re.Pattern[str]]]] = tuple(
    (unit, re.compile(pattern))
    for unit, pattern in (
        ("%", r"[  -]?(?:%|(?:pour|per)[ -]cent\b|percent\b|pct\b)"),
        ("$", r" ?(?:(?:de |d'|us |american )?(?:us )?(?:dollars?\b|usd\b)|\$)"),
        ("€", r" ?(?:(?:de |d')?euros?\b|€|eur\b)"),
        ("¥", r" ?(?:(?:de |d')?(?:yuans?|rmb|renminbi)\b|¥)"),
        ("£", r" ?(?:(?:de )?livres sterling\b|£|pounds?\b)"),
        ("tb/s", r" ?(?:tb/s|to/s|tbps)\b"),
        ("gb", r" ?(?:gb|go|gigabytes?|gigaoctets?)\b"),
        ("tb", r" ?(?:tb|terabytes?|teraoctets?)\b"),
        ("nm", r" ?(?:nm|nanometres?|nanometers?)\b"),
        ("w", r" ?(?:w|watts?)\b"),
    )
)
_SIGN: Final = re.compile(r"(?:us ?)?(?P<sign>[$€£¥]) ?$")
_DIGITS: Final = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:[ .]\d{3})+(?![\d]|[.,]\d)|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?)"
)
_TENS: Final[Mapping[Lang, str]] = {
    "fr": "zero . deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
}
_ROUND: Final[Mapping[Lang, Mapping[str, int]]] = {
    "fr": {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60},
    "en": {
        "twenty": 20,
        "thirty": 30,
        "forty": 40,
        "fifty": 50,
        "sixty": 60,
        "seventy": 70,
        "eighty": 80,
        "ninety": 90,
    },
}
_ONES: Final[Mapping[Lang, Mapping[str, int]]] = {
    lang: {word: value for value, word in enumerate(words.split()) if word != "."} | dict(_ROUND[lang])
    for lang, words in _TENS.items()
}
_MULTIPLES: Final[Mapping[Lang, Mapping[str, float]]] = {
    "fr": {"cent": 100, "cents": 100, "mille": 1e3, "million": 1e6, "millions": 1e6, "milliard": 1e9, "milliards": 1e9},
    "en": {
        "hundred": 100,
        "thousand": 1e3,
        "million": 1e6,
        "billion": 1e9,
        "trillion": 1e12,
        "millions": 1e6,
        "billions": 1e9,
    },
}
_A: Final[Mapping[Lang, frozenset[str]]] = {"fr": frozenset({"un", "une"}), "en": frozenset({"a", "an", "one"})}
_WORD: Final = re.compile(r"[^\W\d_]+")
_JOINT: Final = re.compile(r"\s?(?:-|–|\ba\b|\bto\b|\bet\b|\band\b|\bthrough\b)\s?")


def find_figures(text: str, plain: str, lang: Lang) -> list[Figure]:
    """The numbers of a text, in order and disjoint. `plain`: the text folded, character by character."""
    digits = [_with_unit(text, plain, figure) for figure in _in_digits(plain, lang)]
    words = [_with_unit(text, plain, figure) for figure in _in_words(plain, lang)]
    free = [w for w in words if not any(w.start < d.end and d.start < w.end for d in digits)]
    disjoint: list[Figure] = []
    for figure in sorted([*digits, *free], key=lambda figure: figure.start):
        if not disjoint or figure.start >= disjoint[-1].end:  # the "cent" of "pour cent" is taken already
            disjoint.append(figure)
    return _ranges(plain, disjoint)


def _in_digits(plain: str, lang: Lang) -> Iterator[Figure]:
    for match in _DIGITS.finditer(plain):
        after = plain[match.end() : match.end() + 1]
        value, end, scaled = _value(match.group(), lang), match.end(), False
        for scale in re.finditer(r"[ -]?([a-z]+)\b", plain[end : end + 12]):
            if scale.start() == 0 and scale.group(1) in _SCALES and _glued_well(scale, plain, match.start()):
                value, end, scaled = value * _SCALES[scale.group(1)], end + scale.end(), True
            break
        if after.isalpha() and not scaled and not any(unit.match(plain, end) for _, unit in _UNITS):
            continue  # 910c is a name
        yield Figure(match.start(), end, value, None, scaled)


def _glued_well(scale: re.Match[str], plain: str, start: int) -> bool:
    """'5k', '5 bn' and '$5m' are scaled; '5 k' and '5m' are not."""
    name, glued = scale.group(1), scale.group()[0].isalpha()
    return len(name) > 1 or (glued and (name == "k" or bool(_SIGN.search(plain[:start]))))


def _value(written: str, lang: Lang) -> float:
    digits = written.replace(" ", "")
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", digits):
        return float(digits.replace(",", ""))
    grouped = r"[1-9]\d{0,2}(?:\.\d{3})+" if lang == "fr" else r"[1-9]\d{0,2}(?:\.\d{3}){2,}"
    if re.fullmatch(grouped, digits):
        return float(digits.replace(".", ""))
    return float(digits.replace(",", "."))


def _in_words(plain: str, lang: Lang) -> Iterator[Figure]:
    """Numbers spelled out: runs of number words with nothing but a space or hyphen between them."""
    run: list[re.Match[str]] = []
    known = _ONES[lang].keys() | _MULTIPLES[lang].keys()
    for word in _WORD.finditer(plain):
        joined = bool(run) and plain[run[-1].end() : word.start()] in (" ", "-")
        if word.group() in known and (joined or not run):
            run.append(word)
            continue
        yield from _spelled(run, lang)
        run = [word] if word.group() in known or word.group() in _A[lang] else []
    yield from _spelled(run, lang)


def _spelled(run: Sequence[re.Match[str]], lang: Lang) -> Iterator[Figure]:
    words = [match.group() for match in run]
    counted = words[1:] if words and words[0] in _A[lang] else words
    if not counted:
        return
    if counted[0] in _MULTIPLES[lang] and counted is words and counted[0] not in ("cent", "mille"):
        return  # "several hundred thousand" names no number
    yield Figure(run[0].start(), run[-1].end(), _sum(counted, lang), None, counted[-1] in _SCALES)


def _sum(words: Sequence[str], lang: Lang) -> float:
    total = current = 0.0
    for word in words:
        if word in _ONES[lang]:
            value = _ONES[lang][word]
            current = 80 if value == 20 and current == 4 else current + value
        elif _MULTIPLES[lang][word] == 100:
            current = max(current, 1) * 100
        else:
            total = (total + max(current, 0 if total else 1)) * _MULTIPLES[lang][word]
            current = 0
    return total + current


def _with_unit(text: str, plain: str, figure: Figure) -> Figure:
    """The figure with the sign before it or the unit after it, which it then covers."""
    sign = _SIGN.search(plain[: figure.start])
    if sign:
        return replace(figure, start=sign.start(), unit=sign["sign"])
    if plain[figure.end :].startswith(" to") and text[figure.end : figure.end + 3] == " To":
        plain = f"{plain[: figure.end]} tb{plain[figure.end + 3 :]}"  # a terabyte, not the English word
    for unit, pattern in _UNITS:
        if match := pattern.match(plain, figure.end):
            return replace(figure, end=match.end(), unit=unit)
    return figure


def _ranges(plain: str, figures: Sequence[Figure]) -> list[Figure]:
    """In "15 à 25 %" the first number is a percentage too, in "5 à 10 milliards" a number of billions."""
    result = list(figures)
    for at in range(len(result) - 1):
        first, second = result[at], result[at + 1]
        if not _JOINT.fullmatch(plain[first.end : second.start]):
            continue
        if first.unit is None and second.unit is not None:
            first = replace(first, unit=second.unit)
        if second.scaled and not first.scaled and first.value < 1000 and first.unit == second.unit:
            first = replace(first, value=first.value * _scale_of(second))
        result[at] = first
    return result


def _scale_of(figure: Figure) -> float:
    return max(scale for scale in (1e3, 1e6, 1e9, 1e12) if figure.value >= scale)
