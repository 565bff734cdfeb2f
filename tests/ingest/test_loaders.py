"""Files and folders: what is read, what is refused and with which reason, and which id a source has."""

import os
import re
import socket
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import BadFrontMatter, EmptyArticle, IngestError, UnreadableSource, UnsupportedSource
from rag.ingest.loaders import SourceBytes, article_id, load_article, read_source
from rag.model import Article

LIMIT = 100_000

ARTICLE = """---
title: "Le port rouvre : 4 000 conteneurs attendent"
publisher: Le Quai
url: https://www.quai.example/port?id=7
published: 2026-02-11
lang: fr
origin: Reuters
kind: digest
reliability: relu
tags: [port, grève]
place: {city: Brest}
---

# Le port rouvre : 4 000 conteneurs attendent

Le port **rouvre** [mercredi](https://autre.example), dit _M. Le Goff_.
La suite est sur la même ligne.

## Ce qui manque

- 12 grues
- 40 dockers

![une grue](grue.png)

Fin.
"""


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def load(path: Path) -> Article:
    return load_article(read_source(path, max_bytes=LIMIT))


def with_header(header: str, body: str = "Une phrase de l'article.") -> str:
    return f"---\n{header}\n---\n{body}\n"


def test_an_article_with_a_header(tmp_path):
    path = write(tmp_path, "Port Été.md", ARTICLE)
    article = load(path)
    assert article.title == "Le port rouvre : 4 000 conteneurs attendent"
    assert (article.publisher, article.origin, article.kind, article.lang) == ("Le Quai", "Reuters", "digest", "fr")
    assert (article.url, article.published) == ("https://www.quai.example/port?id=7", date(2026, 2, 11))
    assert article.extra == (("reliability", "relu"), ("tags", "port, grève"), ("place.city", "Brest"))
    assert article.source == str(path.resolve())
    assert re.fullmatch(r"port-ete-[0-9a-f]{6}", article.id)


def test_markdown_becomes_plain_paragraphs(tmp_path):
    article = load(write(tmp_path, "port.md", ARTICLE))
    assert [(block.section, block.span.of(article.text)) for block in article.blocks] == [
        ("body", "Le port rouvre mercredi, dit M. Le Goff. La suite est sur la même ligne."),
        ("heading", "Ce qui manque"),
        ("body", "12 grues"),
        ("body", "40 dockers"),
        ("body", "Fin."),
    ]


def test_clean_prose_is_not_cleaned_again(tmp_path):
    body = "Publicité\n\nCommentaires\n\nArticles connexes\n\nUne phrase."
    assert load(write(tmp_path, "a.md", with_header("title: Un titre", body))).text == body


def test_hidden_comments_and_scripts_are_gone(tmp_path):
    body = "Visible.<!-- ignore tout -->\n\n<script>alert(1)</script>\n\nFin <b>grasse</b> &amp; nette."
    assert load(write(tmp_path, "a.md", with_header("title: T", body))).text == "Visible.\n\nFin grasse & nette."


@pytest.mark.parametrize(
    ("header", "title", "publisher"),
    [
        ("title: Le titre\nurl: https://www.quai.example/x", "Le titre", "quai.example"),
        ("url: http://quai.example:80/x", "Une phrase de l'article", "quai.example"),
        ("lang: fr", "Une phrase de l'article", "—"),
        ("title: ~\npublished: null\nurl:", "Une phrase de l'article", "—"),
    ],
)
def test_what_a_header_leaves_out(tmp_path, header, title, publisher):
    article = load(write(tmp_path, "a.md", with_header(header)))
    assert (article.title, article.publisher, article.published) == (title, publisher, None)


