"""Reads the article out of a PDF: its bytes -> ParsedPage, or a reason why there is none.

A PDF knows lines, not paragraphs: running heads go, words cut at a line's end are made whole, lines are joined.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from rag.errors import AddressRefused, EmptyArticle, UnreadableSource, UnsupportedSource
from rag.ingest.addresses import read_address
from rag.ingest.origins import find_origin
from rag.ingest.page_lines import is_date_line, noise_kind
from rag.ingest.parsed import ParsedPage
from rag.ingest.part_noise import Part, drop_noise
from rag.ingest.titles import shortened
from rag.language.detect import detect_language
from rag.language.normalize import fold, normalize
from rag.model import Section

if TYPE_CHECKING:
    from pypdf import DocumentInformation, PdfReader

MOST_PAGES: Final = 200
_FEWEST_WORDS: Final = 20
_EDGE: Final = 3
"""Lines at the head and foot of a page among which running heads are looked for."""
_LONGEST_HEAD: Final = 25
_LONGEST_HEADING: Final = 15
_SHORT_LINE: Final = 0.8
"""Of a full line's length: a shorter one that ends a sentence ends its paragraph."""
_FEWEST_LETTERS: Final = 0.5
"""Share of letters among the signs of a text: below it the file does not say which letters its glyphs are."""

_SENTENCE_END = re.compile(r"[.!?…:][\s»”\"’')\]]*$")
_BULLET = re.compile(r"^(?:[-–—•*▪◦·‣■]\s|\d{1,2}[.)]\s)")
_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.)?\W*\d{1,4}(?:\s*(?:/|sur|of|\|)\s*\d{1,4})?\W*", re.IGNORECASE)
# What a browser prints below a page: its address, and which of how many pages it is.
_PRINTED_FOOT = re.compile(r"(?P<url>https?://\S+)\s+\d{1,3}\s?/\s?\d{1,3}")
_CUT_WORD = re.compile(r"[^\W\d_]-$")
_LAST_PIECE = re.compile(r"[^\W\d_]+-$")
_FIRST_PIECE = re.compile(r"^[^\W\d_]+")
_NO_TITLE = re.compile(r"untitled|sans titre|microsoft|powerpoint|document\d*$|.*\.\w{3,5}$|\S+$", re.IGNORECASE)
# What pypdf raises for files that are broken in one way or another, besides its own errors.
_BROKEN: Final = (
    *(ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, ArithmeticError),
    *(NotImplementedError, RecursionError, struct.error, OSError),
)


