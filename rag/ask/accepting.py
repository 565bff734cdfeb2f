"""A sentence as a model wrote it -> the same as a reader may see it, with the evidence that carries it, or a refusal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rag.ask.choosing import Picked
from rag.ask.claims import Similar, Source, examine
from rag.ask.replies import Written
from rag.language.detect import detect_language
from rag.language.normalize import fold, normalize
from rag.language.terms import terms
from rag.model import Lang, Role, Support

Refusal = Literal["unknown_id", "link", "language", "unsupported", "quotation", "babble"]

TOGETHER: Final = 3
"""Pieces of evidence that one sentence may join."""
SHORTEST, LONGEST = 3, 70
"""Words in a sentence; below or beyond, it is none."""
OFTEN: Final = 3
"""Times a sentence may say one word more often than its evidence does."""
_MARKS: Final = re.compile(r"\s*(?:\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]|【[^】]*】)")
_FORBIDDEN: Final = re.compile(r"//|\bwww\.|!?\[|\]\(|<|>|\b(?:javascript|data|mailto|file):|[\w.]@\w", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b", re.IGNORECASE)
_QUOTED: Final = re.compile(r"«\s*([^«»]+?)\s*»|“([^“”]+)”|\"([^\"]+)\"")


@dataclass(frozen=True, slots=True)
class Kept:
    """A sentence that its evidence bears out. Never without a carrier."""

    text: str
    support: Support
    carriers: tuple[Picked, ...]

    @property
    def role(self) -> Role:
        """What its evidence was found to be."""
        return self.carriers[0].role

    def repeats(self, other: Kept) -> bool:
        """Whether it says again what another one said, on the same evidence."""
        if self.text == other.text:
            return True
        lang = self.carriers[0].scored.evidence.passage.lang
        these, those = set(terms(self.text, lang)), set(terms(other.text, lang))
        return self.carriers == other.carriers and len(these & those) >= 0.8 * min(len(these), len(those))


def quoted(picked: Picked) -> Kept:
    """A piece of evidence in its own words."""
    return Kept(picked.scored.evidence.text, "quote", (picked,))


def accept(written: Written, evidence: Sequence[Picked], lang: Lang, similar: Similar) -> Kept | Refusal:
    """Hold a sentence against the evidence it names; it must speak the reader's language or quote its source."""
    text = shown(written.text)
    named = [evidence[n - 1] for n in written.ids if 0 < n <= len(evidence)]
    if not named:
        return "unknown_id"
    if _FORBIDDEN.search(text):
        return "link"
    for carriers in _carriers(named):
        kept = _held(text, carriers, lang, similar)
        if kept:
            return kept
    return "language" if detect_language(text, lang) != lang else "unsupported"


def shown(text: str) -> str:
    """One line without emphasis, list marks or the model's own source numbers: these are set by code."""
    line = _MARKS.sub("", normalize(text).replace("\n", " "))
    return re.sub(r"^[-•#\s]+|[*`_]{1,3}(?=\S)|(?<=\S)[*`]{1,3}", "", line).strip()


def _carriers(named: Sequence[Picked]) -> Iterator[tuple[Picked, ...]]:
    """Each piece of evidence alone, then all: a sentence cites what it needs, however much it was given."""
    yield from ((one,) for one in named)
    if len(named) > 1:
        yield tuple(named[:TOGETHER])


def _held(text: str, carriers: tuple[Picked, ...], lang: Lang, similar: Similar) -> Kept | None:
    sources = [_source(one) for one in carriers]
    found = examine(text, lang, sources, similar)
    if found.support == "quote":
        same = next(
            one
            for one, source in zip(carriers, sources, strict=True)
            if examine(text, lang, [source]).support == "quote"
        )
        return quoted(same)
    if found.support == "unsupported" or detect_language(text, lang) != lang or _babbles(text, lang, sources):
        return None
    told = [_plain(f"{source.text} {source.about}") for source in sources]
    claimed = [*_ADDRESS.findall(text), *(part for match in _QUOTED.findall(text) for part in match if " " in part)]
    return Kept(text, "supported", carriers) if all(any(_plain(one) in t for t in told) for one in claimed) else None


def _source(picked: Picked) -> Source:
    found = picked.scored.evidence
    article = found.article
    about = f"{article.title} ({article.publisher}, {article.origin or article.publisher})"
    return Source(found.text, found.passage.lang, found.date, about)


def _babbles(text: str, lang: Lang, sources: Sequence[Source]) -> bool:
    """Whether a sentence is none: a mere name, endless, or the same word over and over."""
    said = Counter(terms(text, lang))
    told = Counter(term for source in sources for term in terms(source.text, source.lang))
    return not SHORTEST <= len(text.split()) <= LONGEST or any(
        count > OFTEN + told[term] for term, count in said.items()
    )


def _plain(text: str) -> str:
    return fold(normalize(text))
