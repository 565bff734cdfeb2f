"""The embedded encoder on ONNX Runtime: ready in three tenths of a second, for a question or a handful of texts.

Neither torch nor transformers is loaded. The graph of the model's body is a small file of this package
(`tools/build_encoder_graph.py` writes it); its weights are handed over at start, memory-mapped from the official
model file. So there is no exported copy of the model that could grow stale or be damaged.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rag.index.encoder.protocol import FloatMatrix, Role, language_of_each, unit_rows
from rag.index.encoder.tokens import BilingualTokenizer, padded
from rag.index.encoder.weights import (
    DATA,
    TOKEN_LIMIT,
    TensorFile,
    base_model_folder,
    embedded_fingerprint,
    read_pack,
    verify_weights,
)
from rag.model import Lang
from rag.settings import EMBEDDED_ENCODER

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

GRAPH = DATA / "minilm_body.onnx"

BATCH = 8
"""Texts at a time: as quick as 16 on sentences, and quicker on paragraphs (bench/encoder.py)."""

_THREADS_AT_MOST = 8  # a text of 30 tokens keeps no more of them busy


class DirectEncoder:
    """all-MiniLM-L6-v2 with the French pack, run by ONNX Runtime. Safe to share between threads."""

    name = EMBEDDED_ENCODER

    def __init__(self, model_folder: Path | None = None) -> None:
        """Open the encoder.

        Args:
            model_folder: The official all-MiniLM-L6-v2; by default that of the installed package.

        Raises:
            ConfigError: the weights are missing or not the official ones.
        """
        folder = model_folder or base_model_folder()
        with ThreadPoolExecutor(max_workers=1) as beside:
            # Hashing needs no interpreter: it is over by the time the imports are.
            verified = beside.submit(verify_weights, folder)
            import onnxruntime  # noqa: F401
            import tokenizers  # noqa: F401

            weights = TensorFile(verified.result())
            fingerprint = beside.submit(embedded_fingerprint, len(weights["embeddings.LayerNorm.bias"]))
            self._session, self._held = _open_session(weights)
            self._pack = read_pack()
            self._tokenizer = BilingualTokenizer(folder, self._pack.forms)
            self.fingerprint = fingerprint.result()
        self._base_rows: FloatMatrix = weights["embeddings.word_embeddings.weight"]
        token_type = weights["embeddings.token_type_embeddings.weight"][0]
        self._positions: FloatMatrix = weights["embeddings.position_embeddings.weight"][:TOKEN_LIMIT] + token_type
        self.dimensions = int(self._base_rows.shape[1])

    def encode(self, texts: Sequence[str], lang: Lang | Sequence[Lang], role: Role) -> FloatMatrix:
        """Encode texts; see `Encoder.encode`. The role makes no difference to this model."""
        ids = self._tokenizer.ids(texts, language_of_each(texts, lang))
        by_length = sorted(range(len(ids)), key=lambda index: len(ids[index]))
        vectors = np.empty((len(ids), self.dimensions), dtype=np.float32)
        for start in range(0, len(ids), BATCH):
            batch = by_length[start : start + BATCH]
            vectors[batch] = self._vectors([ids[index] for index in batch])
        return vectors

    def _vectors(self, ids: Sequence[Sequence[int]]) -> FloatMatrix:
        """The mean of the body's output over the tokens of each text, (n, d) float32, unit rows."""
        matrix, mask = padded(ids)
        inputs = self._input_rows(matrix) + self._positions[: matrix.shape[1]]
        (states,) = self._session.run(None, {"inputs": inputs, "mask": mask.astype(np.int32)})
        # The direction of the sum is that of the mean.
        return unit_rows(np.einsum("nth,nt->nh", states, mask.astype(np.float32)))

    def _input_rows(self, ids: npt.NDArray[np.int64]) -> FloatMatrix:
        """Look up (n, t) ids, in the base table or in the French pack, (n, t, d) float32."""
        base_size = len(self._base_rows)
        french = ids >= base_size
        rows: FloatMatrix = self._base_rows[np.where(french, 0, ids)]
        rows[french] = self._pack.input_rows(ids[french] - base_size)
        return rows


def _open_session(weights: TensorFile) -> tuple[InferenceSession, list[object]]:
    """Join the graph and its weights.

    Returns:
        The session, and the arrays whose memory it reads: they must live as long as it does.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(_THREADS_AT_MOST, len(_usable_processors()))
    # The graph is written with the fused operators already: there is nothing to optimise at each start.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3  # errors only: what a container hides of its processors is no concern of ours
    arrays = body_weights(weights)
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in arrays.values()]
    options.add_external_initializers(list(arrays), values)
    session = onnxruntime.InferenceSession(GRAPH.read_bytes(), options, providers=["CPUExecutionProvider"])
    return session, [arrays, values]


def body_weights(weights: TensorFile) -> dict[str, npt.NDArray[np.float32]]:
    """Every tensor that the graph of the body asks for, by the graph's name for it.

    They keep their names in the model file, except that attention takes the three biases of a layer as one.
    """
    names = [name for name in weights if name.startswith(("encoder.", "embeddings.LayerNorm."))]
    attention_biases = [name for name in names if ".attention.self." in name and name.endswith(".bias")]
    arrays = {name: weights[name] for name in names if name not in attention_biases}
    for stem in sorted({name.rsplit(".", 2)[0] for name in attention_biases}):
        parts = [weights[f"{stem}.{part}.bias"] for part in ("query", "key", "value")]
        arrays[f"{stem}.bias"] = np.concatenate(parts)
    return arrays


def _usable_processors() -> Sequence[int]:
    if hasattr(os, "sched_getaffinity"):  # Linux: a container may be allowed only some
        return sorted(os.sched_getaffinity(0))
    return range(os.cpu_count() or 1)
