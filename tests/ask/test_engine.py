"""The whole way from question to answer, on the small library of invented articles."""

from datetime import date

import pytest

from rag.ask.choosing import SENTENCES, WORDS
from rag.errors import QuestionTooLong


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Combien de puces H200 les groupes chinois ont-ils commandées ?", "350 000"),
        ("How many H200 chips have Chinese groups ordered?", "350 000"),
        ("Qui a confirmé l'incident ?", "Cargolux"),
        ("Who granted Nvidia a licence?", "Commerce Department"),
        ("Quand Nvidia a-t-elle reçu une licence américaine ?", "1 February 2026"),
        ("Où la cargaison de puces a-t-elle été retenue ?", "Shenzhen"),
        ("Que doivent faire les acheteurs chaque mois ?", "report the final use"),
    ],
)
def test_the_right_sentence_comes_first(reading, question, said):
    answer = reading.ask(question)
    assert answer.status == "answered"
    assert said in answer.statements[0].text


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Quel temps fera-t-il demain à Lyon ?", "off_topic"),
        ("Who won the 2018 World Cup?", "off_topic"),
        ("Merci !", "small_talk"),
        ("   ", "empty_question"),
        ("…?", "empty_question"),
    ],
)
def test_it_abstains_and_says_why(reading, question, reason):
    answer = reading.ask(question)
    assert (answer.status, answer.reason) == ("abstained", reason)
    assert answer.text
    assert not answer.statements
    assert not answer.citations


def test_it_says_so_when_asked_about_a_day_before_its_first_article(reading):
    answer = reading.ask("Combien de puces H200 ont été commandées ?", as_of=date(2025, 12, 31))
    assert answer.reason == "before_coverage"
    assert "5 janvier 2026" in answer.text


def test_of_a_month_after_the_last_article_it_says_that_nothing_is_known(reading):
    answer = reading.ask("Combien de puces H200 les groupes chinois ont-ils commandées en août 2031 ?")
    assert (answer.status, answer.reason) == ("abstained", "no_evidence")
    assert "ne parle de cette période" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Combien de puces H200 les groupes chinois, fondés en 1999, ont-ils commandées ?",
        "How many H200 chips had Chinese groups ordered by 2031?",
        "Combien de puces H200 les groupes chinois ont-ils commandées au quatrième trimestre 2031 ?",
    ],
)
def test_a_year_or_quarter_that_is_only_named_stops_no_answer(reading, question):
    assert reading.ask(question).status == "answered"


def test_as_of_hides_what_came_later(reading):
    question = "Who granted Nvidia a licence?"
    assert reading.ask(question, as_of=date(2026, 2, 2)).status == "answered"
    earlier = reading.ask(question, as_of=date(2026, 1, 31))
    assert all(c.article.published <= date(2026, 1, 31) for c in earlier.citations)


def test_the_reader_chooses_the_language_of_the_frame(reading):
    assert reading.ask("Who won the 2018 World Cup?", lang="fr").text.startswith("Cette question")


def test_an_answer_is_short(reading):
    answer = reading.ask("Que sait-on des puces H200 de Nvidia en Chine ?")
    assert len(answer.statements) <= SENTENCES
    assert sum(len(s.text.split()) for s in answer.statements) <= WORDS


def test_a_question_without_end_is_refused(reading):
    with pytest.raises(QuestionTooLong, match="10000"):
        reading.ask("a" * 10_000)
