"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.robots import Rule, parse_robots

EXAMPLE = """
Sitemap: https://news.example/map.xml
User-agent: autre
Disallow: /

User-Agent: H200/1.0
user-agent: encore
Disallow: /a   # a comment
allow: /a/b
Disallow: /*.pdf$
Disallow: /fin$
Disallow: /caf%C3%A9
Disallow: /~x
Disallow: /q?*secret=
Crawl-delay: 10

User-agent: *
Disallow: /

User-agent: h200
Disallow: /second
"""


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("/", True),
        ("/a", False),
        ("/abc", False),
        ("/a/b", True),
        ("/a/bc/d", True),
        ("/x.pdf", False),
        ("/x.pdf?y", True),
        ("/fin", False),
        ("/fin/", True),
        ("/caf%c3%a9", False),
        ("/%7Ex", False),
        ("/q?a=b&secret=c", False),
        ("/q?a=b", True),
        ("/second/x", False),
        ("/robots.txt", True),
        ("/A", True),
    ],
)
def test_rules(target, allowed):
    assert parse_robots(EXAMPLE.encode()).allows(target) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /", False),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", False),
        ("user-agent:*\rdisallow:/\r", False),
        ("User-agent: *\nDisallow: /\nAllow: /", True),
        ("User-agent: *\nAllow: /p\nDisallow: /page", False),
        ("User-agent: h200\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: h2000\nDisallow: /", True),
        ("User-agent: h200bot\nDisallow: /", True),
        ("Disallow: /", True),
        ("User-agent: a\nUser-agent: *\nDisallow: /", False),
        ("User-agent: a\nDisallow: /x\nUser-agent: *\nDisallow: /", False),
        ("<!DOCTYPE html><html><p>Disallow: /</p>", True),
        ("User-agent: *\nDisallow /", True),
        ("User-agent: *\nDisallow: *", False),
        ("User-agent: *\nDisallow: /*", False),
        ("User-agent: *\nDisallow: /*$", False),
        ("User-agent: *\nDisallow: $", True),
    ],
)
def test_files(text, allowed):
    assert parse_robots(text.encode()).allows("/page") is allowed


def test_what_lies_beyond_500_kib_is_not_read():
    start = b"User-agent: *\n" + b"#" * (500 * 1024)
    assert parse_robots(start + b"\nDisallow: /").allows("/page")


def test_a_hostile_pattern_takes_no_time():
    start = time.monotonic()
    assert not Rule("/" + "*a" * 5_000 + "$", allows=False).matches("/" + "a" * 4_000 + "b")
    assert time.monotonic() - start < 1


@given(st.binary(max_size=300))
def test_any_bytes_are_rules(data):
    assert parse_robots(b"User-agent: *\n" + data).allows("/x") in (True, False)
