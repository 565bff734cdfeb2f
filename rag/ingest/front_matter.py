"""Reads the header of an article file: YAML between two lines of --- -> checked values and the body below."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.errors import BadFrontMatter
from rag.language.dates import parse_day
from rag.language.normalize import normalize
from rag.model import ArticleKind, Lang

if TYPE_CHECKING:
    from yaml.nodes import Node

# A header is a dozen short lines; more than this is an accident or an attack. In characters, levels, characters.
_LONGEST_HEADER = 16_000
_DEEPEST = 3
_LONGEST_VALUE = 2_000

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY_LINE = re.compile(r"\s*[\w\"'-]+\s*:(?:\s|$)")
_ABSENT = frozenset({"", "~", "null", "none"})
_KNOWN = frozenset({"title", "publisher", "url", "published", "lang", "origin", "kind"})


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the header of an article says; None for what it does not say."""

    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    lang: Lang | None = None
    origin: str | None = None
    kind: ArticleKind = "full"
    extra: tuple[tuple[str, str], ...] = field(default=())


def split_front_matter(text: str, name: str) -> tuple[str | None, str]:
    """The header (None: there is none) and the body of an article file; `name` is what messages call it.

    Raises:
        BadFrontMatter: a header is opened and not closed, or too long.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    start = _FENCE.match(text)
    if start is None:
        return None, text
    end = _END.search(text, start.end() + 1)
    first_line = text[start.end() + 1 :].lstrip("\n").split("\n", 1)[0]
    if end is None or not (_KEY_LINE.match(first_line) or end.start() == start.end() + 1):
        if _KEY_LINE.match(first_line):
            raise BadFrontMatter(
                f"{name}: the header opened by --- is never closed: add a line --- below its last key."
            )
        return None, text
    header = text[start.end() + 1 : end.start()]
    if len(header) > _LONGEST_HEADER:
        raise BadFrontMatter(
            f"{name}: the header has {len(header)} characters, at most {_LONGEST_HEADER} are read: shorten it."
        )
    return header, text[end.end() :]


def read_front_matter(header: str, name: str) -> FrontMatter:
    """The checked values of a header; `name` is what messages call its file.

    Values are read as they are written, so that 2026-01-14, 1e400 or "no" mean what they show. Keys of no meaning
    here are kept in `extra`, nested ones as "key.inner", lists joined by commas.

    Raises:
        BadFrontMatter: no YAML mapping, or a value that cannot be right.
    """
    values = dict(_flat_values(header, name))
    for key in sorted(_KNOWN & {key.split(".")[0] for key in values if "." in key}):
        raise BadFrontMatter(f"{name}: {key} holds several values: give one text.")
    return FrontMatter(
        title=values.get("title"),
        publisher=values.get("publisher"),
        url=_url(values.get("url"), name),
        published=_published(values.get("published"), name),
        lang=_lang(values.get("lang"), name),
        origin=values.get("origin"),
        kind=_kind(values.get("kind"), name),
        extra=tuple((key, value) for key, value in values.items() if key not in _KNOWN),
    )


def _flat_values(header: str, name: str) -> Iterator[tuple[str, str]]:
    """Each key of the header with its text; inner keys behind a point, absent values left out."""
    from yaml.nodes import MappingNode

    root = _compose(header, name)
    if root is None:
        return
    if not isinstance(root, MappingNode):
        raise BadFrontMatter(f'{name}: the header is not a list of "key: value" lines: write one key on each line.')
    seen: set[str] = set()
    for key, value in _walk(root, "", name):
        if key in seen:
            raise BadFrontMatter(f"{name}: the header says {key} twice: keep one.")
        seen.add(key)
        if value.lower() not in _ABSENT:
            yield key, value


def _compose(header: str, name: str) -> Node | None:
    """The header as YAML nodes, not yet values: nothing is expanded and nothing is constructed."""
    import yaml

    try:
        _refuse_traps(header, name)
        return yaml.compose(header, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise BadFrontMatter(f"{name}: the header cannot be read{place} ({problem}): put values in quotes.") from error


def _refuse_traps(header: str, name: str) -> None:
    """Walks the events, which costs no memory, before anything is built."""
    import yaml

    depth = 0
    for event in yaml.parse(header, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadFrontMatter(f"{name}: the header uses a YAML anchor or alias (& or *): put the value in quotes.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise BadFrontMatter(f"{name}: the header is nested more than {_DEEPEST} levels deep: write it flat.")


def _walk(node: Node, key: str, name: str) -> Iterator[tuple[str, str]]:
    """Flattens a node: inner keys behind a point, a list of texts joined by commas."""
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    if isinstance(node, MappingNode):
        for inner, value in node.value:
            if not isinstance(inner, ScalarNode) or not _clean(inner.value):
                raise BadFrontMatter(f"{name}: a key of the header is not a word: write key: value.")
            # A point in a key would read as nesting.
            yield from _walk(value, ".".join(filter(None, [key, _clean(inner.value).replace(".", "_")])), name)
    elif isinstance(node, SequenceNode):
        if not all(isinstance(item, ScalarNode) for item in node.value):
            raise BadFrontMatter(f"{name}: {key} is a list of lists or mappings: give a text or a list of texts.")
        if key in _KNOWN:
            raise BadFrontMatter(f"{name}: {key} is a list: give one text.")
        yield key, _clean(", ".join(item.value for item in node.value))
    else:
        value = _clean(node.value)
        if len(value) > _LONGEST_VALUE:
            raise BadFrontMatter(f"{name}: {key} has {len(value)} characters, at most {_LONGEST_VALUE}: shorten it.")
        yield key, value


def _clean(value: str) -> str:
    """A value on one line, in the spelling of all texts."""
    return " ".join(normalize(value).split())


def _shown(value: str) -> str:
    """A value as a message shows it."""
    return value if len(value) <= 60 else value[:59] + "…"


def _url(value: str | None, name: str) -> str | None:
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value
    except ValueError:
        sound = False
    if not sound:
        raise BadFrontMatter(f"{name}: url is {_shown(value)}: give an address that starts with http:// or https://.")
    return value


def _published(value: str | None, name: str) -> date | None:
    if value is None:
        return None
    try:
        day = parse_day(value) if len(value) <= 60 else None
    except ValueError as error:
        raise BadFrontMatter(f"{name}: published is {_shown(value)}, a day that does not exist: correct it.") from error
    if day is None:
        raise BadFrontMatter(
            f"{name}: published is {_shown(value)}: give one day, as 2026-01-14, or leave the key out."
        )
    return day


def _lang(value: str | None, name: str) -> Lang | None:
    if value is None:
        return None
    # "fr-FR" is the same language.
    code = re.split("[-_]", value.lower())[0]
    if code not in ("fr", "en"):
        raise BadFrontMatter(f"{name}: lang is {_shown(value)}: give fr or en.")
    return "fr" if code == "fr" else "en"


def _kind(value: str | None, name: str) -> ArticleKind:
    if value is None or value.lower() == "full":
        return "full"
    if value.lower() != "digest":
        raise BadFrontMatter(f"{name}: kind is {_shown(value)}: give full or digest.")
    return "digest"
