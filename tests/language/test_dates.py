"""Dates in prose and in headers: what they name, what they do not, and what is no date at all."""

import contextlib
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.dates import find_dates, parse_day

FRIDAY = date(2026, 1, 30)


def found(text, lang="fr", reference=FRIDAY):
    return [
        (d.span.of(text), d.start.isoformat(), d.end.isoformat(), d.explicit) for d in find_dates(text, lang, reference)
    ]


@pytest.mark.parametrize(
    ("text", "day", "explicit"),
    [
        ("Le 14 janvier 2026, Pékin", "2026-01-14", True),
        ("Le 14 janvier, Pékin", "2026-01-14", False),
        ("mardi 13 janvier 2026", "2026-01-13", True),
        ("dès le 1er juin", "2026-06-01", False),
        ("le 1er fevrier 2026", "2026-02-01", True),
        ("le 20 décembre", "2025-12-20", False),
        ("on January 14, 2026, the", "2026-01-14", True),
        ("14 January", "2026-01-14", False),
        ("the 14th of January", "2026-01-14", False),
        ("Jan. 14 in Washington", "2026-01-14", False),
        ("Dec 31", "2025-12-31", False),
        ("2026-01-14T10:00", "2026-01-14", True),
        ("finance2026/01/23 11:57", "2026-01-23", True),
        ("le 13/01/2026", "2026-01-13", True),
        ("le 03/04/2026", "2026-04-03", True),
        ("5 avr. 2026", "2026-04-05", True),
        ("a déclaré jeudi à Taipei", "2026-01-29", False),
        ("vendredi", "2026-01-30", False),
        ("vendredi dernier", "2026-01-23", False),
        ("lundi prochain", "2026-02-02", False),
        ("hier", "2026-01-29", False),
        ("avant-hier", "2026-01-28", False),
        ("aujourd’hui", "2026-01-30", False),
        ("il y a trois jours", "2026-01-27", False),
    ],
)
def test_days_in_french_prose(text, day, explicit):
    assert [(start, end, sure) for _, start, end, sure in found(text)] == [(day, day, explicit)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("fin janvier", "2026-01-21", "2026-01-31"),
        ("à la mi-février", "2026-02-11", "2026-02-20"),
        ("début mars 2026", "2026-03-01", "2026-03-10"),
        ("janvier 2026", "2026-01-01", "2026-01-31"),
        ("depuis décembre", "2025-12-01", "2025-12-31"),
        ("au mois d'avril prochain", "2026-04-01", "2026-04-30"),
        ("en mars dernier", "2025-03-01", "2025-03-31"),
        ("À la mi-2025", "2025-05-01", "2025-08-31"),
        ("fin 2025", "2025-09-01", "2025-12-31"),
        ("en 2024", "2024-01-01", "2024-12-31"),
        ("du 14 au 15 mai 2026", "2026-05-14", "2026-05-15"),
        ("les 14 et 15 janvier", "2026-01-14", "2026-01-15"),
        ("la semaine dernière", "2026-01-19", "2026-01-25"),
        ("cette semaine", "2026-01-26", "2026-02-01"),
        ("en ce début de semaine", "2026-01-26", "2026-01-28"),
        ("ce mois-ci", "2026-01-01", "2026-01-31"),
        ("le mois prochain", "2026-02-01", "2026-02-28"),
        ("dès ce trimestre", "2026-01-01", "2026-03-31"),
        ("premier trimestre 2026", "2026-01-01", "2026-03-31"),
        ("l'an dernier", "2025-01-01", "2025-12-31"),
        ("il y a deux semaines", "2026-01-12", "2026-01-18"),
    ],
)
def test_periods_in_french_prose(text, start, end):
    assert [(first, last) for _, first, last, _ in found(text)] == [(start, end)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("mid-January", "2026-01-11", "2026-01-20"),
        ("late January 2026", "2026-01-21", "2026-01-31"),
        ("end of January", "2026-01-21", "2026-01-31"),
        ("announced on Tuesday", "2026-01-27", "2026-01-27"),
        ("next Monday", "2026-02-02", "2026-02-02"),
        ("last week", "2026-01-19", "2026-01-25"),
        ("earlier this week", "2026-01-26", "2026-02-01"),
        ("yesterday", "2026-01-29", "2026-01-29"),
        ("two weeks ago", "2026-01-12", "2026-01-18"),
        ("in May", "2026-05-01", "2026-05-31"),
        ("on may 14 they met", "2026-05-14", "2026-05-14"),
        ("May 14", "2026-05-14", "2026-05-14"),
        ("January 14-15, 2026", "2026-01-14", "2026-01-15"),
        ("Q1 2026", "2026-01-01", "2026-03-31"),
        ("by 2030", "2030-01-01", "2030-12-31"),
        ("last January", "2025-01-01", "2025-01-31"),
        ("01/13/2026", "2026-01-13", "2026-01-13"),
    ],
)
def test_english_prose(text, start, end):
    assert [(first, last) for _, first, last, _ in found(text, "en")] == [(start, end)]


