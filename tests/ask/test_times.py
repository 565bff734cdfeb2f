"""Which time a question is about, and when a sentence speaks of."""

from datetime import date

import pytest

from rag.ask.timeline import matter_of
from rag.ask.times import asked_time, state_day, told_time, without
from rag.ask.topics import SUBJECT, topic
from rag.language.terms import tokens

TODAY = date(2026, 6, 22)


@pytest.mark.parametrize(
    ("question", "lang", "start", "end"),
    [
        ("Que s'est-il passé en janvier ?", "fr", date(2026, 1, 1), date(2026, 1, 31)),
        ("de novembre 2025 à juin 2026", "fr", date(2025, 11, 1), date(2026, 6, 30)),
        ("Depuis mars 2026, qu'a dit Pékin ?", "fr", date(2026, 3, 1), TODAY),
        ("What has changed since March 2026?", "en", date(2026, 3, 1), TODAY),
        ("between 7 January 2026 and 14 January 2026", "en", date(2026, 1, 7), date(2026, 1, 14)),
        ("What happened since last spring?", "en", date(2026, 3, 1), TODAY),
        ("Depuis l'été 2025, qu'a dit Pékin ?", "fr", date(2025, 6, 1), TODAY),
        ("What is expected for the second half of the year?", "en", date(2026, 7, 1), date(2026, 12, 31)),
        ("What is planned for next winter?", "en", date(2026, 12, 1), date(2027, 3, 20)),
    ],
)
def test_the_time_asked_about(question, lang, start, end):
    asked = asked_time(question, lang, TODAY)
    assert (asked.start, asked.end) == (start, end)


@pytest.mark.parametrize(
    ("question", "lang", "start", "end"),
    [
        ("What changed between his visit and late May 2026?", "en", date.min, date(2026, 5, 31)),
        ("Qu'est-ce qui a changé depuis le salon de janvier ?", "fr", date(2026, 1, 1), TODAY),
        ("between the announcement in December and the summit", "en", date(2025, 12, 1), TODAY),
        ("du bannissement jusqu'en mai 2026", "fr", date.min, date(2026, 5, 31)),
        ("J'ai décroché en mars : que s'est-il passé depuis ?", "fr", date(2026, 3, 1), TODAY),
        ("I left in March 2026: what has happened since then?", "en", date(2026, 3, 1), TODAY),
    ],
)
def test_a_story_may_give_only_one_end_of_its_time(question, lang, start, end):
    asked = asked_time(question, lang, TODAY, story=True)
    assert (max(asked.start, date(1, 1, 4)), asked.end) == (max(start, date(1, 1, 4)), end)


def test_a_month_without_a_year_is_the_last_one():
    assert asked_time("What happened in December?", "en", TODAY).start == date(2025, 12, 1)
    assert asked_time("What will happen in December 2026?", "en", TODAY).start == date(2026, 12, 1)


def test_before_a_day_is_open_towards_the_past():
    asked = asked_time("before 14 January 2026", "en", TODAY)
    assert asked.holds(told_time("It was on 3 May 2020.", "en", None))
    assert not asked.holds(told_time("It was on 15 January 2026.", "en", None))


def test_a_question_without_a_date_is_about_no_time():
    assert asked_time("Qui a dit cela ?", "fr", TODAY) is None


@pytest.mark.parametrize(
    ("text", "lang", "published", "day"),
    [
        ("Le 7 janvier 2026, Pékin a suspendu les commandes.", "fr", date(2026, 1, 9), date(2026, 1, 7)),
        ("Pékin a suspendu les commandes.", "fr", date(2026, 1, 9), date(2026, 1, 9)),
        ("Un sommet est attendu en avril 2026.", "fr", date(2026, 1, 9), date(2026, 1, 9)),
        ("The truce of 30 October 2025 was renewed on 5 May 2026.", "en", date(2026, 5, 6), date(2026, 5, 5)),
        ("Sales fell in 2025.", "en", date(2026, 5, 6), date(2026, 5, 6)),
        ("Sales fell.", "en", None, None),
    ],
)
def test_the_day_a_sentence_speaks_of(text, lang, published, day):
    assert told_time(text, lang, published).day == day


@pytest.mark.parametrize(
    ("question", "lang", "about"),
    [
        ("Comment la position de Pékin a-t-elle évolué ?", "fr", ["Pékin"]),
        ("How has Beijing's position on the H200 changed since January 2026?", "en", ["Beijing", "H200"]),
    ],
)
def test_the_topic_of_a_story_has_neither_frame_nor_dates(question, lang, about):
    left = topic(question, lang, "evolution")
    assert all(word in left for word in about)
    assert not any(word in left for word in ("position", "évolué", "changed", "2026", "January"))


