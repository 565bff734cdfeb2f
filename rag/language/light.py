"""Words that weigh little in what a sentence claims: reporting verbs, verbs of all work, and what every article is about."""

from __future__ import annotations

from functools import cache
from typing import Final

from rag.language.terms import word_term
from rag.model import Lang

_WORDS: Final = {
    "fr": """ajouter affirmer annoncer chiffrer citer cité déclarer demander dépêche dire écrire écrit estimer expliquer
        indiquer noter préciser rapporter rappeler relayer souligner source soutenir
        compter comptent devenir entrer faire mettre offrir passer porter prendre pris recevoir reçu rendre rester revenir
        servir tenir tourner utiliser venir voir vouloir environ quelque face cours côté début fin nouveau seul total
        chiffre entreprise société groupe firme puce unité trimestre année mois semaine jour premier dernier""",
    "en": """add announce ask assert cite claim declare describe estimate explain note report recall relay reportedly say source
        state stress story tell told write wrote according
        be become bring call come count find gain give hold keep know leave make meet move need offer put reach receive
        remain rise rose run see set show take turn use want work about around close just new only out total well
        figure company firm group chip unit quarter year month week day first last""",
}


def is_light(term: str, lang: Lang) -> bool:
    """Whether a term says next to nothing by itself."""
    return term in _terms(lang)


@cache
def _terms(lang: Lang) -> frozenset[str]:
    return frozenset(term for word in _WORDS[lang].split() if (term := word_term(word, lang)))
