"""Question sets: the bundled ones are sound and balanced, and a slip in another is told with its line."""

import json
import re
from collections import Counter

import jsonschema
import pytest

from evals.lint import lint, read_articles
from evals.questions import BUNDLED, BadQuestionSet, load, parse
from rag import bundled_corpus

SCHEMA = json.loads((BUNDLED[0].parents[1] / "question.schema.json").read_text(encoding="utf-8"))
GOOD = {"id": "q1", "question": "Who said it?", "nuggets": [{"aliases": ["Warren"], "supports": ["a"]}]}


@pytest.fixture(scope="module")
def articles():
    return read_articles(bundled_corpus())


def test_every_alias_stands_in_a_support_and_no_forbidden_value_in_the_gold(articles):
    assert [str(fault) for fault in lint(BUNDLED, articles)] == []


def test_they_are_many_and_balanced(everything):
    assert len(everything) >= 300
    for share in (Counter(case.lang for case in everything), Counter(case.split for case in everything)):
        assert min(share.values()) >= 0.45 * len(everything)
    assert {case.kind for case in everything} >= {
        "fact",
        "state",
        "evolution",
        "conflict",
        "false_premise",
        "unanswerable",
    }


def test_every_question_keeps_to_the_schema():
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for path in BUNDLED:
        for line in path.read_text(encoding="utf-8").splitlines():
            validator.validate(json.loads(line))


def test_a_small_question_is_enough(tmp_path):
    (case,) = load([written(tmp_path, GOOD)])
    assert (case.lang, case.kind, case.answerable, case.fact, case.split) == ("en", "fact", True, "q1", "dev")
    assert case.nuggets[0].aliases == {"fr": (), "en": ("Warren",)}
    jsonschema.validate(GOOD, SCHEMA)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lang": "de"}, "'lang' is 'de'"), ({"question": ""}, "'question'"), ({"colour": "red"}, "unknown key 'colour'"),
        ({"answerable": False}, "unanswerable"), ({"as_of": "14/01/2026"}, "2026-01-14"), ({"nuggets": "x"}, "no list"),
        ({"nuggets": [{"aliases": []}]}, "no alias"), ({"history": [1]}, "'history'"), ({"split": "train"}, "dev, test"),
        ({"nuggets": [{"aliases": ["x"], "value": "ten"}]}, "'value'"), ({"answerable": "yes"}, "true or false"),
        ({"as_of": 20260114}, "'as_of'"), ({"kind": 4}, "'kind'"), ({"fact": ["x"]}, "'fact'"), ({"lang": ["fr"]}, "fr, en"),
        ({"nuggets": [{"aliases": "Warren"}]}, "lists under fr and en"), ({"nuggets": [{"aliases": {"de": ["x"]}}]}, "unknown key 'de'"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line(tmp_path, change, words):
    path = written(tmp_path, GOOD, {**GOOD, "id": "q2", **change})
    cases, ((line, slip),) = parse(path)
    assert len(cases) == 1
    assert line == 2
    assert words in slip
    with pytest.raises(BadQuestionSet, match="line 2"):
        load([path])


def test_broken_json_and_a_missing_file_are_told(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": "a"\n', encoding="utf-8")
    assert parse(path)[1][0][0] == 1
    with pytest.raises(BadQuestionSet, match="cannot be read"):
        load([tmp_path / "none.jsonl"])


def test_a_file_without_a_question_is_told(tmp_path, articles):
    path = written(tmp_path)
    with pytest.raises(BadQuestionSet, match="holds no question"):
        load([path])
    assert [fault.text for fault in lint([path], articles)] == ["there is no question in it"]


def test_many_slips_make_one_sentence(tmp_path):
    path = written(tmp_path, *({**GOOD, "id": n} for n in range(5)))
    with pytest.raises(
        BadQuestionSet, match=r"\(line 1: 'id' is 0: write a text; .*; and 2 more\): 'h200 eval lint"
    ) as told:
        load([path])
    assert "\n" not in str(told.value)


def test_the_example_of_the_readme_is_sound(tmp_path, articles):
    text = (BUNDLED[0].parents[1] / "README.md").read_text(encoding="utf-8")
    example = json.loads(re.search(r"```json\n(.*?)```", text, re.DOTALL)[1])
    jsonschema.validate(example, SCHEMA)
    assert lint([written(tmp_path, example)], articles) == []


def test_the_older_sets_are_told_apart(tmp_path):
    seeds = BUNDLED[0].parent / "seeds_dev.jsonl"
    with pytest.raises(BadQuestionSet, match="unknown key 'stratum'"):
        load([seeds])


def test_repeated_ids_and_unknown_kinds_are_refused(tmp_path):
    path = written(tmp_path, GOOD, GOOD)
    with pytest.raises(BadQuestionSet, match="stands twice"):
        load([path])
    with pytest.raises(BadQuestionSet, match="there are fact"):
        load([written(tmp_path, GOOD)], kinds=["riddle"])


def test_what_a_schema_cannot_see(tmp_path, articles):
    name = "2025-12-11-boursorama-warren-huang"
    path = written(
        tmp_path,
        {**GOOD, "nuggets": [{"aliases": {"fr": ["Elizabeth Warren"]}, "supports": [name]}]},
        {**GOOD, "id": "q2", "nuggets": [{"aliases": {"fr": ["Elizabeth Waren"]}, "supports": [name]}]},
        {**GOOD, "id": "q3", "nuggets": [{"aliases": ["Warren"], "supports": ["nowhere"]}]},
        {
            **GOOD,
            "id": "q4",
            "nuggets": [{"aliases": {"fr": ["Elizabeth Warren"]}, "supports": [name]}],
            "forbidden": ["Warren"],
        },
        {
            **GOOD,
            "id": "q5",
            "nuggets": [{"aliases": {"fr": ["Elizabeth Warren"]}, "supports": [name]}],
            "as_of": "2025-12-01",
        },
        {
            **GOOD,
            "id": "q6",
            "kind": "follow_up",
            "nuggets": [{"aliases": {"fr": ["Elizabeth Warren"]}, "supports": [name]}],
        },
    )
    found = {(fault.line, fault.text.split(" ")[0]): fault.text for fault in lint([path], articles)}
    assert {line for line, _ in found} == {2, 3, 4, 5, 6}
    texts = " | ".join(found.values())
    for words in (
        "no support says 'Elizabeth Waren'",
        "'nowhere'",
        "holds the forbidden 'Warren'",
        "published after",
        "history",
    ):
        assert words in texts


def written(folder, *rows):
    path = folder / "set.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
