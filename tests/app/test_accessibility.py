"""axe-core over every view, in both themes and both sizes: nothing serious may be found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.app.conftest import ask

VIEWS = {
    "light": {},
    "dark": {"color_scheme": "dark", "locale": "en-GB"},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(open_page: Callable[..., Page], view: str) -> None:
    page = open_page(**VIEWS[view])
    found = _serious(page, "welcome")
    ask(page, "Et la capacité mémoire de la H200 ?")
    page.click("#turn .act.good")
    found += _serious(page, "answer")
    page.locator("#turn .mark").first.click()
    expect(page.locator("#panel .article")).to_be_visible()
    found += _serious(page, "panel")
    page.click("#panel .close")
    ask(page, "Quel temps fera-t-il demain à Lyon ?")
    found += _serious(page, "abstained")
    page.click(".talks summary")
    found += _serious(page, "conversations")
    for tab, shown in (("timeline", "#plot .events"), ("library", "#articles table"), ("accuracy", "#figures h2")):
        page.click(f"#tab-{tab}-button")
        page.locator(shown).first.wait_for()
        found += _serious(page, tab)
    page.goto(page.locator("#past a[data-article]").first.evaluate("link => link.href"))
    found += _serious(page, "article page")
    assert not found, "\n".join(found)


def _serious(page: Page, where: str) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [
        f"{where}: {v['id']} ({v['impact']}): {v['nodes'][0]['html'][:200]} {v['nodes'][0].get('failureSummary', '')[:300]}"
        for v in violations
        if v["impact"] in ("serious", "critical")
    ]