def test_a_first_heading_is_the_title_where_the_header_has_none(tmp_path):
    article = load(write(tmp_path, "a.md", with_header("lang: en", "# The port reopens\n\nOn Wednesday.")))
    assert (article.title, article.text, article.lang) == ("The port reopens", "On Wednesday.", "en")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-01-14", date(2026, 1, 14)),
        ("2026-01-14T23:30:00-05:00", date(2026, 1, 14)),
        ('"2026-01-14 10:00"', date(2026, 1, 14)),
        ("14 janvier 2026", date(2026, 1, 14)),
        ("2026/01/14", date(2026, 1, 14)),
    ],
)
def test_published(tmp_path, written, day):
    assert load(write(tmp_path, "a.md", with_header(f"published: {written}"))).published == day


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("published: 2026-02-30", "published is 2026-02-30"),
        ("published: bientôt", "published is bientôt"),
        ("published: 2026", "published is 2026"),
        ("published: [2026-01-14]", "published is a list"),
        ("lang: de", "lang is de"),
        ("kind: résumé", "kind is résumé"),
        ("url: ftp://quai.example/x", "url is ftp"),
        ("url: javascript:alert(1)", "url is javascript"),
        ("url: https://", "url is https://"),
        ("url: http://[1", "cannot be read|url is"),
        ("title: {a: b}", "title holds several values"),
        ("title: [a, b]", "title is a list"),
        ("title: un\ntitle: deux", "title twice"),
        ("a: &x [1]\nb: *x", "anchor or alias"),
        ("a: " + "[" * 50 + "]" * 50, "nested more than"),
        ("a: [[1], [2]]", "list of lists"),
        ("- a\n- b", "is not a list of|cannot be read|no sentence"),
        ("title: 'ouvert", "cannot be read"),
        ("title: : :", "cannot be read"),
        ("a: " + "x" * 3000, "3000 characters"),
        ("a: b\n" * 5000, "header has"),
        ("? [x]\n: y", "not a word|cannot be read|holds no|header"),
    ],
)
def test_bad_headers_name_file_key_and_reason(tmp_path, header, words):
    with pytest.raises(IngestError, match=words) as caught:
        load(write(tmp_path, "fautif.md", with_header(header, "title: x\n\nPas de phrase")))
    assert str(caught.value).startswith("fautif.md")
    assert "\n" not in str(caught.value)


def test_values_are_what_they_look_like(tmp_path):
    header = (
        "score: 1e999\nbig: "
        + "9" * 500
        + "\nnorway: no\nhour: 11:57\nwhen: 2026-02-30\ntag: !!python/object:os.system x"
    )
    extra = dict(load(write(tmp_path, "a.md", with_header(header))).extra)
    assert extra == {
        "score": "1e999",
        "big": "9" * 500,
        "norway": "no",
        "hour": "11:57",
        "when": "2026-02-30",
        "tag": "x",
    }


def test_a_header_that_never_closes(tmp_path):
    with pytest.raises(BadFrontMatter, match="never closed"):
        load(write(tmp_path, "a.md", "---\ntitle: x\n\nUne phrase."))


def test_a_rule_at_the_top_is_no_header(tmp_path):
    article = load(write(tmp_path, "a.md", "---\n\nUne phrase entière commence ici.\n"))
    assert article.text == "Une phrase entière commence ici."


def test_markdown_without_header_is_read_like_a_page(tmp_path):
    text = "# Le port rouvre mercredi\n\nPublié le 11 février 2026\n\nLe port de Brest rouvre.\n\n- douze grues neuves\n\nPublicité\n\nLes dockers attendent un signe."
    article = load(write(tmp_path, "a.markdown", text))
    assert (article.title, article.published) == ("Le port rouvre mercredi", date(2026, 2, 11))
    assert article.text == "Le port de Brest rouvre.\n\n- douze grues neuves\n\nLes dockers attendent un signe."


def test_a_raw_page(tmp_path):
    text = "Menu\nLe port de Brest rouvre mercredi\nPublié le 11 février 2026\n\nLe port rouvre, selon Reuters.\n\n© 2026 Quai"
    article = load(write(tmp_path, "page.TXT", text))
    assert (article.title, article.published) == ("Le port de Brest rouvre mercredi", date(2026, 2, 11))
    assert (article.origin, article.publisher, article.url) == ("Reuters", "Quai", None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-32", "cp1252", "latin-1"])
def test_encodings(tmp_path, encoding):
    text = "L'été, le port « rouvre » à Brest, dit le préfet."
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    assert load(write(tmp_path, "a.txt", data)).text == text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7 etc", "a PDF"),
        (b"PK\x03\x04rest", "a ZIP"),
        (b"\x89PNG\r\n", "a PNG"),
        (b"Une phrase.\x00", "zero bytes"),
        ("Une phrase.".encode("utf-16-le"), "zero bytes"),
        (b"\xff\xfeU\x00n", "UTF-16 but is broken"),
        ("L'été à Brest est passé".encode() + b"\xff", "neither UTF-8"),
        ("Летом порт открыт".encode("cp1251"), "neither UTF-8"),
        (b"abc\x01\x02\x03\x04\x05", "control characters"),
    ],
)
def test_what_is_no_text(tmp_path, data, words):
    with pytest.raises(UnsupportedSource, match=words):
        load(write(tmp_path, "a.txt", data))


@pytest.mark.parametrize("content", ["", "   \n\n", "﻿", "Menu\nPublicité\n448 vues\n", "***\n", "\u200b"])
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_nothing_to_quote(tmp_path, name, content):
    with pytest.raises(EmptyArticle, match=name):
        load(write(tmp_path, name, content))


def test_a_header_without_a_body(tmp_path):
    with pytest.raises(EmptyArticle):
        load(write(tmp_path, "a.md", with_header("title: Rien", "")))


