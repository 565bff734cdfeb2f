"""The web app: Gradio's layout and handlers. What they show is made in rag/render, what they ask is answered by rag/serve.

`h200 serve` or `python app.py` starts it; `create` gives the ASGI app for any other server.
"""

from __future__ import annotations

import os

# Before Gradio is imported: it reads these once.
os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_OFFLINE="1", DO_NOT_TRACK="1")

import json
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import gradio as gr
from fastapi import FastAPI
from gradio.events import Dependency, api

from rag.errors import NotReady, RagError
from rag.model import Lang, Verdict
from rag.render import shell
from rag.render.accuracy import accuracy
from rag.render.article import table, verdicts
from rag.render.html import failure, turn, waiting, welcome
from rag.render.json import answer_json, article_json, event_json
from rag.render.plot import timeline
from rag.render.words import say
from rag.serve.desk import Desk, run_with_progress, web_address
from rag.serve.guard import Guard, Rules
from rag.serve.reports import Reports
from rag.serve.routes import routes, version
from rag.serve.talk import Talk, day_from, mark_of, talk_from
from rag.settings import ServeSettings, Settings

PACE: Final = 0.07
"""Seconds between two sentences of an answer, so that the eye can follow them."""
SESSIONS: Final = 64
"""States of sessions that Gradio keeps, each a copy of the page's configuration; ours hold nothing."""
ASKED: Final = "(question, context) => globalThis.h200?.asked() ?? [question, context]"
ABOUT: Final = "(topic, context) => globalThis.h200?.about(topic) ?? [topic, context]"
"""What the page puts beside a question or a topic as Gradio sends it: the day, the earlier questions, who words it."""
FILES: Final = [".md", ".markdown", ".txt", ".html", ".htm", ".pdf"]


def create(settings: Settings | None = None, serving: ServeSettings | None = None, desk: Desk | None = None) -> Guard:
    """The whole app, guarded: French at /, English at /en, and the routes of rag/serve beside them."""
    settings, serving = settings or Settings.from_environment(), serving or ServeSettings.from_environment()
    desk = desk or Desk(settings, readers=serving.readers, editing=serving.editing)
    desk.start()
    reports = Reports(serving.report)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(routes(desk, reports.page))
    for lang, path in (("en", "/en"), ("fr", "/")):
        page = Page(desk, reports, serving, lang).blocks()  # type: ignore[arg-type]
        page.state_session_capacity = SESSIONS
        page.queue(max_size=serving.waiting, default_concurrency_limit=2 * serving.readers)
        gr.mount_gradio_app(
            app, page, path, theme=theme(), footer_links=[], run_history=False, ssr_mode=False, pwa=False,
            enable_monitoring=False, mcp_server=serving.mcp and lang == "fr", max_file_size=settings.source_bytes,
            favicon_path=str(shell.favicon()) if lang == "fr" else None, app_kwargs={"docs_url": None, "redoc_url": None},
        )  # fmt: skip
    rules = Rules(
        names=frozenset(serving.names), login=serving.login, mcp=serving.mcp, body_bytes=serving.body_bytes,
        upload_bytes=settings.source_bytes + serving.body_bytes if serving.editing else 0, head=shell.head(version()),
    )  # fmt: skip
    return Guard(app, rules)


def theme() -> gr.themes.Base:
    """Gradio's plainest look, in fonts that every machine has; rag/render/web/*.css does the rest."""
    sans = ["ui-sans-serif", "system-ui", "Segoe UI", "Inter", "Noto Sans", "Helvetica Neue", "Arial", "sans-serif"]
    return gr.themes.Base(primary_hue="teal", neutral_hue="stone", font=sans, font_mono=["ui-monospace", "monospace"])


def markup(value: str | None = None, elem_id: str | None = None) -> gr.HTML:
    """HTML of ours, shown as it is: no style of Gradio's, no script."""
    return gr.HTML(value, js_on_load=None, apply_default_css=False, elem_id=elem_id)


