"""Mode llm: an extractive answer and its evidence, a language model -> snapshots of an answer, sentence by sentence.

The model writes sentences and names evidence. Code does the rest: it turns numbers into citations, lets through only
what the evidence bears out, adds what must not be missing, and hands the extractive answer back with a note wherever
the model is of no use.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Protocol

from rag.ask.accepting import Kept, accept, quoted
from rag.ask.choosing import LONG_WORDS, SENTENCES, WORDS, Picked
from rag.ask.claims import Similar
from rag.ask.engine import Drafted
from rag.ask.phrases import say
from rag.ask.prompting import SCHEMA, Prompt, evidence_for, limit_for, prompt_for
from rag.ask.replies import Reply, Written
from rag.ask.restating import Restated, fused, restate
from rag.ask.verify import verified
from rag.llm import Deadline, ModelFault, Piece, Usage
from rag.model import Answer, Article, Citation, Lang, Question, Statement

NOTHING: Final[Mapping[str, float]] = MappingProxyType({})
READ_FROM: Final = 0.4
"""Share of our own (generous) count of tokens below which a server has not read the whole message."""
AFTERWARDS: Final = 1.0
"""Seconds to wait, once all sentences are there, for what the reply cost."""
RESTATING: Final = 0.25
"""Share of the time that making a follow-up whole may take: most of it is for the answer."""
UNASKED: Final = frozenset({"empty_question", "small_talk", "before_coverage"})
"""Abstentions that no other wording of the question changes."""


class Model(Protocol):
    """Anything that replies in pieces (`rag.llm.LanguageModel`)."""

    def stream(
        self, system: str, user: str, schema: dict[str, Any] | None, deadline: Deadline
    ) -> Generator[Piece, None, None]:
        """The pieces of a reply. Raises: ModelFault."""
        ...


@dataclass(slots=True)
class _Sheet:
    """What was kept of a reply so far."""

    prompt: Prompt
    lang: Lang
    limit: int
    similar: Similar
    kept: list[Kept] = field(default_factory=list)
    dropped: int = 0
    foreign: int = 0
    usage: dict[str, int] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        return len(self.kept) >= self.limit

    def take(self, written: Written) -> bool:
        """Keep a sentence that stands; whether it was kept. What only repeats another is passed over in silence."""
        found = accept(written, self.prompt.evidence, self.lang, self.similar)
        if not isinstance(found, Kept):
            self.dropped += 1
            self.foreign += found == "language"
            return False
        words = sum(len(one.text.split()) for one in (*self.kept, found))
        if any(found.repeats(one) for one in self.kept) or words > (LONG_WORDS if self.limit > SENTENCES else WORDS):
            return False
        self.kept.append(found)
        return True

    def complete(self, picked: Sequence[Picked]) -> list[Kept]:
        """With what holds now at the head and the other side of a conflict at the end, if the model left them out."""
        cited = {one.scored.unit for kept in self.kept for one in kept.carriers}
        missing = [
            quoted(one) for one in picked if one.role in ("current", "conflict") and one.scored.unit not in cited
        ]
        first, last = ([one for one in missing if one.role == role] for role in ("current", "conflict"))
        return [*first, *self.kept, *last]


@dataclass(frozen=True, slots=True)
class Writer:
    """What writing needs beside a draft.

    `draft`: of another reading of the question; `stored`, `copies`: from the library; `similar`: cosine of two sentences.
    """

    model: Model
    context: int
    seconds: float
    draft: Callable[[Question], Drafted]
    stored: Callable[[str], Article | None]
    copies: Callable[[Article, date | None], Sequence[Article]]
    similar: Similar
    today: Callable[[], date] = date.today

    def write(self, drafted: Drafted) -> Iterator[Answer]:
        """Snapshots of the answer, each with a sentence more and none unverified; the last one is the answer.

        Closing the iterator ends the model's work.
        """
        until = time.monotonic() + self.seconds
        drafted, read, restated = self._read_anew(drafted)
        if not drafted.picked:
            yield drafted.answer
            return
        started = time.monotonic()
        try:
            yield from self._written(drafted, read, restated, until)
        except ModelFault as fault:
            yield noted(drafted.answer, fault.reason, self.seconds, {"generate": _ms(started)})

    def _read_anew(self, drafted: Drafted) -> tuple[Drafted, Sequence[Picked], Restated]:
        """A follow-up as the model reads it beside how our rules do; any other question, and any fault, leaves ours."""
        draft, started = drafted.answer, time.monotonic()
        if not draft.question.history or draft.reason in UNASKED:
            return drafted, drafted.picked, Restated()
        restated = restate(draft.question, self.model, self.context, Deadline(started + RESTATING * self.seconds))
        read = drafted.picked
        if restated.question:
            drafted, read = fused(drafted, self.draft(restated.question))
        spent = _ms(started)
        timings = {**draft.timings_ms, "restate": spent, "total": round(draft.timings_ms.get("total", 0.0) + spent, 1)}
        return replace(drafted, answer=replace(drafted.answer, timings_ms=timings)), read, restated

    def _written(self, drafted: Drafted, read: Sequence[Picked], restated: Restated, until: float) -> Iterator[Answer]:
        """The snapshots; the model is given `read` first, and the question in both readings. Raises: ModelFault."""
        question, limit, started = drafted.answer.question, limit_for(drafted.picked), time.monotonic()
        readings = dict.fromkeys(one.standalone for one in (question, restated.question) if one)
        evidence, both = evidence_for(read, drafted.scored), replace(question, standalone=" ".join(readings))
        prompt = prompt_for(both, evidence, limit, self.context, self.today())
        sheet = _Sheet(prompt, question.lang, limit, self.similar)
        timings: dict[str, float] = {}
        for written in self._sentences(sheet, Deadline(until)):
            if sheet.take(written):
                timings.setdefault("first_sentence", _ms(started))
                yield replace(self._answer(drafted, sheet.kept, timings), status="partial")
        if not sheet.kept:
            raise ModelFault("language" if sheet.foreign else "unsupported")
        answer = self._answer(drafted, sheet.complete(drafted.picked), timings | {"generate": _ms(started)})
        dropped = (say("llm_dropped", question.lang, count=str(sheet.dropped)),) if sheet.dropped else ()
        yield replace(answer, notes=(*answer.notes, *dropped), usage=_together(restated.usage, sheet.usage))

    def _sentences(self, sheet: _Sheet, deadline: Deadline) -> Iterator[Written]:
        """The model's sentences, each as soon as it is whole, up to as many as an answer may have. Raises: ModelFault."""
        prompt, reply = sheet.prompt, Reply()
        with closing(self.model.stream(prompt.system, prompt.user, SCHEMA, deadline)) as pieces:
            try:
                for piece in pieces:
                    if isinstance(piece, Usage):
                        sheet.usage.update(prompt_tokens=piece.prompt, completion_tokens=piece.completion)
                        continue
                    for written in reply.take(piece):
                        if reply.code != prompt.code:
                            raise ModelFault("truncated")
                        yield written
                    if reply.complete or sheet.full:
                        deadline.within(AFTERWARDS)
            except ModelFault:
                if not (reply.complete or sheet.full):
                    raise
        if 0 < sheet.usage.get("prompt_tokens", 0) < READ_FROM * prompt.tokens:
            raise ModelFault("truncated")
        if not sheet.full:
            reply.end()

    def _answer(self, drafted: Drafted, kept: Sequence[Kept], timings: Mapping[str, float]) -> Answer:
        """An answer of these sentences, compared once more with the text as it is stored now. Raises: ModelFault."""
        draft, numbers, citations = drafted.answer, dict[str, int](), list[Citation]()
        for one in (carrier for sentence in kept for carrier in sentence.carriers):
            if one.scored.unit not in numbers:
                numbers[one.scored.unit] = len(numbers) + 1
                citations.append(self._citation(len(numbers), one, draft.question.as_of))
        made = tuple(_statement(at, sentence, numbers) for at, sentence in enumerate(kept))
        statements, sound = verified(made, tuple(citations), stored=self.stored)
        if not statements:
            raise ModelFault("unsupported")
        total = draft.timings_ms.get("total", 0.0) + timings.get("generate", 0.0)
        return replace(
            draft, mode="llm", lead="", text=" ".join(s.text for s in statements), statements=statements,
            citations=sound, timings_ms={**draft.timings_ms, **timings, "total": round(total, 1)},
        )  # fmt: skip

    def _citation(self, n: int, picked: Picked, as_of: date | None) -> Citation:
        found = picked.scored.evidence
        copies = tuple(self.copies(found.article, as_of))
        return Citation(n, found.article, found.span, found.text, found.passage.section, copies)


def noted(draft: Answer, reason: str, seconds: float = 0.0, timings: Mapping[str, float] = NOTHING) -> Answer:
    """The extractive answer, with a note that says why the model did not write it."""
    note = say(f"llm_{reason}", draft.question.lang, seconds=f"{seconds:g}")
    total = draft.timings_ms.get("total", 0.0) + timings.get("generate", 0.0)
    timed = {**draft.timings_ms, **timings, "total": round(total, 1)}
    return replace(draft, notes=(*draft.notes, note), timings_ms=timed)


def _statement(at: int, kept: Kept, numbers: Mapping[str, int]) -> Statement:
    role = "answer" if at == 0 and kept.role == "context" else kept.role
    cited = tuple(dict.fromkeys(numbers[one.scored.unit] for one in kept.carriers))
    return Statement(kept.text, role, cited, kept.carriers[0].scored.evidence.date, kept.support)


def _together(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


def _ms(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 1)
