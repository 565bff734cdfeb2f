"""Reads what a web page states for programs: its JSON-LD and meta elements -> objects, names and texts."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rag.language.normalize import fold, normalize

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLE_TYPE = re.compile(r"(?:.*Article|BlogPosting|LiveBlogPosting|Report)")
_DEEPEST: Final = 5
_LONGEST_FACT: Final = 300


@dataclass(frozen=True, slots=True)
class Stated:
    """`objects` of JSON-LD, the `article` among them that the page is (empty: none), `metas` by lower-case name."""

    objects: tuple[dict[str, Any], ...]
    article: dict[str, Any]
    metas: dict[str, str]

    def first_of(self, names: tuple[str, ...]) -> Iterator[str]:
        """The contents of the meta elements that go by these names, in the order of the names."""
        return (self.metas[name] for name in names if name in self.metas)

    def of_type(self, *types: str) -> Iterator[dict[str, Any]]:
        """The objects that are of one of these types."""
        return (item for item in self.objects if not types_of(item).isdisjoint(types))


def read_stated(tree: HtmlElement, url: str | None) -> Stated:
    """What the page states; `url`: where it was fetched, by which its own article is told from others."""
    objects = tuple(_json_objects(tree))
    article = _own_article(objects, url, content_of(next(tree.iter("h1"), None)))
    return Stated(objects, article, _metas(tree))


def _json_objects(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects that the page's JSON-LD states at its top, or in a graph; not what is nested in them."""
    for script in tree.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() != "application/ld+json":
            continue
        text = (script.text or "").strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
        try:
            yield from _flat(json.loads(text, strict=False), _DEEPEST)
        except (ValueError, RecursionError):
            continue


def _flat(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth and isinstance(value, list):
        for item in value:
            yield from _flat(item, depth - 1)
    elif depth and isinstance(value, dict):
        yield value
        yield from _flat(value.get("@graph"), depth - 1)
        yield from _flat(value.get("mainEntity"), depth - 1)


def types_of(item: dict[str, Any]) -> frozenset[str]:
    """The types of a JSON-LD object, without their namespace."""
    named = item.get("@type")
    each = named if isinstance(named, list) else [named]
    return frozenset(name.rpartition("/")[2] for name in each if isinstance(name, str))


def _own_article(objects: tuple[dict[str, Any], ...], url: str | None, heading: str | None) -> dict[str, Any]:
    """Of several articles in JSON-LD the one this page is: same address or headline, else the first."""
    articles = [item for item in objects if any(_ARTICLE_TYPE.fullmatch(name) for name in types_of(item))]
    for item in articles:
        if url and any(_same_page(link, url) for link in _links(item)):
            return item
    for item in articles:
        headline = plain_text(item.get("headline"))
        if heading and headline and fold(headline) == fold(heading):
            return item
    return articles[0] if articles else {}


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
        content = plain_text(meta.get("content"))
        if name and content:
            found.setdefault(name, content)
    return found


def plain_text(value: object) -> str | None:
    """A value on one line, in the spelling of all texts; None for anything else than a text of some length."""
    if not isinstance(value, str):
        return None
    # Many sites escape what they put into JSON or an attribute once more.
    plain = " ".join(normalize(html.unescape(value)).split())
    return plain if plain and len(plain) <= _LONGEST_FACT else None


def content_of(element: HtmlElement | None) -> str | None:
    """The text of an element, as `plain_text` has it."""
    return None if element is None else plain_text(element.text_content())


def name_of(value: object) -> str | None:
    """The name in a JSON-LD person, organization, text, or list of them."""
    items = value if isinstance(value, list) else [value]
    names = [plain_text(item.get("name")) if isinstance(item, dict) else plain_text(item) for item in items[:6]]
    return ", ".join(name for name in names if name and "://" not in name) or None
