"""Takes out of a page what its reader does not see: tree -> the same tree without hidden elements.

Seen are inline styles, the page's own style sheets as far as their selectors name one element, attributes and the
usual class names. Style sheets in other files and scripts are not run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Never text for a reader: code, controls, media, what is shown only without scripts, notes of pronunciation.
_UNSEEN_TAGS: Final = frozenset(
    {
        "script", "style", "noscript", "template", "iframe", "frame", "frameset", "object", "embed", "applet",
        "svg", "canvas", "math", "audio", "video", "map", "dialog", "input", "select", "option", "optgroup",
        "datalist", "textarea", "button", "label", "meter", "progress", "link", "meta", "base", "head", "title",
        "rp", "rt", "noframes", "noembed", "xml", "amp-ad", "amp-sidebar", "amp-consent", "amp-user-notification",
        "amp-analytics",
    }
)  # fmt: skip
_HIDDEN_CLASSES: Final = frozenset(
    {
        "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screenreader-only",
        "screen-reader-only", "hidden", "is-hidden", "u-hidden", "d-none", "hide", "element-invisible",
        "element-hidden", "invisible", "offscreen", "off-screen", "assistive-text", "a11y-hidden", "print-only",
        "display-none", "hidden-text",
    }
)  # fmt: skip
# "hidden md:block" and "d-none d-lg-block" show on a wide screen.
_SHOWN_AGAIN = re.compile(
    r"(?:^|\s)(?:(?:sm|md|lg|xl|2xl):(?:block|flex|inline|grid|contents|table)\S*|d-(?:sm|md|lg|xl|xxl)-\S+)"
)
_NEVER_HIDDEN: Final = frozenset({"html", "body"})

_ZERO = r"[+-]?(?:0+(?:\.0*)?|\.0+)(?:px|em|rem|%|pt|vh|vw)?"
_HIDING = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|content-visibility:hidden|"
    rf"opacity:(?:{_ZERO}|0?\.0\d*)|font-size:(?:{_ZERO}|0?\.\d+px|1px)|(?:max-)?(?:height|width):(?:{_ZERO}|1px)[^;]*|"
    r"text-indent:-\d{3,}[^;]*|(?:left|top|right|bottom|margin-left|margin-top):-(?:\d{4,}|9\d\d)[^;]*|"
    r"clip:rect\([01](?:px)?[, ][^;]*|clip-path:(?:inset\((?:50|100)%[^;]*|circle\(0[^;]*)|"
    r"transform:scale[xy]?\(0\)|(?:-webkit-text-fill-)?color:(?:transparent|rgba\([^;)]*,0(?:\.0+)?\))|mso-hide:all)"
    r"(?:!important)?(?=;|$)"
)
_SETS_DISPLAY = re.compile(r"(?:^|;)(?:display|visibility|opacity|font-size|position|color|text-indent|clip|height):")
_COLOUR = re.compile(r"(?:^|;)color:([^;]+)")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;]+)")
_WHITE: Final = {"#fff": "white", "#ffffff": "white", "rgb(255,255,255)": "white", "#000": "black", "#000000": "black"}
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_SELECTOR = re.compile(r"(?P<tag>[a-z][a-z0-9-]*|\*)?(?P<rest>(?:[.#][\w-]+)*)")
_MOST_RULES: Final = 20_000


def drop_unseen(tree: HtmlElement) -> None:
    """Remove from the tree every element that a reader does not see, and keep the text behind it."""
    sheet = _Sheet(style.text or "" for style in tree.iter("style"))
    for element in list(tree.iter()):
        if element.tag not in _NEVER_HIDDEN and (not isinstance(element.tag, str) or _unseen(element, sheet)):
            _drop(element)


def _drop(element: HtmlElement) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _unseen(element: HtmlElement, sheet: _Sheet) -> bool:
    if element.tag in _UNSEEN_TAGS:
        return True
    if element.get("hidden") is not None:
        return True
    if (element.get("aria-hidden") or "").strip().lower() == "true" and not _holds_article(element):
        return True
    classes = (element.get("class") or "").lower()
    if not _HIDDEN_CLASSES.isdisjoint(classes.split()) and not _SHOWN_AGAIN.search(classes):
        return True
    return _hides(element.get("style") or "") or sheet.hides(element)


def _holds_article(element: HtmlElement) -> bool:
    """A page saved while a dialog was open hides all the rest from screen readers."""
    return element.tag in ("article", "main") or next(element.iter("h1", "article", "main"), None) is not None


def _hides(declarations: str) -> bool:
    """Whether style declarations make an element invisible."""
    plain = _plain(declarations)
    if not plain:
        return False
    if _HIDING.search(plain):
        return not _is_box_of_zero(plain) or "overflow:hidden" in plain or "position:absolute" in plain
    colour, background = _COLOUR.search(plain), _BACKGROUND.search(plain)
    if colour is None or background is None:
        return False
    one, other = (_WHITE.get(found[1].strip(), found[1].strip()) for found in (colour, background))
    return one == other


def _is_box_of_zero(plain: str) -> bool:
    """Whether all that hides is a box without extent, which shows its text unless that is cut off."""
    without = re.sub(r"(?:^|(?<=;))(?:max-)?(?:height|width):[^;]*", "", plain)
    return not _HIDING.search(without)


def _plain(declarations: str) -> str:
    """Declarations in lower case, without comments, escapes and spaces."""
    text = _COMMENT.sub("", declarations)
    text = re.sub(r"\\([0-9a-fA-F]{1,6})\s?", lambda found: chr(min(int(found[1], 16), 0x10FFFF)), text)
    return re.sub(r"\s+", "", text).lower()


class _Sheet:
    """The rules of a page's own style sheets that hide, by the selectors that name one element."""

    def __init__(self, sheets: Iterator[str] | list[str]) -> None:
        hidden: dict[str, bool] = {}
        for sheet in sheets:
            for selectors, declarations in _rules(sheet):
                plain = _plain(declarations)
                if not _SETS_DISPLAY.search(plain):
                    continue
                for selector in selectors.lower().split(","):
                    hidden[selector.strip()] = _hides(declarations)
        self._by_key: dict[str, list[tuple[str, frozenset[str], str]]] = {}
        for selector in (selector for selector, hides in hidden.items() if hides):
            self._add(selector)

    def _add(self, selector: str) -> None:
        match = _SELECTOR.fullmatch(selector)
        if match is None or not selector:
            return
        names = re.findall(r"[.#][\w-]+", match["rest"])
        classes = frozenset(name[1:] for name in names if name[0] == ".")
        id_ = next((name[1:] for name in names if name[0] == "#"), "")
        tag = match["tag"] or "*"
        if tag == "*" and not names:
            return
        key = names[0] if names else tag
        self._by_key.setdefault(key, []).append((tag, classes, id_))

    def hides(self, element: HtmlElement) -> bool:
        """Whether a rule that hides names this element."""
        classes = frozenset((element.get("class") or "").lower().split())
        id_ = (element.get("id") or "").lower()
        keys = [element.tag, f"#{id_}", *(f".{name}" for name in classes)]
        return any(
            tag in ("*", element.tag) and wanted <= classes and named in ("", id_)
            for key in keys
            for tag, wanted, named in self._by_key.get(key, ())
        )


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """The (selectors, declarations) of a style sheet that hold on every screen: none inside @media or the like."""
    depth, start, selectors = 0, 0, ""
    text = _COMMENT.sub("", sheet)
    for count, brace in enumerate(re.finditer(r"[{}]", text)):
        if count > _MOST_RULES:
            return
        if brace[0] == "{":
            if depth == 0:
                selectors = text[start : brace.start()].rpartition(";")[2].strip()
            depth += 1
        else:
            depth = max(0, depth - 1)
            if depth == 0 and not selectors.startswith("@"):
                yield selectors, text[start : brace.start()]
        start = brace.end()
