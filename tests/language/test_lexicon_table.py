import pytest

from rag.language.lexicon import ACTION, LANGUAGES, concepts, phrase_of, synonyms, translations
from rag.language.vocabulary import read_rows
from tools.build_lexicon import TARGET, rows


def test_the_packaged_table_is_what_its_lists_say():
    assert TARGET.read_text(encoding="utf-8").splitlines() == list(dict.fromkeys(rows()))


def test_translations_lead_both_ways():
    assert ("chip",) in translations("fr")[("puc",)]
    assert ("puc",) in translations("en")[("chip",)]


def test_synonyms_are_mutual():
    for lang in LANGUAGES:
        table = synonyms(lang)
        assert all(phrase in table[other] for phrase, group in table.items() for other in group)
        assert not any(phrase in group for phrase, group in table.items())


@pytest.mark.parametrize("row", read_rows("actions.tsv"))
def test_every_word_for_an_act_is_one_the_index_can_hold(row):
    french, english = (words.split("|") for words in row[2:])
    assert all(phrase_of(word, "fr") for word in french)
    assert all(phrase_of(word, "en") for word in english)


def test_another_word_for_an_act_finds_it_in_either_language():
    sent = next(
        concept for concept in concepts("Has Nvidia sent any H200 to China?", "en") if concept.surface == "sent"
    )
    ways = {(way.terms, way.lang) for way in sent.alternatives if way.weight >= ACTION}
    assert {(phrase_of("shipped", "en"), "en"), (phrase_of("livré", "fr"), "fr")} <= ways
