"""Several processes on one Chroma server: two web apps and the command answer alike, and a server that is away only dims them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import chromadb
import httpx
import pytest

from rag.library import Library
from rag.settings import Settings
from tests.app.conftest import free_port, serving
from tests.support import CORPUS, h200, shown, state

QUESTION = "Quelle est la capacité mémoire de la H200 ?"


@contextmanager
def chroma(folder: Path, port: int) -> Iterator[None]:
    """`chroma run` on loopback."""
    command = [
        str(Path(sys.executable).with_name("chroma")),
        "run",
        "--path",
        str(folder),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(150):
            try:
                httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def some_articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for path in sorted(CORPUS.glob("*pepelac*")) + sorted(CORPUS.glob("2026-01-2*"))[:6]:
        shutil.copy(path, folder)
    return folder


def test_many_processes_one_server(tmp_path: Path, some_articles: Path) -> None:
    port, library = free_port(), tmp_path / "library"
    url = f"http://127.0.0.1:{port}"
    settings = Settings(library=library, chroma_url=url)
    with chroma(tmp_path / "chroma", port):
        with Library.create(settings) as made:
            made.ingest([some_articles])
            own = shown(made.ask(QUESTION))
            assert made.condition().vectors == "sound"
        assert not (library / "chroma").exists()
        names = [c.name for c in chromadb.HttpClient("127.0.0.1", port).list_collections()]
        assert names == [state(library)["vectors_generation"]]
        with serving(library, H200_CHROMA_URL=url) as one, serving(library, H200_CHROMA_URL=url) as two:
            answers = [asked(server.url) for server in (one, two, one, two)]
            assert all(answer == own for answer in answers)
            new = some_articles / "new.md"
            new.write_text("---\ntitle: Une peluche H200\n---\n\nLa peluche H200 pèse 777 kilos au musée de Nantes.\n")
            assert h200("ingest", new, library=library, H200_CHROMA_URL=url).code == 0
            for server in (one, two):
                assert "777 kilos" in asked(server.url, "Combien pèse la peluche H200 du musée de Nantes ?")["answer"]
        assert len(chromadb.HttpClient("127.0.0.1", port).list_collections()) == 1
    with Library.open(settings) as alone:  # the server is gone
        answer = alone.ask(QUESTION)
        assert answer.status == "answered"
        assert any("h200 rebuild" in note for note in answer.notes)
        with chroma(tmp_path / "chroma", port):
            assert not alone.ask(QUESTION).notes


def asked(url: str, question: str = QUESTION) -> dict[str, object]:
    told = httpx.post(f"{url}/export", json={"turns": [{"q": question}], "format": "json"}, timeout=30).json()["turns"][
        0
    ]
    del told["timings_ms"]
    return told


def test_a_bad_address_is_told_in_a_sentence(tmp_path: Path, some_articles: Path) -> None:
    for address in ("not an address", "ftp://x", "http://127.0.0.1:9"):
        done = h200("ingest", some_articles, library=tmp_path / address.replace("/", "_"), H200_CHROMA_URL=address)
        assert done.code == 1
        assert "Chroma server" in done.err
