"""A follow-up with its earlier questions, and a language model -> the same question made whole, if code finds it sound.

The earlier questions are quoted within one message: given as turns of a chat, they make a model answer. What comes back
is only ever a second reading, `fused` with that of our own rules.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from string import Template
from typing import TYPE_CHECKING, Any, Final

from rag.ask.choosing import Picked
from rag.ask.engine import Drafted
from rag.ask.follow_ups import REMEMBERED
from rag.ask.marks import Reading, nearness, orders, read
from rag.ask.prompting import EVIDENCE, TEMPLATES, count
from rag.ask.question import REREAD, understand
from rag.language.detect import detect_language
from rag.language.light import is_light
from rag.language.mentions import mentions
from rag.language.normalize import fold, normalize
from rag.language.sentences import split_sentences
from rag.llm import REPLY_TOKENS, Deadline, ModelFault, Piece, Usage
from rag.model import Lang, Question

if TYPE_CHECKING:
    from rag.ask.generate import Model

LONGEST: Final = 300
"""Characters of a question; one that is typed longer says enough by itself."""
LONGEST_REPLY: Final = 10_000
"""Characters that are read of a reply, so that one without end has one; its thoughts count."""
AFTERWARDS: Final = 0.5
"""Seconds to wait, once the question is there, for what the reply cost: they are missing when the answer is written."""
KNOWN_FROM: Final = 0.5
"""Share of its weighty words that the questions must hold: rewriting changes a few of them, answering brings new ones."""
_SCHEMA: Final[dict[str, Any]] = {
    "type": "json_schema",
    "json_schema": {
        "name": "question", "strict": True,
        "schema": {
            "type": "object", "additionalProperties": False, "required": ["code", "question"],
            "properties": {"code": {"type": "string"}, "question": {"type": "string"}},
        },
    },
}  # fmt: skip
_QUESTION: Final = r'"code"\s*:\s*"{code}"\s*,\s*"question"\s*:\s*("(?:[^"\\]|\\.)*")'
_MARKUP: Final = re.compile(r"//|[<>\[\]{}*_`|@\n]|\w:\w")
_OWN_ONLY: Final = (
    re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b"),
    re.compile(r"\b(?:je|j|tu|vous|vos|votre|i|you|your)\b"),
)
"""Addresses, and talk between two: of these a reader's own are kept, the model's are none of the question."""


@dataclass(frozen=True, slots=True)
class Restated:
    """What came of asking. `question`: None where our own reading stays alone; `usage`: tokens, where the server tells."""

    question: Question | None = None
    usage: dict[str, int] = field(default_factory=dict)


def restate(question: Question, model: Model, context: int, deadline: Deadline) -> Restated:
    """Ask the model once, until the deadline, to make whole a question that has earlier ones. Faults are passed over."""
    code, mark = secrets.token_hex(4), f"<<<{secrets.token_hex(8)}>>>"
    *earlier, asked = (re.sub(r"<{2,}|>{2,}", " ", one) for one in _known(question))
    template = Template((TEMPLATES / f"restating.{_spoken(question)}.txt").read_text(encoding="utf-8"))
    sent = template.substitute(code=code, mark=mark, earlier="\n".join(f"- {one}" for one in earlier), question=asked)
    if len(asked) > LONGEST or count(sent) + REPLY_TOKENS > context:
        return Restated()
    system, _, user = sent.partition("-----\n")
    usage: dict[str, int] = {}
    try:
        with closing(model.stream(system.strip(), user.strip(), _SCHEMA, deadline)) as pieces:
            text = _written(pieces, re.compile(_QUESTION.format(code=code)), deadline, usage)
    except ModelFault:
        return Restated(usage=usage)
    return Restated(accepted(text, question), usage=usage)


def _written(pieces: Iterable[Piece], form: re.Pattern[str], deadline: Deadline, usage: dict[str, int]) -> str:
    """The question of a reply, and into `usage` what it cost, where the server tells. Raises: ModelFault."""
    text, found = "", None
    try:
        for piece in pieces:
            if isinstance(piece, Usage):
                usage.update(prompt_tokens=piece.prompt, completion_tokens=piece.completion)
                continue
            text += piece
            if len(text) > LONGEST_REPLY:
                break
            thinking = text.lstrip().startswith("<think") and "</think" not in text
            if found is None and not thinking and (found := form.search(text.rpartition("</think")[2])):
                deadline.within(AFTERWARDS)
    except ModelFault:
        if found is None:
            raise
    try:
        return str(json.loads(found.group(1), strict=False)) if found else ""
    except ValueError:
        return ""


def accepted(text: str, question: Question) -> Question | None:
    """The question with the text for its reading, if that is sound by itself and neither as typed nor our own reading."""
    lang, text, known = _spoken(question), normalize(text), _known(question)
    before = fold(" ".join(known))
    if any(_plain(text) == _plain(other) for other in (question.text, question.standalone)):
        return None
    if len(text) > LONGEST or not text.endswith("?") or len(split_sentences(text, lang)) != 1:
        return None
    if _MARKUP.search(text) or any(set(sort.findall(fold(text))) - set(sort.findall(before)) for sort in _OWN_ONLY):
        return None
    if detect_language(text, lang) != lang or not _is_of(text, known, lang):
        return None
    return replace(
        understand(text, as_of=question.as_of, lang=question.lang), text=question.text, history=question.history
    )


def _is_of(text: str, known: Sequence[str], lang: Lang) -> bool:
    """Whether every name, number and date and most words come from the known questions, and some from the last of them."""
    said, told = _read(text, lang), [_read(one, detect_language(one, lang)) for one in known]
    terms = {term for reading in told for term in reading.terms}
    for mark in said.marks:
        if not (terms.issuperset(said.terms[mark.at : mark.end]) or any(reading.places(mark) for reading in told)):
            return False
    if not said.vague <= frozenset[str]().union(*map(orders, told)):
        return False
    weighty = [word for word in said.words if not is_light(word.term, lang)]
    old = [word for word in weighty if any(nearness(word, reading) for reading in told)]
    last = told[-1]
    kept = [word.term in said.terms or bool(nearness(word, said)) for word in last.words]
    kept += [bool(said.places(mark)) for mark in last.marks]
    return bool(old or said.marks) and len(old) >= KNOWN_FROM * len(weighty) and (any(kept) or not kept)


def _read(text: str, lang: Lang) -> Reading:
    """Words and marks of a question, with its names in their usual capitals."""
    for name in reversed(mentions(text, lang)):
        text = text[: name.span.start] + name.text + text[name.span.end :]
    return read(text, lang, None)


def _known(question: Question) -> list[str]:
    """The questions a restated one is made of, the last one as it was typed."""
    return [*(turn[:REREAD] for turn in question.history[-REMEMBERED:]), question.text]


def _spoken(question: Question) -> Lang:
    """The language in which the question was typed, whatever that of the assistant's own words."""
    return detect_language(question.text, detect_language(question.history[-1], question.lang))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def fused(own: Drafted, other: Drafted) -> tuple[Drafted, tuple[Picked, ...]]:
    """(The draft that leads, with all that both found, best first; what both chose, for a model to read first).

    Our own reading leads unless it found nothing. What the other one chose is context then: its roles answer another question.
    """
    if not own.picked or not other.picked:
        first = other if other.picked else own
        return first, tuple(first.picked)
    chosen = list(own.picked)
    for one in (picked.scored for picked in other.picked):
        if not any(one.unit == mine.scored.unit or one.repeats(mine.scored) for mine in chosen):
            chosen.append(Picked(one, "context"))
    found = sorted((*own.scored, *other.scored), key=lambda one: -one.evidence.score)
    return replace(own, scored=found), tuple(chosen[: max(EVIDENCE, len(own.picked))])
