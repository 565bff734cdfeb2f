"""Intervals and tests against figures worked out by hand, and against what they must obey."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.statistics import holm, mcnemar, randomization_test, ratio_interval


def test_where_all_agree_there_is_no_doubt():
    assert ratio_interval([(n, 1.0, 1.0) for n in range(20)]) == (1.0, 1.0)


def test_an_interval_is_about_as_wide_as_theory_has_it():
    low, high = ratio_interval([(n, float(n % 2), 1.0) for n in range(100)])
    assert (low, high) == (pytest.approx(0.402, abs=0.02), pytest.approx(0.598, abs=0.02))


def test_questions_on_one_fact_are_not_as_many_facts():
    alone = ratio_interval([(n, float(n % 2), 1.0) for n in range(100)])
    together = ratio_interval([(n // 10, float(n // 10 % 2), 1.0) for n in range(100)])
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])


def test_it_is_the_same_every_time_and_needs_two_clusters():
    parts = [(n % 7, float(n % 3), 2.0) for n in range(40)]
    assert ratio_interval(parts) == ratio_interval(parts)
    assert ratio_interval([("one", 1.0, 2.0), ("one", 0.0, 1.0)]) is None


def test_an_interval_does_not_stumble_over_clusters_without_the_measure():
    low, high = ratio_interval([("a", 1.0, 1.0), *((n, 0.0, 0.0) for n in range(6))])
    assert low == high == 1.0


def test_mcnemar_by_hand():
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(1, 0) == 1.0
    assert mcnemar(10, 2) == pytest.approx(2 * (1 + 12 + 66) / 4096)
    assert mcnemar(2, 10) == mcnemar(10, 2)


def test_holm_by_hand():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == {
        "a": pytest.approx(0.03),
        "b": pytest.approx(0.06),
        "c": pytest.approx(0.06),
    }
    assert holm({}) == {}


def test_randomization_by_hand():
    # five clusters, all better by one: of 32 exchanges only the given one and its mirror are as far apart
    assert randomization_test([(0.0, 1.0, 1.0, 1.0)] * 5) == pytest.approx(2 / 32)
    assert randomization_test([(1.0, 1.0, 1.0, 1.0)] * 5) == 1.0
    assert randomization_test([(0.0, 1.0, 1.0, 1.0)] * 40) < 0.001


def test_randomization_takes_shares_with_different_denominators():
    even = [(1.0, 2.0, 2.0, 4.0), (3.0, 6.0, 1.0, 2.0)] * 10
    assert randomization_test(even) == pytest.approx(1.0, abs=0.01)


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 3).map(float)] * 4), min_size=1, max_size=10))
def test_which_run_comes_first_does_not_matter(clusters):
    mirrored = [(c, d, a, b) for a, b, c, d in clusters]
    assert randomization_test(clusters) == pytest.approx(randomization_test(mirrored))
    assert 0.0 < randomization_test(clusters) <= 1.0
