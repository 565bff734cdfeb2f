"""What stands before every request: who may ask, for what, how much; and what a browser is told not to do.

ASGI in, ASGI out. Only the routes that the app needs are let through, so that whatever else the web framework offers
(files, proxies, recordings, monitoring) does not exist here. Gradio's page compiles its own templates, hence
'unsafe-eval' in the policy; scripts themselves come from this server alone, the ones inside the page by a nonce.
"""

from __future__ import annotations

import base64
import hmac
import ipaddress
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

UPLOAD: Final = re.compile(r"(/en)?/gradio_api/upload/?")
_PAGES: Final = re.compile(
    r"(/en)?/(|config/?|theme\.css|favicon\.ico|robots\.txt|(assets|static)/[\w./@-]+"
    r"|gradio_api/(info/?|openapi\.json|startup-events|queue/(join|data|status)/?|(call|call/v2|run|api)/[\w./-]+|cancel|reset/?|heartbeat/\w+"
    r"|upload_progress))"
)
_OURS: Final = re.compile(r"/(article/[^/]{1,200}|web/\w+/[\w.-]+|turns|export|feedback|report|healthz)")
_MCP: Final = re.compile(r"/gradio_api/mcp(/.*)?")
_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
)
_STRICT: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_FOREIGN: Final = re.compile(rb'\s*<(meta\s+property="og:|meta\s+name="twitter:|link\s+rel="manifest")[^>]*>')


@dataclass(frozen=True, slots=True)
class Rules:
    """What is let through. `upload_bytes` 0: nothing may be sent as a file."""

    names: frozenset[str] = field(default_factory=frozenset)
    login: str | None = None
    mcp: bool = False
    body_bytes: int = 200_000
    upload_bytes: int = 0
    head: str = ""
    """HTML for the head of every page of Gradio: our style and scripts, there before anything is drawn."""


class Guard:
    """The app behind its rules."""

    def __init__(self, app: App, rules: Rules) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Let a request through, or say in one sentence why not."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # no route of ours speaks over a web socket
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        refusal = self.refusal(scope["method"], scope["path"], headers)
        if refusal is not None:
            await _refuse(send, *refusal)
            return
        limit = self._limit(scope["path"])
        if int(headers.get("content-length") or 0) > limit:
            await _refuse(send, 413, f"The request is larger than {limit} bytes: send less.")
            return
        reply = _Reply(send, self._rules.head, "en" if scope["path"].startswith("/en") else "fr")
        await self._app(scope, _counted(receive, limit), reply.send)

    def refusal(self, method: str, path: str, headers: MutableMapping[str, str]) -> tuple[int, str] | None:
        """(status, sentence) for a request that may not pass."""
        host = _host_of(headers.get("host", ""))
        if not (_is_address(host) or host == "localhost" or host in self._rules.names):
            return 421, "This server does not go by that name: list it in H200_WEB_NAMES."
        if not _same_site(method, headers):
            return 403, "Requests from other sites are refused."
        if self._rules.login is not None and path != "/healthz" and not _knows(self._rules.login, headers):
            return 401, "Give the name and password of this server."
        if not self._exists(path):
            return 404, "There is nothing here."
        if not headers.get("content-length", "0").isdigit():
            return 400, "The length of the request is no number."
        return None

    def _exists(self, path: str) -> bool:
        if UPLOAD.fullmatch(path):
            return self._rules.upload_bytes > 0
        if _MCP.fullmatch(path):
            return self._rules.mcp
        return bool(_PAGES.fullmatch(path) or _OURS.fullmatch(path)) and ".." not in path

    def _limit(self, path: str) -> int:
        return self._rules.upload_bytes if UPLOAD.fullmatch(path) else self._rules.body_bytes


class _Reply:
    """What is sent back, with the headers of a careful server; a page of Gradio gets its scripts signed."""

    def __init__(self, send: Send, head: str, lang: str) -> None:
        self._send = send
        self._head = head
        self._lang = lang
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            if kind.startswith(b"text/html"):
                self._start = message  # held back: its length and policy follow from its body
                return
            message["headers"] = [*_kept(message["headers"]), *_HEADERS, (b"content-security-policy", _STRICT.encode())]
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page()
            return
        await self._send(message)

    async def _send_page(self) -> None:
        assert self._start is not None
        policy, body = _STRICT, self._body
        if b"window.gradio_config" in body:
            nonce = secrets.token_urlsafe(16)
            policy = _POLICY.format(nonce=nonce)
            body = dressed(signed(body, nonce), self._head, self._lang)
        headers = [(k, v) for k, v in _kept(self._start["headers"]) if k != b"content-length"]
        self._start["headers"] = [
            *headers,
            *_HEADERS,
            (b"content-security-policy", policy.encode()),
            (b"content-length", str(len(body)).encode()),
        ]
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def signed(page: bytes, nonce: str) -> bytes:
    """Gradio's page with the nonce on each script it was built with, and without what points at other sites.

    Configuration inside the page is JSON in which '<' is escaped, so no text of ours can pass for a script.
    """
    return _FOREIGN.sub(b"", page).replace(b"<script", b'<script nonce="' + nonce.encode() + b'"')


def dressed(page: bytes, head: str, lang: str) -> bytes:
    """Gradio's page in its language, with our head."""
    page = page.replace(b'lang="en"', f'lang="{lang}"'.encode(), 1)
    return page.replace(b"</head>", head.encode() + b"</head>", 1)


def _kept(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Headers without what would let other sites in."""
    return [(k, v) for k, v in headers if not k.lower().startswith(b"access-control-") and k.lower() != b"server"]


def _counted(receive: Receive, limit: int) -> Receive:
    """The body, cut off as a disconnect once it is longer than allowed: a length can be left out or lied about."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return {"type": "http.disconnect"} if taken > limit else message

    return counted


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = sentence.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()), *_HEADERS]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="h200", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _host_of(host: str) -> str:
    """The name or address in a Host header, without its port."""
    return host[: host.find("]") + 1].strip("[]") if host.startswith("[") else host.partition(":")[0].lower()


def _is_address(host: str) -> bool:
    """Whether it is a plain address: no site can rebind one, as it can a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _same_site(method: str, headers: MutableMapping[str, str]) -> bool:
    """Whether a request comes from our own pages, from a program, or from a link that somebody followed."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
    if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        return False
    if site in ("none", "same-origin"):
        return True
    return (
        method in ("GET", "HEAD")
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )


def _knows(login: str, headers: MutableMapping[str, str]) -> bool:
    kind, _, given = headers.get("authorization", "").partition(" ")
    try:
        plain = base64.b64decode(given, validate=True)
    except ValueError:
        return False
    return kind.lower() == "basic" and hmac.compare_digest(plain, login.encode())
