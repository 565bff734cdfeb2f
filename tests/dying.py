"""Runs h200 and kills it, as `kill -9` would, just before it takes a step on the disk.

    python dying.py WHEN ARGUMENT...     WHEN: the number of the step from 1, or a part of the name it touches;
                                         0: nobody dies, and the number of steps is said on stderr

A step is an event that Python reports of itself: a database or folder opened, copied, renamed or deleted.
"""

import os
import signal
import sys

STEPS = {"sqlite3.connect", "tempfile.mkdtemp", "shutil.copytree", "shutil.rmtree", "os.rename"}

when, taken = sys.argv.pop(1), 0


def count(event: str, arguments: tuple[object, ...]) -> None:
    global taken
    if event in STEPS:
        taken += 1
        if str(taken) == when or (not when.isdigit() and when in str(arguments[0])):
            os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(count)

from rag.cli import main  # noqa: E402

code = main()
print(f"steps {taken}", file=sys.stderr)
raise SystemExit(code)
