"""Texts of two languages -> input ids of the embedded model.

An English text is cut by the base model's own tokenizer. A French text is cut into words: a form of the French pack
takes that form's id (base vocabulary size + row); anything else (names, figures, marks) the base model's word pieces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rag.index.encoder.french import fold, french_words
from rag.index.encoder.weights import TOKEN_LIMIT
from rag.model import Lang

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LANGUAGE_PROMPTS: dict[Lang, str] = {"fr": "\x02fr\x03", "en": ""}
"""What tells the language of a text where nothing but text can pass, as in sentence-transformers.

The mark is made of control characters, which no article or question keeps.
"""


class BilingualTokenizer:
    """The base model's tokenizer, with the words of the French pack."""

    def __init__(self, model_folder: Path, forms: Mapping[str, int]) -> None:
        """Read the tokenizer of a model folder.

        Args:
            model_folder: Holds tokenizer.json.
            forms: Folded French form -> row of the pack.
        """
        from tokenizers import Tokenizer

        self._base: Tokenizer = Tokenizer.from_file(str(model_folder / "tokenizer.json"))
        self._base.no_padding()
        self._base.enable_truncation(TOKEN_LIMIT)
        self._forms = forms
        self.base_size = self._base.get_vocab_size()
        self._start, self._end = self._base.encode("").ids  # [CLS] and [SEP]

    def ids(self, texts: Sequence[str], langs: Sequence[Lang]) -> list[list[int]]:
        """Input ids of each text, from [CLS] to [SEP], at most TOKEN_LIMIT."""
        english = self._base.encode_batch([text for text, lang in zip(texts, langs, strict=True) if lang == "en"])
        english_ids = iter([encoding.ids for encoding in english])
        return [
            next(english_ids) if lang == "en" else self._french_ids(text)
            for text, lang in zip(texts, langs, strict=True)
        ]

    def _french_ids(self, text: str) -> list[int]:
        ids = [id_ for word in french_words(text) for id_ in self._word_ids(word)]
        return [self._start, *ids[: TOKEN_LIMIT - 2], self._end]

    def _word_ids(self, word: str) -> list[int]:
        row = self._forms.get(fold(word))
        if row is not None:
            return [self.base_size + row]
        if "-" in word:  # a compound that the pack does not know is tried part by part; a lone hyphen has none
            return [id_ for part in word.split("-") for id_ in self._word_ids(part)]
        return self._base.encode(word, add_special_tokens=False).ids


def padded(ids: Sequence[Sequence[int]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Lay texts of unlike length side by side.

    Returns:
        The ids and the mask, both (n, length of the longest); mask 1 where there is a token, 0 where there is none.
    """
    lengths = np.array([len(text) for text in ids])
    mask = np.arange(lengths.max())[np.newaxis] < lengths[:, np.newaxis]
    matrix = np.zeros(mask.shape, dtype=np.int64)
    matrix[mask] = np.concatenate([np.asarray(text, dtype=np.int64) for text in ids])
    return matrix, mask.astype(np.int64)
