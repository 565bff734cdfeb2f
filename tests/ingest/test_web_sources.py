"""From an address or a saved page to an Article: ids, sources, hashes, and reading again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_pdf import PAGE_ONE, PAGE_TWO, pdf
from test_web_page import PROSE, page
from web_servers import Site, fetcher, serving

from rag.errors import AddressRefused, EmptyArticle, FetchFailed, IngestError, PageRefused, UnsupportedSource
from rag.index.catalog import Catalog
from rag.ingest.fetching import Fetcher
from rag.ingest.loaders import load_article, read_source
from rag.library import Library
from rag.model import Article
from rag.settings import Settings

LIMIT = 1_000_000


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


@pytest.fixture
def web() -> Fetcher:
    return fetcher()


def load(named: Path | str, web: Fetcher | None = None) -> Article:
    return load_article(read_source(named, max_bytes=LIMIT, fetcher=web))


def test_a_page_from_the_web(site, web):
    head = "<meta name=author content='Anne Le Goff'><meta property=og:site_name content='Le Quai'>"
    site.page("/actu/Port-de-Brest_7.html?x=1", page(head).encode())
    source = read_source(
        site.url("/actu/Port-de-Brest_7.html?x=1&utm_source=lettre#haut").replace("&utm_source=lettre", ""),
        max_bytes=LIMIT,
        fetcher=web,
    )
    article = load_article(source)
    assert article.url == article.source == source.source == site.url("/actu/Port-de-Brest_7.html?x=1")
    assert re.fullmatch(r"port-de-brest-7-[0-9a-f]{6}", article.id)
    assert (article.title, article.publisher, article.kind) == ("Le port rouvre mercredi", "Le Quai", "full")
    assert article.extra == (("author", "Anne Le Goff"),)
    assert "\n\n".join(block.span.of(article.text) for block in article.blocks) == article.text


def test_the_site_is_the_publisher_where_none_is_named(site, web):
    site.page("/a", page().encode())
    assert load(site.url("/a", "www.news.example"), web).publisher == "news.example"


def test_the_same_page_has_one_id_and_one_source(site, web):
    """Whichever address leads to it: the page itself says which is its own."""
    head = f"<link rel=canonical href='http://www.news.example:{site.port}/port-7'>"
    site.page("/port-7", page(head).encode())
    site.page("/amp/port-7?ref=x", page(head).encode())
    site.redirect("/court", "/port-7")
    sources = [
        read_source(site.url(path), max_bytes=LIMIT, fetcher=web) for path in ("/port-7", "/amp/port-7?ref=x", "/court")
    ]
    assert len({source.source for source in sources}) == 1
    assert len({source.content_hash for source in sources}) == 1
    assert len({load_article(source).id for source in sources}) == 1


def test_a_page_that_changes_around_its_article_is_unchanged(site, web):
    site.page("/a", page("<script>n=1</script>").encode())
    first = read_source(site.url("/a"), max_bytes=LIMIT, fetcher=web)
    site.page(
        "/a",
        page(
            "<script>n=2</script>", body=f"<nav>Menu</nav><article><h1>Le port rouvre mercredi</h1>{PROSE}</article>"
        ).encode(),
    )
    second = read_source(site.url("/a"), max_bytes=LIMIT, fetcher=web)
    site.page(
        "/a", page(body=f"<article><h1>Le port rouvre mercredi</h1>{PROSE.replace('onze', 'dix')}</article>").encode()
    )
    third = read_source(site.url("/a"), max_bytes=LIMIT, fetcher=web)
    assert first.content_hash == second.content_hash != third.content_hash


def test_other_kinds_from_the_web(site, web):
    site.page("/rapport.pdf", pdf([PAGE_ONE, PAGE_TWO]), "application/pdf")
    site.page(
        "/note",
        b"Le port rouvre mercredi\n\nLe port de Brest rouvre mercredi, selon Reuters.",
        "text/plain; charset=utf-8",
    )
    report, note = load(site.url("/rapport.pdf"), web), load(site.url("/note"), web)
    assert report.title == "Le port de Brest rouvre après onze jours de blocage"
    assert note.text == "Le port de Brest rouvre mercredi, selon Reuters."
    for article, path in ((report, "/rapport.pdf"), (note, "/note")):
        assert article.source == article.url == site.url(path)
    assert note.id.startswith("note-")


@pytest.mark.parametrize(
    "path", ["/", "/a/", "/%2e%2e%2f%00", "/été.php", "/x" * 300, "/?id=7", "/a.b.c.html", "/%F0%9F%98%80"]
)
def test_any_path_gives_an_id(site, web, path):
    from urllib.parse import quote

    site.page(quote(path, safe="/%?="), page().encode())
    article = load(site.url(path), web)
    assert re.fullmatch(r"[a-z0-9-]{1,48}-[0-9a-f]{6}", article.id)
    article.source.encode("ascii")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<html></html>", EmptyArticle),
        (page(body="<h1>Page introuvable</h1>").encode(), PageRefused),
        (b"\x89PNG", UnsupportedSource),
        (b"not html", PageRefused),
    ],
)
def test_what_is_no_article_is_named_by_its_address(site, web, body, error):
    site.page("/a", body)
    with pytest.raises(error, match=re.escape(site.url("/a"))):
        read_source(site.url("/a"), max_bytes=LIMIT, fetcher=web)


def test_what_cannot_be_had(site, web):
    with pytest.raises(FetchFailed, match="404"):
        read_source(site.url("/a"), max_bytes=LIMIT, fetcher=web)
    with pytest.raises(AddressRefused):
        read_source("http://10.0.0.1/", max_bytes=LIMIT, fetcher=web)
    with pytest.raises(UnsupportedSource, match="web address"):
        read_source("https://quai.example/", max_bytes=LIMIT)


@pytest.mark.parametrize("name", ["Port de Brest.html", "Port de Brest.HTM", "Port de Brest.xhtml"])
def test_a_saved_page(tmp_path, name):
    path = tmp_path / name
    path.write_text(page(), encoding="utf-8")
    article = load(path)
    assert (article.url, article.source, article.publisher) == (None, str(path.resolve()), "—")
    assert article.id.startswith("port-de-brest-")


def test_a_saved_page_that_knows_where_it_was(tmp_path):
    path = tmp_path / "Sans titre.html"
    path.write_text("<!-- saved from url=(0030)https://www.quai.example/port-7 -->" + page(), encoding="utf-8")
    article = load(path)
    assert (article.url, article.source, article.publisher) == (
        "https://www.quai.example/port-7",
        str(path.resolve()),
        "quai.example",
    )
    assert article.id.startswith("port-7-")


def test_a_folder_of_bad_files_gets_its_verdicts(tmp_path):
    bad = {
        "vide.html": b"", "nul.html": b"<html>\0\0\0</html>", "image.html": b"\x89PNG\r\n", "texte.pdf": b"Une phrase.",
        "court.pdf": b"%PDF-1.4", "profond.html": b"<html>" + b"<i>" * 50_000, "binaire.htm": bytes(range(256)) * 50,
    }  # fmt: skip
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(IngestError, match=re.escape(name)):
            load(tmp_path / name)


def test_a_library_takes_a_page_and_quotes_it(settings: Settings, site, web):
    site.page("/a", page().encode())
    with Library(Catalog.open(settings.library), settings, web) as library:
        sources = [site.url("/a"), site.url("/b"), "http://10.0.0.1/"]
        first, again = ([verdict.outcome for verdict in library.ingest(sources)] for _ in range(2))
        assert (first[0], again[0]) == ("added", "unchanged")
        assert not {*first[1:], *again[1:]} & {"added", "updated", "unchanged"}
        answer = library.ask("Combien de navires attendent au large de Brest ?")
    assert answer.citations[0].article.url == site.url("/a")
    assert answer.citations[0].quote == "Six navires attendent encore au large, selon la capitainerie."
