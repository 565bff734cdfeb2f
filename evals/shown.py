"""Is the right sentence shown? Questions with known supports -> share shown, right and wrong abstentions.

    python -m evals.shown evals/questions/seeds_dev.jsonl --library ./seeds-lib [--misses]

A question counts as answered when one statement holds the marker of a supporting sentence, or an alias of every nugget.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag import Settings
from rag.language.normalize import fold, normalize
from rag.library import Library
from rag.model import Answer

Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question with what came of it: shown, missed, abstained (wrongly), refused (rightly), invented."""

    case: Case
    answer: Answer
    verdict: str


def judge(case: Case, answer: Answer) -> str:
    """Compare an answer with the gold of its question."""
    abstained = answer.status == "abstained"
    if not case["answerable"]:
        return "refused" if abstained else "invented"
    if abstained:
        return "abstained"
    texts = [_plain(statement.text) for statement in answer.statements]
    markers = [_plain(support["marker"]) for support in case["supports"]]
    by_marker = any(_holds(text, marker) for text in texts for marker in markers)
    by_nuggets = any(
        all(any(_holds(text, _plain(alias)) for alias in nugget["any"]) for nugget in case["nuggets"]) for text in texts
    )
    return "shown" if by_marker or by_nuggets else "missed"


def run(cases: list[Case], library: Library) -> list[Outcome]:
    """Ask every question."""
    outcomes = []
    for case in cases:
        answer = library.ask(case["question"])
        outcomes.append(Outcome(case, answer, judge(case, answer)))
    return outcomes


def load(path: Path) -> list[Case]:
    """The questions of a JSON lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def summary(outcomes: list[Outcome]) -> str:
    """One line per language, then abstentions."""
    lines = []
    for lang in ("fr", "en"):
        counts = Counter(o.verdict for o in outcomes if o.case["lang"] == lang and o.case["answerable"])
        lines.append(f"{lang}: right sentence shown {counts['shown']} of {counts.total()} {dict(counts)}")
    answerable = [o for o in outcomes if o.case["answerable"]]
    unanswerable = [o for o in outcomes if not o.case["answerable"]]
    lines.append(f"right abstentions {sum(o.verdict == 'refused' for o in unanswerable)} of {len(unanswerable)}")
    lines.append(f"wrong abstentions {sum(o.verdict == 'abstained' for o in answerable)} of {len(answerable)}")
    return "\n".join(lines)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", fold(normalize(text)))


def _holds(text: str, part: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text) is not None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--misses", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    with Library.open(Settings.from_environment(library=options.library)) as library:
        outcomes = run(load(options.questions), library)
    for outcome in outcomes:
        if options.misses and outcome.verdict not in ("shown", "refused"):
            print(f"\n{outcome.verdict} {outcome.case['id']} {outcome.answer.confidence} {outcome.case['question']}")
            print(f"   gold: {[n['any'] for n in outcome.case['nuggets']]}")
            for statement in outcome.answer.statements:
                print(f"   - {statement.text}")
    print(summary(outcomes))


if __name__ == "__main__":
    main()
