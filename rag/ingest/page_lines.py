"""Reads a raw web page line by line: page text -> lines, each with what it looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.language.dates import ANY_DAY, find_dates, parse_day
from rag.language.normalize import fold, fold_aligned, normalize, strip_accents_aligned
from rag.language.sentences import split_sentences
from rag.language.vocabulary import read_rows
from rag.model import Lang

# Noise is short: a longer line is prose whatever it begins with. In words.
_LONGEST_NOISE = {"cookie": 120, "disclaimer": 150, "update_note": 60, "advert": 45, "caption": 50}
_LONGEST_OTHER_NOISE = 40
# Kinds that are labels: a line of these that is a longer sentence, with its full stop, is prose. In words.
_LONGEST_LABEL_SENTENCE = 14
_NEVER_PROSE = frozenset({"cookie", "disclaimer", "update_note", "advert", "copyright"})

_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
_SENTENCE_END = re.compile(r"[.!?…][\s»”\"’')\]]*$|[»”]$")
_BULLET = re.compile(r"^(?:[-–—•*▪◦·‣■]|\d{1,2}[.)])\s+")
_GLUED = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]")
_TIME = re.compile(
    r"\b\d{1,2}\s?[h:]\s?\d{2}(?::\d{2})?(?:\s?(?:am|pm|utc|gmt|cet|cest|est|edt|et|hkt))?\b|\b\d{1,2}\s?h\b"
)
_PUBLISHED_CUE = re.compile(
    r"\b(?:publie[es]{0,2}|published|posted|post(?:e|ed)? le|mis en ligne|date|parution|paru)\b"
)
_UPDATED_CUE = re.compile(r"\b(?:mise? a jour|modifie|actualise|updated|modified)\b")
_BYLINE_START = re.compile(r"(?:par|by)\b")
_DATE_LINE_WORDS = re.compile(
    r"\b(?:le|la|a|au|on|at|the|il y a|de|et|par|by|last|modified|article|redaction|temps|lecture|read|min|minutes?|"
    r"vues?|views?|partages?|shares?|commentaires?|comments?|heure|paris|local)\b|[^\w\s]|\b\d+\b"
)
# A hard-wrapped page breaks its lines at about this many characters.
_WRAP = range(45, 105)
_LANGS: tuple[Lang, ...] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: its text and, for a line that is not the article's, the kind of noise it is."""

    text: str
    opens_paragraph: bool
    noise: str | None
    words: int
    is_date: bool

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a sentence or more, rather than a heading or a label."""
        if self.noise or self.is_date:
            return False
        return self.words >= 30 or (self.words >= 4 and bool(_SENTENCE_END.search(self.text)))

    @property
    def is_bullet(self) -> bool:
        """Whether it is an item of a list."""
        return bool(_BULLET.match(self.text))

    @property
    def is_heading_like(self) -> bool:
        """Whether it could be a title: at least one letter, no noise, no full stop at its end."""
        return not (self.noise or self.is_date or self.is_bullet) and bool(re.search(r"[^\W\d_]", self.text))


def read_lines(page: str) -> list[Line]:
    """The lines of a raw page, normalized; a paragraph broken at a fixed width is one line again."""
    lines: list[Line] = []
    for paragraph in normalize(page).split("\n\n"):
        parts = [part for part in paragraph.split("\n") if part]
        if _is_wrapped(parts):
            parts = [" ".join(parts)]
        lines.extend(_line(part, opens_paragraph=index == 0) for index, part in enumerate(parts))
    return lines


def _is_wrapped(parts: list[str]) -> bool:
    """Whether all lines but the last break at a fixed width, at least one of them inside a sentence."""
    full = parts[:-1]
    if not full or not all(len(part) in _WRAP for part in full) or len(parts[-1]) >= _WRAP.stop:
        return False
    starts_low = any(part[0].islower() for part in parts[1:])
    return starts_low and bool(_SENTENCE_END.search(parts[-1])) and max(map(len, full)) - min(map(len, full)) <= 30


def _line(text: str, *, opens_paragraph: bool) -> Line:
    words = len(_WORD.findall(text))
    noise = noise_kind(text, words)
    is_date = noise in (None, "byline") and is_date_line(text)
    return Line(text, opens_paragraph, None if is_date else noise, words, is_date)


def noise_kind(text: str, words: int) -> str | None:
    """The kind of noise a whole line is, by the vocabulary in `language/data/noise.tsv`; None for anything else."""
    if words > max(_LONGEST_NOISE.values()):
        return None
    plain = strip_accents_aligned(text)
    for kind, pattern in _noise():
        if words > _LONGEST_NOISE.get(kind, _LONGEST_OTHER_NOISE) or not pattern.fullmatch(plain):
            continue
        if text.endswith(".") and words > _LONGEST_LABEL_SENTENCE and kind not in _NEVER_PROSE:
            continue
        return kind
    return "menu" if _is_glued_menu(text) or not words else None


@lru_cache(maxsize=1)
def _noise() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in read_rows("noise.tsv"))


def _is_glued_menu(text: str) -> bool:
    """Menu entries run together, as in "MarchésTradingFuturesEarn"."""
    return not _SENTENCE_END.search(text) and any(len(_GLUED.findall(word)) >= 3 for word in text.split())


def is_date_line(text: str) -> bool:
    """Whether a line only says when (and by whom) the page was published."""
    if len(text.split()) > 25 or text.endswith("."):
        return False
    # Any reference will do: the question is only which characters are a date.
    spans = [dated.span for lang in _LANGS for dated in find_dates(text, lang, ANY_DAY)]
    impossible = _names_impossible_day(text)
    if not spans and not impossible:
        return False
    rest = "".join(" " if any(s.start <= i < s.end for s in spans) else c for i, c in enumerate(text))
    plain = _TIME.sub(" ", fold(rest))
    cued = has_cue(text) or has_time(text) or bool(_BYLINE_START.match(fold(text)))
    left = _DATE_LINE_WORDS.sub(" ", _UPDATED_CUE.sub(" ", _PUBLISHED_CUE.sub(" ", plain))).split()
    return len(left) <= (6 if cued else 1)


def _names_impossible_day(text: str) -> bool:
    try:
        parse_day(text)
    except ValueError:
        return True
    return False


def has_cue(text: str) -> bool:
    """Whether a line says that something was published or updated."""
    plain = fold(text)
    return bool(_PUBLISHED_CUE.search(plain) or _UPDATED_CUE.search(plain))


def says_published(text: str) -> bool:
    """Whether a line says that something was published, not merely updated, or has a date alone."""
    plain = fold(text)
    return bool(_PUBLISHED_CUE.search(plain)) or not _UPDATED_CUE.search(plain)


def published_at(text: str) -> int:
    """Where a date line says "publié", as an offset; 0 where it does not."""
    match = _PUBLISHED_CUE.search(fold_aligned(text))
    return match.start() if match else 0


def has_time(text: str) -> bool:
    """Whether a line gives a time of day."""
    return bool(_TIME.search(fold(text)))


def is_one_sentence(text: str, lang: Lang = "fr") -> bool:
    """Whether a line holds no more than one sentence."""
    return len(split_sentences(text, lang)) <= 1
