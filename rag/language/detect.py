"""Tells French from English: a text, down to a few keywords -> "fr" or "en"."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.language.normalize import fold
from rag.language.vocabulary import read_rows
from rag.model import Lang

_WORD = re.compile(r"[^\W\d_]+")
_FRENCH_LETTERS = re.compile("[éèêëàâçùûîïôœÉÈÊÀÂÇÙÛÎÏÔŒ]")
_FRENCH_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|lorsqu|jusqu)['’](?=[^\W\d_]{2})", re.IGNORECASE)
_ENGLISH_CLITIC = re.compile(r"(?:['’](?:s|re|ve|ll)|n['’]t)\b", re.IGNORECASE)
_FRENCH_ENDING = re.compile("(?:aient|eux|euse|ique|iques|ement|elle|elles|ait|eur|eurs|aux|ee|ees)$")
_ENGLISH_ENDING = re.compile("(?:ing|ings|ly|ness|ed|ship|ships|th|ght|wn|ck|ry|ries|ty|ties)$")

# Long texts decide early; beyond this many characters more words change nothing.
_SAMPLE_CHARACTERS = 4_000


def detect_language(text: str, default: Lang) -> Lang:
    """The language that more of the words speak for; `default` where neither leads."""
    sample = text[:_SAMPLE_CHARACTERS]
    score = _word_score(sample)
    score += 1.5 * min(3, len(_FRENCH_LETTERS.findall(sample))) + 2.0 * len(_FRENCH_ELISION.findall(sample))
    score -= 2.0 * len(_ENGLISH_CLITIC.findall(sample))
    if score == 0:
        return default
    return "fr" if score > 0 else "en"


def _word_score(sample: str) -> float:
    """Sum over the words: above 0 for French, below for English."""
    weights = _weights()
    score = 0.0
    for word in _WORD.findall(fold(sample)):
        if word in weights:
            score += weights[word]
        elif len(word) > 4:
            score += 0.25 * bool(_FRENCH_ENDING.search(word)) - 0.25 * bool(_ENGLISH_ENDING.search(word))
    return score


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    """Weight of each known word: positive in French, negative in English; what both share cancels out."""
    weights: dict[str, float] = {}
    listed = {(lang, word, float(weight)) for lang, weight, words in _rows() for word in words.split()}
    for lang, word, weight in listed:
        weights[word] = weights.get(word, 0.0) + (weight if lang == "fr" else -weight)
    return weights


def _rows() -> list[tuple[str, str, str]]:
    return [(lang, weight, words) for lang, weight, words in read_rows("language_words.tsv")]
