"""Article -> passages: a few neighbouring sentences each, never across a heading or into a teaser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from rag.language.sentences import split_sentences
from rag.model import Article, Block, Lang, Passage, Section, Span


def passages_of(article: Article, words: int) -> tuple[Passage, ...]:
    """Cut an article into passages of about `words` words; headings are left out, each teaser is its own."""
    return tuple(
        _passage(article, ordinal, section, lang, sentences)
        for ordinal, (section, lang, sentences) in enumerate(_runs(article, words))
    )


def _runs(article: Article, words: int) -> Iterator[tuple[Section, Lang, list[Span]]]:
    """Sentences that belong together: paragraphs are joined while they stay short, and cut where they are long."""
    run: list[Span] = []
    previous: Block | None = None
    for block in article.blocks:
        if (
            run
            and previous is not None
            and (block.section != "body" or previous.section != "body" or block.lang != previous.lang)
        ):
            yield previous.section, previous.lang, run
            run = []
        previous = block
        if block.section == "heading":
            continue
        for sentence in _sentences(article.text, block):
            if run and _words(article.text, [*run, sentence]) > words:
                yield block.section, block.lang, run
                run = []
            run.append(sentence)
    if run and previous is not None:
        yield previous.section, previous.lang, run


def _sentences(text: str, block: Block) -> list[Span]:
    start = block.span.start
    return [Span(start + s.start, start + s.end) for s in split_sentences(block.span.of(text), block.lang)]


def _words(text: str, spans: list[Span]) -> int:
    return sum(len(span.of(text).split()) for span in spans)


def _passage(article: Article, ordinal: int, section: Section, lang: Lang, sentences: list[Span]) -> Passage:
    span = Span(sentences[0].start, sentences[-1].end)
    # All that an index knows of a passage is part of its id: a corrected one is another, so nothing old can linger.
    facts = (article.id, article.title, article.published, section, lang, span.start, span.of(article.text))
    name = hashlib.blake2b("\0".join(map(str, facts)).encode(), digest_size=8).hexdigest()
    return Passage(name, article.id, ordinal, span, tuple(sentences), section, lang)