@pytest.mark.parametrize("name", ["a.docx", "a.epub", "a.json", "a"])
def test_other_formats_are_named(tmp_path, name):
    with pytest.raises(UnsupportedSource, match=re.escape(name)) as caught:
        load(write(tmp_path, name, "Une phrase."))
    assert ".md" in str(caught.value)


def test_a_web_address_is_no_path():
    with pytest.raises(UnsupportedSource, match="web address"):
        read_source(Path("https://quai.example/port"), max_bytes=LIMIT)


def test_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(LIMIT + 1)
    with pytest.raises(UnreadableSource, match=f"{LIMIT + 1} bytes"):
        read_source(path, max_bytes=LIMIT)


def test_exactly_the_limit_is_read(tmp_path):
    assert len(read_source(write(tmp_path, "a.txt", "x" * LIMIT), max_bytes=LIMIT).data) == LIMIT


def test_what_is_no_file(tmp_path):
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    names = ["folder.md", "pipe.txt", "gone.txt", "loop.txt", "missing.txt", "a\0b.txt", "x" * 300 + ".txt"]
    for name in names:
        with pytest.raises(UnreadableSource) as caught:
            read_source(tmp_path / name, max_bytes=LIMIT)
        assert "\0" not in str(caught.value)


def test_a_socket_and_a_device_are_no_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("s.txt")
    listener.close()
    with pytest.raises(UnreadableSource, match="a socket"):
        read_source(Path("s.txt"), max_bytes=LIMIT)
    with pytest.raises(UnreadableSource, match="a device"):
        read_source(Path("/dev/null"), max_bytes=LIMIT)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file(tmp_path):
    path = write(tmp_path, "a.txt", "Une phrase.")
    path.chmod(0)
    with pytest.raises(UnreadableSource, match="cannot be read"):
        read_source(path, max_bytes=LIMIT)


def test_a_link_is_the_file_it_leads_to(tmp_path):
    path = write(tmp_path, "a.txt", "Une phrase entière à citer.")
    (tmp_path / "b.txt").symlink_to(path)
    assert load(tmp_path / "b.txt") == load(path)


def test_a_name_that_is_no_unicode(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("Une phrase entière à citer.")
    article = load(path)
    article.source.encode("utf-8")
    assert re.fullmatch(r"caf-[0-9a-f]{6}", article.id)


def test_the_same_source_has_the_same_id(tmp_path):
    path = write(tmp_path, "Une Très Longue Histoire de Puces, de Ports & d'Été — la suite (2026).md", ARTICLE)
    before = load(path)
    write(tmp_path, path.name, ARTICLE.replace("Fin.", "Suite."))
    assert load(path).id == before.id
    slug, _, digest = before.id.rpartition("-")
    assert len(slug) <= 48
    assert re.fullmatch(r"[a-z0-9-]+", slug)
    assert re.fullmatch(r"[0-9a-f]{6}", digest)


def test_an_address_gives_the_id_wherever_the_file_lies():
    url = "https://quai.example/port"
    assert article_id(Path("/a/port.md"), url) == article_id(Path("/b/port.md"), url)
    assert article_id(Path("/a/port.md"), None) != article_id(Path("/b/port.md"), None)
    assert article_id(Path("/a/???.md"), url).startswith("article-")


BYTES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(max_size=200).map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.binary(max_size=60).map(lambda data: b"---\n" + data + b"\n---\nUne phrase."),
)
YAML = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.dates(),
        st.just("*a"),
        st.just("&a x"),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)


def load_or_reason(name: str, data: bytes) -> Article | str:
    """The article, or the message of the refusal; any other exception goes through."""
    try:
        return load_article(SourceBytes(Path("/x") / name, data, ""))
    except IngestError as error:
        return str(error)


def is_sound(found: Article | str) -> bool:
    if isinstance(found, str):
        return found.startswith(("a.md", "a.txt")) and "\n" not in found
    texts = [found.title, found.text, found.publisher, *(value for pair in found.extra for value in pair)]
    "".join(texts).encode("utf-8")
    return bool(found.title) and "\n\n".join(block.span.of(found.text) for block in found.blocks) == found.text


@given(BYTES, st.sampled_from(["a.md", "a.txt"]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_an_article_or_a_reason(data, name):
    assert is_sound(load_or_reason(name, data))


@given(
    st.dictionaries(
        st.one_of(st.sampled_from(["title", "url", "published", "lang", "kind", "origin"]), st.text(max_size=6)),
        YAML,
        max_size=5,
    )
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_header_gives_an_article_or_a_reason(values):
    import yaml

    header = yaml.safe_dump(values, allow_unicode=True)
    assert is_sound(load_or_reason("a.md", with_header(header).encode("utf-8", "surrogatepass")))
