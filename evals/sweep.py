"""Settings from a YAML file -> one run for each combination of them, best first.

settings:                  # of the library: each combination is built once and kept
  passage_words: [60, 90, 120]
engine:                    # arguments of rag.ask.engine.Engine that are plain values
  answer_from: [0.4, 0.5, 0.6]
weights:                   # of the features of a sentence (rag.ask.evidence.Features)
  cosine: [0.4, 0.6]
by: truthfulness           # what to sort by
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import Any, Final

import yaml

from evals.answerers.engine import EngineArm, whole_engine
from evals.measures import MEASURES
from evals.questions import Case
from evals.run import ArmResult, Progress, run_arm
from evals.shelf import open_shelf
from rag.ask.engine import Engine
from rag.ask.evidence import WEIGHTS
from rag.errors import ConfigError
from rag.settings import Settings

_PARTS: Final = ("settings", "engine", "weights")
_SETTINGS: Final = frozenset({"passage_words", "encoder"})


@dataclass(frozen=True, slots=True)
class Plan:
    """The combinations to try, and the measure to sort by."""

    combinations: Sequence[Mapping[str, Mapping[str, Any]]]
    by: str


@dataclass(frozen=True, slots=True)
class Tried:
    """One combination and what it was worth."""

    values: Mapping[str, Any]
    result: ArmResult


def read_plan(path: Path) -> Plan:
    """The sweep that a file describes. Raises: ConfigError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no YAML"
        raise ConfigError(f"{path} cannot be read ({why}): write a file as evals/README.md shows.") from error
    if not isinstance(data, dict) or (unknown := sorted(data.keys() - {*_PARTS, "by"})):
        what = f"an unknown key {unknown[0]!r}" if isinstance(data, dict) else "no keys"
        raise ConfigError(f"{path} has {what}: write {', '.join(_PARTS)} and by.")
    by = data.get("by", "truthfulness")
    if by not in MEASURES:
        raise ConfigError(f"{path} sorts by {by!r}, which is no measure: known are {', '.join(MEASURES)}.")
    lists = {(part, key): values for part in _PARTS for key, values in _checked(part, data.get(part) or {}, path)}
    combinations: list[Mapping[str, Mapping[str, Any]]] = []
    for values in product(*lists.values()):
        chosen: dict[str, dict[str, Any]] = {part: {} for part in _PARTS}
        for (part, key), value in zip(lists, values, strict=True):
            chosen[part][key] = value
        combinations.append(chosen)
    return Plan(combinations, by)


def sweep(
    plan: Plan, cases: Sequence[Case], corpus: Path, cache: Path, progress: Progress | None = None
) -> list[Tried]:
    """Run every combination on the same questions, in the order of the file. Raises: RagError."""
    tried = []
    for chosen in plan.combinations:
        shelf = open_shelf(cache, corpus, Settings(library=cache, **chosen["settings"]))
        weights = replace(WEIGHTS, **chosen["weights"])
        engine = replace(whole_engine(shelf), weights=weights, **chosen["engine"])
        flat = {key: value for part in _PARTS for key, value in chosen[part].items()}
        name = ",".join(f"{key}={value}" for key, value in flat.items()) or "as it is"
        arm = EngineArm(name, engine, shelf, {"sweep": flat, "encoder": shelf.library.facts.fingerprint})
        tried.append(Tried(flat, run_arm(arm, cases, shelf, cache, progress)))
        shelf.close()
    return tried


def _checked(part: str, values: object, path: Path) -> list[tuple[str, list[Any]]]:
    """(name, values to try) of one part of the file."""
    known = {
        "settings": _SETTINGS,
        "engine": frozenset(field.name for field in fields(Engine) if field.type in ("float", "int", "bool")),
        "weights": frozenset(field.name for field in fields(WEIGHTS)),
    }[part]
    if not isinstance(values, dict):
        raise ConfigError(f"{path} has no names under {part!r}: write lists of values under their names.")
    for name, tries in values.items():
        if name not in known:
            raise ConfigError(f"{path} sweeps over {name!r}: {part} has {', '.join(sorted(known))}.")
        if not isinstance(tries, list) or not tries:
            raise ConfigError(f"{path} gives {name!r} no list of values: write {name}: [one, another].")
    return list(values.items())
