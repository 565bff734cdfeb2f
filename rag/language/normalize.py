"""Makes one spelling of a text: `normalize` once at ingest, `fold` for matching words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# What a reader cannot see but a matcher or a model can: controls, soft hyphen, zero-width and bidi marks,
# variation selectors, private use (icon fonts), lone surrogates, non-characters, Unicode tags.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\xa0\u115f\u1160\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]+")
_LINE_EDGES = re.compile(" ?\n ?")
_BLANK_LINES = re.compile("\n{3,}")
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})
_SAME_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'", "‘": "'", "ʼ": "'", "´": "'"}
)


def normalize(text: str) -> str:
    """The text as every later offset sees it: composed letters, plain spaces and newlines, nothing invisible.

    At most one blank line in a row; no space at the edge of a line. Idempotent.
    """
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", text).translate(_HYPHENS)
    text = _LINE_EDGES.sub("\n", _SPACES.sub(" ", text))
    return _BLANK_LINES.sub("\n\n", text).strip(" \n")


def fold(text: str) -> str:
    """The text in lower case, without accents or ligatures, with straight apostrophes. Its length may change."""
    if text.isascii():
        return text.lower()
    return strip_accents(text).lower().translate(_SAME_LETTERS)


def strip_accents(text: str) -> str:
    """The text without accents, in its own case. Compatibility forms are undone, so its length may change."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def strip_accents_aligned(text: str) -> str:
    """Like `strip_accents`, with straight apostrophes, but every character stands where it stood in `text`."""
    return text if text.isascii() else "".join(map(_plain_character, text))


def fold_aligned(text: str) -> str:
    """Like `fold`, but every character stands where it stood in `text`: a ligature stays."""
    return strip_accents_aligned(text).lower()


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    plain = strip_accents(character).translate(_SAME_LETTERS)
    return plain if len(plain) == 1 else character
