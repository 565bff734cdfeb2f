from rag.language.lexicon import LANGUAGES, synonyms, translations
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
