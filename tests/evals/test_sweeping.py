"""Settings tried from a YAML file: every combination, on the same questions."""

import re

import pytest

from evals.questions import BUNDLED
from evals.sweep import read_plan, sweep
from evals.terminal import sweep_table
from rag.errors import ConfigError

PLAN = """
settings: {passage_words: [40, 90]}
engine: {answer_from: [0.0, 1.0]}
weights: {cosine: [0.6]}
by: missing
"""


def plan(folder, text):
    path = folder / "sweep.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_combination_is_asked(tmp_path, sources, dev):
    read = read_plan(plan(tmp_path, PLAN))
    cases = [case for case in dev if case.kind == "fact"][:3]
    tried = sweep(read, cases, sources, tmp_path / "cache")
    assert [tuple(one.values.values()) for one in tried] == [
        (40, 0.0, 0.6),
        (40, 1.0, 0.6),
        (90, 0.0, 0.6),
        (90, 1.0, 0.6),
    ]
    silent = [all(s.judged.seen.abstained for s in one.result.scored) for one in tried]
    assert silent == [False, True, False, True]
    table = sweep_table(tried, read.by)
    assert list(table.columns[1].cells)[:2] == ["0.0", "0.0"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "no keys"), ("speed: 1", "unknown key 'speed'"), ("by: beauty", "no measure"), ("engine: {catalog: [1]}", "sweeps over 'catalog'"),
        ("weights: {cosine: 1}", "no list of values"), ("settings: {library: [a]}", "encoder, passage_words"), ("a: [", "cannot be read"),
        ("engine: [1]", "no names under 'engine'"),
    ],
)  # fmt: skip
def test_a_bad_plan_is_told(tmp_path, text, words):
    with pytest.raises(ConfigError, match=words):
        read_plan(plan(tmp_path, text))


def test_the_plan_of_the_readme_can_be_read(tmp_path):
    text = (BUNDLED[0].parents[1] / "README.md").read_text(encoding="utf-8")
    read = read_plan(plan(tmp_path, re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1]))
    assert len(read.combinations) == 8
