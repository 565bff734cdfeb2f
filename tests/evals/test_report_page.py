"""A run on disk can be read back, and its page asks nothing of any server and lets no text become markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from made import Empty, Perfect

from evals import report
from evals.judge import PROMPT, Judge, JudgeFailed, JudgeSettings
from evals.measures import MEASURES
from evals.page.markup import join, tag
from evals.page.meanings import MEANINGS
from evals.page.tables import OUTCOMES
from evals.run import run_arm

NASTY = '<script>alert("x")</script>'


class Page(HTMLParser):
    """Tags with attributes, and text, as a browser would see them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, name, attributes):
        self.tags.append((name, dict(attributes)))
        if name not in ("meta", "br"):
            self.open.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def folder(shelf, dev, tmp_path_factory):
    kinds = ("state", "fact", "conflict", "unanswerable", "follow_up")
    cases = [case for kind in kinds for case in [case for case in dev if case.kind == kind][:8]]
    cases[0] = replace(cases[0], id="a", question=f"Combien {NASTY} ?")
    results = [run_arm(answerer, cases, shelf) for answerer in (Empty(shelf, "ours"), Perfect(shelf, "stock"))]
    place = tmp_path_factory.mktemp("run")
    report.write(place, results, report.Setting([], "dev", [], 1.0, 0.5), shelf)
    return place


@pytest.fixture(scope="module")
def html(folder):
    return (folder / "report.html").read_text(encoding="utf-8")


def test_a_run_says_all_that_must_be_the_same_to_run_it_again(folder):
    run, rows = report.read(folder)
    assert run["schema"] == "h200.eval/1"
    assert {"git", "code", "corpus", "sets", "split", "library", "machine", "arms"} <= run.keys()
    assert len(rows) == 2 * run["questions"] == 80
    assert set(run["arms"]["ours"]["measures"]["vital_recall"]) == {"value", "count", "low", "high"}
    assert {"gold", "statements", "given_forbidden", "parts", "points"} <= rows[0].keys()


def test_a_folder_without_a_run_is_told(tmp_path):
    with pytest.raises(report.BadRun, match="h200 eval --out"):
        report.read(tmp_path)


def test_the_page_asks_nothing_of_any_server(html):
    page = Page(html)
    assert page.open == []
    for name, attributes in page.tags:
        assert name not in ("script", "link", "img", "iframe", "object", "embed", "base", "source", "video", "audio")
        assert not attributes.keys() & {"src", "href", "srcset", "action", "data", "background", "poster", "xlink:href"}
        assert not any(attribute.startswith("on") for attribute in attributes)
        assert "url(" not in (attributes.get("style") or "")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style
    assert "http" not in html


def test_the_page_reads_in_light_and_dark(html):
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html


def test_text_stays_text(html):
    assert "<script" not in html
    assert NASTY in "".join(Page(html).text)
    assert tag("p", "<b>", title='"') == '<p title="&quot;">&lt;b&gt;</p>'
    assert join("a & b", tag("i", "x"), None) == "a &amp; b<i>x</i>"


def test_the_page_shows_arms_slices_plots_and_the_twenty_worst(html):
    page = Page(html)
    text = " ".join(page.text)
    for words in ("ours", "stock", "Truthfulness", "unanswerable", "follow up", "Answer", "Gold", "Citations"):
        assert words in text, words
    classes = [attributes.get("class") or "" for _, attributes in page.tags]
    assert classes.count("case") == 20
    assert classes.count("plot") == 2
    assert [name for name, _ in page.tags].count("polyline") == 2
    assert sum(named.startswith("span arm-") for named in classes) == 2


def test_the_page_opens_with_how_many_questions_went_how(html, folder):
    _, rows = report.read(folder)
    bars = re.search(r'<div class="outcomes">(.*?)<ul', html, re.DOTALL)[1]
    for arm in ("ours", "stock"):
        for points, word in OUTCOMES.items():
            count = sum(row["points"] == points for row in rows if row["arm"] == arm)
            assert (f'title="{word}: {count} of 40"' in bars) == (count > 0)


def test_every_measure_says_what_it_means():
    assert list(MEANINGS) == list(MEASURES)


def test_answers_of_the_test_split_are_not_shown(folder, tmp_path):
    run, rows = report.read(folder)
    for name, text in (
        ("run.json", json.dumps({**run, "split": "test"})),
        ("cases.jsonl", "\n".join(map(json.dumps, rows))),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    page = Page(report.write_page(tmp_path).read_text(encoding="utf-8"))
    assert not any(attributes.get("class") == "case" for _, attributes in page.tags)
    assert any("whoever reads its answers tunes to them" in text for text in page.text)


# --- the judge ---------------------------------------------------------------------------------------------------


def test_a_judge_adds_a_column_and_is_asked_once(folder, tmp_path, html):
    import httpx

    asked = []

    def model(request):
        body = json.loads(request.content)
        asked.append(body)
        task = json.loads(body["messages"][1]["content"])
        opinion = "wrong" if task["required"] and not task["answer"] else "right"
        return httpx.Response(200, json={"choices": [{"message": {"content": f'Sure: {{"opinion": "{opinion}"}}'}}]})

    for name in ("run.json", "cases.jsonl"):
        (tmp_path / name).write_text((folder / name).read_text(encoding="utf-8"), encoding="utf-8")
    settings = JudgeSettings("http://localhost:1/v1", "any", "secret", tmp_path)
    judge = Judge(settings, httpx.MockTransport(model))
    report.add_opinions(tmp_path, judge.opinions)
    once = len(asked)
    report.add_opinions(tmp_path, judge.opinions)
    judge.close()
    assert 0 < once == len(asked)
    assert asked[0]["messages"][0]["content"] == PROMPT
    run, rows = report.read(tmp_path)
    assert run["arms"]["stock"]["judge"]["right"] == 40
    assert {row["opinion"] for row in rows} == {"right", "wrong"}
    assert "What a language model thinks" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "What a language model thinks" not in html
    assert not any("secret" in path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file())


def test_a_judge_that_fails_is_told(folder):
    import httpx

    judge = Judge(
        JudgeSettings("http://localhost:1/v1", "any"), httpx.MockTransport(lambda request: httpx.Response(500))
    )
    with pytest.raises(JudgeFailed, match="--judge"):
        report.add_opinions(folder, judge.opinions)
    judge.close()


def test_a_reply_that_is_no_opinion_is_none(folder):
    import httpx

    reply = {"choices": [{"message": {"content": "I cannot say."}}]}
    judge = Judge(
        JudgeSettings("http://localhost:1/v1", "any"),
        httpx.MockTransport(lambda request: httpx.Response(200, json=reply)),
    )
    assert judge.opinions(report.read(folder)[1][:1]) == [None]
    judge.close()
