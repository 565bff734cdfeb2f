"""How well sentences are told from lies: `python -m evals.claims` holds the checks of LLM mode against labelled pairs.

evals/claims.jsonl: a sentence, the sentences of the bundled corpus it cites, and whether they bear it out. What is
true: paraphrases and translations. What is false: another number, date or actor, a negation more or less, another
claim. The checks were made on the `dev` pairs; the `held` ones tell how they do on others.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from evals.lint import read_articles
from rag import bundled_corpus
from rag.ask.claims import Finding, Source, examine
from rag.index.encoder import Encoder, open_encoder
from rag.model import Article, Lang
from rag.settings import EMBEDDED_ENCODER

PAIRS: Final = Path(__file__).parent / "claims.jsonl"


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and what it cites. `kind`: how it came to be true or false."""

    id: str
    supported: bool
    kind: str
    lang: Lang
    claim: str
    sources: tuple[Source, ...]

    @property
    def held(self) -> bool:
        """Whether it was kept aside while the checks were made."""
        return self.id.startswith("held")


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares in [0, 1] over some pairs: false sentences caught, true ones lost; `of` counts the (false, true) ones."""

    caught: float
    lost: float
    of: tuple[int, int]


def read_pairs(path: Path = PAIRS) -> list[Pair]:
    """The labelled pairs; each sentence they cite must stand in its article. Raises: ValueError."""
    articles = read_articles(bundled_corpus())
    return [_pair(json.loads(line), articles) for line in path.read_text(encoding="utf-8").splitlines()]


def _pair(row: Mapping[str, Any], articles: Mapping[str, Article]) -> Pair:
    article = articles[row["article"]]
    strangers = [text for text in row["evidence"] if text not in article.text]
    if strangers:
        raise ValueError(f"{row['id']} cites what {row['article']} does not say: {strangers[0][:60]!r}.")
    about = f"{article.title} ({article.publisher}, {article.origin})"
    sources = tuple(Source(text, article.lang, article.published, about) for text in row["evidence"])
    return Pair(row["id"], row["supported"], row["kind"], row["lang"], row["claim"], sources)


def examined(pair: Pair) -> Finding:
    """What the checks make of a pair."""
    return examine(pair.claim, pair.lang, pair.sources, similar)


def similar(left: str, right: str, lang: Lang) -> float:
    """Cosine of two texts, by the encoder that ships with the package."""
    vectors = _encoder().encode([left, right], lang, "query")
    return float(vectors[0] @ vectors[1])


@cache
def _encoder() -> Encoder:
    return open_encoder(EMBEDDED_ENCODER, prefer="fast_start")


def rates(judged: Sequence[tuple[Pair, Finding]]) -> Rates:
    """Over pairs and what the checks made of them."""
    false = [finding.support == "unsupported" for pair, finding in judged if not pair.supported]
    true = [finding.support == "unsupported" for pair, finding in judged if pair.supported]
    return Rates(sum(false) / max(1, len(false)), sum(true) / max(1, len(true)), (len(false), len(true)))


def report(pairs: Sequence[Pair], *, misses: bool) -> Iterator[str]:
    """The rates of each part and kind, a line each; with `misses`, the pairs that were decided wrongly."""
    judged = [(pair, examined(pair)) for pair in pairs]
    parts = {
        "all": judged,
        "dev": [one for one in judged if not one[0].held],
        "held": [one for one in judged if one[0].held],
    }
    parts |= {kind: [one for one in judged if one[0].kind == kind] for kind in sorted({pair.kind for pair in pairs})}
    for name, some in parts.items():
        found = rates(some)
        caught = f"{found.caught:6.1%} of {found.of[0]:3} false ones caught" if found.of[0] else " " * 30
        lost = f"{found.lost:6.1%} of {found.of[1]:3} true ones lost" if found.of[1] else ""
        yield f"{name:12} {caught}   {lost}".rstrip()
    for pair, finding in judged if misses else ():
        if (finding.support != "unsupported") != pair.supported:
            yield f"{pair.id} {pair.kind} {finding.support} {finding.fault or ''}: {pair.claim}\n    {pair.sources[0].text}"


if __name__ == "__main__":
    for line in report(read_pairs(), misses="--misses" in sys.argv):
        print(line)
