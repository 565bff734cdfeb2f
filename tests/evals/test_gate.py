"""The gate: green for the engine as it is, red and telling for each regression planted in it.

Regressions are planted through arguments of the engine and around it, never by patching it. Only the questions they
bear on are asked again; the rest keep the answers of the engine as it is.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from evals.answerers.engine import EngineArm, whole_engine
from evals.gate import THRESHOLDS, Rule, Verdict, check, junit, raised, read_rules
from evals.measures import MEASURES
from evals.scoring import Estimate, score_all
from rag.errors import ConfigError
from rag.language.lexicon import concepts


@pytest.fixture(scope="module")
def verdicts(shelf, engine_arm, dev):
    """What the gate says to some answers."""

    def held_against(responses):
        scored = score_all(dev, responses, engine_arm.units(), shelf.articles, shelf.known)
        return check(read_rules(), scored)

    return held_against


def failures(verdicts):
    return {verdict.rule.name: verdict.message for verdict in verdicts if not verdict.holds}


def broken(shelf, cases, answers, **parts):
    """The answers of an engine with other parts to these questions, of the real one to the others."""
    ask = parts.pop("ask", None)
    engine = replace(whole_engine(shelf), **parts)
    arm = EngineArm("broken", engine, shelf, {}, ask_engine=(lambda question: ask(engine, question)) if ask else None)
    return {**answers, **{case.id: arm.ask(case) for case in cases}}


# --- unchanged ---------------------------------------------------------------------------------------------------


def test_unchanged_it_is_green_five_times_in_a_row(verdicts, engine_arm, dev, answers):
    again = dict(answers)
    for round_ in range(5):
        if round_:  # a quarter of the questions asked anew, from the last to the first
            again |= {case.id: engine_arm.ask(case) for case in reversed(dev[round_ - 1 :: 4])}
        assert failures(verdicts(again)) == {}


# --- planted -----------------------------------------------------------------------------------------------------


def test_without_the_lexicon_it_is_red(verdicts, shelf, dev, answers):
    def read_without(text, lang):
        return tuple(replace(concept, alternatives=concept.alternatives[:1]) for concept in concepts(text, lang))

    asked = [case for case in dev if case.lang == "en" and case.kind in ("fact", "rough", "agree")]
    failed = failures(verdicts(broken(shelf, asked, answers, read=read_without)))
    assert "vital_recall[en]" in failed
    assert failed["vital_recall[en]"].startswith("vital_recall[en] must be at least ")


def test_ignoring_the_day_of_the_question_it_is_red(verdicts, shelf, dev, answers):
    def ask(engine, question):
        return engine.answer(replace(question, as_of=None))

    asked = [case for case in dev if case.as_of is not None]
    failed = failures(verdicts(broken(shelf, asked, answers, ask=ask)))
    assert failed["future_leak"].startswith("future_leak must be at most 0.000: ")


def test_with_citations_shuffled_it_is_red(verdicts, shelf, dev, answers):
    def ask(engine, question):
        answer = engine.answer(question)
        cited = [statement.citations for statement in answer.statements]
        neighbours = zip(answer.statements, cited[1:] + cited[:1], strict=True)
        return replace(answer, statements=tuple(replace(said, citations=other) for said, other in neighbours))

    asked = [case for case in dev if case.kind in ("fact", "lookalike")]
    failed = failures(verdicts(broken(shelf, asked, answers, ask=ask)))
    assert {"integrity", "citation_precision_judged", "citation_recall"} <= failed.keys()
    assert failed["citation_recall"].startswith("citation_recall must be at least ")


def test_never_abstaining_it_is_red(verdicts, shelf, dev, answers):
    asked = [case for case in dev if answers[case.id].answer["status"] == "abstained"]
    failed = failures(verdicts(broken(shelf, asked, answers, answer_from=-1.0)))
    assert failed["abstention_recall"].startswith("abstention_recall must be at least ")
    assert "abstention_easy" in failed


# --- thresholds --------------------------------------------------------------------------------------------------


def verdict(bound, threshold, value, count=100, measure="vital_recall"):
    return Verdict(Rule(measure, None, bound, threshold), Estimate(value, count))


def test_at_the_threshold_it_holds():
    assert verdict("least", 0.8, 0.8).holds
    assert verdict("most", 0.2, 0.2, measure="wrong").holds
    assert not verdict("least", 0.8, 0.79).holds
    assert not verdict("most", 0.2, 0.21, measure="wrong").holds


def test_a_rule_that_no_question_bears_on_does_not_hold():
    empty = Verdict(Rule("both_sides", None, "least", 0.1), None)
    assert not empty.holds
    assert empty.message == "both_sides: no question of this run bears on it."


def test_thresholds_only_ever_rise():
    text = "[least]\nvital_recall = 0.50\nintegrity = 1\n[most]\nwrong = 0.30\nfuture_leak = 0\n"
    better = [
        verdict("least", 0.5, 0.776), verdict("least", 1.0, 1.0, measure="integrity"),
        verdict("most", 0.3, 0.104, measure="wrong"), verdict("most", 0.0, 0.0, measure="future_leak"),
    ]  # fmt: skip
    assert (
        raised(better, text) == "[least]\nvital_recall = 0.76\nintegrity = 1\n[most]\nwrong = 0.12\nfuture_leak = 0\n"
    )
    worse = [verdict("least", 0.5, 0.4), verdict("most", 0.3, 0.5, measure="wrong")]
    assert raised(worse, text) == text


def test_junit_names_what_failed():
    suite = ET.fromstring(junit([verdict("least", 0.8, 0.7), verdict("most", 0.2, 0.1, measure="wrong")]))
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "vital_recall must be at least 0.800: 0.700 over 100 questions."


def test_the_thresholds_of_the_house_are_of_known_measures_and_hold_the_laws():
    rules = {rule.name: rule for rule in read_rules(THRESHOLDS)}
    assert {rule.measure for rule in rules.values()} <= MEASURES.keys()
    assert (rules["integrity"].threshold, rules["future_leak"].threshold) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no threshold"), ("[least]\nspeed = 1\n", "unknown measure 'speed'"), ("[least]\nwrong = 'x'\n", "write a number"),
        ("[least", "cannot be read"), ("[least]\nwrong = 1\n[worst]\nwrong = 1\n", "unknown part 'worst'"),
    ],
)  # fmt: skip
def test_bad_thresholds_are_told(tmp_path, text, words):
    path = tmp_path / "gate.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        read_rules(path)
