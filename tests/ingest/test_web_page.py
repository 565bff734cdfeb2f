"""Web pages: the article and nothing else comes out of every fixture, and pages that are none are refused."""

from __future__ import annotations

import json
import statistics
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.pages import read_expected, score
from rag.errors import EmptyArticle, IngestError, PageRefused, UnsupportedSource
from rag.ingest import web_page
from rag.ingest.parsed import ParsedPage
from rag.ingest.web_page import read_web_page

PAGES = Path(__file__).parent / "html"
EXPECTED = read_expected(PAGES)
ARTICLES = [name for name, expected in EXPECTED.items() if "refused" not in expected]
OTHERS = [name for name, expected in EXPECTED.items() if "refused" in expected]
# What no article of the fixtures says: words of consent banners and adverts.
NEVER = ("cookie", "traceur", "Publicité", "Advertisement", "Tout accepter", "Accept all", "newsletter", "Subscribe")

PROSE = (
    "<p>Le port de Brest a rouvert mercredi matin, après onze jours de blocage.</p>"
    "<p>Six navires attendent encore au large, selon la capitainerie.</p>"
    "<p>Le préfet doit recevoir les syndicats jeudi et répondre avant la fin de la semaine.</p>"
)


def read(name: str) -> ParsedPage:
    expected = EXPECTED[name]
    return read_web_page(
        (PAGES / f"{name}.html").read_bytes(), f"{name}.html", expected.get("fetched") or expected.get("url")
    )


def page(head: str = "", body: str = f"<article><h1>Le port rouvre mercredi</h1>{PROSE}</article>") -> str:
    return f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def parsed(head: str = "", url: str | None = "https://www.quai.example/port", **body: str) -> ParsedPage:
    return read_web_page(page(head, **body).encode(), "page.html", url)


def text_of(found: ParsedPage) -> str:
    return "\n".join(text for text, _ in found.parts)


