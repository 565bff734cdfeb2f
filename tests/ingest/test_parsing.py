"""Pages are parsed in a process that may be killed: the program outlives every page."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from test_pdf import PAGE_ONE, PAGE_TWO, pdf
from test_web_page import PAGES, page

from rag.errors import EmptyArticle, PageRefused, UnreadableSource, UnsupportedSource
from rag.ingest.parsed import ParsedPage, from_json, to_json
from rag.ingest.parsing import Parser
from rag.ingest.pdf import read_pdf
from rag.ingest.web_page import read_web_page

GOOD = page("<meta name=date content=2026-02-11>").encode()
# Seconds of work for the parser.
SLOW = b"<html><body><article>" + b"<p>Une phrase <a href=/>avec un lien</a> de plus ici.</p>" * 100_000


@pytest.fixture
def parser() -> Iterator[Parser]:
    made = Parser()
    yield made
    made.close()


def test_the_same_comes_back(parser):
    for name in ("wordpress_fr", "wrong_charset", "unicode_tricks"):
        data = (PAGES / f"{name}.html").read_bytes()
        assert parser.parse("html", data, "a.html", "https://quai.example/a", "utf-8") == read_web_page(
            data, "a.html", "https://quai.example/a", "utf-8"
        )
    data = pdf([PAGE_ONE, PAGE_TWO])
    assert parser.parse("pdf", data, "a.pdf") == read_pdf(data, "a.pdf")


def test_one_process_serves_many(parser):
    parser.parse("html", GOOD, "a.html")
    first = parser._process
    with pytest.raises(EmptyArticle):
        parser.parse("html", b"<html></html>", "a.html")
    parser.parse("html", GOOD, "a.html")
    assert parser._process is first


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"<html></html>", EmptyArticle, r"é\.html holds 0 words"),
        (b"no page", PageRefused, r"é\.html holds no HTML"),
        (b"%PDF-1.7", UnsupportedSource, r"é\.html is a PDF"),
        (b"", PageRefused, "no HTML"),
    ],
)
def test_refusals_come_back(parser, data, error, words):
    with pytest.raises(error, match=words):
        parser.parse("html", data, "é.html")


def test_a_page_that_takes_too_long():
    parser = Parser(seconds=6)
    parser.parse("html", GOOD, "a.html")
    start = time.monotonic()
    with pytest.raises(UnreadableSource, match=r"long\.html takes more than 6 seconds"):
        parser.parse("html", SLOW, "long.html")
    assert time.monotonic() - start < 15
    assert parser._process is None
    assert parser.parse("html", GOOD, "a.html").title == "Le port rouvre mercredi"
    parser.close()


def test_a_page_that_takes_too_much_memory():
    parser = Parser(memory=150_000_000)
    parser.parse("html", GOOD, "a.html")
    with pytest.raises(UnreadableSource, match=r"grand\.html takes too much memory"):
        parser.parse("html", SLOW, "grand.html")
    assert parser.parse("html", GOOD, "a.html").published == date(2026, 2, 11)
    parser.close()


def test_a_pdf_that_inflates():
    """Each page is small in the file and large in memory."""
    parser = Parser(seconds=2, memory=400_000_000)
    with pytest.raises(UnreadableSource):
        parser.parse("pdf", pdf(["\n".join(["x" * 100] * 100_000)] * 3, compress=True), "bombe.pdf")
    parser.close()


def test_a_process_that_dies(parser):
    parser.parse("html", GOOD, "a.html")
    os.kill(parser._process.pid, signal.SIGKILL)
    parser._process.wait()
    assert parser.parse("html", GOOD, "a.html").title
    threading.Timer(0.2, os.kill, (parser._process.pid, signal.SIGSEGV)).start()
    with pytest.raises(UnreadableSource, match="breaks the parser"):
        parser.parse("html", SLOW, "a.html")
    assert parser.parse("html", GOOD, "a.html").title


def test_an_idle_process_is_not_used_again(parser):
    parser.parse("html", GOOD, "a.html")
    first = parser._process
    parser._used -= 31
    parser.parse("html", GOOD, "a.html")
    assert parser._process is not first
    assert first.returncode is not None


def test_threads_take_turns(parser):
    with ThreadPoolExecutor(4) as pool:
        titles = list(pool.map(lambda _: parser.parse("html", GOOD, "a.html").title, range(8)))
    assert set(titles) == {"Le port rouvre mercredi"}


def test_the_process_ends_with_the_one_that_started_it(parser):
    parser.parse("html", GOOD, "a.html")
    process = parser._process
    process.stdin.close()
    assert process.wait(timeout=5) == 0


def test_what_is_printed_does_not_mix_with_answers(parser, monkeypatch):
    monkeypatch.setenv("PYTHONVERBOSE", "1")
    monkeypatch.setenv("PYTHONWARNINGS", "always")
    assert parser.parse("html", GOOD, "a.html").title


WHOLE = ParsedPage("t", (("a", "heading"), ("b", "body")), "fr", "x", "y", date(2026, 2, 11), "z", "https://a.example/")


def test_json():
    assert from_json(to_json(WHOLE)) == WHOLE
    assert from_json(to_json(ParsedPage("t", (), "en"))) == ParsedPage("t", (), "en")


@pytest.mark.parametrize(
    "change",
    [
        {"title": None}, {"title": 7}, {"lang": "de"}, {"parts": [["a"]]}, {"parts": [["a", "teaser"]]}, {"parts": [[1, "body"]]},
        {"published": "hier"}, {"author": ["x"]}, {"url": {}}, {"parts": 3},
    ],
)  # fmt: skip
def test_json_that_is_no_page(change):
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_json({**to_json(WHOLE), **change})
