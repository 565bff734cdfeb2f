"""Slips of the keyboard in the words that shape a question and in names -> those meant: 'cobmien', 'newspapr', 'moolenar'.

Other words are mended against the library (ask/spelling.py), which also tells the rarer from the more frequent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from rag.ask.spelling import LONGEST, edits
from rag.language.dictionary import is_strange, is_unlisted
from rag.language.mentions import is_named, words_of_names
from rag.language.normalize import fold
from rag.language.vocabulary import read_rows
from rag.model import Lang

SHORTEST: Final = 4
"""Letters from which a word is mended; of three, only two that were swapped."""
LISTED_FROM: Final = 5
"""Letters of a name, or of a frequent word of the news, to which a slip is mended."""
_WORDS: Final[Mapping[Lang, str]] = {
    "fr": """qui quoi quand combien comment pourquoi quel quelle quels quelles lequel laquelle lesquels depuis avant après
        entre jusque pendant toujours encore déjà maintenant aujourd'hui interdit interdite autorisé autorisée pourcentage
        journal média entreprise entreprises société sociétés patron directeur ministre sénateur porte-parole analyste banque
        pays ville date année mois trimestre dernier dernière premier première chronologie évolution situation raison""",
    "en": """who what when where which whose why how many much long often did does have been still already allowed banned
        percentage newspaper outlet company companies firm firms boss chief minister senator spokesman spokeswoman analyst
        bank country city date year month quarter first latest timeline between before after since until reason""",
}
_ANEW: Final = re.compile(r"^(?:re|un)(?=\w{4})")
"""Before a word that the lists have, it makes another: "reposted"."""
_TYPED: Final = re.compile(r"(?<![\w'’.&-])[^\W\d_]{3,}(?![\w’-]|'\w|\.\w)")


def mended(text: str, lang: Lang) -> str:
    """The text with each unknown word put right that is one slip away from a word of a question or from a name."""
    shouted = text.isupper()

    def meant(match: re.Match[str]) -> str:
        word = match.group()
        if word[0].isupper() and match.start() and not shouted:
            return word
        found = _meant(fold(word), lang)
        return found[0].upper() + found[1:] if found and word[0].isupper() else found or word

    return _TYPED.sub(meant, text)


@lru_cache(maxsize=4_096)
def _meant(word: str, lang: Lang) -> str:
    """The one word of a question, or else of the news, or name, that a slip turns into this unknown one; empty where there is none."""
    if is_named(word) or len(word) > LONGEST or not (is_unlisted(word) and is_unlisted(_ANEW.sub("", word))):
        return ""
    slips = set(edits(word))
    for table in (_asking(lang), _listed(lang)):
        near = {table[slip] for slip in slips & table.keys() if len(word) >= SHORTEST or sorted(slip) == sorted(word)}
        found = {meant for meant in near if len(meant) == len(word)} or near  # swapped rather than left out
        if near:
            return found.pop() if len(found) == 1 and is_strange(word) else ""
    return ""


@cache
def _asking(lang: Lang) -> Mapping[str, str]:
    """The words that shape a question, folded -> with their accents."""
    return {fold(word): word for word in _WORDS[lang].split()}


@cache
def _listed(lang: Lang) -> Mapping[str, str]:
    """Likewise the frequent words of the news, which also tell the languages apart, and the words of names."""
    news = {
        word: word
        for language, _, words in read_rows("language_words.tsv")
        if language == lang
        for word in words.split()
    }
    return {plain: word for plain, word in {**news, **words_of_names()}.items() if len(plain) >= LISTED_FROM}
