"""How a sentence stands: on what came before it, on what is allowed, and on who acts."""

import pytest

from rag.language.cues import (
    asks_of_reporting,
    denies,
    first_actor,
    leans_on_previous,
    negated,
    stances,
    stands_alone,
    tells_of_reporting,
    who_acts,
)


@pytest.mark.parametrize(
    ("text", "lang", "told"),
    [
        ("Pékin a approuvé les achats.", "fr", {"open"}),
        ("Pékin n'a approuvé aucun achat.", "fr", {"closed"}),
        ("Les douanes bloquent les puces.", "fr", {"closed"}),
        ("Les douanes ne bloquent plus rien, pas une puce.", "fr", {"open"}),
        ("La demande est à l'étude et sera examinée.", "fr", {"pending"}),
        ("Le volume est plafonné.", "fr", {"conditional"}),
        ("Nvidia dément.", "fr", {"denied"}),
        ("Le ciel est bleu.", "fr", set()),
        ("Washington cleared ten firms.", "en", {"open"}),
        ("Beijing has signed off on the purchases.", "en", {"open"}),
        ("Washington has not cleared any firm.", "en", {"closed"}),
        ("Customs halted the shipment.", "en", {"closed"}),
        ("Sales are subject to a quota.", "en", {"conditional"}),
        ("The application is still pending.", "en", {"pending"}),
        ("The sky is blue.", "en", set()),
    ],
)
def test_stances(text, lang, told):
    assert stances(text, lang) == told


def test_a_negation_counts_within_its_clause():
    assert stances("Sans surprise, Pékin a approuvé les achats.", "fr") == {"open"}
    assert stances("Not surprisingly, Beijing approved the purchase.", "en") == {"open"}


@pytest.mark.parametrize(
    ("text", "lang", "actor"),
    [
        ("Selon Pékin, les achats de Nvidia attendront.", "fr", "beijing"),
        ("La Maison Blanche a répondu à Pékin.", "fr", "washington"),
        ("Jensen Huang espère une réponse de la Chine.", "fr", "nvidia"),
        ("Alibaba attend.", "fr", "buyers"),
        ("US officials met Nvidia.", "en", "washington"),
        ("Customs in Shenzhen seized the chips.", "en", "beijing"),
        ("Nothing happened.", "en", None),
        ("Do customers in China have to pay?", "en", "buyers"),
        ("In China, does Nvidia sell?", "en", "nvidia"),
        ("Is it sold in China?", "en", "beijing"),
        ("According to Beijing, did Nvidia sell?", "en", "beijing"),
        ("Pour Pékin, Nvidia est-il un danger ?", "fr", "beijing"),
    ],
)
def test_the_first_actor(text, lang, actor):
    assert first_actor(text, lang) == actor


@pytest.mark.parametrize(
    ("text", "lang", "leans"),
    [
        ("Ces feux verts émanent du ministère.", "fr", True),
        ("Pékin cherche ainsi à gagner du temps.", "fr", True),
        ("Pékin a suspendu les commandes.", "fr", False),
        ("The tariff is effective from Thursday.", "en", True),
        ("Nvidia has also stopped.", "en", True),
        ("Nvidia stopped in March.", "en", False),
    ],
)
def test_a_sentence_that_leans_on_the_one_before(text, lang, leans):
    assert leans_on_previous(text, lang) is leans


@pytest.mark.parametrize(
    ("text", "lang", "alone"),
    [
        ("Xi Jinping accueille cette proposition.", "fr", False),
        ("Nvidia l'affirme dans le même message.", "fr", False),
        ("Nvidia livre ce mois-ci ce qui est prêt.", "fr", True),
        ("Xi Jinping welcomed this proposal.", "en", False),
        ("Nvidia ships this month.", "en", True),
        ("It ships.", "en", False),
    ],
)
def test_a_sentence_that_can_be_read_alone(text, lang, alone):
    assert stands_alone(text, lang) is alone


@pytest.mark.parametrize(
    ("text", "lang", "is_denial"),
    [
        ("Nvidia dément exiger un paiement.", "fr", True),
        ("Aucune puce n'a été livrée.", "fr", True),
        ("Nvidia n'a pas livré.", "fr", True),
        ("Nvidia a livré sans retard.", "fr", False),
        ("Not a single chip had shipped.", "en", True),
        ("Nvidia does not require it.", "en", True),
        ("Nvidia shipped the chips without delay.", "en", False),
    ],
)
def test_a_denial_is_more_than_a_negation(text, lang, is_denial):
    assert denies(text, lang) is is_denial
    assert not is_denial or negated(text, lang)


def test_what_is_nowhere_is_denied_of_all():
    assert negated("The rule nowhere mentions the fee.", "en")
    assert negated("La règle n'est nulle part.", "fr")


@pytest.mark.parametrize(
    ("text", "denies_it"),
    [
        ("La règle ne s'applique qu'aux ventes.", False),
        ("Nvidia n'a livré que 300 puces.", False),
        ("Elle ne dit pas que c'est vrai.", True),
        ("Il n'est plus question que Nvidia livre.", True),
        ("Rien n'indique que Nvidia ait livré.", True),
        ("Personne ne confirme que Pékin a autorisé les ventes.", True),
    ],
)
def test_what_is_only_so_is_not_denied(text, denies_it):
    assert negated(text, "fr") == denies_it


def test_who_acts_is_not_where_things_go():
    assert who_acts("Blackwell GPUs are still fully banned for China.", "en") is None
    assert who_acts("China has banned the chips.", "en") == "beijing"
    assert who_acts("Washington laisse partir les puces vers la Chine.", "fr") == "washington"
    assert first_actor("Are sales to China allowed?", "en") == "beijing"


@pytest.mark.parametrize(
    ("lang", "text", "so"),
    [
        ("fr", "La dépêche de Reuters a été publiée par Boursorama vers le 4 février 2026.", True),
        ("fr", "Ni Nvidia ni les groupes chinois n'avaient alors commenté ces informations.", True),
        ("en", "The company did not immediately respond to a request for comment.", True),
        ("en", "This post is dated 5 May 2026.", True),
        ("fr", "La règle a été publiée le 15 janvier 2026.", False),
        ("en", "The rule was published on 15 January 2026.", False),
        ("en", "Beijing has not approved a single purchase.", False),
    ],
)
def test_what_only_tells_of_the_reporting(lang, text, so):
    assert tells_of_reporting(text, lang) == so


def test_who_asks_of_the_reporting():
    assert asks_of_reporting("Did Nvidia have anything to say when the press contacted it?")
    assert asks_of_reporting("Qui n'a pas répondu ?")
    assert not asks_of_reporting("Où en sont les livraisons ?")
    assert not asks_of_reporting("Comment la règle a-t-elle changé ?")
