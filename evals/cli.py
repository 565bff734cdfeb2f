"""The `h200 eval` command: questions -> figures on stdout, a report in a folder, an exit code.

h200 eval [SET...]      ask, measure, report        h200 eval lint SET...     check question sets
h200 eval gate          hold against thresholds     h200 eval compare A B     two runs, side by side
h200 eval sweep FILE    try settings from a YAML    h200 eval page RUN        make its report.html anew
h200 eval pairs         how the matcher agrees with labels given by hand
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from rich.console import Console

from evals import report
from evals.answerers.arms import ARMS, arm
from evals.compare import compare
from evals.gate import THRESHOLDS, bearing_on, check, junit, raised, read_rules
from evals.judge import Judge, JudgeSettings
from evals.lint import lint, read_articles
from evals.pairs import PAIRS, agreement
from evals.questions import BUNDLED, Case, load
from evals.run import ArmResult, Progress, run_arm
from evals.shelf import Shelf, default_cache, open_shelf, shelf_at
from evals.speed import cold_start
from evals.sweep import read_plan, sweep
from evals.terminal import comparison_table, run_table, sweep_table
from rag import bundled_corpus
from rag.errors import RagError

Command: TypeAlias = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
DONE, FAILED = 0, 1
COMMANDS = ("run", "lint", "gate", "compare", "sweep", "page", "pairs")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Raises: RagError."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] not in (*COMMANDS, "-h", "--help"):
        arguments.insert(0, "run")
    options = _parser().parse_args(arguments)
    return int(options.run(options))


# --- commands ----------------------------------------------------------------------------------------------------


def _run(options: argparse.Namespace) -> int:
    cases, shelf = _cases(options), _shelf(options)
    _tell_faults(options.set, shelf)
    started = time.perf_counter()
    results = _ask_arms(options.arms, cases, shelf, options)
    setting = report.Setting(
        options.set or BUNDLED, _split(options), options.only, time.perf_counter() - started, cold_start(shelf)
    )
    folder = options.out or _cache(options) / "runs" / datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    run = report.write(folder, results, setting, shelf)
    shelf.close()
    if options.judge:
        _ask_judge(folder, options)
    Console().print(run_table(run))
    print(f"\nReport: {folder / 'report.html'}")
    return DONE


def _ask_judge(folder: Path, options: argparse.Namespace) -> None:
    """Add a language model's opinion to a run that is written."""
    settings = JudgeSettings(options.judge, options.judge_model, os.environ.get("H200_JUDGE_KEY"), _cache(options))
    with closing(Judge(settings)) as judge:
        report.add_opinions(folder, judge.opinions)


def _gate(options: argparse.Namespace) -> int:
    cases, shelf = _cases(options), _shelf(options)
    (result,) = _ask_arms(["ours"], cases, shelf, options)
    shelf.close()
    rules = read_rules(options.thresholds)
    verdicts = check(bearing_on(rules, cases) if options.only or options.set else rules, result.scored)
    if options.junit:
        options.junit.parent.mkdir(parents=True, exist_ok=True)
        options.junit.write_text(junit(verdicts), encoding="utf-8")
    if options.raise_:
        text = options.thresholds.read_text(encoding="utf-8")
        options.thresholds.write_text(raised(verdicts, text), encoding="utf-8")
    failed = [verdict for verdict in verdicts if not verdict.holds]
    for verdict in failed:
        print(f"FAILED  {verdict.message}")
    print(f"{len(verdicts) - len(failed)} of {len(verdicts)} thresholds hold over {len(cases)} questions.")
    return FAILED if failed else DONE


def _compare(options: argparse.Namespace) -> int:
    found = compare(report.read(options.first), report.read(options.second), (options.first_arm, options.second_arm))
    for warning in found.warnings:
        print(f"h200: {warning}", file=sys.stderr)
    Console().print(comparison_table(found))
    if found.moved:
        print(f"\n{len(found.moved)} questions moved, the worst first:")
    for id_, question, before, after in found.moved:
        print(f"{before:+.1f} -> {after:+.1f}  {id_}  {question}")
    return DONE


def _sweep(options: argparse.Namespace) -> int:
    plan, cases = read_plan(options.file), _cases(options)
    with _progress(options) as progress:
        tried = sweep(plan, cases, options.corpus, _cache(options), progress)
    Console().print(sweep_table(tried, plan.by))
    return DONE


def _page(options: argparse.Namespace) -> int:
    print(report.write_page(options.run_folder))
    return DONE


def _lint(options: argparse.Namespace) -> int:
    faults = lint(options.set or BUNDLED, read_articles(options.corpus))
    for fault in faults:
        print(fault)
    count = len({(fault.path, fault.line) for fault in faults})
    print(f"{count} question{'s' if count > 1 else ''} with faults." if faults else "No fault.", file=sys.stderr)
    return FAILED if faults else DONE


def _pairs(options: argparse.Namespace) -> int:
    found = agreement(options.file)
    for pair in found.missed:
        print(f"{pair.id}  {'says' if pair.match else 'does not say'}  {pair.alias!r}  {pair.said.text}")
    print(f"The matcher agrees with {found.share:.3f} of {found.count} labels given by hand.")
    return DONE


