"""Hostile texts in every place where a text is shown: no script runs, nothing is asked of another machine.

First the HTML alone, in a page without any policy that could come to its help; then through the whole app.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from rag.library import Library
from rag.model import Answer, Article, Block, Citation, Event, LibraryFacts, Passage, Question, Span, Statement, Verdict
from rag.render.accuracy import accuracy
from rag.render.article import panel, table, verdicts
from rag.render.html import failure, turn, waiting
from rag.render.markdown import conversation_markdown
from rag.render.markup import Markup, join
from rag.render.plot import timeline
from rag.render.shell import model_switch
from rag.settings import Settings
from tests.app.conftest import Seen, Server, serving, watch
from tests.app.payloads import EVIL, TEMPLATES, URLS
from tests.support import Draft

TAGS = frozenset(
    [
        "a",
        "article",
        "aside",
        "button",
        "circle",
        "details",
        "div",
        "footer",
        "form",
        "h2",
        "h3",
        "h4",
        "h5",
        "header",
        "input",
        "label",
        "li",
        "line",
        "mark",
        "ol",
        "p",
        "rect",
        "section",
        "small",
        "span",
        "strong",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "text",
        "textarea",
        "th",
        "thead",
        "time",
        "tr",
        "ul",
    ]
)
POSITIONS = ("title", "publisher", "origin", "text", "question", "standalone", "lead", "note", "verdict")


def article(**values: object) -> Article:
    text = str(values.pop("text", "Une phrase."))
    given = {"id": "a", "source": "a.md", "title": "Titre", "publisher": "Gazette", "lang": "fr", **values}
    return Article(text=text, blocks=(Block(Span(0, len(text)), "body", "fr"),), published=date(2026, 1, 1), **given)  # type: ignore[arg-type]


def views(payload: str, position: str) -> Markup:
    """Everything that can be shown, with the payload in one place."""
    own = {position: payload} if position in ("title", "publisher", "origin", "text", "url") else {}
    shown = article(**own)
    span = Span(0, len(shown.text))
    citation = Citation(1, shown, span, shown.text, copies=(replace(shown, id="b"),))
    roles = ("answer", "current", "superseded", "conflict", "context")
    statements = tuple(Statement(shown.text, role, (1,), date(2026, 1, 1), highlight=Span(0, 3)) for role in roles)
    question = Question(
        payload if position == "question" else "Q ?",
        payload if position == "standalone" else "Q ?",
        "fr",
        "what",
        date(2026, 1, 2),
    )
    answer = Answer(
        question, "answered", shown.text, statements, (citation,), 0.9, LibraryFacts(1, 1, None, ""),
        lead=payload if position == "lead" else "", notes=(payload,) if position == "note" else (),
    )  # fmt: skip
    silent = replace(answer, status="abstained", statements=(), citations=(), text=payload)
    written = replace(answer, mode="llm", usage={"prompt_tokens": 9, "completion_tokens": 9})
    verdict = Verdict(payload, "refused", payload, None, payload) if position == "verdict" else Verdict("a.md", "added")
    return join(
        turn(answer, "k", "m"), turn(written, "n", "m", since="reworded"), model_switch("fr", payload),
        accuracy(measured(payload), "fr"), turn(silent, "l", "m", nearest=[shown]), waiting(question.text, None, "fr", "w", payload),
        failure(question.text, None, "fr", "f", payload), table([shown], 1, "fr"), verdicts([verdict], "fr", payload),
        panel(shown, "fr", marked=span, copies=[shown], passages=[Passage("p", "a", 0, span, (span,), "body", "fr")], editable=True),
        timeline([Event(date(2026, 1, 1), "beijing", citation), Event(date(2026, 2, 1), "nvidia", citation, True)], "fr"),
    )  # fmt: skip


def measured(payload: str) -> dict[str, object]:
    """A run of `h200 eval` that names things so."""
    arm = {
        "measures": {"correct": {"value": 0.5, "low": 0.4, "high": 0.6, "count": payload}},
        "kinds": {payload: {}},
        "kind_counts": {payload: payload},
    }
    return {
        "schema": "h200.eval/1",
        "questions": payload,
        "arms": {"ours": arm, payload: arm},
        "created": "2026-01-01",
        "git": {"commit": payload},
    }


class Tags(HTMLParser):
    """The elements of a page and what they lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {
            value or ""
            for name, value in attrs
            if name in ("href", "src", "action", "formaction", "srcset", "xlink:href")
        }


CASES = [(payload, position) for position in POSITIONS for payload in TEMPLATES] + [(url, "url") for url in URLS]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 500


@pytest.mark.parametrize("position", [*POSITIONS, "url"])
def test_only_our_own_elements_and_links_come_out(position: str) -> None:
    for payload in (p for p, place in CASES if place == position):
        seen = Tags()
        seen.feed(views(payload, position))
        assert seen.names <= TAGS, (payload, seen.names - TAGS)
        assert not {name for name in seen.attributes if name.startswith("on") or name == "style"}, payload
        assert all(link.startswith(("/article/", "https://a.example/")) for link in seen.links), (payload, seen.links)


