"""Pages from servers that misbehave: each is had or refused with a reason, in bounded time and memory."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from web_servers import PAGE, TLS, Site, fetcher, serving, speaking

from rag.errors import AddressRefused, FetchFailed

ROOT = Path(__file__).resolve().parents[2]
# Seconds that a refusal may take beyond the fetcher's own deadline, on a busy machine.
SLACK = 3.0


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


@contextmanager
def refused(words: str, within: float = 5.0) -> Iterator[None]:
    """What happens inside fails with a one-sentence reason, soon."""
    start = time.monotonic()
    with pytest.raises(FetchFailed, match=words) as caught:
        yield
    assert time.monotonic() - start < within
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 500


def drip(data: bytes, seconds: float, *, forever: bool = False) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer that comes one byte at a time."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        while True:
            for byte in data:
                handler.wfile.write(bytes([byte]))
                time.sleep(seconds)
            if not forever:
                return

    return answer


# --- pages that can be had ---------------------------------------------------------------------------------------


def test_a_page(site):
    site.page("/a?b=c", "<p>Été</p>".encode("latin-1"), 'Text/HTML; Charset="ISO-8859-1"')
    page = fetcher().fetch(site.url("/a?b=c#d"))
    assert (page.url, page.final_url) == (site.url("/a?b=c#d"), site.url("/a?b=c"))
    assert (page.status, page.content_type, page.charset) == (200, "text/html", "iso-8859-1")
    assert page.body == "<p>Été</p>".encode("latin-1")
    assert site.asked == ["/robots.txt", "/a?b=c"]
    sent = site.headers[1]
    assert sent["User-Agent"] == "h200"
    assert sent["Host"] == f"news.example:{site.port}"
    assert not {"Cookie", "Referer", "Authorization"} & set(sent)


def test_redirects_are_followed(site):
    site.redirect("/1", "/2", 301)
    site.redirect("/2", f"http://autre.example:{site.port}/3", 302)
    site.redirect("/3", "4?x=" + "é".encode().decode("latin-1"), 303)
    site.redirect("/4?x=%C3%A9", "/5 6", 307)
    site.redirect("/5%206", "//news.example:" + str(site.port) + "/7", 308)
    site.page("/7")
    assert fetcher().fetch(site.url("/1")).final_url == site.url("/7")
    assert site.asked.count("/robots.txt") == 2


@pytest.mark.parametrize(
    "encoding", ["gzip", "x-gzip", "GZIP", "deflate", "raw deflate", "two members", "padded", "identity", ""]
)
def test_encodings(site, encoding):
    zlib_raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bodies = {
        "deflate": zlib.compress(PAGE),
        "raw deflate": zlib_raw.compress(PAGE) + zlib_raw.flush(),
        "two members": gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]),
        "padded": gzip.compress(PAGE) + b"\0" * 99,
        "identity": PAGE,
        "": PAGE,
    }
    names = {"raw deflate": "deflate", "two members": "gzip", "padded": "gzip"}
    site.page("/", bodies.get(encoding, gzip.compress(PAGE)), Content_Encoding=names.get(encoding, encoding))
    assert fetcher().fetch(site.url("/")).body == PAGE


def test_chunks(site):
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for byte in PAGE:
            handler.wfile.write(b"1;x=y\r\n" + bytes([byte]) + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    site.answers["/"] = answer
    assert fetcher().fetch(site.url("/")).body == PAGE


def test_a_body_of_exactly_the_limit(site):
    site.page("/", PAGE)
    assert fetcher(body_bytes=len(PAGE)).fetch(site.url("/")).body == PAGE
    with refused("more than"):
        fetcher(body_bytes=len(PAGE) - 1).fetch(site.url("/"))


@pytest.mark.parametrize(
    "kind", ["text/html", "application/xhtml+xml", "application/pdf", "text/plain", "TEXT/HTML ; a=b"]
)
def test_kinds_that_are_read(site, kind):
    site.page("/", PAGE, kind)
    assert fetcher().fetch(site.url("/")).content_type == kind.split(" ")[0].lower()


# --- pages that are refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "image/png",
        "application/octet-stream",
        "video/mp4",
        "text/css",
        "multipart/mixed",
        "x",
        "text/html, application/json;",
    ],
)
def test_kinds_that_are_not_read(site, kind):
    site.page("/", PAGE, kind)
    with refused("not a page of text"):
        fetcher().fetch(site.url("/"))


def test_a_page_that_does_not_say_what_it_is(site):
    site.answers["/"] = (200, {}, PAGE)
    with refused("is nothing, not a page"):
        fetcher().fetch(site.url("/"))


@pytest.mark.parametrize(
    "status",
    [
        201,
        202,
        203,
        204,
        206,
        300,
        304,
        305,
        400,
        401,
        402,
        403,
        404,
        405,
        410,
        418,
        429,
        451,
        500,
        502,
        503,
        504,
        599,
        999,
    ],
)
def test_other_statuses(site, status):
    site.answers["/"] = (status, {"Content-Type": "text/html", "Retry-After": "9999"}, PAGE)
    with refused(f"answers {status}"):
        fetcher().fetch(site.url("/"))
    assert site.asked == ["/robots.txt", "/"]


def test_a_redirect_that_leads_nowhere(site):
    site.answers["/"] = (302, {}, b"")
    with refused("answers 302"):
        fetcher().fetch(site.url("/"))


def test_a_redirect_loop(site):
    site.redirect("/a", "/b")
    site.redirect("/b", "/a")
    with refused("redirected more than 5 times"):
        fetcher().fetch(site.url("/a"))
    assert len(site.asked) == 1 + 6


def test_five_redirects_and_no_more(site):
    for number in range(6):
        site.redirect(f"/{number}", f"/{number + 1}")
    site.page("/6")
    assert fetcher().fetch(site.url("/1")).final_url == site.url("/6")
    with refused("more than 5"):
        fetcher().fetch(site.url("/0"))


@pytest.mark.parametrize(
    "body", [gzip.compress(PAGE * 99)[:-20], gzip.compress(PAGE)[:5], b"no gzip at all", b"\x1f\x8b"]
)
def test_broken_gzip(site, body):
    site.page("/", body, Content_Encoding="gzip")
    with refused("gzip"):
        fetcher().fetch(site.url("/"))


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "x" * 1000])
def test_encodings_that_were_not_asked_for(site, encoding):
    site.page("/", PAGE, Content_Encoding=encoding)
    with refused("not asked for"):
        fetcher().fetch(site.url("/"))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0\0\0\0",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 99 No\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<p>short",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n<p>",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n500\r\n<p>short",
        b"<html><p>HTTP/0.9</p>",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"HTTP/1.1 200 " + b"x" * 70_000,
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 101 + b"\r\n",
    ],
)
def test_answers_that_are_no_http(answer):
    def script(connection: socket.socket) -> None:
        if b"robots.txt" in connection.recv(4096):
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        else:
            connection.sendall(answer)

    with speaking(script) as port, refused("could not be|sends more"):
        fetcher().fetch(f"http://news.example:{port}/")


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with refused("could not be reached"):
        fetcher().fetch(f"http://news.example:{port}/")


def test_a_name_nobody_knows():
    def unknown(*_: object, **__: object) -> list[tuple]:
        raise socket.gaierror(-2, "Name or service not known")

    with refused(r"the name news\.example is not known"):
        fetcher(resolver=unknown).fetch("http://news.example/")
    with refused("no address"):
        fetcher(resolver=lambda *_, **__: []).fetch("http://news.example/")


# --- time --------------------------------------------------------------------------------------------------------


def test_a_slow_drip(site):
    site.answers["/"] = drip(PAGE, 0.1)
    with refused("did not answer within 0.7 seconds", 0.7 + SLACK):
        fetcher(seconds=0.7).fetch(site.url("/"))


def test_headers_that_drip(site):
    def script(connection: socket.socket) -> None:
        connection.recv(4096)
        for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 99:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    with speaking(script) as port, refused("did not answer", 0.7 + SLACK):
        fetcher(seconds=0.7).fetch(f"http://news.example:{port}/")


def test_a_server_that_says_nothing():
    quiet = threading.Event()
    with speaking(lambda _: quiet.wait(9) and None) as port:
        for scheme in ("http", "https"):
            with refused("did not answer", 0.5 + SLACK):
                fetcher(seconds=0.5).fetch(f"{scheme}://news.example:{port}/")
        quiet.set()


def test_a_resolver_that_says_nothing():
    quiet = threading.Event()
    with refused("did not answer", 0.4 + SLACK):
        fetcher(seconds=0.4, resolver=lambda *_, **__: quiet.wait(9) and []).fetch("http://news.example/")
    quiet.set()


def test_time_is_counted_over_redirects(site):
    def slowly(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        handler.send_response(302)
        handler.send_header("Location", "/")
        handler.end_headers()

    site.answers["/"] = slowly
    with refused("did not answer", 0.8 + SLACK):
        fetcher(seconds=0.8, redirects=99).fetch(site.url("/"))


def test_continue_for_ever():
    def script(connection: socket.socket) -> None:
        connection.recv(4096)
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    with speaking(script) as port, refused("sends more than"):
        fetcher().fetch(f"http://news.example:{port}/")


def test_headers_without_end():
    def script(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-" + b"a" * 30_000 + b": b\r\n")

    with speaking(script) as port, refused("sends more than"):
        fetcher().fetch(f"http://news.example:{port}/")


# --- size --------------------------------------------------------------------------------------------------------


def bomb(megabytes: int) -> Iterator[bytes]:
    """A gzip stream that inflates to that much, in pieces of a thousandth."""
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    zeros = bytes(1_000_000)
    yield packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(megabytes - 1):
        yield again


def test_the_bomb_is_one():
    pieces = list(bomb(10_000))
    assert 9_000_000 < sum(map(len, pieces)) < 11_000_000
    assert len(zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(pieces[0] + pieces[1] + pieces[2])) == 3_000_000


@pytest.mark.parametrize("encoding", ["gzip", "identity", "chunked"])
def test_memory_stays_bounded(site, encoding):
    """10 MB of gzip that inflate to 10 GB, and bodies without end: the fetching process must not grow with them."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Transfer-Encoding" if encoding == "chunked" else "Content-Encoding", encoding)
        handler.end_headers()
        for piece in bomb(10_000) if encoding == "gzip" else iter(lambda: b"10000\r\n" + bytes(65536) + b"\r\n", None):
            handler.wfile.write(piece)

    site.answers["/"] = answer
    report = json.loads(run_alone(site.url("/")))
    assert "sends more than 20000000 bytes" in report["message"]
    assert report["grown_mb"] < 300, report
    assert report["seconds"] < 25, report


