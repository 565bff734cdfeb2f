"""What is read out of an HTML page or a PDF before it becomes an Article, and its way between two processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from rag.model import Lang, Section


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """An article in parts: paragraphs and headings, normalized, in reading order. None: the page does not say."""

    title: str
    parts: tuple[tuple[str, Section], ...]
    lang: Lang
    author: str | None = None
    publisher: str | None = None
    published: date | None = None
    origin: str | None = None
    url: str | None = None


def to_json(page: ParsedPage) -> dict[str, Any]:
    """The page as JSON can hold it."""
    published = page.published.isoformat() if page.published else None
    return {**{name: getattr(page, name) for name in page.__slots__}, "published": published}


def from_json(data: dict[str, Any]) -> ParsedPage:
    """The page that `to_json` wrote. Raises: KeyError, TypeError, ValueError, if it is none."""
    parts = tuple((_text(text), _section(section)) for text, section in data["parts"])
    if data["lang"] not in get_args(Lang):
        raise ValueError(data["lang"])
    optional = {name: _text(data[name]) for name in ("author", "publisher", "origin", "url") if data[name] is not None}
    published = date.fromisoformat(data["published"]) if data["published"] is not None else None
    return ParsedPage(_text(data["title"]), parts, data["lang"], published=published, **optional)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _section(value: object) -> Section:
    if value not in ("heading", "body"):
        raise ValueError(value)
    return "heading" if value == "heading" else "body"
