import pytest

from rag.language.lexicon import concepts
from rag.language.terms import terms, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'importation de 400 000 puces", ["import", "400000", "puc"]),
        ("a 2,3 % share of 400,000", ["2.3", "share", "400000"]),
        ("les États-Unis", ["etat", "unir"]),
        ("two H200s and a share", ["two", "h200", "share"]),
    ],
)
def test_terms_of_both_number_styles(text, expected):
    assert terms(text, "en" if "share" in text else "fr") == expected


@pytest.mark.parametrize(
    ("form", "base"), [("vendues", "vendre"), ("puces", "puce"), ("interdite", "interdire"), ("approuvee", "approuver")]
)
def test_inflections_share_a_term(form, base):
    assert terms(form, "fr") == terms(base, "fr")


def test_accents_and_capitals_do_not_matter():
    assert terms("DÉCISION", "fr") == terms("decision", "fr")


def test_function_words_are_no_terms():
    assert terms("Est-ce que les uns et les autres sont dans le même cas que nous ?", "fr") == terms("cas", "fr")


def test_america_is_no_pronoun():
    assert terms("Did the US tell us?", "en") == ["usa"]
    assert terms("the U.S. Department", "en")[0] == "usa"


def test_tokens_know_their_place():
    text = "Aujourd'hui, l'H200 coûte 1 500 euros."
    for token in tokens(text, "fr"):
        if token.surface != "Aujourdhui":
            assert token.span.of(text) == token.surface


def test_a_concept_is_said_in_both_languages():
    (chip,) = [c for c in concepts("Combien de puces ?", "fr") if c.surface == "puces"]
    assert ("chip",) in {a.terms for a in chip.alternatives if a.lang == "en"}


def test_an_expression_lends_its_translations_to_its_words():
    found = concepts("Quand Pékin a-t-il donné son feu vert ?", "fr")
    approvals = [c for c in found if ("approv",) in {a.terms for a in c.alternatives if a.lang == "en"}]
    assert {c.surface for c in approvals} == {"feu", "vert"}


def test_names_are_looked_for_in_both_languages():
    (name,) = [c for c in concepts("What did DeepSeek buy?", "en") if c.surface == "DeepSeek"]
    assert name.name
    assert {a.lang for a in name.alternatives} == {"fr", "en"}
