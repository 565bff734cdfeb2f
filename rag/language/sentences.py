"""Cuts French and English text into sentences: text -> spans that are ordered, disjoint and lose no word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from rag.language.vocabulary import read_rows
from rag.model import Lang, Span

# A quotation or parenthesis up to this long stays whole, so that what is quoted from it has both its marks.
_GROUP_CHARACTERS = 320
# An abbreviation and the word before it lie within this many characters: keeps long lines linear.
_LOOK_BACK = 80

_PARAGRAPH = re.compile(r"\S(?:[^\n]*\S)?")
_MARK = re.compile(r"[.!?…]+(?:\s?[.!?…]+)*")
# What closes with the sentence: quotation marks, brackets, a note number. A guillemet may stand apart.
_CLOSERS = re.compile(r"(?:\s?»|[”\"’'\)\]]|\[\d{1,3}\])+(?!\w)")
# More than a list number such as "2." or a row of dots.
_SAYS_SOMETHING = re.compile(r"[^\W\d_]|\d{3}")
_NEXT_WORD = re.compile(r"[\s«“\"‘'(\[–—•*-]*([^\s«»“”\"]+)")
_STARTER_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_LAST_WORD = re.compile(r"[^\s«»“”\"()\[\]’']+$")
_DOTTED = re.compile(r"(?:[^\W\d_]\.-?)+[^\W\d_]|[^\W\d_]+\.-[^\W\d_]", re.UNICODE)
_SPEECH_AFTER_QUESTION = re.compile(
    r"\s*(?:[A-Z][\w.’'-]*\s+){1,4}(?:said|says|asked|asks|told|added|wrote|replied|warned|wondered)\b"
)
_PAIRS = {"«": "»", "“": "”", "(": ")", "[": "]"}

_FOR_EXAMPLE = re.compile(r"\b(?:p\.|par)$", re.IGNORECASE)
_NAME_PARTICLES = frozenset({"le", "la", "de", "du", "des"})
_EXCLAIMING_NAMES = frozenset({"yahoo!", "canal!", "yum!", "jeopardy!"})


def _words(kind: str) -> frozenset[str]:
    return frozenset(word for row, words in read_rows("sentence_words.tsv") if row == kind for word in words.split())


_BEFORE_NAME = _words("before_name")
_BEFORE_NUMBER = _words("before_number")
_BEFORE_WORD = _words("before_word")
_COMPANY_ENDINGS = _words("company")
_PERHAPS_LAST = _COMPANY_ENDINGS | _words("perhaps_last")
_STARTERS = _words("starter")


def split_sentences(text: str, lang: Lang) -> list[Span]:
    """The sentences of `text`, in order; a line break ends one unless the next line begins in lower case.

    Every character that is not white space lies in exactly one span.
    """
    spans: list[Span] = []
    for line in _lines(text):
        start = line.start
        for cut in _cuts(text[line.start : line.end], lang):
            spans.append(_trimmed(text, start, line.start + cut))
            start = line.start + cut
        spans.append(_trimmed(text, start, line.end))
    return [span for span in spans if len(span)]


def _lines(text: str) -> Iterator[Span]:
    """Runs of text with no line break that ends a sentence."""
    current: Span | None = None
    for match in _PARAGRAPH.finditer(text):
        if current and _continues(text, current.end, match.start()):
            current = Span(current.start, match.end())
            continue
        if current:
            yield current
        current = Span(match.start(), match.end())
    if current:
        yield current


def _continues(text: str, end: int, start: int) -> bool:
    """Whether a line that starts at `start` goes on with the sentence that stopped at `end`."""
    return text.count("\n", end, start) == 1 and text[start].islower() and text[end - 1] not in ".!?…:"


def _trimmed(text: str, start: int, end: int) -> Span:
    """The span without white space at its edges."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _cuts(line: str, lang: Lang) -> Iterator[int]:
    """Offsets in `line` at which a sentence has just ended, before the last one."""
    groups = _groups(line)
    firsts = [first for first, _ in groups]
    start = 0
    for mark in _MARK.finditer(line):
        closers = _CLOSERS.match(line, mark.end())
        end = closers.end() if closers else mark.end()
        around = bisect_left(firsts, end) - 1
        inside = around >= 0 and end < groups[around][1]
        if end >= len(line) or inside or not _SAYS_SOMETHING.search(line, max(start, end - _LOOK_BACK), end):
            continue
        if _ends_sentence(line, mark, end, lang):
            start = end
            yield end


