"""Web pages the whole way: an address in, a cited answer out, from a real server on this machine."""

import pytest
from web_servers import fetcher, serving, to

from rag.library import Library
from rag.render.json import link
from rag.settings import Settings

PAGE = """<html lang="fr"><head><title>Une usine à Dunkerque | Le Quotidien du Nord</title>
<meta property="og:site_name" content="Le Quotidien du Nord">
<meta property="article:published_time" content="2026-03-02T08:00:00+01:00"></head>
<body><nav><a href="/">Accueil</a></nav><article><h1>Une usine à Dunkerque</h1>
<p>Le groupe Novatek construira une usine d'assemblage de serveurs à Dunkerque, a annoncé son président le 1er mars 2026.</p>
<p>Le chantier emploiera {workers} personnes et durera deux ans, selon la préfecture du Nord. Les premiers serveurs
doivent sortir des chaînes au printemps 2028, d'après le groupe.</p></article>
<footer>Nous utilisons des cookies pour améliorer votre expérience.</footer></body></html>"""


@pytest.fixture
def news(tmp_path):
    """A site with one article, and a library that may ask it."""
    with serving() as site:
        site.page("/usine", PAGE.format(workers=900).encode())
        site.answers["/robots.txt"] = (404, {}, b"")
        settings = Settings(library=tmp_path / "library")
        Library.create(settings).close()
        with Library.open(settings) as opened:
            opened.close()
        from rag.index.catalog import Catalog

        library = Library(Catalog.open(settings.library), settings, fetcher(resolver=to("127.0.0.1")))
        yield site, library
        library.close()


def test_a_page_is_ingested_cited_and_linked_at_its_passage(news):
    site, library = news
    (verdict,) = library.ingest([site.url("/usine")])
    assert (verdict.outcome, verdict.title) == ("added", "Une usine à Dunkerque")
    answer = library.ask("Combien de personnes le chantier emploiera-t-il ?")
    citation = answer.citations[0]
    assert "900 personnes" in citation.quote
    assert (citation.article.kind, citation.article.publisher) == ("full", "Le Quotidien du Nord")
    assert link(citation).startswith(f"{site.url('/usine')}#:~:text=Le%20chantier")
    assert "cookies" not in citation.article.text


def test_a_page_is_unchanged_then_updated(news):
    site, library = news
    address = site.url("/usine")
    assert [library.ingest([address])[0].outcome for _ in range(2)] == ["added", "unchanged"]
    site.page("/usine", PAGE.format(workers=1200).encode())
    assert library.ingest([address])[0].outcome == "updated"
    assert "1200 personnes" in library.ask("Combien de personnes le chantier emploiera-t-il ?").text
    assert len(library.articles()) == 1


def test_a_page_that_is_gone_fails_with_its_reason(news):
    site, library = news
    (verdict,) = library.ingest([site.url("/nowhere")])
    assert verdict.outcome == "failed"
    assert "404" in verdict.reason


def test_a_private_address_is_refused_by_default(tmp_path):
    with serving() as site, Library.create(Settings(library=tmp_path / "library")) as library:
        (verdict,) = library.ingest([f"http://127.0.0.1:{site.port}/"])
        assert verdict.outcome == "refused"
        assert site.connections == 0
