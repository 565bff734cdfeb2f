"""Finds what a web page says of itself: tree and URL -> title, author, publisher, day, address.

Most trusted first: JSON-LD of the article, meta elements, elements of the page, the URL. A fact that is not said is None.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from rag.errors import AddressRefused
from rag.ingest.addresses import read_address
from rag.ingest.page_lines import is_date_line, published_at, says_published
from rag.language.dates import parse_day
from rag.language.normalize import fold, normalize
from rag.model import Lang

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLE_TYPE = re.compile(r"(?:.*Article|BlogPosting|LiveBlogPosting|Report|TechArticle)")
_PAGE_TYPES: Final = frozenset({"WebPage", "ItemPage"})
_LIST_TYPES: Final = frozenset({"CollectionPage", "ItemList", "SearchResultsPage", "WebSite"})
_DEEPEST_JSON: Final = 4
_LONGEST_FACT: Final = 300
_LONGEST_AUTHOR: Final = 100
_SHORTEST_TITLE: Final = 3
_LONGEST_SITE: Final = 5
_EDGE_MARK = re.compile(r"^\s*[|–—·:•-]+\s+|\s*[|–—·:•-]+\s*$")
_HEADLINE = re.compile(
    r"(?:^|[\s_-])(?:(?:entry|post|article|story|news|page|content)(?:[_-]{0,2})(?:title|headline|heading)|headline)(?:\s|$)",
    re.IGNORECASE,
)
_DATES_WITHIN: Final = 80
"""Elements around the headline among which the printed date is looked for."""
_LONGEST_DATE: Final = 25
_PROSE: Final = 25
"""Words of a paragraph, below which the page's own date does not stand any more."""
_YEARS: Final = range(1990, 2101)

_TITLE_METAS: Final = ("og:title", "twitter:title", "dc.title", "dcterms.title", "sailthru.title", "parsely-title")
_AUTHOR_METAS: Final = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
)
_SITE_METAS: Final = (
    "og:site_name",
    "application-name",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "apple-mobile-web-app-title",
)
_DAY_METAS: Final = (
    *("article:published_time", "og:published_time", "datepublished", "date.issued", "dc.date.issued"),
    *("dcterms.issued", "dcterms.created", "dcterms.date", "dc.date", "parsely-pub-date", "sailthru.date"),
    *(
        "pubdate",
        "publishdate",
        "publish-date",
        "publication_date",
        "article.published",
        "cxenseparse:recs:publishtime",
    ),
    *("date", "originalpublicationdate", "citation_publication_date"),
)
_URL_DAY = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-]?(?P<month>0[1-9]|1[0-2])[/-]?(?P<day>0[1-9]|[12]\d|3[01])(?=[/_-]|\.|$)"
)
_PUBLISHED_CLASS = re.compile(r"publi|posted|date(?!picker)|entry-date|timestamp|meta", re.IGNORECASE)
_UPDATED = re.compile(r"updat|modif|mis-?a-?jour", re.IGNORECASE)
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
    objects = list(_json_objects(tree))
    metas = _metas(tree)
    address = _address(tree, metas, objects, url)
    article = _own_article(objects, address, _content(next(tree.iter("h1"), None)))
    publisher = _publisher(tree, metas, article, objects)
    return PageFacts(
        title=None,
        titles=tuple(_titles(tree, metas, article)),
        author=_author(tree, metas, article),
        publisher=publisher,
        published=_published(tree, metas, article, objects, address),
        url=address,
        lists=bool(objects) and article is None and any(_types(o) & _LIST_TYPES - {"WebSite"} for o in objects),
        closed=str(article.get("isAccessibleForFree", "")).lower() == "false" if article else False,
    )


# --- JSON-LD and meta elements -----------------------------------------------------------------------------------


