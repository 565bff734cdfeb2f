"""The two halves of "A or B?"."""

import pytest

from rag.ask.disagreement import alternatives


@pytest.mark.parametrize(
    ("question", "lang", "texts", "own"),
    [
        (
            "Was the model trained on Nvidia or Huawei chips?", "en",
            ("Was the model trained on Nvidia chips", "Was the model trained on Huawei chips"), ("Nvidia", "Huawei"),
        ),
        (
            "La H200 est-elle deux ou six fois plus puissante ?", "fr",
            ("La H200 est-elle deux fois plus puissante", "La H200 est-elle six fois plus puissante"), ("deux", "six"),
        ),
        (
            "En janvier, Pékin bloquait-il la H200 ou préparait-il des quotas ?", "fr",
            ("En janvier, Pékin bloquait-il la H200", "Pékin H200 préparait-il des quotas"),
            ("En janvier, Pékin bloquait-il la H200", "préparait-il des quotas"),
        ),
        (
            "La H200 est-elle deux fois ou six fois plus puissante ?", "fr",
            ("La H200 est-elle deux fois plus puissante", "La H200 est-elle six fois plus puissante"), ("deux fois", "six fois"),
        ),
        (
            "Was the rule issued on 13 January or on 15 January 2026?", "en",
            ("Was the rule issued on 13 January 2026", "Was the rule issued on 15 January 2026"), ("on 13 January", "on 15 January"),
        ),
        (
            "31 May or 1 June 2026: when did the guidance come out?", "en",
            ("31 May, when did the guidance come out", "1 June 2026, when did the guidance come out"), ("31 May", "1 June 2026"),
        ),
        (
            "0% or 55%? What is the share of Nvidia?", "en",
            ("0%, What is the share of Nvidia", "55%, What is the share of Nvidia"), ("0%", "55%"),
        ),
        (
            "How many were approved, up to 400,000 or more than 500,000?", "en",
            ("How many were approved up to 400,000", "How many were approved more than 500,000"), ("up to 400,000", "more than 500,000"),
        ),
        (
            "billions or tens of billions in the Tencent case?", "en",
            ("billions in the Tencent case", "tens of billions in the Tencent case"), ("billions", "tens of billions"),
        ),
        (
            "Did Alibaba or Tencent order? When?", "en", ("Did Alibaba order", "Did Tencent order"), ("Alibaba", "Tencent"),
        ),
        (
            "How many chips, according to Reuters, did Alibaba or Tencent order?", "en",
            ("How many chips, according to Reuters, did Alibaba order", "How many chips, according to Reuters, did Tencent order"),
            ("Alibaba", "Tencent"),
        ),
        (
            "La H200 est-elle interdite ou autorisée ? Depuis quand ?", "fr",
            ("La H200 est-elle interdite", "H200 autorisée"), ("La H200 est-elle interdite", "autorisée"),
        ),
        (
            "Are they sold in China or in Hong Kong?", "en",
            ("Are they sold in China", "Are they sold in Hong Kong"), ("in China", "in Hong Kong"),
        ),
    ],
)  # fmt: skip
def test_a_choice_has_two_halves(question, lang, texts, own):
    halves = alternatives(question, lang)
    assert tuple(half.text for half in halves) == texts
    assert tuple(half.own for half in halves) == own


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Où sont les puces ?", "fr"), ("Les puces sont-elles livrées ou non ?", "fr"), ("Is it out, or when is it expected?", "en"),
        ("Had Beijing agreed, or hadn't it?", "en"), ("Did they ship or did they not?", "en"), ("Will it ship, or won't it?", "en"),
        ("Who said so?", "en"), ("Quel est plus ou moins le prix ?", "fr"), ("What is the price, more or less?", "en"), ("or", "en"), ("ou", "fr"), ("A or ", "en"), (" or B", "en"), ("", "fr"),
    ],
)  # fmt: skip
def test_a_question_without_a_choice_has_none(question, lang):
    assert alternatives(question, lang) is None
