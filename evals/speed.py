"""How long a reader waits for the first answer: a process of its own, from the command to its end."""

from __future__ import annotations

import subprocess
import sys
import time

from evals.shelf import Shelf

QUESTION = "Combien de puces H200 ont été commandées à Nvidia ?"


def cold_start(shelf: Shelf) -> float | None:
    """Seconds of `h200 ask` on a library that is built; the best of two, as the first may read from a cold disk."""
    folder = str(shelf.library.settings.library)
    taken = []
    for _ in range(2):
        started = time.perf_counter()
        command = [sys.executable, "-m", "rag", "ask", QUESTION, "--library", folder]
        done = subprocess.run(command, capture_output=True, check=False)
        taken.append(time.perf_counter() - started)
        if done.returncode != 0:
            return None
    return round(min(taken), 2)
