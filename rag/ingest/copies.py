"""Tells copies of one text apart from texts of their own: text -> sketch; two sketches -> how alike the texts are.

Five sites that carry one dispatch are one source, however they trim its lead or change its title.
Source: Broder 1997 (resemblance of shingles, estimated from the smallest hashes of each text).
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np

from rag.language.normalize import fold
from rag.language.terms import number_term, tokens
from rag.model import Article

SHINGLE: Final = 4
"""Words that are hashed together: shorter runs are shared by chance among articles on one story."""
SIZE: Final = 200
"""Hashes kept of a text; the estimate is within 0.07 of the truth, two times out of three."""
COPY_FROM: Final = 0.55
"""Resemblance from which a text is a copy: a trimmed lead keeps above it, another article on the same news is below 0.1."""


def sketch(text: str) -> bytes:
    """The smallest hashes of the text's shingles, sorted, as little-endian 64-bit numbers."""
    words = [number_term(word) for word in "".join(c if c.isalnum() else " " for c in fold(text)).split()]
    runs = {" ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))}
    hashes = sorted(int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "little") for run in runs)
    return np.array(hashes[:SIZE], dtype="<u8").tobytes()


def resemblance(one: bytes, other: bytes) -> float:
    """Estimated share of shingles that two texts have in common, in [0, 1]."""
    left, right = np.frombuffer(one, dtype="<u8"), np.frombuffer(other, dtype="<u8")
    union = np.union1d(left, right)[:SIZE]
    shared = np.intersect1d(np.intersect1d(left, right), union)
    return len(shared) / max(1, len(union))


def same_figures(one: Article, other: Article) -> bool:
    """Whether all numbers of one text stand in the other: a story run again with a new figure is news, not a copy."""
    left, right = ({t.term for t in tokens(a.text, a.lang) if t.number} for a in (one, other))
    return left <= right or right <= left
