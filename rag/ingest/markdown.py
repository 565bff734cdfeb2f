"""Reads Markdown as plain paragraphs and headings: text -> parts, with no mark-up left in them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rag.language.normalize import normalize
from rag.model import Section

if TYPE_CHECKING:
    from markdown_it.token import Token

_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HTML_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_FOOTNOTE = re.compile(r"\[\^[^\]]{1,20}\]:?")


def read_markdown(text: str, *, bullet: str = "") -> list[tuple[str, Section]]:
    """The paragraphs, list items, table rows and headings of a Markdown text, each on one line, in order.

    `bullet` goes before the items of a list without numbers. Links become their words, images go, and so do emphasis
    marks, HTML tags and comments.
    """
    from markdown_it import MarkdownIt

    text = _FOOTNOTE.sub("", _HTML_COMMENT.sub("", _HTML_UNSEEN.sub("", normalize(text))))
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    parts = ((_plain(words), section) for words, section in _parts(tokens, bullet))
    return [(words, section) for words, section in parts if words]


def _parts(tokens: Sequence[Token], bullet: str) -> Iterator[tuple[str, Section]]:
    section: Section = "body"
    cells: list[str] | None = None
    marker = ""
    for token in tokens:
        if token.type == "heading_open":
            section = "heading"
        elif token.type == "heading_close":
            section = "body"
        elif token.type == "list_item_open":
            # The number of a numbered item is part of what is said.
            marker = f"{token.info}{token.markup} " if token.info else bullet
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            yield " | ".join(cells), "body"
            cells = None
        elif token.type == "inline":
            words = _words(token.children or [])
            if cells is not None:
                cells.append(" ".join(words.split()))
            else:
                yield marker + words, section
            marker = ""
        elif token.type in ("fence", "code_block", "html_block"):
            yield from ((line, "body") for line in _HTML_TAG.sub(" ", token.content).split("\n"))


def _words(children: Sequence[Token]) -> str:
    """The words of a paragraph: what a reader of the page would see, without pictures."""
    words: list[str] = []
    for token in children:
        if token.type in ("text", "code_inline", "text_special"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak") or token.content.lower().startswith("<br"):
            words.append(" ")
    return "".join(words)


def _plain(words: str) -> str:
    """A part on one line, with its entities read."""
    return " ".join(normalize(html.unescape(words)).split())
