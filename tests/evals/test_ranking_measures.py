"""Our measures of rankings are those of trec_eval."""

import random

import ir_measures
import pytest
from ir_measures import RR, Success, nDCG

from evals.ranking import first_of_each, hit, ndcg, reciprocal_rank


@pytest.mark.parametrize("seed", range(40))
def test_they_agree_with_ir_measures(seed):
    chance = random.Random(seed)
    ids = [f"d{n}" for n in range(chance.randint(1, 40))]
    relevant = [*chance.sample(ids, chance.randint(1, min(len(ids), 15))), "never found"]
    ranked = chance.sample(ids, chance.randint(1, len(ids)))
    qrels = [ir_measures.Qrel("q", name, 1) for name in relevant]
    run = [ir_measures.ScoredDoc("q", name, float(-place)) for place, name in enumerate(ranked)]
    measures = [Success @ 1, Success @ 5, Success @ 10, RR @ 10, nDCG @ 10]
    theirs = ir_measures.calc_aggregate(measures, qrels, run)
    ours = {
        Success @ 1: hit(ranked, relevant, 1), Success @ 5: hit(ranked, relevant, 5), Success @ 10: hit(ranked, relevant, 10),
        RR @ 10: reciprocal_rank(ranked, relevant), nDCG @ 10: ndcg(ranked, relevant),
    }  # fmt: skip
    for measure in measures:
        assert ours[measure] == pytest.approx(theirs[measure], abs=1e-9), measure


def test_a_ranking_of_articles_counts_each_once():
    assert first_of_each(["a", "b", "a", "c", "b"]) == ["a", "b", "c"]


def test_nothing_found_scores_nothing():
    assert hit([], {"a"}, 5) == reciprocal_rank([], {"a"}) == ndcg([], {"a"}) == ndcg(["a"], set()) == 0.0
