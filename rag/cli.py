"""The h200 command: arguments -> one of `rag.commands` -> text or JSON, and an exit code.

Answers go to stdout, all else to stderr. Exit codes: 0 answered or done, 1 error, 2 wrong usage, 3 abstained,
4 done but some sources failed.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from rag.commands import asking, handing_over, keeping, looking
from rag.commands.console import DONE, ERROR, complain
from rag.commands.options import day
from rag.errors import RagError

Command: TypeAlias = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
"""Adds a command: its name, what it runs, and a line of help; gives the parser of its arguments."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is returned, not raised."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our letters shows marks instead
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except RagError as error:
        if options.verbose:
            raise
        complain(error)
        return ERROR
    except KeyboardInterrupt:
        complain("stopped.")
        return 130
    except BrokenPipeError:
        # The reader of our output has left (`| head`); what follows would fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="h200",
        description="Questions and answers on Nvidia's H200 chips and China, from news articles, with citations.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    common = _common_options()

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[common], help=text, description=text)
        added.set_defaults(run=run)
        return added

    _add_asking(command)
    _add_keeping(command)
    _add_looking(command)
    _add_serving(command)
    # With no character that begins an option, all that follows is passed on as it is.
    evaluate = commands.add_parser(
        "eval", prefix_chars="\0", add_help=False, help="measure how well questions are answered"
    )
    evaluate.add_argument("arguments", nargs=argparse.REMAINDER)
    evaluate.set_defaults(run=handing_over.evaluate, verbose=False)
    return parser


def _common_options() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--library",
        type=Path,
        metavar="DIR",
        help="the library's folder (default: $H200_LIBRARY, else your data folder)",
    )
    common.add_argument(
        "--lang", choices=("fr", "en"), help="language of the assistant's own words (default: that of the question)"
    )
    common.add_argument(
        "--encoder", metavar="NAME", help="a sentence-transformers name or folder (default: the embedded one)"
    )
    common.add_argument("-q", "--quiet", action="store_true", help="no progress, no notes")
    common.add_argument("-v", "--verbose", action="store_true", help="a traceback with every error")
    return common


def _add_asking(command: Command) -> None:
    ask = command(
        "ask",
        asking.ask,
        "answer a question, or many; the first use builds the library from the bundled corpus",
    )
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument(
        "--batch", metavar="FILE|-", help="JSON lines in, JSON lines out: {id, question, as_of?, history?}"
    )
    _add_ways_to_answer(ask)
    ask.add_argument(
        "--after",
        action="append",
        default=[],
        metavar="QUESTION",
        help="an earlier question of the conversation; may be repeated",
    )
    _add_json(ask)
    _add_ways_to_answer(command("chat", asking.chat, "hold a conversation in the terminal"))


def _add_keeping(command: Command) -> None:
    ingest = command(
        "ingest",
        keeping.ingest,
        "bring files, folders and web pages into the library; without a source, the bundled corpus",
    )
    ingest.add_argument("source", nargs="*", metavar="SOURCE")
    ingest.add_argument("--sync", action="store_true", help="mirror folders: also remove what is no longer in them")
    _add_json(ingest)
    remove = command("remove", keeping.remove, "forget articles")
    remove.add_argument("article", nargs="+", metavar="ARTICLE")
    command("rebuild", keeping.rebuild, "make the indexes anew from the catalog; with --encoder, embed anew as well")


def _add_looking(command: Command) -> None:
    articles = command("articles", looking.articles, "list the articles; --lang lists those in that language")
    articles.add_argument("--since", type=day, metavar="DATE", help="published on that day or later")
    articles.add_argument("--until", type=day, metavar="DATE", help="published on that day or earlier")
    articles.add_argument("--publisher", metavar="NAME", help="carried or first reported by an outlet of that name")
    articles.add_argument("--text", metavar="WORDS", help="with these words in title or text")
    _add_json(articles)
    show = command("show", looking.show, "show one article whole")
    show.add_argument("article", metavar="ARTICLE")
    _add_json(show)
    timeline = command("timeline", looking.timeline, "list the dated states of affairs, superseded ones marked")
    timeline.add_argument("topic", nargs="*", metavar="TOPIC", help="a few words; without any, the whole story")
    timeline.add_argument("--as-of", type=day, metavar="DATE", help="as a reader on that day could know it")
    _add_json(timeline)
    _add_json(command("status", looking.status, "say what the library holds and how its indexes are"))


def _add_serving(command: Command) -> None:
    serve = command("serve", handing_over.serve, "serve the web app")
    serve.add_argument("--host", metavar="H", help="address to listen on (default: $H200_WEB_HOST, else 127.0.0.1)")
    serve.add_argument("--port", type=int, metavar="P", help="port to listen on (default: $H200_WEB_PORT, else 7860)")
    _add_json(command("feedback", handing_over.feedback, "list what readers of the web app thought of answers"))


def _add_ways_to_answer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=day, metavar="DATE", help="answer as a reader on that day: 2026-01-14")
    parser.add_argument(
        "--mode",
        choices=("extractive", "llm"),
        default="extractive",
        help="in the sources' own words, or written by a language model ($H200_LLM_URL) and held against them",
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


if __name__ == "__main__":
    raise SystemExit(main())
