"""The h200 command: arguments -> one verb of the library -> text or JSON, and an exit code.

Answers go to stdout, all else to stderr. Exit codes: 0 answered or done, 1 error, 2 wrong usage, 3 abstained,
4 done but some sources failed.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rag.errors import MissingDependency, RagError
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.library import Library, Progress
    from rag.model import Answer, Article, Verdict

DONE, ERROR, USAGE, ABSTAINED, SOME_FAILED = 0, 1, 2, 3, 4


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is returned, not raised."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our letters shows marks instead
    parser = _parser()
    options = parser.parse_args(argv)
    try:
        return int(options.run(options))
    except RagError as error:
        if options.verbose:
            raise
        print(f"h200: {error}", file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        print("h200: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output has left (`| head`); what follows would fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


# commands


def _ask(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.batch is None):
        print("h200: give either one question or --batch FILE.", file=sys.stderr)
        return USAGE
    with _library(options, build=True) as library:
        library.warm()
        if options.batch is not None:
            return _ask_batch(options, library)
        answer = library.ask(
            options.question, as_of=options.as_of, history=options.after, lang=options.lang, mode=options.mode
        )
        _print_answer(answer, options)
    return ABSTAINED if answer.status == "abstained" else DONE


def _ask_batch(options: argparse.Namespace, library: Library) -> int:
    with _input(options.batch) as lines:
        for line in lines:
            print(_json(_batch_line(line, options, library)), flush=True)
    return DONE


def _batch_line(line: bytes, options: argparse.Namespace, library: Library) -> dict[str, Any]:
    """The answer to one line, or its error: a bad line never stops the others."""
    from rag.render.json import answer_json

    id_: object = None
    try:
        row = _parsed(line)
        id_ = row.get("id") if isinstance(row, dict) else None
        question, as_of, history = _batch_question(row)
        answer = library.ask(
            question,
            as_of=as_of or options.as_of,
            history=[*options.after, *history],
            lang=options.lang,
            mode=options.mode,
        )
        return answer_json(answer, id_)
    except (RagError, argparse.ArgumentTypeError) as error:
        return {"id": id_, "error": str(error)}


def _parsed(line: bytes) -> object:
    """The JSON value of a line. Raises: RagError."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(line.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise RagError(f"The line is no JSON in UTF-8 ({error}): write one object a line.") from error


def _batch_question(row: object) -> tuple[str, date | None, list[str]]:
    """(question, as_of, history) of a line. Raises: RagError, ArgumentTypeError."""
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise RagError("The line holds no question: write an object with a text under 'question'.")
    history = row.get("history") or []
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        raise RagError("'history' is no list of earlier questions: write it as a list of texts.")
    return row["question"], _day(row["as_of"]) if row.get("as_of") else None, history


def _chat(options: argparse.Namespace) -> int:
    history: list[str] = []
    with _library(options, build=True) as library:
        library.warm()
        facts = library.facts
        _tell(
            f"{facts.articles} articles, {facts.passages} passages. Une question / a question? (Ctrl-D: quit)", options
        )
        while (question := _read_question()) is not None:
            if not question.strip():
                continue
            try:
                answer = library.ask(
                    question, as_of=options.as_of, history=history, lang=options.lang, mode=options.mode
                )
            except RagError as error:
                print(f"h200: {error}", file=sys.stderr)
                continue
            _print_answer(answer, options)
            print()
            history.append(question)
    return DONE


def _read_question() -> str | None:
    try:
        return input("\n› " if sys.stdin.isatty() else "")
    except EOFError:
        return None


def _ingest(options: argparse.Namespace) -> int:
    from rag import bundled_corpus
    from rag.ingest.addresses import is_web_address
    from rag.library import Library, exists
    from rag.render.json import verdict_json
    from rag.render.terminal import verdict_line

    settings = _settings(options)
    named = [source if is_web_address(source) else Path(source) for source in options.source]
    sources: list[Path | str] = named or [bundled_corpus()]
    opened = Library.open(settings) if exists(settings.library) else Library.create(settings)
    with opened as library, _progress(options) as progress:
        verdicts = library.ingest(sources, progress, sync=options.sync)
    for verdict in verdicts:
        if options.json:
            print(_json(verdict_json(verdict)))
        elif not options.quiet or verdict.outcome in ("refused", "failed"):
            print(verdict_line(verdict))
    _tell(_tally(verdicts), options)
    return SOME_FAILED if any(v.outcome in ("refused", "failed") for v in verdicts) else DONE


