"""With a language model: the switch, sentences as they are verified, stop, and what is shown where the model fails."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from gradio_client import Client
from playwright.sync_api import Browser, Page, expect

from rag.ask.phrases import say
from rag.library import Library
from rag.serve.desk import Desk
from rag.serve.talk import Talk, Turn, mark_of
from rag.settings import ModelSettings, Settings
from tests.app.conftest import Seen, Server, ask, serving, told, watch
from tests.llm import server as llm
from tests.support import Finished

SECONDS = 14
MEMORY = "Quelle est la capacité mémoire de la H200 ?"
ORDERS = "Combien de puces H200 ont été commandées ?"
WITH_MODEL = Talk(mode="llm")


@dataclass(frozen=True)
class Writing:
    """The app, the model behind it, and what the last reply of the slow model came to."""

    app: Server
    model: llm.Server
    ended: threading.Event


@pytest.fixture(scope="module")
def running(first_use: tuple[Finished, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writing]:
    library = tmp_path_factory.mktemp("writing") / "library"
    shutil.copytree(first_use[1], library)
    with (
        llm.serving() as model,
        serving(library, H200_LLM_URL=model.url, H200_LLM_MODEL="petit", H200_LLM_SECONDS=str(SECONDS)) as app,
    ):
        yield Writing(app, model, threading.Event())


@pytest.fixture
def writing(running: Writing) -> Writing:
    """The same, with an honest model that nobody has asked yet."""
    running.model.trouble = None
    running.model.asked.clear()
    running.ended.clear()
    return running


def slowly(ended: threading.Event, pause: float = 0.15) -> llm.Trouble:
    """An honest reply that drips; `ended` once the client has left before it was whole."""

    def drip(handler: llm.Handler, asked: llm.Asked) -> None:
        try:
            handler.stream(llm.pieces(llm.honest(asked), 20), pause=pause)
        except (BrokenPipeError, ConnectionResetError):
            ended.set()
            raise

    return drip


@pytest.fixture
def visit(browser: Browser, writing: Writing) -> Iterator[Callable[..., Page]]:
    """Opens the app as a reader would; at the end, no script has failed and nothing was asked of another machine."""
    context = browser.new_context(locale="fr-FR", reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    seen = Seen([], [])

    def opened(path: str = "/") -> Page:
        page = context.new_page()
        watch(page, seen)
        page.goto(writing.app.url + path)
        page.wait_for_selector(".days input")
        return page

    yield opened
    context.close()
    assert seen == Seen([], [])


def test_the_switch_is_off_remembered_and_worked_by_keyboard(visit: Callable[..., Page], writing: Writing) -> None:
    page = visit()
    switch = page.get_by_role("switch", name="Rédiger avec le modèle")
    expect(switch).not_to_be_checked()
    ask(page, MEMORY)
    expect(page.locator("#turn .verified")).to_be_visible()
    expect(page.locator("#turn .written")).to_have_count(0)
    assert not writing.model.asked
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).to_be_checked()
    expect(page.locator("#with-model-help")).to_contain_text("petit")
    found = Axe().run(page).response["violations"]
    assert not [v["id"] for v in found if v["impact"] in ("serious", "critical")]
    page.reload()
    expect(page.get_by_role("switch")).to_be_checked()


def test_what_is_typed_switched_and_sent_in_one_moment_goes_together(
    visit: Callable[..., Page], writing: Writing
) -> None:
    page = visit()
    page.evaluate(
        """question => {
             const type = (box, text) => {
               Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), 'value').set.call(box, text);
               box.dispatchEvent(new Event('input', { bubbles: true })) };
             document.getElementById('with-model').click();
             type(document.querySelector('#context textarea, #context input'), ''); // what Gradio missed while it drew the page
             type(document.querySelector('#question textarea'), question);
             document.querySelector('#send').click() }""",
        MEMORY,
    )
    told(page, MEMORY)
    expect(page.locator("#turn .written")).to_be_visible()


def test_an_answer_is_written_sentence_by_sentence_and_found_again(
    visit: Callable[..., Page], writing: Writing
) -> None:
    page = visit("/?mode=llm")
    writing.model.trouble = slowly(writing.ended)
    page.fill("#question textarea", ORDERS)
    page.keyboard.press("Enter")
    growing = page.locator("#turn .turn[data-state=telling] .say")
    expect(growing.first).to_be_visible(timeout=20_000)
    expect(page.locator("#turn .waiting")).to_contain_text("Le modèle rédige")
    told(page, ORDERS)
    expect(page.locator("#turn .written")).to_contain_text("Rédigé avec le modèle en")
    expect(page.locator("#turn .waiting")).to_have_count(0)
    said = page.locator("#turn .words").all_inner_texts()
    page.locator("#turn .mark").first.click()
    expect(page.locator("#panel #passage")).to_be_visible()
    page.reload()
    expect(page.locator("#past .words")).to_have_text(said)
    expect(page.locator("#past .changed")).to_have_count(0)
    assert len(writing.model.asked) == 1


def test_a_link_carries_the_mode_and_the_cost_is_told(visit: Callable[..., Page], writing: Writing) -> None:
    page = visit("/?q=Combien+co%C3%BBte+une+H200+%3F&mode=llm")
    told(page, "Combien coûte une H200 ?")
    expect(page.locator("#turn .written")).to_contain_text("jetons lus")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#turn .act.share")
    expect(page.locator("#turn .told")).to_have_text("Lien copié.")
    assert parse_qs(urlsplit(page.evaluate("navigator.clipboard.readText()")).query)["mode"] == ["llm"]


def test_stop_ends_the_model_s_work(visit: Callable[..., Page], writing: Writing) -> None:
    page = visit("/?mode=llm")
    writing.model.trouble = slowly(writing.ended, pause=0.3)
    page.fill("#question textarea", ORDERS)
    page.keyboard.press("Enter")
    page.locator("#turn .turn[data-state=telling] .say").first.wait_for()
    page.click("#stop")
    expect(page.locator("#turn .stopped")).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value(ORDERS)
    assert writing.ended.wait(3), "long before its deadline"
    writing.model.trouble = None
    ask(page, MEMORY)
    expect(page.locator("#turn .written")).to_be_visible()


@pytest.mark.parametrize(("trouble", "note"), [("500", "llm_server"), ("hang", "llm_slow")])
def test_where_the_model_fails_the_articles_speak(
    visit: Callable[..., Page], writing: Writing, trouble: str, note: str
) -> None:
    hang = threading.Event()
    broken: dict[str, llm.Trouble] = {
        "500": lambda handler, _: handler.status(500),
        "hang": lambda *_: (hang.wait(SECONDS + 5), None)[1],
    }
    page = visit("/?mode=llm")
    writing.model.trouble = broken[trouble]
    ask(page, MEMORY)
    hang.set()
    expect(page.locator("#turn .notes")).to_contain_text(say(note, "fr", seconds=str(SECONDS)))
    expect(page.locator("#turn .say").first).to_contain_text("141 Go")
    expect(page.locator("#turn .written")).to_have_count(0)


def test_programs_choose_the_mode(writing: Writing) -> None:
    client = Client(writing.app.url, verbose=False)
    answer = client.predict(MEMORY, mode="llm", api_name="/ask")
    assert (answer["mode"], answer["usage"]["completion_tokens"] > 0) == ("llm", True)
    assert client.predict(MEMORY, api_name="/ask")["mode"] == "extractive"


def test_a_slow_model_keeps_nobody_else_waiting(bundled: Library) -> None:
    let_go = threading.Event()
    with llm.serving(trouble=lambda *_: (let_go.wait(30), None)[1]) as model:
        settings = Settings(library=bundled.settings.library, language_model=ModelSettings(url=model.url, seconds=30))
        desk = Desk(settings, readers=1)
        desk.start().join()
        first = threading.Thread(target=desk.ask, args=(MEMORY, WITH_MODEL))
        first.start()
        while not model.asked:
            time.sleep(0.01)
        assert desk.ask(MEMORY).notes == ()
        assert desk.ask(MEMORY, WITH_MODEL).notes == (say("llm_busy", "fr"),)
        let_go.set()
        first.join()
        desk.close()


def test_what_was_written_is_told_again_only_to_its_question(bundled: Library) -> None:
    with llm.serving() as model:
        settings = Settings(library=bundled.settings.library, language_model=ModelSettings(url=model.url))
        desk = Desk(settings, readers=1)
        desk.start().join()
        answer = desk.ask(MEMORY, WITH_MODEL)
        kept = Turn(MEMORY, None, mark_of(answer), "llm")
        assert desk.again([kept], "fr") == [answer]
        other = Turn(ORDERS, None, mark_of(answer), "llm")
        assert [again.mode for again in desk.again([other, Turn(MEMORY, None, "unknown", "llm")], "fr")] == [
            "extractive"
        ] * 2
        desk.close()
