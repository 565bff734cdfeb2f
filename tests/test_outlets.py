"""How a sentence names an outlet."""

import pytest

from rag.outlets import with_article


@pytest.mark.parametrize(
    ("outlet", "lang", "written"),
    [
        ("Financial Times", "fr", "le Financial Times"),
        ("Financial Times", "en", "the Financial Times"),
        ("The Business Times", "en", "The Business Times"),
        ("Epoch Times", "fr", "Epoch Times"),
        ("Reuters", "fr", "Reuters"),
        ("Le Monde", "fr", "Le Monde"),
    ],
)
def test_a_newspaper_has_its_article(outlet, lang, written):
    assert with_article(outlet, lang) == written