def _json_objects(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects that the page's JSON-LD states at its top, or in a graph; not what is nested in them."""
    for script in tree.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() != "application/ld+json":
            continue
        text = (script.text or "").strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
        try:
            yield from _flat(json.loads(text, strict=False), _DEEPEST_JSON)
        except (ValueError, RecursionError):
            continue


def _flat(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list) and depth:
        for item in value:
            yield from _flat(item, depth - 1)
    elif isinstance(value, dict):
        yield value
        yield from _flat(value.get("@graph", []), depth - 1)
        yield from _flat(value.get("mainEntity", []), depth - 1) if depth else ()


def _types(item: dict[str, Any]) -> frozenset[str]:
    named = item.get("@type")
    each = named if isinstance(named, list) else [named]
    return frozenset(name.rpartition("/")[2] for name in each if isinstance(name, str))


def _own_article(objects: list[dict[str, Any]], url: str | None, heading: str | None) -> dict[str, Any] | None:
    """Of several articles in JSON-LD the one this page is: same address or headline, else the first."""
    articles = [item for item in objects if any(_ARTICLE_TYPE.fullmatch(name) for name in _types(item))]
    for item in articles:
        if url and any(_same_page(link, url) for link in _links(item)):
            return item
    for item in articles:
        headline = _text(item.get("headline"))
        if heading and headline and fold(headline) == fold(heading):
            return item
    return articles[0] if articles else None


def _links(item: dict[str, Any]) -> list[str]:
    main = item.get("mainEntityOfPage")
    found = [item.get("url"), item.get("@id"), main.get("@id") if isinstance(main, dict) else main]
    return [link for link in found if isinstance(link, str)]


def _same_page(one: str, other: str) -> bool:
    def key(url: str) -> str:
        return url.partition("#")[0].partition("?")[0].partition("://")[2].removeprefix("www.").rstrip("/")

    return key(one) == key(other)


def _metas(tree: HtmlElement) -> dict[str, str]:
    """Name or property, in lower case -> content; the first of each."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        content = _text(meta.get("content"))
        if name and content:
            found.setdefault(name, content)
    return found


def _first(metas: dict[str, str], names: tuple[str, ...]) -> Iterator[str]:
    return (metas[name] for name in names if name in metas)


def _text(value: object) -> str | None:
    """A value on one line, in the spelling of all texts; None for anything else than a text of some length."""
    if not isinstance(value, str):
        return None
    # Many sites escape what they put into JSON or an attribute once more.
    plain = " ".join(normalize(html.unescape(value)).split())
    return plain if plain and len(plain) <= _LONGEST_FACT else None


def _content(element: HtmlElement | None) -> str | None:
    return None if element is None else _text(element.text_content())


# --- one fact each -----------------------------------------------------------------------------------------------


def find_headline(tree: HtmlElement, facts: PageFacts) -> HtmlElement | None:
    """The visible element that holds the headline: a main heading, or what is named and worded like one."""
    headings = [heading for heading in tree.iter("h1") if _content(heading) and not _is_logo(heading)]
    inside = [heading for heading in headings if any(a.tag in ("article", "main") for a in heading.iterancestors())]
    if inside or len(headings) == 1:
        return (inside or headings)[0]
    known = [fold(title) for title in facts.titles]
    for element in tree.iter("h1", "h2", "h3", "div", "p", "span"):
        if _HEADLINE.search(f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('id') or ''}"):
            text = fold(_content(element) or "")
            if len(text.split()) >= _SHORTEST_TITLE and any(text in title for title in known):
                return element
    return headings[0] if headings else None


def _is_logo(heading: HtmlElement) -> bool:
    """Whether a heading is the site's name, which leads to its front page."""
    link = heading.find(".//a")
    return (
        link is not None and urlsplit(link.get("href") or "").path in ("", "/") and _content(link) == _content(heading)
    )


def with_headline(facts: PageFacts, headline: HtmlElement | None) -> PageFacts:
    """The facts with the page's title, and the site's name where the title of its window adds that to it.

    The title is the visible headline, unless that is a word or two such as the site's name.
    """
    shown = _content(headline)
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


def _titles(tree: HtmlElement, metas: dict[str, str], article: dict[str, Any] | None) -> Iterator[str]:
    named = [_text(article.get("headline")), _text(article.get("name"))] if article else []
    element = next(tree.iter("title"), None)
    yield from (title for title in [*named, *_first(metas, _TITLE_METAS), _content(element)] if title)


def _without_site(title: str, site: str | None) -> str:
    """A title without the name of the site at its end."""
    marks = list(_TITLE_MARK.finditer(title))
    if marks and site and fold(site) in fold(title[marks[-1].end() :]) and len(title[: marks[-1].start()].split()) >= 2:
        return title[: marks[-1].start()]
    return title


def _publisher(
    tree: HtmlElement, metas: dict[str, str], article: dict[str, Any] | None, objects: list[dict[str, Any]]
) -> str | None:
    by_json = [_name_of(article.get("publisher"))] if article else []
    sites = [_text(item.get("name")) for item in objects if _types(item) & {"WebSite", "NewsMediaOrganization"}]
    found = next((name for name in [*_first(metas, _SITE_METAS), *by_json, *sites] if name), None)
    return found.lstrip("@") if found and len(found) <= _LONGEST_AUTHOR else None


def _author(tree: HtmlElement, metas: dict[str, str], article: dict[str, Any] | None) -> str | None:
    candidates = [_name_of(article.get("author"))] if article else []
    candidates += [name for name in _first(metas, _AUTHOR_METAS) if "://" not in name]
    marked = (e for e in tree.iter("a", "span", "address", "p", "div") if _is_byline(e))
    candidates += [_content(element) for element, _ in zip(marked, range(5), strict=False)]
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


def _name_of(value: object) -> str | None:
    """The name in a JSON-LD person, organization, text, or list of them."""
    items = value if isinstance(value, list) else [value]
    names = [_text(item.get("name")) if isinstance(item, dict) else _text(item) for item in items[:6]]
    return ", ".join(name for name in names if name and "://" not in name) or None


def _published(
    tree: HtmlElement,
    metas: dict[str, str],
    article: dict[str, Any] | None,
    objects: list[dict[str, Any]],
    url: str | None,
) -> date | None:
    stated = [article.get("datePublished"), article.get("dateCreated")] if article else []
    stated += _first(metas, _DAY_METAS)
    stated += [item.get("datePublished") for item in objects if _types(item) & _PAGE_TYPES]
    days = (_day(value) for value in [*stated, *_times(tree)])
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
        if re.search(
            r"comment|related|sidebar|recommend|teaser|card", f"{above.get('class')} {above.get('id')}", re.IGNORECASE
        ):
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
        text = _content(element) or ""
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
    text = _text(value)
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


# --- the address -------------------------------------------------------------------------------------------------


def _address(tree: HtmlElement, metas: dict[str, str], objects: list[dict[str, Any]], url: str | None) -> str | None:
    """The address the page gives itself, if it is one of the site it came from; else where it came from."""
    links = [link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    for link in [*links, metas.get("og:url")]:
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