@pytest.mark.parametrize(
    "text",
    [
        "400 000 puces H200",
        "2,3 % de 50 milliards",
        "la RTX Pro 6000D et le 2026",
        "400 000 mars",
        "le 30 février 2026",
        "le 2026-02-30",
        "le 99/99/2026",
        "chaque lundi",
        "la planète de Mars",
        "le premier trimestre de l'exercice 2027",
    ],
)
def test_no_date_in_french(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "China may 14 buy",
        "it may happen",
        "to march on",
        "the Sunday Times",
        "carried by USA Today",
        "January 14,000",
        "03/04/2026",
        "every Monday",
        "first quarter of fiscal 2027",
        "February 29",
    ],
)
def test_no_date_in_english(text):
    assert found(text, "en", date(2026, 1, 30)) == []


@pytest.mark.parametrize(
    ("text", "lang", "start", "end"),
    [
        ("au printemps 2026", "fr", "2026-03-01", "2026-06-20"),
        ("à l'été 2025", "fr", "2025-06-01", "2025-09-20"),
        ("l'automne dernier", "fr", "2025-09-01", "2025-12-20"),
        ("à la fin du printemps", "fr", "2026-05-01", "2026-05-31"),
        ("cet hiver", "fr", "2025-12-01", "2026-03-20"),
        ("winter 2026", "en", "2025-12-01", "2026-03-20"),
        ("since last summer", "en", "2025-06-01", "2025-09-20"),
        ("in late autumn 2025", "en", "2025-11-01", "2025-11-30"),
        ("in the fall of 2025", "en", "2025-09-01", "2025-12-20"),
        ("the first half of 2026", "en", "2026-01-01", "2026-06-30"),
        ("au second semestre 2025", "fr", "2025-07-01", "2025-12-31"),
        ("in the second half of the year", "en", "2026-07-01", "2026-12-31"),
        ("H1 2026", "en", "2026-01-01", "2026-06-30"),
        ("au premier semestre de l'année 2025", "fr", "2025-01-01", "2025-06-30"),
        ("Fall 2025", "en", "2025-09-01", "2025-12-20"),
        ("in the fall", "en", "2025-09-01", "2025-12-20"),
    ],
)
def test_seasons_and_halves_of_a_year(text, lang, start, end):
    assert [(first, last) for _, first, last, _ in found(text, lang)] == [(start, end)]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("La H200 a été approuvée.", "fr"),
        ("avant la fête du Printemps", "fr"),
        ("before the Spring Festival", "en"),
        ("in the fall of prices", "en"),
        ("over the fall in shares", "en"),
        ("a spring in its step", "en"),
        ("Sales are expected to fall.", "en"),
        ("Shares fall 2025 points.", "en"),
        ("to spring a surprise", "en"),
        ("in Spring Hill", "en"),
        ("La règle a été 2026 fois lue.", "fr"),
    ],
)
def test_what_only_looks_like_a_season(text, lang):
    assert found(text, lang) == []


