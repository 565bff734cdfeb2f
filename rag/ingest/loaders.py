"""Loads sources: files, folders and web addresses -> Articles. The one place of this room that touches the disk."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import unquote, urlsplit

from rag.errors import EmptyArticle, UnreadableSource, UnsupportedSource
from rag.ingest.addresses import is_web_address
from rag.ingest.cleaning import clean_page, lay_out
from rag.ingest.decoding import decode
from rag.ingest.front_matter import FrontMatter, read_front_matter, split_front_matter
from rag.ingest.markdown import read_markdown
from rag.ingest.origins import find_origin
from rag.ingest.parsing import Parser
from rag.ingest.titles import shortened
from rag.language.detect import detect_language
from rag.language.normalize import fold
from rag.model import Article, Section

if TYPE_CHECKING:
    from rag.ingest.fetching import Fetcher

UNKNOWN_PUBLISHER = "—"
_LONGEST_SLUG = 48
_SAVED_FILES = re.compile(r"(?:_files|_fichiers)$")
# As a path, an address has lost one of its slashes.
_WEB_ADDRESS = re.compile(r"https?:/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceBytes:
    """A file as it was read: `path` with links resolved, `content_hash` in hexadecimal.

    Of a web page, `url` is where it came from in the end, and `path` only the last part of that, with the suffix of
    its media type. Its bytes change with every visit, so it is read at once: `content_hash` is that of `article`.
    """

    path: Path
    data: bytes
    content_hash: str
    url: str | None = None
    charset: str | None = None
    article: Article | None = None

    @property
    def name(self) -> str:
        """What messages call the source."""
        return self.url or self.path.name.encode("utf-8", "backslashreplace").decode()

    @property
    def source(self) -> str:
        """The path, or the address of a web page, as text that any database can hold."""
        if self.article is not None:
            return self.article.source
        return self.url or str(self.path).encode("utf-8", "backslashreplace").decode()


class Loader(Protocol):
    """One format of article. What `accepts` says yes to, `convert` reads or refuses with an IngestError."""

    suffixes: frozenset[str]

    def accepts(self, source: SourceBytes) -> bool:
        """Whether this loader reads the source."""

    def convert(self, source: SourceBytes) -> Article:
        """The article in the source."""


class MarkdownLoader:
    """Markdown, with or without a front matter header."""

    suffixes = frozenset({".md", ".markdown"})

    def accepts(self, source: SourceBytes) -> bool:
        """Whether the file's name is that of a Markdown file."""
        return source.path.suffix.lower() in self.suffixes

    def convert(self, source: SourceBytes) -> Article:
        """The article; with a header its body is clean prose, without one it is read like a raw page."""
        header, body = split_front_matter(decode(source.data, source.name), source.name)
        if header is None:
            parts = read_markdown(body, bullet="- ")
            return _page_article(source, "\n\n".join(text for text, _ in parts), _first_heading(parts))
        return _written_article(source, read_front_matter(header, source.name), read_markdown(body))


class PageLoader:
    """The text of a web page as it was copied, with its menus and adverts."""

    suffixes = frozenset({".txt", ".text"})

    def accepts(self, source: SourceBytes) -> bool:
        """Whether the file's name is that of a text file."""
        return source.path.suffix.lower() in self.suffixes

    def convert(self, source: SourceBytes) -> Article:
        """The article that is left when the noise of the page is gone."""
        return _page_article(source, decode(source.data, source.name), None)


class ParsedLoader:
    """A format that is parsed in a process of its own: a web page, with its mark-up, or a PDF."""

    def __init__(self, kind: Literal["html", "pdf"], suffixes: frozenset[str], parser: Parser) -> None:
        self.suffixes = suffixes
        self._kind = kind
        self._parser = parser

    def accepts(self, source: SourceBytes) -> bool:
        """Whether the source's name is that of such a file."""
        return source.path.suffix.lower() in self.suffixes

    def convert(self, source: SourceBytes) -> Article:
        """The article that is found in the page."""
        page = self._parser.parse(self._kind, source.data, source.name, source.url, source.charset)
        url = page.url or source.url
        text, blocks = lay_out(page.parts, page.lang)
        return Article(
            id=article_id(_web_name(url, source.path.suffix) if url else source.path, url),
            source=(url if source.url else None) or source.source,
            title=page.title,
            publisher=page.publisher or _host(url) or UNKNOWN_PUBLISHER,
            lang=page.lang,
            text=text,
            blocks=blocks,
            url=url,
            published=page.published,
            origin=page.origin,
            extra=(("author", page.author),) if page.author else (),
        )


