"""Encoders that run on torch by way of sentence-transformers: the embedded one in bulk, and any other by name.

Importing this file loads nothing heavy; opening an encoder does, for several seconds.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import ConfigError
from rag.index.encoder.protocol import FloatMatrix, Role, language_of_each, unit_rows
from rag.index.encoder.tokens import LANGUAGE_PROMPTS
from rag.index.encoder.weights import base_model_folder, embedded_fingerprint, fingerprint_of, verify_weights
from rag.model import Lang
from rag.settings import EMBEDDED_ENCODER

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

E5_PROMPTS: dict[Role, str] = {"query": "query: ", "passage": "passage: "}
"""What the E5 models were trained with, though their files do not say so. Source: Wang et al. 2022."""

_E5_NAME = re.compile(r"(?:^|[-_])e5(?:[-_]|$)", re.IGNORECASE)

_PROMPT_NAMES: dict[Role, tuple[str, ...]] = {"query": ("query",), "passage": ("passage", "document", "corpus")}

_HUB_NAME = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)?")

_BFLOAT16_FLAGS = ("avx512_bf16", "amx_bf16")  # measured on these alone


class BilingualEncoder:
    """all-MiniLM-L6-v2 with the French pack as a SentenceTransformer: slow to open, quick in bulk.

    Attributes:
        model: The SentenceTransformer; its prompts "fr" and "en" say what language a text is in.
        bfloat16: Whether products run in bfloat16. Nearly all vectors keep a cosine above .9999 to those in
            float32, the odd one in a thousand a little less (bench/encoder.py).
    """

    name = EMBEDDED_ENCODER

    def __init__(self, model_folder: Path | None = None, *, bfloat16: bool | None = None) -> None:
        """Open the encoder.

        Args:
            model_folder: The official all-MiniLM-L6-v2; by default that of the installed package.
            bfloat16: None: where the processor has instructions for it.

        Raises:
            ConfigError: the weights are missing or not the official ones.
        """
        folder = model_folder or base_model_folder()
        verify_weights(folder)
        from rag.index.encoder.bilingual import build_bilingual_model

        with _quiet_loading():
            self.model = build_bilingual_model(folder)
        self.bfloat16 = _gains_from_bfloat16(self.model) if bfloat16 is None else bfloat16
        self.dimensions = _dimensions(self.model)
        self.fingerprint = embedded_fingerprint(self.dimensions)

    def encode(self, texts: Sequence[str], lang: Lang | Sequence[Lang], role: Role) -> FloatMatrix:
        """Encode texts; see `Encoder.encode`. The role makes no difference to this model."""
        import torch

        langs = language_of_each(texts, lang)
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        # The mark goes before each text rather than into `prompt`, so that both languages share their batches.
        marked = [LANGUAGE_PROMPTS[language] + text for text, language in zip(texts, langs, strict=True)]
        with torch.autocast(self.model.device.type, dtype=torch.bfloat16, enabled=self.bfloat16):
            vectors = self.model.encode(marked, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by name or folder, with the prompts that it or its family calls for.

    Attributes:
        model: The SentenceTransformer.
        prompts: What is put before a query and before a passage.
    """

    def __init__(self, name: str) -> None:
        """Load a model; a name that is no folder is looked for in the Hugging Face cache, then on the network.

        Raises:
            ConfigError: there is no such model, or it cannot be loaded here.
        """
        self.name = name
        self.model = _load(name)
        self.prompts: dict[Role, str] = {role: _prompt(self.model, name, role) for role in ("query", "passage")}
        self.dimensions = _dimensions(self.model)
        self.fingerprint = fingerprint_of(
            Path(name).name,  # the last part alone: a copy of a published model in a folder is that model
            _weights_digest(self.model),
            *(f"{role} {prompt!r}" for role, prompt in self.prompts.items()),
            f"limit {self.model.max_seq_length}",
            f"d {self.dimensions}",
        )

    def encode(self, texts: Sequence[str], lang: Lang | Sequence[Lang], role: Role) -> FloatMatrix:
        """Encode texts; see `Encoder.encode`. The languages make no difference: the model tells them itself."""
        language_of_each(texts, lang)
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        encode = self.model.encode_query if role == "query" else self.model.encode_document
        vectors = encode(list(texts), prompt=self.prompts[role], show_progress_bar=False)
        return unit_rows(np.asarray(vectors, dtype=np.float32))


def _load(name: str) -> SentenceTransformer:
    """Load by name or folder, translating what goes wrong on the way."""
    remedy = (
        "name a sentence-transformers folder, or a model that is on this machine or can be downloaded, "
        f"or choose {EMBEDDED_ENCODER!r}, which needs neither."
    )
    if not Path(name).is_dir() and not _HUB_NAME.fullmatch(name):
        raise ConfigError(f"The encoder {name!r} is neither a folder nor the name of a model: {remedy}")
    import httpx
    from safetensors import SafetensorError

    try:
        with _quiet_loading():
            return _load_here_or_download(name)
    except (OSError, ValueError, RuntimeError, ImportError, LookupError, httpx.HTTPError, SafetensorError) as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
        raise ConfigError(f"The encoder {name!r} cannot be loaded ({reason}): {remedy}") from error


def _load_here_or_download(name: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    if not Path(name).is_dir():
        # A model that was downloaded once opens without the network, and without waiting for one that is gone.
        with suppress(OSError):
            return SentenceTransformer(name, trust_remote_code=False, local_files_only=True)
    return SentenceTransformer(name, trust_remote_code=False)


def _prompt(model: SentenceTransformer, name: str, role: Role) -> str:
    """The prompt of a role: the model's own if it has any at all, else that of its family."""
    if any(model.prompts.values()):
        return next((prompt for key in _PROMPT_NAMES[role] if (prompt := model.prompts.get(key))), "")
    # The instructed E5 models want a task description, which their own files give where it matters.
    own_name = Path(name).name
    return E5_PROMPTS[role] if _E5_NAME.search(own_name) and "instruct" not in own_name.lower() else ""


def _dimensions(model: SentenceTransformer) -> int:
    dimensions = model.get_embedding_dimension()
    if dimensions is None:
        raise ConfigError("The encoder does not say how long its vectors are: choose another.")
    return dimensions


def _weights_digest(model: SentenceTransformer) -> str:
    """SHA-256 over every weight, by name."""
    import torch

    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _gains_from_bfloat16(model: SentenceTransformer) -> bool:
    """Whether the model runs on a processor to which bfloat16 is native; emulated, it is slower than float32."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    return model.device.type == "cpu" and any(capabilities.get(flag, False) for flag in _BFLOAT16_FLAGS)


@contextmanager
def _quiet_loading() -> Iterator[None]:
    """Keep transformers from drawing a progress bar of its own."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
