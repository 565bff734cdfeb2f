"""One frozen Settings; `from_environment` is the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from rag.errors import ConfigError

EMBEDDED_ENCODER = "minilm-fr"
"""Name of the encoder that ships with the package: all-MiniLM-L6-v2 with the French pack."""


SMALLEST_CONTEXT: Final = 2_048
"""Tokens that hold the instructions, a reply and a few sentences of evidence."""


def default_library() -> Path:
    """The user's own data folder for this program."""
    from platformdirs import user_data_path

    return user_data_path("h200", appauthor=False) / "library"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """A language model behind an address that speaks the OpenAI chat protocol. `key` is shown nowhere."""

    url: str
    model: str = "default"
    key: str | None = field(default=None, repr=False)
    context: int = 4_096
    """Tokens the model reads and writes at most; that of Ollama, unless it is told otherwise."""
    seconds: float = 20.0
    """Time after which a reader gets the extractive answer instead."""

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError("H200_LLM_URL is no web address: write it whole, such as http://127.0.0.1:11434/v1.")
        if self.context < SMALLEST_CONTEXT:
            raise ConfigError(f"H200_LLM_CONTEXT is {self.context}: give at least {SMALLEST_CONTEXT} tokens.")
        if not 0 < self.seconds <= 600:
            raise ConfigError(f"H200_LLM_SECONDS is {self.seconds:g}: give a number above 0, up to 600.")

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> ModelSettings | None:
        """Settings from H200_LLM_...; None without an address. One without a path is meant to end in /v1."""
        url = (env.get("H200_LLM_URL") or "").strip().rstrip("/")
        if not url:
            return None
        return cls(
            url=url if _parts(url).path else f"{url}/v1",
            model=env.get("H200_LLM_MODEL") or "default",
            key=env.get("H200_LLM_KEY") or None,
            context=_number(env, "H200_LLM_CONTEXT", 4_096),
            seconds=_number(env, "H200_LLM_SECONDS", 20),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a library can be told. Lengths are in characters or words, as their names say."""

    library: Path = field(default_factory=default_library)
    encoder: str | None = None
    """A sentence-transformers name or folder; None: the library's own, or the embedded one for a new library."""
    question_characters: int = 2_000
    source_bytes: int = 20_000_000
    passage_words: int = 90
    chroma_url: str | None = None
    """Address of a Chroma server that several processes share for vectors; None: embedded, in the library's folder."""
    language_model: ModelSettings | None = None
    """What writes the answers of mode llm; None: they are extractive."""

    def __post_init__(self) -> None:
        for name in ("question_characters", "source_bytes", "passage_words"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} is {getattr(self, name)}: give a number above 0.")

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, *, library: Path | None = None, encoder: str | None = None
    ) -> Settings:
        """Settings from H200_LIBRARY and H200_ENCODER; arguments win over the environment."""
        env = os.environ if environment is None else environment
        named = env.get("H200_LIBRARY")
        return cls(
            library=(library or (Path(named) if named else default_library())).expanduser(),
            encoder=encoder or env.get("H200_ENCODER") or None,
            chroma_url=env.get("H200_CHROMA_URL") or None,
            language_model=ModelSettings.from_environment(env),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeSettings:
    """Everything the web app can be told."""

    host: str = "127.0.0.1"
    port: int = 7860
    names: tuple[str, ...] = ()
    """Host names the app goes by, beside localhost and plain addresses; a request by any other name is refused."""
    login: str | None = None
    """'name:password' that every request must give; None: open to all who reach it."""
    editing: bool = True
    """Whether readers may add and remove articles."""
    mcp: bool = False
    """Whether language models may use the library as tools (Model Context Protocol)."""
    report: Path | None = None
    """A folder that `h200 eval --out` has written; None: the latest that is found."""
    waiting: int = 100
    """Questions that may wait; the next one is told to come back."""
    readers: int = 2
    """Questions answered at once. Each takes a core while it lasts."""
    body_bytes: int = 200_000

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65_535:
            raise ConfigError(f"The port is {self.port}: give a number from 0 to 65535.")
        if self.login is not None and not all(self.login.partition(":")):
            raise ConfigError("H200_WEB_LOGIN is no 'name:password': write both, with a colon between them.")
        for name in ("waiting", "readers", "body_bytes"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} is {getattr(self, name)}: give a number above 0.")

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, *, host: str | None = None, port: int | None = None
    ) -> ServeSettings:
        """Settings from H200_WEB_...; arguments win. Editing is off by default beyond this machine."""
        env = os.environ if environment is None else environment
        address = host or env.get("H200_WEB_HOST") or "127.0.0.1"
        return cls(
            host=address,
            port=port if port is not None else _number(env, "H200_WEB_PORT", 7860),
            names=tuple(name.strip().lower() for name in env.get("H200_WEB_NAMES", "").split(",") if name.strip()),
            login=env.get("H200_WEB_LOGIN") or None,
            editing=_switch(env, "H200_WEB_EDITING", address in ("127.0.0.1", "localhost", "::1")),
            mcp=_switch(env, "H200_WEB_MCP", False),
            report=Path(env["H200_WEB_REPORT"]) if env.get("H200_WEB_REPORT") else None,
            waiting=_number(env, "H200_WEB_WAITING", 100),
            readers=_number(env, "H200_WEB_READERS", 2),
        )


def _parts(url: str) -> SplitResult:
    """The parts of an address; none where it is not even one."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(env.get(name) or default)
    except ValueError as error:
        raise ConfigError(f"{name} is {env[name]!r}: give a whole number.") from error


def _switch(env: Mapping[str, str], name: str, default: bool) -> bool:
    value = env.get(name, "").strip().lower()
    if value in ("", "on", "off", "1", "0", "true", "false", "yes", "no"):
        return value in ("on", "1", "true", "yes") if value else default
    raise ConfigError(f"{name} is {value!r}: write on or off.")