def test_a_bomb_on_a_redirect_is_not_read(site):
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "/page")
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        for piece in bomb(10_000):
            handler.wfile.write(piece)

    site.answers["/"] = answer
    site.page("/page")
    assert fetcher().fetch(site.url("/")).body == PAGE


ALONE = """
import json, resource, sys, time
sys.path[:0] = sys.argv[2:]
from web_servers import fetcher
from rag.errors import FetchFailed
import rag.ingest.loaders, ssl
careful, before, start = fetcher(seconds=30.0), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
try:
    careful.fetch(sys.argv[1])
except FetchFailed as error:
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"message": str(error), "grown_mb": (after - before) / 1024, "seconds": time.monotonic() - start}))
"""


def run_alone(url: str) -> str:
    """What fetching a page says of itself, in a process whose memory is its own."""
    command = [sys.executable, "-c", ALONE, url, str(ROOT), str(Path(__file__).parent)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


# --- TLS and proxies ---------------------------------------------------------------------------------------------


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(TLS / "news.example.pem"))


def test_tls():
    with serving(tls=True) as site:
        site.page("/")
        assert fetcher(tls=trusting()).fetch(site.url("/", scheme="https")).body == PAGE


def test_a_certificate_nobody_signed():
    with serving(tls=True) as site:
        site.page("/")
        with refused("no valid certificate"):
            fetcher().fetch(site.url("/", scheme="https"))
        assert site.asked == []


