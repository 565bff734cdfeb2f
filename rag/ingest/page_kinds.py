"""Tells an article from other pages: what a page shows -> nothing, or the reason why it is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rag.errors import EmptyArticle, PageRefused
from rag.ingest.page_facts import PageFacts
from rag.ingest.part_noise import Cleaned, Part
from rag.language.normalize import fold, normalize

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Words of body text: fewer are no article, nor the free start of one; a page that reports an error may have more.
_FEWEST_WORDS: Final = 20
_FEWEST_BEFORE_PAYWALL: Final = 40
_MOST_OF_OTHER_PAGES: Final = 150
_LINK_FARM: Final = 0.7
"""Share of the letters in links from which a page is a list."""
_LINKED_HEADINGS: Final = 4

_ERROR = re.compile(
    r"^(?:error |erreur )?(?:40[0-9]|41[0-9]|50[0-9])\b(?! (?:million|milliard|billion|puce|chip|euro|dollar))|"
    r"(?:page|article|contenu|content|document|file|story)\b.{0,25}\b(?:not found|introuvable|n'existe pas|n'existe plus|"
    r"inexistante?|non trouvee?|unavailable|indisponible|no longer available|does not exist|doesn't exist)|"
    r"^(?:not found|introuvable|erreur|error|oops|oups|forbidden|interdit|access denied|acces refuse|acces interdit|"
    r"service (?:temporarily )?unavailable|bad gateway|gateway time-?out|too many requests|internal server error)\b|"
    r"^(?:just a moment|un instant|attention required|checking your browser|verifying|are you a (?:robot|human)|"
    r"security check|ddos-guard|pardon our interruption|please wait|veuillez patienter)\b|"
    r"\bcaptcha\b|site en maintenance|under maintenance"
)
_LOGIN = re.compile(
    r"^(?:(?:se )?connect(?:er|ez-vous)|connexion|identifi(?:ez-vous|cation)|log ?in|sign ?in|sign ?up|s'inscrire|"
    r"inscription|creer (?:un|mon|votre) compte|create (?:an|your) account|my account|mon compte|"
    r"espace (?:abonnes?|client|membre))\b"
)
_CONSENT = re.compile(r"cookies?|traceurs|trackers|consent|vie privee|your privacy|privacy choices")
_ASKS_TO_PAY = re.compile(
    r"reserve(?:e|s|es)? (?:aux|a nos) abonnes|abonnez-vous|deja abonne|subscribers? only|to continue reading|"
    r"subscribe to (?:continue|read|unlock)|already a subscriber|pour lire la suite|il vous reste \d|"
    r"poursuivre (?:la|votre) lecture"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What a reader sees of a page, whatever of it is the article: folded text, signs of another kind of page."""

    text: str
    asks_password: bool
    sends_on: bool
    stories: int
    """Elements that each hold a story of their own, with a link to it."""


def look_at(tree: HtmlElement, *, sends_on: bool, asks_password: bool) -> Looks:
    """How the visible page looks; the last two are read before what is hidden has gone."""
    stories = (item for item in tree.iter("article") if not item.xpath(".//article"))
    return Looks(
        text=fold(" ".join(normalize(tree.text_content()).split())),
        asks_password=asks_password,
        sends_on=sends_on,
        stories=sum(item.find(".//a") is not None for item in stories),
    )


def refuse_other_pages(name: str, facts: PageFacts, looks: Looks, parts: Sequence[Part], cleaned: Cleaned) -> None:
    """Nothing, if the page is an article. `parts` are all that was found in it, `cleaned` what is left.

    Raises:
        PageRefused: it is an error, login or consent page, the start before a paywall, or a list.
        EmptyArticle: hardly anything is on it.
    """
    words = cleaned.words
    titles = [fold(title).strip() for title in (facts.title, *facts.titles) if title]
    error = next((title for title in titles if _ERROR.search(title)), None)
    login = any(_LOGIN.search(title) for title in titles)
    if words < _MOST_OF_OTHER_PAGES and error:
        raise PageRefused(f"{name} is an error page ({error[:60]}): check the address.")
    if words < _MOST_OF_OTHER_PAGES and (login or (looks.asks_password and words < _FEWEST_BEFORE_PAYWALL)):
        raise PageRefused(f"{name} asks for a login: save the page from your browser as .html and ingest the file.")
    if words < _FEWEST_BEFORE_PAYWALL and (facts.closed or _ASKS_TO_PAY.search(looks.text)):
        raise PageRefused(f"{name} shows {words} words before its paywall: save the page as a subscriber sees it.")
    if _is_list(facts, looks, parts, cleaned):
        raise PageRefused(f"{name} is a list of links to articles: give the address of one article.")
    if words < _FEWEST_WORDS:
        _refuse_empty(name, looks, words)


def _refuse_empty(name: str, looks: Looks, words: int) -> None:
    if _CONSENT.search(looks.text):
        raise PageRefused(
            f"{name} asks for consent to cookies and shows no article: save it from your browser as .html."
        )
    if looks.sends_on:
        raise PageRefused(f"{name} only sends its reader on to another page: give that page's address.")
    raise EmptyArticle(f"{name} holds {words} words of an article: give a page with a text to quote.")


def _is_list(facts: PageFacts, looks: Looks, parts: Sequence[Part], cleaned: Cleaned) -> bool:
    """Whether a page lists other pages: nearly all it says is linked, or each of its headings is."""
    letters = sum(len(part.text) for part in parts)
    linked = sum(len(part.text) * part.linked for part in parts)
    if letters and linked / letters > _LINK_FARM:
        return True
    headings = [part for part in cleaned.parts if part.section == "heading"]
    linked_headings = sum(part.linked > 0.9 for part in headings)
    if len(headings) >= _LINKED_HEADINGS and linked_headings >= 0.8 * len(headings):
        return True
    return facts.lists and (looks.stories >= _LINKED_HEADINGS or linked_headings > 1)