@pytest.mark.parametrize(
    ("question", "lang", "about"),
    [
        ("Raconte-moi le feuilleton du blocage, semaine après semaine", "fr", "blocage"),
        ("Les grandes dates du dossier Zorin", "fr", "dossier Zorin"),
        ("Give me a month-by-month rundown of the smuggling case", "en", "smuggling case"),
    ],
)
def test_how_a_story_is_asked_for_is_not_searched_for(question, lang, about):
    left = topic(question, lang, "evolution")
    assert [t.surface for t in tokens(left, lang) if t.term] == about.split()


def test_a_story_of_nothing_in_particular_is_that_of_the_chip():
    assert topic("Qu'est-ce que j'ai raté depuis ?", "fr", "evolution") == SUBJECT


@pytest.mark.parametrize(
    ("question", "lang", "day", "left"),
    [
        (
            "Où en étaient les livraisons au 20 janvier 2026 ?",
            "fr",
            date(2026, 1, 20),
            "Où en étaient les livraisons ?",
        ),
        (
            "Au 1er février, la Chine avait-elle donné son accord ?",
            "fr",
            date(2026, 2, 1),
            "la Chine avait-elle donné son accord ?",
        ),
        ("Où en étaient les licences mi-février ?", "fr", date(2026, 2, 20), "Où en étaient les licences ?"),
        ("Le 3 mars, Nvidia produisait-il encore ?", "fr", date(2026, 3, 3), "Nvidia produisait-il encore ?"),
        (
            "What was the status of licences as of 5 May 2026?",
            "en",
            date(2026, 5, 5),
            "What was the status of licences ?",
        ),
        ("On 1 March 2026, had any been delivered?", "en", date(2026, 3, 1), "had any been delivered?"),
        ("On 1 March 2026, was customs letting them in?", "en", date(2026, 3, 1), "was customs letting them in?"),
        (
            "Au cœur du sujet… où en était-on au 1er mars ?",
            "fr",
            date(2026, 3, 1),
            "Au cœur du sujet… où en était-on ?",
        ),
    ],
)
def test_a_question_of_how_things_stood_on_a_day(question, lang, day, left):
    found = state_day(question, lang, TODAY)
    assert found.end == day
    assert without(question, found.span) == left


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Trump a-t-il signé un décret le 14 janvier 2026 ?", "fr"),
        ("Did Trump sign an order on 14 January 2026?", "en"),
        ("On 13 January 2026, was a rule published?", "en"),
        ("Est-il possible que Pékin ait refusé le 20 janvier ?", "fr"),
        ("En janvier 2026, la Chine autorisait-elle la H200 ?", "fr"),
        ("Was it banned between 7 January and 14 January?", "en"),
        ("Is it banned?", "en"),
    ],
)
def test_what_happened_on_a_day_is_no_state_of_things(question, lang):
    assert state_day(question, lang, TODAY) is None


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Que s'est-il passé entre le 7 et le 15 janvier ?", "fr"),
        ("What happened between 7 and 15 January?", "en"),
        ("What happened from January 7 to 15?", "en"),
        ("What happened between the 7th and the 15th of January?", "en"),
    ],
)
def test_a_range_of_days_names_both_its_ends(question, lang):
    asked = asked_time(question, lang, TODAY, story=True)
    assert (asked.start, asked.end) == (date(2026, 1, 7), date(2026, 1, 15))


def test_what_is_told_of_a_whole_year_is_no_news_of_a_month():
    asked = asked_time("What happened between 26 February and 13 March 2026?", "en", TODAY, story=True)
    assert asked.names(told_time("On 6 March 2026 a rule was drafted.", "en", date(2026, 3, 6)))
    assert not asked.names(told_time("In 2026 Huawei will earn more.", "en", date(2026, 6, 22)))
    assert asked.holds(told_time("In 2026 Huawei will earn more.", "en", date(2026, 6, 22)))


@pytest.mark.parametrize(
    ("question", "done"),
    [
        ("Does Nvidia still make H200s for China?", {"make"}),
        ("Does Nvidia make any chips for Norway?", {"make"}),
        ("What did Huang make of the visit?", set()),
    ],
)
def test_what_is_made_is_a_deed_and_what_is_made_of_it_none(question, done):
    assert matter_of(question, "en", None, None).deeds == done
