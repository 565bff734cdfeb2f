"""Takes the pictures in docs/images of a web app that runs: `python tools/screenshots.py [URL]`; needs playwright and chromium."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "images"
DESKTOP = {"viewport": {"width": 1360, "height": 850}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
SIDES = "Mi-janvier, Pékin bloquait-il la H200 ou préparait-il seulement des quotas ?"
STATE = "Les ventes de H200 à la Chine sont-elles autorisées ?"


def opened(browser: Browser, url: str, **options: object) -> Page:
    """The app in a fresh browser."""
    page = browser.new_context(reduced_motion="reduce", **options).new_page()  # type: ignore[arg-type]
    page.goto(url)
    page.wait_for_selector(".days input")
    page.wait_for_timeout(900)
    return page


def ask(page: Page, question: str) -> None:
    """Put a question and wait for the whole answer."""
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector("#turn .turn[data-state=done]")
    page.wait_for_timeout(500)


def take(page: Page, name: str) -> None:
    """Save what is seen."""
    page.screenshot(path=FOLDER / f"{name}.png")
    print(FOLDER / f"{name}.png")


def desktop(browser: Browser, url: str) -> None:
    """The main views, light."""
    page = opened(browser, url, locale="fr-FR", **DESKTOP)
    take(page, "accueil")
    ask(page, STATE)
    page.locator("#turn .mark").first.click()
    page.wait_for_selector("#panel .article")
    page.mouse.move(5, 5)
    page.wait_for_timeout(400)
    take(page, "reponse")
    page.click("#panel .close")
    page.click("#tab-timeline-button")
    page.wait_for_selector("#plot .dot")
    page.locator("#plot .dot").nth(20).hover()
    page.wait_for_timeout(300)
    take(page, "chronologie")
    page.click("#tab-library-button")
    page.wait_for_selector("#articles table")
    page.wait_for_timeout(300)
    take(page, "bibliotheque")
    page.click("#tab-accuracy-button")
    page.wait_for_selector("#figures table")
    take(page, "fiabilite")
    page = opened(browser, url, locale="fr-FR", **DESKTOP)
    ask(page, SIDES)
    take(page, "desaccord")


def others(browser: Browser, url: str) -> None:
    """Dark, in English; a phone."""
    page = opened(browser, url, locale="en-GB", color_scheme="dark", **DESKTOP)
    ask(page, "Has China approved imports of the H200?")
    page.locator("#turn .mark").first.hover()
    page.wait_for_timeout(300)
    take(page, "answer-dark")
    page = opened(browser, url, locale="fr-FR", **PHONE)
    ask(page, "Combien coûte une H200 ?")
    take(page, "telephone")


def main() -> None:
    """Take them all."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        desktop(browser, url)
        others(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
