"""HTML from Python: what is not `Markup` is escaped, so no text of an article or an answer becomes a tag."""

from __future__ import annotations

from html import escape
from typing import Final


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | None
_VOID: Final = frozenset({"br", "meta"})


def tag(name: str, /, *children: Child, **attributes: str | float | None) -> Markup:
    """An element. An attribute that Python reserves ends in an underscore; None leaves attribute or child out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = join(*children)
    return Markup(f"<{name}{written}>" if name in _VOID and not inside else f"<{name}{written}>{inside}</{name}>")


def join(*children: Child) -> Markup:
    """Children side by side."""
    return Markup("".join(c if isinstance(c, Markup) else escape(c, quote=False) for c in children if c is not None))
