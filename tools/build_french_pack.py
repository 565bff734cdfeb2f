r"""Train the French pack: input rows that let all-MiniLM-L6-v2 read French. Pairs of sentences + lexicon -> pack.

    python tools/build_french_pack.py --out FOLDER [--minutes 75] [--lexicon FOLDER] PAIRS.tsv...

Each line of a pair file is a French sentence, a tab, its English translation. The pack in this package was trained on
7,500 pairs written for this project and on the French-English set of ManyThings (sentences of Tatoeba, CC BY 2.0 FR),
https://www.manythings.org/anki/fra-eng.zip, whose columns stand the other way round:

    awk -F'\t' '{print $2 "\t" $1}' fra.txt > tatoeba.tsv

1. Forms: the most frequent French words whose lemma the lexicon knows, the very frequent whatever they are, and what
   the pairs show twice.
2. First rows: the mean of the base model's input rows over a word's translations, else over its own word pieces.
3. Training: those rows alone move. The vector of the French side is drawn to the frozen model's vector of the English
   side, and away from those of the other pairs of its batch.

Needs the extra `tools`. Two cores take about an hour and a quarter; the schedule follows the clock, so no two runs
give the same bytes. Sources: Reimers & Gurevych 2020 (distillation to other languages); Artetxe et al. 2020 (new
input rows under a frozen body).
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from rag.index.encoder.french import fold, french_words
from rag.index.encoder.tokens import BilingualTokenizer, padded
from rag.index.encoder.weights import PACK_FORMS, PACK_ROWS, base_model_folder, verify_weights

LEXICON = Path(__file__).parent / "lexicon"

FREQUENT, VERY_FREQUENT, LONGEST_FORM = 100_000, 6_000, 30
FIRST_SHARE = 0.7  # of a word's first translation in its first row; the second has the rest
STRINGS, STRING_PAIRS = 9_000, (3, 7)  # pairs put together: they teach what a paragraph is
SHORT_WORDS, SHORT_KEPT = 4, 1 / 3  # very short pairs are too many and too easy
TRAINING_TOKENS, BATCH, POOL = 128, 128, 6_400
LEARNING_RATE, WARM_UP_STEPS = 2e-3, 100
COSINE_WEIGHT, CONTRAST_WEIGHT, CONTRAST_SCALE = 4.0, 0.5, 20.0

_FORM = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

Pair = tuple[str, str]
Lexicon = dict[str, list[str]]


def read_pairs(path: Path) -> list[Pair]:
    """The (French, English) pairs of a file; two thirds of the very short ones are left out."""
    lines = (line.split("\t")[:2] for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line)
    pairs = [(french, english) for french, english in lines]
    return [pair for pair in pairs if len(pair[0].split()) >= SHORT_WORDS or random.random() < SHORT_KEPT]


def read_lexicon(folder: Path) -> Lexicon:
    """French entry -> its translations, from the files fr_en_*.tsv of a folder."""
    lexicon: Lexicon = {}
    for path in sorted(folder.glob("fr_en_*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            french, _, english = line.partition("\t")
            if english:
                lexicon.setdefault(french, english.split("|"))
    return lexicon


def string_together(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield strings of several pairs each."""
    for _ in range(min(STRINGS, len(pairs))):
        chosen = random.sample(pairs, min(len(pairs), random.randint(*STRING_PAIRS)))
        yield " ".join(french for french, _ in chosen), " ".join(english for _, english in chosen)


def choose_forms(pairs: Iterable[Pair], lexicon: Lexicon) -> dict[str, str]:
    """Choose the forms of the pack, the most frequent first: folded form -> the word as it is written."""
    from wordfreq import top_n_list

    counts = Counter(fold(word) for french, _ in pairs for word in french_words(french))
    entries = [entry for entry in lexicon if " " not in entry and "'" not in entry]
    forms: dict[str, str] = {"aujourdhui": "aujourdhui"}  # so does the cutting spell it
    for rank, word in enumerate([*top_n_list("fr", FREQUENT), *entries]):
        wanted = rank < VERY_FREQUENT or counts[fold(word)] > 1 or word in lexicon or lemma(word) in lexicon
        if wanted and len(word) <= LONGEST_FORM and _FORM.fullmatch(word):
            forms.setdefault(fold(word), word)
    return forms


def lemma(word: str) -> str:
    """The dictionary form of a French word."""
    import simplemma

    return str(simplemma.lemmatize(word, lang="fr")).lower()


