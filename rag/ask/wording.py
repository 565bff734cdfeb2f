"""How the cues of a question are written: fragments that many of them share, and one pattern of several."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

FRAGMENTS: Final[Mapping[str, str]] = {
    "quel": r"\bquel(?:le)?s?(?: (?:est|sont|etait|etaient|sera|seront|a ete|fut))?(?: (?:le|la|les|l'))?(?: (?:dern|prem)iere?s?| prochaine?s?)? ?",
    "what": r"\b(?:what|which)(?: (?:is|are|was|were|will be))?(?: (?:the|its|their))?(?: (?:latest|last|most recent|first|next))? ",
    "be": r"(?:is|are|was|were|be|am)",
    "do": r"(?:do|does|did|has|have|had|can|could|will|would|should|might|may|must)",
    "sentence": r"[^?]*",
}
"""What stands in braces in a cue. Cues are read in folded text: lower case, no accents, straight apostrophes."""


@cache
def pattern(cues: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern of all the cues."""
    joined = "|".join(cues)
    for name, fragment in FRAGMENTS.items():
        joined = joined.replace("{" + name + "}", fragment)
    return re.compile(joined)
