import pytest

from rag.ask.question import asks_about_now, understand


@pytest.mark.parametrize(
    ("typed", "standalone"),
    [
        ("c koi la regle us pr les h200", "c'est quoi la regle US pour les h200"),
        ("cb de puces pr alibaba", "combien de puces pour alibaba"),
        ("kel pays livre ds 2 mois", "quel pays livre dans 2 mois"),
        ("Pk Pékin bloque ?", "Pourquoi Pékin bloque ?"),
        ("wich us rule caps the h200", "which US rule caps the h200"),
        ("tell us about the h200", "tell us about the h200"),
        ("Is it because of US rules?", "Is it because of US rules?"),
        ("C'est à New York ?", "C'est à New York ?"),
        ("Does the U.S. Treasury take a cut?", "Does the U.S. Treasury take a cut?"),
        ("R&D spending of company C", "R&D spending of company C"),
    ],
)
def test_abbreviations_are_written_out(typed, standalone):
    question = understand(typed)
    assert question.standalone == standalone
    assert question.text == typed


def test_the_language_of_a_bare_follow_up_is_that_of_the_conversation():
    assert understand("Tencent?", history=["How many chips did Alibaba order?"]).lang == "en"


def test_the_reader_may_change_the_language():
    assert understand("What about the price?", history=["Combien de puces ?"]).lang == "en"
    assert understand("Quand ?", history=["How many chips?"], lang="en").lang == "en"


def test_words_for_the_present_are_seen():
    assert asks_about_now("Est-ce encore permis ?")
    assert asks_about_now("Où en sont les licences ?")
    assert asks_about_now("Is the H200 banned in China?")
    assert asks_about_now("La H200 est-elle autorisée en Chine ?")
    assert not asks_about_now("Was it allowed in May?")
    assert not asks_about_now("Where did the chips go?")
