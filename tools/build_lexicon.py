"""Write rag/language/data/lexicon.tsv: the word lists of tools/lexicon/, cut into index terms once for all.

The lists are for people to read and extend: `fr_en_*.tsv` (French <tab> English|English) and `synonyms_*.tsv` (a group a
line, parted by |). Cutting their 12,000 expressions into terms would take a quarter of a second at every start.

    python tools/build_lexicon.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rag.language.lexicon import LANGUAGES, Phrase, phrase_of
from rag.model import Lang

SOURCES = Path(__file__).parent / "lexicon"
TARGET = Path(__file__).parent.parent / "rag" / "language" / "data" / "lexicon.tsv"
TRANSLATIONS = ("fr_en_domain.tsv", "fr_en_general.tsv")


def rows() -> Iterator[str]:
    """The lines of the table: `=`, French terms, English alternatives; or a language and its synonyms."""
    for name in TRANSLATIONS:
        for line in lines(name):
            french, _, english = line.partition("\t")
            source, targets = phrase_of(french, "fr"), phrases(english, "en")
            if source and targets:
                yield f"=\t{' '.join(source)}\t{joined(targets)}"
    for lang in LANGUAGES:
        for line in lines(f"synonyms_{lang}.tsv"):
            group = phrases(line, lang)
            if len(group) > 1:
                yield f"{lang}\t{joined(group)}"


def phrases(texts: str, lang: Lang) -> list[Phrase]:
    """The terms of each expression of a list parted by |, those made of function words alone left out."""
    return list(dict.fromkeys(phrase for text in texts.split("|") if (phrase := phrase_of(text, lang))))


def joined(group: list[Phrase]) -> str:
    return "|".join(" ".join(phrase) for phrase in group)


def lines(name: str) -> list[str]:
    return [line for line in (SOURCES / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def main() -> None:
    table = list(dict.fromkeys(rows()))
    TARGET.write_text("\n".join(table) + "\n", encoding="utf-8")
    print(f"{len(table)} rows")


if __name__ == "__main__":
    main()
