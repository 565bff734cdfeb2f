"""French or English, down to a handful of keywords."""

import pytest

from rag.language.detect import detect_language

FRENCH = [
    "Combien de puces ?",
    "nvidia h200 chine prix",
    "Qui a approuvé ?",
    "pourquoi",
    "date de livraison H200",
    "La Chine a-t-elle interdit les H200 ?",
    "on a quoi sur nvidia",
    "et maintenant ?",
    "qu'a dit Huang",
    "licence pour l'export",
    "Nvidia a vendu",
    "le plus recent",
    "chronologie export",
    "Résume la situation",
]
ENGLISH = [
    "who approved H200",
    "nvidia h200 china price",
    "what about the tariff?",
    "why?",
    "delivery date",
    "Has China banned the H200?",
    "and now?",
    "what's next",
    "a ban on H200",
    "DeepSeek approval",
    "export controls timeline",
    "summarize the latest news",
]


@pytest.mark.parametrize("text", FRENCH)
def test_french(text):
    assert detect_language(text, "en") == "fr"


@pytest.mark.parametrize("text", ENGLISH)
def test_english(text):
    assert detect_language(text, "fr") == "en"


@pytest.mark.parametrize("text", ["", "H200", "Jensen Huang", "25 %", "Trump 2026 ?", "???"])
@pytest.mark.parametrize("default", ["fr", "en"])
def test_names_and_numbers_leave_the_default(text, default):
    assert detect_language(text, default) == default


def test_accents_may_be_missing():
    assert detect_language("quelles entreprises ont ete autorisees a acheter", "en") == "fr"


def test_french_that_quotes_english_stays_french():
    text = "Le communiqué « The H200 may be sold » a été publié par le ministère, qui n'a rien ajouté."
    assert detect_language(text, "en") == "fr"
