"""The labelled pairs of sentences and evidence, and what the checks of mode llm make of them."""

import pytest

from evals.claims import examined, rates, read_pairs, report
from rag.ask.claims import Source, examine


@pytest.fixture(scope="module")
def judged():
    return [(pair, examined(pair)) for pair in read_pairs()]


def test_there_are_enough_pairs_of_every_sort():
    pairs = read_pairs()
    assert len(pairs) >= 150
    assert len({pair.id for pair in pairs}) == len(pairs)
    assert min(sum(pair.lang == lang for pair in pairs) for lang in ("fr", "en")) >= 100
    assert {"paraphrase", "translation", "quote", "number", "date", "negation", "actor", "claim"} == {
        p.kind for p in pairs
    }


@pytest.mark.parametrize("held", [False, True])
def test_lies_are_caught_and_truths_kept(judged, held):
    found = rates([(pair, finding) for pair, finding in judged if pair.held == held])
    assert found.caught >= 0.95
    assert found.lost <= 0.10


def test_the_report_tells_every_kind():
    lines = list(report(read_pairs(), misses=False))
    assert lines[0].startswith("all")
    assert any(line.startswith("negation") for line in lines)


def told(text, lang="fr"):
    return Source(text, lang, None, "Titre (Gazette, Reuters)")


@pytest.mark.parametrize("written", ["400 000", "400\u00a0000", "400.000", "400k"])
def test_numbers_are_the_same_by_value(written):
    source = told("Alibaba was approved for 400,000 H200 chips.", "en")
    assert examine(f"Alibaba a obtenu l'accord pour {written} puces H200.", "fr", [source]).support == "supported"
    assert examine("Alibaba a obtenu l'accord pour 40 000 puces H200.", "fr", [source]).fault == "number"


def test_a_sentence_may_rest_on_two_sources_together():
    sources = [
        told("Pékin a suspendu les commandes de puces H200."),
        told("Nvidia a arrêté la production en mars 2026."),
    ]
    joined = "Pékin a suspendu les commandes de puces H200 et Nvidia a arrêté la production en mars 2026."
    assert examine(joined, "fr", sources).support == "supported"
    assert examine(joined, "fr", sources[:1]).support == "unsupported"


def test_the_same_words_are_a_quote_whatever_their_marks():
    assert (
        examine("« Pékin a suspendu les commandes »", "fr", [told("Pékin a suspendu les commandes.")]).support
        == "quote"
    )


@pytest.mark.parametrize("claim", ["", "...", "Oui."])
def test_nothing_is_no_claim(claim):
    assert examine(claim, "fr", [told("Pékin a suspendu les commandes.")]).support == "unsupported"
