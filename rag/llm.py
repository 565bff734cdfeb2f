"""A language model at an address: (system, user) -> pieces of its reply, within a deadline, or a fault with its reason.

Any server that speaks the OpenAI chat protocol will do: Ollama, vLLM, llama.cpp, a hosted one. llama-index's OpenAILike
asks it, once; what may go wrong on the way is one ModelFault, and nothing a server does can hold a reader up longer than
the deadline. llama-index and openai are imported by `prepare`.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Generator
from contextlib import aclosing
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Literal

import httpx

from rag.settings import ModelSettings

if TYPE_CHECKING:
    import openai
    from llama_index.llms.openai_like import OpenAILike

Reason = Literal[
    "unreachable", "key", "unknown", "busy", "server", "overflow", "page", "empty", "off_form", "cut", "slow", "too_long", "truncated", "unsupported", "language", "repeats",
]  # fmt: skip
"""Why a model was of no use; `rag.ask.phrases` says each of them to the reader as `llm_<reason>`."""

REPLY_TOKENS: Final = 900
"""Longest reply asked for: eight sentences of sixty words, with their marks."""
LONGEST_BODY: Final = 4_000_000
"""Bytes of a reply that are read, the server's own framing included."""
PROBE: Final = ("Answer with one word.", "Are you there?")
PROBE_SECONDS: Final = 5.0
_STATUSES: Final[dict[int, Reason]] = {401: "key", 403: "key", 404: "unknown", 413: "overflow", 429: "busy"}


class ModelFault(Exception):
    """The model's answer cannot be used. Carries a reason and nothing of what was sent or received."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them."""

    prompt: int
    completion: int


Piece = str | Usage


@dataclass(slots=True)
class Deadline:
    """When a reply must be there, by `time.monotonic`."""

    at: float

    def within(self, seconds: float) -> None:
        """Wait so long at most from now on."""
        self.at = min(self.at, time.monotonic() + seconds)


def prepare() -> None:
    """Import what asking takes, once a process: it may last seconds, which are none of a model's."""
    import llama_index.llms.openai_like  # noqa: F401


