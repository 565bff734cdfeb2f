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
        )
