"""Questions + answerers -> scored questions: every arm is asked the same questions in the same run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evals.answerers.base import Answerer, Response
from evals.cache import AnswerCache
from evals.questions import Case
from evals.scoring import Scored, score_all
from evals.shelf import Shelf, code_hash, hash_files

CODE: Final = f"{code_hash()}-{hash_files((Path(__file__).parent / 'answerers').glob('*.py'))}"
"""Hash of all code that shapes an answer: the package, and the answerers around it. Taken when the program starts, so
that a file saved while it runs does not pass for the one that answered."""

Progress = Callable[[str, int, int], None]
"""Called after each question with (arm, done, of how many)."""


@dataclass(frozen=True, slots=True)
class ArmResult:
    """What one arm was worth: its questions scored, and how many of the answers were new."""

    name: str
    scored: list[Scored]
    settings: dict[str, object]
    fresh: int


def run_arm(
    answerer: Answerer, cases: Sequence[Case], shelf: Shelf, cache: Path | None = None, progress: Progress | None = None
) -> ArmResult:
    """Ask an answerer every question, from the cache where it can be, and measure what it said.

    Raises: ArmDidNotRun, RagError.
    """
    parts = {"settings": answerer.settings, "corpus": shelf.corpus_hash, "code": CODE}
    kept = AnswerCache(cache, answerer.name, parts)
    responses: dict[str, Response] = {}
    fresh = 0
    for done, case in enumerate(cases, start=1):
        known = kept.get(case)
        if known is None:
            if not fresh:
                answerer.ask(case)  # opens what is opened only once: latency is measured warm
            known, fresh = answerer.ask(case), fresh + 1
            kept.put(case, known)
        responses[case.id] = known
        if progress:
            progress(answerer.name, done, len(cases))
    answerer.check(responses)
    scored = score_all(cases, responses, answerer.units(), shelf.articles, shelf.known)
    return ArmResult(answerer.name, scored, dict(answerer.settings), fresh)
