"""Fetches web pages with care: URL -> FetchedPage, or a reason why not, whatever the server does.

Each hop of a redirect is vetted like the first address, and asked for only if the site's robots.txt lets us.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from rag.errors import FetchFailed
from rag.ingest.addresses import WEB_PORTS, WebAddress, follow, read_address, shown
from rag.ingest.robots import AGENT, LARGEST, Robots, parse_robots
from rag.ingest.wire import (
    Connector,
    CutShort,
    Deadline,
    Reply,
    Resolver,
    TooLarge,
    Wire,
    open_connection,
)

MEDIA_SUFFIXES: Final = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/plain": ".txt",
}  # fmt: skip
"""The media types that are read, each with the suffix a file of it would have."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_ADVICE: Final = {
    401: "it asks for a login: save the page from your browser as .html and ingest the file",
    403: "it turns programs away: save the page from your browser as .html and ingest the file",
    404: "there is no such page: check the address",
    410: "the page is gone: check the address",
    429: "it is asked too often: try again later",
    451: "it may not be shown here: look for the text elsewhere",
}


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How far a server may go. Seconds are for one page with its redirects, bytes for its decoded body."""

    seconds: float = 30.0
    body_bytes: int = 20_000_000
    header_bytes: int = 65_536
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as it came: `content_type` is one of MEDIA_SUFFIXES, `charset` what the server says of it."""

    url: str
    final_url: str
    status: int
    content_type: str
    charset: str | None
    body: bytes


class Fetcher:
    """Fetches the pages of one run, and asks each site for its robots.txt once.

    All arguments but `limits` are for tests, where the web is this machine: `allow_loopback` lets them ask 127.0.0.1,
    at any port.
    """

    def __init__(
        self,
        limits: FetchLimits | None = None,
        *,
        allow_loopback: bool = False,
        ports: frozenset[int] = WEB_PORTS,
        resolver: Resolver = socket.getaddrinfo,
        connector: Connector = open_connection,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits or FetchLimits()
        self._ports = None if allow_loopback else ports
        self._wire = Wire(self.limits.header_bytes, allow_loopback, resolver, connector, tls)
        self._robots: dict[str, Robots | str] = {}

    def fetch(self, url: str) -> FetchedPage:
        """Have one page.

        Raises:
            AddressRefused: the URL, or one it redirects to, must not be asked.
            FetchFailed: the page could not be had, is no text, or the site does not want programs to have it.
        """
        deadline = Deadline(self.limits.seconds)
        address, reply = self._follow(read_address(url, self._ports), deadline, self.limits.body_bytes)
        if reply.status != HTTPStatus.OK:
            raise _refused(address, f"answers {_named(reply.status)}, {_advice(reply.status)}")
        content_type = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if content_type not in MEDIA_SUFFIXES:
            kind = shown(content_type) or "nothing"
            raise _refused(address, f"is {kind}, not a page of text: give the address of an article")
        charset = reply.headers.get_content_charset()
        return FetchedPage(url, address.url, reply.status, content_type, charset, reply.body)

    def _follow(
        self, address: WebAddress, deadline: Deadline, body_bytes: int, *, as_robot: bool = True
    ) -> tuple[WebAddress, Reply]:
        """Ask, and go where redirects lead. `as_robot`: only where robots.txt lets us; it is itself always asked."""
        for _ in range(self.limits.redirects + 1):
            if as_robot:
                self._ask_leave(address, deadline)
            reply = self._get(address, deadline, body_bytes, cut=not as_robot)
            location = reply.headers.get("Location")
            if reply.status not in _REDIRECTS or not location:
                return address, reply
            address = follow(address, _utf8(location), self._ports)
        raise _refused(address, f"is redirected more than {self.limits.redirects} times: give the last address")

    def _get(self, address: WebAddress, deadline: Deadline, body_bytes: int, *, cut: bool) -> Reply:
        """One request, with what can go wrong put into words."""
        try:
            return self._wire.get(address, deadline, body_bytes, cut=cut)
        except TooLarge as error:
            raise _refused(
                address, f"sends more than {body_bytes} bytes, or headers without end: no article"
            ) from error
        except CutShort as error:
            raise _refused(address, f"could not be read to its end, {error}: try again later") from error
        except TimeoutError as error:
            raise _refused(
                address, f"did not answer within {self.limits.seconds:g} seconds: try again later"
            ) from error
        except ssl.SSLCertVerificationError as error:
            raise _refused(address, f"has no valid certificate ({error.verify_message}): it is not trusted") from error
        except (OSError, http.client.HTTPException) as error:
            raise _refused(address, f"could not be reached ({_why(error)}): check address and network") from error

    def _ask_leave(self, address: WebAddress, deadline: Deadline) -> None:
        """Look into the site's robots.txt. Raises: FetchFailed, if it does not let us have the page."""
        site = f"{address.scheme}://{address.authority}"
        if site not in self._robots:
            self._robots[site] = self._read_robots(
                WebAddress(address.scheme, address.host, address.port, "/robots.txt"), deadline
            )
        robots = self._robots[site]
        if isinstance(robots, str):
            raise _refused(address, f"is not asked for, because {robots}")
        if not robots.allows(address.target):
            raise _refused(
                address, f"is closed to programs like {AGENT} by {site}/robots.txt: save it from your browser as .html"
            )

    def _read_robots(self, address: WebAddress, deadline: Deadline) -> Robots | str:
        """The rules of a site, or why there are none to go by. Without such a file all is allowed."""
        try:
            _, reply = self._follow(address, deadline, LARGEST, as_robot=False)
        except FetchFailed as error:
            return str(error).removesuffix(".")
        if reply.status == HTTPStatus.OK:
            return parse_robots(reply.body)
        if HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Robots()
        return f"{address.url} answers {_named(reply.status)}: try again later"


def _refused(address: WebAddress, why: str) -> FetchFailed:
    return FetchFailed(f"{shown(address.url)} {why}.")


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def _advice(status: int) -> str:
    return _ADVICE.get(status, "so there is no article to read: try again later or give another address")


def _why(error: Exception) -> str:
    """The cause on one line; what a server wrote in it is shortened."""
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return shown(text)


def _utf8(header: str) -> str:
    """A header as its sender meant it: http.client reads each byte as Latin-1, and most write UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