def test_a_season_is_over_with_its_last_month():
    assert found("au printemps dernier", "fr", date(2026, 6, 12))[0][1] == "2026-03-01"
    assert found("since last spring", "en", date(2026, 6, 12))[0][1] == "2026-03-01"


def test_the_festival_of_a_year_is_no_season_of_it():
    assert all(first != "2026-03-01" for _, first, *_ in found("avant la fête du Printemps 2026"))


def test_without_a_reference_only_whole_dates_are_found():
    text = "Le 14 janvier, mardi, la semaine dernière, en mars, mais le 2 mars 2026 et en février 2026."
    assert [words for words, *_ in found(text, reference=None)] == ["2 mars 2026", "février 2026"]


def test_several_dates_in_order_with_their_words():
    text = "Annoncée le 13 janvier, publiée jeudi, la règle vaut dès fin février 2026."
    assert [words for words, *_ in found(text)] == ["13 janvier", "jeudi", "fin février 2026"]


@given(st.dates(date(1990, 1, 1), date(2049, 12, 31)))
def test_a_written_day_is_read_back(day):
    months = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ]
    first = "1er" if day.day == 1 else str(day.day)
    for text in (
        day.isoformat(),
        f"{first} {months[day.month - 1]} {day.year}",
        f"{day:%d/%m/%Y}",
        f"{day:%B} {day.day}, {day.year}",
    ):
        assert parse_day(text, "fr") == day
        assert [(d.start, d.end) for d in find_dates(f"Le {text}.", "fr", None)] == [(day, day)]


@given(
    st.text(alphabet="0123456789/-. janviermars lundi fin mi début 2026 il y a deux semaines May the", max_size=60),
    st.dates(),
)
def test_any_text_gives_ordered_sound_dates(text, reference):
    for lang in ("fr", "en"):
        dates = find_dates(text, lang, reference)
        assert all(a.span.end <= b.span.start for a, b in pairwise(dates))
        assert all(d.start <= d.end and d.span.of(text) for d in dates)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("date 2026-01-14", date(2026, 1, 14)),
        ("Publié le 30 janvier 2026 448 vues", date(2026, 1, 30)),
        ("101 finance101 finance2026/01/23 11:57", date(2026, 1, 23)),
        ("Jan 14, 2026", date(2026, 1, 14)),
        ("2026-01-14T23:30:00-05:00", date(2026, 1, 14)),
        ("2026-01-14 10:00:00", date(2026, 1, 14)),
        ("Publié le 30/01/2026 à 12h", date(2026, 1, 30)),
        ("12-Jan-2026", date(2026, 1, 12)),
        ("Mis à jour : 1er fevr. 2026", date(2026, 2, 1)),
        ("Le 13 janvier", None),
        ("janvier 2026", None),
        ("©2026 Bloomberg", None),
        ("20260114", None),
        ("2026", None),
        ("03/04/2026", None),
        ("", None),
    ],
)
def test_parse_day(text, day):
    assert parse_day(text) == day


def test_parse_day_reads_day_first_in_french_alone():
    assert parse_day("03/04/2026", "fr") == date(2026, 4, 3)
    assert parse_day("03/04/2026", "en") is None


@pytest.mark.parametrize(
    "text", ["2026-02-30", "date 2026-13-01", "32 janvier 2026", "Publié le 31/02/2026", "0000-01-01"]
)
def test_parse_day_refuses_days_that_do_not_exist(text):
    with pytest.raises(ValueError, match="not a day"):
        parse_day(text)


@given(st.text(alphabet=st.one_of(st.sampled_from("0123456789-/. "), st.characters()), max_size=40))
def test_parse_day_raises_nothing_else(text):
    with contextlib.suppress(ValueError):
        assert isinstance(parse_day(text), date | None)
