"""What a sentence says is done or undone."""

import pytest

from rag.language.cues import who_acts
from rag.language.deeds import deeds, hedged


def done(text, lang):
    return {(deed.matter, deed.done) for deed in deeds(text, lang)}


@pytest.mark.parametrize(
    ("text", "lang", "told"),
    [
        (
            "Ten firms were cleared to buy chips, but none had shipped.",
            "en",
            {("allow", True), ("order", True), ("deliver", False)},
        ),
        ("Not a single chip had been delivered by May.", "en", {("deliver", False)}),
        ("Nvidia has shipped no chips.", "en", {("deliver", False)}),
        ("Nvidia n'a livré aucune puce.", "fr", {("deliver", False)}),
        ("Pékin a donné son feu vert.", "fr", {("allow", True)}),
        ("Les douanes bloquent les commandes.", "fr", {("allow", False), ("order", False)}),
        ("The firm restarted manufacturing.", "en", {("go", True), ("make", True)}),
        ("Nvidia has sold none of them.", "en", {("deliver", False)}),
        ("Des œuvres… des vœux… des cœurs… des sœurs… La puce n'est pas livrée.", "fr", {("deliver", False)}),
        ("Nvidia a renoncé à produire des puces.", "fr", {("go", False), ("make", False)}),
        ("Les livraisons restent bloquées.", "fr", {("allow", False), ("deliver", False)}),
        (
            "Production stopped, and Nvidia delivers from stock.",
            "en",
            {("go", False), ("make", False), ("deliver", True)},
        ),
        ("La Chine a acheté des puces, écrit Axsam en reprenant Reuters.", "fr", {("order", True)}),
        ("Beijing was the main obstacle to H200 shipments.", "en", {("allow", False), ("deliver", False)}),
        ("Nvidia n'a livré que 300 puces.", "fr", {("deliver", True)}),
        ("Rien n'indique que Nvidia ait livré des puces.", "fr", {("deliver", False)}),
        ("Has Nvidia shipped chips, yes or no?", "en", {("deliver", True)}),
        ("The authorities spoke.", "en", set()),
        ("The fee is high.", "en", set()),
        ("La bourse a monté.", "fr", set()),
    ],
)
def test_what_is_done_or_undone(text, lang, told):
    assert done(text, lang) == told


@pytest.mark.parametrize(
    ("text", "lang", "so"),
    [
        ("La Chine aurait validé un lot.", "fr", True),
        ("La Chine a validé un lot.", "fr", False),
        ("Un paiement transférerait le risque.", "fr", True),
        ("Nvidia espérait livrer en mars.", "fr", False),
        ("Beijing is said to have approved sales.", "en", True),
        ("Beijing approved sales.", "en", False),
    ],
)
def test_what_is_only_reported_or_meant_is_told_apart(text, lang, so):
    assert hedged(text, lang) is so


@pytest.mark.parametrize(
    ("text", "lang", "actor"),
    [
        ("Donald Trump said in May that China had not approved it.", "en", "beijing"),
        ("Donald Trump a dit que Pékin n'avait rien approuvé.", "fr", "beijing"),
        ("Donald Trump said that the chips would be sold.", "en", "washington"),
    ],
)
def test_who_is_told_of_is_not_who_tells_it(text, lang, actor):
    assert who_acts(text, lang) == actor