PARSER = Parser()
LOADERS: tuple[Loader, ...] = (
    MarkdownLoader(),
    PageLoader(),
    ParsedLoader("html", frozenset({".html", ".htm", ".xhtml"}), PARSER),
    ParsedLoader("pdf", frozenset({".pdf"}), PARSER),
)
SUFFIXES = frozenset(suffix for loader in LOADERS for suffix in loader.suffixes)


def load_article(source: SourceBytes) -> Article:
    """The article in a source.

    Raises:
        UnsupportedSource: no loader reads this format, or the bytes are no text.
        BadFrontMatter: a value in the header cannot be right.
        EmptyArticle: nothing is left to quote.
    """
    if source.article is not None:
        return source.article
    for loader in LOADERS:
        if loader.accepts(source):
            return loader.convert(source)
    raise _unsupported(source.path)


def read_source(named: Path | str, *, max_bytes: int, fetcher: Fetcher | None = None) -> SourceBytes:
    """The bytes of one file, or of the web page behind an address, which `fetcher` gets.

    Raises:
        UnreadableSource: missing, no regular file, forbidden, or larger than `max_bytes`.
        UnsupportedSource: a suffix that no loader reads; nothing is opened.
        IngestError: a web page that must not or cannot be had, or holds no article.
    """
    if fetcher is not None and is_web_address(named):
        return _fetched(str(named), fetcher)
    path = Path(named)
    if _WEB_ADDRESS.match(str(path)):
        raise UnsupportedSource(
            f"{_shown(path)} is a web address: save the text of that page as .txt and ingest the file."
        )
    return _read_file(path, max_bytes)


def find_sources(sources: Sequence[Path | str]) -> Iterator[Path | str]:
    """The files and addresses to ingest: each that is named, good or bad, and what folders hold that a loader reads.

    Folders are walked in sorted order; hidden entries, other suffixes and folders already seen are passed over, and
    no file or address comes twice. A folder that cannot be listed is itself yielded, so that it gets its verdict.
    """
    seen: set[str] = set()
    for named in sources:
        if is_web_address(named):
            if str(named) not in seen:
                seen.add(str(named))
                yield named
            continue
        named = Path(named)
        for path in _walk(named) if named.is_dir() else (named,):
            real = os.path.realpath(path) if "\0" not in str(path) else str(path)
            if real not in seen:
                seen.add(real)
                yield path


