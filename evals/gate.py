"""Thresholds + a run -> what falls short, as messages, as JUnit XML, and as an exit code.

`evals/gate.toml` holds what the engine reaches on the dev split; it only ever rises.
"""

from __future__ import annotations

import math
import re
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from evals.measures import MEASURES
from evals.questions import Case
from evals.scoring import Estimate, Scored, estimates
from rag.errors import ConfigError

THRESHOLDS: Final = Path(__file__).parent / "gate.toml"
_RULE: Final = re.compile(r"(?P<measure>[\w@]+)(?:\[(?P<slice>\w+)\])?")


@dataclass(frozen=True, slots=True)
class Rule:
    """The least or the most a measure may be, over all questions or over those of one kind or language."""

    measure: str
    slice: str | None
    bound: Literal["least", "most"]
    threshold: float

    @property
    def name(self) -> str:
        """As it is written in gate.toml."""
        return f"{self.measure}[{self.slice}]" if self.slice else self.measure


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule and what the run reached; None where no question of the run bears on it."""

    rule: Rule
    reached: Estimate | None

    @property
    def holds(self) -> bool:
        """Whether the run is as good as it must be; a rule that nothing bears on does not hold."""
        if self.reached is None:
            return False
        value, threshold = self.reached.value, self.rule.threshold
        return value >= threshold - 1e-9 if self.rule.bound == "least" else value <= threshold + 1e-9

    @property
    def message(self) -> str:
        """One sentence that names the measure."""
        if self.reached is None:
            return f"{self.rule.name}: no question of this run bears on it."
        side = "at least" if self.rule.bound == "least" else "at most"
        verb = "is" if self.holds else "must be"
        relation = f"{verb} {side} {self.rule.threshold:.3f}"
        return f"{self.rule.name} {relation}: {self.reached.value:.3f} over {self.reached.count} questions."


def read_rules(path: Path = THRESHOLDS) -> list[Rule]:
    """The thresholds of a file. Raises: ConfigError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(f"{path} cannot be read ({why}): write [least] and [most] with measures in them.") from error
    rules = []
    bounds: tuple[Literal["least", "most"], ...] = ("least", "most")
    for bound in bounds:
        rules += [_rule(name, bound, value, path) for name, value in data.get(bound, {}).items()]
    if not rules or (unknown := sorted(data.keys() - set(bounds))):
        what = f"an unknown part {unknown[0]!r}" if rules else "no threshold"
        raise ConfigError(f"{path} has {what}: write [least] and [most] with measures in them.")
    return rules


def check(rules: Sequence[Rule], scored: Sequence[Scored]) -> list[Verdict]:
    """Hold a run against the thresholds."""
    found: dict[str | None, Mapping[str, Estimate]] = {}
    for name in {rule.slice for rule in rules}:
        within = [one for one in scored if name is None or name in (one.case.kind, one.case.lang)]
        found[name] = estimates(within, intervals=False)
    return [Verdict(rule, found[rule.slice].get(rule.measure)) for rule in rules]


def bearing_on(rules: Sequence[Rule], cases: Sequence[Case]) -> list[Rule]:
    """The rules for everything, and those for kinds and languages that are among the questions."""
    present = {value for case in cases for value in (case.kind, case.lang)}
    return [rule for rule in rules if rule.slice is None or rule.slice in present]


def junit(verdicts: Sequence[Verdict]) -> str:
    """The verdicts as JUnit XML, one test case a rule."""
    failed = sum(not verdict.holds for verdict in verdicts)
    suite = ET.Element("testsuite", name="h200 eval gate", tests=str(len(verdicts)), failures=str(failed))
    for verdict in verdicts:
        case = ET.SubElement(suite, "testcase", classname="gate", name=verdict.rule.name)
        if not verdict.holds:
            ET.SubElement(case, "failure", message=verdict.message)
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def raised(verdicts: Sequence[Verdict], text: str) -> str:
    """The text of gate.toml with every threshold that the run clears by more than one question moved up to it."""
    for verdict in verdicts:
        rule, new = verdict.rule, _threshold(verdict)
        better = new > rule.threshold if rule.bound == "least" else new < rule.threshold
        if better:
            line = re.compile(rf'^("?{re.escape(rule.name)}"?\s*=\s*)[\d.]+', re.MULTILINE)
            text = line.sub(rf"\g<1>{new:g}", text)
    return text


def _threshold(verdict: Verdict) -> float:
    """What was reached, less one question, rounded to the lenient side; a law that is fully kept stays a law."""
    if verdict.reached is None:
        return verdict.rule.threshold
    value, slack = verdict.reached.value, 1.0 / verdict.reached.count
    if verdict.rule.bound == "least":
        return 1.0 if verdict.rule.threshold == 1.0 else math.floor(100 * (value - slack)) / 100
    return 0.0 if verdict.rule.threshold == 0.0 else math.ceil(100 * (value + slack)) / 100


def _rule(name: str, bound: Literal["least", "most"], value: object, path: Path) -> Rule:
    match = _RULE.fullmatch(name)
    if match is None or match["measure"] not in MEASURES:
        raise ConfigError(f"{path} names an unknown measure {name!r}: known are {', '.join(MEASURES)}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{path} gives {name} the threshold {value!r}: write a number.")
    return Rule(match["measure"], match["slice"], bound, float(value))
