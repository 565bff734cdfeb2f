"""Whether a word exists: French and English as pyspellchecker lists them, typed with or without accents."""

from __future__ import annotations

from functools import cache

from spellchecker import SpellChecker

from rag.language.lexicon import LANGUAGES
from rag.language.mentions import is_unknown
from rag.language.normalize import fold
from rag.model import Lang


def is_unlisted(word: str) -> bool:
    """Whether the lists that are read for every question have a word in neither language; it may be strange then."""
    return all(is_unknown(word, lang) for lang in LANGUAGES)


def is_strange(word: str) -> bool:
    """Whether neither language has a word."""
    return is_unlisted(word) and not any(fold(word) in _words(lang) for lang in LANGUAGES)


@cache
def _words(lang: Lang) -> frozenset[str]:
    """Every word of a language, folded; read once, when the first strange word comes."""
    return frozenset(map(fold, SpellChecker(language=lang).word_frequency.dictionary))
