import pytest

from rag.ask.spelling import mend
from rag.index.lexical import LexicalIndex
from rag.language.lexicon import concepts


@pytest.fixture
def mended(reading):
    lexical = LexicalIndex(reading.catalog.database)

    def words(text, lang="fr"):
        return {way.terms for concept in mend(concepts(text, lang), lang, lexical) for way in concept.alternatives}

    return words


@pytest.mark.parametrize(
    ("slip", "lang", "term"),
    [
        ("douanees", "fr", "douan"),
        ("licance", "fr", "licenc"),
        ("chinease", "en", "chines"),
        ("Lutnik", "en", "lutnick"),
        ("Nvdiia", "fr", "nvidi"),
    ],
)
def test_one_slip_is_mended(mended, slip, lang, term):
    assert (term,) in mended(slip, lang)


@pytest.mark.parametrize("word", ["puces", "Lutnick", "H2000", "xyzzyx", "qzw"])
def test_what_is_known_or_beyond_mending_stays(mended, word):
    assert mended(word) == {way.terms for concept in concepts(word, "fr") for way in concept.alternatives}


def test_a_mistyped_question_finds_its_answer(reading):
    answer = reading.ask("qui a confirmé l'incidant de la cargaizon ?")
    assert "Cargolux" in answer.statements[0].text
