"""Rough typing: what is written out, put apart, joined or mended, and that careful typing comes back as it is."""

import json
from pathlib import Path

import pytest

from rag.ask.rough import spelled_out
from rag.language.detect import detect_language
from rag.language.dictionary import is_strange

QUESTIONS = Path(__file__).parents[2] / "evals" / "questions"


@pytest.mark.parametrize(
    ("lang", "typed", "meant"),
    [
        ("fr", "400k puces", "400 000 puces"),
        ("en", "400k chips, 1.5k lost", "400,000 chips, 1,500 lost"),
        ("fr", "2M commandées pour 3mds", "2 millions commandées pour 3 milliards"),
        ("en", "$2.5bn and 1.6tn", "$2.5 billion and 1.6 trillion"),
        ("en", "the 25pct tariff", "the 25% tariff"),
        ("fr", "les 1ers envois, la 2eme puce, le 1er janvier, le 2e trimestre", "les premiers envois, la deuxième puce, le 1er janvier, le 2e trimestre"),
        ("en", "who 1st revealed it on the 1st of May", "who first revealed it on the 1st of May"),
        ("en", "Q2 FY27 guidance", "second quarter fiscal 2027 guidance"),
        ("fr", "résultats T1", "résultats premier trimestre"),
    ],
)  # fmt: skip
def test_shortened_numbers_are_written_out(lang, typed, meant):
    assert spelled_out(typed, lang) == meant


@pytest.mark.parametrize(
    "kept", ["the '3B's", "a 5090D with 141gb", "DeepSeek-V3", "Up2Info", "at 20 h 20", "mi-2025", "4,8 To/s"]
)
def test_what_only_looks_shortened_stays(kept):
    assert spelled_out(kept, "en") == kept


@pytest.mark.parametrize(
    ("lang", "typed", "meant"),
    [
        ("fr", "byte dance a acheté la h 200", "ByteDance a acheté la H200"),
        ("en", "geo comply on H-200", "GeoComply on H200"),
        ("en", "h200chips and deepseekv3", "h200 chips and deepseek v3"),
        ("en", "jensenhuang at the whitehouse", "Jensen Huang at the White House"),
        ("fr", "linfo sur lexport dacheteurs", "l'info sur l'export d'acheteurs"),
        ("fr", "prix dune h200, l autorisation", "prix d'une h200, l'autorisation"),
    ],
)
def test_words_run_together_or_torn_apart_are_spaced(lang, typed, meant):
    assert spelled_out(typed, lang) == meant


@pytest.mark.parametrize(
    "kept",
    ["d'avantage ou davantage", "Laura Loomer", "on ne savait pas", "cela découle de la trêve", "Tencent", "Dell"],
)
def test_a_word_with_the_letters_of_an_article_stays_whole(kept):
    assert spelled_out(kept, "fr") == kept


@pytest.mark.parametrize(
    ("lang", "typed", "meant"),
    [
        ("fr", "cobmien de puces, puorquoi", "combien de puces, pourquoi"),
        ("en", "wich newspapr", "which newspaper"),
        ("en", "nvida vs huwaei, moolenar", "Nvidia vs Huawei, Moolenaar"),
        ("en", "max nubmer of shipmnts b4 may", "max number of shipments before may"),
        ("fr", "livraisosn en cours", "livraisons en cours"),
        ("en", "y was it halted w/o a licence", "why was it halted without a licence"),
    ],
)
def test_slips_in_the_words_of_a_question_and_in_names_are_mended(lang, typed, meant):
    assert spelled_out(typed, lang) == meant


def test_a_name_nobody_listed_stays():
    assert spelled_out("What did Kresse of Nvidio say?", "en") == "What did Kresse of Nvidio say?"


def test_a_word_of_the_dictionary_is_not_strange_with_or_without_accents():
    assert not any(map(is_strange, ("davantage", "découle", "decoule", "whenever")))
    assert is_strange("cobmien")


def test_careful_questions_come_back_as_they_are():
    lines = [
        line
        for name in ("facts", "time", "hard", "second")
        for line in (QUESTIONS / f"{name}.jsonl").read_text().splitlines()
    ]
    asked = [case["question"] for case in map(json.loads, lines) if case.get("kind") != "rough"]
    changed = [text for text in asked if spelled_out(text, detect_language(text, "en")) != text]
    assert not changed


@pytest.mark.parametrize(
    "kept",
    [
        "Is the T4 banned in China?", "What does Nvidia's 10K say?", "What happened on March 3rd?", "on May 22nd or June 3rd",
        "a 2m cable", "2 PC makers", "Washington DC", "a TDP of 700 w", "the Rev Jackson", "JPMorgan", "who reposted it",
    ],
)  # fmt: skip
def test_what_an_english_reader_means_so_stays(kept):
    assert spelled_out(kept, "en") == kept


@pytest.mark.parametrize(
    "kept",
    ["Que s'est-il passé le 1er ?", "La boîte noire", "la dune du Pilat", "Qui est D Anderson ?", "taille en mm"],
)
def test_what_a_french_reader_means_so_stays(kept):
    assert spelled_out(kept, "fr") == kept


def test_a_chip_of_amd_is_joined_and_a_number_of_any_length_read():
    assert spelled_out("the MI-308 and the mi 350", "en") == "the MI308 and the MI350"
    assert spelled_out("1" * 400 + "k chips", "en").endswith("k chips")
