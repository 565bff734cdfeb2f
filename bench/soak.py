"""Thirty readers for three minutes on a web app that runs: `python -m bench.soak URL [CLIENTS] [SECONDS]`.

Each asks by Gradio's own protocol as the page does, waits a little as a reader would, and checks that the answer is to
its own question. Prints errors, mixed-up answers, latencies and, for a server on this machine, how its memory went.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import httpx

THINKING: tuple[float, float] = (1.0, 4.0)
"""Seconds between an answer and a reader's next question."""
QUESTIONS = (
    "Combien de puces H200 ont été commandées ?",
    "Quelle est la capacité mémoire de la H200 ?",
    "La Chine autorise-t-elle l'importation de la H200 ?",
    "How much does one H200 cost?",
    "What did Jensen Huang say about Chinese demand?",
    "Quel temps fera-t-il demain à Lyon ?",
)


@dataclass
class Tally:
    """What was seen. Latencies in seconds, memory in MB."""

    latencies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixed: int = 0
    memory: list[float] = field(default_factory=list)


async def reader(client: httpx.AsyncClient, number: int, end: float, tally: Tally) -> None:
    """One reader until the end."""
    turn = 0
    await asyncio.sleep(random.uniform(0, 3))
    while time.monotonic() < end:
        turn += 1
        question = f"{random.choice(QUESTIONS)} (lecteur {number}, question {turn})"
        started = time.monotonic()
        try:
            if await ask(client, question) != question:
                tally.mixed += 1
            tally.latencies.append(time.monotonic() - started)
        except (httpx.HTTPError, ValueError, KeyError, StopIteration) as error:
            tally.errors.append(f"{type(error).__name__}: {error}"[:200])
        await asyncio.sleep(random.uniform(*THINKING))


async def ask(client: httpx.AsyncClient, question: str) -> str:
    """The question that the answer says it answers."""
    event = (
        (await client.post("/gradio_api/call/v2/ask", json={"question": question}))
        .raise_for_status()
        .json()["event_id"]
    )
    text = (await client.get(f"/gradio_api/call/ask/{event}")).raise_for_status().text
    lines = text.splitlines()
    if "event: complete" not in lines:
        raise ValueError(text[:150])
    data = next(line for line in lines[lines.index("event: complete") :] if line.startswith("data: "))
    return str(json.loads(data.removeprefix("data: "))[0]["question"])


async def watch(pid: int | None, end: float, tally: Tally) -> None:
    """The server's memory, every five seconds."""
    while pid is not None and time.monotonic() < end:
        tally.memory.append(resident(pid))
        await asyncio.sleep(5)


def resident(pid: int) -> float:
    """Resident memory of a process, MB."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def soak(url: str, clients: int, seconds: float, pid: int | None) -> Tally:
    """Let readers in and count."""
    tally, end = Tally(), time.monotonic() + seconds
    limits = httpx.Limits(max_connections=2 * clients)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        await asyncio.gather(watch(pid, end, tally), *(reader(client, n, end, tally) for n in range(clients)))
    return tally


def main() -> None:
    """Read the arguments, soak, print."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860"
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 180
    pid = int(sys.argv[4]) if len(sys.argv) > 4 else None
    tally = asyncio.run(soak(url, clients, seconds, pid))
    cuts = quantiles(tally.latencies, n=20)
    print(
        f"{clients} readers, {seconds:.0f} s: {len(tally.latencies)} answers, {len(tally.errors)} errors, {tally.mixed} mixed up"
    )
    print(f"latency: median {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, longest {max(tally.latencies):.2f} s")
    if tally.memory:
        third = len(tally.memory) // 3
        print(
            f"memory: {tally.memory[0]:.0f} MB at first, {tally.memory[third]:.0f} MB after a third, {tally.memory[-1]:.0f} MB at the end"
        )
    for error in sorted(set(tally.errors))[:5]:
        print(error)


if __name__ == "__main__":
    main()
