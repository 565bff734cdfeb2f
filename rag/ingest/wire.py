"""One HTTP request to one vetted IP address, within a deadline and a number of bytes: address -> status, headers, body.

The name is resolved first and every address of it must be public; the connection is made to the address that was
vetted, never to the name, and its other end is vetted once more. No proxy, no cookie, no second try without TLS.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from threading import Thread
from typing import Any, Final, cast

from rag.errors import AddressRefused
from rag.ingest.addresses import WebAddress, is_public
from rag.ingest.robots import AGENT

Resolver = Callable[..., list[Any]]
"""Has the signature of `socket.getaddrinfo`."""
Connector = Callable[[str, int, float], socket.socket]
"""(IP address, port, seconds) -> an open connection."""

_TRIED: Final = 4
"""Addresses of one name that are tried."""
_CONNECT_SECONDS: Final = 8.0
"""For one address, so that one that is silent leaves time for the next."""
_THIS_MACHINE: Final = "127.0.0.1"
_CHUNK: Final = 64 * 1024
_GZIP: Final = b"\x1f\x8b"
_REQUEST: Final = (
    "GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\n"
    "Accept: text/html, application/xhtml+xml, application/pdf, text/plain;q=0.5\r\n"
    "Accept-Language: fr, en;q=0.9\r\nAccept-Encoding: gzip, deflate\r\nConnection: close\r\n\r\n"
)


class TooLarge(Exception):
    """A server sent more bytes than were wanted of it."""


class CutShort(Exception):
    """A body ended before its end, or in no known encoding."""


class Deadline:
    """A moment by which everything must be done."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left. Raises: TimeoutError, if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered. The body is decoded and at most as long as was asked for."""

    status: int
    headers: Message
    body: bytes


def open_connection(ip: str, port: int, seconds: float) -> socket.socket:
    """A TCP connection to an IP address, within that time. Raises: OSError."""
    connection = socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect((ip, port))
    except BaseException:
        connection.close()
        raise
    return connection


