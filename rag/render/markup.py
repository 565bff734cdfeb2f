"""HTML from Python: what is not `Markup` is escaped, so no text of an article, an answer or a reader becomes a tag."""

from __future__ import annotations

from html import escape
from typing import Final
from urllib.parse import urlsplit


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | None
_VOID: Final = frozenset({"br", "circle", "hr", "img", "input", "line", "link", "meta", "path", "rect"})


def tag(name: str, /, *children: Child, **attributes: str | float | bool | None) -> Markup:
    """An element. An attribute that Python reserves ends in an underscore; None and False leave one out."""
    written = "".join(
        f" {_name(key)}" if value is True else f' {_name(key)}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return Markup(f"<{name}{written}/>" if name in _VOID else f"<{name}{written}>{join(*children)}</{name}>")


def join(*children: Child) -> Markup:
    """Children side by side."""
    return Markup("".join(c if isinstance(c, Markup) else escape(c, quote=False) for c in children if c is not None))


def web_url(url: str | None) -> str | None:
    """The address, if it leads to a web page; nothing else may become a link."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
