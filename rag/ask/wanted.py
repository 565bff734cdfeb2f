"""A question -> what its answer must hold: the sort of name asked for, what is counted, who speaks, whom it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from rag.ask.kinds import form_of
from rag.ask.unheard import AT_HOME
from rag.language.answers import Wanted
from rag.language.lexicon import LANGUAGES, OTHER_TRANSLATION, Concept
from rag.language.mentions import Mention, is_unknown, mentions
from rag.language.naming import Sort
from rag.language.normalize import fold, fold_aligned
from rag.language.terms import terms
from rag.model import Lang, Question

NUMERIC: Final = frozenset({"quantity", "money", "percentage"})
"""Kinds that ask for a number, which belongs to somebody."""
PRESUMING: Final = NUMERIC | {"when", "why", "said"}
"""Kinds that take for granted that something happened."""
EARNED: Final = frozenset({"money", "percentage"})
"""Those of them that belong to companies, of which an unknown name is one; ships may lie off a Brest that no list has."""
SOMEONE_ELSES: Final = 0.4
SHARED: Final = 0.6
"""What a number counts for that is told of another, or of several together."""
_JOINED: Final = re.compile(r"(?:, | et | and | ou | or |, et |, and | & )")
_EACH: Final = re.compile(
    r"\b(?:chacune?|chaque|respectivement|each|respectively|apiece|par (?:acheteur|entreprise)|per (?:buyer|company))\b"
)
_COUNTED: Final = re.compile(
    r"(?:combien\s+d(?:e\s+|['’]\s?)|how many\s+|nombre\s+d(?:e\s+|['’]\s?)|number of\s+|how (?:big|large|high) an?\s+|how much\s+(?!do|did|is|was|will|would|has|have|had|can|could|of|more|less)|capacit[ée]\s+(?:de\s+|d['’]\s?)?|\b(?:en|in)\s+(?=nanom|watts?|kilow|gigao|gigab))(\w+(?:\s+\w+)?)",
    re.IGNORECASE,
)
_THINGS: Final = re.compile(
    r"\b(?:combien d(?:e |')|how many |(?:nombre|number) (?:de |d'|of ))(?!(?:\w+ ){0,2}(?:millions?|milliards?|billions?|dollars?|euros?|yuans?|argent|recettes?|revenus?|benefices?|profits?|pertes?|ventes?|chiffre|sales|revenues?|income)\b)[a-z]"
)
"""What asks for a number of things, which no sum of money is: "how many chips", not "how many dollars"."""
_PAID: Final = re.compile(
    r"\b(salaires?|r[ée]mun[ée]rations?|fortune|loyers?|amendes?|budgets?|actions?|(?<=cours de )bourse|(?:share|stock)(?= price\b)|salar(?:y|ies)|wages?|compensation|net worth|bonus|rents?|fines?)\b|\b(?:co[uû]ts? de (fabrication|production|revient)|(?:cost|price|much).* to (make|manufacture|produce|build)|(manufacturing|production) costs?)\b|\bcombien (?:gagne|touche)\b",
    re.IGNORECASE,
)
"""Sums of which no other sum is one: a price may be told as what a chip costs, a salary only as a salary."""
_SPEAKER: Final = re.compile(
    r"\b(?:did|does|do|has|have|had)\s+(.+?)\s+(?:have to )?(?:say|said|thinks?|reply|argue|claim|tell|told|react|respond|describe|comment|sum up)\b"
    r"|\b(?:dit|disent|disai(?:t|ent)|pens(?:e|ent|ait|aient)|déclar(?:é|e|ait)|estim(?:e|ait)|répond(?:ait)?|répondu|annoncé|affirmé|réaction|réponse|avis|commentaire|position)\s+(?:de |du |d['’])?(.+?)"
    r"(?=\s+(?:de|du|des|d['’]\w*|sur|à|au|aux|en|le|la|les|fin|début|mi|à propos|quant|pour|contre|face|après|avant)\b|[?,;.]|$)",
    re.IGNORECASE,
)
_SHARED: Final = re.compile(r"\b(marges?|margins?)\b", re.IGNORECASE)
_WORD: Final = r"(?!(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|the|an?|of|est|sont|etait|de|du|des|dans|le|la|les|un|une|ces|its|their)\b)[\w.-]+"
_WHICH: Final = rf"\b(?:quel(?:le)?s?(?: (?:est|sont|etait|etaient) (?:l'|les? |la ))?|which(?: of the)?|what)(?:[ ']?{_WORD}){{0,2}}[ ']?"
_CALLED: Final = (
    r"(?:\bnoms?|\bnames?|s'appell\w+|\bqui (?:est|sont|etait)|\bwho(?: is| are| was| were|'s))(?: [\w.'-]+){0,5}?[ ']"
)
_SORTS: Final[tuple[tuple[Sort, str], ...]] = (
    (
        "outlet",
        r"(?:journal|journaux|quotidien|hebdomadaire|magazine|medias?|agence de presse|blog|newspaper|outlets?|paper|magazine|news agency|newswire)\b",
    ),
    (
        "person",
        r"(?:patron|patronne|pdg|directeurs?|directrices?|dirigeants?|responsables?|fonctionnaires?|ministres?|senateurs?|senatrices?|deputee?s?"
        r"|elue?s?|presidente?s?|porte-parole|analystes?|journalistes?|auteurs?|avocate?s?|juges?|procureure?s?|ambassadeurs?|fondateurs?"
        r"|cofondateurs?|personnes?|secretaires?|ceo|boss|chief|head|officials?(?! (?:reason|statement|position|date|response|figure|confirmation|explanation|reaction|visit))|ministers?|senators?|lawmakers?|congressm[ae]n|presidents?"
        r"|spokes\w+|analysts?|journalists?|reporters?|authors?|lawyers?|judges?|prosecutors?|founders?|co-founders?|cofounders?|executives?|people|persons?|secretary)\b",
    ),
    (
        "company",
        r"(?:entreprises?|societes?|firmes?|groupes?|geants?|acheteurs?|clients?|fournisseurs?|fabricants?|banques?|laboratoires?|cabinets?|operateurs?|constructeurs?|distributeurs?"
        r"|courtiers?|compan(?:y|ies)|firms?|groups?|giants?|buyers?|customers?|suppliers?|distributors?|banks?|labs?|laborator(?:y|ies)|makers?|manufacturers?|operators?|brokers?|carriers?|vendors?)\b",
    ),
    ("city", r"(?:villes?|cit(?:y|ies)|towns?)\b"),
    ("site", r"(?:usines?|fabs?|fonderies?|factor(?:y|ies)|plants?|foundr(?:y|ies))\b"),
    ("country", r"(?:pays|countr(?:y|ies))\b"),
)
_NAMED: Final = tuple((sort, re.compile(rf"(?:{_WHICH}|{_CALLED})\b{nouns}(?!'s)")) for sort, nouns in _SORTS)
_NAMED_BY_SORT: Final = dict(_NAMED)
_POST: Final = re.compile(r"\b(?:poste|fonctions?|metier|profession|job|occupation)\b")
_OF_WHOM: Final = re.compile(r"\b(?:son|sa|ses|sont|his|her) (?:poste|fonctions?|metier|profession|job|occupation)\b")
"""What asks for the office of somebody: of one who is named, or whose it is."""
_SELLS_TO: Final = re.compile(
    r"\b(?:acheteurs?|clients?|fournisseurs?|distributeurs?|partenaires?|concurrents?|rivaux|banques?|buyers?|customers?|suppliers?|distributors?|partners?|rivals?|competitors?|banks?)\b"
)
"""What a company is to Nvidia, which is then no answer."""
_ANYBODY: Final = re.compile(
    r"personnes?|people|persons?|responsables?|fonctionnaires?|dirigeants?|patronn?e?|elue?s?|auteurs?|analystes?|officials?|executives?|head|chief|boss|lawmakers?|authors?|analysts?"
)
"""Words for a person that a text need not say: it gives the office instead."""
_ONE_PERSON: Final = re.compile(
    r"\b(?:qui|who)(?: (?:a|ont|has|have|had|is|est))? (?:(?:co-?)?(?:fond|found)|dirig|presid|(?:run|head|lead|chair)(?:s|ning|ing)?\b)"
)
"""What a person does: companies have founders and chiefs of flesh and blood."""
_BY_KIND: Final[dict[str, Sort]] = {"who": "anyone", "where": "place"}


def sort_of(text: str, kind: str) -> Sort | None:
    """The sort of name that a question of that kind asks for; None where it asks for none."""
    if kind == "who" and form_of(text) == "definition":
        return "office"
    if kind in _BY_KIND or kind == "what":
        plain = fold(text).replace("’", "'")
        found = next((sort for sort, pattern in _NAMED if pattern.search(plain)), None)
        if _OF_WHOM.search(plain) or (
            found is None and _POST.search(plain) and (people(text, "fr") or people(text, "en"))
        ):
            return "office"
        if found is not None:
            return found
        if _ONE_PERSON.search(plain):
            return "person"
    return _BY_KIND.get(kind)


def office_of(text: str, kind: str) -> str:
    """The word for the office of the one a question asks for: "Which senator ...?"; empty where any person will do.

    A title before a name asks for nobody: "criticised by Senator Warren".
    """
    asked = _NAMED_BY_SORT["person"].search(fold_aligned(text).replace("’", "'")) if kind in ("who", "what") else None
    if asked is None or text[asked.end() :].lstrip()[:1].isupper():
        return ""
    word = re.split(r"[ ']", asked.group())[-1]
    return "" if _ANYBODY.fullmatch(word) else word


def subject_of(text: str, kind: str) -> str:
    """The words that name what is counted or paid, or who is quoted: 'Combien de puces H200 ...' -> 'puces H200'."""
    pattern = {"quantity": _COUNTED, "percentage": _SHARED, "money": _PAID, "said": _SPEAKER}.get(kind)
    match = pattern.search(text) if pattern else None
    return next(filter(None, match.groups()), "") if match else ""


def wanted(question: Question, concepts: Sequence[Concept], lang: Lang) -> Wanted:
    """What to look for in a text of that language: a number of chips, a saying of Jensen Huang's, the name of a bank."""
    counted = subject_of(question.standalone, question.kind)
    named = [c for c in concepts if (_counts(c, counted) if question.kind in NUMERIC else c.name)]
    if question.kind == "said" and counted:
        named = [c for c in named if c.surface in counted]
    known = bool(named)
    if question.kind == "said" and not known:  # "what did jensen huang say", typed without capitals; "the officials"
        named = list(concepts)
    least = OTHER_TRANSLATION if question.kind == "money" else 0.0  # a price is near a share, and none
    ways = [way for concept in named for way in concept.alternatives if way.lang == lang and way.weight >= least]
    subject = {term for way in ways for term in way.terms}
    asked = {term for language in LANGUAGES for term in terms(question.standalone, language)}
    asked |= {term for c in concepts if c.name for way in c.alternatives if way.lang == lang for term in way.terms}
    sort = sort_of(question.standalone, question.kind)
    if sort == "company" and _SELLS_TO.search(fold(question.standalone)):
        asked |= set(terms("Nvidia", lang))
    several = sort is not None and form_of(question.standalone) == "list"
    things = question.kind == "quantity" and _THINGS.search(fold(question.standalone)) is not None
    return Wanted(question.kind, frozenset(asked), frozenset(subject), sort, several, known, things)


