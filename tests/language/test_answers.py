import pytest

from rag.language.answers import Wanted, expected
from rag.language.terms import terms


def found(text, kind, lang="fr", asked=(), subject=(), sort=None):
    answer = expected(text, lang, Wanted(kind, frozenset(asked), frozenset(subject), sort))
    return answer and text[answer.span.start : answer.span.end]


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        ("quantity", "Le 14 janvier 2026, ils ont commandé 350 000 puces.", "350 000"),
        ("quantity", "Deux sources l'ont confirmé.", "Deux"),
        ("quantity", "La H200 est arrivée en 2026.", None),
        ("money", "Elle coûte 27 000 dollars pièce.", "27 000 dollars"),
        ("money", "Plus de 400 000 puces sont attendues.", None),
        ("percentage", "Une taxe de 25 % s'applique.", "25 %"),
        ("when", "La décision date du 14 janvier 2026.", "14 janvier 2026"),
        ("when", "La décision est attendue.", None),
        ("duration", "Après trois semaines d'attente, ils cèdent.", "trois semaines"),
        ("when", "Les livraisons commenceraient au deuxième trimestre.", "deuxième trimestre"),
        ("quantity", "L'agence cite trois personnes.", None),
        ("quantity", "The last quarter was good, third-party tests say.", None),
        ("quantity", "A quarter of the chips left.", "quarter"),
        ("quantity", "Half the chips left.", "Half"),
        ("quantity", "La moitié des puces est partie.", "moitié"),
        ("quantity", "Sales fell in the last quarter of 2025.", None),
    ],
)
def test_where_the_answer_stands(kind, text, answer):
    assert found(text, kind) == answer


@pytest.mark.parametrize(("things", "answer"), [(True, None), (False, "78")])
def test_no_sum_is_a_number_of_things(things, answer):
    text = "Nvidia guided for $78 billion, 91% of it from servers."
    got = expected(text, "en", Wanted("quantity", frozenset(), frozenset(terms("employees", "en")), things=things))
    assert (got and got.span.of(text)) == answer


@pytest.mark.parametrize(
    ("lang", "text", "answer"),
    [
        ("en", "Sales may resume, and buyers march on.", None),
        ("en", "Sales may resume in May 2026.", "May 2026"),
        ("fr", "Les ventes reprennent en mai.", "mai"),
    ],
)
def test_may_without_its_capital_is_no_month(lang, text, answer):
    got = expected(text, lang, Wanted("when", frozenset()))
    assert (got and got.span.of(text)) == answer


@pytest.mark.parametrize(("question", "answer"), [("multiplier leur production", "tripler"), ("produire", None)])
def test_a_multiple_is_a_number_where_one_is_asked_for(question, answer):
    text = "Les industriels comptent tripler leur production."
    got = expected(text, "fr", Wanted("quantity", frozenset(terms(question, "fr"))))
    assert (got and got.span.of(text)) == answer


def test_an_administration_is_not_the_one_it_is_named_after():
    text = "Un haut responsable de l'administration Trump accuse la firme."
    assert found(text, "who", sort="person") is None
    assert found("An official of the Trump administration accused the firm.", "who", sort="person") is None


def test_what_the_question_says_itself_is_no_answer():
    assert found("Nvidia et Alibaba négocient.", "who", asked=("nvidi",), sort="anyone") == "Alibaba"
    assert found("Le 14 janvier 2026, tout change.", "when", asked=("14", "janvi", "2026")) is None


@pytest.mark.parametrize(
    ("lang", "text", "fits"),
    [
        ("en", "Jensen Huang said that demand was strong.", True),
        ("en", "Demand is strong, Jensen Huang said on Monday.", True),
        ("en", "Jensen Huang, who runs Nvidia, announced a new plant.", True),
        ("en", "Jensen Huang joined the delegation on 13 May, according to Watchboard.", False),
        ("en", "Jensen Huang is ill, Reuters said.", False),
        ("en", "Two days after the announcement of Jensen Huang, prices rose, says Bloomberg.", False),
        ("fr", "Pékin attend, a déclaré le 6 janvier Jensen Huang.", True),
        ("fr", "Jensen Huang a dit que Pékin attendait.", True),
        ("fr", "Selon Jensen Huang, Pékin attend.", True),
        ("fr", "Selon une source, Jensen Huang attend.", False),
        ("fr", "Pékin répond à l'annonce de Jensen Huang, souligne Reuters.", False),
    ],
)
def test_who_is_quoted_speaks_himself(lang, text, fits):
    wanted = Wanted("said", frozenset(), frozenset(terms("Jensen Huang", lang)))
    assert (expected(text, lang, wanted).fit == 1.0) is fits


def test_because_is_a_better_reason_than_an_aim():
    wanted = Wanted("why", frozenset())
    told = ("Pékin refuse parce que Huawei suffit.", "Pékin refuse afin de gagner du temps.", "Pékin refuse.")
    because, aim, none = (expected(text, "fr", wanted) for text in told)
    assert because.fit == 1.0 > aim.fit
    assert none is None


def test_one_name_is_worth_less_where_several_are_asked_for():
    wanted = Wanted("what", frozenset(), sort="company", several=True)
    one, two = (
        expected(text, "fr", wanted).fit for text in ("Alibaba a commandé.", "Alibaba et Tencent ont commandé.")
    )
    assert one < two == 1.0


def test_those_a_report_relies_on_are_counted_when_they_are_asked_about():
    told = "Reuters l'a appris, citant deux personnes informées."
    assert found(told, "quantity") is None
    assert found(told, "quantity", asked=("sourc", "cit")) == "deux"


def test_a_number_of_what_is_counted_fits_better_than_another():
    text = "Les 3 groupes attendent 400 000 puces."
    assert found(text, "quantity", subject=("puc",)) == "400 000"
    other = expected("Les 3 groupes attendent.", "fr", Wanted("quantity", frozenset(), frozenset({"puc"})))
    assert other.fit < 1


def test_a_saying_needs_both_the_verb_and_the_speaker():
    assert found("Huang a déclaré que non.", "said", subject=("huang",))
    assert not found("Huang est à Taipei.", "said", subject=("huang",))
    assert not found("Trump a déclaré que non.", "said", subject=("huang",))


def test_a_price_is_no_price_of_a_share():
    share = Wanted("money", frozenset(), frozenset(terms("action", "fr")))
    assert expected("L'action vaut 180 dollars.", "fr", share).fit == 1.0
    assert expected("La puce vaut 27 000 dollars.", "fr", share).fit < 0.5
