"""h200 ingest, remove and rebuild: what the library holds is added to, taken away, or indexed anew."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.commands.console import DONE, SOME_FAILED, json_text, progress_bar, tell
from rag.commands.options import library_of, library_to_fill

if TYPE_CHECKING:
    from rag.model import Verdict


def ingest(options: argparse.Namespace) -> int:
    """Bring sources in, and say what became of each."""
    from rag.render.json import verdict_json
    from rag.render.terminal import verdict_line

    sources = _sources(options.source)
    with library_to_fill(options) as library, progress_bar(options) as progress:
        verdicts = library.ingest(sources, progress, sync=options.sync)
    for verdict in verdicts:
        if options.json:
            print(json_text(verdict_json(verdict)))
        elif not options.quiet or _failed(verdict):
            print(verdict_line(verdict))
    tell(_tally(verdicts), options)
    return SOME_FAILED if any(map(_failed, verdicts)) else DONE


def _sources(named: Sequence[str]) -> Sequence[Path | str]:
    """Files, folders and web addresses by their names; without any, the bundled corpus."""
    from rag import bundled_corpus
    from rag.ingest.addresses import is_web_address

    return [name if is_web_address(name) else Path(name) for name in named] or [bundled_corpus()]


def _failed(verdict: Verdict) -> bool:
    return verdict.outcome in ("refused", "failed")


def _tally(verdicts: Sequence[Verdict]) -> str:
    counts = Counter(verdict.outcome for verdict in verdicts)
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "no source found"


def remove(options: argparse.Namespace) -> int:
    """Forget articles."""
    with library_of(options) as library:
        for article in library.remove(options.article):
            print(f"removed    {article.id}")
    return DONE


def rebuild(options: argparse.Namespace) -> int:
    """Make the indexes anew; an encoder that is named takes the place of the library's own."""
    encoder, options.encoder = options.encoder, None
    with library_of(options) as library:
        library.rebuild(encoder)
        facts = library.facts
    tell(f"rebuilt the indexes of {facts.articles} articles, {facts.passages} passages", options)
    return DONE
