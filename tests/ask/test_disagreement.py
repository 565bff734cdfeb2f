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
        ("Who said so?", "en"), ("or", "en"), ("ou", "fr"), ("A or ", "en"), (" or B", "en"), ("", "fr"),
    ],
)  # fmt: skip
def test_a_question_without_a_choice_has_none(question, lang):
    assert alternatives(question, lang) is None
