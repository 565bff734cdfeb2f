"""The desk: many threads, one library; what another process writes is seen; what readers thought is kept."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest

from rag.errors import BadRequest, ConfigError, NotReady, RagError
from rag.library import Library
from rag.serve.desk import Desk, run_with_progress, web_address
from rag.serve.feedback import COMMENT, judged, keep, kept
from rag.serve.talk import EARLIER, TURNS, Talk, mark_of, talk_from, turns_from
from rag.settings import ServeSettings, Settings
from tests.support import Draft, shown

QUESTIONS = (
    "Quelle est la capacité mémoire de la H200 ?",
    "Combien de puces H200 ont été commandées ?",
    "How much does one H200 cost?",
    "Quel temps fera-t-il demain à Lyon ?",
)


def test_threads_get_the_answers_that_one_reader_gets(bundled: Library) -> None:
    expected = {question: shown(bundled.ask(question)) for question in QUESTIONS}
    desk = Desk(bundled.settings, readers=2)
    desk.start().join()
    wrong: list[str] = []

    def read(question: str) -> None:
        for _ in range(3):
            if shown(desk.ask(question)) != expected[question]:
                wrong.append(question)

    threads = [threading.Thread(target=read, args=(question,)) for question in QUESTIONS * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk.close()
    assert not wrong


def test_what_another_process_writes_is_answered_from(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "library")
    desk = Desk(settings, readers=1, editing=True)
    with Library.create(settings) as library:
        library.ingest([Draft("a.md", "Un", "La puce H200 bleue coûte 11 euros.").write(tmp_path)])
    desk.start().join()
    assert "11 euros" in desk.ask("Combien coûte la puce H200 bleue ?").text
    with Library.open(settings) as other:
        other.ingest([Draft("b.md", "Deux", "La puce H200 verte coûte 22 euros.").write(tmp_path)])
    assert "22 euros" in desk.ask("Combien coûte la puce H200 verte ?").text
    sent = tmp_path / "c.md"
    sent.write_text("La puce H200 rouge coûte 33 euros.\n")
    steps = list(run_with_progress(lambda progress: desk.add([sent], progress)))
    assert [step[2].outcome for step in steps] == ["added"]
    sent.unlink()
    assert "33 euros" in desk.ask("Combien coûte la puce H200 rouge ?").text
    found, total = desk.articles("rouge 33")
    assert (len(found), total) == (1, 3)
    assert desk.nearest("puce rouge")[0].id == found[0].id
    desk.remove(found[0].id)
    assert "33 euros" not in desk.ask("Combien coûte la puce H200 rouge ?").text
    desk.close()


def test_a_library_that_does_not_open_is_said_at_every_question(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"no database" * 100)
    (tmp_path / "chroma").mkdir()
    desk = Desk(Settings(library=tmp_path))
    desk.start().join()
    with pytest.raises(NotReady, match=r"catalog\.sqlite"):
        desk.ask("Q ?")


def test_before_the_library_is_open_questions_are_told_to_wait(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="prepared"):
        Desk(Settings(library=tmp_path)).ask("Q ?")


def test_what_fails_in_the_work_is_raised_where_somebody_waits() -> None:
    def work(_: object) -> list[object]:
        raise BadRequest("no")

    with pytest.raises(BadRequest):
        list(run_with_progress(work))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "x", "file:///etc/passwd", "javascript:1", "http//x"])
def test_only_web_addresses_are_taken(text: str) -> None:
    with pytest.raises(BadRequest):
        web_address(text)


# --- what a browser sends ----------------------------------------------------------------------------------------


def test_a_conversation_is_taken_in_with_care() -> None:
    assert talk_from("") == Talk()
    assert talk_from('{"as_of": "2026-01-14", "earlier": ["a", "b"]}') == Talk(date(2026, 1, 14), ("a", "b"))
    assert talk_from('{"mode": "llm"}').mode == "llm"
    assert len(talk_from(f'{{"earlier": {["x"] * 50}}}'.replace("'", '"')).earlier) == EARLIER
    assert len(turns_from({"turns": [{"q": "x"}] * 500})) == TURNS


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "[]",
        "1",
        '{"earlier": "x"}',
        '{"earlier": [1]}',
        '{"as_of": 3}',
        '{"as_of": "14/1"}',
        '{"mode": "poem"}',
        "[" * 9999,
    ],
)
def test_what_is_no_conversation_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        talk_from(text)


def test_a_talk_is_held_in_the_language_of_its_questions_or_else_of_the_page() -> None:
    assert Talk().spoken("H200 ?", "en") == "en"
    assert Talk().spoken("Combien coûte-t-elle ?", "en") == "fr"
    assert Talk(earlier=("Combien coûte une H200 ?",)).spoken("Tencent ?", "en") == "fr"


def test_the_mark_tells_answers_apart(reading: Library) -> None:
    marks = {mark_of(reading.ask(question)) for question in QUESTIONS}
    assert len(marks) >= 2
    assert mark_of(reading.ask(QUESTIONS[0])) == mark_of(reading.ask(QUESTIONS[0]))


# --- opinions ----------------------------------------------------------------------------------------------------


def test_opinions_are_kept_in_order(tmp_path: Path) -> None:
    assert kept(tmp_path) == []
    for n, opinion in enumerate(("good", "bad")):
        keep(tmp_path, judged(opinion, f"  mot\n{n} ", "Q ?", None, "R.", "m"))
    assert [(f.opinion, f.comment) for f in kept(tmp_path)] == [("good", "mot 0"), ("bad", "mot 1")]


@pytest.mark.parametrize(
    ("opinion", "comment"), [("great", ""), (None, ""), ("good", 3), ("good", "x" * (COMMENT + 1))]
)
def test_bad_opinions_are_refused(opinion: object, comment: object) -> None:
    with pytest.raises(BadRequest):
        judged(opinion, comment, "Q ?", None, "R.", "m")


def test_opinions_need_a_folder(tmp_path: Path) -> None:
    with pytest.raises(RagError):
        keep(tmp_path / "nowhere", judged("good", "", "Q ?", None, "R.", "m"))


# --- settings ----------------------------------------------------------------------------------------------------


def test_editing_is_off_beyond_this_machine_unless_asked_for() -> None:
    assert ServeSettings.from_environment({}).editing
    assert not ServeSettings.from_environment({"H200_WEB_HOST": "0.0.0.0"}).editing
    assert not ServeSettings.from_environment({}, host="192.168.0.4").editing
    assert ServeSettings.from_environment({"H200_WEB_EDITING": "on"}, host="0.0.0.0").editing
    assert ServeSettings.from_environment({"H200_WEB_NAMES": "A.example, b.example"}).names == (
        "a.example",
        "b.example",
    )


@pytest.mark.parametrize(
    "environment",
    [
        {"H200_WEB_PORT": "x"},
        {"H200_WEB_PORT": "70000"},
        {"H200_WEB_LOGIN": "name"},
        {"H200_WEB_LOGIN": ":x"},
        {"H200_WEB_MCP": "maybe"},
        {"H200_WEB_READERS": "-1"},
    ],
)
def test_bad_settings_are_told(environment: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        ServeSettings.from_environment(environment)
