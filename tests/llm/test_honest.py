"""Mode llm with a model that does as it is asked: what is sent, what is shown, what is streamed."""

import json
import threading
import time

import pytest
from server import KEY, Asked, honest, pieces, reply, serving
from support import environment, h200

from rag.ask.prompting import count
from rag.errors import ConfigError
from rag.llm import REPLY_TOKENS
from rag.settings import ModelSettings, Settings

QUESTION = "Combien de puces H200 les groupes chinois ont-ils commandées ?"
PARAPHRASE = "Début janvier 2026, les groupes chinois avaient commandé 350 000 puces H200 à Nvidia, selon Reuters."


def says(*sentences):
    """A brain that says these, each on the evidence that holds the given words."""

    def brain(asked: Asked) -> str:
        return reply(asked, [([n for n, text in asked.evidence if words in text], said) for said, words in sentences])

    return brain


def test_a_paraphrase_is_shown_with_the_sentence_it_rests_on(with_model):
    with serving(says((PARAPHRASE, "350 000"))) as server, with_model(server) as library:
        answer = library.ask(QUESTION, mode="llm")
    assert (answer.mode, answer.status, answer.notes) == ("llm", "answered", ())
    assert answer.text == answer.statements[0].text == PARAPHRASE
    assert answer.statements[0].support == "supported"
    (citation,) = answer.citations
    assert citation.span.of(citation.article.text) == citation.quote
    assert "350 000" in citation.quote
    assert answer.usage["completion_tokens"] == 50
    assert 0 < answer.timings_ms["first_sentence"] <= answer.timings_ms["generate"]


def test_the_sources_own_words_are_a_quote(with_model):
    with serving(honest) as server, with_model(server) as library:
        answer = library.ask(QUESTION, mode="llm")
    assert answer.mode == "llm"
    assert {statement.support for statement in answer.statements} == {"quote"}


def test_an_answer_may_be_in_the_readers_language_and_its_source_in_another(with_model):
    french = "Le département du Commerce a accordé une licence à Nvidia le 1er février 2026."
    with serving(says((french, "granted Nvidia"))) as server, with_model(server) as library:
        answer = library.ask("Qui a accordé une licence à Nvidia ?", mode="llm")
    assert answer.statements[0].text == french
    assert answer.citations[0].article.lang == "en"


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda text: f"```json\n{text}\n```",
        lambda text: f"Here you are:\n{text}\nAnything else?",
        lambda text: f'<think>"sentences": [ hm</think>{text}',
        lambda text: text.replace('"ids": [', '"ids": ["[').replace("]", ']"]', 1),
        lambda text: text.replace('"text"', '"sentence"').replace('"ids"', '"citations"'),
    ],
)
def test_it_is_read_leniently(with_model, wrapped):
    with serving(lambda asked: wrapped(says((PARAPHRASE, "350 000"))(asked))) as server, with_model(server) as library:
        assert library.ask(QUESTION, mode="llm").text == PARAPHRASE


def test_marks_and_emphasis_of_the_models_own_are_taken_off(with_model):
    said = f"- **{PARAPHRASE[:-1]}** [1][2, 3]."
    with serving(says((said, "350 000"))) as server, with_model(server) as library:
        assert library.ask(QUESTION, mode="llm").text == PARAPHRASE


def test_a_server_that_refuses_the_schema_is_asked_without_and_remembered(with_model):
    def plain(handler, asked):
        if "response_format" in asked.body:
            handler.status(400, b'{"error": {"message": "response_format is not supported"}}')
        else:
            handler.stream(pieces(honest(asked)))

    with serving(trouble=plain) as server, with_model(server) as library:
        assert library.ask(QUESTION, mode="llm").mode == "llm"
        assert library.ask(QUESTION, mode="llm").mode == "llm"
    assert ["response_format" in asked.body for asked in server.asked] == [True, False, False]


def test_the_prompt_keeps_to_the_context_and_holds_no_secret(bundled_with_model):
    sizes = []
    for context in (2_048, 4_096):
        with serving(honest) as server, bundled_with_model(server, context=context) as library:
            library.ask("Pékin a-t-il autorisé l'importation de puces H200 ?", mode="llm")
        (asked,) = server.asked
        assert count(asked.system + asked.user) + REPLY_TOKENS <= context
        assert KEY not in json.dumps(asked.body)
        assert server.keys == [f"Bearer {KEY}"]
        sizes.append(len(asked.evidence))
    assert 1 <= sizes[0] < sizes[1]


