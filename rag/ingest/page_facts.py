"""Finds what a web page says of itself: tree and URL -> title, author, publisher, day, address.

Most trusted first: JSON-LD of the article, meta elements, elements of the page, the URL. A fact that is not said is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from rag.errors import AddressRefused
from rag.ingest.addresses import read_address
from rag.ingest.page_dates import stated_day
from rag.ingest.page_stated import Stated, content_of, name_of, plain_text, read_stated
from rag.language.normalize import fold

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST_AUTHOR: Final = 100
_SHORTEST_TITLE: Final = 3
_LONGEST_SITE: Final = 5
_EDGE_MARK = re.compile(r"^\s*[|–—·:•-]+\s+|\s*[|–—·:•-]+\s*$")
_HEADLINE = re.compile(
    r"(?:^|[\s_-])(?:(?:entry|post|article|story|news|page|content)(?:[_-]{0,2})(?:title|headline|heading)|headline)(?:\s|$)",
    re.IGNORECASE,
)

_TITLE_METAS: Final = ("og:title", "twitter:title", "dc.title", "dcterms.title", "sailthru.title", "parsely-title")
_AUTHOR_METAS: Final = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
)
_SITE_METAS: Final = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "publisher")
_BYLINE_CUE = re.compile(
    r"^(?:(?:publié|written|posted|écrit|rédigé|propos recueillis)\s+)?(?:par|by)\s*:?\s+", re.IGNORECASE
)
_BYLINE_TAIL = re.compile(
    r"\s*(?:[|•·–—(].*|,?\s+(?:le|on|à|at)\s+\d.*|,\s*(?:publié|published|avec|with)\b.*)$", re.IGNORECASE
)
_TITLE_MARK = re.compile(r"\s+[|–—·:«-]\s+")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(?P<url>https?://\S{1,2000})\s*-->")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|xtor|at_medium|at_campaign|mc_[ce]id|cmpid|ito")
_SUBSITES: Final = ("www.", "m.", "amp.", "mobile.")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says of itself. `lists`: it calls itself a list of other pages; `closed`: not free to read.

    `titles` are what it is called in what a reader does not see, most trusted first, the one of its window last.
    """

    title: str | None
    titles: tuple[str, ...]
    author: str | None
    publisher: str | None
    published: date | None
    url: str | None
    lists: bool
    closed: bool


def saved_from(text: str) -> str | None:
    """The address a browser notes when it saves a page."""
    match = _SAVED_FROM.search(text[:3_000])
    return match["url"] if match else None


def read_facts(tree: HtmlElement, url: str | None) -> PageFacts:
    """What the page says. `url`: where it was fetched; None for a file, whose word is then taken for its address."""
    stated = read_stated(tree, url)
    address = _address(tree, stated, url)
    return PageFacts(
        title=None,
        titles=tuple(_titles(tree, stated)),
        author=_author(tree, stated),
        publisher=_publisher(stated),
        published=stated_day(tree, stated, address),
        url=address,
        lists=not stated.article and any(stated.of_type("CollectionPage", "ItemList", "SearchResultsPage")),
        closed=str(stated.article.get("isAccessibleForFree", "")).lower() == "false",
    )


# --- one fact each -----------------------------------------------------------------------------------------------


def find_headline(tree: HtmlElement, facts: PageFacts) -> HtmlElement | None:
    """The visible element that holds the headline: a main heading, or what is named and worded like one."""
    headings = [heading for heading in tree.iter("h1") if content_of(heading) and not _is_logo(heading)]
    inside = [heading for heading in headings if any(a.tag in ("article", "main") for a in heading.iterancestors())]
    if inside or len(headings) == 1:
        return (inside or headings)[0]
    known = [fold(title) for title in facts.titles]
    for element in tree.iter("h1", "h2", "h3", "div", "p", "span"):
        if _HEADLINE.search(f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('id') or ''}"):
            text = fold(content_of(element) or "")
            if len(text.split()) >= _SHORTEST_TITLE and any(text in title for title in known):
                return element
    return headings[0] if headings else None


def _is_logo(heading: HtmlElement) -> bool:
    """Whether a heading is the site's name, which leads to its front page."""
    link = heading.find(".//a")
    return (
        link is not None
        and urlsplit(link.get("href") or "").path in ("", "/")
        and content_of(link) == content_of(heading)
    )


