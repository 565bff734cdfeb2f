"""What programs may ask: named endpoints through gradio_client and plain HTTP, tools for language models, our own routes."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from rag.library import Library
from rag.render.json import answer_json
from tests.app.conftest import Server

MEMORY = "Quelle est la capacité mémoire de la H200 ?"


@pytest.fixture(scope="module")
def client(server: Server) -> Client:
    return Client(server.url, verbose=False)


def same(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without what may differ: the time it took, and where the library's files lie."""
    kept = {key: value for key, value in answer.items() if key != "timings_ms"}
    return json.loads(json.dumps(kept))


def test_ask_gives_the_very_answer_of_the_library(client: Client, bundled: Library) -> None:
    answer = client.predict(MEMORY, api_name="/ask")
    assert same(answer) == same(answer_json(bundled.ask(MEMORY)))


def test_ask_as_of_with_history_and_language(client: Client) -> None:
    answer = client.predict("Et Tencent ?", "2026-01-05", ["Que peut acheter Alibaba ?"], "en", api_name="/ask")
    assert (answer["as_of"], answer["lang"]) == ("2026-01-05", "en")
    assert "Alibaba" in answer["standalone_question"] or "Tencent" in answer["standalone_question"]
    assert all((c["published"] or "") <= "2026-01-05" for c in answer["citations"])


def test_search_timeline_and_show(client: Client) -> None:
    found = client.predict("mémoire HBM3e", "", 3, api_name="/search")
    assert len(found) == 3
    assert [row["score"] for row in found] == sorted((row["score"] for row in found), reverse=True)
    article = client.predict(found[0]["article"]["id"], api_name="/show")
    assert article["text"][found[0]["start"] : found[0]["end"]] == found[0]["text"]
    events = client.predict("", "", api_name="/timeline")
    assert events
    assert {"date", "actor", "superseded", "citation"} <= set(events[0])


@pytest.mark.parametrize(
    ("arguments", "name", "words"),
    [
        (("x" * 2001,), "/ask", "2001"),
        (("Q ?", "yesterday"), "/ask", "2026-01-14"),
        (("Q ?", "", ["x" * 3000]), "/ask", "2000"),
        (("Q ?", "", [], "", "poem"), "/ask", "extractive"),
        (("nothing-goes-by-that-name",), "/show", "articles"),
    ],
)
def test_bad_calls_are_told_in_a_sentence(client: Client, arguments: tuple[Any, ...], name: str, words: str) -> None:
    with pytest.raises(AppError, match=words):
        client.predict(*arguments, api_name=name)


def test_only_the_four_are_offered(client: Client) -> None:
    assert set(client.view_api(return_format="dict", print_info=False)["named_endpoints"]) == {
        "/ask",
        "/search",
        "/timeline",
        "/show",
    }


def test_plain_http(server: Server) -> None:
    event = httpx.post(f"{server.url}/gradio_api/call/v2/ask", json={"question": MEMORY}).json()["event_id"]
    lines = httpx.get(f"{server.url}/gradio_api/call/ask/{event}", timeout=20).text.splitlines()
    data = json.loads(next(line for line in lines if line.startswith("data: ")).removeprefix("data: "))
    assert "141 Go" in data[0]["answer"]


def test_tools_for_language_models(server: Server) -> None:
    mcp = pytest.importorskip("mcp")
    from mcp.client.streamable_http import streamablehttp_client

    async def talk() -> tuple[set[str], str]:
        async with (
            streamablehttp_client(f"{server.url}/gradio_api/mcp/") as (read, write, _),
            mcp.ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {tool.name for tool in (await session.list_tools()).tools}
            name = next(tool for tool in tools if tool.endswith("ask"))
            result = await session.call_tool(name, {"question": MEMORY})
            return tools, result.content[0].text

    tools, text = asyncio.run(talk())
    assert {name.rpartition("_")[2] for name in tools} == {"ask", "search", "timeline", "show"}
    assert "141 Go" in text


def test_many_at_once_get_their_own_answers(server: Server) -> None:
    questions = [f"Combien de puces H200 ? Dossier {n}" for n in range(12)]
    got: dict[str, str] = {}

    def run(question: str) -> None:
        event = httpx.post(f"{server.url}/gradio_api/call/v2/ask", json={"question": question}).json()["event_id"]
        text = httpx.get(f"{server.url}/gradio_api/call/ask/{event}", timeout=60).text
        line = next(line for line in text.splitlines() if line.startswith("data: "))
        got[question] = json.loads(line.removeprefix("data: "))[0]["question"]

    threads = [threading.Thread(target=run, args=(q,)) for q in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {q: q for q in questions}


# --- our own routes ----------------------------------------------------------------------------------------------


def test_an_article_page_needs_no_script(server: Server) -> None:
    answer = httpx.post(f"{server.url}/export", json={"turns": [{"q": MEMORY}], "format": "json"}).json()["turns"][0]
    citation = answer["citations"][0]
    page = httpx.get(
        f"{server.url}/article/{citation['article_id']}",
        params={"at": f"{citation['start']}-{citation['end']}", "lang": "en"},
    )
    assert page.status_code == 200
    assert '<mark id="passage">' in page.text
    assert 'lang="en"' in page.text
    assert httpx.get(f"{server.url}/article/nothing").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/turns", b"{", 400), ("/turns", b"[]", 400), ("/turns", b'{"turns": [1]}', 400), ("/turns", b'{"turns": [{"q": 1}]}', 400),
        ("/turns", b'{"turns": [{"q": "x", "as_of": "soon"}]}', 400), ("/turns", b"[" * 100_000, 400), ("/turns", b'{"turns": []}', 200),
        ("/export", b'{"turns": [{"q": "x", "as_of": ["2026"]}]}', 400), ("/feedback", b'{"turns": []}', 400),
        ("/feedback", b'{"turns": [{"q": "x"}], "opinion": "great"}', 400), ("/feedback", b'{"turns": [{"q": "x"}], "opinion": "good", "comment": 1}', 400),
        ("/turns", b"{\"turns\": [{\"q\": \"\\ud800\"}]}", 200),
    ],
)  # fmt: skip
def test_what_a_browser_sends_is_checked(server: Server, path: str, body: bytes, status: int) -> None:
    assert httpx.post(server.url + path, content=body).status_code == status


def test_a_kept_conversation_says_when_its_answer_has_changed(server: Server) -> None:
    told = httpx.post(f"{server.url}/turns", json={"turns": [{"q": MEMORY, "mark": "another"}]}).text
    assert 'class="changed"' in told
    assert 'class="changed"' not in httpx.post(f"{server.url}/turns", json={"turns": [{"q": MEMORY}]}).text


def test_without_editing_nothing_can_be_added_or_removed(bundled: Library, server: Server) -> None:
    from rag.errors import NotAllowed
    from rag.serve.desk import Desk

    desk = Desk(bundled.settings, readers=1)
    desk.start().join()
    with pytest.raises(NotAllowed):
        desk.remove("x")
    with pytest.raises(NotAllowed):
        desk.add(["https://a.example"], lambda *_: None)
    desk.close()
    assert httpx.delete(f"{server.url}/article/2026").status_code == 404  # the start of a name removes nothing
