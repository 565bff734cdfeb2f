"""The one spelling of all texts: what goes, what stays, and that doing it twice changes nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.normalize import fold, normalize, strip_accents_aligned


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("de\u0301ja\u0300 vu", "déjà vu"),
        ("un\r\ndeux\rtrois", "un\ndeux\ntrois"),
        ("2,3\u202f% de\u00a04\u00a0000", "2,3 % de 4 000"),
        ("a\t\tb   c", "a b c"),
        ("un\n\n\n\n\ndeux", "un\n\ndeux"),
        ("un \n \n \n deux", "un\n\ndeux"),
        ("  bord  \n", "bord"),
        ("pu\u00adce H\u200b200\ufeff", "puce H200"),
        ("\u202eenvers\u202c \u2066isolé\u2069", "envers isolé"),
        ("suite\U000e0069\U000e0067\U000e006e\U000e007f", "suite"),
        ("bip\x07 nul\x00 échap\x1b[0m", "bip nul échap[0m"),
        ("lettre seule \ud800", "lettre seule"),
        ("mi\u2011février", "mi-février"),
        ("un\u2028deux\u2029trois\x85quatre", "un\ndeux\ntrois\nquatre"),
        ("« Non… » — dit-il ’", "« Non… » — dit-il ’"),
    ],
)
def test_normalize(raw, clean):
    assert normalize(raw) == clean


def test_a_letter_and_its_accent_meet_when_what_hid_between_them_is_gone():
    assert normalize("e\u200b\u0301") == "é"


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=80))
def test_normalizing_twice_changes_nothing(text):
    once = normalize(text)
    assert normalize(once) == once


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=80))
def test_nothing_invisible_is_left(text):
    clean = normalize(text)
    assert not [c for c in clean if unicodedata.category(c) in ("Cs", "Co") or (c < " " and c != "\n")]
    assert "\n\n\n" not in clean
    assert "  " not in clean
    clean.encode("utf-8")


@given(st.text(alphabet="abcdefé àœ.,’'«» \n", max_size=60))
def test_no_word_is_lost(text):
    assert normalize(text).split() == text.split()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éléments À Cœur", "elements a coeur"),
        ("L’Ærodrome", "l'aerodrome"),
        ("H200", "h200"),
        ("NVIDIA’S", "nvidia's"),
        ("ﬁn août", "fin aout"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_aligned_stripping_keeps_every_place(text):
    plain = strip_accents_aligned(text)
    assert len(plain) == len(text)
    assert all(p == t for p, t in zip(plain, text, strict=True) if t.isascii())
