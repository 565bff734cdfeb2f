"""Reads the word lists that ship with the package: a name in `data/` -> its rows."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=32)
def read_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The tab-separated fields of each line of `data/<name>`; blank lines and lines starting with # are left out."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines if line.strip() and not line.startswith("#"))
