"""Each measure on answers put together by hand, with figures worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest
from made import case, finding, judged, nugget, side, spoken

from evals.abstaining import area, auroc, coverage_at, flips, percentile, risk_coverage
from evals.measures import MEASURES, parts
from evals.observed import FACT_LIMITS, LONG_LIMITS, read_by


def value(name, one, found=None):
    part = MEASURES[name].part(one, found or finding())
    return None if part is None else part[0] / part[1]


@pytest.mark.parametrize(
    ("said", "points"),
    [
        (["red and blue"], 1.0), (["red"], 0.5), (["green"], -1.0), (["red and blue", "it is grey"], -1.0), ([], -1.0),
        (["red", "blue"], 1.0), (["not red"], -1.0),
    ],
)  # fmt: skip
def test_points(said, points):
    asked = case("fact", nugget("red"), nugget("blue"), forbidden=("grey",))
    assert judged(asked, *(spoken(text, "a") for text in said)).points == points


def test_points_for_silence():
    assert judged(case("fact", nugget("red")), abstained=True).points == 0.0
    assert judged(case("off_topic"), abstained=True).points == 1.0
    assert judged(case("off_topic"), spoken("red", "a")).points == -1.0


def test_what_is_told_as_past_is_not_the_answer_unless_the_past_is_asked_for():
    past = spoken("red", "a", role="superseded")
    assert judged(case("state", nugget("red")), past).points == -1.0
    assert judged(case("evolution", nugget("red")), past).points == 1.0


def test_a_forbidden_value_told_as_past_or_disputed_is_no_fault():
    asked = case("state", nugget("red"), forbidden=("grey",))
    assert judged(asked, spoken("red", "a"), spoken("grey", "a", role="superseded")).points == 1.0
    assert judged(asked, spoken("red", "a"), spoken("grey", "a", role="context")).points == -1.0


def test_only_what_a_reader_gets_to_counts():
    asked = case("fact", nugget("red"))
    late = [spoken(f"word {n}", "a") for n in range(FACT_LIMITS[0])] + [spoken("red", "a")]
    assert value("vital_recall", judged(asked, *late)) == 0.0
    assert value("vital_recall_unlimited", judged(asked, *late)) == 1.0
    long = spoken("word " * FACT_LIMITS[1] + "red", "a")
    assert value("vital_recall", judged(asked, long)) == 0.0
    assert len(read_by(case("evolution", nugget("red")), late * 5)) == LONG_LIMITS[0]


def test_recall_and_density():
    one = judged(
        case("fact", nugget("red"), nugget("blue"), nugget("old", importance="okay")), spoken("red and old hat", "a")
    )
    assert value("vital_recall", one) == 0.5
    assert value("nugget_recall", one) == pytest.approx(2 / 3)
    assert value("vital_per_100_words", one) == pytest.approx(100 / 4)


def test_citations():
    asked = case("fact", nugget("red", supports=("a", "b")))
    one = judged(asked, spoken("red", "a", "c"), spoken("beside the point", "a"))
    assert value("citation_precision", one) == pytest.approx(1 / 3)
    assert value("citation_precision_judged", one) == pytest.approx(1 / 2)
    assert value("citation_recall", one) == 1.0
    assert value("citation_recall", judged(asked, spoken("red", "c"))) == 0.0
    assert value("citation_precision", judged(asked, abstained=True)) is None


def test_integrity_needs_a_genuine_place_and_the_words_of_it():
    asked = case("fact", nugget("red"))
    assert value("integrity", judged(asked, spoken("red", "a"))) == 1.0
    assert value("integrity", judged(asked, spoken("red", "a", genuine=False))) == 0.0
    assert value("integrity", judged(asked, spoken("red"))) == 0.0
    mixed = spoken("red", "a")
    other = type(mixed)(mixed.said, "answer", spoken("blue", "a").citations, None, True)
    assert value("integrity", judged(asked, other)) == 0.0


def test_abstention():
    right, wrong = judged(case("unanswerable"), abstained=True), judged(case("fact", nugget("red")), abstained=True)
    loud = judged(case("off_topic"), spoken("x", "a"))
    assert [value("abstention_precision", one) for one in (right, wrong, loud)] == [1.0, 0.0, None]
    assert [value("abstention_recall", one) for one in (right, wrong, loud)] == [1.0, None, 0.0]
    assert [value("abstention_hard", one) for one in (right, loud)] == [1.0, None]
    assert [value("abstention_easy", one) for one in (right, loud)] == [None, 0.0]
    whole = [parts(one, finding())["abstention_f1"] for one in (right, wrong, loud)]
    # one true positive, one false positive, one false negative: F1 = 2 / (2 + 1 + 1)
    assert sum(n for n, _ in whole) / sum(d for _, d in whole) == 0.5


def test_time():
    asked = case("state", nugget("red"), forbidden=("grey",), as_of=date(2026, 1, 10))
    assert value("as_of_accuracy", judged(asked, spoken("red", "a"))) == 1.0
    stale = judged(asked, spoken("red", "a"), spoken("grey", "a"))
    assert (value("as_of_accuracy", stale), value("stale_rate", stale)) == (0.0, 1.0)
    assert value("as_of_accuracy", judged(asked, abstained=True)) == 0.0
    assert value("stale_rate", judged(asked, abstained=True)) is None


def test_a_leak_is_quoting_or_ranking_what_was_not_known_yet():
    asked = case("state", nugget("red"), as_of=date(2026, 1, 10))
    known = {"a": date(2026, 1, 9), "b": date(2026, 1, 11), "c": None}
    quiet, loud = judged(asked, spoken("red", "a")), judged(asked, spoken("red", "b"))
    assert value("future_leak", quiet, finding(["a"], known=known)) == 0.0
    assert value("future_leak", loud, finding(["a"], known=known)) == 1.0
    assert value("future_leak", quiet, finding(["a", "b"], known=known)) == 1.0
    assert value("future_leak", quiet, finding(["c"], known=known)) == 1.0


def test_change_needs_the_new_and_an_old_state_each_with_its_day():
    asked = case("evolution", nugget("red"), nugget("blue"), nugget("green"))
    day = date(2026, 1, 9)
    old, new = spoken("red", "a", day=day), spoken("green", "a", day=day)
    assert value("change_mention", judged(asked, old, new)) == 1.0
    assert value("change_mention", judged(asked, new)) == 0.0
    assert value("change_mention", judged(asked, old, spoken("blue", "a", day=day))) == 0.0
    assert value("change_mention", judged(asked, spoken("red", "a"), new)) == 0.0
    assert value("change_mention", judged(asked, spoken("red on 3 January 2026", "a"), new)) == 1.0


def test_the_day_of_a_change_may_be_told_apart():
    day = nugget("3 January 2026", importance="okay", type_="date", supports=["b"])
    asked = case("evolution", nugget("red", supports=["a"]), nugget("blue", supports=["b"]), day)
    old, new = spoken("red", "a", day=date(2026, 1, 1)), spoken("blue", "b")
    assert value("change_mention", judged(asked, old, new)) == 0.0
    assert value("change_mention", judged(asked, old, new, spoken("It was 3 January 2026", "b"))) == 1.0


def test_conflicts_want_each_side_on_the_word_of_who_holds_it():
    asked = case("conflict", nugget("red"), conflict_sides=(side("red", supports=["a"]), side("blue", supports=["b"])))
    assert value("both_sides", judged(asked, spoken("red", "a"), spoken("blue", "b"))) == 1.0
    assert value("both_sides", judged(asked, spoken("red", "a"), spoken("blue", "a"))) == 0.0
    assert value("side_recall", judged(asked, spoken("red", "a"))) == 0.5
    agreeing = case("agree", nugget("red"))
    assert value("false_conflicts", judged(agreeing, spoken("red", "a", role="conflict"))) == 1.0
    assert value("false_conflicts", judged(agreeing, spoken("red", "a"))) == 0.0


def test_the_frame_is_in_the_language_of_the_question():
    asked = case("unanswerable", lang="fr")
    french = "La bibliothèque ne dit rien de cela. Au plus proche : « Nvidia and the export rule »."
    assert value("frame_language", judged(asked, abstained=True, lang="fr", text=french)) == 1.0
    assert value("frame_language", judged(asked, abstained=True, lang="fr", text="The library does not say.")) == 0.0
    assert value("frame_language", judged(asked, abstained=True, lang="en", text=french)) == 0.0
    english = spoken("The customs of Shenzhen held the cargo.", "a")
    assert value("frame_language", judged(asked, english, lang="fr")) == 1.0
    assert value("frame_language", judged(asked, replace(english, quoted=False), lang="fr")) == 0.0
    assert value("frame_language", judged(asked, english, lang="fr", lead="Oui, depuis le 13 janvier 2026 :")) == 1.0
    assert value("frame_language", judged(asked, english, lang="fr", lead="Yes, since 13 January 2026, it is:")) == 0.0


def test_what_is_said_before_the_statements_counts_as_given():
    asked = case("state", nugget("red"), forbidden=("blue",))
    assert judged(asked, spoken("It is red.", "a"), lead="Two sides.").points == 1.0
    assert judged(asked, spoken("It is red.", "a"), lead="It is blue:").points == -1.0


def test_finding():
    one = judged(case("fact", nugget("red")), spoken("red", "a"))
    found = finding(["x", "a", "y", "b"], relevant=["a", "b"])
    assert value("hit@1", one, found) == 0.0
    assert value("hit@5", one, found) == 1.0
    assert value("mrr@10", one, found) == 0.5
    # gains at ranks 2 and 4 over gains at ranks 1 and 2
    assert value("ndcg@10", one, found) == pytest.approx((0.63093 + 0.43068) / (1 + 0.63093), abs=1e-4)
    assert value("claim_recall@10", one, found) == 1.0
    assert value("hit@1", one, finding(["x"])) is None


# --- of the whole set --------------------------------------------------------------------------------------------


def test_auroc():
    assert auroc([0.9, 0.8, 0.3, 0.1], [True, True, False, False]) == 1.0
    assert auroc([0.9, 0.8, 0.3, 0.1], [True, False, True, False]) == 0.75
    assert auroc([0.5, 0.5], [True, False]) == 0.5
    assert auroc([0.5, 0.5], [True, True]) is None


def test_risk_coverage():
    asked = case("fact", nugget("red"))
    good, bad = spoken("red", "a"), spoken("green", "a")
    answered = [judged(asked, s, confidence=c) for s, c in ((good, 0.9), (bad, 0.7), (good, 0.6))]
    curve = risk_coverage([*answered, judged(asked, abstained=True)])
    assert curve == [(0.25, 0.0), (0.5, 0.5), (0.75, pytest.approx(1 / 3))]
    assert area(curve) == pytest.approx((0.0 + 0.5 + 1 / 3) / 3)
    assert coverage_at(curve) == 0.25
    tied = [judged(asked, s, confidence=0.9) for s in (good, bad)]
    assert risk_coverage(tied) == [(1.0, 0.5)]
    assert area([]) is None


def test_flips_need_three_dates_and_all_of_them_right():
    days = [date(2026, 1, day) for day in (1, 2, 3)]
    asked = [case("state", nugget("red"), id=str(day), as_of=day) for day in days]
    right = [judged(one, spoken("red", "a")) for one in asked]
    assert flips(right) == [("f", True)]
    assert flips([*right[:2], judged(asked[2], spoken("green", "a"))]) == [("f", False)]
    assert flips(right[:2]) == []


def test_percentiles():
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 95.0
    assert percentile([], 0.5) is None
