"""Article -> its panel and page; articles -> the table of the library. Escaped HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from rag.model import Article, Block, Lang, Passage, Span, Verdict
from rag.render.html import article_href, facts_of, reader_link
from rag.render.markup import Markup, join, tag
from rag.render.terminal import article_day
from rag.render.words import OUTCOMES, pick, say

SHOWN: Final = 200
"""Rows of the table at once; a search finds the rest."""


def panel(
    article: Article, lang: Lang, *, marked: Span | None = None, copies: Sequence[Article] = (),
    passages: Sequence[Passage] = (), editable: bool = False,
) -> Markup:  # fmt: skip
    """An article with the sentence that was cited, its passages, and who else carried it."""
    heads = {passage.span.start: passage.ordinal + 1 for passage in passages}
    body = [b for b in article.blocks if b.section != "teaser"]
    teasers = [b for b in article.blocks if b.section == "teaser"]
    return tag(
        "article",
        tag("h2", article.title, lang=article.lang, tabindex="-1"),
        tag("p", " · ".join(facts_of(article, lang)), class_="facts"),
        tag("p", say("digest_note", lang), class_="digest") if article.kind == "digest" else None,
        reader_link(article.url, say("publisher_page", lang, outlet=article.publisher)),
        tag("div", *(_block(b, article, marked, heads, lang) for b in body), class_="text"),
        tag("section", tag("h3", say("teasers", lang)), *(_block(b, article, marked, heads, lang) for b in teasers), class_="teasers")
        if teasers else None,
        _carried(article, copies, lang),
        tag("button", say("remove", lang), type="button", class_="remove", data_remove=article.id, data_sure=say("remove_sure", lang))
        if editable else None,
        class_="article", data_id=article.id,
    )  # fmt: skip


def page(article: Article, inside: Markup, lang: Lang, version: str) -> str:
    """The panel as a page of its own, for a link that is opened elsewhere."""
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"), tag("title", f"{article.title} · h200"),
        tag("link", rel="stylesheet", href=f"/web/{version}/app.css"), Markup(f'<script src="/web/{version}/boot.js"></script>'),
    )  # fmt: skip
    home = "/en/" if lang == "en" else "/"
    top = tag("p", tag("a", "h200", href=home, class_="wordmark"))
    return f"<!doctype html>\n{tag('html', head, tag('body', tag('main', top, inside, class_='leaf'), class_='paper'), lang=lang)}\n"


def missing(lang: Lang) -> Markup:
    """In place of an article that is not there."""
    return tag("article", tag("h2", say("not_found", lang), tabindex="-1"), class_="article")


def table(articles: Sequence[Article], total: int, lang: Lang) -> Markup:
    """The library as a table; a title opens its article."""
    if not articles:
        return tag("p", say("no_match", lang), class_="empty", role="status")
    copies = Counter(article.copy_of for article in articles)
    heads = ("date", "article_title", "outlet", "origin", "language", "copies")
    rows = [_row(article, copies[article.id], lang) for article in articles[:SHOWN]]
    return join(
        tag("p", say("shown_of", lang, n=len(articles), total=total), class_="count", role="status"),
        tag("div", tag("table", tag("thead", tag("tr", *(tag("th", say(name, lang), scope="col") for name in heads))),
                       tag("tbody", *rows)), class_="scroll", tabindex="0", role="region", aria_label=say("library", lang)),
    )  # fmt: skip


def verdicts(done: Sequence[Verdict], lang: Lang, going: str | None = None) -> Markup:
    """What became of each source so far; `going` says what is being read."""
    lines = [
        tag("li", tag("span", pick(OUTCOMES[v.outcome], lang), class_=f"outcome {v.outcome}"), " ",
            tag("span", v.title or _short(v.source), class_="source"), tag("p", v.reason) if v.reason else None)
        for v in done
    ]  # fmt: skip
    wait = tag("p", tag("span", class_="pulse", aria_hidden="true"), going, class_="waiting") if going else None
    return tag(
        "div", tag("ul", *lines, class_="verdicts"), wait, role="status", data_state="going" if going else "done"
    )


def _block(block: Block, article: Article, marked: Span | None, heads: dict[int, int], lang: Lang) -> Markup:
    inside = _marked(block.span, article.text, marked)
    first = next((n for start, n in heads.items() if block.span.start <= start < block.span.end), None)
    number = tag("span", str(first), class_="passage", title=say("passage_n", lang, n=first)) if first else None
    return tag("h3" if block.section == "heading" else "p", number, *inside, lang=block.lang)


def _marked(span: Span, text: str, marked: Span | None) -> list[str]:
    """The text of a stretch, cut where the marked sentence begins and ends."""
    if marked is None or marked.end <= span.start or span.end <= marked.start:
        return [span.of(text)]
    start, end = max(span.start, marked.start), min(span.end, marked.end)
    cuts = [span.start, start, end, span.end]
    parts: list[str] = [text[a:b] for a, b in pairwise(cuts)]
    parts[1] = tag("mark", parts[1], id="passage" if start == marked.start else None)
    return parts


def _carried(article: Article, copies: Sequence[Article], lang: Lang) -> Markup | None:
    if not copies:
        return None
    lines = [
        tag("li", tag("a", other.publisher, href=article_href(other, lang), class_="open", data_article=other.id), f", {article_day(other, lang)}")
        for other in copies
    ]  # fmt: skip
    return tag("section", tag("h3", say("carried_by", lang)), tag("ul", *lines), class_="copies")


def _row(article: Article, copies: int, lang: Lang) -> Markup:
    title = tag(
        "a", article.title, href=article_href(article, lang), class_="open", lang=article.lang, data_article=article.id
    )
    day = article.published.isoformat() if article.published else article_day(article, lang)
    cells = (
        article.publisher,
        article.origin if article.origin not in (None, article.publisher) else "",
        article.lang,
        str(copies or ""),
    )
    return tag("tr", tag("td", day, class_="day"), tag("td", title), *(tag("td", cell) for cell in cells))


def _short(source: str) -> str:
    return source.rsplit("/", 1)[-1] if source.startswith("/") else source
