"""The embedded model as one ordinary SentenceTransformer, whose first module also cuts French.

Which language a text is in travels as a sentence-transformers prompt: `model.encode(texts, prompt_name="fr")`. The
module recognises the prompt, takes it off again, and cuts the text by the French pack. Importing this file loads
torch: only the constructor of `BilingualEncoder` does so.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modality_types import PairInput, SingleInput
from sentence_transformers.base.modules import Transformer
from sentence_transformers.base.modules.transformer import ProcessingKwargs
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

from rag.index.encoder.tokens import LANGUAGE_PROMPTS, BilingualTokenizer, padded
from rag.index.encoder.weights import TOKEN_LIMIT, FrenchPack, read_pack
from rag.model import Lang


class BilingualTransformer(Transformer):
    """all-MiniLM-L6-v2 with the rows of the French pack under its own; its body and English rows are untouched."""

    def __init__(self, model_name_or_path: str, **options: Any) -> None:  # noqa: ANN401 - all of Transformer's
        """Load a folder of the base model, or one that this class has saved.

        Args:
            model_name_or_path: The folder.
            options: As for `Transformer`.
        """
        super().__init__(model_name_or_path, **options)
        pack = read_pack()
        self._tokens = BilingualTokenizer(Path(model_name_or_path), pack.forms)
        if self.model.config.vocab_size == self._tokens.base_size:
            self._add_rows(pack)

    def _add_rows(self, pack: FrenchPack) -> None:
        base = cast(torch.nn.Embedding, self.model.get_input_embeddings()).weight.detach()
        rows = torch.cat([base, torch.from_numpy(pack.input_rows(slice(None))).to(base)])
        self.model.set_input_embeddings(torch.nn.Embedding.from_pretrained(rows))  # type: ignore[no-untyped-call]
        self.model.config.vocab_size = len(rows)

    def preprocess(
        self,
        inputs: Sequence[SingleInput | PairInput],
        prompt: str | None = None,
        processing_kwargs: ProcessingKwargs | None = None,
        **kwargs: Any,  # noqa: ANN401 - the signature of Transformer
    ) -> dict[str, Any]:
        """Cut texts into ids: as French those that begin with the French prompt, as English all others.

        Args:
            inputs: Texts.
            prompt: Put before each of them.
            processing_kwargs: Not used, as is the rest: there is one way to cut a text.
            kwargs: Not used.
        """
        mark = LANGUAGE_PROMPTS["fr"]
        texts = [f"{prompt or ''}{text}" for text in inputs]
        langs: list[Lang] = ["fr" if text.startswith(mark) else "en" for text in texts]
        ids, mask = padded(self._tokens.ids([text.removeprefix(mark) for text in texts], langs))
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask), "modality": "text"}


def build_bilingual_model(folder: Path) -> SentenceTransformer:
    """Assemble the embedded model from a folder of all-MiniLM-L6-v2; nothing is downloaded."""
    transformer = BilingualTransformer(str(folder), max_seq_length=TOKEN_LIMIT)
    pooling = Pooling(transformer.get_embedding_dimension(), pooling_mode="mean")
    prompts = {str(lang): prompt for lang, prompt in LANGUAGE_PROMPTS.items()}
    return SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=prompts)