def with_headline(facts: PageFacts, headline: HtmlElement | None) -> PageFacts:
    """The facts with the page's title, and the site's name where the title of its window adds that to it.

    The title is the visible headline, unless that is a word or two such as the site's name.
    """
    shown = content_of(headline)
    fits = shown and (len(shown.split()) >= _SHORTEST_TITLE or not facts.titles)
    title = shown if fits else next(iter(facts.titles), shown)
    publisher = facts.publisher or (_site_beside(title, facts.titles[-1]) if title and facts.titles else None)
    return replace(facts, title=_without_site(title, publisher) if title else None, publisher=publisher)


def _site_beside(title: str, window: str) -> str | None:
    """The name in "Title | Site" or "Site: title"."""
    around = fold(window).partition(fold(title))
    if len(fold(window)) != len(window) or not around[1]:
        return None
    before, after = window[: len(around[0])], window[len(window) - len(around[2]) :] if around[2] else ""
    name = _EDGE_MARK.sub("", after or before).strip()
    return name if name and not (before and after) and len(name.split()) <= _LONGEST_SITE else None


def _titles(tree: HtmlElement, stated: Stated) -> Iterator[str]:
    named = [plain_text(stated.article.get("headline")), plain_text(stated.article.get("name"))]
    window = content_of(next(tree.iter("title"), None))
    yield from (title for title in [*named, *stated.first_of(_TITLE_METAS), window] if title)


def _without_site(title: str, site: str | None) -> str:
    """A title without the name of the site at its end."""
    marks = list(_TITLE_MARK.finditer(title))
    if marks and site and fold(site) in fold(title[marks[-1].end() :]) and len(title[: marks[-1].start()].split()) >= 2:
        return title[: marks[-1].start()]
    return title


def _publisher(stated: Stated) -> str | None:
    sites = (plain_text(item.get("name")) for item in stated.of_type("WebSite", "NewsMediaOrganization"))
    names = [*stated.first_of(_SITE_METAS), name_of(stated.article.get("publisher")), *sites]
    found = next((name for name in names if name), None)
    return found.lstrip("@") if found and len(found) <= _LONGEST_AUTHOR else None


def _author(tree: HtmlElement, stated: Stated) -> str | None:
    candidates = [name_of(stated.article.get("author"))]
    candidates += [name for name in stated.first_of(_AUTHOR_METAS) if "://" not in name]
    marked = (e for e in tree.iter("a", "span", "address", "p", "div") if _is_byline(e))
    candidates += [content_of(element) for element, _ in zip(marked, range(5), strict=False)]
    for candidate in candidates:
        name = _BYLINE_TAIL.sub("", _BYLINE_CUE.sub("", candidate or "")).strip(" ,.;")
        if 2 < len(name) <= _LONGEST_AUTHOR and "@" not in name and not any(c.isdigit() for c in name):
            return name
    return None


def _is_byline(element: HtmlElement) -> bool:
    if "author" in (element.get("rel") or "").split() or (element.get("itemprop") or "") == "author":
        return True
    return not {"author", "byline", "author-name", "article-author"}.isdisjoint(
        (element.get("class") or "").lower().split()
    )


# --- the address -------------------------------------------------------------------------------------------------


def _address(tree: HtmlElement, stated: Stated, url: str | None) -> str | None:
    """The address the page gives itself, if it is one of the site it came from; else where it came from."""
    links = [link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    for link in [*links, stated.metas.get("og:url")]:
        found = _absolute(link, url)
        if found and (url is None or _same_site(found, url)) and urlsplit(found).path not in ("", "/"):
            return found
    return _absolute(url, None)


def _absolute(link: str | None, base: str | None) -> str | None:
    """An http(s) address without fragment and tracking; None for anything else."""
    if not link:
        return None
    try:
        parts = urlsplit(urljoin(base or "", link.strip()))
        kept = [
            (key, value)
            for key, value in parse_qsl(parts.query, keep_blank_values=True)
            if not _TRACKING.fullmatch(key)
        ]
        query = parts.query if len(kept) == len(parts.query.split("&")) else urlencode(kept)
        return read_address(parts._replace(query=query, fragment="").geturl(), None).url
    except (AddressRefused, ValueError):
        return None


def _same_site(one: str, other: str) -> bool:
    """Whether one host is the other, or a part of it: www.site.fr, m.site.fr and site.fr are one site."""

    def host(url: str) -> str:
        name = urlsplit(url).hostname or ""
        return next((name.removeprefix(prefix) for prefix in _SUBSITES if name.startswith(prefix)), name)

    first, second = host(one), host(other)
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")
