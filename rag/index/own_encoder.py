"""The encoder a library was embedded with: the catalog remembers its name and fingerprint, and takes no other's vectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from rag.errors import EncoderMismatch
from rag.index.catalog import Catalog
from rag.settings import EMBEDDED_ENCODER

if TYPE_CHECKING:
    from rag.index.encoder import Encoder

ENCODER_NAME: Final = "encoder"
ENCODER_FINGERPRINT: Final = "encoder_fingerprint"
"""State: how the encoder is asked for, and what tells its vectors from those of others."""

Prefer: TypeAlias = Literal["fast_start", "throughput"]


class OwnEncoder:
    """Opens one library's encoder, once for each way to run it."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._opened: dict[Prefer, Encoder] = {}

    @property
    def name(self) -> str:
        """What a user writes to ask for it."""
        return self._catalog.state(ENCODER_NAME) or ""

    @property
    def fingerprint(self) -> str:
        """That of the encoder whose vectors the catalog holds."""
        return self._catalog.state(ENCODER_FINGERPRINT) or ""

    def open(self, prefer: Prefer) -> Encoder:
        """The encoder, ready to use. Raises: EncoderMismatch, if it is no longer what the library was embedded with."""
        if prefer not in self._opened:
            name = self.name or EMBEDDED_ENCODER
            encoder = open_named(name, prefer)
            if encoder.fingerprint != self.fingerprint:
                folder = self._catalog.folder
                raise EncoderMismatch(
                    f"The encoder {name!r} has changed since {folder} was embedded: "
                    f"re-embed with 'h200 rebuild --library {folder} --encoder {name}'."
                )
            self._opened[prefer] = encoder
        return self._opened[prefer]

    def keep(self, encoder: Encoder, prefer: Prefer) -> None:
        """Take an encoder that is open already."""
        self._opened[prefer] = encoder

    def become(self, name: str, encoder: Encoder) -> None:
        """Remember another encoder: from this transaction on, the catalog holds its vectors."""
        for key, value in state_of(name, encoder).items():
            self._catalog.set_state(key, value)
        self._opened.clear()


def open_named(name: str, prefer: Prefer) -> Encoder:
    """The encoder of a name, whatever a library was embedded with. Raises: ConfigError."""
    from rag.index.encoder import open_encoder

    return open_encoder(name, prefer=prefer)


def state_of(name: str, encoder: Encoder) -> dict[str, str]:
    """What a catalog must remember of its encoder."""
    return {ENCODER_NAME: name, ENCODER_FINGERPRINT: encoder.fingerprint}


def full_name(encoder: str | None) -> str | None:
    """An encoder's name, a folder's in full: it must be found again from any other folder."""
    return str(Path(encoder).resolve()) if encoder and Path(encoder).is_dir() else encoder
