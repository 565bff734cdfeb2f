"""Mode llm under pressure: `python -m bench.llm` asks lying, broken and slow servers, and counts what a reader sees.

`python -m bench.llm lies` leaves the broken ones out; `python -m bench.llm real` asks `transformers serve` with a tiny model of random weights (it needs the package accelerate).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from evals.claims import read_pairs, report
from rag import bundled_corpus
from rag.language.detect import detect_language
from rag.library import Library
from rag.model import Answer
from rag.render.json import answer_json
from rag.settings import ModelSettings, Settings

ROOT: Final = Path(__file__).resolve().parents[1]
QUESTIONS: Final = (
    "Combien de puces H200 les entreprises chinoises ont-elles commandées ?", "Pékin a-t-il autorisé l'importation de puces H200 ?",
    "Où en sont les livraisons de H200 en Chine ?", "Quelle redevance Washington prélève-t-il sur la H200 ?",
    "Qui peut acheter la H200 en Chine ?", "Que dit Jensen Huang de la licence de la H200 ?", "Nvidia exige-t-elle un paiement d'avance ?",
    "Pourquoi la Chine refuse-t-elle la H200 ?", "Qu'a décidé la commission des affaires étrangères ?", "Combien de mémoire a la H200 ?",
    "Has any H200 been delivered to China?", "How many H200 chips may each buyer purchase?", "Who approved the AI Overwatch Act?",
    "What did Jensen Huang say in Taipei?", "How much revenue did Nvidia report in May 2026?", "Did Beijing approve H200 imports?",
    "What is the price of an H200?", "Which firms were cleared to buy the H200?", "When does the Section 232 tariff take effect?",
    "Is Blackwell banned for China?",
)  # fmt: skip
SECONDS: Final = 3.0
KEY: Final = "sk-never-to-be-shown-7f3a"

sys.path.insert(0, str(ROOT / "tests" / "llm"))  # the servers are those of the tests

from lies import LIES, fake_ids, lies_of, lying, retelling  # noqa: E402
from server import TROUBLES, serving  # noqa: E402


def main() -> None:
    """Print every table, or that of the real server alone."""
    with tempfile.TemporaryDirectory() as folder:
        with Library.create(Settings(library=Path(folder) / "library")) as library:
            library.ingest([bundled_corpus()])
        place = Path(folder) / "library"
        if "real" in sys.argv:
            _real(place, Path(folder) / "tiny")
            return
        print("Labelled pairs")
        print("\n".join(report(read_pairs(), misses=False)))
        _lies(place)
        if "lies" not in sys.argv:
            _faults(place)


def _ask(
    place: Path, url: str, question: str, *, model: str = "small", seconds: float = SECONDS
) -> tuple[Answer, float]:
    behind = ModelSettings(url=url, model=model, key=KEY, seconds=seconds, context=8_192)
    with Library.open(Settings(library=place, language_model=behind)) as library:
        started = time.monotonic()
        return library.ask(question, mode="llm"), time.monotonic() - started


def _lies(place: Path) -> None:
    print(f"\nThe whole way, {len(QUESTIONS)} questions: sentences told in the reader's language, and shown")
    for name, lie in LIES.items():
        told, shown = 0, list[str]()
        for question in QUESTIONS:
            with serving(lying(lie)) as server:
                answer, _ = _ask(place, server.url, question, seconds=20)
            lang = answer.question.lang
            false = {
                text for asked in server.asked for _, text in lies_of(asked, lie) if detect_language(text, lang) == lang
            }
            told += len(false)
            shown += [s.text for s in answer.statements if s.text in false]
        print(f"  {name:14} {told:4} false told {len(shown):3} shown   {shown[:2] if shown else ''}")
    with serving(fake_ids) as server:
        modes = [_ask(place, server.url, question, seconds=20)[0].mode for question in QUESTIONS]
    print(f"  {'fake ids':14} {modes.count('llm'):4} of {len(modes)} answers used one")
    _truths(place)


def _truths(place: Path) -> None:
    """True sentences that are no quotes: the evidence without who reported it."""
    kept = dropped = 0
    for question in QUESTIONS:
        with serving(retelling) as server:
            answer, _ = _ask(place, server.url, question, seconds=20)
        counted = re.search(r": (\d+)\.$", answer.notes[-1]) if answer.notes and answer.mode == "llm" else None
        kept += sum(s.support == "supported" for s in answer.statements)
        dropped += int(counted.group(1)) if counted else 0
    print(f"  {'retold':14} {kept + dropped:4} true told  {dropped:3} lost")


def _faults(place: Path) -> None:
    print(f"\nFaults ({len(TROUBLES)} modes, {len(QUESTIONS)} questions each, deadline {SECONDS:g} s)")
    for name, (trouble, reason) in TROUBLES.items():
        with serving(trouble=trouble) as server:
            answers = [_ask(place, server.url, question) for question in QUESTIONS]
        slowest = max(seconds for _, seconds in answers)
        plain = sum(answer.mode == "extractive" for answer, _ in answers)
        noted = sum(bool(answer.notes) for answer, _ in answers if answer.status == "answered")
        asked = sum(answer.status == "answered" for answer, _ in answers)
        leaks = sum(_leaks(answer) for answer, _ in answers)
        late = sum(seconds > SECONDS + 2 for _, seconds in answers)
        print(f"  {name:20} {reason:12} extractive {plain}/{len(answers)}, noted {noted}/{asked}, late {late}, leaks {leaks}, slowest {slowest:.1f} s")  # fmt: skip


def _leaks(answer: Answer) -> bool:
    shown = json.dumps(answer_json(answer), ensure_ascii=False)
    return any(secret in shown for secret in (KEY, "/srv/models", "Code du message", "Message code"))


def _real(place: Path, folder: Path) -> None:
    from tiny import build

    build(folder)
    with _serve(folder) as url:
        for question in QUESTIONS[:4]:
            answer, seconds = _ask(place, url, question, model=str(folder), seconds=20)
            print(f"{answer.mode:10} {seconds:5.1f} s  {'; '.join(answer.notes)}")


@contextmanager
def _serve(folder: Path, port: int = 8_761) -> Iterator[str]:
    """`transformers serve`, ready, on loopback."""
    import httpx

    command: Sequence[str] = [
        str(Path(sys.executable).with_name("transformers")), "serve", str(folder), "--device", "cpu", "--port", str(port), "--host", "127.0.0.1",
    ]  # fmt: skip
    process = subprocess.Popen(command, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    try:
        for _ in range(120):
            time.sleep(1)
            try:
                httpx.get(f"http://127.0.0.1:{port}/health", timeout=1).raise_for_status()
                break
            except httpx.HTTPError:
                continue
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
