"""The latest evaluation: a folder that `h200 eval --out` wrote -> its figures and its page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

PUBLISHED = "published.json"
HERE = Path(__file__).parents[1]


class Reports:
    """Finds a run: in the folder named, else the published one of package or checkout, else the user's latest."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def run(self) -> dict[str, Any] | None:
        """run.json of the latest evaluation, None if there is none that can be read."""
        for path in self._candidates():
            try:
                run = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if isinstance(run, dict):
                return run
        return None

    def page(self) -> str | None:
        """report.html beside it."""
        for path in self._candidates():
            report = path.with_name("report.html")
            if report.is_file():
                return report.read_text(encoding="utf-8")
        return None

    def _candidates(self) -> Iterator[Path]:
        if self._folder is not None:
            yield self._folder / "run.json"
            return
        yield from (HERE / PUBLISHED, HERE.parent / "evals" / PUBLISHED)
        runs = user_cache_path("h200", appauthor=False) / "evals" / "runs"
        yield from sorted(runs.glob("*/run.json"), reverse=True)