def test_a_certificate_of_another_name():
    with serving(tls=True) as site:
        site.page("/")
        with refused("no valid certificate"):
            fetcher(tls=trusting()).fetch(site.url("/", "autre.example", "https"))
        assert site.asked == []


def test_tls_is_not_given_up(site):
    """A server without TLS behind an https address is not asked without."""
    site.page("/")
    with refused("could not be reached"):
        fetcher().fetch(site.url("/", scheme="https"))
    assert site.asked == []


def test_proxies_of_the_environment_are_not_asked(site, monkeypatch):
    with serving() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        site.page("/")
        assert fetcher().fetch(site.url("/")).body == PAGE
        assert proxy.connections == 0


# --- robots.txt --------------------------------------------------------------------------------------------------


def robots(site: Site, text: str | bytes, status: int = 200) -> None:
    site.answers["/robots.txt"] = (
        status,
        {"Content-Type": "text/plain"},
        text if isinstance(text, bytes) else text.encode(),
    )


def test_robots_that_forbid(site):
    robots(site, "User-agent: *\nDisallow: /prive")
    site.page("/prive/a")
    site.page("/libre")
    careful = fetcher()
    with refused("closed to programs like h200"):
        careful.fetch(site.url("/prive/a"))
    assert careful.fetch(site.url("/libre")).status == 200
    assert site.asked == ["/robots.txt", "/libre"]


