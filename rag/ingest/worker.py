"""The process that parses pages: requests on standard input -> one line of JSON each on standard output.

It is started by `parsing` and may be killed at any moment. A request is a line of JSON, then as many bytes as it says.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any, Final

from rag.errors import IngestError
from rag.ingest.parsed import ParsedPage, to_json

_IDLE: Final = 60
"""Seconds without a request after which it ends itself; its starter does not use it again after half of that."""


def main(seconds: int, memory: int) -> None:
    """Serve requests until standard input ends. `seconds` for one request, `memory` in bytes for the process."""
    _limit(memory)
    # Whatever a library prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        data = sys.stdin.buffer.read(request["size"])
        _alarm(2 * seconds)
        answers.write(json.dumps(_answer(request, data)) + "\n")
        answers.flush()
        _alarm(_IDLE)


def _answer(request: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        return {"page": to_json(_parse(request, data))}
    except IngestError as error:
        return {"error": type(error).__name__, "message": str(error)}


def _parse(request: dict[str, Any], data: bytes) -> ParsedPage:
    if request["format"] == "pdf":
        from rag.ingest.pdf import read_pdf

        return read_pdf(data, request["name"])
    from rag.ingest.web_page import read_web_page

    return read_web_page(data, request["name"], request["url"], request["charset"])


def _limit(memory: int) -> None:
    """Bound what this process may take, and forbid it to write files, where the system can."""
    try:
        import resource
    except ImportError:
        return
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _alarm(seconds: int) -> None:
    """End this process after that time, even if the one that started it is gone."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)
