"""One frozen Settings; `from_environment` is the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import ConfigError

EMBEDDED_ENCODER = "minilm-fr"
"""Name of the encoder that ships with the package: all-MiniLM-L6-v2 with the French pack."""


def default_library() -> Path:
    """The user's own data folder for this program."""
    from platformdirs import user_data_path

    return user_data_path("h200", appauthor=False) / "library"


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
