"""Finds the title of a raw page: its lines -> the title, where the header ends, what the header tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.ingest.page_lines import Line, has_time, is_one_sentence
from rag.language.normalize import fold
from rag.language.sentences import split_sentences
from rag.model import Lang

_LONGEST_TITLE_WORDS = 40
_SHORTENED_TITLE_CHARACTERS = 90
# A strong header (a repeated title, or a title followed by a date) may stand below a banner: lines looked at.
_HEADER_LINES = 40
_BANNER_WORDS = 30
_SITE_MARK = re.compile(r"\s+[|–—-]\s+(?P<site>[^|–—]{2,40})$")


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above an article: its title (None: no line is one), the site named with it, its own lines."""

    title: str | None
    site: str | None
    above: int
    """Lines before this index are the site's navigation."""
    title_lines: frozenset[int]


def read_header(lines: Sequence[Line]) -> Header:
    """The title and what stands above it."""
    found = _repeated_title(lines) or _title_before_date(lines) or _title_before_prose(lines)
    if found is None:
        return Header(None, None, 0, frozenset())
    title, site = _without_site(lines[found].text, lines)
    same = frozenset(index for index, line in enumerate(lines) if _holds(line, title))
    above = max((index for index in same if index <= found + 3), default=found)
    return Header(title, site or _site_beside(title, lines, same), above, same | {found})


def shortened(text: str, lang: Lang) -> str:
    """The first sentence of a text, cut between two words where it is too long for a title."""
    spans = split_sentences(text, lang)
    sentence = spans[0].of(text) if spans else text
    if len(sentence) <= _SHORTENED_TITLE_CHARACTERS:
        return sentence.removesuffix(".")
    cut = sentence[: _SHORTENED_TITLE_CHARACTERS - 1]
    return cut.rsplit(None, 1)[0].rstrip(" ,;:–—-«“(") + "…"


def _repeated_title(lines: Sequence[Line]) -> int | None:
    """The longest header line that stands there twice, or inside another line of the header."""
    header = lines[: _header_end(lines, patient=True)]
    folded = [fold(line.text) for line in header]
    repeated = [
        index
        for index, line in enumerate(header)
        if _could_be_title(line)
        and line.words >= 4
        and any(folded[index] in other for place, other in enumerate(folded) if place != index)
    ]
    return max(repeated, key=lambda index: (header[index].words, -index), default=None)


def _title_before_date(lines: Sequence[Line]) -> int | None:
    """The first real title line with a byline or a date a line or two below it."""
    header = lines[: _header_end(lines, patient=True)]
    dated = [
        index
        for index, line in enumerate(header)
        if _could_be_title(line) and any(_dates(other) for other in lines[index + 1 : index + 4])
    ]
    return _first_real([index for index in dated if lines[index].words >= 3], lines)


def _title_before_prose(lines: Sequence[Line]) -> int | None:
    """The first real title line above the first sentence."""
    end = _header_end(lines, patient=False)
    candidates = [index for index in range(end) if _could_be_title(lines[index]) and lines[index].words >= 2]
    followed = any(line.is_prose for line in lines[end:])
    return _first_real(candidates, lines) if followed else None


def _first_real(candidates: Sequence[int], lines: Sequence[Line]) -> int | None:
    """The first of five words or more, for names of sites and sections are shorter; else the longest."""
    long = [index for index in candidates if lines[index].words >= 5]
    return long[0] if long else max(candidates, key=lambda index: lines[index].words, default=None)


def _could_be_title(line: Line) -> bool:
    """A line without a full stop; a question or an exclamation may be one too."""
    if not line.is_heading_like or line.words > _LONGEST_TITLE_WORDS or line.text.endswith((".", ";", ":", ",")):
        return False
    return not line.is_prose or (line.words <= 25 and is_one_sentence(line.text))


def _header_end(lines: Sequence[Line], *, patient: bool) -> int:
    """Index of the first sentence of the article; patient: two short banners above a header do not count."""
    banners = 2 if patient else 0
    for index, line in enumerate(lines[:_HEADER_LINES]):
        if line.noise == "related_section":
            return index
        if not line.is_prose or (_could_be_title(line) and index + 1 < len(lines) and _leads(lines, index)):
            continue
        if banners and line.words < _BANNER_WORDS and is_one_sentence(line.text):
            banners -= 1
            continue
        return index
    return min(len(lines), _HEADER_LINES)


def _leads(lines: Sequence[Line], index: int) -> bool:
    """Whether a line that ends like a sentence is the headline: nothing like prose stands above it."""
    return not any(line.is_prose for line in lines[:index])


def _dates(line: Line) -> bool:
    """Whether a line says when or by whom."""
    return line.is_date or line.noise == "byline" or (line.noise is None and not line.is_prose and has_time(line.text))


def _holds(line: Line, title: str) -> bool:
    """Whether a line is the title, alone or (for a long one) among navigation, and no sentence of the article."""
    line_text, title = fold(line.text), fold(title)
    return line_text == title or (not line.is_prose and len(title.split()) >= 4 and title in line_text)


def _without_site(text: str, lines: Sequence[Line]) -> tuple[str, str | None]:
    """A title line such as "Titre | Le Site" in two; with a dash only where the title alone stands elsewhere."""
    match = _SITE_MARK.search(text)
    if match is None or len(text[: match.start()].split()) < 3:
        return text, None
    title = text[: match.start()]
    alone = any(fold(line.text) == fold(title) for line in lines)
    if alone or ("|" in match[0] and len(match["site"].split()) <= 4):
        return title, match["site"].strip()
    return text, None


def _site_beside(title: str, lines: Sequence[Line], same: frozenset[int]) -> str | None:
    """The name in "Titre - Le Site" where the title stands alone in another line."""
    for index in sorted(same):
        match = _SITE_MARK.search(lines[index].text)
        if match and fold(lines[index].text[: match.start()]) == fold(title) and len(match["site"].split()) <= 4:
            return match["site"].strip()
    return None
