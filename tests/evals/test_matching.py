"""The matcher decides as a careful reader does; how often is measured on pairs labelled by hand."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.matching import Said, holds, holds_any
from evals.pairs import agreement, read_pairs
from evals.reading import read
from rag.language.figures import find_figures
from rag.language.normalize import strip_accents_aligned


def test_it_agrees_with_the_labels():
    found = agreement()
    assert found.count >= 200
    assert found.share >= 0.97, [pair.id for pair in found.missed]


def test_the_labels_are_of_both_sorts_and_of_every_group():
    groups = Counter((pair.group, pair.match) for pair in read_pairs())
    assert {group for group, _ in groups} == {"words", "entities", "numbers", "dates", "polarity"}
    assert min(groups.values()) >= 10


def test_every_gold_alias_says_itself(everything):
    for case in everything:
        for nugget in case.nuggets:
            for lang, aliases in nugget.aliases.items():
                for alias in aliases:
                    assert holds(Said(alias, lang), alias, lang, nugget.type), (case.id, alias)


@given(st.integers(2, 9_999_999), st.sampled_from(["fr", "en"]))
def test_a_number_is_the_same_however_it_is_grouped(number, lang):
    ways = [str(number), f"{number:,}".replace(",", " "), f"{number:,}".replace(",", "\u202f"), f"{number:,}"]
    texts = [Said(f"Nvidia, {way} H200", lang) for way in ways]
    assert all(holds(text, str(number), lang, "number") for text in texts)
    assert not any(holds(text, str(number + 1), lang, "number") for text in texts)
    assert not any(holds(text, str(number * 10), lang, "number") for text in texts)


@pytest.mark.parametrize(
    ("text", "lang", "value", "unit"),
    [
        ("400 000 puces", "fr", 400_000, None), ("1,5 milliard de dollars", "fr", 1.5e9, "$"), ("$91.0bn", "en", 91e9, "$"),
        ("quatre-vingt-dix", "fr", 90, None), ("deux cents", "fr", 200, None), ("vingt-cinq pour cent", "fr", 25, "%"),
        ("two hundred thousand", "en", 200_000, None), ("4 000 milliards", "fr", 4e12, None), ("75k", "en", 75_000, None),
        ("4,8 To/s", "fr", 4.8, "tb/s"), ("US$27,000", "en", 27_000, "$"), ("un million", "fr", 1e6, None),
    ],
)  # fmt: skip
def test_figures(text, lang, value, unit):
    (figure,) = find_figures(text, strip_accents_aligned(text).lower(), lang)
    assert (figure.value, figure.unit) == (pytest.approx(value), unit)


def test_the_ends_of_a_range_share_unit_and_scale():
    text = "de 5 à 10 milliards de dollars"
    low, high = find_figures(text, strip_accents_aligned(text).lower(), "fr")
    assert (low.value, low.unit, high.value) == (5e9, "$", 10e9)


def test_a_name_with_digits_is_no_number():
    text = "La H200, la 910C et la GH200 ne sont pas 200"
    assert [f.value for f in find_figures(text, strip_accents_aligned(text).lower(), "fr")] == [200]


def test_relative_days_are_reckoned_from_the_article():
    said = Said("Les douanes ont bloqué les puces mercredi.", "fr", date(2026, 1, 15))
    assert holds(said, "14 janvier 2026", "fr", "date")
    assert not holds(said, "15 janvier 2026", "fr", "date")


def test_an_alias_in_either_language_will_do():
    said = Said("China approved 400,000 chips.", "en")
    assert holds_any(said, {"fr": ("400 000",), "en": ()}, "number")


def test_reading_keeps_sentences_apart():
    sorts = [token.sort for token in read("Alibaba paie. Tencent attend.", "fr", None, with_dates=True)]
    assert sorts.count("break") == 2