def article_id(path: Path, url: str | None) -> str:
    """A readable id that stays the same for the same source: the file's name and a hash of its address."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(path.stem)).strip("-")[:_LONGEST_SLUG].strip("-")
    address = (url or path.as_posix()).encode("utf-8", "surrogateescape")
    return f"{slug or 'article'}-{hashlib.blake2b(address, digest_size=3).hexdigest()}"


# --- from text to an article -------------------------------------------------------------------------------------


def _written_article(source: SourceBytes, header: FrontMatter, parts: list[tuple[str, Section]]) -> Article:
    """An article with a header: its body is clean prose and is kept whole."""
    if parts and parts[0][1] == "heading" and header.title and fold(parts[0][0]) == fold(header.title):
        parts = parts[1:]
    lang = header.lang or detect_language("\n".join(text for text, _ in parts), "fr")
    title = header.title or _first_heading(parts)
    if header.title is None and title and parts[0] == (title, "heading"):
        parts = parts[1:]
    text, blocks = lay_out(parts, lang)
    _require_words(text, source)
    return Article(
        id=article_id(source.path, header.url),
        source=source.source,
        title=title or shortened(text, lang),
        publisher=header.publisher or _host(header.url) or UNKNOWN_PUBLISHER,
        lang=lang,
        text=text,
        blocks=blocks,
        kind=header.kind,
        url=header.url,
        published=header.published,
        origin=header.origin or find_origin(text),
        extra=header.extra,
    )


def _page_article(source: SourceBytes, raw: str, title: str | None) -> Article:
    """A raw page without its noise. `title`: the one its Markdown marks as such."""
    page = clean_page(raw)
    _require_words(page.text, source)
    return Article(
        id=article_id(source.path, source.url),
        source=source.source,
        title=title or page.title,
        publisher=page.publisher or _host(source.url) or UNKNOWN_PUBLISHER,
        lang=page.lang,
        text=page.text,
        blocks=page.blocks,
        url=source.url,
        published=page.published,
        origin=page.origin,
    )


def _first_heading(parts: list[tuple[str, Section]]) -> str | None:
    return next((text for text, section in parts if section == "heading"), None)


def _require_words(text: str, source: SourceBytes) -> None:
    if not any(character.isalnum() for character in text):
        what = "is empty" if not source.data.strip() else "holds no sentence of an article"
        raise EmptyArticle(f"{source.name} {what}: give it a text to quote.")


def _host(url: str | None) -> str | None:
    return (urlsplit(url).hostname or "").removeprefix("www.") or None if url else None


# --- the web -----------------------------------------------------------------------------------------------------


def _fetched(url: str, fetcher: Fetcher) -> SourceBytes:
    """A web page and the article in it."""
    from rag.ingest.fetching import MEDIA_SUFFIXES

    page = fetcher.fetch(url)
    path = _web_name(page.final_url, MEDIA_SUFFIXES[page.content_type])
    source = SourceBytes(path, page.body, "", page.final_url, page.charset)
    article = load_article(source)
    digest = hashlib.blake2b(repr(article).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
    return replace(source, content_hash=digest, article=article)


def _web_name(url: str, suffix: str) -> Path:
    """The last part of an address as the name of a file."""
    parts = urlsplit(url)
    last = next((part for part in reversed(parts.path.split("/")) if part), parts.hostname or "page")
    stem = unquote(last).replace("/", "-").replace("\0", "-")
    return Path(re.sub(r"\.\w{1,5}$", "", stem) + suffix)


# --- the disk ----------------------------------------------------------------------------------------------------


def _read_file(path: Path, max_bytes: int) -> SourceBytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableSource(f"{_shown(path)} is {_what(found.st_mode)}, not a file: name a text file.")
        if path.suffix.lower() not in SUFFIXES:
            raise _unsupported(path)
        if found.st_size > max_bytes:
            raise _too_large(path, found.st_size, max_bytes)
        data = _read_at_most(path, max_bytes + 1)
    except (OSError, ValueError) as error:
        raise UnreadableSource(
            f"{_shown(path)} cannot be read ({_reason(error)}): check its name and rights."
        ) from error
    if len(data) > max_bytes:
        raise _too_large(path, len(data), max_bytes)
    return SourceBytes(Path(os.path.realpath(path)), data, hashlib.blake2b(data, digest_size=16).hexdigest())


def _read_at_most(path: Path, size: int) -> bytes:
    # Without O_NONBLOCK a pipe put in the file's place would hold the program up for ever.
    with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        return file.read(size)


def _walk(folder: Path) -> Iterator[Path]:
    """The readable files below a folder, depth first in sorted order, each folder once."""
    seen: set[str] = set()
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if not path.is_dir():
            yield path
            continue
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        try:
            entries = sorted(path.iterdir(), key=lambda entry: entry.name)
        except OSError:
            yield path
            continue
        waiting.extend(entry for entry in reversed(entries) if _is_wanted(entry))


def _is_wanted(entry: Path) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.suffix.lower() in SUFFIXES:
        return True
    # A browser saves what belongs to "page.html" in "page_files".
    saved_with = _SAVED_FILES.sub("", entry.name)
    return entry.is_dir() and (
        saved_with == entry.name or not any(entry.with_name(saved_with + s).exists() for s in (".html", ".htm"))
    )


def _unsupported(path: Path) -> UnsupportedSource:
    suffix = path.suffix.lower()
    what = f"a {suffix} file" if suffix else "a file without a suffix"
    return UnsupportedSource(f"{_shown(path)} is {what}: save its text as {' or '.join(sorted(SUFFIXES))}.")


def _too_large(path: Path, size: int, limit: int) -> UnreadableSource:
    return UnreadableSource(f"{_shown(path)} has {size} bytes, at most {limit} are read: split it or raise the limit.")


def _what(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    return next((name for test, name in kinds if test(mode)), "a device")


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _shown(path: Path) -> str:
    """A path on one line of a message, whatever its name holds."""
    return str(path).encode("utf-8", "backslashreplace").decode().replace("\n", "\\n").replace("\0", "\\0")
