"""The README's table says what a run measured, and `--check` notices when it does not."""

import json

import pytest

from tools.accuracy_table import END, PUBLISHED, README, START, filled, published, same_figures, table

RUN = {
    "questions": 185, "facts": 122, "split": "dev", "corpus": "c", "sets": [], "created": "2026-11-21T22:00:00+00:00", "git": {"commit": "abc"},
    "arms": {
        "ours": {"measures": {"correct": {"value": 0.692, "low": 0.6, "high": 0.79, "count": 185}, "p50": {"value": 9.0}}},
        "stock": {"measures": {"correct": {"value": 0.341, "low": 0.26, "high": 0.42, "count": 185}}},
    },
}  # fmt: skip


def test_it_shows_the_figures_of_the_run():
    text = table(published(RUN))
    assert "| Right ↑ | 69.2% | 60.0 to 79.0 | 34.1% |" in text
    assert "185 development questions about 122 facts" in text
    assert "plain llama-index" in text


def test_it_stands_between_its_markers_and_leaves_the_rest_alone():
    text = f"# h200\n\n{START}\nold\n{END}\n\nMore.\n"
    new = filled(text, published(RUN))
    assert new.startswith("# h200\n\n")
    assert new.endswith(f"{END}\n\nMore.\n")
    assert "old" not in new
    assert filled(new, published(RUN)) == new
    with pytest.raises(ValueError, match=START):
        filled("# h200\n", published(RUN))


def test_a_run_that_measures_otherwise_is_noticed():
    kept = published(RUN)
    assert same_figures(kept, published(RUN)) == []
    assert "p50" not in kept["arms"]["ours"]["measures"]
    other = {**RUN, "arms": {**RUN["arms"], "stock": {"measures": {"correct": {"value": 0.5}}}}}
    assert same_figures(kept, published(other)) == ["stock correct: 0.341, 0.5"]


def test_the_readme_shows_the_published_figures():
    text = README.read_text(encoding="utf-8")
    assert filled(text, json.loads(PUBLISHED.read_text(encoding="utf-8"))) == text, "run `make accuracy`"
