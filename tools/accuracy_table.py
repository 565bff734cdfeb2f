"""Write the accuracy table of README.md from a run of `h200 eval`; `--check` only compares.

python tools/accuracy_table.py RUN           the figures of that run become those of the house and of the README
python tools/accuracy_table.py --check       the README shows the figures of the house
python tools/accuracy_table.py --check RUN   ... and that run measures the same
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.measures import MEASURES
from evals.page.figures import interval, unit_of, written

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PUBLISHED = ROOT / "evals" / "published.json"
START, END = "<!-- accuracy -->", "<!-- /accuracy -->"
SHOWN = (
    "correct", "wrong", "truthfulness", "vital_recall", "citation_precision", "citation_recall", "integrity", "abstention_f1",
    "as_of_accuracy", "both_sides", "future_leak", "hit@1", "hit@5", "words_shown",
)  # fmt: skip
HEADS = {"ours": "h200", "lexical": "words alone", "vectors": "vectors alone", "stock": "plain llama-index"}
TIMED = ("p50", "p95")
"""Left out: they depend on the machine."""


def published(run: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a run, in its own shape: the figures, for the whole and by kind, and what they were measured on."""
    arms = {
        name: {
            "measures": _untimed(arm["measures"]),
            "kinds": {kind: _untimed(figures) for kind, figures in arm.get("kinds", {}).items()},
            "kind_counts": arm.get("kind_counts", {}),
        }
        for name, arm in run["arms"].items()
    }
    kept = ("schema", "questions", "facts", "split", "corpus", "library", "sets", "created", "git")
    return {**{key: run[key] for key in kept if key in run}, "arms": arms}


def _untimed(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {key: figure for key, figure in figures.items() if key not in TIMED}


def table(data: Mapping[str, Any]) -> str:
    """The Markdown between the markers."""
    arms = {name: arm["measures"] for name, arm in data["arms"].items()}
    first = next(iter(arms))
    heads = ["", HEADS.get(first, first), "95% interval", *(HEADS.get(name, name) for name in list(arms)[1:])]
    lines = [f"| {' | '.join(heads)} |", f"|---{'|---:' * (len(heads) - 1)}|"]
    for name in SHOWN:
        if name in arms[first]:
            lines.append(f"| {' | '.join(_row(name, arms, first))} |")
    split = {"dev": "development ", "test": "held-out "}.get(data["split"], "")
    note = f"{data['questions']} {split}questions about {data['facts']} facts; measured on {data['created'][:10]} by `make accuracy`."
    return "\n".join([START, *lines, "", note, END])


def _row(name: str, arms: Mapping[str, Any], first: str) -> list[str]:
    measure = MEASURES[name]
    unit = unit_of(measure)
    gap = "" if unit in ("", "%") else " "

    def cell(arm: str) -> str:
        figure = arms[arm].get(name)
        return f"{written(measure, figure['value'])}{gap}{unit}" if figure else "–"

    arrow = {"more": " ↑", "less": " ↓", "none": ""}[measure.better]
    others = [cell(arm) for arm in arms if arm != first]
    return [f"{measure.title}{arrow}", cell(first), interval(measure, arms[first][name]), *others]


def filled(text: str, data: Mapping[str, Any]) -> str:
    """The README with the table in place. Raises: ValueError, if the markers are missing."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"README.md has no place for the table: put the lines {START} and {END} where it belongs.")
    return f"{before}{table(data)}{after}"


def same_figures(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[str]:
    """The figures that differ, as 'arm measure: left, right'."""
    return [
        f"{arm} {name}: {figure['value']}, {_value(right, arm, name)}"
        for arm, kept in left["arms"].items()
        for name, figure in kept["measures"].items()
        if figure["value"] != _value(right, arm, name)
    ]


def _value(run: Mapping[str, Any], arm: str, name: str) -> object:
    return run["arms"].get(arm, {}).get("measures", {}).get(name, {}).get("value")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("run", nargs="?", type=Path, metavar="RUN", help="a folder that 'h200 eval --out' has written")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if something differs")
    options = parser.parse_args()
    if options.run is None and not options.check:
        parser.error("name a run, or --check")
    fresh = published(json.loads((options.run / "run.json").read_text(encoding="utf-8"))) if options.run else None
    if not options.check and fresh is not None:
        PUBLISHED.write_text(json.dumps(fresh, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    data = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    new = filled(text, data)
    if not options.check:
        README.write_text(new, encoding="utf-8")
        return 0
    differences = same_figures(data, fresh) if fresh is not None else []
    if new != text:
        differences.append(
            "README.md does not show the figures of evals/published.json: run tools/accuracy_table.py RUN"
        )
    print("\n".join(differences) or "The README shows what was measured.")
    return int(bool(differences))


if __name__ == "__main__":
    raise SystemExit(main())
