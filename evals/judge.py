"""An optional second opinion: a language model reads answer and gold and adds a column; nothing is ever gated on it.

Any address that speaks the OpenAI chat protocol will do (Ollama, vLLM, llama.cpp, a hosted one). What it said is kept,
so that a run costs its calls once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import httpx

from rag.errors import RagError

Opinion = Literal["right", "partly", "wrong"]
PROMPT: Final = """You grade an answer against what a correct answer must say. Texts may be in French or English.
Reply with JSON only: {"opinion": "right" | "partly" | "wrong"}.
right: it says everything required, and nothing that contradicts it. partly: at least half. wrong: anything else.
If nothing is required, the library does not hold the answer: only saying so is right."""
SECONDS: Final = 60.0


class JudgeFailed(RagError):
    """The judge could not be asked."""


@dataclass(frozen=True, slots=True)
class JudgeSettings:
    """Whom to ask. `address`: up to /v1; `key` is sent as a bearer token and never written anywhere."""

    address: str
    model: str
    key: str | None = None
    cache: Path | None = None


class Judge:
    """Asks a language model about rows of cases.jsonl; `transport` takes the place of the network in tests."""

    def __init__(self, settings: JudgeSettings, transport: httpx.BaseTransport | None = None) -> None:
        self._settings = settings
        headers = {"Authorization": f"Bearer {settings.key}"} if settings.key else {}
        self._client = httpx.Client(
            base_url=settings.address.rstrip("/") + "/", headers=headers, timeout=SECONDS, transport=transport
        )

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def opinions(self, rows: Sequence[Mapping[str, Any]]) -> list[Opinion | None]:
        """One opinion a row, None where the model's reply was not usable. Raises: JudgeFailed."""
        return [self._opinion(row) for row in rows]

    def _opinion(self, row: Mapping[str, Any]) -> Opinion | None:
        task = _task(row)
        kept = self._kept(task)
        if kept is not None and kept.is_file():
            reply = kept.read_text(encoding="utf-8")
        else:
            reply = self._ask(task)
            if kept is not None:
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_text(reply, encoding="utf-8")
        return _read(reply)

    def _kept(self, task: str) -> Path | None:
        if self._settings.cache is None:
            return None
        name = hashlib.blake2b(f"{self._settings.model}\0{PROMPT}\0{task}".encode(), digest_size=12).hexdigest()
        return self._settings.cache / "judge" / f"{name}.txt"

    def _ask(self, task: str) -> str:
        messages = [{"role": "system", "content": PROMPT}, {"role": "user", "content": task}]
        body = {"model": self._settings.model, "messages": messages, "temperature": 0, "seed": 0}
        try:
            response = self._client.post("chat/completions", json=body)
            response.raise_for_status()
            return str(response.json()["choices"][0]["message"]["content"])
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise JudgeFailed(
                f"The judge at {self._settings.address} does not answer as the chat protocol has it ({error}): "
                "check --judge and --judge-model, or leave them out."
            ) from error


def _task(row: Mapping[str, Any]) -> str:
    required = [" / ".join(nugget["aliases"]) for nugget in row["gold"] if nugget["importance"] == "vital"]
    task = {
        "question": row["question"], "earlier_questions": row["history"], "as_of": row["as_of"],
        "required": required, "must_not_be_given_as_true": row["forbidden"], "answer": row["answer"],
    }  # fmt: skip
    return json.dumps(task, ensure_ascii=False)


def _read(reply: str) -> Opinion | None:
    start, end = reply.find("{"), reply.rfind("}")
    try:
        opinion = json.loads(reply[start : end + 1]).get("opinion")
    except (json.JSONDecodeError, AttributeError):
        return None
    return opinion if opinion in ("right", "partly", "wrong") else None
