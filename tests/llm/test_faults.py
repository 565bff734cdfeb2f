"""Whatever a server does, a reader has the extractive answer within the deadline and two seconds, and is told why."""

import json
import time

import pytest
from server import KEY, TROUBLES, free_port, serving

from rag.ask.phrases import say
from rag.render.json import answer_json

QUESTION = "Combien de puces H200 les groupes chinois ont-ils commandées ?"
SECONDS = 1.0


@pytest.fixture(scope="module")
def behind(with_model):
    """A server that a test may trouble, and a library that asks it."""
    with serving() as server, with_model(server, seconds=SECONDS) as library:
        yield server, library


def answered(library, question=QUESTION):
    started = time.monotonic()
    answer = library.ask(question, mode="llm")
    assert time.monotonic() - started < SECONDS + 2
    return answer


@pytest.mark.parametrize("name", TROUBLES)
def test_a_fault_is_told_and_the_extractive_answer_given(behind, reading, name):
    server, library = behind
    server.trouble, reason = TROUBLES[name]
    server.asked.clear()
    answer, plain = answered(library), reading.ask(QUESTION)
    assert answer.notes == (*plain.notes, say(f"llm_{reason}", "fr", seconds="1"))
    assert (answer.mode, answer.statements, answer.citations) == ("extractive", plain.statements, plain.citations)
    shown = json.dumps(answer_json(answer))
    assert not any(secret in shown for secret in (KEY, "secret", "Code du message", "127.0.0.1"))
    assert len(server.asked) == 1 + (name == "400 too long")


def test_nobody_there(with_model):
    with with_model(f"http://127.0.0.1:{free_port()}/v1", seconds=SECONDS) as library:
        assert answered(library, "Who granted Nvidia a licence?").notes == (say("llm_unreachable", "en"),)
        assert library.model_fault() == "unreachable"


def test_a_reply_that_is_whole_is_not_lost_to_what_comes_after(with_model):
    def lingering(handler, asked):
        text = json.dumps({"code": asked.code, "sentences": [{"ids": [1], "text": asked.evidence[0][1]}]})
        handler.open_stream()
        handler.event({"content": text})
        time.sleep(30)

    with serving(trouble=lingering) as server, with_model(server, seconds=5.0) as library:
        started = time.monotonic()
        answer = library.ask(QUESTION, mode="llm")
    assert answer.mode == "llm"
    assert time.monotonic() - started < 3
