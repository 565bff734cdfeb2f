"""Encoders: texts -> vectors that can be compared. Opening one is the only way in.

    protocol         what every encoder offers
    french, tokens   text -> input ids of the embedded model, in French and English
    weights          the embedded model's files: found, verified, memory-mapped
    direct           the embedded model on ONNX Runtime, for a quick start
    bilingual        the embedded model as one ordinary SentenceTransformer
    torch_encoders   encoders on torch: the embedded one in bulk, and any other by name

Importing this package loads neither torch, transformers, sentence-transformers nor ONNX Runtime; `open_encoder` does.
"""

from __future__ import annotations

from typing import Literal

from rag.index.encoder.direct import DirectEncoder
from rag.index.encoder.protocol import Encoder, FloatMatrix, Role
from rag.index.encoder.torch_encoders import BilingualEncoder, SentenceTransformerEncoder
from rag.settings import EMBEDDED_ENCODER

__all__ = [
    "BilingualEncoder",
    "DirectEncoder",
    "Encoder",
    "FloatMatrix",
    "Role",
    "SentenceTransformerEncoder",
    "open_encoder",
]


def open_encoder(name: str | None = None, *, prefer: Literal["fast_start", "throughput"] = "fast_start") -> Encoder:
    """Open the encoder of a name.

    Args:
        name: None or EMBEDDED_ENCODER: the embedded model; else a sentence-transformers name or folder.
        prefer: How to run the embedded model: "fast_start" is ready in three tenths of a second, "throughput" in
            several and then encodes faster. Their vectors are interchangeable, and share a fingerprint.

    Raises:
        ConfigError: the encoder cannot be loaded, or its weights are not what they should be.
    """
    if name is not None and name != EMBEDDED_ENCODER:
        return SentenceTransformerEncoder(name)
    return DirectEncoder() if prefer == "fast_start" else BilingualEncoder()
