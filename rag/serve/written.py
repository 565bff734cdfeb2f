"""Answers that a language model has worded, kept a while: asked again it would say the same in other words."""

from __future__ import annotations

import threading
from datetime import date
from typing import Final

from rag.model import Answer
from rag.serve.talk import mark_of

MOST: Final = 200
"""Answers kept; beyond, the oldest goes. A few kilobytes each."""


class Written:
    """Found by what a browser kept of them: a mark that only their own words give."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}
        self._changing = threading.Lock()

    def keep(self, answer: Answer) -> None:
        """Remember an answer."""
        with self._changing:
            self._answers[mark_of(answer)] = answer
            for oldest in list(self._answers)[:-MOST]:
                del self._answers[oldest]

    def find(self, mark: str, question: str, as_of: date | None) -> Answer | None:
        """The answer of that mark, if it was given to this question."""
        answer = self._answers.get(mark)
        asked = answer and (answer.question.text, answer.question.as_of)
        return answer if asked == (question, as_of) else None
