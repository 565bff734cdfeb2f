"""Two runs side by side: what changed, how sure that is, and what cannot be compared."""

import pytest
from made import Perfect, Silent

from evals import report
from evals.compare import compare
from evals.report import BadRun
from evals.run import run_arm


@pytest.fixture(scope="module")
def runs(shelf, dev, tmp_path_factory):
    """A silent run and a perfect one on the same questions."""
    cases = [case for case in dev if case.kind in ("fact", "unanswerable")][:50]
    folders = []
    for answerer in (Silent(shelf, "ours"), Perfect(shelf, "ours")):
        folders.append(tmp_path_factory.mktemp("run"))
        report.write(folders[-1], [run_arm(answerer, cases, shelf)], report.Setting([], "dev", [], 1.0), shelf)
    return [report.read(folder) for folder in folders]


def test_a_run_against_itself_shows_no_difference(runs):
    found = compare(runs[1], runs[1])
    assert found.differences
    assert all(d.change == 0.0 and d.p == 1.0 and not d.verdict for d in found.differences)
    assert found.moved == found.warnings == []


def test_a_great_difference_is_seen_and_named(runs):
    found = {d.measure.name: d for d in compare(*runs).differences}
    assert found["vital_recall"].verdict == found["correct"].verdict == "better"
    assert found["missing"].verdict == "better"
    assert (found["missing"].before, found["missing"].after) == (1.0, 0.0)
    assert found["frame_language"].verdict == ""
    back = {d.measure.name: d for d in compare(runs[1], runs[0]).differences}
    assert back["vital_recall"].verdict == "worse"
    assert back["vital_recall"].p == pytest.approx(found["vital_recall"].p)


def test_questions_that_moved_are_listed_the_worst_first(runs):
    moved = compare(runs[1], runs[0]).moved
    assert moved
    assert all(before > after for _, _, before, after in moved)
    assert [after - before for _, _, before, after in moved] == sorted(after - before for _, _, before, after in moved)


def test_what_makes_runs_unlike_is_told(runs):
    (run, rows), other = runs
    found = compare(({**run, "corpus": "another"}, rows[:-3]), other)
    assert found.warnings == [
        "The two runs are on different corpora.",
        "3 questions are in one run alone and were left out.",
    ]
    with pytest.raises(BadRun, match="no question in common"):
        compare((run, []), other)
    with pytest.raises(BadRun, match="no arm 'stock'"):
        compare(runs[0], other, (None, "stock"))
