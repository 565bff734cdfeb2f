"""How much of an article survives, and how little else? Sentence precision and recall over the HTML fixtures.

python -m bench.pages [--folder tests/ingest/html]
"""

from __future__ import annotations

import argparse
import json
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from rag.errors import IngestError
from rag.ingest.chunking import passages_of
from rag.ingest.loaders import SourceBytes, load_article

FOLDER = Path(__file__).parent.parent / "tests" / "ingest" / "html"


@dataclass(frozen=True)
class Score:
    """One fixture: shares in [0, 1], and what went wrong."""

    name: str
    outcome: str
    precision: float
    recall: float
    extra: tuple[str, ...]
    missing: tuple[str, ...]
    forbidden: tuple[str, ...]


def read_expected(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Fixture -> its sentences, headings, facts and the marks that must not come through."""
    table: dict[str, dict[str, Any]] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return table


def score(name: str, expected: dict[str, Any], folder: Path = FOLDER) -> Score:
    """What became of one fixture, as the library would read it."""
    path = folder / f"{name}.html"
    try:
        article = load_article(SourceBytes(path, path.read_bytes(), ""))
    except IngestError as error:
        right = type(error).__name__ == expected.get("refused")
        return Score(name, type(error).__name__, float(right), float(right), (), () if right else (str(error),), ())
    passages = passages_of(article, 90)
    found = [span.of(article.text) for passage in passages for span in passage.sentences]
    wanted = expected.get("sentences", [])
    text = "\n".join(found)
    return Score(
        name,
        "article",
        precision=sum(sentence in wanted for sentence in found) / max(1, len(found)) if wanted else 0.0,
        recall=sum(sentence in found for sentence in wanted) / max(1, len(wanted)) if wanted else 0.0,
        extra=tuple(sentence for sentence in found if sentence not in wanted),
        missing=tuple(sentence for sentence in wanted if sentence not in found),
        forbidden=tuple(mark for mark in expected["forbidden"] if mark in text),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    folder = parser.parse_args().folder
    scores = [score(name, expected, folder) for name, expected in read_expected(folder).items()]
    table = Table("page", "outcome", "precision", "recall", "what is wrong")
    for one in scores:
        wrong = [f"+ {text}" for text in one.extra] + [f"- {text}" for text in one.missing]
        wrong += [f"! {mark}" for mark in one.forbidden]
        table.add_row(one.name, one.outcome, f"{one.precision:.2f}", f"{one.recall:.2f}", "\n".join(wrong))
    precision, recall = (statistics.mean(getattr(one, name) for one in scores) for name in ("precision", "recall"))
    table.add_row("average", "", f"{precision:.3f}", f"{recall:.3f}", "")
    Console().print(table)


if __name__ == "__main__":
    main()
