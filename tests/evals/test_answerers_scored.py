"""Answerers whose worth is known beforehand get the figures they deserve."""

import pytest
from made import Dump, Empty, Perfect, Silent, reachable

from evals.run import run_arm
from evals.scoring import estimates


def figures(answerer, cases, shelf):
    found = estimates(run_arm(answerer, cases, shelf).scored, intervals=False)
    return {name: estimate.value for name, estimate in found.items()}


def test_the_perfect_answerer_gets_everything(shelf, everything):
    # An article whose day is not known for sure may count as later than it was; what only it says cannot be asked for.
    cases = [
        case for case in everything if all(any(reachable(shelf, a, case.as_of) for a in n.supports) for n in case.vital)
    ]
    assert len(cases) >= len(everything) - 1
    found = figures(Perfect(shelf), cases, shelf)
    for name in (
        "truthfulness", "correct", "vital_recall", "citation_precision", "citation_recall", "integrity", "abstention_precision",
        "abstention_recall", "abstention_f1", "abstention_reason", "auroc", "coverage_at_5", "as_of_accuracy", "change_mention",
        "flip_accuracy", "both_sides", "frame_language", "hit@1", "mrr@10", "ndcg@10", "article_ndcg@10", "claim_recall@10",
    ):  # fmt: skip
        if name == "coverage_at_5":
            assert found[name] == pytest.approx(sum(c.answerable for c in cases) / len(cases))
        else:
            assert found[name] == 1.0, name
    for name in ("wrong", "missing", "stale_rate", "future_leak", "false_conflicts", "risk_coverage"):
        assert found[name] == 0.0, name


def test_the_empty_answerer_is_wrong_about_everything(shelf, dev):
    found = figures(Empty(shelf), dev, shelf)
    assert found["truthfulness"] == -1.0
    assert found["vital_recall"] == found["citation_recall"] == found["citation_precision"] == found["hit@10"] == 0.0
    assert found["abstention_recall"] == found["missing"] == 0.0
    assert "integrity" not in found  # it quotes nothing that could hold


def test_always_abstaining_earns_what_is_unanswerable_and_no_more(shelf, dev):
    found = figures(Silent(shelf), dev, shelf)
    share = sum(not case.answerable for case in dev) / len(dev)
    assert found["truthfulness"] == pytest.approx(share)
    assert found["abstention_precision"] == pytest.approx(share)
    assert found["abstention_recall"] == found["missing"] == 1.0
    assert found["vital_recall"] == found["as_of_accuracy"] == found["both_sides"] == found["change_mention"] == 0.0
    assert found["auroc"] == 0.5
    assert "stale_rate" not in found


def test_dumping_everything_buys_nothing(shelf, dev):
    states = [case for case in dev if case.kind == "state" and case.forbidden and case.as_of][:6]
    cases = [*states, *(case for case in dev if case.kind == "small_talk")]
    found = figures(Dump(shelf), cases, shelf)
    assert found["vital_recall_unlimited"] > 0.98
    assert found["vital_recall"] < 0.1
    assert found["truthfulness"] < -0.95
    assert found["citation_precision"] < 0.05
    assert found["vital_per_100_words"] < 0.1
    assert found["words_shown"] > 5_000
    assert found["future_leak"] == found["stale_rate"] == 1.0
    assert found["abstention_recall"] == 0.0
    assert found["integrity"] == 1.0
