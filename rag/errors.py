"""Every exception the library raises on purpose.

RagError
├── ConfigError             a setting that cannot be used
├── MissingDependency       an optional package is not installed
├── QuestionTooLong         a question beyond Settings.question_characters
├── BadRequest              a program or a browser sent what cannot be understood
├── NotReady                the library is still being prepared
├── NotAllowed              the server does not let its readers do that
├── IngestError             one source could not be taken; the others go on
│   ├── UnsupportedSource   not a text this library reads
│   ├── UnreadableSource    missing, forbidden, or too large
│   ├── BadFrontMatter      a header key with a value that cannot be right
│   ├── EmptyArticle        nothing is left to quote
│   ├── AddressRefused      a web address that must not be asked: private, or no plain http(s) page
│   ├── FetchFailed         a web page that could not be had: network, time, TLS, or the server's answer
│   └── PageRefused         a page that is no article: login, consent, error, list of links
└── StoreError
    ├── LibraryNotFound     no library at that place
    ├── LibraryBroken       the catalog cannot be read
    ├── LibraryLocked       another process is writing
    ├── LibraryReadOnly     the folder cannot be written
    ├── EncoderMismatch     the library was embedded with another encoder
    ├── VectorIndexBroken   Chroma is missing or damaged; the catalog is whole
    └── ArticleNotFound     no article goes by that name

A message says what is wrong, with which value, and what to do next, in one sentence.
"""

from __future__ import annotations


class RagError(Exception):
    """Root of all errors raised on purpose."""


class ConfigError(RagError):
    """A setting has a value that cannot be used."""


class MissingDependency(RagError):
    """An optional package is needed and not installed."""


class QuestionTooLong(RagError):
    """A question is longer than the library accepts."""


class BadRequest(RagError):
    """A program or a browser sent what cannot be understood."""


class NotReady(RagError):
    """The library is still being prepared, or could not be."""


class NotAllowed(RagError):
    """The server does not let its readers do that."""


class IngestError(RagError):
    """One source could not be taken into the library."""


class UnsupportedSource(IngestError):
    """The source is not a text in a format this library reads."""


class UnreadableSource(IngestError):
    """The source is missing, forbidden or too large."""


class BadFrontMatter(IngestError):
    """A key of an article's header has a value that cannot be right."""


class EmptyArticle(IngestError):
    """Nothing is left to quote once the noise of the page is gone."""


class StoreError(RagError):
    """The library on disk cannot do what was asked."""


class LibraryNotFound(StoreError):
    """There is no library at the given place."""


class LibraryBroken(StoreError):
    """The catalog exists and cannot be read."""


class LibraryLocked(StoreError):
    """Another process is writing to the library."""


class LibraryReadOnly(StoreError):
    """The library's folder cannot be written."""


class EncoderMismatch(StoreError):
    """The library was embedded with an encoder other than the one asked for."""


class VectorIndexBroken(StoreError):
    """The Chroma index is missing or damaged; the catalog it is made from is whole."""


class ArticleNotFound(StoreError):
    """No article goes by the given name."""


class AddressRefused(IngestError):
    """A web address must not be asked: it is private, or has another scheme, another port or a password."""


class FetchFailed(IngestError):
    """A web page could not be had, or its site does not want programs to have it."""


class PageRefused(IngestError):
    """A page was read and is no article: it asks for a login or consent, reports an error or lists links."""
