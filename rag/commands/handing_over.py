"""h200 serve, feedback and eval: commands whose work is that of the web app or of the evaluation harness."""

from __future__ import annotations

import argparse

from rag.commands.console import DONE, tell
from rag.commands.options import settings_of
from rag.errors import MissingDependency


def serve(options: argparse.Namespace) -> int:
    """Serve the web app until it is stopped."""
    from rag.serve.commands import serve as serve_until_stopped
    from rag.settings import ServeSettings

    serving = ServeSettings.from_environment(host=options.host, port=options.port)
    shown = f"[{serving.host}]" if ":" in serving.host else serving.host
    tell(f"h200 is starting on http://{shown}:{serving.port} (Ctrl-C: stop)", options)
    serve_until_stopped(settings_of(options), serving)
    return DONE


def feedback(options: argparse.Namespace) -> int:
    """List what readers of the web app thought of answers."""
    from rag.serve.commands import opinions

    for line in opinions(settings_of(options), as_json=options.json):
        print(line)
    return DONE


def evaluate(options: argparse.Namespace) -> int:
    """Measure how well questions are answered; all arguments are the harness's own. Raises: MissingDependency."""
    try:
        from evals.cli import main
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("evals"):
            raise
        raise MissingDependency(
            "The evaluation harness is not part of the installed package: run it from a checkout, after 'pip install -e .'."
        ) from error
    return main(options.arguments)