def read_pdf(data: bytes, name: str) -> ParsedPage:
    """The article of a PDF; `name` is what messages call it.

    Raises:
        UnsupportedSource: the bytes are no PDF.
        UnreadableSource: it is encrypted, broken, or has more than 200 pages.
        EmptyArticle: it holds pictures of text, or no text.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if b"%PDF-" not in data[:1024]:
        raise UnsupportedSource(f"{name} is no PDF: give a file that is what its name says.")
    try:
        reader = PdfReader(BytesIO(data))
        _refuse(reader, name)
        texts = [page.extract_text() for page in reader.pages]
        facts = reader.metadata
    except (PyPdfError, *_BROKEN) as error:
        raise UnreadableSource(f"{name} is a broken PDF ({type(error).__name__}): save it anew or as .txt.") from error
    _refuse_unread(texts, name)
    return _page([_lines(text) for text in texts], facts, name)


def _refuse(reader: PdfReader, name: str) -> None:
    from pypdf.errors import DependencyError

    if reader.is_encrypted:
        try:
            is_open = bool(reader.decrypt(""))
        except DependencyError:
            is_open = False
        if not is_open:
            raise UnreadableSource(f"{name} is encrypted: save a copy without a password.")
    if len(reader.pages) > MOST_PAGES:
        raise UnreadableSource(f"{name} has {len(reader.pages)} pages, at most {MOST_PAGES} are read: split it.")


def _refuse_unread(texts: Sequence[str], name: str) -> None:
    signs = [c for text in texts for c in text if not c.isspace()]
    if sum(map(len, (text.split() for text in texts))) < _FEWEST_WORDS:
        raise EmptyArticle(f"{name} holds pictures of its pages and no text: run text recognition on it first.")
    if sum(c.isalpha() for c in signs) < _FEWEST_LETTERS * len(signs):
        raise EmptyArticle(f"{name} does not say which letters it shows: run text recognition on it first.")


# --- lines -------------------------------------------------------------------------------------------------------


def _lines(text: str) -> list[str]:
    """The lines of a page, normalized; a blank one stays as a sign of a new paragraph."""
    return normalize(re.sub("\xad[ \t]*\n[ \t]*", "", text)).split("\n")


def _without_running_heads(pages: Sequence[list[str]]) -> list[str]:
    """The lines of all pages, without those at their edges that come again on other pages, and page numbers."""
    edges = Counter(key for page in pages for key in {_key(page[index]) for index in _edge(page)})
    often = max(2, len(pages) // 2)
    kept: list[str] = []
    for page in pages:
        dropped = {
            index
            for index in _edge(page)
            if _PAGE_NUMBER.fullmatch(page[index])
            or _PRINTED_FOOT.fullmatch(page[index])
            or (edges[_key(page[index])] >= often and len(page[index].split()) <= _LONGEST_HEAD)
        }
        kept += [line for index, line in enumerate(page) if index not in dropped]
    return kept


def _edge(page: Sequence[str]) -> set[int]:
    filled = [index for index, line in enumerate(page) if line]
    return {*filled[:_EDGE], *filled[-_EDGE:]}


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", fold(line))


def _parts(lines: Sequence[str]) -> Iterator[Part]:
    """Paragraphs and headings: lines are joined until one that is short ends a sentence."""
    filled = sorted(len(line) for line in lines if line)
    full = filled[int(0.9 * (len(filled) - 1))] if filled else 0
    whole = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", fold(" ".join(lines))))
    paragraph = ""
    for index, line in enumerate(lines):
        following = next((other for other in lines[index + 1 : index + 3] if other), "")
        alone = bool(line) and (_is_heading(line, following, full) or noise_kind(line, len(line.split())) is not None)
        done = bool(_SENTENCE_END.search(paragraph)) or (_BULLET.match(paragraph) and not line[:1].islower())
        if paragraph and (_BULLET.match(line) or (done and (alone or not line))):
            yield _paragraph(paragraph)
            paragraph = ""
        if alone and not paragraph:
            yield Part(line, "heading" if _is_heading(line, following, full) else "body")
        elif line:
            paragraph = _joined(paragraph, line, whole) if paragraph else line
            if _SENTENCE_END.search(line) and len(line) < _SHORT_LINE * full:
                yield _paragraph(paragraph)
                paragraph = ""
    if paragraph:
        yield _paragraph(paragraph)


def _paragraph(text: str) -> Part:
    return Part(text, "body", listed=_BULLET.match(text) is not None)


def _is_heading(line: str, following: str, full: int) -> bool:
    """Whether a line that follows a finished paragraph stands alone: short, without a full stop, then a new start.

    A heading may go on in the next line, if that is as short.
    """
    stands_alone = not following[:1].islower() or _is_short(following, full)
    return _is_short(line, full) and not _BULLET.match(line) and stands_alone


def _is_short(line: str, full: int) -> bool:
    return len(line) < _SHORT_LINE * full and len(line.split()) <= _LONGEST_HEADING and not _SENTENCE_END.search(line)


def _joined(paragraph: str, line: str, whole: Counter[str]) -> str:
    """A paragraph with its next line; a word cut at the line's end is whole again.

    Its hyphen stays where the text elsewhere writes it, or before a capital, as in "États-Unis".
    """
    if not _CUT_WORD.search(paragraph) or not line[:1].isalpha():
        return f"{paragraph} {line}"
    last, first = _LAST_PIECE.search(paragraph), _FIRST_PIECE.match(line)
    if last is None or first is None:
        return f"{paragraph} {line}"
    with_hyphen, without = fold(last[0] + first[0]), fold(last[0][:-1] + first[0])
    if line[0].isupper() or whole[with_hyphen] > whole[without]:
        return paragraph + line
    return paragraph[:-1] + line


# --- the article -------------------------------------------------------------------------------------------------


def _page(pages: Sequence[list[str]], facts: DocumentInformation | None, name: str) -> ParsedPage:
    parts = list(_parts(_without_running_heads(pages)))
    title = _title(facts, parts)
    author = _text(facts.author) if facts else None
    cleaned = drop_noise(_below(parts, title), title, (author,))
    if cleaned.words < _FEWEST_WORDS:
        raise EmptyArticle(f"{name} holds {cleaned.words} words of an article: give a file with a text to quote.")
    body = "\n".join(part.text for part in cleaned.parts if part.section == "body")
    lang = detect_language(body, "fr")
    sections: list[tuple[str, Section]] = [(part.text, part.section) for part in cleaned.parts]
    return ParsedPage(
        title=title or shortened(body, lang),
        parts=tuple(sections),
        lang=lang,
        author=author,
        published=cleaned.published or _created(facts),
        origin=cleaned.origin or find_origin(body),
        url=_printed_url(pages),
    )


def _title(facts: DocumentInformation | None, parts: Sequence[Part]) -> str | None:
    """The title in the file's own facts if its first lines repeat it, else the first heading, else those facts."""
    stated = _text(facts.title) if facts else None
    if stated and _NO_TITLE.match(stated):
        stated = None
    first = [part for part in parts[:12] if not noise_kind(part.text, part.words) and not is_date_line(part.text)]
    opening = fold(" ".join(part.text for part in first))
    if stated and fold(stated) in opening:
        return stated
    headings = [part.text for part in takewhile(lambda part: part.section == "heading", first)]
    # An overline above the title is shorter than three words; a long title goes on in the next lines.
    start = next((index for index, heading in enumerate(headings) if len(heading.split()) >= 3), None)
    if start is None:
        return stated
    return " ".join([headings[start], *takewhile(lambda line: line[:1].islower(), headings[start + 1 :])])


def _below(parts: Sequence[Part], title: str | None) -> list[Part]:
    """The parts without the headings that make up the title."""
    plain = fold(title or "")
    return [part for part in parts if part.section == "body" or not plain or fold(part.text) not in plain]


def _text(value: object) -> str | None:
    plain = " ".join(normalize(value).split()) if isinstance(value, str) else ""
    return plain if plain and len(plain) <= 300 else None


def _created(facts: DocumentInformation | None) -> date | None:
    """The day the file was made: no earlier than the text could be read."""
    try:
        made = facts.creation_date if facts else None
    except _BROKEN:
        return None
    return made.date() if made and 1990 <= made.year <= 2100 else None


def _printed_url(pages: Sequence[list[str]]) -> str | None:
    """The address that a browser printed below the page."""
    feet = (_PRINTED_FOOT.fullmatch(page[index]) for page in pages for index in sorted(_edge(page)))
    for foot in feet:
        if foot:
            try:
                return read_address(foot["url"].partition("#")[0]).url
            except AddressRefused:
                return None
    return None
