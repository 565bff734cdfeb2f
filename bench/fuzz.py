"""Does any question break the assistant? Thousands of generated ones must each get an answer or one clean error.

python -m bench.fuzz [--questions 10000] [--seed 1] [--library DIR]
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import rag
from rag.errors import RagError
from rag.library import Library
from rag.render.json import answer_json
from rag.render.terminal import answer_text
from rag.settings import Settings

Draw = random.Random

_WORDS: Final = [
    "Nvidia",
    "H200",
    "Pékin",
    "Beijing",
    "Washington",
    "Trump",
    "puces",
    "chips",
    "combien",
    "quand",
    "pourquoi",
    "qui",
    "où",
    "how",
    "many",
    "when",
    "who",
    "or",
    "ou",
    "et",
    "and",
    "évolué",
    "depuis",
    "janvier",
    "2026",
    "since",
    "14",
    "mai",
    "interdites",
    "allowed",
    "not",
    "pas",
    "aucun",
    "400",
    "000",
    "25",
    "%",
    "$",
    "1,5",
    "milliard",
    "Tencent",
    "il",
    "elle",
    "it",
    "they",
]
_SHAPES: Final = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "'; DROP TABLE articles; --", "{{7*7}}", "${jndi:ldap://x}", "(((((", "[[[[",
    ".*+?^$|\\", "%s%n%x", "NEAR/2 AND OR NOT *", '"unclosed', "\\u0000", "../../etc/passwd", "]]>", "&#x0;", "=1+1", "--help", "\x1b[31m",
)  # fmt: skip


def questions(draw: Draw, count: int) -> Iterator[tuple[str, list[str], date | None]]:
    """(question, earlier questions, day) as nobody would ask, and as somebody in a hurry might."""
    kinds: tuple[Callable[[Draw], str], ...] = (_jumbled, _unicode, _controls, _shaped, _long, _numbers, _repeated)
    for _ in range(count):
        history = [draw.choice(kinds)(draw) for _ in range(draw.choice((0, 0, 0, 1, 3)))]
        day = date(2024, 1, 1) + timedelta(days=draw.randrange(1500)) if draw.random() < 0.2 else None
        yield draw.choice(kinds)(draw), history, day


def _jumbled(draw: Draw) -> str:
    return " ".join(draw.choices(_WORDS, k=draw.randrange(0, 18))) + draw.choice(("", "?", " ?", "...", "!?"))


def _unicode(draw: Draw) -> str:
    ranges = (
        (0x20, 0x7F),
        (0xA0, 0x250),
        (0x300, 0x370),
        (0x590, 0x700),
        (0x2000, 0x2070),
        (0x4E00, 0x4F00),
        (0x1F300, 0x1F700),
        (0xD800, 0xDFFF),
    )
    return "".join(chr(draw.randrange(*draw.choice(ranges))) for _ in range(draw.randrange(60)))


def _controls(draw: Draw) -> str:
    return "".join(
        draw.choice((chr(draw.randrange(0x20)), draw.choice(_WORDS), " ", "\u202e", "\u200b", "\ufeff"))
        for _ in range(30)
    )


def _shaped(draw: Draw) -> str:
    return " ".join(draw.choice((draw.choice(_SHAPES), draw.choice(_WORDS))) for _ in range(draw.randrange(1, 12)))


def _long(draw: Draw) -> str:
    return (_jumbled(draw) + " ") * draw.randrange(1, 300)


def _numbers(draw: Draw) -> str:
    return " ".join(
        draw.choice(("-1", "1e309", "0x1F", "٣", "²", "½", "1/0", "99 99 2026", "2026-13-45", "31/02/2026", "10" * 40))
        for _ in range(8)
    )


def _repeated(draw: Draw) -> str:
    return draw.choice((*_WORDS, *_SHAPES, "a", " ", "?", "é")) * draw.randrange(1, 400)


def fuzz(library: Library, count: int, seed: int) -> Counter[str]:
    """Ask them all; statuses and the names of clean errors, counted. Anything else is raised."""
    seen: Counter[str] = Counter()
    for question, history, day in questions(random.Random(seed), count):
        try:
            answer = library.ask(question, history=history, as_of=day)
        except RagError as error:
            seen[type(error).__name__] += 1
            continue
        answer_json(answer)
        answer_text(answer)
        seen[answer.status] += 1
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--library", type=Path)
    options = parser.parse_args()
    settings = Settings.from_environment(**({"library": options.library} if options.library else {}))
    with rag.open_library(settings) as library:
        started = time.perf_counter()
        seen = fuzz(library, options.questions, options.seed)
    print(f"{seen.total()} questions in {time.perf_counter() - started:.0f} s: {dict(seen)}")


if __name__ == "__main__":
    main()