def test_robots_on_the_way(site):
    robots(site, "User-agent: h200\nDisallow: /prive")
    site.redirect("/a", "/prive/b")
    with refused("closed to programs"):
        fetcher().fetch(site.url("/a"))
    assert "/prive/b" not in site.asked


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
def test_no_robots_forbid_nothing(site, status):
    robots(site, "User-agent: *\nDisallow: /", status)
    site.page("/")
    assert fetcher().fetch(site.url("/")).status == 200


@pytest.mark.parametrize("status", [500, 502, 503, 599])
def test_robots_that_cannot_be_read_forbid_all(site, status):
    robots(site, "", status)
    site.page("/")
    careful = fetcher()
    for _ in range(2):
        with refused(rf"not asked for, because .*robots\.txt answers {status}"):
            careful.fetch(site.url("/"))
    assert site.asked == ["/robots.txt"]


def test_robots_that_loop_or_lead_to_a_private_place(site):
    site.page("/")
    site.redirect("/robots.txt", "/robots.txt")
    with refused("redirected more than"):
        fetcher().fetch(site.url("/"))
    site.redirect("/robots.txt", "http://169.254.169.254/latest")
    with pytest.raises(AddressRefused, match=r"169\.254"):
        fetcher().fetch(site.url("/"))


def test_robots_elsewhere(site):
    site.redirect("/robots.txt", "/r")
    site.page("/r", b"User-agent: *\nDisallow: /", "text/plain")
    with refused("closed to programs"):
        fetcher().fetch(site.url("/"))


def test_giant_robots_are_read_to_500_kib(site):
    site.page("/tot")
    site.page("/tard")
    filler = b"# " + b"x" * 1022 + b"\n"
    robots(site, b"User-agent: *\nDisallow: /tot\n" + filler * 600 + b"Disallow: /tard\n" + filler * 20_000)
    careful = fetcher()
    with refused("closed"):
        careful.fetch(site.url("/tot"))
    assert careful.fetch(site.url("/tard")).status == 200


def test_robots_bomb(site):
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        for piece in bomb(10_000):
            handler.wfile.write(piece)

    site.answers["/robots.txt"] = answer
    site.page("/")
    assert fetcher().fetch(site.url("/")).status == 200
