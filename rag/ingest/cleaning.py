"""Takes the article out of a raw web page: page text -> Page, with every sentence of the article and no noise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from rag.ingest.origins import app_name, copyright_holder, find_origin, first_source, outlet_named
from rag.ingest.page_lines import (
    Line,
    has_cue,
    has_time,
    is_date_line,
    is_one_sentence,
    published_at,
    read_lines,
    says_published,
)
from rag.ingest.teasers import names_in, shares_name
from rag.ingest.titles import Header, read_header, shortened
from rag.language.dates import parse_day
from rag.language.detect import detect_language
from rag.language.normalize import strip_accents_aligned
from rag.model import Block, Lang, Section, Span

# Noise that opens the foot of a page, where less than half as much prose is below it as above. Down there only a
# line of this many words can still be the article's.
_FOOT = frozenset({"copyright", "disclaimer", "cookie"})
_PROSE_BELOW_FOOT = 20
# A comment box has at least this many words of the article above it.
_PROSE_ABOVE_COMMENTS = 30
_LONGEST_HEADING = 25
_SHORTEST_BLOCK_TO_DETECT = 8
_LONGEST_CAPTION = 60

# After these a bare line above no longer has its sentence below.
_ENDS_SECTION = frozenset({"menu", "related_section", "promo_heading", "comments", "copyright", "sources"})

# Two or three capitalised words alone above the first sentence are its author.
_AUTHOR = re.compile(r"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]*){1,2}")
_LEADING_DATE = re.compile(
    r"^(?:(?:publie|published|posted|mis en ligne|date)(?: (?:le|on|at))?\s*:?\s*)"
    r"(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}(?:er)? \w+ \d{4}|\w+ \d{1,2}, \d{4})"
    r"(?:T[\d:.]+Z?)?(?: (?:a |at )?\d{1,2}\s?[h:]\s?\d{2}(?::\d{2})?)?[\s,:|–—-]*",
    re.IGNORECASE,
)
# "À lire aussi : un titre" is one link; "À lire aussi" alone opens a list of them.
_INLINE_LINK = re.compile(r"[:>→]\s*\S")
_PUBLISHED_IN_PROSE = re.compile(
    r"(?:\bcomme|\bas|\bd'abord|\bfirst|\binitialement|\boriginally|\barticle|\btexte|^|[.!?(]\s?)\s*"
    r"(?:a ete |was )?(?:publiee?|published) (?:le |on )(?P<date>[^.;)]{6,40})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a raw page holds. `text` is its kept blocks, joined by blank lines: the article, then the teasers."""

    title: str
    publisher: str | None
    published: date | None
    origin: str | None
    lang: Lang
    text: str
    blocks: tuple[Block, ...]


@dataclass(slots=True)
class _Kept:
    """What the walk over a page's lines has found so far."""

    article: list[tuple[str, Section]] = field(default_factory=list)
    teasers: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    """Lines without a full stop that wait for the sentence they could be the heading of."""
    sources: str | None = None
    prose_words: int = 0
    last_line: str | None = None
    """The line just kept, for as long as the next one could show it to be a caption."""


def clean_page(raw: str) -> Page:
    """The article of a raw page, French or English, with what the page says of it."""
    lines = read_lines(raw)
    lines, leading = _strip_leading_date(lines)
    header = read_header(lines)
    kept = _walk(lines, header)
    article = [text for text, _ in kept.article]
    lang = detect_language("\n".join(text for text, section in kept.article if section == "body"), "fr")
    title = header.title or _borrowed_title(kept, lang)
    names = names_in(title, article)
    teasers = [teaser for teaser in kept.teasers if shares_name(teaser, names)]
    text, blocks = lay_out([*kept.article, *((teaser, "teaser") for teaser in teasers)], lang)
    return Page(
        title=title,
        publisher=_publisher(lines, header),
        published=leading or _published(lines, kept.article, lang),
        origin=kept.sources or _copyright_outlet(lines) or find_origin("\n".join(article)),
        lang=lang,
        text=text,
        blocks=blocks,
    )


