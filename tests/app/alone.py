"""A reader's whole visit without any network: `python -m tests.app.alone LIBRARY`, run in a namespace of its own.

Prints how many requests there were; ends with an error if one failed or went elsewhere, or if there is a network.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.app.conftest import CHROMIUM, FLAGS, Seen, ask, serving, watch

QUESTION = "Quelle est la capacité mémoire de la H200 ?"
OUTSIDE = ("192.0.2.1", 80)
"""An address that no machine has (RFC 5737): even that cannot be tried where there is no network."""

CLOSED = "net::ERR_ABORTED"
"""What a request is said to have met when the page itself has ended it, as Gradio ends its stream."""


def visit(page: Page) -> None:
    """Ask, open a citation, look into every tab."""
    page.wait_for_selector(".days input")
    ask(page, QUESTION)
    page.locator("#turn .mark").first.click()
    expect(page.locator("#panel #passage")).to_be_visible()
    page.click("#panel .close")
    for tab, shown in (("timeline", "#plot .dot"), ("library", "#articles table"), ("accuracy", "#figures h2")):
        page.click(f"#tab-{tab}-button")
        expect(page.locator(shown).first).to_be_visible()


def main() -> None:
    try:
        socket.create_connection(OUTSIDE, timeout=1)
    except TimeoutError:
        raise SystemExit("There is a network here: packets leave, if only to be lost.") from None
    except OSError:
        pass  # unreachable, as it should be
    seen, asked, failed = Seen([], []), [], []
    with serving(Path(sys.argv[1])) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(locale="fr-FR", reduced_motion="reduce")
        watch(page, seen)
        page.on("request", lambda request: asked.append(request.url))
        page.on(
            "requestfailed",
            lambda request: failed.append((request.url, request.failure)) if request.failure != CLOSED else None,
        )
        page.on("response", lambda reply: failed.append((reply.url, reply.status)) if reply.status >= 400 else None)
        page.goto(server.url)
        visit(page)
        browser.close()
    if failed or seen != Seen([], []):
        raise SystemExit(f"{failed} {seen}")
    print(len(asked), "requests, none failed, none to another machine")


if __name__ == "__main__":
    main()
