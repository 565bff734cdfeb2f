"""Finds who first reported an article and who published the page: text and lines -> names of outlets."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from rag.language.vocabulary import read_rows

# What stands between a cue and the name it introduces: "selon un rapport de", "selon les informations du".
_BETWEEN = (
    r"(?:\s+(?:[ld]['’])?(?:le|la|les|the|une?|an?|des?|du|of|by|from|par|agence|agency|presse|press|journal|"
    r"quotidien|site|magazine|article|rapport|report|informations?|sources?|enquête|révélations?|news|média|outlet|"
    r"newspaper|citées?|dépêche)\b){0,8}\s+(?:[ld]['’])?"
)
_BEFORE_NAME = (
    r"(?:\b(?:[Ss]elon|[Dd][’']après|[Gg]râce à|[Cc]itant|[Cc]iting|[Aa]ccording to|[Pp]er|[Vv]ia|[Rr]apporte(?:nt)?|"
    r"(?:[Rr]apporté|[Rr]évélé|[Rr]elayé|[Cc]ité|[Ii]nterrogé|[Cc]onsulté|[Oo]btenu|[Pp]ublié)(?:e|es|s)? par|"
    r"(?:[Rr]eported|[Cc]ited|[Ss]een|[Rr]eviewed|[Pp]ublished) by|[Tt]old|"
    r"(?:a|ont) (?:déclaré|confié|indiqué|expliqué) à|sources? (?:anonymes? )?(?:de|of)|"
    r"(?:report|story|article|investigation|rapport|enquête|dépêche) (?:by|from|in|de|du)))"
)
_SAID = r"(?:rapporté|révélé|indiqué|annoncé|écrit|affirmé|reported|said|written|revealed)"
_BETWEEN_VERBS = r"(?:(?:précédemment|déjà|aussi|également|récemment|previously|earlier|also|first)\s+)*"
_AFTER_NAME = (
    rf"\s+(?:\w+\s+)?(?:(?:avait|a|ont|had|has|have)\s+{_BETWEEN_VERBS}{_SAID}|"
    r"rapport(?:e|ent|ait|aient)|révèl(?:e|ent)|révél(?:ait|aient)|indiqu(?:e|ent|ait)|affirm(?:e|ent|ait)|"
    r"écri(?:t|vent|vait)|précise(?:nt)?|reported|reports|said|says|wrote|writes|revealed)\b"
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:\(c\)\s*)?(?:\d{4}(?:\s?[-–]\s?\d{4})?)?[\s,:]*(?P<name>[^|\d]{2,60})", re.I
)
_COPYRIGHT_TAIL = re.compile(
    r"[\s,.\-–—|]*(?:tous droits réservés|all rights reserved|\d{4}.*|inc|sas|sa|ltd|llc|l\.?p\.?)*[\s,.\-–—|]*$", re.I
)
_APP_LINE = re.compile(r"^(?P<name>[A-Z][\w.&' -]{1,30}?) App$")
_SOURCES_LINE = re.compile(r"^[^:]{2,20}:\s*(?P<names>.+)$")


@lru_cache(maxsize=1)
def _outlets() -> dict[str, str]:
    """Every name an outlet goes by -> the outlet."""
    return {alias: outlet for outlet, aliases in read_rows("outlets.tsv") for alias in aliases.split("|")}


@lru_cache(maxsize=1)
def _mention() -> re.Pattern[str]:
    """An outlet that is given as the source of what is said, or that opens the text as a dateline."""
    name = "|".join(re.escape(alias) for alias in sorted(_outlets(), key=len, reverse=True))
    # "The Information Technology Council" is no outlet.
    guard = r"(?![\w’'])(?!\s(?:Technology|Commissioner|Office|Act|Center))"
    return re.compile(
        rf"{_BEFORE_NAME}{_BETWEEN}\b(?P<cited>{name}){guard}"
        rf"|\b(?P<says>{name}){guard}{_AFTER_NAME}"
        rf"|\((?P<dateline>{name})\)\s?[-–—]"
    )


def find_origin(text: str) -> str | None:
    """The outlet that the text gives most often as its source, the first of several; None where it gives none."""
    outlets = _outlets()
    cited: Counter[str] = Counter()
    for match in _mention().finditer(text):
        cited[outlets[match["cited"] or match["says"] or match["dateline"]]] += 1
    return cited.most_common(1)[0][0] if cited else None


def outlet_named(name: str) -> str | None:
    """The outlet that goes by `name`, or by its beginning as in "Bloomberg L.P."; None for an unknown one."""
    outlets = _outlets()
    name = name.strip(" .,;")
    for alias in (name, name.removeprefix("The "), name.removeprefix("the ")):
        if alias in outlets:
            return outlets[alias]
    return None


def first_source(line: str) -> str | None:
    """The first name of a line such as "Sources: Reuters, TrendForce"."""
    match = _SOURCES_LINE.match(line)
    names = re.split(r"[,;/|•]|\s(?:et|and|via)\s", match["names"]) if match else []
    name = names[0].strip(" .") if names else ""
    if not name or name.startswith(("http:", "https:", "www.")):
        return None
    return outlet_named(name) or (name if len(name) <= 40 else None)


def copyright_holder(line: str) -> str | None:
    """The name in a copyright line, without year or legal form."""
    match = _COPYRIGHT.search(line)
    name = _COPYRIGHT_TAIL.sub("", match["name"]).strip() if match else ""
    return name if name and name[0].isupper() else None


def app_name(line: str) -> str | None:
    """The site that a line such as "Bitget App" belongs to."""
    match = _APP_LINE.match(line)
    return match["name"] if match else None
