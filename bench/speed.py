"""How fast is the command line? Cold starts against `import chromadb`, a batch, help, and building the bundled library.

python -m bench.speed [--library DIR] [--times 5]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

QUESTIONS = Path(__file__).parent.parent / "evals" / "questions" / "facts.jsonl"
H200 = [sys.executable, "-m", "rag"]
QUESTION = "Combien de puces H200 Pékin a-t-il autorisées ?"


def seconds(command: Sequence[str], times: int) -> list[float]:
    """Wall time of a command, run `times` times after once to warm the disk cache."""
    taken = []
    for _ in range(times + 1):
        start = time.perf_counter()
        subprocess.run(command, check=False, capture_output=True, env={**os.environ, "PYTHONHASHSEED": "0"})
        taken.append(time.perf_counter() - start)
    return taken[1:]


def batch_milliseconds(library: Path) -> list[float]:
    """Time of each question of the facts set, asked in one process."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    lines = "".join(json.dumps({"id": row["id"], "question": row["question"]}) + "\n" for row in rows)
    command = [*H200, "ask", "--batch", "-", "--library", str(library)]
    output = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    return [json.loads(line)["timings_ms"]["total"] for line in output.splitlines()]


def build_seconds(library: Path) -> tuple[float, float]:
    """Seconds to build the bundled library, and to find it unchanged."""
    taken = []
    for _ in range(2):
        start = time.perf_counter()
        subprocess.run([*H200, "ingest", "-q", "--library", str(library)], check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    return taken[0], taken[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    table = Table("what", "median s", "worst s", "x import chromadb")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        first, again = build_seconds(library)
        yardstick = statistics.median(seconds([sys.executable, "-c", "import chromadb"], times))
        for name, command in (
            ("python -c 'import chromadb'", [sys.executable, "-c", "import chromadb"]),
            ("h200 ask, cold", [*H200, "ask", QUESTION, "--library", str(library)]),
            ("h200 --help", [*H200, "--help"]),
        ):
            taken = seconds(command, times)
            middle = statistics.median(taken)
            table.add_row(name, f"{middle:.2f}", f"{max(taken):.2f}", f"{middle / yardstick:.2f}")
        table.add_row("h200 ingest, 70 articles, new", f"{first:.1f}", "", f"{first / yardstick:.1f}")
        table.add_row("h200 ingest, 70 articles, unchanged", f"{again:.2f}", "", f"{again / yardstick:.2f}")
        warm = sorted(batch_milliseconds(library)[1:])
        table.add_row("one question of a batch", f"{statistics.median(warm) / 1000:.3f}", f"{warm[-1] / 1000:.3f}", "")
    Console().print(table)


if __name__ == "__main__":
    main()