@dataclass(frozen=True)
class Wire:
    """How requests go out. All but `header_bytes` is for tests; `allow_loopback` lets them ask 127.0.0.1, and no other."""

    header_bytes: int
    allow_loopback: bool = False
    resolver: Resolver = socket.getaddrinfo
    connector: Connector = open_connection
    tls: ssl.SSLContext | None = None

    def get(self, address: WebAddress, deadline: Deadline, body_bytes: int, *, cut: bool = False) -> Reply:
        """Ask for one page; a redirect is answered as it is. `cut`: keep the start of a longer body.

        Only a body with status 200 is read.

        Raises:
            AddressRefused: the name leads to an address that is not public.
            TooLarge: headers beyond `header_bytes`, or a body beyond `body_bytes`, decoded or not.
            CutShort, OSError, http.client.HTTPException: it failed; TimeoutError and ssl.SSLError are OSErrors.
        """
        with closing(self._connect(address, deadline)) as connection:
            connection.settimeout(deadline.left())
            request = _REQUEST.format(target=address.target, host=address.authority, agent=AGENT)
            connection.sendall(request.encode("ascii"))
            incoming = _Incoming(connection, deadline, self.header_bytes)
            response = http.client.HTTPResponse(cast(socket.socket, incoming), method="GET")
            with closing(response):
                response.begin()
                # What is sent is limited like what comes out of it; the buffer may hold some of it already.
                incoming.budget = body_bytes + _CHUNK
                body = _body(response, body_bytes, cut=cut) if response.status == 200 else b""
            return Reply(response.status, response.headers, body)

    def _connect(self, address: WebAddress, deadline: Deadline) -> socket.socket:
        """A connection to the first vetted address that answers, wrapped in TLS for https."""
        vetted = self._vetted(address, deadline)
        for index, ip in enumerate(vetted):
            try:
                connection = self.connector(ip, address.port, min(_CONNECT_SECONDS, deadline.left()))
                break
            except OSError:
                if index == len(vetted) - 1:
                    raise
        try:
            # Whoever was asked for: who is at the other end?
            self._vet(str(connection.getpeername()[0]), address)
            if address.scheme == "https":
                connection.settimeout(deadline.left())
                return (self.tls or trusted_roots()).wrap_socket(connection, server_hostname=address.host)
        except BaseException:
            connection.close()
            raise
        return connection

    def _vetted(self, address: WebAddress, deadline: Deadline) -> list[str]:
        """The IP addresses of the host, all of them fit to be asked."""
        found = [address.host] if address.is_ip else self._resolve(address, deadline)
        for ip in found:
            self._vet(ip, address)
        if not found:
            raise OSError("the name has no address")
        return found[:_TRIED]

    def _resolve(self, address: WebAddress, deadline: Deadline) -> list[str]:
        """The IP addresses of the name. Resolves in a thread of its own, as the system's resolver knows no deadline."""
        answer: Future[list[Any]] = Future()

        def ask() -> None:
            try:
                answer.set_result(self.resolver(address.host, address.port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                answer.set_exception(OSError(f"the name {address.host} is not known ({error})"))

        Thread(target=ask, daemon=True, name="resolve").start()
        return list(dict.fromkeys(str(row[4][0]) for row in answer.result(deadline.left())))

    def _vet(self, ip: str, address: WebAddress) -> None:
        if not (is_public(ip) or (self.allow_loopback and ip == _THIS_MACHINE)):
            leads = "" if ip == address.host else f"leads to {ip}, which "
            raise AddressRefused(f"{address.host} {leads}is no address of the public internet: give a public page.")


@lru_cache(maxsize=1)
def trusted_roots() -> ssl.SSLContext:
    """Verifies certificate and host name against the machine's own authorities and those of Mozilla."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class _Incoming(io.RawIOBase):
    """The bytes a server sends, at most `budget` more of them, until the deadline. Stands in for a socket."""

    def __init__(self, connection: socket.socket, deadline: Deadline, budget: int) -> None:
        super().__init__()
        self.budget = budget
        self._connection = connection
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401
        self._connection.settimeout(self._deadline.left())
        count = self._connection.recv_into(buffer)
        self.budget -= count
        if self.budget < 0:
            raise TooLarge
        return count


def _body(response: http.client.HTTPResponse, limit: int, *, cut: bool) -> bytes:
    """The decoded body. `cut`: its first `limit` bytes, without reading on."""
    expected = response.length
    if expected is not None and expected > limit and not cut:
        raise TooLarge
    pieces: list[bytes] = []
    size = 0
    for piece in _decoded(_chunks(response, expected), response.headers.get("Content-Encoding", "")):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            if cut:
                break
            raise TooLarge
    return b"".join(pieces)[:limit]


def _chunks(response: http.client.HTTPResponse, expected: int | None) -> Iterator[bytes]:
    """The body as it is sent. `expected`: its announced length in bytes."""
    size = 0
    while chunk := response.read(_CHUNK):
        size += len(chunk)
        yield chunk
    if expected is not None and size < expected:
        raise CutShort(f"it broke off after {size} of {expected} bytes")


def _decoded(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The chunks decoded, in pieces of at most 64 KiB however much a chunk inflates to."""
    encoding = encoding.strip().lower().removeprefix("x-")
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "deflate"):
        raise CutShort(f"it is encoded as {encoding[:40]!r}, which was not asked for")
    inflate = None
    for chunk in chunks:
        while chunk:
            if inflate is None or inflate.eof:
                if inflate is not None and not chunk.startswith(_GZIP):
                    return  # Behind the end there is padding, unless another gzip member follows.
                inflate = zlib.decompressobj(_window(encoding, chunk))
            try:
                yield inflate.decompress(chunk, _CHUNK)
            except zlib.error as error:
                raise CutShort(f"its {encoding} is broken") from error
            chunk = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
    if inflate is not None and not inflate.eof:
        raise CutShort(f"its {encoding} broke off")


def _window(encoding: str, start: bytes) -> int:
    """What zlib must know: gzip, or deflate with the zlib header that many servers leave out."""
    if encoding == "gzip":
        return zlib.MAX_WBITS | 16
    headed = len(start) > 1 and start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0
    return zlib.MAX_WBITS if headed else -zlib.MAX_WBITS
