"""A run on disk: run.json says what was measured and how, cases.jsonl every question, report.html shows both.

The page and the comparison of two runs are made from these files alone.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from evals.abstaining import risk_coverage
from evals.judging import Judged
from evals.observed import Spoken
from evals.page.document import document
from evals.run import CODE, ArmResult
from evals.scoring import Estimate, Scored, estimates, slices, warm_ms
from evals.shelf import Shelf, hash_files
from rag.errors import RagError

SCHEMA: Final = "h200.eval/1"


class BadRun(RagError):
    """A folder does not hold what `h200 eval` writes."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What was asked: the sets with their split and kinds, how long it took, and what it takes to start."""

    sets: Sequence[Path]
    split: str | None
    kinds: Sequence[str]
    seconds: float
    cold_start_seconds: float | None = None


def write(folder: Path, results: Sequence[ArmResult], setting: Setting, shelf: Shelf) -> dict[str, Any]:
    """Write run.json, cases.jsonl and report.html; returns the first."""
    folder.mkdir(parents=True, exist_ok=True)
    run = run_json(results, setting, shelf)
    _write_run(folder, run)
    _write_rows(folder, (case_json(result.name, one) for result in results for one in result.scored))
    write_page(folder)
    return run


def add_opinions(folder: Path, opinions: Callable[[Sequence[Mapping[str, Any]]], Sequence[str | None]]) -> None:
    """Ask a judge about every question of a run, and write its opinions beside the figures. Raises: BadRun."""
    run, rows = read(folder)
    for row, opinion in zip(rows, opinions(rows), strict=True):
        row["opinion"] = opinion
    for name, arm in run["arms"].items():
        arm["judge"] = _tally([row for row in rows if row["arm"] == name])
    _write_run(folder, run)
    _write_rows(folder, rows)
    write_page(folder)


def _tally(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How often a judge said what, and how often that is what the nuggets say."""
    given = [row for row in rows if row["opinion"] is not None]
    ours = {1.0: "right", 0.5: "partly", 0.0: "wrong", -1.0: "wrong"}
    counts = {opinion: sum(row["opinion"] == opinion for row in given) for opinion in ("right", "partly", "wrong")}
    agreed = sum(row["opinion"] == ours[row["points"]] for row in given)
    return {**counts, "none": len(rows) - len(given), "agreement": round(agreed / len(given), 4) if given else None}


def _write_run(folder: Path, run: Mapping[str, Any]) -> None:
    (folder / "run.json").write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write_rows(folder: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "cases.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_page(folder: Path) -> Path:
    """Make report.html of a run anew from its files. Raises: BadRun."""
    path = folder / "report.html"
    path.write_text(document(*read(folder)), encoding="utf-8")
    return path


def read(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(run.json, rows of cases.jsonl) of a run. Raises: BadRun."""
    try:
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        lines = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
    except (OSError, json.JSONDecodeError) as error:
        raise BadRun(f"{folder} holds no run: name a folder that 'h200 eval --out' has written.") from error
    if run.get("schema") != SCHEMA:
        raise BadRun(f"{folder} holds a run of the schema {run.get('schema')!r}, not {SCHEMA!r}: run it again.")
    return run, rows


def run_json(results: Sequence[ArmResult], setting: Setting, shelf: Shelf) -> dict[str, Any]:
    """What was measured, and everything that must be the same for it to come out so again."""
    facts = shelf.library.facts
    return {
        "schema": SCHEMA,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "git": git_state(),
        "code": CODE,
        "sets": [{"name": path.name, "hash": hash_files([path])} for path in setting.sets],
        "split": setting.split,
        "kinds": list(setting.kinds),
        "questions": len(results[0].scored) if results else 0,
        "facts": len({one.case.fact for one in results[0].scored}) if results else 0,
        "corpus": shelf.corpus_hash,
        "library": {"articles": facts.articles, "passages": facts.passages, "encoder": facts.fingerprint},
        "machine": {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()},
        "seconds": {
            "run": round(setting.seconds, 1),
            "build": shelf.build_seconds,
            "cold_start": setting.cold_start_seconds,
        },
        "arms": {result.name: arm_json(result) for result in results},
    }


def arm_json(result: ArmResult) -> dict[str, Any]:
    """One arm: its settings, its figures, and their slices."""
    judged = [one.judged for one in result.scored]
    return {
        "settings": dict(result.settings),
        "measures": _figures(estimates(result.scored)),
        "kinds": {kind: _figures(found) for kind, found in slices(result.scored, lambda c: c.kind).items()},
        "langs": {lang: _figures(found) for lang, found in slices(result.scored, lambda c: c.lang).items()},
        "kind_counts": {kind: sum(one.case.kind == kind for one in result.scored) for kind in _kinds(result.scored)},
        "curve": [[round(x, 4), round(y, 4)] for x, y in risk_coverage(judged)],
        "latencies_ms": sorted(round(ms, 1) for ms in warm_ms(judged)),
    }


def case_json(arm: str, one: Scored) -> dict[str, Any]:
    """One question of one arm, with everything a reader needs to see why it counted as it did."""
    case, judged, seen = one.case, one.judged, one.judged.seen
    return {
        "arm": arm, "id": case.id, "kind": case.kind, "lang": case.lang, "fact": case.fact, "split": case.split,
        "question": case.question, "history": list(case.history), "as_of": str(case.as_of) if case.as_of else None,
        "answerable": case.answerable, "points": judged.points,
        "parts": {name: [round(value, 6) for value in part] for name, part in one.parts.items()},
        "abstained": seen.abstained, "reason": seen.reason, "confidence": seen.confidence, "ms": round(1000 * seen.seconds, 1),
        "answer": seen.text, "statements": [_statement(statement) for statement in seen.statements],
        "gold": _gold(judged), "forbidden": list(case.forbidden), "given_forbidden": list(judged.forbidden),
        "sides": [{"label": side.label, "given": given} for side, given in zip(case.conflict_sides, judged.sides, strict=True)],
        "found": one.finding.articles[:5],
    }  # fmt: skip


def _statement(statement: Spoken) -> dict[str, Any]:
    sources = [
        {"article": c.article, "published": str(c.published) if c.published else None, "genuine": c.genuine}
        for c in statement.citations
    ]
    return {"text": statement.said.text, "role": statement.role, "sources": sources}


def _gold(judged: Judged) -> list[dict[str, Any]]:
    return [
        {
            "importance": told.nugget.importance, "type": told.nugget.type, "supports": list(told.nugget.supports),
            "aliases": [alias for group in told.nugget.aliases.values() for alias in group],
            "told": told.found, "cited": told.cited,
        }
        for told in judged.told
    ]  # fmt: skip


def _figures(found: Mapping[str, Estimate]) -> dict[str, dict[str, float | int | None]]:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    return {
        name: {key: rounded(value) if isinstance(value, float) else value for key, value in asdict(estimate).items()}
        for name, estimate in found.items()
    }


def _kinds(scored: Sequence[Scored]) -> list[str]:
    return list(dict.fromkeys(one.case.kind for one in scored))


def git_state() -> dict[str, Any]:
    """The commit of the code that ran, and whether it was changed since; None outside a checkout."""
    here = Path(__file__).parent

    def git(*words: str) -> str | None:
        try:
            done = subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=False)
        except OSError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    status = git("status", "--porcelain")
    return {"commit": git("rev-parse", "--short=12", "HEAD"), "dirty": bool(status) if status is not None else None}
