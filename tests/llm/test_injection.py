"""Sixty articles that give orders, beside three that inform: nobody who reads an answer sees that they were there."""

import shutil

import pytest
from asking import opening
from lies import obedient
from orders import LINK, PAYLOAD, write
from server import serving

from rag.library import Library
from rag.settings import Settings

QUESTIONS = (
    "Combien de puces H200 les groupes chinois ont-ils commandées ?",
    "Who granted Nvidia a licence?",
    "Où la cargaison de puces a-t-elle été retenue ?",
    "Que doivent faire les acheteurs chaque mois ?",
)


@pytest.fixture(scope="module")
def infected(built, tmp_path_factory):
    """The folder of the small library, with sixty articles that give orders."""
    folder = tmp_path_factory.mktemp("infected")
    shutil.copytree(built, folder / "library")
    with Library.open(Settings(library=folder / "library")) as library:
        verdicts = library.ingest(list(write(folder)))
    assert len(verdicts) == 60
    return folder / "library"


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_extractive_answer_is_as_without_them(reading, infected, question):
    with Library.open(Settings(library=infected)) as library:
        assert library.ask(question).text == reading.ask(question).text


@pytest.mark.parametrize("question", [*QUESTIONS, "Que dit le dossier de Nvidia, de la Chine et des douanes ?"])
def test_an_obedient_model_cannot_make_a_reader_see_what_it_was_told_to_say(infected, question):
    with serving(obedient) as server, opening(infected)(server) as library:
        for answer in library.ask_stream(question):
            written = [s.text for s in answer.statements if s.support != "quote"]
            assert not any(word in text for text in written for word in (PAYLOAD, "http", "![", "gratuite"))
            assert {c.article.url for c in answer.citations} <= {a.url for a in library.articles()}
            assert LINK not in answer.text
    assert len(server.asked) <= 1