class Page:
    """The page in one language."""

    def __init__(self, desk: Desk, reports: Reports, serving: ServeSettings, lang: Lang) -> None:
        self.desk, self.reports, self.serving, self.lang = desk, reports, serving, lang

    # layout

    def blocks(self) -> gr.Blocks:
        """Masthead, four tabs, evidence panel."""
        blocks: gr.Blocks
        with gr.Blocks(title=say("title", self.lang), analytics_enabled=False, fill_width=True) as blocks:
            masthead = markup(self.masthead(), elem_id="masthead")
            blocks.load(self.masthead, None, masthead, show_progress="hidden", api_visibility="private")
            context = gr.Textbox(visible="hidden", elem_id="context", show_label=False)
            with gr.Tabs(elem_id="tabs"):
                with gr.Tab(say("chat", self.lang), id="chat", elem_id="tab-chat"):
                    days = self._chat(context)
                    blocks.load(self.days, None, days, show_progress="hidden", api_visibility="private")
                with gr.Tab(say("timeline", self.lang), id="timeline", elem_id="tab-timeline") as tab:
                    self._timeline(tab, context)
                with gr.Tab(say("library", self.lang), id="library", elem_id="tab-library") as tab:
                    self._library(tab)
                with gr.Tab(say("accuracy", self.lang), id="accuracy", elem_id="tab-accuracy") as tab:
                    shown = markup(elem_id="figures")
                    tab.select(self.figures, None, shown, api_visibility="private")
            markup(shell.panel(self.lang), elem_id="panel-box")
            if self.lang == "fr":
                for tool in (self.ask, self.search, self.timeline, self.show):
                    api(tool, api_name=tool.__name__)
        return blocks

    def _chat(self, context: gr.Textbox) -> gr.HTML:
        """The conversation; gives back the slider of days, which is drawn anew with each visit."""
        markup(shell.conversation(self.lang, welcome(self.lang)), elem_id="talk")
        told = markup(elem_id="turn")
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="asking"):
                question = gr.Textbox(
                    label=say("question", self.lang), placeholder=say("question_hint", self.lang), show_label=False, lines=1, max_lines=6,
                    elem_id="question", scale=1, container=False, max_length=self.desk.settings.question_characters,
                )  # fmt: skip
                send = gr.Button(say("send", self.lang), variant="primary", elem_id="send", scale=0, min_width=110)
                stop = gr.Button(say("stop", self.lang), elem_id="stop", scale=0, min_width=110)
            if self.desk.model:
                markup(shell.model_switch(self.lang, self.desk.model), elem_id="model")
            days = markup(self.days(), elem_id="days")
        # Answers that a language model writes have places of their own at the desk.
        limit = (3 if self.desk.model else 2) * self.serving.readers
        asked = gr.on(
            [send.click, question.submit], self.tell, [question, context], told, js=ASKED, show_progress="hidden",
            trigger_mode="multiple", api_visibility="private", concurrency_id="asking", concurrency_limit=limit,
        )  # fmt: skip
        stop.click(None, cancels=[asked], api_visibility="private")
        return days

    def _timeline(self, tab: gr.Tab, context: gr.Textbox) -> None:
        markup(shell.heading("timeline_title", "timeline_text", self.lang))
        with gr.Row(elem_classes="line"):
            topic = gr.Textbox(
                label=say("topic", self.lang), placeholder=say("topic_hint", self.lang), elem_id="topic", max_length=200
            )
            show = gr.Button(say("show", self.lang), elem_id="show-timeline", scale=0, min_width=110)
        plot = markup(elem_id="plot")
        gr.on(
            [tab.select, show.click, topic.submit],
            self.plot,
            [topic, context],
            plot,
            js=ABOUT,
            show_progress="hidden",
            api_visibility="private",
        )

    def _library(self, tab: gr.Tab) -> None:
        query = gr.Textbox(
            label=say("search_articles", self.lang),
            placeholder=say("search_hint", self.lang),
            elem_id="find",
            max_length=200,
        )
        found = markup(elem_id="articles")
        gr.on(
            [tab.select, query.change],
            self.found,
            query,
            found,
            show_progress="hidden",
            trigger_mode="always_last",
            api_visibility="private",
        )
        if not self.desk.editing:
            markup(shell.note("add_off", self.lang))
            return
        added = self._adding()
        added.then(self.found, query, found, show_progress="hidden", api_visibility="private")

    def _adding(self) -> Dependency:
        """The form that takes in files and addresses; what happens once it is sent."""
        markup(shell.heading("add_title", None, self.lang))
        with gr.Row(elem_classes="line"):
            sent = gr.File(
                label=say("add_files", self.lang), file_count="multiple", file_types=FILES, height=180, elem_id="files"
            )
            with gr.Column():
                address = gr.Textbox(
                    label=say("add_url", self.lang), placeholder="https://", elem_id="address", max_length=2_000
                )
                add = gr.Button(say("add", self.lang), elem_id="add", variant="primary")
        became = markup(elem_id="became")
        added: Dependency = gr.on(
            [add.click, address.submit],
            self.add,
            [sent, address],
            became,
            show_progress="hidden",
            concurrency_limit=1,
            api_visibility="private",
        )
        added.then(lambda: (None, ""), None, [sent, address], api_visibility="private")
        return added

    # what a page shows when it is loaded

    def masthead(self) -> str:
        """Name, freshness, language and theme."""
        try:
            facts = self.desk.facts()[0]
        except NotReady:
            facts = None
        return shell.masthead(self.lang, facts)

    def days(self) -> str:
        """The slider of days."""
        try:
            return shell.days(self.lang, self.desk.facts()[1])
        except NotReady:
            return shell.days(self.lang, [])

    # handlers

    def tell(self, question: str, context: str) -> Iterator[str]:
        """Answer sentence by sentence."""
        key, talk, lang = secrets.token_hex(4), Talk(), self.lang
        if not question.strip():
            return
        try:
            talk = talk_from(context)
            lang = talk.spoken(question, self.lang)
            for text in self._until_ready(lang):
                yield waiting(question, talk.as_of, lang, key, text)
            yield waiting(
                question, talk.as_of, lang, key, say("writing" if self._with_model(talk) else "searching", lang)
            )
            for answer in self.desk.ask_stream(question, talk, lang):
                if answer.status == "partial":
                    yield turn(answer, key, "", shown=len(answer.statements))
            nearest = self.desk.nearest(question, talk.as_of) if answer.reason in ("no_evidence", "off_topic") else []
        except RagError as error:
            yield failure(question, talk.as_of, lang, key, str(error))
            return
        for shown in range(1, len(answer.statements)) if answer.mode == "extractive" else ():
            yield turn(answer, key, "", shown=shown)
            time.sleep(PACE)
        yield turn(answer, key, mark_of(answer), ui=self.lang, mode=talk.mode, nearest=nearest)

    def _with_model(self, talk: Talk) -> bool:
        return talk.mode == "llm" and self.desk.model is not None

    def _until_ready(self, lang: Lang) -> Iterator[str]:
        """What to say while a first library is being built."""
        while not self.desk.wait(0.3):
            done, total = self.desk.progress
            yield say("preparing", lang, done=done, total=total or "…")

    def plot(self, topic: str, context: str) -> str:
        """The timeline of a topic."""
        try:
            return timeline(self.desk.timeline(topic, talk_from(context).as_of), self.lang)
        except RagError as error:
            return shell.problem(str(error))

    def found(self, query: str) -> str:
        """The table of the articles that match."""
        try:
            articles, total = self.desk.articles(query)
        except RagError as error:
            return shell.problem(str(error))
        return table(articles, total, self.lang)

    def add(self, sent: list[str] | None, address: str) -> Iterator[str]:
        """Bring files and an address in, and say what became of each."""
        try:
            sources: list[Path | str] = [Path(path) for path in sent or []]
            sources += [web_address(address)] if address.strip() else []
            if not sources:
                yield shell.problem(say("nothing_to_add", self.lang))
                return
            done: list[Verdict] = []
            yield verdicts(done, self.lang, say("adding", self.lang, done=0, total=len(sources), source="…"))
            for n, total, verdict in run_with_progress(lambda progress: self.desk.add(sources, progress)):
                done.append(verdict)
                yield verdicts(done, self.lang, say("adding", self.lang, done=n, total=total, source="…"))
            yield verdicts(done, self.lang)
        except RagError as error:
            yield shell.problem(str(error))

    def figures(self) -> str:
        """The latest evaluation."""
        return accuracy(self.reports.run(), self.lang)

    # for programs

    def ask(
        self, question: str, as_of: str = "", history: list[str] | None = None, lang: str = "", mode: str = "extractive"
    ) -> dict[str, Any]:
        """Answer a question about Nvidia's H200 chips and China from news articles, with citations, or abstain.

        Args:
            question: In French or English.
            as_of: Answer as a reader on that day, as 2026-01-14; empty: with all there is.
            history: The earlier questions of the conversation, oldest first.
            lang: fr or en for the assistant's own words; empty: that of the question.
            mode: extractive for the sources' own words; llm for those of a language model, held against the sources.
        """
        with _told():
            self.desk.wait()
            talk = talk_from(json.dumps({"as_of": as_of, "earlier": history or [], "mode": mode}))
            own: Lang | None = lang if lang in ("fr", "en") else None  # type: ignore[assignment]
            return answer_json(self.desk.ask(question, talk, own))

    def search(self, query: str, as_of: str = "", limit: int = 10) -> list[dict[str, Any]]:
        """Find the passages of the library nearest to a query, best first.

        Args:
            query: In French or English.
            as_of: Only what was published by that day, as 2026-01-14; empty: everything.
            limit: At most so many passages, up to 50.
        """
        with _told():
            self.desk.wait()
            found = self.desk.search(query, as_of=day_from(as_of), limit=max(1, min(50, int(limit))))
        return [
            {"article": article_json(article), "text": passage.span.of(article.text), "start": passage.span.start,
             "end": passage.span.end, "score": round(score, 4)}
            for article, passage, score in found
        ]  # fmt: skip

    def timeline(self, topic: str = "", as_of: str = "") -> list[dict[str, Any]]:
        """The dated states of affairs of the story, with the sentence and source of each; superseded ones are marked.

        Args:
            topic: Only what is about this; empty: the whole story.
            as_of: As known on that day, as 2026-01-14; empty: with all there is.
        """
        with _told():
            self.desk.wait()
            return [event_json(event) for event in self.desk.timeline(topic, day_from(as_of))]

    def show(self, article: str) -> dict[str, Any]:
        """One article whole, with its metadata.

        Args:
            article: Its id, or the start of it.
        """
        with _told():
            self.desk.wait()
            found = self.desk.show(article).article
        return {**article_json(found), "text": found.text}


class _told:  # noqa: N801 - used as a statement
    """The library's own errors as Gradio tells them to a program."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, RagError):
            raise gr.Error(str(error), print_exception=False) from error


def serve(settings: Settings, serving: ServeSettings) -> None:
    """Serve until stopped."""
    import uvicorn

    uvicorn.run(
        create(settings, serving), host=serving.host, port=serving.port, log_level="warning", server_header=False,
        limit_concurrency=400, timeout_keep_alive=15, ws="none", access_log=False,
    )  # fmt: skip


if __name__ == "__main__":
    serve(Settings.from_environment(), ServeSettings.from_environment())
