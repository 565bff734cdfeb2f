"""The library as a llama-index retriever and query engine, and the example in the docs."""

import re
from datetime import date

import pytest
from support import ROOT

from rag.integrations.llama_index import H200QueryEngine, H200Retriever
from rag.render.json import SCHEMA


def test_nodes_stand_where_they_say(reading):
    found = H200Retriever(reading, limit=2).retrieve("Combien de puces H200 ont été commandées ?")
    assert 1 <= len(found) <= 2
    assert "350 000" in found[0].text
    for one in found:
        article = reading.show(one.node.ref_doc_id)
        assert article.text[one.node.start_char_idx : one.node.end_char_idx] == one.text
        assert one.metadata["url"] == article.url


def test_a_retriever_may_look_from_a_day(reading):
    found = H200Retriever(reading, as_of=date(2026, 1, 6)).retrieve("licence for Nvidia")
    assert all(date.fromisoformat(one.metadata["published"]) <= date(2026, 1, 6) for one in found)


def test_a_response_is_the_answer_with_its_citations(reading):
    question = "Who granted Nvidia a licence?"
    response, answer = H200QueryEngine(reading).query(question), reading.ask(question)
    assert str(response) == answer.text
    assert [node.text for node in response.source_nodes] == [citation.quote for citation in answer.citations]
    assert response.metadata["schema"] == SCHEMA


@pytest.mark.anyio
async def test_it_may_be_awaited(reading):
    response = await H200QueryEngine(reading).aquery("Quel temps fera-t-il demain à Lyon ?")
    assert response.metadata["status"] == "abstained"
    assert not response.source_nodes


def test_the_example_of_the_docs_runs(bundled, monkeypatch, capsys):
    (example,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8"), re.DOTALL
    )
    monkeypatch.setenv("H200_LIBRARY", str(bundled.settings.library))
    exec(example, {})
    assert "Traceback" not in capsys.readouterr().err
