"""What a person does with the app, done by a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from rag.render.accuracy import CARDS
from rag.render.words import ARMS, KINDS, pick
from tests.app.conftest import Server, ask, told
from tests.support import ROOT, h200

Open = Callable[..., Page]
MEMORY = "Quelle est la capacité mémoire de la H200 ?"
ORDERS = "Combien de puces H200 ont été commandées ?"


def test_ask_hover_and_click_to_the_highlighted_sentence(open_page: Open) -> None:
    page = open_page()
    ask(page, MEMORY)
    first = page.locator("#turn .say").first
    expect(first).to_contain_text("141 Go")
    quote = first.locator(".words").inner_text()
    mark = first.locator(".mark").first
    mark.hover()
    tip = first.locator(".tip").first
    expect(tip).to_be_visible()
    expect(tip.locator(".quote")).to_have_text(quote)
    expect(tip.locator(".facts")).to_contain_text("2025")
    mark.click()
    passage = page.locator("#panel #passage")
    expect(passage).to_be_visible()
    assert passage.inner_text().split() == quote.split()
    assert passage.evaluate(
        "e => { const p = e.closest('.inside').getBoundingClientRect(), b = e.getBoundingClientRect(); return b.top >= p.top && b.top < p.bottom }"
    )
    out = page.locator("#panel a.out").first
    assert re.match(r"https?://", out.get_attribute("href") or "")
    assert out.get_attribute("rel") == "noopener noreferrer"
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(mark).to_be_focused()


def test_examples_start_a_conversation_and_set_their_day(open_page: Open) -> None:
    page = open_page()
    example = page.locator(".example[data-as-of='2026-01-14']")
    question = example.get_attribute("data-ask") or ""
    example.click()
    told(page, question)
    expect(page.locator("#turn .then")).to_contain_text("14 janvier 2026")
    expect(page.locator(".days output")).to_have_text("14 janvier 2026")
    days = page.locator("#turn .say time[datetime]").evaluate_all("all => all.map(e => e.dateTime)")
    assert all(day <= "2026-01-14" for day in days if day)
    expect(page.locator(".welcome")).to_be_hidden()


def test_a_follow_up_shows_how_it_was_understood(open_page: Open) -> None:
    page = open_page()
    ask(page, ORDERS)
    ask(page, "Et par Tencent ?")
    expect(page.locator("#turn .understood")).to_contain_text("Tencent")
    expect(page.locator("#past .turn h3")).to_have_text([ORDERS])


def test_the_slider_of_days_answers_as_of_then_and_goes_back(open_page: Open) -> None:
    page = open_page()
    slider = page.locator("#as-of")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator(".days output")).not_to_have_text("aujourd'hui")
    day = slider.get_attribute("aria-valuetext") or ""
    ask(page, "La vente de H200 à la Chine est-elle autorisée ?")
    expect(page.locator("#turn .then")).to_contain_text(day)
    page.click(".days .reset")
    expect(page.locator(".days output")).to_have_text("aujourd'hui")


def test_abstaining_is_calm_and_offers_what_there_is(open_page: Open) -> None:
    page = open_page()
    ask(page, "Quel temps fera-t-il demain à Lyon ?")
    expect(page.locator("#turn .abstained")).to_be_visible()
    expect(page.locator("#turn .cite")).to_have_count(0)
    near = page.locator("#turn .near").first
    question = near.get_attribute("data-ask") or ""
    near.click()
    told(page, question)


def test_edit_retry_and_copy(open_page: Open) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, MEMORY)
    page.click("#turn .act.copy")
    expect(page.locator("#turn .told")).to_have_text("Copié.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "141 Go" in copied
    assert "https://" in copied
    page.click("#turn .act.retry")
    told(page, MEMORY)
    page.click("#turn .act.edit")
    expect(page.locator("#question textarea")).to_have_value(MEMORY)
    expect(page.locator("#turn .turn")).to_be_hidden()
    ask(page, "Quelle est la bande passante de la H200 ?")
    expect(page.locator(".turn:visible")).to_have_count(1)


def test_stop_gives_the_question_back(open_page: Open) -> None:
    page = open_page()
    page.evaluate("""() => new MutationObserver((_, watch) => {
        if (document.querySelector('#turn .turn[data-state=telling]')) { watch.disconnect(); document.querySelector('#stop').click(); }
    }).observe(document.body, { childList: true, subtree: true })""")
    page.fill("#question textarea", MEMORY)
    page.keyboard.press("Enter")
    expect(page.locator("#question textarea")).to_have_value(MEMORY)
    expect(page.locator("#send")).to_be_visible()


def test_a_shared_link_asks_its_question_as_of_its_day(open_page: Open) -> None:
    page = open_page("/?q=Combien+co%C3%BBte+une+H200+%3F&as_of=2026-01-05&lang=fr")
    told(page, "Combien coûte une H200 ?")
    expect(page.locator("#turn .then")).to_contain_text("5 janvier 2026")
    assert "q=" not in page.url
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#turn .act.share")
    expect(page.locator("#turn .told")).to_have_text("Lien copié.")
    link = parse_qs(urlsplit(page.evaluate("navigator.clipboard.readText()")).query)
    assert link == {"q": ["Combien coûte une H200 ?"], "as_of": ["2026-01-05"]}  # the language is that of who opens it


def test_a_reload_finds_the_conversation_and_the_list_keeps_others(open_page: Open) -> None:
    page = open_page()
    ask(page, ORDERS)
    ask(page, "Et par Tencent ?")
    page.reload()
    expect(page.locator("#past .turn h3")).to_have_text([ORDERS, "Et par Tencent ?"])
    expect(page.locator("#past .changed")).to_have_count(0)
    page.click("#talk .new")
    expect(page.locator(".welcome")).to_be_visible()
    ask(page, MEMORY)
    page.click(".talks summary")
    expect(page.locator(".kept-open")).to_have_text([MEMORY, ORDERS])
    page.locator(".kept-open").nth(1).click()
    expect(page.locator("#past .turn h3")).to_have_text([ORDERS, "Et par Tencent ?"])
    page.click(".talks summary")
    page.locator(".forget").first.click()
    expect(page.locator(".kept-open")).to_have_count(1)


def test_exports_hold_the_citations(open_page: Open) -> None:
    page = open_page()
    ask(page, MEMORY)
    with page.expect_download() as markdown:
        page.click("[data-export=markdown]")
    text = Path(markdown.value.path()).read_text(encoding="utf-8")
    assert f"## {MEMORY}" in text
    assert "141 Go" in text
    assert "](<https://" in text
    with page.expect_download() as exported:
        page.click("[data-export=json]")
    data = json.loads(Path(exported.value.path()).read_text(encoding="utf-8"))
    answer = data["turns"][0]
    assert (data["schema"], answer["schema"]) == ("h200.conversation/1", "h200.answer/1")
    assert all(citation["quote"] for citation in answer["citations"])


def test_an_opinion_is_kept_in_the_library_and_listed(open_page: Open, server: Server) -> None:
    page = open_page()
    ask(page, MEMORY)
    page.click("#turn .act.bad")
    expect(page.locator("#turn .comment")).to_be_visible()
    page.fill("#turn .comment textarea", "Il manque la bande passante de la puce.")
    page.click("#turn .comment button")
    expect(page.locator("#turn .told")).to_have_text("Merci, c'est noté.")
    rows = [json.loads(line) for line in h200("feedback", "--json", library=server.library).out.splitlines()]
    assert (rows[-1]["opinion"], rows[-1]["question"]) == ("bad", MEMORY)
    assert rows[-1]["comment"] == "Il manque la bande passante de la puce."
    assert "141 Go" in rows[-1]["answer"]


def test_library_search_article_add_and_remove(open_page: Open, tmp_path: Path) -> None:
    page = open_page()
    page.click("#tab-library-button")
    expect(page.locator("#articles tbody tr")).to_have_count(70)
    page.fill("#find textarea, #find input", "douaniers clubic")
    expect(page.locator("#articles tbody tr")).to_have_count(1)
    page.click("#articles a.open")
    expect(page.locator("#panel .article .text p").first).to_be_visible()
    expect(page.locator("#panel .passage").first).to_have_text("1")
    page.click("#panel .close")
    new = tmp_path / "peluche.md"
    new.write_text(
        "---\ntitle: La peluche H200 de Grenoble\npublished: 2026-05-02\n---\n\nUne peluche H200 géante a été vendue 4 321 euros à Grenoble.\n"
    )
    page.set_input_files("#files input[type=file]", str(new))
    expect(page.locator("#files")).to_contain_text("peluche")
    page.click("#add")
    expect(page.locator("#became .outcome")).to_have_text(["ajouté"])
    expect(page.locator("#became [data-state=done]")).to_be_visible(timeout=30_000)
    page.click("#tab-chat-button")
    ask(page, "Combien la peluche H200 géante a-t-elle été vendue à Grenoble ?")
    expect(page.locator("#turn .say").first).to_contain_text("4 321 euros")
    page.click("#tab-library-button")
    page.fill("#find textarea, #find input", "peluche")
    expect(page.locator("#articles tbody tr")).to_contain_text(["La peluche H200 de Grenoble"])
    page.click("#articles a.open")
    page.locator("#panel .remove").wait_for()
    page.evaluate("window.confirm = () => true")
    page.click("#panel .remove")
    expect(page.locator("#panel .inside")).to_have_text("Article retiré.")
    expect(page.locator("#articles .empty")).to_be_visible()


def test_a_refused_address_says_why(open_page: Open) -> None:
    page = open_page()
    page.click("#tab-library-button")
    page.fill("#address textarea, #address input", "http://127.0.0.1:1/secret")
    page.click("#add")
    expect(page.locator("#became .outcome")).to_have_text(["refusé"])
    expect(page.locator("#address textarea, #address input")).to_have_value("")
    page.fill("#address textarea, #address input", "file:///etc/passwd")
    page.click("#add")
    expect(page.locator("#became .failed")).to_contain_text("https://")


def test_both_languages(open_page: Open) -> None:
    page = open_page(locale="en-GB")
    expect(page.locator("#send")).to_have_text("Ask")
    assert (page.evaluate("document.documentElement.lang"), urlsplit(page.url).path) == ("en", "/en/")
    ask(page, "How much memory does the H200 have?")
    expect(page.locator("#turn .verified")).to_contain_text("word for word")
    page.click("a.language")
    expect(page.locator("#send")).to_have_text("Demander")
    assert page.evaluate("document.documentElement.lang") == "fr"
    page.goto(page.url.split("?")[0])
    expect(page.locator("#send")).to_have_text("Demander")  # the choice is remembered


def test_an_answer_speaks_the_language_of_its_question_and_the_page_keeps_its_own(open_page: Open) -> None:
    page = open_page("/?q=Quelle+est+la+capacit%C3%A9+m%C3%A9moire+de+la+H200+%3F", locale="en-GB")
    told(page, MEMORY)
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(page.locator("#send")).to_have_text("Ask")
    _assert_french_answer_on_an_english_page(page, "#turn")
    page.locator("#turn .mark").first.click()
    expect(page.locator("#panel a.out")).to_contain_text("Read at")
    page.reload()
    _assert_french_answer_on_an_english_page(page, "#past")
    ask(page, "H200")
    expect(page.locator("#turn .turn")).to_have_attribute("lang", "fr")  # a talk keeps its language
    page.click("#talk .new")
    ask(page, "H200")
    expect(page.locator("#turn .turn")).to_have_attribute("lang", "en")  # and a new one has that of the page


def _assert_french_answer_on_an_english_page(page: Page, where: str) -> None:
    expect(page.locator(f"{where} .turn")).to_have_attribute("lang", "fr")
    expect(page.locator(f"{where} .verified")).to_contain_text("mot à mot")
    expect(page.locator(f"{where} .act.copy")).to_have_text("Copy")
    expect(page.locator(f"{where} .after")).to_have_attribute("lang", "en")


def test_phone_width_and_dark(open_page: Open) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, color_scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    ask(page, MEMORY)
    page.locator("#turn .mark").first.tap()
    expect(page.locator("#panel #passage")).to_be_visible()
    page.locator("#panel .close").tap()
    for tab, shown in (
        ("timeline", "#plot .dot"),
        ("library", "#articles table"),
        ("accuracy", "#figures table"),
        ("chat", "#turn"),
    ):
        page.locator(f"#tab-{tab}-button").tap()
        page.locator(shown).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, tab


def test_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    page.locator("body").press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type(MEMORY)
    page.keyboard.press("Enter")
    told(page, MEMORY)
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('#turn .say .mark')"):
            break
    expect(page.locator("#turn .tip.shown")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#turn .tip.shown")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.mark')")


def test_accuracy_tab_shows_the_published_figures_beside_those_of_others(open_page: Open) -> None:
    arms = json.loads((ROOT / "evals" / "published.json").read_text(encoding="utf-8"))["arms"]
    page = open_page()
    page.click("#tab-accuracy-button")
    expect(page.locator("#figures h2")).to_be_visible()
    shares = [arms["ours"]["measures"][name]["value"] for name in CARDS]
    expect(page.locator("#figures .card .value")).to_have_text([_percent(share) for share in shares])
    expect(page.locator("#figures .compared thead th")).to_have_text([pick(ARMS[name], "fr") for name in arms])
    right = page.locator("#figures .compared tbody tr").first.locator("td")
    measures = [arm["measures"]["correct"] for arm in arms.values()]
    for n, right_ones in enumerate(measures):
        expect(right.nth(n)).to_contain_text(_percent(right_ones["value"]))
        expect(right.nth(n).locator("small")).to_have_text(
            f"{_percent(right_ones['low'])} – {_percent(right_ones['high'])}"
        )
    kinds = page.locator("#figures .kinds tbody th").all_inner_texts()
    assert sorted(kinds) == sorted(pick(KINDS[kind], "fr") for kind in arms["ours"]["kinds"])


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def test_without_a_model_there_is_no_switch(open_page: Open) -> None:
    expect(open_page("/?mode=llm").locator("#with-model")).to_have_count(0)


def test_timeline_plot_filters_and_opens_its_sources(open_page: Open) -> None:
    page = open_page()
    page.click("#tab-timeline-button")
    dots = page.locator("#plot .dot:not(.filtered)")
    expect(dots.first).to_be_visible()
    everything = dots.count()
    assert everything >= 10
    dots.nth(3).hover()
    expect(page.locator("#dot-tip")).to_be_visible()
    quote = dots.nth(3).get_attribute("data-quote") or ""
    dots.nth(3).click()
    assert page.locator("#panel #passage").inner_text().split() == quote.split()
    page.click("#panel .close")
    page.locator(".chip").first.click()
    expect(page.locator(".chip").first).to_have_attribute("aria-pressed", "false")
    assert 0 < dots.count() < everything
    page.fill("#plot input.from", "2026-03-01")
    page.locator("#plot input.from").blur()
    days = page.locator("#plot .dot:not(.filtered)").evaluate_all("all => all.map(e => e.dataset.day)")
    assert days
    assert all(day >= "2026-03-01" for day in days)
    assert page.locator("#plot .events li:not(.filtered)").count() == len(days)
