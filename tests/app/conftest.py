"""A running web app in a process of its own, and a browser that a person might use."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, expect, sync_playwright

from tests.support import ROOT, Finished, environment

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
expect.set_options(timeout=10_000)


@dataclass(frozen=True)
class Server:
    """A web app on this machine."""

    url: str
    library: Path
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@contextmanager
def serving(library: Path, **more: str) -> Iterator[Server]:
    """Start the web app on a free port, wait until its library is open, and stop it afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "rag", "serve", "--port", str(port), "--library", str(library)]
    log = library.parent / f"serve-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(**more), stdout=out, stderr=out)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(lambda: httpx.get(f"{url}/healthz").json()["ready"], log)
        yield Server(url, library, process)
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(ready: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            if ready():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"The app did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def server(first_use: tuple[Finished, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app on a library of the whole bundled corpus, which tests may write to."""
    library = tmp_path_factory.mktemp("served") / "library"
    shutil.copytree(first_use[1], library)
    with serving(library, H200_WEB_EDITING="on", H200_WEB_MCP="on") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Gone after each module: while it runs, its event loop holds this thread."""
    if CHROMIUM is None:
        pytest.skip("No Chromium on this machine: 'apt-get install chromium' lets the browser tests run.")
    os.environ["DEBUG"] = ""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@dataclass(frozen=True)
class Seen:
    """What a page did that nobody saw."""

    errors: list[str]
    outside: list[str]


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Opens the app as a reader would; at the end, no script has failed and nothing was asked of another machine."""
    contexts: list[BrowserContext] = []
    seen = Seen([], [])

    def opened(path: str = "/", **options: object) -> Page:
        settings = {
            "viewport": {"width": 1280, "height": 900},
            "locale": "fr-FR",
            "reduced_motion": "reduce",
            **options,
        }
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        watch(page, seen)
        page.goto(server.url + path)
        page.wait_for_selector(".days input")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert seen == Seen([], [])


LEAVING = ("signal is aborted", "Connection errored out")
"""What Gradio's own script says when a page is left while it listens."""


def watch(page: Page, seen: Seen) -> None:
    def failed(text: str) -> None:
        if not any(words in text for words in LEAVING):
            seen.errors.append(text)

    page.on("pageerror", lambda error: failed(str(error)))
    page.on("console", lambda message: failed(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: (seen.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: seen.outside.append(request.url) if outside(request.url) else None)


def outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "data:", "blob:"))


def ask(page: Page, question: str) -> None:
    """Type a question, send it, and wait for the whole answer."""
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    told(page, question)


def told(page: Page, question: str) -> None:
    try:
        page.wait_for_function(
            """asked => { const turn = document.querySelector('#turn .turn:not(.gone)');
                          return turn?.dataset.state === 'done' && turn.querySelector('h3').textContent === asked }""",
            arg=question, timeout=20_000,
        )  # fmt: skip
    except TimeoutError as error:
        seen = page.evaluate(
            """() => [document.body.className, document.querySelector('#question textarea')?.value,
                      document.querySelector('#turn')?.innerText, document.querySelector('.toast-wrap')?.innerText]"""
        )
        raise AssertionError(f"{question!r} was not answered; the page shows {seen}") from error
