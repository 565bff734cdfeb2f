"""Copies of one dispatch are one source, however many sites carry them."""

from datetime import date
from pathlib import Path

import pytest

from rag import bundled_corpus
from rag.ingest.copies import COPY_FROM, resemblance, sketch
from rag.ingest.loaders import find_sources, load_article, read_source
from rag.library import Library
from rag.render.json import answer_json
from rag.render.terminal import answer_text
from rag.settings import Settings

LEAD = "Les douanes de Canton ont saisi mardi une cargaison de serveurs, ont dit deux personnes informées du dossier."
BODY = """Les appareils contenaient des puces H200 destinées à un centre de calcul de la province du Guangdong, selon elles.
La valeur de la cargaison est estimée à 12 millions de dollars par les transporteurs interrogés.

Le fabricant taïwanais Quanta a refusé de commenter cette saisie. Les autorités de Pékin n'ont pas répondu aux questions
envoyées par courriel avant la publication. Une audience est prévue devant le tribunal maritime au printemps prochain."""


def article(publisher, *, text=f"{LEAD} {BODY}", day="2026-02-10", url=None):
    address = url or f"https://{publisher.lower()}.example/saisie"
    return (
        f"---\ntitle: Saisie à Canton\npublisher: {publisher}\nurl: {address}\npublished: {day}\n"
        f"lang: fr\norigin: Reuters\n---\n{text}\n"
    )


@pytest.fixture
def carried(tmp_path):
    """A library that ingested one dispatch as three sites carried it, the last with a trimmed lead."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text(article("Alpha"), encoding="utf-8")
    (folder / "b.md").write_text(article("Beta", day="2026-02-11"), encoding="utf-8")
    (folder / "c.md").write_text(article("Gamma", text=BODY, day="2026-02-12"), encoding="utf-8")
    with Library.create(Settings(library=tmp_path / "library")) as library:
        library.verdicts = library.ingest([folder])
        yield library


def test_copies_get_their_verdict_and_are_grouped(carried):
    assert [verdict.outcome for verdict in carried.verdicts] == ["added", "duplicate", "duplicate"]
    first, *copies = carried.articles()
    assert first.copy_of is None
    assert {copy.copy_of for copy in copies} == {first.id}


def test_an_answer_counts_origins_not_sites(carried):
    answer = carried.ask("Qui a refusé de commenter la saisie ?")
    assert len(answer.statements) == len({statement.text for statement in answer.statements})
    assert len(answer.citations[0].copies) == 2
    assert answer_json(answer)["origins"] == ["Reuters"]
    assert "selon Reuters, repris par 2 sites" in answer_text(answer)


def test_copies_of_the_future_are_not_counted(carried):
    answer = carried.ask("Qui a refusé de commenter la saisie ?", as_of=date(2026, 2, 11))
    assert [copy.publisher for copy in answer.citations[0].copies] == ["Beta"]


def test_ingesting_copies_again_changes_nothing(carried, tmp_path):
    assert [v.outcome for v in carried.ingest([tmp_path / "articles"])] == ["unchanged"] * 3


def test_when_the_first_is_removed_a_copy_takes_its_place(carried):
    first = carried.articles()[0]
    carried.remove([first.id])
    heir, other = carried.articles()
    assert (heir.copy_of, other.copy_of) == (None, heir.id)
    assert carried.ask("Qui a refusé de commenter la saisie ?").status == "answered"


def test_the_same_file_twice_is_kept_once(tmp_path):
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(f"{LEAD} {BODY}", encoding="utf-8")
    with Library.create(Settings(library=tmp_path / "library")) as library:
        outcomes = [v.outcome for v in library.ingest([tmp_path / "one.txt", tmp_path / "two.txt"])]
        assert outcomes == ["added", "duplicate"]
        assert len(library.articles()) == 1


def test_an_address_is_held_by_one_source(tmp_path):
    same = "https://alpha.example/saisie"
    (tmp_path / "one.md").write_text(article("Alpha", url=same), encoding="utf-8")
    (tmp_path / "two.md").write_text(
        article("Alpha", url=same, text="Un tout autre texte, bien plus court."), encoding="utf-8"
    )
    with Library.create(Settings(library=tmp_path / "library")) as library:
        for _ in range(2):
            verdicts = library.ingest([tmp_path / "one.md", tmp_path / "two.md"])
        assert [v.outcome for v in verdicts] == ["unchanged", "duplicate"]
        assert "same address" in verdicts[1].reason


def test_the_full_text_takes_the_place_of_its_digest(tmp_path):
    same = "https://alpha.example/saisie"
    digest = article("Alpha", url=same, text="La saisie est résumée en une seule phrase, bien plus courte.")
    (tmp_path / "digest.md").write_text(digest.replace("---", "---\nkind: digest", 1), encoding="utf-8")
    (tmp_path / "full.md").write_text(article("Alpha", url=same), encoding="utf-8")
    with Library.create(Settings(library=tmp_path / "library")) as library:
        assert [v.outcome for v in library.ingest([tmp_path / "digest.md"])] == ["added"]
        assert [v.outcome for v in library.ingest([tmp_path / "full.md"])] == ["added"]
        assert [(a.kind, Path(a.source).name) for a in library.articles()] == [("full", "full.md")]
        assert [v.outcome for v in library.ingest([tmp_path / "digest.md"])] == ["duplicate"]
        assert [a.kind for a in library.articles()] == ["full"]


def test_resemblance_of_equal_and_of_unlike_texts():
    assert resemblance(sketch(BODY), sketch(BODY.upper())) == 1.0
    assert (
        resemblance(sketch(BODY), sketch("Un tout autre texte sur un tout autre sujet, écrit par une autre main."))
        == 0.0
    )


def test_no_two_articles_of_the_corpus_are_taken_for_copies():
    sketches = [sketch(load_article(read_source(p, max_bytes=100_000)).text) for p in find_sources([bundled_corpus()])]
    most = max(resemblance(a, b) for n, a in enumerate(sketches) for b in sketches[:n])
    assert most < COPY_FROM / 2
