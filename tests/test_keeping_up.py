"""A folder mirrored, the newest article's age, and the filters of `h200 articles`."""

from datetime import date

import pytest
from support import h200

from rag.ask.engine import Engine
from rag.days import day_text
from rag.library import Library
from rag.settings import Settings


@pytest.fixture
def mirrored(tmp_path, sources):
    folder = tmp_path / "folder"
    folder.mkdir()
    for path in sources.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    with Library.create(Settings(library=tmp_path / "library")) as library:
        library.ingest([folder], sync=True)
        yield library, folder


def test_sync_follows_changed_new_and_deleted_files(mirrored):
    library, folder = mirrored
    customs = next(folder.glob("*douanes*"))
    customs.write_text(customs.read_text(encoding="utf-8").replace("Cargolux", "Zephyrair"), encoding="utf-8")
    next(folder.glob("*licence*")).unlink()
    (folder / "new.txt").write_text(
        "La société Novatek a livré douze serveurs à Lisbonne en mars 2026.", encoding="utf-8"
    )
    outcomes = {v.source.rsplit("/", 1)[-1]: v.outcome for v in library.ingest([folder], sync=True)}
    assert sorted(outcomes.values()) == ["added", "removed", "unchanged", "updated"]
    assert "Zephyrair" in library.ask("Quelle société a confirmé l'incident ?").text
    assert not any("Cargolux" in article.text or "Lutnick" in article.text for article in library.articles())
    for path in library.settings.library.rglob("*"):
        assert not path.is_file() or not any(gone in path.read_bytes() for gone in (b"Cargolux", b"Lutnick"))


def test_sync_leaves_other_folders_alone(mirrored, tmp_path):
    library, folder = mirrored
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("La société Novatek a livré douze serveurs à Lisbonne en mars 2026.", encoding="utf-8")
    library.ingest([elsewhere])
    assert {v.outcome for v in library.ingest([folder], sync=True)} == {"unchanged"}
    assert len(library.articles()) == 4


def test_without_sync_a_deleted_file_stays_in_the_library(mirrored):
    library, folder = mirrored
    next(folder.glob("*licence*")).unlink()
    library.ingest([folder])
    assert len(library.articles()) == 3


@pytest.mark.parametrize(
    ("question", "today", "noted"),
    [
        ("Que fait Pékin aujourd'hui des puces H200 ?", date(2026, 3, 1), True),
        ("Are the H200 chips still held by customs?", date(2026, 3, 1), True),
        ("Que fait Pékin aujourd'hui des puces H200 ?", date(2026, 2, 2), False),
        ("Combien de puces H200 ont été commandées en janvier ?", date(2026, 3, 1), False),
    ],
)
def test_a_question_about_now_is_told_how_far_the_library_reaches(reading, question, today, noted):
    from rag.ask.question import understand

    engine: Engine = reading._engine
    engine.today = lambda: today
    notes = engine.answer(understand(question)).notes
    newest = [day_text(date(2026, 2, 2), lang) for lang in ("fr", "en")]
    assert any(day in note for note in notes for day in newest) is noted


def test_status_says_how_old_the_newest_article_is(built):
    status = h200("status", "--json", library=built).json
    assert status["newest"] == "2026-02-02"
    assert status["newest_age_days"] == (date.today() - date(2026, 2, 2)).days


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (["--since", "2026-01-20"], ["douanes", "licence"]),
        (["--until", "2026-01-20"], ["commandes", "douanes"]),
        (["--publisher", "herald"], ["licence"]),
        (["--publisher", "reuters"], ["commandes"]),
        (["--lang", "en"], ["licence"]),
        (["--text", "pekin"], ["douanes"]),
        (["--since", "2026-01-10", "--lang", "fr"], ["douanes"]),
        (["--text", "nulle part"], []),
    ],
)
def test_articles_are_filtered(built, filters, names):
    lines = h200("articles", *filters, library=built).out.splitlines()
    assert [
        name for line in lines for name in ("commandes", "douanes", "licence") if name in line.split("\t")[-1]
    ] == names
