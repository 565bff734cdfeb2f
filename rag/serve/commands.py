"""`h200 serve` and `h200 feedback`: options -> a running web app, or what readers thought of answers."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from rag.errors import MissingDependency
from rag.serve.feedback import Feedback, kept
from rag.settings import ServeSettings, Settings


def serve(settings: Settings, serving: ServeSettings) -> None:
    """Serve the web app until it is stopped. Raises: MissingDependency."""
    web_app().serve(settings, serving)


def web_app() -> ModuleType:
    """The module that draws the page: `rag.app` of an installed package, `app` of a checkout. Raises: MissingDependency."""
    try:
        return import_module("rag.app" if find_spec("rag.app") else "app")
    except ModuleNotFoundError as error:
        raise MissingDependency(
            f"The web app needs {error.name}, which is not installed: run 'pip install h200'."
        ) from error


def opinions(settings: Settings, *, as_json: bool) -> list[str]:
    """One line for each opinion, oldest first."""
    return [json.dumps(asdict(f), ensure_ascii=False) if as_json else _line(f) for f in kept(settings.library)]


def _line(feedback: Feedback) -> str:
    """Tab-separated: when, good or bad, as of, question, comment."""
    return "\t".join((feedback.given, feedback.opinion, feedback.as_of or "", feedback.question, feedback.comment))
