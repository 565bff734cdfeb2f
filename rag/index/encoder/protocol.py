"""What every encoder offers: texts in, unit vectors out, with a fingerprint that says which encoder made them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from rag.model import Lang

FloatMatrix: TypeAlias = npt.NDArray[np.float32]
Role: TypeAlias = Literal["query", "passage"]


class Encoder(Protocol):
    """Turns texts into vectors that can be compared by dot product."""

    @property
    def name(self) -> str:
        """What a user writes to ask for this encoder."""
        ...

    @property
    def fingerprint(self) -> str:
        """16 hex digits over everything that shapes a vector: weights, dimensions, normalisation, prompts.

        Vectors with unlike fingerprints must never be compared.
        """
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str], lang: Lang | Sequence[Lang], role: Role) -> FloatMatrix:
        """Encode texts, in their order.

        Args:
            texts: What to encode; too long a text is cut at the encoder's own limit.
            lang: The language of all texts, or of each.
            role: Whether the texts are asked or searched; some encoders prompt the two differently.

        Returns:
            (n, d) float32, unit rows; (0, d) for no texts.

        Raises:
            ValueError: `lang` is a sequence of another length than `texts`.
        """
        ...


def language_of_each(texts: Sequence[str], lang: Lang | Sequence[Lang]) -> list[Lang]:
    """One language for each text.

    Raises:
        ValueError: `lang` is a sequence of another length than `texts`.
    """
    if lang == "fr" or lang == "en":
        return [lang] * len(texts)
    if len(lang) != len(texts):
        raise ValueError(f"{len(texts)} texts came with {len(lang)} languages: give one for all, or one for each.")
    return list(lang)


def unit_rows(vectors: FloatMatrix) -> FloatMatrix:
    """Scale each row of (n, d) to length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)
