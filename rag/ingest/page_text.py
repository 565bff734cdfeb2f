"""Takes the article's text out of a page: visible tree and headline -> parts, in reading order.

trafilatura finds the article. What its mark-up names as something else goes before; the lead, which many pages keep
outside the element that holds their text, is added after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile, islice
from typing import TYPE_CHECKING, Final

from rag.ingest.boilerplate import drop_boilerplate, mark_article
from rag.ingest.part_noise import SENTENCE_ENDS, Part
from rag.language.normalize import fold, normalize
from rag.model import Section

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS: Final = frozenset({"p", "head", "item", "row", "quote", "list", "table", "code", "body", "div", "cell"})
_IN_CELL: Final = frozenset({"cell", "p", "item", "list", "lb"})
_LONGEST_CELL: Final = 25
"""Words of a table's cell; longer ones, or several paragraphs, are columns of the page."""
_LONGEST_HEADING: Final = 15
_LEAD_WITHIN: Final = 60
"""Elements below the headline among which the article's text must begin."""
_LEAD_WORDS: Final = range(6, 121)
_SAME_START: Final = 60
"""Characters by which a paragraph is known again."""
_NOT_A_LINE: Final = "p|div|section|article|ul|ol|table|figure|h1|h2|h3|h4|h5|h6|blockquote"
_SUBTITLE = re.compile(
    r"(?:^|[\s_-])(?:sub-?(?:title|head(?:line|ing)?)|dek|deck|standfirst|chapo)(?:[\s_-]|$)", re.IGNORECASE
)


def find_parts(tree: HtmlElement, headline: HtmlElement | None) -> list[Part]:
    """The article's paragraphs, list items, table rows and headings, with some noise; the tree is used up."""
    from lxml import etree
    from trafilatura import bare_extraction

    drop_boilerplate(tree)
    mark_article(tree)
    below = _below(tree, headline)
    found = bare_extraction(
        tree,
        include_comments=False,
        include_tables=True,
        include_links=True,
        include_formatting=True,
        with_metadata=False,
    )
    body = getattr(found, "body", None)
    parts = list(_walk(body)) if isinstance(body, etree._Element) else []
    known = [fold(part.text) for part in parts]
    lead = _lead(below, known)
    return [*(part for part in lead if not any(fold(part.text) in text for text in known)), *parts]


# --- the lead ----------------------------------------------------------------------------------------------------


def _below(tree: HtmlElement, headline: HtmlElement | None) -> list[HtmlElement]:
    """The elements that follow the headline, without those inside it."""
    if headline is None:
        return []
    inside = set(headline.iter())
    after = dropwhile(lambda element: element is not headline, tree.iter("*"))
    return list(islice((element for element in after if element not in inside), _LEAD_WITHIN))


def _lead(below: Sequence[HtmlElement], known: Sequence[str]) -> list[Part]:
    """Paragraphs and subtitles between the headline and the first part known; none if that does not follow."""
    start = next((text for text in known if len(text.split()) in _LEAD_WORDS), "")[:_SAME_START]
    lead: list[Part] = []
    for element in below:
        text = _line(element)
        if start and fold(text).startswith(start):
            return lead
        if element.tag in ("p", "div", "h2", "h3") and not _holds_lines(element) and element.find(".//a") is None:
            if text.endswith(SENTENCE_ENDS) and len(text.split()) in _LEAD_WORDS:
                lead.append(Part(text, "body"))
            elif _SUBTITLE.search(element.get("class") or "") and len(text.split()) >= 3:
                lead.append(Part(text, "heading"))
    return []


def _holds_lines(element: HtmlElement) -> bool:
    return bool(element.xpath("|".join(f".//{tag}" for tag in _NOT_A_LINE.split("|"))))


def _line(element: HtmlElement) -> str:
    return " ".join(normalize(element.text_content()).split())


# --- the text ----------------------------------------------------------------------------------------------------


def _walk(body: HtmlElement) -> Iterator[Part]:
    """Each block of text on one line, in reading order."""
    from lxml.etree import iterwalk

    run = _Run()
    for event, element in iterwalk(body, events=("start", "end")):
        starts = event == "start"
        if element.tag == "row":
            run.row_is_data = starts and _is_data(element)
        breaks = element.tag in _BLOCKS or (element.tag == "lb" and starts and run.ends_sentence())
        if breaks and not (run.row_is_data and element.tag in _IN_CELL):
            yield from run.flush()
            run.section = "heading" if element.tag == "head" and starts else "body"
        elif starts and element.tag == "cell" and run.texts:
            run.add(" | ")
        elif breaks or element.tag == "lb":
            run.add(" ")
        run.count(element, 1 if starts else -1)
        text = element.text if starts else element.tail
        if text and (starts or element is not body):
            run.add(text)
    yield from run.flush()


def _is_data(row: HtmlElement) -> bool:
    """Whether a table row holds values, rather than the columns of a page laid out as a table."""
    return all(
        len(" ".join(cell.itertext()).split()) <= _LONGEST_CELL and len(cell.findall(".//p")) <= 1
        for cell in row.iterfind("cell")
    )


@dataclass(slots=True)
class _Run:
    """The text of one block as it is gathered, with what is linked and what is bold in it."""

    texts: list[tuple[str, bool, bool]] = field(default_factory=list)
    section: Section = "body"
    links: int = 0
    bold: int = 0
    lists: int = 0
    row_is_data: bool = False

    def count(self, element: HtmlElement, change: int) -> None:
        """Enter an element (1) or leave it (-1)."""
        self.links += change * (element.tag == "ref")
        self.bold += change * (element.tag == "hi" and element.get("rend") == "#b")
        self.lists += change * (element.tag in ("list", "table", "quote"))

    def add(self, text: str) -> None:
        """Add a piece of text."""
        self.texts.append((text, self.links > 0, self.bold > 0))

    def ends_sentence(self) -> bool:
        """Whether what has been gathered is a whole sentence."""
        return bool(self.texts) and self.texts[-1][0].rstrip().endswith(SENTENCE_ENDS)

    def flush(self) -> Iterator[Part]:
        """The part that has been gathered, if it says anything."""
        text = " ".join(normalize("".join(piece for piece, _, _ in self.texts)).split()).strip("| ")
        letters = sum(len(piece.strip()) for piece, _, _ in self.texts)
        linked = sum(len(piece.strip()) for piece, is_linked, _ in self.texts if is_linked)
        bold = sum(len(piece.strip()) for piece, _, is_bold in self.texts if is_bold)
        self.texts.clear()
        if any(c.isalnum() for c in text):
            headed = (
                bold > 0.95 * letters and len(text.split()) <= _LONGEST_HEADING and not text.endswith(SENTENCE_ENDS)
            )
            yield Part(text, "heading" if headed else self.section, linked / letters, listed=self.lists > 0)
