"""A real model of random weights behind the address: what it babbles never reaches a reader."""

from server import serving
from tiny import babbling, build


def test_babble_is_not_shown(with_model, reading, tmp_path):
    build(tmp_path)
    said = []
    brain = babbling(tmp_path)

    def heard(asked):
        said.append(brain(asked))
        return said[-1]

    for question in ("Combien de puces H200 les groupes chinois ont-ils commandées ?", "Who granted Nvidia a licence?"):
        with serving(heard) as server, with_model(server, seconds=20.0) as library:
            answer = library.ask(question, mode="llm")
        plain = reading.ask(question)
        assert (answer.mode, answer.statements, answer.text) == ("extractive", plain.statements, plain.text)
        assert len(answer.notes) == len(plain.notes) + 1
    assert len(said) == 2
    assert all(said)