def json_ld(value: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


# --- the fixtures ------------------------------------------------------------------------------------------------


def test_there_are_enough_fixtures():
    assert len(ARTICLES) >= 30
    assert len(OTHERS) >= 9


@pytest.mark.parametrize("name", ARTICLES)
def test_nothing_forbidden_comes_out(name):
    text = text_of(read(name))
    assert [mark for mark in EXPECTED[name]["forbidden"] if mark in text] == []
    assert [word for word in NEVER if word in text] == []


@pytest.mark.parametrize("name", ARTICLES)
def test_headings(name):
    assert [text for text, section in read(name).parts if section == "heading"] == EXPECTED[name]["headings"]


@pytest.mark.parametrize("name", ARTICLES)
def test_facts(name):
    found = read(name)
    for fact in ("title", "publisher", "author", "url", "lang", "origin"):
        if fact in EXPECTED[name]:
            assert getattr(found, fact) == EXPECTED[name][fact], fact
    assert (found.published and found.published.isoformat()) == EXPECTED[name]["published"]


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_article_is_refused(name):
    with pytest.raises(IngestError, match=EXPECTED[name]["reason"]) as caught:
        read(name)
    assert type(caught.value).__name__ == EXPECTED[name]["refused"]
    assert str(caught.value).startswith(f"{name}.html ")
    assert str(caught.value).endswith(".")


def test_sentences_of_passages():
    scores = [score(name, expected) for name, expected in EXPECTED.items()]
    assert statistics.mean(one.precision for one in scores) >= 0.95
    assert statistics.mean(one.recall for one in scores) >= 0.95
    assert min(one.recall for one in scores) >= 0.9
    assert [one.forbidden for one in scores if one.forbidden] == []


# --- what a reader does not see ----------------------------------------------------------------------------------

SECRET = "La phrase secrète que personne ne doit jamais lire sur cette page."


@pytest.mark.parametrize(
    "hidden",
    [
        f"<p style='display:none'>{SECRET}</p>",
        f"<p style='DISPLAY : NONE !important'>{SECRET}</p>",
        f"<p style='d\\69splay:none'>{SECRET}</p>",
        f"<p style='display:/**/none'>{SECRET}</p>",
        f"<p style='color:red;visibility:hidden'>{SECRET}</p>",
        f"<p style='opacity:.01'>{SECRET}</p>",
        f"<p style='font-size:0px'>{SECRET}</p>",
        f"<p style='height:0;overflow:hidden'>{SECRET}</p>",
        f"<p style='position:absolute;left:-9999px'>{SECRET}</p>",
        f"<p style='position:absolute;top:-99em;left:-999em'>{SECRET}</p>",
        f"<p style='text-indent:-9999px'>{SECRET}</p>",
        f"<p style='clip:rect(0,0,0,0);position:absolute'>{SECRET}</p>",
        f"<p style='clip-path:inset(100%)'>{SECRET}</p>",
        f"<p style='color:transparent'>{SECRET}</p>",
        f"<p style='color:#fff;background:#FFFFFF'>{SECRET}</p>",
        f"<p style='color:white;background-color:#fff'>{SECRET}</p>",
        f"<p style='transform:scale(0)'>{SECRET}</p>",
        f"<p hidden>{SECRET}</p>",
        f"<p hidden='until-found'>{SECRET}</p>",
        f"<div aria-hidden='TRUE'><p>{SECRET}</p></div>",
        f"<p class='sr-only'>{SECRET}</p>",
        f"<p class='a visually-hidden b'>{SECRET}</p>",
        f"<template><p>{SECRET}</p></template>",
        f"<noscript><p>{SECRET}</p></noscript>",
        f"<script type='text/template'><p>{SECRET}</p></script>",
        f"<style>p::after{{content:'{SECRET}'}}</style>",
        f"<!-- <p>{SECRET}</p> -->",
        f"<!--[if IE]><p>{SECRET}</p><![endif]-->",
        f"<?php echo '{SECRET}' ?>",
        f"<iframe srcdoc='<p>{SECRET}</p>'><p>{SECRET}</p></iframe>",
        f"<object><p>{SECRET}</p></object>",
        f"<svg><text>{SECRET}</text></svg>",
        f"<textarea>{SECRET}</textarea>",
        f"<select><option>{SECRET}</option></select>",
        f"<dialog><p>{SECRET}</p></dialog>",
        f"<input value='{SECRET}'>",
        f"<img alt='{SECRET}' title='{SECRET}'>",
        f"<video><p>{SECRET}</p></video>",
        f"<style>.z1{{display:none}}</style><p class='z1'>{SECRET}</p>",
        f"<style>a{{}} div.z2 , #z3{{ color:red; display: none }}</style><p id='z3'>{SECRET}</p>",
        f"<style>@media print{{p{{color:red}}}} .z4.z5{{visibility:hidden}}</style><p class='z5 z4'>{SECRET}</p>",
        f"<style>.z6{{display:block}} .z6{{display:none}}</style><p class='z6'>{SECRET}</p>",
        f"<style>@import 'x'; .z7{{display:none}}</style><p class='z7'>{SECRET}</p>",
        "<p>" + "".join(chr(0xE0000 + ord(c)) for c in "secret") + "</p>",
    ],
)
def test_nothing_hidden_gets_in(hidden):
    found = parsed(
        body=f"<article><h1>Le port rouvre mercredi</h1>{PROSE}{hidden}{PROSE.replace('onze', 'douze')}</article>"
    )
    text = text_of(found)
    assert "secrète" not in text
    assert all(ord(c) < 0xE0000 for c in text)
    assert "onze jours" in text
    assert "douze jours" in text


@pytest.mark.parametrize(
    "style",
    [
        "<style>@media print{article{display:none}}</style>",
        "<style>.z1{display:none} .z1{display:block}</style>",
        "<style>body{opacity:0} html{visibility:hidden}</style>",
        "<style>.menu .z1{display:none}</style>",
        "<style>}}}{{{ .z1{</style>",
    ],
)
def test_what_is_shown_stays(style):
    found = parsed(style, body=f"<article class='z1'><h1>Le port rouvre mercredi</h1>{PROSE}</article>")
    assert "onze jours" in text_of(found)


def test_a_page_saved_with_a_dialog_open():
    body = f"<div aria-hidden='true'><article><h1>Le port rouvre mercredi</h1>{PROSE}</article></div><div role='dialog'>Dialogue</div>"
    assert "onze jours" in text_of(parsed(body=body))


@pytest.mark.parametrize("name", ["has-comments", "cookies-not-set", "with-ads", "post-comments-open", "no-newsletter"])
def test_class_names_that_tell_of_a_feature(name):
    assert "onze jours" in text_of(parsed(body=f"<h1>Le port rouvre mercredi</h1><div class='{name}'>{PROSE}</div>"))


# --- facts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body", "url", "day"),
    [
        (json_ld({"@type": "NewsArticle", "datePublished": "2026-02-11T23:30:00-05:00"}), "", "/x", date(2026, 2, 11)),
        (json_ld([{"@type": ["Report"], "datePublished": "2026-02-11"}]), "", "/x", date(2026, 2, 11)),
        (json_ld({"@graph": [{"@type": "WebPage", "datePublished": "2026-02-11"}]}), "", "/x", date(2026, 2, 11)),
        (json_ld({"@type": "Person", "datePublished": "2026-02-11"}), "", "/x", None),
        ("<meta property='article:published_time' content='2026-02-11T06:00:00Z'>", "", "/x", date(2026, 2, 11)),
        ("<meta name='date' content='11 février 2026'>", "", "/x", date(2026, 2, 11)),
        ("<meta name='date' content='2026-02-30'>", "", "/2026/02/11/x", date(2026, 2, 11)),
        ("<meta property='article:modified_time' content='2026-02-11'>", "", "/x", None),
        ("", "<time datetime='2026-02-11'>mercredi</time>", "/x", date(2026, 2, 11)),
        ("", "<time class='updated' datetime='2026-02-12'>x</time>", "/x", None),
        ("", "<aside><time datetime='2019-01-01'>x</time></aside>", "/x", None),
        ("", "<div class='comment'><time datetime='2019-01-01'>x</time></div>", "/x", None),
        ("", "<p>Publié le 11/02/2026 à 10h30, mis à jour le 12/02/2026</p>", "/x", date(2026, 2, 11)),
        (
            "",
            "<span>Mis à jour le 12 février 2026</span><span>Publié le 11 février 2026</span>",
            "/x",
            date(2026, 2, 11),
        ),
        ("", "", "/2026/02/11/port.html", date(2026, 2, 11)),
        ("", "", "/2026-02-11-port", date(2026, 2, 11)),
        ("", "", "/a/20260211/port", date(2026, 2, 11)),
        ("", "", "/a/2026/13/40/port", None),
        ("", "", "/a-2026-5-port", None),
        ("<meta name='date' content='9999-12-31'>", "", "/x", None),
        ("", "<footer>© 2021</footer>", "/x", None),
    ],
)
def test_the_day(head, body, url, day):
    found = parsed(
        head, f"https://quai.example{url}", body=f"<article><h1>Le port rouvre mercredi</h1>{body}{PROSE}</article>"
    )
    assert found.published == day


