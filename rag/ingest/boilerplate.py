"""Takes out of a page what its mark-up names as something else than the article: consent, adverts, comments, links.

tree -> the same tree without those elements, and with the one that holds the article named <article>. trafilatura
drops more; this goes first so that none of its strategies, some of which see the whole page again, brings such text back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# A name stands alone or between separators in a class or id: "cookie-banner", "js-related_links".
_ALWAYS = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|rgpd|cmp|didomi|onetrust|axeptio|tarteaucitron|quantcast|qc-cmp2?|"
    r"newsletters?|sign-?up|taboola|outbrain|sponsored|advert(?:isement|ising|orial)?s?|publicite|related|recirculation|"
    r"recommended|recommendations?|recommandations?|most-?(?:read|popular)|(?:les-)?plus-?lus|read-?(?:also|next)|"
    r"lire-?aussi|a-?lire|comments?|commentaires?|disqus|breadcrumbs?|fil-?ariane|skip-?links?)(?:[\s_-]|$)"
)
# These also name parts of an article on some sites: taken for what they say only where little text is in them.
_WHERE_SHORT = re.compile(
    r"(?:^|[\s_-])(?:ads?|pub|promo|teaser|paywall|piano|poool|subscribe|subscription|abonnement|captions?|credits?|"
    r"legende?|tags?|toc|sommaire|toolbar|widget|sidebar|meta|metas|share|sharing|sharebar|sharedaddy|partage|social|links?|"
    r"banner|alert|cta|note|rating|author-?(?:bio|box|card|s)?|bio|byline|post-?nav(?:igation)?|pagination|copyright|"
    r"disclaimer|modal|popup|toast|trending|up-?next|read-?more|don|donation|poll|sondage|event)(?:[\s_-]|$)"
)
_FEATURES: Final = frozenset(
    {"has", "with", "without", "no", "not", "is", "show", "enabled", "disabled", "open", "closed", "allowed", "loaded"}
)
_PROSE_WORDS: Final = 8
_MOST_PROSE: Final = 0.85
_SHORT_SHARE: Final = 0.25
_ROLES: Final = frozenset({"dialog", "alertdialog", "navigation", "contentinfo", "search", "banner", "complementary"})
_NAMED_TAGS: Final = frozenset({"nav", "aside", "footer", "figcaption", "menu", "form", "address"})
_ARTICLE: Final = ("h1", "article", "main", "body")
_NOTE_NUMBER = re.compile(r"\W{0,2}(?:\d{1,3}|[a-z*†])\W{0,2}")


def drop_boilerplate(tree: HtmlElement) -> None:
    """Remove from the tree the elements whose tag, role, class or id says that they are not the article."""
    all_words = max(1, _words(tree))
    for element in list(tree.iter("*")):
        if element.tag == "sup" and _NOTE_NUMBER.fullmatch(element.text_content().strip()):
            element.drop_tree()
        if not _is_named(element) or next(element.iter(*_ARTICLE), None) is not None or not _in(element, tree):
            continue
        if _is_certain(element) or _words(element) < _SHORT_SHARE * all_words:
            element.drop_tree()


def _is_named(element: HtmlElement) -> bool:
    if element.tag in _NAMED_TAGS or (element.get("role") or "").lower() in _ROLES:
        return True
    names = _names(element)
    return bool(_ALWAYS.search(names) or _WHERE_SHORT.search(names))


def _is_certain(element: HtmlElement) -> bool:
    """Whether it goes however much text is in it."""
    return element.tag in ("nav", "figcaption") or bool(_ALWAYS.search(_names(element)))


def _names(element: HtmlElement) -> str:
    """Class names and id, without those that tell of a feature: "has-comments", "cookies-not-set"."""
    named = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-component') or ''}".lower()
    return " ".join(name for name in named.split() if _FEATURES.isdisjoint(re.split(r"[-_]+", name)))


def _in(element: HtmlElement, tree: HtmlElement) -> bool:
    """Whether an element is still in the tree: it may have gone with one around it."""
    return element is tree or element.getroottree().getroot() is tree


def _words(element: HtmlElement) -> int:
    return len(element.text_content().split())


def mark_article(tree: HtmlElement) -> None:
    """Name the innermost element that holds nearly all prose <article>, where the page names none.

    Without that, trafilatura gathers paragraphs from all over the page and leaves their headings behind.
    """
    prose: dict[HtmlElement, int] = {}
    for element in tree.iter("*"):
        words = len((element.text or "").split()) + sum(len((child.tail or "").split()) for child in element)
        if words < _PROSE_WORDS or element.tag == "a":
            continue
        for above in element.iterancestors():
            prose[above] = prose.get(above, 0) + words
    holder = tree
    enough = max(1.0, _MOST_PROSE * prose.get(tree, 0))
    while (inner := next((child for child in holder if prose.get(child, 0) >= enough), None)) is not None:
        holder = inner
    named = [*holder.iterancestors("article"), *holder.iter("article")]
    if holder.tag in ("div", "section", "main") and not named:
        holder.tag = "article"
