"""A run goes on where it was cut short, and asks anew what code, settings or question have changed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from made import Perfect

from evals.cache import AnswerCache
from evals.run import run_arm
from evals.shelf import code_hash, hash_files, open_shelf
from rag.settings import Settings


class Counting(Perfect):
    """Counts what it is asked, and stops at a question if told to."""

    asked = 0
    stop_at = None

    def ask(self, case):
        if case.id == self.stop_at:
            raise KeyboardInterrupt
        self.asked += 1
        return super().ask(case)


@pytest.fixture
def counting(shelf):
    return Counting(shelf, "counting")


def test_what_was_answered_is_not_asked_again(counting, shelf, dev, tmp_path):
    first = run_arm(counting, dev[:5], shelf, tmp_path)
    counting.asked = 0
    second = run_arm(counting, dev[:5], shelf, tmp_path)
    assert (first.fresh, second.fresh, counting.asked) == (5, 0, 0)
    assert [one.parts for one in first.scored] == [one.parts for one in second.scored]


def test_a_run_that_was_cut_short_goes_on(counting, shelf, dev, tmp_path):
    counting.stop_at = dev[3].id
    with pytest.raises(KeyboardInterrupt):
        run_arm(counting, dev[:5], shelf, tmp_path)
    (file,) = (tmp_path / "answers").iterdir()
    with file.open("a", encoding="utf-8") as torn:
        torn.write('{"key": "abc", "ans')
    counting.stop_at = None
    assert run_arm(counting, dev[:5], shelf, tmp_path).fresh == 2


def test_other_settings_another_corpus_or_another_question_are_asked_anew(shelf, dev, tmp_path):
    case = dev[0]
    kept = AnswerCache(tmp_path, "arm", {"settings": 1})
    kept.put(case, Perfect(shelf).ask(case))
    assert AnswerCache(tmp_path, "arm", {"settings": 1}).get(case) is not None
    assert AnswerCache(tmp_path, "arm", {"settings": 2}).get(case) is None
    assert AnswerCache(tmp_path, "arm", {"settings": 1}).get(replace(case, question="Quoi ?")) is None
    assert AnswerCache(None, "arm", {"settings": 1}).get(case) is None


def test_progress_is_told_for_each_question(counting, shelf, dev):
    told = []
    run_arm(counting, dev[:3], shelf, None, lambda *step: told.append(step))
    assert told == [("counting", n, 3) for n in (1, 2, 3)]


def test_a_library_is_built_once_for_a_corpus(tmp_path, sources):
    built = open_shelf(tmp_path, sources)
    built.close()
    again = open_shelf(tmp_path, sources)
    again.close()
    assert again.build_seconds == built.build_seconds > 0
    assert len(list((tmp_path / "libraries").iterdir())) == 1
    assert set(built.articles) == {path.stem for path in sources.iterdir()}
    other = open_shelf(tmp_path, sources, Settings(library=tmp_path, passage_words=40))
    other.close()
    assert len(list((tmp_path / "libraries").iterdir())) == 2


def test_hashes_tell_files_apart(tmp_path):
    one, two = tmp_path / "a", tmp_path / "b"
    one.write_text("x", encoding="utf-8")
    two.write_text("x", encoding="utf-8")
    assert hash_files([one]) != hash_files([two])
    assert code_hash("model.py") != code_hash("errors.py")
    assert json.dumps(code_hash()) == json.dumps(code_hash())