# --- shared ------------------------------------------------------------------------------------------------------


def _ask_arms(
    names: Sequence[str], cases: Sequence[Case], shelf: Shelf, options: argparse.Namespace
) -> list[ArmResult]:
    results = []
    with _progress(options) as progress:
        for name in names:
            answerer = arm(name, shelf)
            results.append(run_arm(answerer, cases, shelf, None if options.fresh else _cache(options), progress))
            answerer.close()
    return results


def _cases(options: argparse.Namespace) -> list[Case]:
    cases = load(options.set or BUNDLED, _split(options), options.only)
    if not cases:
        raise RagError("No question is left to ask: choose another --split or --only.")
    return cases


def _tell_faults(sets: Sequence[Path], shelf: Shelf) -> None:
    """Say what the articles do not bear out in a set of one's own: such a question cannot be answered right."""
    for fault in lint(sets, shelf.articles):
        print(f"h200: {fault}", file=sys.stderr)


def _split(options: argparse.Namespace) -> str | None:
    """The bundled sets are asked on their dev split unless another is named, a set of one's own whole."""
    named: str | None = options.split or (None if options.set else "dev")
    return None if named == "all" else named


def _shelf(options: argparse.Namespace) -> Shelf:
    if options.library:
        return shelf_at(options.library)
    return open_shelf(_cache(options), options.corpus)


def _cache(options: argparse.Namespace) -> Path:
    return Path(options.cache or default_cache())


@contextmanager
def _progress(options: argparse.Namespace) -> Iterator[Progress | None]:
    """A progress bar on stderr, if somebody may be looking."""
    if options.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        tasks = {}

        def advance(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total)
            bar.update(tasks[name], completed=done)

        yield advance


# --- arguments ---------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="h200 eval", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    _add_measuring(command)
    _add_reading(command)
    return parser


def _add_measuring(command: Command) -> None:
    run = command("run", _run, "ask the questions, measure the answers, write a report (the default command)")
    _set_options(run)
    run.add_argument(
        "--arms", type=_arms, default=["ours"], metavar="A,B", help=f"of {', '.join(ARMS)} (default: ours)"
    )
    run.add_argument("--out", type=Path, metavar="DIR", help="where the report goes (default: the user's cache)")
    run.add_argument(
        "--judge", metavar="URL", help="also ask a language model, at an OpenAI-compatible address up to /v1"
    )
    run.add_argument(
        "--judge-model", default="default", metavar="NAME", help="its key, if any, is read from H200_JUDGE_KEY"
    )
    gate = command("gate", _gate, "hold the engine against the thresholds; exit code 1 if it falls short")
    _set_options(gate)
    gate.add_argument("--thresholds", type=Path, default=THRESHOLDS, metavar="FILE", help="(default: evals/gate.toml)")
    gate.add_argument("--junit", type=Path, metavar="FILE", help="also write the verdicts as JUnit XML")
    gate.add_argument("--raise", dest="raise_", action="store_true", help="move up the thresholds that are cleared")
    sweeping = command("sweep", _sweep, "try settings from a YAML file, each combination on the same questions")
    sweeping.add_argument("file", type=Path, metavar="FILE")
    _set_options(sweeping)


def _add_reading(command: Command) -> None:
    comparing = command("compare", _compare, "two runs side by side, and whether chance explains the difference")
    comparing.add_argument("first", type=Path, metavar="A", help="the folder of a run")
    comparing.add_argument("second", type=Path, metavar="B", help="the folder of another")
    comparing.add_argument("--first-arm", metavar="NAME", help="(default: the first of the run)")
    comparing.add_argument("--second-arm", metavar="NAME", help="(default: the first of the run)")
    page = command("page", _page, "make report.html of a run anew from its files")
    page.add_argument("run_folder", type=Path, metavar="RUN")
    linting = command("lint", _lint, "check question sets against the format and the articles")
    linting.add_argument("set", nargs="*", type=Path, metavar="SET")
    linting.add_argument(
        "--corpus", type=Path, default=bundled_corpus(), metavar="DIR", help="(default: the bundled one)"
    )
    pairs = command("pairs", _pairs, "how often the matcher agrees with labels given by hand, and where it does not")
    pairs.add_argument("file", nargs="?", type=Path, default=PAIRS, metavar="FILE")


def _set_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("set", nargs="*", type=Path, metavar="SET", help="question sets (default: the bundled ones)")
    parser.add_argument(
        "--split", choices=("dev", "test", "all"), help="(default: dev of the bundled sets, all of others)"
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="KIND", help="questions of that kind; may be repeated"
    )
    parser.add_argument(
        "--corpus", type=Path, default=bundled_corpus(), metavar="DIR", help="articles (default: bundled)"
    )
    parser.add_argument("--library", type=Path, metavar="DIR", help="a library that exists, in place of --corpus")
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", help="built libraries and answers (default: the user's cache)"
    )
    parser.add_argument("--fresh", action="store_true", help="ask anew what was answered before")
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress")


def _arms(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in ARMS]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is no arm: choose from {', '.join(ARMS)}")
    return list(dict.fromkeys(names))


if __name__ == "__main__":
    raise SystemExit(main())
