"""Routes beside Gradio's: article pages, the page's own files, conversations told again, exports, opinions.

HTTP request -> HTML, JSON or a file. Everything is answered from the desk; nothing a browser sends is trusted.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, wraps
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, ParamSpec

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from rag.errors import ArticleNotFound, BadRequest, NotAllowed, NotReady, RagError
from rag.model import Answer, Lang, Span
from rag.render.article import missing, page, panel
from rag.render.html import Since, turn
from rag.render.json import answer_json
from rag.render.markdown import conversation_markdown
from rag.render.markup import join
from rag.serve.desk import Desk
from rag.serve.feedback import judged, keep
from rag.serve.talk import Turn, day_from, mark_of, turns_from

TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
STATUS: Final = ((NotReady, 503), (NotAllowed, 403), (ArticleNotFound, 404), (BadRequest, 400))
P = ParamSpec("P")
_AT: Final = re.compile(r"(\d{1,9})-(\d{1,9})")


def routes(desk: Desk, report: Callable[[], str | None]) -> APIRouter:
    """All routes; `report` gives the page of the latest evaluation, if there is one."""
    router = APIRouter(include_in_schema=False)
    here = _Routes(desk, report)
    router.add_api_route("/healthz", here.health, methods=["GET"])
    router.add_api_route("/web/{stamp}/{name}", here.web_file, methods=["GET"])
    router.add_api_route("/article/{name}", _told(here.article), methods=["GET"])
    router.add_api_route("/article/{name}", _told(here.remove), methods=["DELETE"])
    router.add_api_route("/turns", _told(here.turns), methods=["POST"])
    router.add_api_route("/export", _told(here.export), methods=["POST"])
    router.add_api_route("/feedback", _told(here.feedback), methods=["POST"])
    router.add_api_route("/report", here.report_page, methods=["GET"])
    return router


@cache
def version() -> str:
    """A name for the page's own files that changes with them, so that a browser may keep them for good."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(_folder().iterdir(), key=lambda p: p.name):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Routes:
    desk: Desk
    report: Callable[[], str | None]

    async def health(self) -> Response:
        try:
            return JSONResponse({"ready": self.desk.wait(0)})
        except NotReady as error:
            return JSONResponse({"ready": False, "reason": str(error)}, 503)

    async def web_file(self, stamp: str, name: str) -> Response:
        """A style or script. `stamp` is only there to change with them."""
        found = next((path for path in _folder().iterdir() if path.name == name), None)
        kind = TYPES.get(name.rpartition(".")[2])
        if found is None or kind is None:
            return PlainTextResponse("There is nothing here.", 404)
        return Response(
            found.read_bytes(), media_type=kind, headers={"cache-control": "public, max-age=31536000, immutable"}
        )

    async def article(self, request: Request, name: str) -> Response:
        """The article as a page, or as a panel for the script of our page."""
        lang = _lang(request.query_params.get("lang"))
        as_of = day_from(request.query_params.get("as_of"))
        at = _AT.fullmatch(request.query_params.get("at", ""))
        marked = Span(int(at[1]), int(at[2])) if at else None
        try:
            shelf = await run_in_threadpool(self.desk.show, name, as_of)
        except ArticleNotFound:
            inside, status, title = missing(lang), 404, None
        else:
            inside = panel(
                shelf.article,
                lang,
                marked=marked,
                copies=shelf.copies,
                passages=shelf.passages,
                editable=self.desk.editing,
            )
            status, title = 200, shelf.article
        if request.headers.get("x-panel") or title is None:
            return HTMLResponse(inside, status)
        return HTMLResponse(page(title, inside, lang, version()), status)

    async def remove(self, name: str) -> Response:
        await run_in_threadpool(self.desk.remove, name)
        return Response(status_code=204)

    async def turns(self, request: Request) -> Response:
        """A kept conversation, asked again: what a browser kept is not believed, the library is."""
        data = await _json(request)
        turns = turns_from(data)
        lang = _lang(data.get("lang") if isinstance(data, Mapping) else None)
        answers = await run_in_threadpool(self.desk.again, turns, lang)
        shown = [
            turn(answer, f"kept-{n}", mark_of(answer), ui=lang, mode=kept.mode, since=_since(kept, answer))
            for n, (kept, answer) in enumerate(zip(turns, answers, strict=True))
        ]
        return HTMLResponse(join(*shown))

    async def export(self, request: Request) -> Response:
        """A conversation as Markdown or JSON, with its citations."""
        data = await _json(request)
        turns = turns_from(data)
        lang = _lang(data.get("lang") if isinstance(data, Mapping) else None)
        answers = await run_in_threadpool(self.desk.again, turns, lang)
        kind = data.get("format") if isinstance(data, Mapping) else None
        if kind == "json":
            told = {
                "schema": "h200.conversation/1",
                "exported": date.today().isoformat(),
                "turns": [answer_json(a) for a in answers],
            }
            return _download(json.dumps(told, ensure_ascii=False, indent=2), "application/json", "h200.json")
        return _download(conversation_markdown(answers, lang, date.today()), "text/markdown", "h200.md")

    async def feedback(self, request: Request) -> Response:
        """An opinion of an answer; the answer is asked again, so that what is stored is what the library said."""
        data = await _json(request)
        if not isinstance(data, Mapping):
            raise BadRequest("An opinion is an object with 'turns', 'opinion' and 'comment'.")
        turns = turns_from(data)
        if not turns:
            raise BadRequest("An opinion needs the question it is about, as the last of 'turns'.")
        answer = (await run_in_threadpool(self.desk.again, turns, _lang(data.get("lang"))))[-1]
        as_of = turns[-1].as_of.isoformat() if turns[-1].as_of else None
        opinion = judged(
            data.get("opinion"), data.get("comment", ""), turns[-1].question, as_of, answer.text, mark_of(answer)
        )
        await run_in_threadpool(keep, self.desk.settings.library, opinion)
        return Response(status_code=204)

    async def report_page(self) -> Response:
        told = await run_in_threadpool(self.report)
        return HTMLResponse(told) if told is not None else PlainTextResponse("There is no report.", 404)


def _since(kept: Turn, answer: Answer) -> Since | None:
    """What is different since a turn was told."""
    if not kept.mark or kept.mark == mark_of(answer):
        return None
    return "reworded" if kept.mode == "llm" else "changed"


def _told(route: Callable[P, Awaitable[Response]]) -> Callable[P, Awaitable[Response]]:
    """The route with the library's own errors told in a sentence; all others stay errors of the server."""

    @wraps(route)
    async def told(*args: P.args, **values: P.kwargs) -> Response:
        try:
            return await route(*args, **values)
        except RagError as error:
            status = next((code for kind, code in STATUS if isinstance(error, kind)), 409)
            return JSONResponse({"error": str(error)}, status)

    return told


async def _json(request: Request) -> object:
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise BadRequest("The request is no JSON in UTF-8.") from error


def _download(text: str, kind: str, name: str) -> Response:
    return Response(text.encode(errors="replace"), media_type=f"{kind}; charset=utf-8",
                    headers={"content-disposition": f'attachment; filename="{name}"'})  # fmt: skip


def _lang(value: object) -> Lang:
    return "en" if value == "en" else "fr"


def _folder() -> Traversable:
    return files("rag.render") / "web"
