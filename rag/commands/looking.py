"""h200 articles, show, timeline and status: what the library holds, and how it is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from rag.commands.console import DONE, json_text, print_table
from rag.commands.options import library_of, library_to_ask

if TYPE_CHECKING:
    from rag.library import Library
    from rag.model import Article


def articles(options: argparse.Namespace) -> int:
    """List the articles that pass the filters."""
    from rag.render.json import article_json
    from rag.render.terminal import article_rows

    with library_of(options) as library:
        found = library.articles(_wanted(options))
    if options.json:
        for article in found:
            print(json_text(article_json(article)))
        return DONE
    print_table(("date", "outlet", "origin", "title", "lang", "copies", "name"), article_rows(found))
    return DONE


def _wanted(options: argparse.Namespace) -> Callable[[Article], bool]:
    """Whether an article passes the filters of `h200 articles`; an undated one passes no filter by date."""
    from rag.language.normalize import fold

    def passes(article: Article) -> bool:
        day, text = article.published, fold(f"{article.title} {article.text}")
        outlets = fold(f"{article.publisher} {article.origin or ''}")
        return (
            (options.since is None or (day is not None and day >= options.since))
            and (options.until is None or (day is not None and day <= options.until))
            and (options.publisher is None or fold(options.publisher) in outlets)
            and (options.lang is None or article.lang == options.lang)
            and (options.text is None or fold(options.text) in text)
        )

    return passes


def show(options: argparse.Namespace) -> int:
    """Show one article whole."""
    from rag.render.json import article_json
    from rag.render.terminal import article_text

    with library_of(options) as library:
        article = library.show(options.article)
    if options.json:
        print(json_text({**article_json(article), "text": article.text}))
    else:
        print(article_text(article, options.lang or article.lang))
    return DONE


def timeline(options: argparse.Namespace) -> int:
    """List the dated states of affairs."""
    from rag.render.json import event_json
    from rag.render.terminal import event_rows

    with library_to_ask(options) as library:
        found = library.timeline(" ".join(options.topic), options.as_of)
    if options.json:
        for event in found:
            print(json_text(event_json(event)))
        return DONE
    print_table(("date", "actor", "what is reported", "outlet"), event_rows(found, options.lang or "en"))
    return DONE


def status(options: argparse.Namespace) -> int:
    """Say what the library holds, how its indexes are, and with what it runs."""
    with library_of(options) as library:
        facts, versions = _facts(library), _versions()
    if options.json:
        print(json_text({**facts, "versions": versions}))
        return DONE
    shown = " ".join(f"{name} {version}" for name, version in versions.items())
    for name, value in {**facts, "versions": shown}.items():
        print(f"{name:<15} {value}")
    return DONE


def _facts(library: Library) -> dict[str, Any]:
    condition, model = library.condition(), library.settings.language_model
    return {
        "library": str(condition.folder),
        "articles": condition.articles,
        "passages": condition.passages,
        "oldest": condition.oldest.isoformat() if condition.oldest else None,
        "newest": condition.newest.isoformat() if condition.newest else None,
        "newest_age_days": (date.today() - condition.newest).days if condition.newest else None,
        "encoder": condition.encoder,
        "fingerprint": condition.fingerprint,
        "vector_index": condition.vectors,
        "lexical_index": condition.lexical,
        "language_model": model.model if model else None,
        "language_model_is": library.model_fault() or "answering",
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("h200", "chromadb", "llama-index-core", "sentence-transformers", "torch")
    return {"python": ".".join(map(str, sys.version_info[:3])), **{name: version(name) for name in names}}
