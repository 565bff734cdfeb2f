"""Takes noise out of the parts of a page or PDF: parts -> the article's own, and what the noise told of it.

The vocabulary is that of raw pages (`page_lines`); here headings and links are known and need not be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Final

from rag.ingest.origins import first_source
from rag.ingest.page_lines import has_cue, is_date_line, noise_kind, published_at
from rag.language.dates import parse_day
from rag.language.detect import detect_language
from rag.language.normalize import fold, strip_accents_aligned
from rag.language.vocabulary import read_rows
from rag.model import Section

# A comment box or a list of related stories ends the article, if this many words of it stand above. In words.
_ABOVE: Final = 30
_PROSE_BELOW_FOOT: Final = 20
"""Words from which a part below a disclaimer or copyright may still be the article's."""
_SHORTEST_PROSE: Final = 8
_LONGEST_LABEL: Final = 12
_LONGEST_NOISE: Final = 45
_LONGEST_LINK: Final = 8
"""Words of a line that is a link with a label, such as "Our standards: our principles."."""
_LONGEST_BANNER: Final = 40
"""Words up to which prose above the headline is a banner."""
_SHORTEST_REPEATED: Final = 4
"""Words from which a part that comes again is a pull quote or a copy for small screens."""
_LONGEST_LINE: Final = 2_000
"""Characters up to which a part is looked at as a line of noise: what is longer is prose."""
_LINKED: Final = 0.6
_ALL_LINKED: Final = 0.95

SENTENCE_ENDS: Final = (".", "!", "?", "…", "»", "”", ":", ";", '"')
_FOOT: Final = frozenset({"copyright", "disclaimer"})
_ENDS: Final = frozenset({"comments", "related_section"})
_OPENS_LINKS: Final = frozenset({"related_section", "promo_heading"})
# "À lire aussi : un titre" is one link; "À lire aussi" alone opens a list of them.
_WITH_LINK = re.compile(r"[:>→]\s*\S")
_CONSENT_TERM = re.compile(
    r"\b(?:cookies?|traceurs?|trackers?|consent\w*|partenaires|partners|donnees personnelles|personal (?:data|information)|"
    r"interet legitime|legitimate interests?|adresses? ip|ip addresse?s?|identifiants?|identifiers|mesure d'audience|"
    r"technologies similaires|similar technologies|publicites? (?:personnalisee?s?|ciblee?s?)|personali[sz]ed ad\w*|"
    r"vie privee|privacy|retirer|withdraw|finalites|purposes)\b"
)
_TO_THE_READER = re.compile(r"\b(?:vous|votre|vos|nous|nos|notre|you|your|we|our)\b")


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, list item, table row or heading on one line. `linked`: share of its letters in links, in [0, 1]."""

    text: str
    section: Section
    linked: float = 0.0
    listed: bool = False
    """Whether it stands in a list, a table or a quotation."""

    @property
    def words(self) -> int:
        """Number of words."""
        return len(self.text.split())


@dataclass(slots=True)
class Cleaned:
    """The parts that are the article's, and what noise told: its day of publication, who reported it first."""

    parts: list[Part] = field(default_factory=list)
    words: int = 0
    """Words of the article, headings not counted."""
    published: date | None = None
    origin: str | None = None


