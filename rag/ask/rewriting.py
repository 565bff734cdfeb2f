"""Turns one question into another: puts a name in another's place, asks when instead of whether, takes a date out.

Pure string work on one question in one language; what to ask for is decided in ask/follow_ups.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rag.language.dates import find_dates
from rag.language.mentions import Mention, mentions
from rag.language.normalize import fold_aligned, strip_accents_aligned
from rag.model import Lang

# --- the words before a name -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lead:
    """The preposition and article before a name, contractions undone: "du H200" -> de, le. `start`: where they begin."""

    preposition: str
    article: str
    start: int


_ARTICLE: Final[dict[Lang, re.Pattern[str]]] = {
    "fr": re.compile(r"(?:\b(?P<word>le|la|les|du|des|au|aux) |\b(?P<elided>l)'\s?)$", re.IGNORECASE),
    "en": re.compile(r"\b(?P<word>the) $", re.IGNORECASE),
}
_PREPOSITION: Final[dict[Lang, re.Pattern[str]]] = {
    "fr": re.compile(
        r"\b(?P<word>selon|d'apres|chez|vers|pour|par|avec|contre|sur|sans|dans|en|a|de|que|depuis|avant|apres|concernant) $"
        r"|\b(?P<elided>d|qu)'\s?$",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?P<word>according to|as of|of|in|on|at|by|for|with|from|to|into|against|about|through|under|after|before|since|that) $",
        re.IGNORECASE,
    ),
}
_CONTRACTED: Final = {"du": ("de", "le"), "des": ("de", "les"), "au": ("à", "le"), "aux": ("à", "les")}
_FULL: Final = {"d": "de", "qu": "que", "a": "à", "d'apres": "d'après", "apres": "après"}


def lead(text: str, at: int, lang: Lang) -> Lead:
    """What leads up to the name that begins at `at`."""
    before = strip_accents_aligned(text)[:at]
    preposition, article, start = "", "", at
    if match := _ARTICLE[lang].search(before):
        article = "l'" if match.groupdict().get("elided") else match["word"].lower()
        preposition, article = _CONTRACTED.get(article, ("", article))
        start = match.start()
    if not preposition and (match := _PREPOSITION[lang].search(before[:start])):
        found = (match["word"] or match["elided"]).lower()
        preposition, start = _FULL.get(found, found), match.start()
    return Lead(preposition, article, start)


def led(preposition: str, article: str, name: str, lang: Lang) -> str:
    """A name with what leads up to it, contracted: de, le, H200 -> "du H200"."""
    if lang == "en":
        return " ".join(word for word in (preposition, article, name) if word)
    vowel = strip_accents_aligned(name)[:1].lower() in set("aeiou")
    if article in ("le", "la", "l'"):
        article = "l'" if vowel else "le" if article == "l'" else article
    if preposition == "en" and article:
        preposition = "en" if article in ("la", "l'") else "à"
    contracted = {joined: word for word, joined in _CONTRACTED.items()}.get((preposition, article))
    if contracted:
        return f"{contracted} {name}"
    words = f"{article}{name}" if article == "l'" else f"{article} {name}".strip()
    if preposition in ("de", "que") and vowel and not article:
        return f"{preposition[:-1]}'{words}"
    return f"{preposition} {words}".strip()


# --- one name for another ----------------------------------------------------------------------------------------


def swap(base: str, slot: Mention, new: Mention, given: Lead, lang: Lang) -> str:
    """`base` with `new`, led as `given`, wherever it says what `slot` says."""
    if slot.family == "date":
        return _swap_date(base, slot, new, given, lang)
    for old in reversed(mentions(base, lang)):
        if old.text.lower() == slot.text.lower():
            led_by = lead(base, old.span.start, lang)
            # A model keeps the article it had: "des H200" -> "des H20". A country or a company brings its own.
            article = given.article or (led_by.article if slot.family == "product" else "")
            preposition = (given.preposition or led_by.preposition) if led_by.preposition else ""
            words = led(preposition, article, new.text, lang)
            base = _capital_as(base, led_by.start, base[: led_by.start] + words) + base[old.span.end :]
    return base


_DATE_LEAD: Final[dict[Lang, re.Pattern[str]]] = {
    "fr": re.compile(
        r"(?:\b(?:en|au|le|du|de|la|depuis|avant|apres|des|d'ici(?: a)?|jusqu'(?:en|au|a)|courant|a|pour|a partir (?:de|du)) |\b[dl]')+$",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:\b(?:in|on|at|by|since|until|before|after|during|around|as of|for|the|from|of|end of) )+$", re.IGNORECASE
    ),
}


def _swap_date(base: str, slot: Mention, new: Mention, given: Lead, lang: Lang) -> str:
    words = _with_year(new.text, base, slot, lang)
    if given.preposition or given.article:
        match = _DATE_LEAD[lang].search(strip_accents_aligned(base)[: slot.span.start])
        start = match.start() if match else slot.span.start
        return (
            _capital_as(base, start, base[:start] + led(given.preposition, given.article, words, lang))
            + base[slot.span.end :]
        )
    return base[: slot.span.start] + words + base[slot.span.end :]


def _with_year(words: str, base: str, slot: Mention, lang: Lang) -> str:
    """A day or month without a year takes the year that brings it nearest to the date asked about before."""
    known = next((d for d in find_dates(base, lang, None) if d.span.start == slot.span.start and d.explicit), None)
    if known is None or re.search(r"\d{4}", words):
        return words
    in_month = find_dates(("en " if lang == "fr" else "in ") + words, lang, known.start)
    is_yearless = re.fullmatch(
        r"(?:(?:début|debut|mi|fin|early|mid|late)[ -]|\d{1,2}(?:er|st|nd|rd|th)? )?[^\W\d]+(?: \d{1,2})?", words
    )
    if re.search(r"\b(?:trimestre|quarter|semestre|half)$", words) and not re.search(
        r"(?i)next|last|this|prochain|dernier", words
    ):
        return f"{words} {known.start.year}"
    return f"{words} {in_month[0].start.year}" if in_month and is_yearless else words


def is_adnominal(base: str, slot: Mention, lang: Lang) -> bool:
    """Whether a date is part of a name, as in "the May 2026 summit"."""
    before, after = base[: slot.span.start], base[slot.span.end :]
    if lang == "en":
        return before.lower().endswith("the ") and re.match(r" [a-z]", after) is not None
    return re.search(r"\w (?:de|du|d') ?$", before) is not None


def without_dates(base: str, lang: Lang) -> str:
    """A question without the dates it says it of: for asking the same of now."""
    for mention in reversed(mentions(base, lang)):
        if mention.family == "date" and not is_adnominal(base, mention, lang):
            match = _DATE_LEAD[lang].search(strip_accents_aligned(base)[: mention.span.start])
            start = match.start() if match else mention.span.start
            base = base[:start].rstrip(" ,") + " " + base[mention.span.end :].lstrip(" ,")
    base = re.sub(r"\s+", " ", base.strip())
    if lang == "en":
        base = base.replace(" ?", "?")
    return base[:1].upper() + base[1:]


def _capital_as(base: str, at: int, changed: str) -> str:
    """`changed` with a capital at `at` where `base` begins there."""
    return changed if at else changed[:1].upper() + changed[1:]


# --- another question word ---------------------------------------------------------------------------------------

_ADVERBS: Final[dict[Lang, re.Pattern[str]]] = {
    "fr": re.compile(
        r"^(?:(?:depuis|jusqu'a|a partir de|pour) quand|quand|pourquoi|comment|d'ou|ou|(?:pendant )?combien de temps"
        r"|(?:a|dans|pour|en|sous|de) quel(?:le)?s? \w+) ",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"^(?:(?:since|until|from) when|when|where|why|how|how long|for how long|(?:at|on|in|under|for) (?:what|which) \w+) "
        r"(?=(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should)\b)",
        re.IGNORECASE,
    ),
}
_INVERTED: Final = re.compile(r"(?P<verb>\b[^\W\d]+)-(?:t-)?(?:il|elle|ils|elles)\b", re.IGNORECASE)
_WHETHER: Final[dict[Lang, re.Pattern[str]]] = {
    "fr": re.compile(
        r"^est-ce qu|^(?!(?:qui|que|qu'|quel\w*|combien|lequel\w*|a qui|de quoi)\b).*\w-(?:t-)?(?:il|elle|ils|elles)\b"
    ),
    "en": re.compile(r"^(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should)\b"),
}
_OPENING_PHRASE: Final = re.compile(r"^(?P<phrase>[^,?]{3,40}, )(?P<clause>.+)$")
_AND: Final[dict[Lang, str]] = {"fr": "et", "en": "and"}


def ask_instead(base: str, question_word: str, lang: Lang) -> str:
    """`base` asked with an adverb: "ByteDance a-t-elle commandé ?", "quand" -> "Quand ByteDance a-t-elle commandé ?".

    Where the earlier question cannot take it, both are asked: "Qui a écrit à X, et quand ?".
    """
    phrase, clause = _opening(base)
    plain = fold_aligned(clause)
    if match := _ADVERBS[lang].search(plain):
        clause = clause[match.end() :]
    elif _WHETHER[lang].search(plain):
        clause = lower_first(clause, lang)
    else:
        return ask_also(base, question_word, lang)
    return f"{phrase}{question_word} {clause}" if phrase else f"{question_word[0].upper()}{question_word[1:]} {clause}"


def ask_also(base: str, question_word: str, lang: Lang) -> str:
    """`base` with a second question: "..., et lesquelles ?"; one that was added before makes room."""
    base = re.sub(rf",? {_AND[lang]} [\w' ]{{2,24}}(?=\s*\?*$)", "", base) if _asked_also(base, lang) else base
    return extended(base, f", {_AND[lang]} {question_word}", lang)


def _asked_also(base: str, lang: Lang) -> bool:
    words = r"quand|qui|ou|où|combien|pourquoi|comment|lesquel\w+|selon qui|when|who|where|how \w+|why|which|by whom"
    return re.search(rf", {_AND[lang]} (?:\w+ )?(?:{words})\b[^,?]*\?*$", base) is not None


def extended(base: str, words: str, lang: Lang) -> str:
    """`base` with more words before its question mark."""
    asks = base.rstrip().endswith("?")
    return base.rstrip(" ?!.") + words + (" ?" if lang == "fr" else "?") * asks


def declared(base: str, lang: Lang) -> str | None:
    """What a French question takes for granted, as a statement: "Quand X a-t-il dit Y ?" -> "X a dit Y"; None if unclear."""
    if lang != "fr":
        return None
    phrase, clause = _opening(base)
    adverb = _ADVERBS["fr"].search(fold_aligned(clause))
    clause = clause[adverb.end() if adverb else 0 :].rstrip(" ?!.")
    if asked := re.match(r"est-ce qu(?:e |['’])", clause, re.IGNORECASE):
        return phrase + clause[asked.end() :]
    inverted = _INVERTED.search(clause)
    if inverted is None or inverted.start() == 0 or not _WHETHER["fr"].search(fold_aligned(clause)):
        return None
    return lower_first(phrase, "fr") + lower_first(clause[: inverted.end("verb")] + clause[inverted.end() :], "fr")


def matter(base: str) -> str:
    """What a French question says something of, after "de", if that is a thing and no name.

    "Pourquoi les livraisons sont-elles gelées ?" -> "des livraisons"; else "".
    """
    inverted = _INVERTED.search(base)
    if declared(base, "fr") is None or inverted is None:
        return ""
    before = base[: inverted.start()].rstrip()
    subject = re.search(
        r"\b(?P<article>(?:le|la|les) |l['’])(?P<noun>(?:(?!\b(?:le|la|les)\b)[^,?])+)$", before, re.IGNORECASE
    )
    if subject is None or any(mention.span.start == 0 for mention in mentions(subject["noun"], "fr")):
        return ""
    return led("de", subject["article"].strip().lower().replace("’", "'"), subject["noun"], "fr")


def _opening(base: str) -> tuple[str, str]:
    """A question without the date before its first comma, and that date."""
    match = _OPENING_PHRASE.match(base)
    if match and re.search(r"\d", match["phrase"]) and "-t" not in match["phrase"]:
        return match["phrase"], match["clause"]
    return "", base


_NOUN_ALONE: Final[dict[Lang, re.Pattern[str]]] = {
    "fr": re.compile(
        r"^(?:et )?(?P<article>le |la |les |l['’])(?![^?]*\w-(?:t-)?(?:il|elle|ils|elles)\b)(?P<noun>.+)$",
        re.IGNORECASE,
    ),
    "en": re.compile(r"^(?:and )?(?P<article>the )(?P<noun>.+)$", re.IGNORECASE),
}
_VERB_OF: Final = {"le ": "Quel est", "l'": "Quel est", "l’": "Quel est", "la ": "Quelle est", "les ": "Quels sont"}


def asked_what(text: str, lang: Lang) -> str:
    """A noun asked about without a verb, as a question: "Et le prix de la H200 ?" -> "Quel est le prix de la H200 ?"."""
    match = _NOUN_ALONE[lang].match(text.rstrip(" ?!."))
    if match is None:
        return text
    article = match["article"].lower()
    if lang == "fr":
        return f"{_VERB_OF[article]} {article}{match['noun']} ?"
    return f"What is {article}{match['noun']}?"


def lower_first(text: str, lang: Lang) -> str:
    """`text` with a small first letter, unless it begins with a name."""
    first = re.match(r"[^\W_]+", text)
    if first is None or (first.group().isupper() and len(first.group()) > 1) or first.group() == "I":
        return text
    if any(mention.span.start == 0 and mention.family not in ("date", "group") for mention in mentions(text, lang)):
        return text
    return text[:1].lower() + text[1:]
