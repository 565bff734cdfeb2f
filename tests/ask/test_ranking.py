import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rag.ask import ranking
from rag.index.lexical import Matches


def matches(counts, sentences):
    counts = np.array(counts, dtype=np.float32)
    frequencies = np.minimum(counts, 1).sum(axis=0)
    units = tuple((f"p{n}", 0) for n in range(len(counts)))
    return Matches(units, np.full(len(counts), 10, dtype=np.float32), counts, sentences, frequencies, 10.0)


def test_a_rare_concept_weighs_more_than_a_common_one():
    rare, common = ranking.inverse_frequencies(matches([[1, 1], [0, 1], [0, 1]], sentences=10))
    assert rare > common > 0


def test_inverse_frequency_follows_its_formula():
    (weight,) = ranking.inverse_frequencies(matches([[1], [1]], sentences=10))
    assert weight == pytest.approx(np.log(1 + (10 - 2 + 0.5) / (2 + 0.5)))


@given(
    arrays(np.float32, (4, 3), elements=st.floats(0, 50, width=32)),
    arrays(np.float32, 3, elements=st.floats(0, 9, width=32)),
)
def test_shares_lie_between_nothing_and_all(counts, weights):
    shares = ranking.share(ranking.saturate(counts, np.full(4, 8, dtype=np.float32), 8.0), weights)
    assert ((shares >= 0) & (shares <= 1)).all()


@given(st.dictionaries(st.text(min_size=1), st.floats(-1, 1)))
def test_ranks_count_from_one_and_do_not_depend_on_order(scores):
    forward = ranking.ranks(scores)
    assert sorted(forward.values()) == list(range(1, len(scores) + 1))
    assert ranking.ranks(dict(reversed(scores.items()))) == forward