def drop_noise(parts: Sequence[Part], title: str | None, names: Sequence[str | None] = ()) -> Cleaned:
    """The article's own parts, each once, without its title and without headings that have nothing below them.

    `names`: of author and site, which are no text where they stand alone.
    """
    found = Cleaned()
    headline = fold(title or "")
    seen = {fold(name) for name in names if name}
    links_follow = foot = False
    parts = _with_headings(_below_headline(parts, headline))
    for index, part in enumerate(parts):
        kind, folded = _kind(part, above_prose=not found.words), fold(part.text)
        if kind in _ENDS and found.words >= _ABOVE and _prose_below(parts[index + 1 :]) <= found.words // 2:
            break
        if kind:
            _note(found, kind, part)
            links_follow = kind in _OPENS_LINKS and not _WITH_LINK.search(part.text)
            foot = foot or (kind in _FOOT and _prose_below(parts[index + 1 :]) <= found.words // 2)
        elif (foot and part.words < _PROSE_BELOW_FOOT) or (links_follow and _opens_no_prose(parts, index)):
            continue
        elif folded != headline and folded not in seen:
            links_follow = False
            found.parts.append(part)
            found.words += part.words if part.section == "body" else 0
            if part.words >= _SHORTEST_REPEATED:
                seen.add(folded)
    found.parts = _without_bare_headings(found.parts)
    return found


def _opens_no_prose(parts: Sequence[Part], index: int) -> bool:
    """Whether a part is a link, or a heading with no prose of the article below it."""
    part, below = parts[index], parts[index + 1 : index + 2]
    return part.linked >= _LINKED or (part.section == "heading" and not any(map(_is_prose, below)))


def _below_headline(parts: Sequence[Part], headline: str) -> Sequence[Part]:
    """The parts from the headline on, and what stands above it only where it is a paragraph of prose."""
    at = next((index for index, part in enumerate(parts) if fold(part.text) == headline), 0)
    above = [part for part in parts[:at] if part.section == "body" and part.words >= _LONGEST_BANNER]
    return [*above, *parts[at:]]


def _with_headings(parts: Sequence[Part]) -> list[Part]:
    """The parts with each label, a short line of its own without a full stop, as the heading of the prose below it.

    Labels above the first prose, below the last, and of links are the site's: they go.
    """
    prose = [index for index, part in enumerate(parts) if _is_prose(part)]
    kept: list[Part] = []
    for index, part in enumerate(parts):
        if not _is_label(part) or not prose:
            kept.append(part)
        elif prose[0] < index < prose[-1]:
            below = parts[index + 1]
            heads = _is_prose(below) and not parts[index - 1].text.endswith(":")
            if below.linked < _LINKED:
                kept.append(replace(part, section="heading") if heads else part)
    return kept


def _is_prose(part: Part) -> bool:
    return part.section == "body" and part.words >= _SHORTEST_PROSE and part.text.endswith(SENTENCE_ENDS)


def _is_label(part: Part) -> bool:
    is_line = part.section == "body" and not part.listed and part.words <= _LONGEST_LABEL
    return is_line and not part.text.endswith(SENTENCE_ENDS) and not _kind(part)


@lru_cache(maxsize=1024)
def _kind(part: Part, *, above_prose: bool = False) -> str | None:
    """The kind of noise a part is; "date" for a line that only dates the page, "link" for a bare link."""
    if len(part.text) > _LONGEST_LINE:
        return None
    kind = noise_kind(part.text, part.words) or _web_noise_kind(part.text, part.words)
    if kind is None and is_date_line(part.text):
        # As a heading below the first prose, a date alone may be an entry of a chronology.
        return "date" if above_prose or part.section == "body" or has_cue(part.text) else None
    if kind is None and part.section == "body" and _is_link(part):
        return "link"
    return "cookie" if kind is None and _asks_consent(part.text) else kind


def _web_noise_kind(text: str, words: int) -> str | None:
    if words > _LONGEST_NOISE:
        return None
    plain = strip_accents_aligned(text)
    return next((kind for kind, pattern in _web_noise() if pattern.fullmatch(plain)), None)


@lru_cache(maxsize=1)
def _web_noise() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in read_rows("web_noise.tsv"))


def _is_link(part: Part) -> bool:
    """Whether a part is a link to another page and no sentence that holds one."""
    if part.linked >= _LINKED and part.words <= _LONGEST_LINK:
        return True
    return part.linked > _ALL_LINKED and not part.text.endswith(SENTENCE_ENDS)


def _asks_consent(text: str) -> bool:
    """Whether a paragraph speaks to the reader, and of consent to cookies: an article speaks of others."""
    plain = fold(text)
    terms = {match[0] for match in _CONSENT_TERM.finditer(plain)}
    return len(terms) >= 2 and bool(_TO_THE_READER.search(plain)) and "«" not in text and "“" not in text


def _note(found: Cleaned, kind: str, part: Part) -> None:
    """Take from a line of noise what it tells."""
    if kind == "sources" and found.origin is None:
        found.origin = first_source(part.text)
    elif kind == "date" and found.published is None:
        found.published = _line_day(part.text)


def _line_day(text: str) -> date | None:
    for start in (published_at(text), 0):
        try:
            day = parse_day(text[start:], detect_language(text, "fr"))
        except ValueError:
            continue
        if day:
            return day
    return None


def _prose_below(parts: Sequence[Part]) -> int:
    return sum(part.words for part in parts if part.section == "body" and part.linked < _LINKED)


def _without_bare_headings(parts: Sequence[Part]) -> list[Part]:
    """Of headings in a row the last two, and none at the end."""
    kept: list[Part] = []
    for part in reversed(parts):
        below = [other.section for other in kept[-2:]]
        if part.section == "heading" and (not kept or below == ["heading", "heading"]):
            continue
        kept.append(part)
    return kept[::-1]