def _tally(verdicts: Sequence[Verdict]) -> str:
    counts: dict[str, int] = {}
    for verdict in verdicts:
        counts[verdict.outcome] = counts.get(verdict.outcome, 0) + 1
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "no source found"


def _remove(options: argparse.Namespace) -> int:
    with _library(options) as library:
        for article in library.remove(options.article):
            print(f"removed    {article.id}")
    return DONE


def _rebuild(options: argparse.Namespace) -> int:
    from rag.library import Library

    encoder, options.encoder = options.encoder, None
    with Library.open(_settings(options)) as library:
        library.rebuild(encoder)
        facts = library.facts
    _tell(f"rebuilt the indexes of {facts.articles} articles, {facts.passages} passages", options)
    return DONE


def _articles(options: argparse.Namespace) -> int:
    from rag.render.json import article_json
    from rag.render.terminal import article_rows

    with _library(options) as library:
        articles = library.articles(_wanted(options))
    if options.json:
        for article in articles:
            print(_json(article_json(article)))
        return DONE
    _print_table(("date", "outlet", "origin", "title", "lang", "copies", "name"), article_rows(articles))
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


def _show(options: argparse.Namespace) -> int:
    from rag.render.json import article_json
    from rag.render.terminal import article_text

    with _library(options) as library:
        article = library.show(options.article)
    if options.json:
        print(_json({**article_json(article), "text": article.text}))
    else:
        print(article_text(article, options.lang or article.lang))
    return DONE


def _timeline(options: argparse.Namespace) -> int:
    from rag.render.json import event_json
    from rag.render.terminal import event_rows

    with _library(options, build=True) as library:
        found = library.timeline(" ".join(options.topic), options.as_of)
    if options.json:
        for event in found:
            print(_json(event_json(event)))
        return DONE
    _print_table(("date", "actor", "what is reported", "outlet"), event_rows(found, options.lang or "en"))
    return DONE


def _status(options: argparse.Namespace) -> int:
    with _library(options) as library:
        condition, model, fault = library.condition(), library.settings.language_model, library.model_fault()
    facts = {
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
        "language_model_is": fault or "answering",
        "versions": _versions(),
    }
    if options.json:
        print(_json(facts))
    else:
        versions = " ".join(f"{name} {version}" for name, version in _versions().items())
        for name, value in {**facts, "versions": versions}.items():
            print(f"{name:<15} {value}")
    return DONE


def _serve(options: argparse.Namespace) -> int:
    from rag.serve.commands import serve
    from rag.settings import ServeSettings

    serving = ServeSettings.from_environment(host=options.host, port=options.port)
    shown = f"[{serving.host}]" if ":" in serving.host else serving.host
    _tell(f"h200 is starting on http://{shown}:{serving.port} (Ctrl-C: stop)", options)
    serve(_settings(options), serving)
    return DONE


def _feedback(options: argparse.Namespace) -> int:
    from rag.serve.commands import opinions

    for line in opinions(_settings(options), as_json=options.json):
        print(line)
    return DONE


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("h200", "chromadb", "llama-index-core", "sentence-transformers", "torch")
    return {"python": ".".join(map(str, sys.version_info[:3])), **{name: version(name) for name in names}}


def _evaluate(options: argparse.Namespace) -> int:
    try:
        from evals.cli import main as evaluate
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("evals"):
            raise
        raise MissingDependency(
            "The evaluation harness is not part of the installed package: run it from a checkout, after 'pip install -e .'."
        ) from error
    return evaluate(options.arguments)


