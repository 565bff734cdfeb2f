"""Reads the article of a web page: HTML bytes -> ParsedPage, or a reason why the page is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.errors import EmptyArticle, PageRefused
from rag.ingest.decoding import decode_page
from rag.ingest.origins import find_origin
from rag.ingest.page_dates import printed_day
from rag.ingest.page_facts import PageFacts, find_headline, read_facts, saved_from, with_headline
from rag.ingest.page_kinds import look_at, refuse_other_pages
from rag.ingest.page_text import find_parts
from rag.ingest.parsed import ParsedPage
from rag.ingest.part_noise import Cleaned, drop_noise
from rag.ingest.titles import shortened
from rag.ingest.visible import drop_unseen
from rag.language.detect import detect_language

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,500}(?:\[.{0,100000}?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENTITY = re.compile(r"<!ENTITY\s+(?:%\s+)?([\w.-]+)")
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|head|body|article|div|p|h1|span|table|meta)\b", re.IGNORECASE)


def read_web_page(data: bytes, name: str, url: str | None = None, charset: str | None = None) -> ParsedPage:
    """The article of a page. `name` is what messages call it; `url` and `charset` are where it was fetched and as what.

    Raises:
        UnsupportedSource: the bytes are no text.
        PageRefused: no HTML; a login, consent or error page, only the start before a paywall, or a list of links.
        EmptyArticle: no article is in it.
    """
    decoded = decode_page(data, name, charset)
    if not _MARKUP.search(decoded):
        raise PageRefused(f"{name} holds no HTML: save a text as .txt or .md.")
    tree = _parse(_without_entities(decoded), name)
    facts = read_facts(tree, url or saved_from(decoded))
    sends_on = any((meta.get("http-equiv") or "").lower() == "refresh" for meta in tree.iter("meta"))
    asks_password = any((box.get("type") or "").lower() == "password" for box in tree.iter("input"))
    drop_unseen(tree)
    headline = find_headline(tree, facts)
    facts = with_headline(facts, headline)
    looks = look_at(tree, sends_on=sends_on, asks_password=asks_password)
    published = facts.published or printed_day(tree, headline)
    parts = find_parts(tree, headline)
    cleaned = drop_noise(parts, facts.title, (facts.author, facts.publisher))
    cleaned.published = published or cleaned.published
    refuse_other_pages(name, facts, looks, parts, cleaned)
    return _page(facts, cleaned)


def _parse(text: str, name: str) -> HtmlElement:
    """The tree of a page, without comments; no entity is resolved and nothing is loaded."""
    import lxml.html
    from lxml.etree import ParserError

    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except ParserError as error:
        raise EmptyArticle(f"{name} is empty: give a page with an article.") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise PageRefused(f"{name} is nested too deeply to be read: save its text as .txt.")
    for element in tree.iter():
        # The parser lets controls in, and no text with one in it can be put into a tree again.
        element.text, element.tail = (text and _CONTROLS.sub("", text) for text in (element.text, element.tail))
    return tree


def _without_entities(text: str) -> str:
    """The page without its DOCTYPE and without the entities that one declares, which would show as text."""
    doctype = _DOCTYPE.search(text)
    if doctype is None:
        return text
    text = text[: doctype.start()] + text[doctype.end() :]
    declared = _ENTITY.findall(doctype[0])
    return re.sub(rf"&(?:{'|'.join(map(re.escape, declared))});", "", text) if declared else text


def _page(facts: PageFacts, cleaned: Cleaned) -> ParsedPage:
    body = "\n".join(part.text for part in cleaned.parts if part.section == "body")
    lang = detect_language(body, "fr")
    return ParsedPage(
        title=facts.title or shortened(body, lang),
        parts=tuple((part.text, part.section) for part in cleaned.parts),
        lang=lang,
        author=facts.author,
        publisher=facts.publisher,
        published=cleaned.published,
        origin=cleaned.origin or find_origin(body),
        url=facts.url,
    )
