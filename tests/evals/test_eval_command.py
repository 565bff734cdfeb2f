"""`h200 eval` from the command line."""

from __future__ import annotations

import json
import sys

import pytest
from support import assert_clear_error, h200

from evals import cli
from rag.errors import RagError

SET = [
    {"id": "a", "question": "Combien de puces H200 les groupes chinois ont-ils commandées ?", "lang": "fr",
     "nuggets": [{"type": "number", "aliases": ["350 000"], "supports": ["2026-01-05-gazette-commandes"]}]},
    {"id": "b", "question": "Where did customs hold a cargo of chips?", "lang": "en",
     "nuggets": [{"type": "entity", "aliases": {"fr": ["Shenzhen"]}, "supports": ["2026-01-20-tribune-douanes"]}]},
    {"id": "c", "question": "Quel temps fera-t-il demain à Lyon ?", "lang": "fr", "kind": "off_topic", "answerable": False},
]  # fmt: skip


@pytest.fixture
def own_set(tmp_path):
    path = tmp_path / "my.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in SET), encoding="utf-8")
    return path


def test_a_set_of_ones_own_on_articles_of_ones_own(own_set, built, tmp_path):
    done = h200("eval", own_set, "--cache", tmp_path / "cache", "--out", tmp_path / "run", library=built)
    assert (done.code, done.err) == (0, "")
    assert "Truthfulness" in done.out
    assert str(tmp_path / "run" / "report.html") in done.out
    run = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert run["questions"] == 3
    assert run["arms"]["ours"]["measures"]["correct"]["value"] == 1.0
    assert run["seconds"]["cold_start"] > 0
    assert h200("eval", "compare", tmp_path / "run", tmp_path / "run").code == 0
    assert h200("eval", "page", tmp_path / "run").out.strip() == str(tmp_path / "run" / "report.html")


def test_the_gate_has_an_exit_code_a_junit_file_and_a_message(own_set, built, tmp_path, capsys):
    thresholds = tmp_path / "gate.toml"
    thresholds.write_text('[least]\ncorrect = 1\n"correct[fr]" = 1\nboth_sides = 0.5\n', encoding="utf-8")
    common = ["--library", str(built), "--cache", str(tmp_path / "cache"), "-q", "--thresholds", str(thresholds)]
    assert cli.main(["gate", str(own_set), *common, "--junit", str(tmp_path / "out" / "gate.xml")]) == 1
    assert "FAILED  both_sides: no question of this run bears on it." in capsys.readouterr().out
    assert 'failures="1"' in (tmp_path / "out" / "gate.xml").read_text(encoding="utf-8")
    thresholds.write_text("[least]\ncorrect = 0.1\n", encoding="utf-8")
    assert cli.main(["gate", str(own_set), *common, "--raise"]) == 0
    assert capsys.readouterr().out == "1 of 1 thresholds hold over 3 questions.\n"
    assert thresholds.read_text(encoding="utf-8") == "[least]\ncorrect = 0.66\n"


def test_lint_names_file_line_and_fault(own_set, sources):
    assert h200("eval", "lint", own_set, "--corpus", sources).code == 0
    own_set.write_text(own_set.read_text(encoding="utf-8").replace("350 000", "360 000") + "{\n", encoding="utf-8")
    done = h200("eval", "lint", own_set, "--corpus", sources)
    assert done.code == 1
    assert f"{own_set}:1: a: no support says '360 000'" in done.out
    assert f"{own_set}:4: no JSON" in done.out


def test_what_the_articles_do_not_bear_out_is_told_before_it_is_asked(own_set, built, tmp_path):
    own_set.write_text(own_set.read_text(encoding="utf-8").replace("350 000", "360 000"), encoding="utf-8")
    done = h200("eval", own_set, "--cache", tmp_path / "cache", "--out", tmp_path / "run", library=built)
    assert done.code == 0
    assert f"h200: {own_set}:1: a: no support says '360 000'" in done.err


def test_pairs_publishes_the_agreement(capsys):
    assert cli.main(["pairs"]) == 0
    assert "of 288 labels given by hand" in capsys.readouterr().out


def test_nothing_to_ask_and_unknown_arms_are_told(own_set, tmp_path):
    with pytest.raises(RagError, match="No question is left"):
        cli.main([str(own_set), "--split", "test", "--cache", str(tmp_path)])
    with pytest.raises(RagError, match="no folder of articles"):
        cli.main([str(own_set), "--corpus", str(tmp_path / "nowhere"), "--cache", str(tmp_path)])
    with pytest.raises(RagError, match="no labelled pairs"):
        cli.main(["pairs", str(own_set)])
    done = h200("eval", "--arms", "theirs")
    assert (done.code, "'theirs' is no arm: choose from ours" in done.err) == (2, True)


def test_errors_are_one_sentence(tmp_path):
    done = h200("eval", tmp_path / "none.jsonl")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("h200: ")
    assert done.err.count("\n") == 1


def test_without_the_harness_the_command_says_where_it_is():
    program = "import sys; sys.modules['evals'] = None; from rag.cli import main; raise SystemExit(main(sys.argv[1:]))"
    assert_clear_error(h200("eval", command=(sys.executable, "-c", program)), "checkout")