def _counts(concept: Concept, counted: str) -> bool:
    """Whether a word says what is counted; "employés Nvidia" are none of Nvidia's dollars."""
    return concept.surface in counted and fold(concept.surface) not in AT_HOME


def held(question: Question, text: str, lang: Lang, context: str) -> float:
    """What a number in a sentence is worth for the company, the country or the law it is asked of; Nvidia goes without saying.

    1 where the sentence gives it to them, SHARED where to several together, SOMEONE_ELSES where it does not name them, as for
    a date, a name or a reason of another law; `context`: the title, and the sentence before for one that leans on it.
    """
    bills, told = laws(question.standalone, question.lang), laws(text, lang)
    if bills and told and bills.isdisjoint(told):
        return SOMEONE_ELSES
    unknown = question.kind in EARNED
    asked = _holders(question.standalone, question.lang, unknown) if question.kind in NUMERIC else frozenset()
    named = _holders(text, lang, False)
    if not asked:
        another = (
            question.kind in EARNED and named and "nvidia" not in fold(text) and "nvidia" in fold(question.standalone)
        )
        return SOMEONE_ELSES if another else 1.0
    if asked <= named:
        return SHARED if len(asked) == 1 and _together(text, lang, asked) else 1.0
    return 1.0 if not named and asked <= _holders(context, lang, False) else SOMEONE_ELSES