@pytest.mark.parametrize(
    ("head", "url", "address"),
    [
        ("", "https://quai.example/a#b", "https://quai.example/a"),
        ("", "https://quai.example/a?id=7&utm_source=x&fbclid=y", "https://quai.example/a?id=7"),
        ("<link rel=canonical href=/b>", "https://quai.example/a", "https://quai.example/b"),
        (
            "<link rel=canonical href=https://www.quai.example/b>",
            "https://m.quai.example/a",
            "https://www.quai.example/b",
        ),
        ("<link rel='canonical' href='//quai.example/b'>", "https://quai.example/a", "https://quai.example/b"),
        ("<link rel=canonical href=https://evil.example/b>", "https://quai.example/a", "https://quai.example/a"),
        (
            "<link rel=canonical href=https://quai.example.evil.example/b>",
            "https://quai.example/a",
            "https://quai.example/a",
        ),
        ("<link rel=canonical href=https://evilquai.example/b>", "https://quai.example/a", "https://quai.example/a"),
        ("<link rel=canonical href='javascript:alert(1)'>", "https://quai.example/a", "https://quai.example/a"),
        ("<link rel=canonical href='https://u:p@quai.example/b'>", "https://quai.example/a", "https://quai.example/a"),
        ("<link rel=canonical href='https://quai.example/'>", "https://quai.example/a", "https://quai.example/a"),
        ("<link rel=canonical href='http://['>", "https://quai.example/a", "https://quai.example/a"),
        (
            "<meta property='og:url' content='https://quai.example/b'>",
            "https://quai.example/a",
            "https://quai.example/b",
        ),
        (
            "<base href='https://evil.example/'><link rel=canonical href=b>",
            "https://quai.example/a",
            "https://quai.example/b",
        ),
        ("<link rel=canonical href=https://quai.example/b>", None, "https://quai.example/b"),
        ("", None, None),
        ("<!-- saved from url=(0022)https://quai.example/a -->", None, "https://quai.example/a"),
        ("<!-- saved from url=(0016)http://127.0.0.1:1/a -->", None, "http://127.0.0.1:1/a"),
    ],
)
def test_the_address(head, url, address):
    assert parsed(head, url).url == address