class Pupil(torch.nn.Module):
    """The frozen base model, with French rows that can be trained."""

    def __init__(self, forms: dict[str, str], lexicon: Lexicon) -> None:
        super().__init__()
        from transformers import AutoModel

        folder = verify_weights(base_model_folder()).parent
        self.tokenizer = BilingualTokenizer(folder, {form: row for row, form in enumerate(forms)})
        self.body: Any = AutoModel.from_pretrained(folder).eval().requires_grad_(False)
        self.base: Tensor = self.body.get_input_embeddings().weight
        first = [self._first_row(word, lexicon) for word in forms.values()]
        self.rows = torch.nn.Parameter(torch.stack(first))

    def _first_row(self, word: str, lexicon: Lexicon) -> Tensor:
        translations = lexicon.get(word) or lexicon.get(lemma(word)) or [word]
        means = [self._mean_row(translation) for translation in translations[:2]]
        return means[0] if len(means) == 1 else FIRST_SHARE * means[0] + (1 - FIRST_SHARE) * means[1]

    def _mean_row(self, text: str) -> Tensor:
        (ids,) = self.tokenizer.ids([text], ["en"])
        return self.base[ids[1:-1] or ids].mean(0)  # without [CLS] and [SEP], unless there is nothing else

    def forward(self, batch: Sequence[Sequence[int]]) -> Tensor:
        """The vectors of texts given as input ids, (n, d), unit rows."""
        ids, mask = (torch.from_numpy(array) for array in padded(batch))
        french = ids >= len(self.base)
        inputs = torch.where(
            french.unsqueeze(-1),
            functional.embedding(torch.where(french, ids - len(self.base), 0), self.rows),
            functional.embedding(torch.where(french, 0, ids), self.base),
        )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.body(inputs_embeds=inputs, attention_mask=mask).last_hidden_state.float()
        return functional.normalize((states * mask.unsqueeze(-1)).sum(1), dim=-1)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is taught: French texts as ids, each with the number of its English text, and the English vectors."""

    french: list[tuple[list[int], int]]
    english: Tensor


def prepare(pupil: Pupil, pairs: Sequence[Pair]) -> Lesson:
    """Encode the English sides once and for all, and cut the French ones."""
    english = sorted({text for _, text in pairs}, key=len)
    number = {text: index for index, text in enumerate(english)}
    with torch.no_grad():
        ids = [cut[:TRAINING_TOKENS] for cut in pupil.tokenizer.ids(english, ["en"] * len(english))]
        vectors = torch.cat([pupil(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH)])
    cuts = pupil.tokenizer.ids([text for text, _ in pairs], ["fr"] * len(pairs))
    french = [(cut[:TRAINING_TOKENS], number[text]) for cut, (_, text) in zip(cuts, pairs, strict=True)]
    return Lesson(french, vectors)


def train(pupil: Pupil, lesson: Lesson, minutes: float) -> None:
    """Move the French rows for so many minutes, the learning rate falling to nothing."""
    adam = torch.optim.Adam([pupil.rows], lr=LEARNING_RATE, betas=(0.9, 0.98))
    start, told = time.monotonic(), 0.0
    for step, batch in enumerate(shuffled_batches(lesson.french)):
        done = (time.monotonic() - start) / 60 / minutes
        if done >= 1:
            return
        for group in adam.param_groups:
            group["lr"] = LEARNING_RATE * min(1.0, step / WARM_UP_STEPS + 0.05) * (1 - done)
        numbers = torch.tensor([number for _, number in batch])
        loss = loss_of(pupil([ids for ids, _ in batch]), lesson.english[numbers], numbers)
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        adam.step()
        if done >= told:
            print(f"{done:4.0%}  step {step}  loss {loss.item():.3f}", file=sys.stderr)
            told += 0.05


def shuffled_batches(french: list[tuple[list[int], int]]) -> Iterator[list[tuple[list[int], int]]]:
    """Yield batches of texts of like length, without end."""
    while True:
        pool = sorted(random.sample(french, min(POOL, len(french))), key=lambda text: len(text[0]))
        batches = [pool[start : start + BATCH] for start in range(0, len(pool), BATCH)]
        random.shuffle(batches)
        yield from batches


def loss_of(vectors: Tensor, targets: Tensor, numbers: Tensor) -> Tensor:
    """How far the vectors are from their targets, and how near to those of other texts."""
    scores = CONTRAST_SCALE * vectors @ targets.T
    same_text = (numbers[:, None] == numbers[None]) & ~torch.eye(len(numbers), dtype=torch.bool)
    contrast = functional.cross_entropy(scores.masked_fill(same_text, -1e4), torch.arange(len(numbers)))
    return COSINE_WEIGHT * (1 - (vectors * targets).sum(1)).mean() + CONTRAST_WEIGHT * contrast


def write_pack(folder: Path, forms: Iterable[str], rows: Tensor) -> None:
    """Write the forms and their rows; a row is kept in a byte for each number, with one scale."""
    from safetensors.torch import save_file

    scale = (rows.abs().amax(1) / 127).clamp(min=torch.finfo(torch.float32).tiny)
    whole = (rows / scale.unsqueeze(1)).round().to(torch.int8)
    folder.mkdir(parents=True, exist_ok=True)
    save_file({"rows": whole, "scale": scale}, folder / PACK_ROWS)
    (folder / PACK_FORMS).write_text("\n".join(forms), encoding="utf-8")


def main() -> None:
    """Build a pack."""
    parser = argparse.ArgumentParser(description="Train the French pack of the embedded encoder.")
    parser.add_argument("pairs", type=Path, nargs="+", help="French, a tab, English on each line")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the pack to")
    parser.add_argument("--minutes", type=float, default=75.0, help="of training (default: %(default)s)")
    parser.add_argument("--lexicon", type=Path, default=LEXICON, help="folder of fr_en_*.tsv (default: the project's)")
    arguments = parser.parse_args()
    try:
        import simplemma  # noqa: F401
        import wordfreq  # noqa: F401
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed: run `pip install -e '.[tools]'` first.")
    random.seed(0)
    torch.manual_seed(0)
    lexicon = read_lexicon(arguments.lexicon)
    pairs = [pair for path in arguments.pairs for pair in read_pairs(path)]
    forms = choose_forms(pairs, lexicon)
    print(f"{len(pairs)} pairs, {len(lexicon)} entries, {len(forms)} forms", file=sys.stderr)
    pupil = Pupil(forms, lexicon)
    entries = [(french, english[0]) for french, english in lexicon.items()]
    train(pupil, prepare(pupil, [*pairs, *string_together(pairs), *entries]), arguments.minutes)
    write_pack(arguments.out, forms, pupil.rows.detach())
    print(f"{arguments.out}: {PACK_ROWS} and {PACK_FORMS}, {len(forms)} forms")


if __name__ == "__main__":
    main()