def test_marks_are_drawn_anew_and_no_reader_can_end_them(with_model):
    with serving(honest) as server, with_model(server) as library:
        for _ in range(2):
            library.ask(f"{QUESTION} <<< >>>\u200b", mode="llm")
    first, second = server.asked
    assert first.code != second.code
    assert first.user.count("<<<") == 4
    assert "\u200b" not in first.user


def test_an_abstention_asks_no_model(with_model):
    with serving(honest) as server, with_model(server) as library:
        answer = library.ask("Quel temps fera-t-il demain à Lyon ?", mode="llm")
    assert (answer.status, server.asked) == ("abstained", [])


def test_what_holds_now_is_added_where_the_model_left_it_out(bundled_with_model):
    question = "Où en sont aujourd'hui les livraisons de H200 en Chine ?"
    brain = lambda asked: reply(asked, [([n], text) for n, text in asked.evidence[3:5]])  # noqa: E731
    with serving(brain) as server, bundled_with_model(server) as library:
        current = next(s for s in library.ask(question).statements if s.role == "current")
        answer = library.ask(question, mode="llm")
    assert answer.mode == "llm"
    assert answer.statements[0].text == current.text


def test_snapshots_grow_by_verified_sentences(bundled_with_model):
    brain = lambda asked: reply(asked, [([n], text) for n, text in asked.evidence])  # noqa: E731
    with serving(brain) as server, bundled_with_model(server) as library:
        *partial, last = library.ask_stream("Combien de puces H200 ont été commandées ?")
    assert [len(answer.statements) for answer in partial] == list(range(1, len(partial) + 1))
    assert {answer.status for answer in partial} == {"partial"}
    assert last.status == "answered"
    assert last.statements[: len(partial)] == partial[-1].statements


def test_the_first_sentence_is_shown_before_the_last_is_written_and_stopping_ends_the_request(with_model):
    left = threading.Event()

    def slow(handler, asked):
        text = honest(asked)
        head = text[: text.index("}") + 1]
        handler.open_stream()
        handler.event({"content": head})
        try:
            for _ in range(400):
                handler.event({"content": " "})
                time.sleep(0.02)
        except OSError:
            left.set()
            raise

    with serving(trouble=slow) as server, with_model(server) as library:
        answers = library.ask_stream(QUESTION)
        assert next(answers).status == "partial"
        answers.close()
        assert left.wait(2.0)


def test_without_a_model_it_says_so(reading):
    answer = reading.ask(QUESTION, mode="llm")
    assert answer.mode == "extractive"
    assert "H200_LLM_URL" in answer.notes[-1]


def test_the_command_asks_the_model_and_says_whether_it_answers(built):
    with serving(says((PARAPHRASE, "350 000"))) as server:
        told = {
            "H200_LLM_URL": server.url,
            "H200_LLM_MODEL": "small",
            "H200_LLM_KEY": KEY,
            "OPENAI_API_KEY": "sk-other",
        }
        asked = h200("ask", QUESTION, "--mode", "llm", "--json", library=built, **told)
        status = h200("status", "--json", library=built, **told)
    assert asked.json["mode"] == "llm"
    assert asked.json["statements"][0]["text"] == PARAPHRASE
    assert status.json["language_model_is"] == "answering"
    assert set(server.keys) == {f"Bearer {KEY}"}
    assert KEY not in asked.out + asked.err + status.out + status.err
    assert "H200_LLM_URL" not in environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("H200_LLM_URL", "localhost:11434"), ("H200_LLM_URL", "http://[1"), ("H200_LLM_CONTEXT", "12"),
        ("H200_LLM_CONTEXT", "many"), ("H200_LLM_SECONDS", "0"), ("H200_LLM_SECONDS", "900"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_named(name, value):
    with pytest.raises(ConfigError, match=name):
        Settings.from_environment({"H200_LLM_URL": "http://127.0.0.1:1", name: value})


def test_an_address_without_a_path_is_that_of_the_first_version_and_a_key_is_not_shown():
    settings = Settings.from_environment({"H200_LLM_URL": "http://127.0.0.1:11434/", "H200_LLM_KEY": KEY})
    assert settings.language_model == ModelSettings(url="http://127.0.0.1:11434/v1", key=KEY)
    assert KEY not in repr(settings)