@pytest.mark.parametrize(
    ("head", "heading", "title", "publisher"),
    [
        ("<title>Le port rouvre mercredi | Le Quai</title>", "Le port rouvre mercredi", "Le port rouvre mercredi", "Le Quai"),
        ("<title>Le Quai : Le port rouvre mercredi</title>", "Le port rouvre mercredi", "Le port rouvre mercredi", "Le Quai"),
        ("<title>Le port rouvre - Le Quai</title><meta property=og:site_name content='Le Quai'>", "", "Le port rouvre", "Le Quai"),
        ("<title>L&amp;#039;été au port rouvre</title>", "", "L'été au port rouvre", None),
        ("<meta property=og:title content='Le port rouvre'>", "Quai", "Le port rouvre", None),
        (json_ld({"@type": "Article", "headline": "Le port rouvre", "publisher": {"name": "Le Quai"}}), "", "Le port rouvre", "Le Quai"),
        ("", "", "Le port de Brest a rouvert mercredi matin, après onze jours de blocage", None),
        ("<title>Grues-Charpentes : à Brest, tout rouvre</title>", "Grues-Charpentes : à Brest, tout rouvre", "Grues-Charpentes : à Brest, tout rouvre", None),
    ],
)  # fmt: skip
def test_title_and_publisher(head, heading, title, publisher):
    found = parsed(head, body=f"<article>{f'<h1>{heading}</h1>' if heading else ''}{PROSE}</article>")
    assert (found.title, found.publisher) == (title, publisher)


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        (
            json_ld({"@type": "Article", "author": [{"name": "Anne Le Goff"}, "Yann Riou"]}),
            "",
            "Anne Le Goff, Yann Riou",
        ),
        ("<meta name=author content='Anne Le Goff'>", "", "Anne Le Goff"),
        ("<meta property='article:author' content='https://facebook.example/x'>", "", None),
        ("", "<a rel=author href=#>Anne Le Goff</a>", "Anne Le Goff"),
        ("", "<p class=byline>Par Anne Le Goff, le 11 février 2026</p>", "Anne Le Goff"),
        ("", "<p class=byline>By Anne Le Goff | 3 min</p>", "Anne Le Goff"),
        ("", "<p class=author>contact@quai.example</p>", None),
        (json_ld({"@type": "Article", "author": {"name": {"a": 1}}}), "", None),
    ],
)
def test_the_author(head, body, author):
    found = parsed(head, body=f"<article><h1>Le port rouvre mercredi</h1>{body}{PROSE}</article>")
    assert found.author == author
    assert "Le Goff" not in text_of(found)


# --- pages that cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", PageRefused),
        (b"Une phrase sans balise.", PageRefused),
        (b'{"json": true}', PageRefused),
        (b"%PDF-1.7 <html>", UnsupportedSource),
        (b"\x89PNG\r\n\x1a\n<html>", UnsupportedSource),
        (b"<html></html>", EmptyArticle),
        (b"<html><body><p>Une phrase courte.</p></body></html>", EmptyArticle),
        (b"<html><frameset><frame src=a></frameset></html>", EmptyArticle),
        (page(body="<div id=app></div><script src=x.js></script>").encode(), EmptyArticle),
        (b"<html>" + b"<div>" * 100_000 + b"Au fond." + b"</div>" * 100_000, PageRefused),
        (b"<html>" + b"<b>" * 100_000 + b"Au fond.", PageRefused),
        (b"<html>" + b"<p>" * 50_000, EmptyArticle),
        (b"<html><body>" + b"<a b=" * 50_000, EmptyArticle),
    ],
)
def test_what_cannot_be_read(data, error):
    with pytest.raises(error, match=r"page\.html"):
        read_web_page(data, "page.html")


def test_an_entity_of_its_own_is_not_resolved():
    head = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "secret">]>'
    html = f"{head}<html><body><article>{PROSE}<p>&x;&y; &amp; la suite de la phrase.</p></article></body></html>"
    assert text_of(read_web_page(html.encode(), "page.html")).endswith("& la suite de la phrase.")


def test_other_entities_are_read():
    html = page(
        body=f"<article>{PROSE}<p>L&rsquo;&eacute;t&eacute; &laquo;&nbsp;ici&nbsp;&raquo; co&ucirc;te 3&nbsp;&euro;.</p></article>"
    )
    assert "L’été « ici » coûte 3 €." in text_of(read_web_page(html.encode(), "page.html"))


PIECES = ("<div>", "</div>", "<p>", "</p>", "<article>", "<table><tr><td>", "<ul><li>", "<h1>", "<h2>", "<a href=/>", "</a>", "<br>",
          "<b>", "</b>", "<!--", "-->", "<script>", "</script>", "<style>.x{display:none}</style>", "<sup>1</sup>", "&amp;", "&#0;", "&#1;", "\x1f", "&#xfffe;", "&x;",
          " class='x'>", "Le port rouvre mercredi. ", "Publié le 11 février 2026", PROSE, "\u202e", "<template>", "<![CDATA[")  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=25))
@settings(max_examples=150, deadline=None)
def test_any_soup_gives_an_article_or_a_reason(pieces):
    try:
        found = read_web_page(("<html><body>" + "".join(pieces)).encode("utf-8", "replace"), "page.html")
    except IngestError as error:
        reason = str(error)
    else:
        reason = None
        assert found.title
        assert all(text.strip() == text and text and "\n" not in text for text, _ in found.parts)
    assert reason is None or reason.startswith("page.html")


def test_the_module_loads_nothing_heavy():
    assert not {"trafilatura", "lxml"} & set(vars(web_page))