def lay_out(parts: Sequence[tuple[str, Section]], lang: Lang) -> tuple[str, tuple[Block, ...]]:
    """Paragraphs joined by blank lines, and the block each has become; a long one may have its own language."""
    blocks: list[Block] = []
    start = 0
    for text, section in parts:
        own = detect_language(text, lang) if len(text.split()) >= _SHORTEST_BLOCK_TO_DETECT else lang
        blocks.append(Block(Span(start, start + len(text)), section, own))
        start += len(text) + 2
    return "\n\n".join(text for text, _ in parts), tuple(blocks)


# --- walking down the page ---------------------------------------------------------------------------------------


def _walk(lines: Sequence[Line], header: Header) -> _Kept:
    """Goes down the page once; a heading of related stories or a foot changes how the rest is read."""
    kept = _Kept()
    seen: set[str] = set()
    related = foot = promo = False
    blank_lines = _has_blank_lines(lines)
    below = _prose_words_below(lines)
    for index, line in enumerate(lines):
        if index in header.title_lines or (index < header.above and not _is_article_prose(line)):
            continue
        if line.noise == "comments" and _ends_article(kept, below[index]):
            break
        if line.noise:
            _note(kept, line, blank_lines)
            related = related or line.noise == "related_section"
            foot = foot or (line.noise in _FOOT and below[index] < kept.prose_words // 2)
            promo = promo or (line.noise == "promo_heading" and not _INLINE_LINK.search(line.text))
        elif line.is_prose or (line.is_bullet and not promo and kept.prose_words):
            if line.text not in seen and not (foot and line.words < _PROSE_BELOW_FOOT):
                _keep_prose(kept, line, related=related)
                promo = False
            seen.add(line.text)
        elif not (related or foot or promo) and not _is_page_date(line, above_prose=not kept.prose_words):
            kept.bare.append(line.text)
    return kept


def _has_blank_lines(lines: Sequence[Line]) -> bool:
    """Whether the page parts its paragraphs by blank lines."""
    prose = [line for line in lines if line.is_prose]
    return sum(line.opens_paragraph for line in prose) > len(prose) / 2


def _prose_words_below(lines: Sequence[Line]) -> list[int]:
    """For each line, the words of the sentences below it."""
    counts = [line.words if line.is_prose else 0 for line in lines]
    return [below - count for below, count in zip(_sums_from_end(counts), counts, strict=True)]


def _sums_from_end(counts: Sequence[int]) -> list[int]:
    return list(accumulate(reversed(counts)))[::-1]


def _ends_article(kept: _Kept, words_below: int) -> bool:
    """Whether "Commentaires" opens the comment box, and is no button between an opening and its article."""
    return kept.prose_words >= _PROSE_ABOVE_COMMENTS and words_below <= 3 * kept.prose_words


def _is_article_prose(line: Line) -> bool:
    """Above its title a page has navigation and banners; only a paragraph of sentences would be the article's."""
    return line.is_prose and line.words >= 2 * _PROSE_BELOW_FOOT


def _is_page_date(line: Line, *, above_prose: bool) -> bool:
    """Whether a line dates the page. Under the first sentence a bare date is a heading, as in a chronology."""
    return line.is_date and (above_prose or has_cue(line.text) or has_time(line.text))


def _note(kept: _Kept, line: Line, blank_lines: bool) -> None:
    """Takes from a line of noise what it tells of the lines around it."""
    if line.noise == "sources" and kept.sources is None:
        kept.sources = first_source(line.text)
    if line.noise == "image_credit":
        _drop_caption(kept, apart=line.opens_paragraph, blank_lines=blank_lines)
    kept.last_line = None
    if line.noise in _ENDS_SECTION:
        kept.bare.clear()


def _drop_caption(kept: _Kept, *, apart: bool, blank_lines: bool) -> None:
    """Drops the line directly above an image credit. `apart`: a blank line is between them.

    Where a page has no blank lines between its paragraphs, a sentence there may be the article's: it stays.
    """
    caption = kept.last_line or ""
    is_caption = 0 < len(caption.split()) <= _LONGEST_CAPTION and is_one_sentence(caption)
    if kept.bare:
        if not (blank_lines and apart):
            kept.bare.pop()
    elif is_caption and kept.teasers and kept.teasers[-1] == caption:
        kept.teasers.pop()
    elif is_caption and blank_lines and not apart and kept.article[-1:] == [(caption, "body")]:
        kept.article.pop()


def _keep_prose(kept: _Kept, line: Line, *, related: bool) -> None:
    if related:
        kept.teasers.append(line.text)
    else:
        headings = _headings(kept.bare)
        if not kept.prose_words:
            headings = [text for text in headings if not _AUTHOR.fullmatch(text)]
        kept.article.extend((text, "heading") for text in headings)
        kept.article.append((line.text, "body"))
        kept.prose_words += line.words
    kept.bare.clear()
    kept.last_line = line.text


def _headings(bare: Sequence[str]) -> Sequence[str]:
    """Of the bare lines above a sentence, the headings: a run of three or more is a list of links but for its last."""
    kept = bare if len(bare) <= 2 else bare[-1:]
    return [text for text in kept if 2 <= len(text.split()) <= _LONGEST_HEADING]


# --- what the page says of itself --------------------------------------------------------------------------------


def _strip_leading_date(lines: list[Line]) -> tuple[list[Line], date | None]:
    """Takes "date 2026-01-14" off the front of the first sentence; an impossible date goes without being kept."""
    for index, line in enumerate(lines):
        match = _LEADING_DATE.match(strip_accents_aligned(line.text))
        if match and line.is_prose:
            rest = read_lines(line.text[match.end() :])
            return [*lines[:index], *rest, *lines[index + 1 :]], _day(match["date"], "fr")
        if line.is_prose:
            break
    return lines, None


def _day(text: str, lang: Lang) -> date | None:
    """The day a line names; None where there is none, or none that exists."""
    try:
        return parse_day(text, lang)
    except ValueError:
        return None


def _published(lines: Sequence[Line], article: Sequence[tuple[str, Section]], lang: Lang) -> date | None:
    """The day of publication: said by a line of the page, else by the article itself."""
    dated: list[tuple[bool, bool, date]] = []
    above_prose = True
    for line in lines:
        if line.noise == "related_section":
            break
        day = _line_day(line.text, lang) if _is_page_date(line, above_prose=above_prose) else None
        if day:
            dated.append((not says_published(line.text), not has_cue(line.text), day))
        above_prose = above_prose and not line.is_prose
    if dated:
        return min(dated, key=lambda found: found[:2])[2]
    for text, _ in article:
        match = _PUBLISHED_IN_PROSE.search(strip_accents_aligned(text))
        if match and (day := _day(match["date"], lang)):
            return day
    return None


def _line_day(text: str, lang: Lang) -> date | None:
    """The day a date line gives; the one after "publié" where it also says when the page was updated."""
    return _day(text[published_at(text) :], lang) or _day(text, lang)


def _borrowed_title(kept: _Kept, lang: Lang) -> str:
    """For a page without a title: its first heading, else its first sentence."""
    for text, section in kept.article:
        if section == "heading" and not is_date_line(text):
            return text
    return shortened(kept.article[0][0], lang) if kept.article else ""


def _copyright_lines(lines: Sequence[Line]) -> list[str]:
    holders = (copyright_holder(line.text) for line in lines if line.noise == "copyright")
    return [holder for holder in holders if holder]


def _copyright_outlet(lines: Sequence[Line]) -> str | None:
    """The news outlet that holds the copyright of the text, where the page names one."""
    return next((outlet for holder in _copyright_lines(lines) if (outlet := outlet_named(holder))), None)


def _publisher(lines: Sequence[Line], header: Header) -> str | None:
    """The site: named as an app or beside the title, else the last copyright holder that is no outlet copied."""
    apps = (app_name(line.text) for line in lines[: max(header.above, 5)])
    named = next((name for name in apps if name), None) or header.site
    if named:
        return named
    holders = [holder for holder in _copyright_lines(lines) if outlet_named(holder) is None]
    return holders[-1] if holders else None
