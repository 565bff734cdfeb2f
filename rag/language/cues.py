"""Words that say how a sentence stands: to the one before it, and to what is allowed, barred, pending or denied."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import takewhile
from typing import Final, Literal, cast

from rag.language.normalize import fold
from rag.language.vocabulary import read_rows
from rag.model import Actor, Lang

Stance = Literal["open", "closed", "conditional", "pending", "denied"]

_LEANING: Final = {
    "fr": re.compile(
        r"^(?:\W*)(?:ces?|cet(?:te)?|celui|celle|ceux|il|elle|ils|elles|son|sa|ses|leurs?|l'un|la meme|le meme|toujours|aussi|ainsi|de son cote"
        r"|en contrepartie|en revanche|cependant|selon (?:lui|elle|eux|cette|ce|le meme|la meme|ces))\b"
        r"|\b(?:ainsi|egalement|toutefois|cependant|pourtant|par ailleurs|en outre|le meme|la meme|ce dernier|cette derniere)\b"
    ),
    "en": re.compile(
        r"^(?:\W*)(?:the|this|that|these|those|it|its|he|his|she|her|they|their|such|both|each|also|so|instead|however|but|one of)\b"
        r"|\b(?:also|however|meanwhile|the same|the latter|in turn|themselves|itself|thus)\b"
    ),
}  # fmt: skip
_POINTING: Final = {
    "fr": re.compile(
        r"\b(?:ces|cet|cette|celui-ci|celle-ci|ceux-ci|celles-ci|ce (?!qu|dont\b|mois\b|jour\b|trimestre\b|soir\b|stade\b)\w+|l[ea]s? memes?|l'(?:a|ont|avait) (?:annonc|di|rapport|confirm|declar|ecri|revel)\w+)\b"
    ),
    "en": re.compile(
        r"\b(?:this (?!week|month|year|quarter|spring|summer|autumn|winter)|these|those|the same|the latter|the former"
        r"|that (?:report|day|letter|article|decision|deal|rule|figure|post))\b"
    ),
}  # fmt: skip
"""What points at something named before, wherever it stands: "dans le meme message", "this proposal"."""
_BEGINS_WITH_POINTER: Final = {
    "fr": re.compile(r"\W*(?:ces?|cet(?:te)?|celui|celle|ceux|il|elle|ils|elles|lui|son|sa|ses|leurs?)\b(?! y a|-?ci)|\W*(?:\S+ ){1,5}(?:aussi|egalement)\b"),
    "en": re.compile(r"\W*(?:it|he|his|she|her|they|their|this|these|those|such|both|each of them)\b|\W*(?:\S+ ){1,5}also\b"),
}  # fmt: skip
_NEGATION: Final = {
    "fr": re.compile(r"\bn(?:e |')(?!(?:(?!pas\b|plus\b|jamais\b|rien\b)\S+ ){1,2}qu(?:e (?:les?|la|l'|des|une?|\d|dans|pour|aux?\b)|'(?:aux?|une?|en|a)\b))|\b(?:rien|personne|nul) n(?:e |')|\b(?:aucune?s?|jamais|sans|ni|non|pas|nulle part)\b"),
    "en": re.compile(r"\b(?:not|no|none|never|without|neither|nor|cannot|yet to|nowhere)\b|n't\b"),
}  # fmt: skip
_DENYING: Final = {
    "fr": re.compile(r"\b(?:aucune?|jamais)\b|\bn(?:e |')\S+ (?:\S+ )?(?:pas|aucune?|jamais|point)\b"),
    "en": re.compile(r"\b(?:no|none|never|not a single|not yet)\b|\b(?:did|does|do|has|have|had|is|are|was|were) not\b|n't\b"),
}  # fmt: skip
_WHITHER: Final = {
    "fr": re.compile(r"\b(?:vers|pour|en|a|aux?|dans) (?:la |les |l')?$"),
    "en": re.compile(r"\b(?:to|for|in|into|inside|within) (?:the )?$"),
}
"""What stands before a country that something goes to or is in: "banned for China" tells nothing China does."""
_SPEAKS: Final = re.compile(r"(?:\baccording to (?:the )?|^pour (?:la |les |l')?)$")
"""What stands before who speaks, though it ends like what something goes to."""
_TELLING: Final = {
    "fr": re.compile(
        r"\b(?:dit|declare|affirme|explique|assure|estime|juge|pense|precise|ajoute)\b[^,;:]{0,45}? qu(?:e |')"
    ),
    "en": re.compile(r"\b(?:said|says|told \w+|argued|added|stated|explained|claims?|believes?)\b[^,;:]{0,45}? that "),
}
"""What stands between who says something and of whom he says it."""
_SOON: Final = 12
"""Characters after it within which that one is named."""
_OF_REPORTING: Final = {
    "fr": re.compile(
        r"^(?:la |cette |le |ce |l'|cet )(?:\w+ )?(?:depeche|article|texte|page|billet|note)\b.{0,60}\b(?:publie|paru|date|mis en ligne|redige)e?s?\b"
        r"|\bn(?:'|e )(?:a|ont|avai(?:t|ent)) (?:\w+ ){0,3}?(?:comment|repondu|reagi|souhaite (?:comment|reag|repond))"
    ),
    "en": re.compile(
        r"^(?:the|this) (?:\w+ )?(?:dispatch|article|text|page|post|story)\b.{0,60}\b(?:published|dated|posted|written)\b"
        r"|\b(?:did|has|have|had) not (?:\w+ )?(?:respond|replied|reply|comment)|\bdeclined to comment\b"
    ),
}  # fmt: skip
"""What a sentence says that tells only of the telling: when the dispatch came out, who had no comment."""
_ASKS_OF_REPORTING: Final = re.compile(
    r"\b(?:comment(?:e|er|ed|aires?|s)|repon\w+|reag\w+|reactions?|publi\w+|date[ds]?|respon\w+|repl(?:y|ies|ied)|react\w*"
    r"|say|says|said|tell|told|press|contact\w*|silen\w+|dit|disent|dire|mot|presse)\b"
)
_REACH: Final = 45
"""Characters before a cue in which a negation counts for it."""


@lru_cache(maxsize=8_192)
def leans_on_previous(text: str, lang: Lang) -> bool:
    """Whether a sentence takes up what the one before it spoke of ("Ces feux verts ...", "The tariff also ...")."""
    return _LEANING[lang].search(fold(text)) is not None


@lru_cache(maxsize=20_000)
def stands_alone(text: str, lang: Lang) -> bool:
    """Whether a sentence can be read without those before it: it takes nothing up and points at nothing."""
    return not leans_on_previous(text, lang) and _POINTING[lang].search(fold(text)) is None


def tells_of_reporting(text: str, lang: Lang) -> bool:
    """Whether a sentence is of the report itself: "Nvidia n'a pas répondu", "the dispatch is dated 5 May"."""
    return _OF_REPORTING[lang].search(fold(text)) is not None


def asks_of_reporting(text: str) -> bool:
    """Whether a question asks who spoke, or when a report came out."""
    return _ASKS_OF_REPORTING.search(fold(text)) is not None


@lru_cache(maxsize=20_000)
def points_back(text: str, lang: Lang) -> bool:
    """Whether a sentence is hardly understood without the one before it: "Il a ajouté ...", "... selon cette lettre"."""
    plain = fold(text)
    return _BEGINS_WITH_POINTER[lang].match(plain) is not None or _POINTING[lang].search(plain) is not None


@lru_cache(maxsize=20_000)
def stances(text: str, lang: Lang) -> frozenset[Stance]:
    """How a sentence says that things stand; what is not open is closed, and the other way round.

    "n'a approuvé aucune vente" -> closed; "under review" -> pending; empty where it speaks of no such thing.
    """
    plain = fold(text)
    found: set[Stance] = set()
    for match in _table("stances.tsv", lang).finditer(plain):
        stance = cast(Stance, match.lastgroup)
        if stance in ("open", "closed") and is_negated(plain, match.start(), lang):
            stance = "closed" if stance == "open" else "open"
        found.add(stance)
    return frozenset(found)


def is_negated(plain: str, at: int, lang: Lang) -> bool:
    """Whether a negation stands before the word at `at` in folded text, within the same clause."""
    start = max(0, at - _REACH, *(plain.rfind(mark, 0, at) + 1 for mark in ",;:()"))
    before = takewhile(lambda match: match.start() < at, _NEGATION[lang].finditer(plain, start))
    return any(match.end() <= at for match in before)


def negated(text: str, lang: Lang) -> bool:
    """Whether a sentence denies anything at all."""
    return _NEGATION[lang].search(fold(text)) is not None or "denied" in stances(text, lang)


def denies(text: str, lang: Lang) -> bool:
    """Whether the main point of a sentence is a denial: "Nvidia dément ...", "Not a single ...", "... n'a vendu aucune"."""
    plain = fold(text)
    return "denied" in stances(text, lang) or _DENYING[lang].search(plain) is not None


def first_actor(text: str, lang: Lang) -> Actor | None:
    """Who a question speaks of first, which is mostly who acts, where something goes only if nobody else; None if it names none."""
    plain = fold(text)
    named = list(_table("actors.tsv", lang).finditer(plain))
    acting = (m for m in named if _SPEAKS.search(plain[: m.start()]) or not _WHITHER[lang].search(plain[: m.start()]))
    match = next(acting, next(iter(named), None))
    return cast(Actor, match.lastgroup) if match else None


@lru_cache(maxsize=20_000)
def who_acts(text: str, lang: Lang) -> Actor | None:
    """Who a sentence tells of first, but for a country that something goes to or is in, and for who only says it of another."""
    plain = fold(text)
    told = _TELLING[lang].search(plain)
    if told and _table("actors.tsv", lang).search(plain, told.end(), told.end() + _SOON):
        plain = plain[told.end() :]
    matches = _table("actors.tsv", lang).finditer(plain)
    match = next((m for m in matches if not _WHITHER[lang].search(plain[: m.start()])), None)
    return cast(Actor, match.lastgroup) if match else None


@cache
def _table(name: str, lang: Lang) -> re.Pattern[str]:
    """One pattern for a table of (group, language, beginnings of words), whose group of a match names the row."""
    groups: dict[str, list[str]] = {}
    for group, language, cues in read_rows(name):
        if language == lang:
            groups[group] = [f"{re.escape(c[1:])}\\b" if c.startswith("=") else re.escape(c) for c in cues.split("|")]
    return re.compile(r"\b(?:" + "|".join(f"(?P<{group}>{'|'.join(cues)})" for group, cues in groups.items()) + ")")
