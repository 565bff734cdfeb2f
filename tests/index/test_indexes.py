"""Catalog, lexical index and vector index over the small library: what was written is found, and only that."""

import json
import shutil
from contextlib import contextmanager
from datetime import date

import numpy as np
import pytest

from rag.errors import ArticleNotFound, LibraryBroken, LibraryNotFound, VectorIndexBroken
from rag.index.catalog import Catalog, sentence_id
from rag.index.in_force import GENERATION, SEAL
from rag.index.lexical import LexicalIndex
from rag.index.vectors import FOLDER, Unit, VectorIndex, build
from rag.language.lexicon import concepts
from rag.library import Library


@contextmanager
def opened(library):
    index = VectorIndex.open(library.settings.library, library.catalog.state(GENERATION), library.catalog.state(SEAL))
    yield index
    index.close()


@pytest.fixture
def vectors(library):
    with opened(library) as index:
        yield index


def test_every_unit_is_found_by_its_own_vector(library, vectors):
    for unit, _, _, vector in library.catalog.all_vectors():
        found = dict(vectors.search(vector, 3))
        assert found[unit] == pytest.approx(1.0, abs=1e-4)


def test_the_nearest_are_the_nearest(bundled):
    matrix = np.stack([vector for _, _, _, vector in bundled.catalog.all_vectors()])
    with opened(bundled) as vectors:
        for vector in matrix[::5]:
            found = [cosine for _, cosine in vectors.search(vector, 96)]
            assert found == pytest.approx(np.sort(matrix @ vector)[::-1][:96].tolist(), abs=1e-4)


def test_as_of_leaves_the_future_out_of_the_vectors(library, vectors):
    known = library.catalog.known_by(date(2026, 1, 20))
    units = {unit for unit, article_id, _, _ in library.catalog.all_vectors() if article_id in known}
    query = next(library.catalog.all_vectors())[3]
    assert {unit for unit, _ in vectors.search(query, 100, date(2026, 1, 20))} == units


def test_a_word_is_found_in_both_languages(library):
    lexical = LexicalIndex(library.catalog.database)
    for question, lang in (("licence", "fr"), ("licence", "en")):
        matches = lexical.match(concepts(question, lang))
        texts = {p.id: p for p in library.catalog.passages()}
        assert any(texts[passage_id].lang == "en" for passage_id, _ in matches.units)


def test_as_of_leaves_the_future_out_of_the_counts(library):
    lexical = LexicalIndex(library.catalog.database)
    wanted = concepts("puces H200", "fr")
    then, now = lexical.match(wanted, date(2026, 1, 5)), lexical.match(wanted)
    assert then.sentences < now.sentences
    assert (then.frequencies <= now.frequencies).all()
    assert (then.frequencies < now.frequencies).any()


def test_articles_come_back_as_they_were_written(library):
    for article in library.articles():
        assert all(block.span.of(article.text).strip() for block in article.blocks)
    assert [a.published for a in library.articles()] == sorted(a.published for a in library.articles())


def test_a_name_may_be_shortened_but_not_doubtful(library):
    article = library.articles()[0]
    assert library.catalog.find(article.id) == library.catalog.find(article.id[:12]) == article
    for name in ("2026-", "nowhere", "", "%"):
        with pytest.raises(ArticleNotFound):
            library.catalog.find(name)


def test_a_missing_and_a_foreign_catalog_are_told_apart(tmp_path):
    with pytest.raises(LibraryNotFound, match="h200 ingest"):
        Catalog.open(tmp_path)
    (tmp_path / "catalog.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(LibraryBroken):
        Catalog.open(tmp_path)


def test_a_failed_transaction_leaves_nothing(library):
    before = library.catalog.counts()

    def fail_halfway():
        with library.catalog.transaction():
            library.catalog.remove(library.articles()[0].id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert library.catalog.counts() == before


def test_a_generation_that_differs_from_its_seal_is_not_opened(library):
    generation, seal = library.catalog.state(GENERATION), library.catalog.state(SEAL)
    database = library.settings.library / FOLDER / generation / "chroma.sqlite3"
    database.write_bytes(database.read_bytes()[:-100])
    with pytest.raises(VectorIndexBroken, match="rebuild"):
        VectorIndex.open(library.settings.library, generation, seal)


def test_a_new_generation_can_start_from_the_old_one(tmp_path):
    rows = np.eye(384, dtype=np.float32)
    units = [Unit(f"{n:04x}", "a", date(2026, 1, 1), rows[n]) for n in range(20)]
    first = build(tmp_path, units[:12], {u.id for u in units[:12]}, None)
    second = build(tmp_path, units, {u.id for u in units}, first)
    third = build(tmp_path, units[5:], {u.id for u in units[5:]}, second)
    for made, expected in ((first, units[:12]), (second, units), (third, units[5:])):
        index = VectorIndex.open(tmp_path, *made)
        assert index.ids() == {u.id for u in expected}
        index.close()


def test_sentences_and_passages_have_vectors_of_their_own(library):
    wanted = {p.id for p in library.catalog.passages()} | {
        sentence_id(p.id, n) for p in library.catalog.passages() for n in range(len(p.sentences))
    }
    assert library.catalog.vector_ids() == wanted


def test_a_deleted_vector_folder_is_mended_by_rebuild(settings):
    with Library.open(settings) as library:
        question = "Combien de puces H200 les groupes chinois ont-ils commandées ?"
        whole = library.ask(question)
        shutil.rmtree(settings.library / FOLDER)
    with Library.open(settings) as library:
        without = library.ask(question)
        assert without.status == "answered"
        assert any("rebuild" in note for note in without.notes)
        library.rebuild()
        mended = library.ask(question)
    assert mended.notes == ()
    assert json.dumps(mended.text) == json.dumps(whole.text)
