"""What a lying model writes does not reach a reader; nor does what an article tells a model to write."""

import re

import pytest
from lies import LIES, fake_ids, lies_of, lying
from server import reply, serving

QUESTIONS = (
    "Combien de puces H200 les entreprises chinoises ont-elles commandées ?",
    "Pékin a-t-il autorisé l'importation de puces H200 ?",
    "Has any H200 been delivered to China?",
)


def asked_and_shown(opened, brain, question):
    with serving(brain) as server, opened(server) as library:
        answer = library.ask(question, mode="llm")
    return server.asked[0], answer


@pytest.mark.parametrize("name", LIES)
def test_no_lie_is_shown(bundled_with_model, name):
    lie, told, shown = LIES[name], 0, []
    for question in QUESTIONS:
        asked, answer = asked_and_shown(bundled_with_model, lying(lie), question)
        false = {text for _, text in lies_of(asked, lie)}
        told += len(false)
        shown += [statement.text for statement in answer.statements if statement.text in false]
        assert not re.search(r"mauvais|!\[", answer.text)
    assert told >= 3
    assert len(shown) <= 0.05 * told, shown


def test_ids_that_stand_for_nothing_carry_nothing(bundled_with_model):
    _, answer = asked_and_shown(bundled_with_model, fake_ids, QUESTIONS[0])
    assert answer.mode == "extractive"


def test_one_true_sentence_among_lies_is_kept_and_the_others_are_counted(bundled_with_model):
    def brain(asked):
        (n, true), *_ = asked.evidence
        return reply(
            asked, [([n], true), ([n], "Nvidia va ouvrir une usine à Lyon."), ([77], "Nvidia a vendu 12 puces.")]
        )

    asked, answer = asked_and_shown(bundled_with_model, brain, QUESTIONS[0])
    assert answer.statements[0].text == asked.evidence[0][1]
    assert answer.notes[-1].endswith(": 2.")


def test_true_evidence_under_another_number_is_not_shown(bundled_with_model):
    def shifted(asked):
        texts = [text for _, text in asked.evidence]
        return reply(asked, [([n], texts[n % len(texts)]) for n, _ in asked.evidence])

    _, answer = asked_and_shown(bundled_with_model, shifted, QUESTIONS[0])
    wrong = [s for s in answer.statements if s.support != "quote" and answer.mode == "llm"]
    assert len(wrong) <= 1
