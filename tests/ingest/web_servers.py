"""Web servers on this machine that misbehave on purpose, and the fetchers that may ask them."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rag.ingest.fetching import Fetcher, FetchLimits

TLS = Path(__file__).parent / "tls"
PAGE = b"<html><body><p>Une page.</p></body></html>"
Answer = tuple[int, dict[str, str], bytes] | Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A server, what it answers, and what it was asked. A path it does not know is not found."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: int = 0

    def page(
        self, path: str, body: bytes = PAGE, content_type: str = "text/html; charset=utf-8", **headers: str
    ) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (200, {"Content-Type": content_type, **named}, body)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.answers[path] = (status, {"Location": to}, b"")

    def url(self, path: str, host: str = "news.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    site: Site

    def handle_error(self, *_: object) -> None:
        """A client that leaves in the middle is what many tests want."""

    def process_request(self, *arguments) -> None:
        self.site.connections += 1
        super().process_request(*arguments)


class _Server6(_Server):
    address_family = socket.AF_INET6


@contextmanager
def serving(address: str = "127.0.0.1", port: int = 0, *, tls: bool = False) -> Iterator[Site]:
    """A server at that address, for as long as it is needed."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.headers.append(dict(self.headers))
            answer = site.answers.get(self.path, (404, {}, b"not here"))
            if callable(answer):
                answer(self)
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Transfer-Encoding" not in headers and "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = (_Server6 if ":" in address else _Server)((address, port), Handler)
    server.site = site
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS / "news.example.pem", TLS / "news.example.key")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def speaking(script: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that runs `script` on each connection, whatever is asked of it."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=_speak, args=(script, connection), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        listener.close()


def _speak(script: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with connection:
        try:
            script(connection)
        except OSError:
            return


def to(*addresses: str) -> Callable[..., list[tuple]]:
    """A resolver that answers every name with these addresses."""

    def resolver(_host: str, port: int, **_: object) -> list[tuple]:
        return [
            (socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in addresses
        ]

    return resolver


def fetcher(**options) -> Fetcher:
    """A fetcher whose whole web is 127.0.0.1."""
    limits = {
        name: options.pop(name) for name in ("seconds", "body_bytes", "header_bytes", "redirects") if name in options
    }
    options = {"allow_loopback": True, "resolver": to("127.0.0.1"), **options}
    return Fetcher(FetchLimits(**{"seconds": 10.0, **limits}), **options)
