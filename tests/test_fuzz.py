"""No question, however odd, gets anything but an answer or one clean error; `python -m bench.fuzz` asks ten thousand."""

from bench.fuzz import fuzz


def test_odd_questions_get_an_answer_or_a_clean_error(reading):
    seen = fuzz(reading, 400, seed=20260622)
    assert seen.total() == 400
    assert set(seen) <= {"answered", "partial", "abstained", "QuestionTooLong"}
    assert len(seen) == 3