# arguments


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

    ask = command("ask", _ask, "answer a question, or many; the first use builds the library from the bundled corpus")
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument(
        "--batch", metavar="FILE|-", help="JSON lines in, JSON lines out: {id, question, as_of?, history?}"
    )
    _asking_options(ask)
    ask.add_argument(
        "--after",
        action="append",
        default=[],
        metavar="QUESTION",
        help="an earlier question of the conversation; may be repeated",
    )
    _asking_options(command("chat", _chat, "hold a conversation in the terminal"))
    ingest = command(
        "ingest", _ingest, "bring files, folders and web pages into the library; without a source, the bundled corpus"
    )
    ingest.add_argument("source", nargs="*", metavar="SOURCE")
    ingest.add_argument("--sync", action="store_true", help="mirror folders: also remove what is no longer in them")
    remove = command("remove", _remove, "forget articles")
    remove.add_argument("article", nargs="+", metavar="ARTICLE")
    command("rebuild", _rebuild, "make the indexes anew from the catalog; with --encoder, embed anew as well")
    articles = command("articles", _articles, "list the articles; --lang lists those in that language")
    articles.add_argument("--since", type=_day, metavar="DATE", help="published on that day or later")
    articles.add_argument("--until", type=_day, metavar="DATE", help="published on that day or earlier")
    articles.add_argument("--publisher", metavar="NAME", help="carried or first reported by an outlet of that name")
    articles.add_argument("--text", metavar="WORDS", help="with these words in title or text")
    show = command("show", _show, "show one article whole")
    show.add_argument("article", metavar="ARTICLE")
    timeline = command("timeline", _timeline, "list the dated states of affairs, superseded ones marked")
    timeline.add_argument("topic", nargs="*", metavar="TOPIC", help="a few words; without any, the whole story")
    timeline.add_argument("--as-of", type=_day, metavar="DATE", help="as a reader on that day could know it")
    status = command("status", _status, "say what the library holds and how its indexes are")
    serve = command("serve", _serve, "serve the web app")
    serve.add_argument("--host", metavar="H", help="address to listen on (default: $H200_WEB_HOST, else 127.0.0.1)")
    serve.add_argument("--port", type=int, metavar="P", help="port to listen on (default: $H200_WEB_PORT, else 7860)")
    feedback = command("feedback", _feedback, "list what readers of the web app thought of answers")
    # With no character that begins an option, all that follows is passed on as it is.
    evaluate = commands.add_parser(
        "eval", prefix_chars="\0", add_help=False, help="measure how well questions are answered"
    )
    evaluate.add_argument("arguments", nargs=argparse.REMAINDER)
    evaluate.set_defaults(run=_evaluate, verbose=False)
    for with_json in (ask, ingest, articles, show, timeline, status, feedback):
        with_json.add_argument("--json", action="store_true", help="print JSON instead of text")
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


def _asking_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=_day, metavar="DATE", help="answer as a reader on that day: 2026-01-14")
    parser.add_argument(
        "--mode",
        choices=("extractive", "llm"),
        default="extractive",
        help="in the sources' own words, or written by a language model ($H200_LLM_URL) and held against them",
    )


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write it as 2026-01-14") from error


def _settings(options: argparse.Namespace) -> Settings:
    return Settings.from_environment(library=options.library, encoder=options.encoder)


# input and output


@contextmanager
def _library(options: argparse.Namespace, *, build: bool = False) -> Iterator[Library]:
    """The library of the options; with `build`, a missing one is made from the bundled corpus."""
    from rag import bundled_corpus
    from rag.library import Library, exists

    settings = _settings(options)
    if exists(settings.library) or not build:
        with Library.open(settings) as library:
            yield library
        return
    with Library.create(settings) as library:
        _tell(f"Building a library in {settings.library} from the bundled corpus.", options)
        with _progress(options) as progress:
            library.ingest([bundled_corpus()], progress)
        yield library


def _print_answer(answer: Answer, options: argparse.Namespace) -> None:
    from rag.render.json import answer_json
    from rag.render.terminal import answer_text

    if getattr(options, "json", False):
        print(_json(answer_json(answer), indent=2))
    elif sys.stdout.isatty():
        from rich.console import Console

        Console(highlight=False).print(answer_text(answer, colour=True))
    else:
        print(answer_text(answer))
    for note in answer.notes:
        _tell(note, options)


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on a terminal, tab-separated lines in a pipe."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*heads, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    Console().print(table)


@contextmanager
def _progress(options: argparse.Namespace) -> Iterator[Progress | None]:
    """A progress bar on stderr, if somebody may be looking."""
    if options.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("articles", total=None)

        def advance(done: int, total: int, verdict: Verdict) -> None:
            bar.update(task, completed=done, total=total, description=verdict.outcome)

        yield advance


@contextmanager
def _input(name: str) -> Iterator[IO[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as file:
            yield file
    except OSError as error:
        raise RagError(f"{name} cannot be read ({error.strerror}): name a file of JSON lines, or -.") from error


def _json(data: object, indent: int | None = None) -> str:
    """JSON for people, in their letters; what standard output cannot carry is escaped."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    return text if text.isascii() or _encodable(text) else json.dumps(data, indent=indent)


def _encodable(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _tell(text: str, options: argparse.Namespace) -> None:
    if not options.quiet:
        print(text, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
