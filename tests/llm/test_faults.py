"""Whatever a server does, a reader has the extractive answer within the deadline and two seconds, and is told why."""

import json
import subprocess
import sys
import time

import pytest
from server import KEY, TROUBLES, free_port, serving

from rag.ask.phrases import say
from rag.render.json import answer_json
from tests.support import ROOT, environment

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


def test_what_asking_a_model_imports_is_none_of_its_time(built):
    script = (
        "import sys; from pathlib import Path; from rag.library import Library; from rag.settings import *\n"
        "model = ModelSettings(url='http://127.0.0.1:9/v1', model='small')\n"
        "with Library.open(Settings(library=Path(sys.argv[1]), language_model=model)) as library:\n"
        "    library.ask_stream('H200 ?', mode='llm')\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(built)], env=environment(), cwd=ROOT, capture_output=True, text=True
    )
    assert "llama_index.llms.openai_like" in done.stdout.split(), done.stderr
