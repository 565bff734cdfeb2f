"""Measure the embedded encoder: how soon it is ready, how fast it is, how close its engines are, what the pack gains.

    python -m bench.encoder [--pairs FOLDER] [--repeats N]

Figures depend on the machine; ratios less so. Retrieval needs a folder of pair files (French, a tab, English), and is
left out, with a word, where there is none.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from rag.index.encoder import BilingualEncoder, DirectEncoder, Encoder, FloatMatrix
from rag.model import Lang

ROOT = Path(__file__).resolve().parent.parent
PAIRS = ROOT.parent / "shared" / "encoder" / "parallel"
QUERY = "Quelles entreprises chinoises peuvent acheter les puces H200 ?"
FIRST_QUERY = "from rag.index.encoder import open_encoder; open_encoder(prefer={!r}).encode([{!r}], 'fr', 'query')"
SAMPLE = 1_000


def median_seconds(action: Callable[[], object], repeats: int) -> float:
    """The median time of an action."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def cold_start(console: Console, repeats: int) -> dict[str, float]:
    """Time a new process until its first query is encoded, in seconds, by engine."""

    def process(script: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True)

    bare = median_seconds(process("pass"), repeats)
    seconds = {
        prefer: median_seconds(process(FIRST_QUERY.format(prefer, QUERY)), repeats)
        for prefer in ("fast_start", "throughput")
    }
    table = Table("From process start to the first query encoded", "seconds", "ratio")
    table.add_row("an empty Python process", f"{bare:.2f}", "")
    for prefer, taken in seconds.items():
        table.add_row(prefer, f"{taken:.2f}", f"{taken / seconds['fast_start']:.1f}")
    console.print(table)
    return seconds


def corpus_texts() -> tuple[list[str], list[Lang]]:
    """The paragraphs of the bundled articles, each with the language of its article."""
    texts: list[str] = []
    langs: list[Lang] = []
    for path in sorted((ROOT / "corpus").glob("*.md")):
        _, header, body = path.read_text(encoding="utf-8").split("---", 2)
        paragraphs = [paragraph for paragraph in body.split("\n\n") if paragraph.strip()]
        texts += paragraphs
        langs += ["fr" if "lang: fr" in header else "en"] * len(paragraphs)
    return texts, langs


def speed_and_parity(console: Console, start: dict[str, float], repeats: int) -> None:
    """Time the engines in turn over the bundled corpus, and compare their vectors to those of torch in float32."""
    texts, langs = corpus_texts()
    torch_exact = BilingualEncoder(bfloat16=False)
    torch_chosen = BilingualEncoder()
    engines: dict[str, Encoder] = {"torch, float32": torch_exact, "ONNX Runtime, float32": DirectEncoder()}
    if torch_chosen.bfloat16:
        engines["torch, bfloat16"] = torch_chosen
    else:
        console.print("bfloat16 is left out: it is not native to this processor.")
    vectors = {name: engine.encode(texts, langs, "passage") for name, engine in engines.items()}
    times: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(repeats):  # in turn, so that a busy moment of the machine hits all alike
        for name, engine in engines.items():
            times[name].append(median_seconds(partial(engine.encode, texts, langs, "passage"), 1))
    seconds = {name: statistics.median(taken) for name, taken in times.items()}

    table = Table(f"{len(texts)} paragraphs of the corpus", "texts/s", "ratio", "one query", "least cosine", "median")
    for name, engine in engines.items():
        cosines = (vectors[name] * vectors["torch, float32"]).sum(axis=1)
        query = median_seconds(partial(engine.encode, [QUERY], "fr", "query"), 5 * repeats)
        table.add_row(
            name,
            f"{len(texts) / seconds[name]:.0f}",
            f"{seconds['torch, float32'] / seconds[name]:.2f}",
            f"{1000 * query:.1f} ms",
            f"{cosines.min():.5f}",
            f"{np.median(cosines):.5f}",
        )
    console.print(table)
    bulk = "torch, bfloat16" if torch_chosen.bfloat16 else "torch, float32"
    gain = (seconds["ONNX Runtime, float32"] - seconds[bulk]) / len(texts)
    if gain > 0:
        console.print(f"torch repays its start after {(start['throughput'] - start['fast_start']) / gain:.0f} texts.")
    else:
        console.print("torch does not repay its start here: ONNX Runtime is as fast.")


def retrieval(console: Console, folder: Path) -> None:
    """Look for the English partner of French sentences among all, with the pack and without."""
    files = sorted(folder.glob("*.tsv"))
    if not files:
        console.print(f"Retrieval is left out: {folder} has no pair files (name a folder with --pairs).")
        return
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [(french, english) for french, english, *_ in (line.split("\t") for line in lines)]
    chosen = random.Random(0).sample(range(len(pairs)), min(SAMPLE, len(pairs)))
    encoder = DirectEncoder()
    english = encoder.encode([text for _, text in pairs], "en", "passage")
    french = [pairs[index][0] for index in chosen]
    table = Table(f"{len(chosen)} French sentences, partner among {len(pairs)} English", "first", "in 5")
    readings: tuple[tuple[str, Lang], ...] = (("plain all-MiniLM-L6-v2", "en"), ("with the French pack", "fr"))
    for name, lang in readings:
        ranks = ranks_of_partners(encoder.encode(french, lang, "query") @ english.T, chosen)
        table.add_row(name, f"{(ranks == 1).mean():.2f}", f"{(ranks <= 5).mean():.2f}")
    console.print(table)
    console.print(
        "The pack was trained on pairs like these, perhaps on these very ones: read its row as an upper bound."
    )


def ranks_of_partners(scores: FloatMatrix, partners: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The rank, from 1, of each row's partner among the columns."""
    own = scores[np.arange(len(partners)), partners]
    return np.asarray((scores > own[:, np.newaxis]).sum(axis=1) + 1)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description="Measure the embedded encoder.")
    parser.add_argument("--pairs", type=Path, default=PAIRS, help="folder of pair files (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="medians are over so many (default: %(default)s)")
    arguments = parser.parse_args()
    console = Console()
    start = cold_start(console, arguments.repeats)
    speed_and_parity(console, start, arguments.repeats)
    retrieval(console, arguments.pairs)


if __name__ == "__main__":
    main()