class LanguageModel:
    """The model of some settings. Each call of `stream` is one request in a thread of its own."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self._schema_refused = False

    def stream(
        self, system: str, user: str, schema: dict[str, Any] | None, deadline: Deadline
    ) -> Generator[Piece, None, None]:
        """Pieces of the reply as they come, and at last what it cost, where the server tells.

        Closing the iterator ends the request.

        Raises:
            ModelFault: also where no piece came until the deadline.
        """
        pieces: SimpleQueue[Piece | ModelFault | None] = SimpleQueue()
        request = _Request(self._reply(system, user, schema), pieces, deadline.at)
        request.start()
        try:
            while (piece := _next(pieces, deadline)) is not None:
                if isinstance(piece, ModelFault):
                    raise piece
                yield piece
        finally:
            request.cancel()

    def fault(self, seconds: float = PROBE_SECONDS) -> Reason | None:
        """Ask a word of it; None if it answers, else why not."""
        prepare()
        try:
            for _ in self.stream(*PROBE, None, Deadline(time.monotonic() + seconds)):
                return None
        except ModelFault as fault:
            return fault.reason
        return "empty"

    async def _reply(self, system: str, user: str, schema: dict[str, Any] | None) -> AsyncIterator[Piece]:
        """The reply, with the schema where the server takes one: some refuse the whole request for it, with a 400."""
        import openai

        if schema is not None and not self._schema_refused:
            try:
                async for piece in self._ask(system, user, {"response_format": schema}):
                    yield piece
                return
            except openai.BadRequestError:
                pass
        async for piece in self._ask(system, user, {}):
            yield piece
        self._schema_refused = schema is not None

    async def _ask(self, system: str, user: str, more: dict[str, Any]) -> AsyncIterator[Piece]:
        from llama_index.core.llms import ChatMessage

        messages = [ChatMessage(role="system", content=system), ChatMessage(role="user", content=user)]
        async with httpx.AsyncClient(transport=_Guard(), timeout=self.settings.seconds, trust_env=False) as client:
            replies = await self._model(client).astream_chat(messages, stream_options={"include_usage": True}, **more)
            async for reply in replies:
                if reply.delta:
                    yield reply.delta
                if usage := getattr(reply.raw, "usage", None):
                    yield Usage(usage.prompt_tokens or 0, usage.completion_tokens or 0)

    def _model(self, client: httpx.AsyncClient) -> OpenAILike:
        from llama_index.llms.openai_like import OpenAILike

        settings = self.settings
        asked: dict[str, Any] = {
            "model": settings.model, "api_base": settings.url, "api_key": settings.key or "none", "is_chat_model": True,
            "context_window": settings.context, "max_tokens": REPLY_TOKENS, "temperature": 0.0, "max_retries": 0,
            "timeout": settings.seconds, "async_http_client": client,
        }  # fmt: skip
        return OpenAILike(**asked)


class _Request(threading.Thread):
    """Runs one request in an event loop of its own, so that it can be given up at any await: a daemon, never waited for."""

    def __init__(
        self, reply: AsyncIterator[Piece], pieces: SimpleQueue[Piece | ModelFault | None], until: float
    ) -> None:
        super().__init__(name="language model", daemon=True)
        self._reply, self._pieces, self._until = reply, pieces, until
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None

    def run(self) -> None:
        """Put every piece, then None or the fault that ended it, into the queue."""
        try:
            self._task = self._loop.create_task(self._read())
            self._loop.run_until_complete(self._task)
            self._pieces.put(None)
        except asyncio.CancelledError:
            self._pieces.put(ModelFault("slow"))
        except Exception as error:  # noqa: BLE001 - a server may send anything at all, and somebody waits for the end
            self._pieces.put(_fault(error))
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _read(self) -> None:
        async with asyncio.timeout(max(0.0, self._until - time.monotonic())), aclosing(self._reply) as reply:  # type: ignore[type-var]
            async for piece in reply:
                self._pieces.put(piece)

    def cancel(self) -> None:
        """Give the request up, if it still runs."""
        task = self._task
        if task is not None and not self._loop.is_closed():
            try:
                self._loop.call_soon_threadsafe(task.cancel)
            except RuntimeError:  # the loop was closed between the two lines
                return


class _Guard(httpx.AsyncHTTPTransport):
    """Lets no reply in that is compressed (a small one may be huge), is a web page, or never ends."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange. Raises: ModelFault."""
        request.headers["Accept-Encoding"] = "identity"
        response = await super().handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            raise ModelFault("off_form")
        if response.is_success and "text/html" in response.headers.get("content-type", ""):
            raise ModelFault("page")
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Bounded(response.stream)
        return response


class _Bounded(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = LONGEST_BODY
        async for chunk in self._stream:
            left -= len(chunk)
            if left < 0:
                raise ModelFault("too_long")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def _next(pieces: SimpleQueue[Piece | ModelFault | None], deadline: Deadline) -> Piece | ModelFault | None:
    try:
        return pieces.get(timeout=max(0.001, deadline.at - time.monotonic()))
    except Empty:
        return ModelFault("slow")


def _fault(error: BaseException) -> ModelFault:
    """What a failure means to a reader; of the failure itself nothing is kept."""
    import openai

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ModelFault):
            return ModelFault(cause.reason)
        cause = cause.__cause__ or cause.__context__
    match error:
        case TimeoutError() | openai.APITimeoutError():
            return ModelFault("slow")
        case openai.BadRequestError() if _mentions_length(error):
            return ModelFault("overflow")
        case openai.APIStatusError():
            return ModelFault(_STATUSES.get(error.status_code, "server"))
        case httpx.RemoteProtocolError() | httpx.ReadError():
            return ModelFault("cut")
        case openai.APIConnectionError():
            return ModelFault("unreachable")
        case openai.APIError():
            return ModelFault("server")
        case _:
            return ModelFault("off_form")


def _mentions_length(error: openai.BadRequestError) -> bool:
    return any(word in str(error).lower() for word in ("context", "length", "token"))
