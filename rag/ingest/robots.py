"""Reads robots.txt: its bytes -> rules that say whether our program may have a page (RFC 9309)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

AGENT: Final = "h200"
LARGEST: Final = 500 * 1024
"""Bytes that are parsed: RFC 9309, section 2.5, asks for at least 500 KiB."""

_PRODUCT = re.compile(r"[a-z0-9_-]+|\*")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Rule:
    """A path pattern with * for anything and $ for the end, and whether it allows."""

    pattern: str
    allows: bool

    def matches(self, target: str) -> bool:
        """Whether the pattern covers the start of `target`. In time linear to both, whatever the pattern."""
        pattern, anchored = self.pattern.removesuffix("$"), self.pattern.endswith("$")
        first, *rest = pattern.split("*")
        if not target.startswith(first):
            return False
        at = len(first)
        last = rest.pop() if rest and anchored else None
        for piece in rest:
            found = target.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        if last is None:
            return not anchored or at == len(target)
        return target.endswith(last) and len(target) - len(last) >= at


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one site for our program; without rules all is allowed."""

    rules: tuple[Rule, ...] = ()

    def allows(self, target: str) -> bool:
        """Whether the page at `target` (path and query) may be had: the longest rule that matches decides."""
        if target == "/robots.txt":
            return True
        target = _spelled(target)
        matching = [(len(rule.pattern), rule.allows) for rule in self.rules if rule.matches(target)]
        return max(matching, default=(0, True))[1]


def parse_robots(data: bytes) -> Robots:
    """The rules in the first 500 KiB of a robots.txt, of our own groups or else of those for everyone."""
    text = data[:LARGEST].decode("utf-8", errors="replace").removeprefix("\ufeff")
    groups: dict[str, list[Rule]] = {}
    agents: list[str] = []
    naming = False
    for line in _LINE_END.split(text):
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            agents = [*agents, _agent(value)] if naming else [_agent(value)]
            naming = True
            groups.setdefault(agents[-1], [])
        elif key in ("allow", "disallow"):
            naming = False
            # "Disallow:" with nothing behind it forbids nothing.
            for agent in agents if value else ():
                groups[agent].append(Rule(_spelled(value), key == "allow"))
    return Robots(tuple(groups.get(AGENT, groups.get("*", ()))))


def _agent(value: str) -> str:
    match = _PRODUCT.match(value.lower())
    return match[0] if match else ""


def _spelled(path: str) -> str:
    """A path with each character in one spelling, so that %7Ejoe and ~joe, é and %C3%A9 are the same."""
    parts = re.split(r"(%2F|%2f|%2A|%2a|%24)", path)
    return "".join(part.upper() if index % 2 else quote(unquote(part), safe="/:@!$&'()*+,;=~-._?[]|^%")
                   for index, part in enumerate(parts))  # fmt: skip
