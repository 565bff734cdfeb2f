"""What the options stand for: a text -> a day, --library and --encoder -> settings, and these -> an open library."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from rag.commands.console import progress_bar, tell
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.library import Library


def day(text: object) -> date:
    """A day as it was typed. Raises: ArgumentTypeError."""
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write it as 2026-01-14") from error


def settings_of(options: argparse.Namespace) -> Settings:
    """The environment's settings, where the options say nothing else. Raises: ConfigError."""
    return Settings.from_environment(library=options.library, encoder=options.encoder)


def library_of(options: argparse.Namespace) -> Library:
    """The library that is there, open. Raises: LibraryNotFound, LibraryBroken, EncoderMismatch."""
    from rag.library import Library

    return Library.open(settings_of(options))


def library_to_fill(options: argparse.Namespace) -> Library:
    """The library that is there, or a new and empty one. Raises: RagError."""
    from rag.library import Library, exists

    settings = settings_of(options)
    return Library.open(settings) if exists(settings.library) else Library.create(settings)


@contextmanager
def library_to_ask(options: argparse.Namespace) -> Iterator[Library]:
    """The library that is there, or a new one made from the bundled corpus. Raises: RagError."""
    from rag import bundled_corpus
    from rag.library import exists

    folder = settings_of(options).library
    known = exists(folder)
    with library_to_fill(options) as library:
        if not known:
            tell(f"Building a library in {folder} from the bundled corpus.", options)
            with progress_bar(options) as progress:
                library.ingest([bundled_corpus()], progress)
        yield library
