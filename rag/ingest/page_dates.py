"""Finds the day a web page was published: what it states, marks up, prints near its headline, or has in its URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rag.ingest.page_lines import is_date_line, published_at, says_published
from rag.ingest.page_stated import Stated, content_of, plain_text
from rag.language.dates import parse_day
from rag.model import Lang

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DATES_WITHIN: Final = 80
"""Elements around the headline among which the printed date is looked for."""
_LONGEST_DATE: Final = 25
_PROSE: Final = 25
"""Words of a paragraph, below which the page's own date does not stand any more."""
_YEARS: Final = range(1990, 2101)
_DAY_METAS: Final = (
    *("article:published_time", "og:published_time", "datepublished", "date.issued", "dc.date.issued"),
    *("dcterms.issued", "dcterms.created", "dcterms.date", "dc.date", "parsely-pub-date", "sailthru.date"),
    *("pubdate", "publishdate", "publish-date", "publication_date", "article.published"),
    *("date", "originalpublicationdate", "citation_publication_date"),
)
_URL_DAY = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-]?(?P<month>0[1-9]|1[0-2])[/-]?(?P<day>0[1-9]|[12]\d|3[01])(?=[/_-]|\.|$)"
)
_PUBLISHED_CLASS = re.compile(r"publi|posted|date(?!picker)|entry-date|timestamp|meta", re.IGNORECASE)
_UPDATED = re.compile(r"updat|modif|mis-?a-?jour", re.IGNORECASE)
_OTHERS = re.compile(r"comment|related|sidebar|recommend|teaser|card", re.IGNORECASE)


def stated_day(tree: HtmlElement, stated: Stated, url: str | None) -> date | None:
    """The first day that JSON-LD, a meta element, a <time> or the URL gives; an impossible one counts for none."""
    values = [stated.article.get("datePublished"), *stated.first_of(_DAY_METAS), stated.article.get("dateCreated")]
    values += [item.get("datePublished") for item in stated.of_type("WebPage", "ItemPage")]
    days = (_day(value) for value in [*values, *_times(tree)])
    return next((day for day in days if day), None) or _url_day(url)


def _times(tree: HtmlElement) -> Iterator[str]:
    """What the page's <time> elements say: the ones marked as publication first, then those above the text."""
    named = tree.xpath(".//*[@itemprop='datePublished' or contains(concat(' ', @class, ' '), ' published ')]")
    times = [time for time in [*tree.iter("time"), *named] if not _is_elsewhere(time)]
    marked = [time for time in times if time.get("pubdate") is not None or time in named]
    plain = [time for time in times if not _UPDATED.search(f"{time.get('class')} {time.get('itemprop')}")]
    headed = [time for time in plain if _PUBLISHED_CLASS.search(f"{time.get('class')} {time.getparent().get('class')}")]
    for time in [*marked, *headed, *plain[:1]]:
        yield time.get("datetime") or time.get("content") or time.get("title") or time.text_content()


def _is_elsewhere(time: HtmlElement) -> bool:
    """Whether a <time> dates a comment, a related story or an entry of a list rather than the page."""
    for above in time.iterancestors():
        if above.tag in ("aside", "footer", "nav", "li"):
            return True
        if _OTHERS.search(f"{above.get('class')} {above.get('id')}"):
            return True
    return False


def printed_day(tree: HtmlElement, headline: HtmlElement | None) -> date | None:
    """The day that a line near the headline gives, such as "Publié le 28/04/2026 à 08:12"."""
    if headline is None:
        return None
    lang: Lang = "en" if (tree.get("lang") or "").lower().startswith("en") else "fr"
    above = headline.xpath("preceding::*[position() <= 12]")
    below = headline.xpath(f"following::*[position() <= {_DATES_WITHIN}]")
    lines: list[str] = []
    for element in [*below, *above]:
        text = content_of(element) or ""
        if element.tag == "p" and len(text.split()) >= _PROSE:
            break
        if 0 < len(text.split()) <= _LONGEST_DATE and is_date_line(text) and not _is_elsewhere(element):
            lines.append(text)
    for text in sorted(lines, key=lambda text: not says_published(text)):
        day = _day(text[published_at(text) :], lang) or _day(text, lang)
        if day:
            return day
    return None


def _day(value: object, lang: Lang | None = None) -> date | None:
    """The day a value states; None where there is none, or none that exists."""
    text = plain_text(value)
    if text is None or len(text) > 60:
        return None
    try:
        day = parse_day(text, lang)
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None


def _url_day(url: str | None) -> date | None:
    match = _URL_DAY.search(urlsplit(url).path) if url else None
    return _day(f"{match['year']}-{match['month']}-{match['day']}") if match else None
