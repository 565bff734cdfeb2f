"""A question taken apart: opening words, names, the rest; and whether it says enough to be asked alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rag.ask.kinds import form_of
from rag.ask.pronouns import names_the_thing, pointers
from rag.ask.rewriting import Lead, lead
from rag.language.mentions import Mention, is_unknown, mentions
from rag.language.normalize import fold, fold_aligned
from rag.language.terms import terms
from rag.model import Lang, Span


@dataclass(frozen=True, slots=True)
class Part:
    """A name in a fragment, with what leads up to it there."""

    mention: Mention
    lead: Lead


@dataclass(frozen=True, slots=True)
class Fragment:
    """A new question taken apart: opening words ("et", "what about") off, names apart from the other words.

    `rest`: what is left without the names, folded; `bare`: whether it has an opening that only takes a name.
    """

    text: str
    lang: Lang
    opened: bool
    bare: bool
    parts: tuple[Part, ...]
    rest: str

    @property
    def content(self) -> tuple[str, ...]:
        """Index terms of the words that are no names, question words or echoes of what was said."""
        kept = _ECHOES.sub(" ", self.rest)
        return tuple(terms(kept, self.lang))


# --- taking a question apart -------------------------------------------------------------------------------------

_THANKS: Final = re.compile(
    r"^(?:(?:merci(?: beaucoup)?|ok(?:ay)?|d'accord|super|parfait|bonjour|salut|tres bien|interessant|je vois|thanks(?: a lot)?|thank you"
    r"|great|hello|hi|interesting|i see|right|ah|oh|hmm+|non|no|oui|yes|bon|well|sorry|pardon|desolee?|excuse[- ]moi|(?:not|pas) [\w. -]{2,30}(?=,))\b[\s,.!:;-]*)+(?=\w)"
)
_OPENING: Final = re.compile(
    r"^(?:(?:et|and|mais|but|alors|donc|so|puis|sinon|ou (?:bien|alors)|or|also|aussi)\b[\s,]*)+(?!-)"
)
ABOUT: Final = re.compile(
    r"^(?:what about|how about|qu'en est[- ]il(?: (?:de|du|des|pour)\b| d')?|quid(?: (?:de|du|des)\b| d')?|(?:idem|pareil|la meme chose|meme question|meme chose) (?:pour|avec|chez)"
    r"|(?:the )?same (?:question )?(?:for|with|about)|as for|quant (?:a|au|aux)|concernant|regarding|(?:je (?:parle|parlais|voulais dire|veux dire)|i meant?)(?: (?:de|about)\b| d')?"
    r"|plutot|rather|du cote de|cote)\b\s*(?:la |le |les |l')?"
)
_ECHOES: Final = re.compile(
    r"\b(?:vraie?|cas|true|case|exacte?|correct|correcte|confirmee?|confirmed|valables?|valid|d'actualite|toujours|encore|still|change|changed|autres?|others?|else|ones?"
    r"|exactement|exactly|precisement|precisely|sinon|aussi|too|also|instead|maintenant|now|date|moment|quelle?s?"
    r"|puces?|chips?|gpus?|processeurs?|processors?|cartes?)\b"
)


def taken_apart(text: str, lang: Lang) -> Fragment:
    """Read a question as a fragment of the one before it."""
    plain = fold_aligned(text)
    at = _end(_THANKS, plain, 0)
    body = _end(_OPENING, plain, at)
    about = ABOUT.match(plain[body:])
    name_at = body + (about.end() if about else 0)
    rest_of = text[body:].strip()
    named = mentions(text, lang) or _lone_name(text, name_at, lang)
    parts, rest = [], plain
    if CLAUSE.search(plain[body:]):
        named = tuple(mention for mention in named if mention.family != "group")
    for mention in reversed([m for m in named if m.span.start >= body]):
        led_by = lead(text, mention.span.start, lang)
        start = max(led_by.start, name_at if about else body)
        rest = rest[:start] + " " + rest[mention.span.end :]
        parts.append(Part(mention, replace(led_by, preposition="") if about else led_by))
    cut = rest[name_at if about else body :] if len(rest) > body else ""
    return Fragment(
        rest_of, lang, body > at or about is not None, about is not None, tuple(parts[::-1]), cut.strip(" ?!.,;:")
    )


def _end(pattern: re.Pattern[str], plain: str, at: int) -> int:
    match = pattern.match(plain[at:])
    return at + (match.end() if match else 0)


def _lone_name(text: str, at: int, lang: Lang) -> tuple[Mention, ...]:
    """Take a single word that no dictionary has for a name nobody listed: "et meituan ?"."""
    word = re.fullmatch(r"\s*(?:(?:pour|for|chez|a|selon) )?(?P<word>[^\W\d_]{3,})\s*\??\s*", text[at:])
    if word is None or not is_unknown(word["word"], lang):
        return ()
    span = Span(at + word.start("word"), at + word.end("word"))
    return (Mention(span, span.of(text).capitalize(), "company", "buyer"),)


# --- whether it leans --------------------------------------------------------------------------------------------

_OF_THE_READER: Final = re.compile(r"\b(?:je|j'|me|moi|mon|ma|mes|my|i|i'm|tu|toi|your|you)\b")
CLAUSE: Final = re.compile(
    r"\b(?:qui|que|qu'|quoi|quand|comment|pourquoi|combien|quel(?:le)?s?|est-ce|ou|what|which|who|when|where|why|how)\b"
    r"|-(?:t-)?(?:il|elle|ils|elles|on)\b|^(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should)\b"
    r"|\b(?:est|sont|a|ont|etait|sera|peut|doit|is|are|was|has|have|will)\b (?=\w)"
)
STANCE: Final = re.compile(
    r"\b(?:dit|disent|pense\w*|veut|veulent|demande\w*|repond\w*|reagi\w*|reaction|exige\w*|fait|propose\w*|say\w*|said|think\w*|thought|want\w*|react\w*|respond\w*|reply|repl\w+|do|doing|position|avis|view)\b"
)
"""Verbs that need a matter: "Que dit Pékin ?" of what?"""
_REACTION: Final = re.compile(
    r"\b(?:reagi\w*|reactions?|repond\w*|repons\w*|react\w*|respon[ds]\w*|repl(?:y|ied|ies)|comment(?:ed|s)?|stance|position|avis|pense\w*|think\w*|want\w*|propos\w*|say\w*)\b"
)
_COUNTS_NOTHING: Final = re.compile(
    r"\bhow many (?:do|does|did|has|have|had|will|would|can|could|were|are)\b|\bcombien (?!d[e']|coute|paie|vaut|vend)(?=[^\W\d]+ \w+-)"
)
"""How many of what is not said."""
LIKEWISE: Final = re.compile(r"\b(?:aussi|egalement|too|also|as well|non plus|either)\b")
PREPOSITIONAL: Final = re.compile(
    r"^(?:selon|d'apres|par rapport|comparee? a|face a|versus|vs|compared (?:to|with)|unlike|pour|chez|en|au|aux|a|dans|depuis|avant|apres|avec|sans|par|contre|vers|sur|fin|debut|mi|according to|for|in|at|since|before|after|with|without|by|under|from|on|to)\b"
)


_STANDS: Final = re.compile(r"\bou en (?:est|sont|etai\w+)\b")
"""How things stand with something that is named: "Où en sont les livraisons ?" is asked alone."""
_SHORT: Final = 300
"""Characters above which a question says enough by itself."""


def leans_back(text: str, lang: Lang) -> bool:
    """Whether a question cannot be understood without the one before it."""
    if len(text) > _SHORT:
        return False
    asked = taken_apart(text, lang)
    plain = fold(asked.text)
    if pointers(asked.text, lang):
        return True
    if asked.content and _STANDS.search(plain):
        return False
    named = [part for part in asked.parts if part.mention.family not in ("date", "group")]
    counts_nothing = _COUNTS_NOTHING.search(plain) and all(part.mention.family != "product" for part in named)
    if counts_nothing and len(asked.content) <= 1:
        return True
    if is_more(plain) or (not asked.content and not named):
        return True
    if _OF_THE_READER.search(plain):
        return asked.opened and not asked.content
    if asked.bare:
        return len(asked.content) <= 3
    if CLAUSE.search(plain):
        return _is_thin(asked, plain, named)
    if asked.opened:
        return len(asked.content) + len(named) <= 4
    few = (not named and len(asked.content) <= 1) or not asked.content
    return few or (PREPOSITIONAL.match(plain) is not None and len(asked.content) <= 1)


def _is_thin(asked: Fragment, plain: str, named: Sequence[Part]) -> bool:
    """Whether a clause says too little to be asked alone."""
    if re.search(r"\b(?:temps|heure|time is|weather)\b", plain):
        return False
    if not asked.content:
        only_stance = STANCE.search(asked.rest) is not None
        return (
            not named
            or only_stance
            or LIKEWISE.search(plain) is not None
            or (asked.opened and form_of(asked.text) != "definition")
        )
    if named:
        only_stance = _REACTION.search(asked.rest) is not None and len(asked.content) == 1
        return only_stance and len(named) == 1 and not PREPOSITIONAL.search(plain)
    if names_the_thing(plain):
        return len(asked.content) <= 3
    return len(asked.content) == 1 and form_of(asked.text) != "definition"


_MORE: Final = re.compile(
    r"^(?:(?:can you |could you |please |peux-tu |pouvez-vous |tu peux )?(?:give me|donne[rz]?(?:-moi)?|me donner|as-tu|avez-vous|do you have|any) )?(?:(?:some|plus|davantage|more|further|any) )?(?:de |d')?(?:details?|precisions?|infos?|informations?)(?: please)?$|^(?:(?:can|could) you )?(?:tell me more|elaborate|go on|continue|expand)(?: on (?:that|this|it))?(?: please)?$"
    r"|^(?:peux-tu |pouvez-vous |tu peux )?(?:(?:m'en |en )?dire plus|precise[rz]?|developpe[rz]?|continue[rz]?|explique[rz]?|repete[rz]?)(?: (?:ca|cela|davantage|s'il te plait|svp))?$"
    r"|^(?:vraiment|really|sur|sure|serieux|ah bon|c'est-a-dire|i\.?e\.?|en clair|en bref|en resume|and|et|so|alors|comment ca|tu es sur|vous etes sur|are you sure|is that so|encore|again|more|plus)$"
)


def is_more(plain: str) -> bool:
    """Whether folded text asks for nothing but more of the same."""
    return _MORE.match(plain.strip(" ?!.")) is not None
