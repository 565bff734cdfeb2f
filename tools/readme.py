"""Fill the ```console blocks of README.md with what their commands really print; `--check` only compares.

python tools/readme.py [--check]
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"```console\n\$ (h200 [^\n]+)\n(.*?)```", re.DOTALL)


def filled(text: str, environment: Mapping[str, str]) -> str:
    """The text with the output of each command under it, run on the library that the environment names."""

    def run(match: re.Match[str]) -> str:
        words = [sys.executable, "-m", "rag", *shlex.split(match.group(1))[1:]]
        done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, **environment})
        return f"```console\n$ {match.group(1)}\n{done.stdout}```"

    return BLOCK.sub(run, text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if the file is out of date")
    check = parser.parse_args().check
    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        new = filled(text, {"H200_LIBRARY": f"{folder}/library"})
    if not check:
        README.write_text(new, encoding="utf-8")
    return int(check and new != text)


if __name__ == "__main__":
    raise SystemExit(main())