def _groups(line: str) -> list[tuple[int, int]]:
    """Quotations and parentheses that are closed and short enough to stay whole.

    Their (first, last + 1) offsets, in order, the outermost alone where they are nested.
    """
    groups: list[tuple[int, int]] = []
    opened: dict[str, int] = {}
    for offset, character in enumerate(line):
        if character == '"':
            _pair_straight_quote(line, offset, opened, groups)
        elif character in _PAIRS:
            opened[_PAIRS[character]] = offset
        elif character in opened:
            groups.append((opened.pop(character), offset + 1))
    whole: list[tuple[int, int]] = []
    for first, last in sorted(groups):
        if last - first <= _GROUP_CHARACTERS and (not whole or last > whole[-1][1]):
            whole.append((first, last))
    return whole


def _pair_straight_quote(line: str, offset: int, opened: dict[str, int], groups: list[tuple[int, int]]) -> None:
    """A straight quotation mark opens after a space and closes after anything else."""
    opens = offset == 0 or line[offset - 1].isspace() or line[offset - 1] in "([«“"
    if opens:
        opened['"'] = offset
    elif '"' in opened:
        groups.append((opened.pop('"'), offset + 1))


def _ends_sentence(line: str, mark: re.Match[str], end: int, lang: Lang) -> bool:
    """Whether the marks matched by `mark`, with closers up to `end`, end a sentence of `line`."""
    following = _NEXT_WORD.match(line, end)
    if following is None:
        return False
    if not line[end].isspace():
        return _glued(line, mark, end)
    word = following[1]
    if not _can_start(word):
        return False
    if mark[0][-1] in "!?" and end > mark.end() and lang == "en" and _SPEECH_AFTER_QUESTION.match(line, end):
        return False
    if mark[0] == "!":
        return line[max(0, end - 10) : end].split()[-1].lower() not in _EXCLAIMING_NAMES
    if mark[0] == "." and end == mark.end():
        return not _abbreviates(line[max(0, mark.start() - _LOOK_BACK) : mark.start()], word)
    return True


def _glued(line: str, mark: re.Match[str], end: int) -> bool:
    """A full stop with no space after it ends a sentence only between a word and a word that starts sentences."""
    before, after = line[max(0, mark.start() - 3) : mark.start()], line[end : end + _LOOK_BACK]
    match = _STARTER_WORD.match(after)
    if mark[0] != "." or match is None or not after[0].isupper() or len(match[0]) < 2:
        return False
    return bool(re.search(r"[^\W\d_]{3}$|\d$|[)»”%]$", before)) and match[0].lower() in _STARTERS


def _can_start(word: str) -> bool:
    """A capital, a number, or a brand such as iPhone or xAI can begin a sentence."""
    first = word[0]
    return first.isupper() or first.isdigit() or first in "$€£¥#@©" or (first.islower() and _has_inner_capital(word))


def _has_inner_capital(word: str) -> bool:
    return len(word) > 1 and word[1].isupper()


def _abbreviates(before: str, following: str) -> bool:
    """Whether the full stop after `before` belongs to an abbreviation and the sentence goes on with `following`."""
    match = _LAST_WORD.search(before)
    if match is None:
        return False
    word, previous = match[0], before[: match.start()].rstrip()
    lower = word.lower()
    number_follows = following[0].isdigit()
    after_number = bool(previous) and previous[-1].isdigit()
    if lower in _BEFORE_NAME and not after_number and (word[0].isupper() or lower in ("cf", "vs")):
        return True
    if number_follows:
        return lower in _BEFORE_NUMBER or (lower in _PERHAPS_LAST and lower not in _COMPANY_ENDINGS)
    if lower in _BEFORE_WORD and not after_number:
        return lower != "ex" or bool(_FOR_EXAMPLE.search(previous))
    if len(word) == 1 and word.isupper():
        return _is_initial(previous, following)
    if len(word) > 2 and word.isupper() and lower not in _COMPANY_ENDINGS:
        return bool(_DOTTED.fullmatch(word)) and not _starts(following)
    return (lower in _PERHAPS_LAST or bool(_DOTTED.fullmatch(word))) and lower != "etc" and not _starts(following)


def _is_initial(previous: str, following: str) -> bool:
    """A single capital is someone's initial where a name follows it, which "The" is not and "Le" may be."""
    last = previous.split()[-1] if previous.split() else ""
    may_be_name = following.lower() in _NAME_PARTICLES and last[:1].isupper()
    return not last or may_be_name or not _starts(following)


def _starts(word: str) -> bool:
    """Whether `word` is one of the small words that sentences begin with."""
    match = _STARTER_WORD.match(word)
    return match is not None and word[0].isupper() and match[0].lower().split("-")[0] in _STARTERS
