"""Write rag/language/data/lemmas_{fr,en}.tsv: inflected forms whose stem is not that of their lemma.

A stemmer joins 'puce' and 'puces', not 'vendu' and 'vendre'. The table holds only the forms where that matters, among
the frequent words of each language, so that a query needs no dictionary of its own. Forms are folded (no accents),
which also lets a reader type 'approuvee'. Source of the forms: wordfreq; of the lemmas: simplemma.

    python tools/build_lemmas.py
"""

from __future__ import annotations

from pathlib import Path

import simplemma
from wordfreq import top_n_list

from rag.language.normalize import fold
from rag.language.terms import stem
from rag.model import Lang

DATA = Path(__file__).parent.parent / "rag" / "language" / "data"
FREQUENT = 60_000


def lemmas(lang: Lang) -> dict[str, str]:
    """Folded form -> lemma, the most frequent reading first, where stemming alone would part them."""
    table: dict[str, str] = {}
    seen: set[str] = set()
    for word in top_n_list(lang, FREQUENT):
        form = fold(word)
        if form in seen or not word.isalpha() or len(word) < 3:
            continue
        seen.add(form)
        lemma = base_form(word, lang)
        if lemma.isalpha() and stem(form, lang) != stem(lemma, lang):
            table[form] = lemma
    return table


def base_form(word: str, lang: Lang) -> str:
    """The lemma, taken again until it stands still: a French participle leads to its verb."""
    lemma = simplemma.lemmatize(word, lang=lang).lower()
    return str(simplemma.lemmatize(lemma, lang=lang).lower())


def main() -> None:
    for lang in ("fr", "en"):
        table = lemmas(lang)
        rows = "".join(f"{form}\t{lemma}\n" for form, lemma in sorted(table.items()))
        (DATA / f"lemmas_{lang}.tsv").write_text(rows, encoding="utf-8")
        print(f"{lang}: {len(table)} forms")


if __name__ == "__main__":
    main()
