"""How a sentence names an outlet: "selon le Financial Times", "according to the Wall Street Journal", but "selon Reuters"."""

from __future__ import annotations

import re
from typing import Final

from rag.model import Lang

_PAPER: Final = re.compile(
    r"(?!(?:the|le|la|les) |l['’]).*\b(?:times|journal|post|guardian|economist|telegraph|herald|tribune|gazette|figaro|monde)$",
    re.IGNORECASE,
)


def with_article(outlet: str, lang: Lang) -> str:
    """The outlet with the article that newspapers have, and agencies and sites have not."""
    if _PAPER.match(outlet) is None:
        return outlet
    if lang == "en":
        return f"the {outlet}"
    return outlet if outlet[0] in "AEIOUÉ" else f"le {outlet}"
