"""A small server that speaks the OpenAI chat protocol on loopback: honest, lying, obedient, broken or slow, as it is told."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-never-to-be-shown-7f3a"
EVIDENCE = re.compile(r"^\[(\d+)\] \((.*?)\) (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """One request, as a model would read it."""

    body: dict
    system: str
    user: str

    @property
    def code(self) -> str:
        found = re.search(r"(?:Code du message|Message code) ?: (\w+)", self.system)
        return found.group(1) if found else ""

    @property
    def evidence(self) -> list[tuple[int, str]]:
        return [(int(n), text) for n, _, text in EVIDENCE.findall(self.user)]

    @property
    def french(self) -> bool:
        return self.system.startswith("Code du")

    @property
    def restating(self) -> bool:
        """Whether it is to make a question whole, and not to answer one."""
        return '"question": "..."' in self.system

    @property
    def questions(self) -> list[str]:
        """The questions it is given, the last one last: earlier ones where it is to make that whole."""
        blocks = re.split(r"<<<\w+>>>", self.user)[1::2]
        return [line.removeprefix("- ") for block in blocks[not self.restating :] for line in block.strip().split("\n")]


Brain = Callable[[Asked], str]
"""What a model replies, whole."""
Trouble = Callable[["Handler", Asked], None]
"""How a server fails, at the level of the socket."""


@dataclass
class Server:
    """Where it listens, what it was asked, and what it does next."""

    port: int
    brain: Brain
    trouble: Trouble | None = None
    asked: list[Asked] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


def reply(asked: Asked, sentences: Sequence[tuple[Sequence[int], str]], **more: object) -> str:
    rows = [{"ids": list(ids), "text": text} for ids, text in sentences]
    return json.dumps({"code": asked.code, "sentences": rows, **more}, ensure_ascii=False)


def honest(asked: Asked) -> str:
    """Says the first pieces of evidence in their own words; a question it is to make whole, it gives back as it was."""
    if asked.restating:
        return whole(asked, asked.questions[-1])
    return reply(asked, [((n,), text) for n, text in asked.evidence[:3]])


def whole(asked: Asked, question: str) -> str:
    """The reply that makes a question whole."""
    return json.dumps({"code": asked.code, "question": question}, ensure_ascii=False)


def restating(question: str, then: Brain = honest) -> Brain:
    """A brain that makes every follow-up this question, and then answers as another."""
    return lambda asked: whole(asked, question) if asked.restating else then(asked)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        return

    def do_POST(self) -> None:
        server: Server = self.server.told  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        messages = {message["role"]: message["content"] for message in body["messages"]}
        asked = Asked(body, messages["system"], messages["user"])
        server.asked.append(asked)
        server.keys.append(self.headers.get("Authorization", ""))
        try:
            if server.trouble is not None:
                server.trouble(self, asked)
            else:
                self.stream(pieces(server.brain(asked)), usage={"prompt_tokens": len(asked.system + asked.user) // 4})
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client has left, as it may
        self.close_connection = True

    def status(self, code: int, content: bytes = b"{}", kind: str = "application/json", **headers: str) -> None:
        self.send_response(code)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def open_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def event(self, delta: dict, **more: object) -> None:
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "small", **more}
        chunk.setdefault("choices", [{"index": 0, "delta": delta, "finish_reason": None}])
        self.raw(f"data: {json.dumps(chunk)}\n\n".encode())

    def raw(self, content: bytes) -> None:
        self.wfile.write(content)
        self.wfile.flush()

    def stream(self, parts: Iterator[str], usage: dict | None = None, pause: float = 0.0) -> None:
        self.open_stream()
        self.event({"role": "assistant", "content": ""})
        for part in parts:
            self.event({"content": part})
            time.sleep(pause)
        if usage:
            self.event({}, choices=[], usage={"completion_tokens": 50, "total_tokens": 50, **usage})
        self.raw(b"data: [DONE]\n\n")


def pieces(text: str, size: int = 40) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


@contextmanager
def serving(brain: Brain = honest, trouble: Trouble | None = None) -> Iterator[Server]:
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    listening.block_on_close = False
    server = Server(listening.server_address[1], brain, trouble)
    listening.told = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


# --- troubles ----------------------------------------------------------------------------------------------------

LONG_WAIT = 60.0


def _status(code: int, text: str = "no") -> Trouble:
    content = json.dumps({"error": {"message": f"{text} {KEY} /srv/models/secret", "type": "x", "code": None}}).encode()
    return lambda handler, asked: handler.status(code, content)


def _says(text: str) -> Trouble:
    return lambda handler, asked: handler.stream(pieces(text))


def _html(handler: Handler, asked: Asked) -> None:
    handler.status(200, b"<!doctype html><h1>Sign in</h1>", "text/html; charset=utf-8")


def _bad_json(handler: Handler, asked: Asked) -> None:
    handler.open_stream()
    handler.raw(b'data: {"choices": [{"delta": {"content": \n\n')


def _no_event(handler: Handler, asked: Asked) -> None:
    handler.status(200, b'{"ok": true}')


def _strange_event(handler: Handler, asked: Asked) -> None:
    handler.open_stream()
    handler.raw(b'data: [1, "two", null]\n\ndata: {"choices": "none"}\n\n')


def _megabyte(handler: Handler, asked: Asked) -> None:
    handler.stream("word " * 1000 for _ in range(210))


def _endless_line(handler: Handler, asked: Asked) -> None:
    handler.open_stream()
    for _ in range(400):
        handler.raw(b"x" * 65_536)


def _compressed(handler: Handler, asked: Asked) -> None:
    handler.status(200, b"\x1f\x8b" + b"0" * 100, "text/event-stream", Content_Encoding="gzip")


def _cut(handler: Handler, asked: Asked) -> None:
    text = honest(asked)
    handler.stream(pieces(text[: len(text) // 2]))


def _reset(handler: Handler, asked: Asked) -> None:
    handler.open_stream()
    handler.event({"content": f'{{"code": "{asked.code}", "sentences": ['})
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def _stalled(handler: Handler, asked: Asked) -> None:
    handler.open_stream()
    handler.event({"content": f'{{"code": "{asked.code}", "sentences": ['})
    time.sleep(LONG_WAIT)


def _silent(handler: Handler, asked: Asked) -> None:
    time.sleep(LONG_WAIT)


def _dripping(handler: Handler, asked: Asked) -> None:
    handler.open_stream()
    for _ in range(int(LONG_WAIT / 0.05)):
        handler.raw(b": still here\n\n")
        time.sleep(0.05)


def _dripping_header(handler: Handler, asked: Asked) -> None:
    for letter in "HTTP/1.1 200 OK\r\nX: " + "a" * int(LONG_WAIT / 0.05):
        handler.raw(letter.encode())
        time.sleep(0.05)


def _repeating(handler: Handler, asked: Asked) -> None:
    sentence = json.dumps({"ids": [1], "text": "puces puces puces puces puces puces puces puces puces puces"})
    handler.stream(iter([f'{{"code": "{asked.code}", "sentences": [', *[f"{sentence}, "] * 2000]))


def _other_language(handler: Handler, asked: Asked) -> None:
    text = (
        "Die Vereinigten Staaten und China streiten sich weiter, und niemand weiß es."
        if asked.french
        else "On ne sait pas ce qui en est des puces."
    )
    handler.stream(pieces(reply(asked, [((1,), text)])))


def _truncating(handler: Handler, asked: Asked) -> None:
    said = [{"ids": [n], "text": text} for n, text in asked.evidence[:1]]
    handler.stream(pieces(json.dumps({"code": "", "sentences": said, "question": asked.questions[0]})))


def _undercounting(handler: Handler, asked: Asked) -> None:
    handler.stream(pieces(honest(asked)), usage={"prompt_tokens": 40})


def _nothing_to_say(handler: Handler, asked: Asked) -> None:
    handler.stream(pieces(reply(asked, [])))


def _redirecting(handler: Handler, asked: Asked) -> None:
    handler.status(307, b"", Location="http://127.0.0.1:1/v1/chat/completions")


TROUBLES: dict[str, tuple[Trouble, str]] = {
    "401": (_status(401), "key"),
    "403": (_status(403), "key"),
    "404": (_status(404), "unknown"),
    "429": (_status(429), "busy"),
    "500": (_status(500), "server"),
    "503": (_status(503), "server"),
    "400 too long": (_status(400, "maximum context length is 2048 tokens"), "overflow"),
    "redirect": (_redirecting, "server"),
    "html": (_html, "page"),
    "bad json": (_bad_json, "off_form"),
    "no stream": (_no_event, "empty"),
    "strange events": (_strange_event, "off_form"),
    "empty": (_says(""), "empty"),
    "white space": (_says(" \n \t "), "empty"),
    "refusal": (_says("I'm sorry, but I can't help with that."), "off_form"),
    "prose": (_says("La réponse est oui. ![](http://mauvais.example/x.png)"), "off_form"),
    "one megabyte": (_megabyte, "too_long"),
    "a line without end": (_endless_line, "too_long"),
    "compressed": (_compressed, "off_form"),
    "repetition": (_repeating, "too_long"),
    "another language": (_other_language, "language"),
    "truncated": (_truncating, "truncated"),
    "undercounted": (_undercounting, "truncated"),
    "no sentence": (_nothing_to_say, "unsupported"),
    "cut": (_cut, "cut"),
    "reset": (_reset, "cut"),
    "stalled": (_stalled, "slow"),
    "silent": (_silent, "slow"),
    "dripping": (_dripping, "slow"),
    "dripping header": (_dripping_header, "slow"),
}
"""Name -> how the server fails, and the reason the reader is given."""


def before_writing(trouble: Trouble) -> Trouble:
    """Fails where a question is to be made whole, and writes honestly afterwards."""

    def troubled(handler: Handler, asked: Asked) -> None:
        if asked.restating:
            trouble(handler, asked)
        else:
            handler.stream(pieces(honest(asked)))

    return troubled