@lru_cache(maxsize=8_192)
def chips(text: str, lang: Lang) -> frozenset[str]:
    """The chips that a text names, folded."""
    return frozenset(fold(mention.text).removesuffix("s") for mention in mentions(text, lang) if mention.sort == "chip")


@lru_cache(maxsize=8_192)
def laws(text: str, lang: Lang) -> frozenset[str]:
    """The laws that a text names, by their keys."""
    return frozenset(mention.key for mention in mentions(text, lang) if mention.sort == "law")


@lru_cache(maxsize=8_192)
def people(text: str, lang: Lang) -> frozenset[str]:
    """The people that a text names, by their keys."""
    return frozenset(mention.key for mention in mentions(text, lang) if mention.family == "person")


def actors(text: str, lang: Lang) -> frozenset[str]:
    """The people, companies, countries and laws that a text names, by their keys; those the story is about go without saying."""
    return people(text, lang) | _holders(text, lang, False)


@lru_cache(maxsize=8_192)
def _holders(text: str, lang: Lang, unknown: bool) -> frozenset[str]:
    """The names in a text that may hold something, by their keys; `unknown`: also those that no list and no dictionary has."""
    return frozenset(
        m.key
        for m in mentions(text, lang)
        if _holds(m) and (m.listed or (unknown and all(is_unknown(word, lang) for word in m.text.split())))
    )


def _holds(mention: Mention) -> bool:
    return mention.key not in AT_HOME and (mention.family == "company" or mention.sort in ("law", "country"))


def _together(text: str, lang: Lang, asked: frozenset[str]) -> bool:
    """Whether the one asked about is named in a row with others, without a word that gives each its own."""
    row = [mention for mention in mentions(text, lang) if _holds(mention)]
    joined = any(
        _JOINED.fullmatch(fold(text[one.span.end : two.span.start])) and asked & {one.key, two.key}
        for one, two in pairwise(row)
    )
    return joined and _EACH.search(fold(text)) is None
