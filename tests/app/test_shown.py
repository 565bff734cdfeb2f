"""What an answer looks like: accounts that differ side by side, what is past apart, a refusal that offers something."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from playwright.sync_api import Page, expect

from rag.model import Answer, Article, Block, Citation, LibraryFacts, Question, Role, Span, Statement
from rag.render.html import turn
from rag.render.markdown import answer_markdown

Open = Callable[..., Page]
SIDES: tuple[tuple[Role, str, str], ...] = (
    ("current", "Gazette", "La vente est permise."),
    ("conflict", "Gazette", "La Gazette dit oui."),
    ("conflict", "Tribune", "La Tribune dit non."),
    ("conflict", "Gazette", "Elle le redit."),
    ("conflict", "Herald", "Le Herald hésite."),
    ("superseded", "Herald", "La vente était interdite."),
)


def test_sides_of_a_conflict_stand_side_by_side_and_what_is_past_apart(open_page: Open) -> None:
    page = open_page()
    page.route(
        "**/turns", lambda route: route.fulfill(body=turn(_answer(SIDES, "Oui :"), "k", ""), content_type="text/html")
    )
    page.evaluate(
        "localStorage.setItem('h200.talk.x', JSON.stringify({id: 'x', at: 1, turns: [{q: 'x'}]})); sessionStorage.setItem('h200.current', 'x')"
    )
    page.reload()
    expect(page.locator("#past .lead")).to_have_text("Oui :")
    expect(page.locator("#past .say.current .direct")).to_have_text("La vente")
    sides = page.locator("#past .sides .account")
    expect(sides.locator(".side")).to_have_text(["Gazette", "Tribune"])
    expect(sides.first.locator(".words")).to_have_text(["La Gazette dit oui.", "Elle le redit."])
    first, second = (sides.nth(n).bounding_box() for n in (0, 1))
    assert first is not None
    assert second is not None
    assert abs(first["y"] - second["y"]) < 2
    assert second["x"] > first["x"] + first["width"] - 1
    expect(page.locator("#past .others .side")).to_have_text(["Herald"])
    expect(page.locator("#past .conflict .role, #past .sides ~ h4")).to_have_text(["Ce qu'ajoutent d'autres articles"])
    expect(page.locator("#past .before h4")).to_have_text("Ce qui valait avant")
    expect(page.locator("#past .before .replaced")).to_contain_text("remplacé le 1er janvier 2026")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _answer(told: Sequence[tuple[Role, str, str]], lead: str) -> Answer:
    """An answer of these sentences: what each is, who says it, its words."""
    statements, citations = [], []
    for n, (role, outlet, words) in enumerate(told, start=1):
        text = " ".join(said for _, who, said in told if who == outlet)
        article = Article(outlet, "a.md", "Titre", outlet, "fr", text, (Block(Span(0, len(text)), "body", "fr"),))
        start = text.index(words)
        citations.append(Citation(n, article, Span(start, start + len(words)), words))
        statements.append(Statement(words, role, (n,), date(2026, 1, n), highlight=Span(0, 8) if n == 1 else None))
    question = Question("La vente est-elle permise ?", "La vente est-elle permise ?", "fr", "yes_no")
    facts = LibraryFacts(1, 1, None, "")
    return Answer(question, "answered", lead, tuple(statements), tuple(citations), 1.0, facts, lead=lead)


def test_a_disagreement_is_announced_once_and_who_says_what_is_copied_with_it() -> None:
    answer = _answer(SIDES, "Les sources ne disent pas la même chose :")
    heads = re.compile("Les sources (?:ne disent pas la même chose|se contredisent)")
    assert len(heads.findall(turn(answer, "k", "").split("<footer")[0])) == 1
    written = replace(answer, lead="", mode="llm")
    shown = turn(written, "k", "").split("<footer")[0]
    assert (len(heads.findall(shown)), shown.count('class="account"'), "others" in shown) == (1, 3, False)
    assert "*Tribune, sans date.* La Tribune dit non." in answer_markdown(answer)


def test_a_refusal_names_what_it_offers_once() -> None:
    answer = _answer(SIDES, "")
    near = replace(answer.citations[0].article, title="Les douanes")
    text = "Rien ne le dit. Au plus proche : « Les douanes »."
    silent = replace(answer, status="abstained", reason="no_evidence", statements=(), citations=(), text=text)
    assert '<p class="no">Rien ne le dit.</p>' in turn(silent, "k", "", nearest=[near])
    assert "Au plus proche : « Les douanes »." in turn(silent, "k", "")
