"""Has HTML and PDF parsed in a process of its own: bytes -> ParsedPage, however hostile the bytes are.

The process starts with the first page, serves the next ones, and is killed when a page takes too long; a page that
ends it, by too much memory or a fault in a parser, is refused and the next one gets a new process.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock, Timer
from typing import IO, Any, Final, Literal

from rag import errors
from rag.errors import IngestError, UnreadableSource
from rag.ingest.parsed import ParsedPage, from_json

SECONDS: Final = 20
"""For one page."""
MEMORY: Final = 1_500_000_000
"""Bytes of address space; 20 MB of HTML take about 1 GB."""
_IDLE: Final = 30.0
"""Seconds after which a process that waits is ended rather than used again."""
_LONGEST_ANSWER: Final = 50_000_000
_ROOT: Final = Path(__file__).parent.parent.parent
_START: Final = (
    "import sys; sys.path.append(sys.argv[1]); from rag.ingest.worker import main; main(*map(int, sys.argv[2:]))"
)


class Parser:
    """One parsing process at a time, started when it is needed. Close it to end the process now."""

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._used = 0.0
        self._lock = Lock()
        atexit.register(self.close)

    def parse(
        self, kind: Literal["html", "pdf"], data: bytes, name: str, url: str | None = None, charset: str | None = None
    ) -> ParsedPage:
        """The article in the bytes. `name` is what messages call them.

        Raises:
            IngestError: what reading the page raised; UnreadableSource, if it took too much time or memory.
        """
        request = {"format": kind, "name": name, "url": url, "charset": charset, "size": len(data)}
        with self._lock:
            answer = self._ask(json.dumps(request).encode() + b"\n" + data, name)
        try:
            if "page" in answer:
                return from_json(answer["page"])
            error = getattr(errors, answer["error"])
            message = str(answer["message"])
        except (KeyError, TypeError, ValueError, AttributeError) as broken:
            raise UnreadableSource(f"{name} could not be parsed: save its text as .txt.") from broken
        raise error(message) if issubclass(error, IngestError) else UnreadableSource(message)

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    # What was still to be written has no reader any more.
                    with suppress(OSError):
                        pipe.close()

    def _ask(self, request: bytes, name: str) -> dict[str, Any]:
        process = self._ready()
        late = Timer(self._seconds, process.kill)
        late.start()
        answer = None
        try:
            line = _exchange(process.stdin, process.stdout, request)
            answer = json.loads(line) if line.endswith(b"\n") else None
        except (OSError, ValueError):
            pass
        finally:
            # Also when the user stops it all: an answer that was not waited for must not be taken for the next.
            in_time = late.is_alive()
            late.cancel()
            if answer is None or not in_time:
                self.close()
        if isinstance(answer, dict) and in_time:
            self._used = time.monotonic()
            return answer
        why = "takes too much memory or breaks the parser" if in_time else f"takes more than {self._seconds:g} seconds"
        raise UnreadableSource(f"{name} {why}: save its text as .txt.")

    def _ready(self) -> subprocess.Popen[bytes]:
        """The process, alive and not about to end."""
        if self._process is not None and (self._process.poll() is not None or time.monotonic() - self._used > _IDLE):
            self.close()
        if self._process is None:
            limits = [str(max(1, round(self._seconds))), str(self._memory)]
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, str(_ROOT), *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process


def _exchange(requests: IO[bytes] | None, answers: IO[bytes] | None, request: bytes) -> bytes:
    """Send one request and read one line. Raises: OSError, if the other end is gone."""
    if requests is None or answers is None:
        raise BrokenPipeError
    requests.write(request)
    requests.flush()
    return answers.readline(_LONGEST_ANSWER)