@pytest.fixture
def bare(browser: Browser) -> Iterator[tuple[Page, Seen]]:
    """A page without any policy, which counts what it is made to do."""
    context = browser.new_context()
    context.route("**/*", lambda route: route.abort())
    page, seen = context.new_page(), Seen([], [])
    page.on("dialog", lambda dialog: (seen.errors.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: seen.outside.append(request.url))
    yield page, seen
    context.close()


def test_no_script_runs_and_nothing_is_fetched_even_without_a_policy(bare: tuple[Page, Seen]) -> None:
    page, seen = bare
    for start in range(0, len(CASES), 60):
        page.set_content("<!doctype html><body>" + join(*(views(*case) for case in CASES[start : start + 60])))
        page.wait_for_timeout(120)
        assert page.evaluate("window.pwned") is None, CASES[start]
    assert (seen.errors, seen.outside) == ([], [])


def test_the_page_would_notice(bare: tuple[Page, Seen]) -> None:
    page, seen = bare
    page.set_content(f"<body><script>window.pwned=1</script><img src={EVIL}/p.png>")
    assert page.evaluate("window.pwned") == 1
    assert seen.outside == [f"{EVIL}/p.png"]


def test_markdown_makes_no_link_or_picture_of_a_text() -> None:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": True})
    for payload in TEMPLATES:
        question = Question(payload, payload, "fr", "what")
        shown = article(title=payload, text=payload, publisher=payload, url="https://a.example/x")
        answer = Answer(
            question, "answered", payload, (Statement(payload, "answer", (1,)),), (Citation(1, shown, Span(0, 1), payload),), 1.0,
            LibraryFacts(1, 1, None, ""), lead=payload,
        )  # fmt: skip
        seen = Tags()
        seen.feed(reader.render(conversation_markdown([answer], "fr", date(2026, 1, 1))))
        assert seen.names <= {"h1", "h2", "p", "a", "strong", "em", "ol", "ul", "li"}, (payload, seen.names)
        assert all(link.startswith("https://a.example/x") for link in seen.links), (payload, seen.links)


def test_hostile_articles_questions_and_history_through_the_whole_app(browser: Browser, tmp_path: Path) -> None:
    for n, payload in enumerate(TEMPLATES[:40]):
        clean = payload.replace("\n", " ")
        Draft(
            f"a{n}.md",
            f"Dossier {n} {clean}"[:180],
            f"La puce H200 numéro {n} {clean} coûte {n} dollars.",
            publisher=clean,
        ).write(tmp_path)
    with Library.create(Settings(library=tmp_path / "library")) as library:
        library.ingest([tmp_path])
        held = library.facts.articles
    assert held >= 30
    with serving(tmp_path / "library") as server:
        context = browser.new_context(locale="fr-FR", reduced_motion="reduce")
        page, seen = context.new_page(), Seen([], [])
        watch(page, seen)
        page.goto(server.url)
        page.wait_for_selector("#question textarea")
        kept = {
            "id": "x",
            "at": 1,
            "turns": [{"q": payload, "as_of": None, "mark": payload} for payload in TEMPLATES[:30]],
        }
        page.evaluate(
            "kept => { localStorage.setItem('h200.talk.x', JSON.stringify(kept)); sessionStorage.setItem('h200.current', 'x') }",
            kept,
        )
        page.reload()
        page.wait_for_selector("#past .turn")
        page.click(".talks summary")
        for n in (1, 9, 14, 44):
            page.fill("#question textarea", f"Combien coûte la puce H200 numéro {n} ? {TEMPLATES[n]}")
            page.keyboard.press("Enter")
            page.wait_for_function(
                "n => document.querySelector('#turn h3')?.textContent.includes(`numéro ${n} `) && document.querySelector('#turn .turn').dataset.state === 'done'",
                arg=n,
            )
            if page.locator("#turn .mark").count():
                page.locator("#turn .mark").first.click()
                page.wait_for_selector("#panel .article")
        page.click("#panel .close")
        page.click("#tab-library-button")
        page.wait_for_selector("#articles table")
        page.click("#tab-timeline-button")
        page.wait_for_timeout(500)
        assert page.evaluate("window.pwned") is None
        page.goto(f"{server.url}/?q={json.dumps(TEMPLATES[0])}")
        page.wait_for_selector("#turn .turn[data-state=done]")
        assert page.evaluate("window.pwned") is None
        context.close()
    assert seen == Seen([], [])


def test_the_policy_stops_what_a_slip_would_let_through(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    page.goto(server.url)
    page.wait_for_selector("#question textarea")
    stopped = page.evaluate(
        """() => new Promise(done => {
            const caught = []; document.addEventListener('securitypolicyviolation', e => caught.push(e.effectiveDirective));
            const box = document.createElement('div');
            box.innerHTML = '<img src=x onerror="window.pwned=1"><iframe src="https://evil.example"></iframe>';
            document.body.append(box);
            const script = document.createElement('script'); script.textContent = 'window.pwned=1'; document.body.append(script);
            setTimeout(() => { box.remove(); done(caught) }, 400) })"""
    )
    assert page.evaluate("window.pwned") is None
    assert {"script-src-attr", "script-src-elem", "frame-src"} <= set(stopped)
    page.close()
