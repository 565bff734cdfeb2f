"""Opens libraries with a language model behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from server import KEY, Server

from rag.library import Library
from rag.settings import ModelSettings, Settings

Opening = Callable[..., AbstractContextManager[Library]]


def opening(folder: Path) -> Opening:
    @contextmanager
    def opened(server: Server | str, seconds: float = 10.0, context: int = 4_096) -> Iterator[Library]:
        url = server if isinstance(server, str) else server.url
        model = ModelSettings(url=url, model="small", key=KEY, seconds=seconds, context=context)
        with Library.open(Settings(library=folder, language_model=model)) as library:
            yield library

    return opened
