"""Each arm really does what its name says, and says so when it does not."""

from dataclasses import replace

import pytest

from evals.answerers.arms import ARMS, arm
from evals.answerers.base import ArmDidNotRun
from evals.answerers.engine import LibraryArm, whole_engine
from evals.observed import observe
from evals.run import run_arm
from rag.errors import RagError


@pytest.fixture(scope="module")
def few(dev):
    return [case for case in dev if case.kind in ("lookalike", "before_coverage")][:6]


@pytest.mark.parametrize("name", ARMS)
def test_it_runs_and_its_quotes_hold(name, shelf, few):
    answerer = arm(name, shelf)
    result = run_arm(answerer, few, shelf)
    answerer.close()
    assert result.name == name
    assert result.fresh == len(few)
    assert any(one.judged.seen.statements for one in result.scored)
    assert all(c.genuine for one in result.scored for s in one.judged.seen.statements for c in s.citations)
    assert all(unit in answerer.units() for one in result.scored for unit in one.finding.ranked)


def test_an_unknown_arm_is_told(shelf):
    with pytest.raises(RagError, match="choose from ours"):
        arm("theirs", shelf)


def test_words_alone_finds_by_words_alone(shelf, few):
    answerer = arm("lexical", shelf)
    responses = {case.id: answerer.ask(case) for case in few}
    assert {way for response in responses.values() for way in response.proof["ways"]} == {"lexical"}
    answerer.engine = whole_engine(shelf)
    with pytest.raises(ArmDidNotRun, match=r"'lexical' searched by lexical, vectors and not by lexical"):
        run_arm(answerer, few, shelf)


def test_vectors_alone_finds_by_vectors_alone(shelf, few):
    answerer = arm("vectors", shelf)
    responses = {case.id: answerer.ask(case) for case in few}
    assert {way for response in responses.values() for way in response.proof["ways"]} == {"vectors"}
    answerer.engine = replace(answerer.engine, vectors=lambda: None)
    with pytest.raises(ArmDidNotRun, match="searched by nothing"):
        run_arm(answerer, few, shelf)


def test_ours_without_its_vectors_is_not_ours(shelf, few):
    engine = replace(whole_engine(shelf), vectors=lambda: None)
    with pytest.raises(ArmDidNotRun, match="'ours' searched by lexical"):
        run_arm(LibraryArm("ours", engine, shelf, {}), few, shelf)


def test_stock_is_what_llama_index_does_when_nothing_is_said(shelf, few):
    answerer = arm("stock", shelf)
    responses = {case.id: answerer.ask(case) for case in few}
    answerer.check(responses)
    assert answerer.settings["top"] == 2
    assert answerer.settings["chunk_tokens"] == 1024
    assert all(len(response.ranked) == 2 for response in responses.values())
    assert not any(observe(response, shelf.articles).abstained for response in responses.values())
    case_id, response = next(iter(responses.items()))
    with pytest.raises(ArmDidNotRun, match="1 chunks"):
        answerer.check({case_id: replace(response, ranked=response.ranked[:1])})


@pytest.mark.parametrize("name", ARMS)
def test_its_answers_can_be_kept_and_measured_later(name, shelf, few, tmp_path):
    results = []
    for _ in range(2):
        answerer = arm(name, shelf)
        results.append(run_arm(answerer, few, shelf, tmp_path))
        answerer.close()
    first, second = results
    assert (first.fresh, second.fresh) == (len(few), 0)
    assert [one.parts for one in first.scored] == [one.parts for one in second.scored]


def test_ours_is_asked_through_the_library(shelf, few):
    answerer = arm("ours", shelf)
    case = few[0]
    shown = shelf.library.ask(case.question, as_of=case.as_of, history=case.history)
    assert answerer.ask(case).answer["answer"] == shown.text
