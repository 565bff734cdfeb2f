import pytest

from rag.language.mentions import mentions
from rag.language.naming import names_of
from rag.language.terms import terms


def named(sort, text, lang="fr", asked=""):
    span = next(iter(names_of(sort, text, lang, frozenset(terms(asked, lang)))), None)
    return span and span.of(text)


@pytest.mark.parametrize(
    ("sort", "text", "name"),
    [
        ("anyone", "L'incident a été confirmé par Jensen Huang.", "Jensen Huang"),
        ("anyone", "Les douanes refusent les puces.", "douanes"),
        ("anyone", "Aucune raison n'a été donnée.", None),
        ("anyone", "Selon ce responsable, les puces y seraient.", None),
        ("person", "David Peters a témoigné le 24 février.", "David Peters"),
        ("person", "Un responsable de DeepSeek a témoigné.", None),
        ("company", "Alibaba et Tencent attendent.", "Alibaba"),
        ("company", "Des fournisseurs de la puce H200 de Nvidia ont cessé leur production.", None),
        ("outlet", "L'accord a été révélé par le Financial Times.", "Financial Times"),
        ("place", "Il a parlé à Taipei devant la presse.", "Taipei"),
        ("place", "Pékin refuse toujours.", None),
        ("city", "Il s'est rendu en Chine.", None),
        ("city", "Il s'est rendu à Shenzhen.", "Shenzhen"),
        ("site", "Les puces sont fabriquées chez TSMC.", "TSMC"),
        ("site", "Elles sont fabriquées dans une usine à Taipei.", "Taipei"),
        ("site", "Les puces achetées par Alibaba attendent.", None),
        ("site", "Les puces de TSMC partent pour la Chine.", None),
        ("country", "Les puces partent pour la Malaisie.", "Malaisie"),
    ],
)
def test_a_name_of_the_sort_asked_for(sort, text, name):
    assert named(sort, text) == name


def test_english_names():
    assert named("person", "The letter was signed by Howard Lutnick.", "en") == "Howard Lutnick"
    assert named("company", "Nvidia's chips were sold.", "en") is None
    assert named("company", "Lenovo and Foxconn carry them.", "en", asked="Lenovo") == "Foxconn"


@pytest.mark.parametrize(
    ("text", "lang", "asked", "office"),
    [
        ("Jensen Huang, le directeur général de Nvidia, l'a dit.", "fr", "Jensen Huang", "directeur général de Nvidia"),
        ("La sénatrice Elizabeth Warren proteste.", "fr", "Elizabeth Warren", "sénatrice"),
        ("US Trade Representative (USTR) Jamieson Greer spoke.", "en", "Jamieson Greer", "Representative (USTR)"),
        ("John Moolenaar a écrit à Howard Lutnick.", "fr", "Howard Lutnick", None),
        ("Le directeur a écrit, puis Howard Lutnick a répondu.", "fr", "Howard Lutnick", None),
    ],
)
def test_what_somebody_is_stands_beside_the_name(text, lang, asked, office):
    assert named("office", text, lang, asked) == office


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("la Russie", "in Russia"),
        ("selon Jensen Huang", "selon Huang"),
        ("aux États-Unis", "the United States"),
        ("le FT", "le Financial Times"),
    ],
)
def test_two_ways_to_write_a_name_have_one_key(one, other):
    keys = {mention.key for text, lang in ((one, "fr"), (other, "en")) for mention in mentions(text, lang)}
    assert len(keys) == 1
