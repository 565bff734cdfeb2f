"""A question that leans on earlier ones -> the same question complete in itself.

"Et Tencent ?" after "ByteDance a-t-elle commandé des H200 ?" asks "Tencent a-t-elle commandé des H200 ?". Each rule knows
one way to lean; the first that can complete the question does. Where none can, the earlier question is asked again with
it. A question that needs no completion is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from rag.ask.fragments import ABOUT, CLAUSE, LIKEWISE, PREPOSITIONAL, STANCE, Fragment, is_more, taken_apart
from rag.ask.kinds import kind_of
from rag.ask.pronouns import antecedent, pointers, replaced
from rag.ask.rewriting import (
    ask_also,
    ask_instead,
    asked_what,
    declared,
    extended,
    lead,
    led,
    lower_first,
    matter,
    without_dates,
)
from rag.ask.swapping import Turn, swapped
from rag.language.mentions import Mention, mentions
from rag.language.normalize import fold, fold_aligned
from rag.language.terms import terms
from rag.model import Lang

REMEMBERED: Final = 4
"""Earlier questions a name or pronoun is looked for in, the latest first."""

Rule = Callable[[Fragment, Sequence[Turn]], "Turn | None"]

# --- the ways to lean --------------------------------------------------------------------------------------------


def complete(text: str, turns: Sequence[Turn], lang: Lang) -> Turn:
    """A question that leans on earlier ones, complete. `turns`: the earlier ones, oldest first, not empty."""
    asked = taken_apart(text, lang)
    recent = tuple(turns[-REMEMBERED:])
    for rule in _RULES:
        if completed := rule(asked, recent):
            return completed
    return _after(asked, recent)


def _again(asked: Fragment, turns: Sequence[Turn]) -> Turn | None:
    """Ask the same: "Plus de détails ?"."""
    return turns[-1] if is_more(fold(asked.text)) else None


_STILL: Final = re.compile(
    r"^(?:est-ce|est-ce que c'est|c'est|is|was) ?(?:toujours |encore |bien |vraiment |it |this |that |still |really |actually )*(?:le cas|vraie?|exacte?|valable|d'actualite|en vigueur|confirmee?"
    r"|the case|true|correct|confirmed|valid|in force|so)(?: (?:aujourd'hui|maintenant|now|today|encore|actuellement))?$"
    r"|^(?:est-ce que )?(?:cela|ca|c'|that|this|it|has (?:it|that|this)|have things|does (?:it|that|this)|did (?:it|that|this)) ?(?:a-t-il |a |still )?(?:change|changed|tient|hold|holds|toujours|apply)\w*(?: (?:depuis|since|encore|toujours|today|now))?$"
    r"|^(?:still|toujours|encore|maintenant|aujourd'hui|now|today|currently|actuellement|a l'heure actuelle|at present|these days|et maintenant|and now)$"
)


def _still(asked: Fragment, turns: Sequence[Turn]) -> Turn | None:
    """Ask of now what was asked before: "Est-ce toujours vrai ?"."""
    plain, base = fold(asked.text).strip(" ?!."), turns[-1]
    if not _STILL.match(plain):
        return None
    undated = without_dates(base.text, base.lang)
    only_now = re.fullmatch(
        r"(?:et |and )?(?:maintenant|aujourd'hui|now|today|currently|actuellement|a l'heure actuelle|at present|these days)",
        plain,
    )
    if only_now and base.lang == asked.lang:
        return Turn(extended(undated, ", " + asked.text.strip(" ?!."), base.lang), base.lang, base.kind)
    statement = declared(undated, base.lang) if asked.lang == "fr" else None
    if statement:
        still = "toujours " if re.search(r"\b(?:toujours|encore|change)", plain) else ""
        return Turn(f"Est-il {still}vrai que {statement} ?".replace("que A", "qu'A"), "fr", "yes_no")
    return Turn(f"{undated} {asked.text[:1].upper()}{asked.text[1:]}", base.lang, "yes_no")


_WHO_ELSE: Final = re.compile(
    r"^(?:which|what|who|quel(?:le)?s|qui|quoi|lesquel(?:le)?s|d')? ?(?:d'|are the |sont les )?(?:autres?|others?|other ones|else)(?: ones)?$|^(?:any|some) (?:others?|more)$|^(?:y en a-t-il|il y en a|are there) (?:d'autres|others|any others?|more)$"
)


def _others(asked: Fragment, turns: Sequence[Turn]) -> Turn | None:
    """Ask for the rest of a list: "Which others?"."""
    base = turns[-1]
    if not _WHO_ELSE.match(fold(asked.text).strip(" ?!.")):
        return None
    for pattern, other in _OTHER_OF:
        if re.search(pattern, base.text, re.IGNORECASE):
            return replace(base, text=re.sub(pattern, other, base.text, count=1, flags=re.IGNORECASE))
    return _after(asked, turns)


_OTHER_OF: Final = (
    (r"^((?:[^,?]{3,30}, )?(?:à |de |pour )?quel(?:le)?s) (?!sont|autres)", r"\1 autres "),
    (r"^(qui) (?!d'autre)", r"\1 d'autre "),
    (r"^((?:which|what)) (?!other|is|are|was|were|do|did|does|has|had)", r"\1 other "),
    (r"^(who) (?!else)", r"\1 else "),
)

_ADVERB: Final = re.compile(
    r"^(?:(?:depuis|jusqu'a|a partir de|pour) quand|quand|a quelle date|quel jour|pourquoi|comment|ou|d'ou|pour quelles? raisons?|a quel prix|a quelles conditions|(?:a|dans|en|sous|chez|par|avec|de) quel(?:le)?s? \w+"
    r"|(?:since|until|from) when|when|where|why|how|how come|for what reason|(?:at|on|in|under|for|from|with|by|to) (?:what|which) \w+)$"
)
_QUESTION_WORD: Final = re.compile(
    r"^(?:(?:a|de|par|pour|avec|chez|contre|selon|d'apres|by|to|for|with|from|against|according to|of) )?"
    r"(?:qui|quoi|combien|lequel|laquelle|lesquels|lesquelles|quel(?:le)?s? (?:date|prix|montant|pays|ville|entreprises?|journal|source|source|raison)|whom?|what|which(?: ones?)?|how (?:many|much|long|often)|combien de temps|whose|what date|what price"
    r"|ensuite|apres|avant|plus tard|depuis|before|after(?:wards)?|then|next|later|since(?: then)?)$"
)
_SOURCE: Final = re.compile(r"^(?:(?:la |les |the |quelles? |what |which )?(?:sources?|origine)(?: est| is)?)$")
_SAID_SO: Final = re.compile(
    r"^(?:qui (?:l'a|l'ont|le|a|dit|affirme|a) ?(?:dit|dis|annonce|confirme|revele|ecrit|rapporte|affirme|declare)?(?: ca| cela)?|(?:c'est )?qui (?:dit|l')(?: ca| cela)?|qui le dit|who (?:said|says|reported|confirmed|announced|revealed|claimed) (?:so|that|it|this)|says who)$"
)


def _question_word(asked: Fragment, turns: Sequence[Turn]) -> Turn | None:
    """Ask with another question word, and with new names if there are: "Quand ?", "Et combien pour Tencent ?"."""
    plain = re.sub(
        r"\s+(?:ca|cela|donc|exactement|exactly|precisely|that|so|precisement|au juste)$|^(?:c'est|c'etait|ce sera) ",
        "",
        asked.rest.strip(),
    )
    said_so = _SAID_SO.match(fold(asked.text).strip(" ?!."))
    adverb = _ADVERB.match(plain)
    source = _SOURCE.match(plain)
    if not (adverb or said_so or source or _QUESTION_WORD.match(plain)):
        return None
    base = swapped(asked.parts, turns) if asked.parts else turns[-1]
    kind = kind_of(asked.text)
    if base is None:
        return None
    if asked.parts and kind in (base.kind, "what"):
        return base
    words = _SOURCE_ASKED[asked.lang] if source else lower_first(_without_parts(asked), asked.lang)
    kind = "who" if source else kind
    if re.search(r"\blesquel|\bwhich ones?\b", plain):
        if base.kind == "who":
            return base
        kind = "who" if any(m.family == "group" for m in mentions(base.text, base.lang)) else "what"
    if base.lang != asked.lang:
        return Turn(f"{base.text} {words[:1].upper()}{words[1:]}{' ?' if asked.lang == 'fr' else '?'}", base.lang, kind)
    statement = declared(base.text, base.lang) if said_so and base.kind == "yes_no" else None
    if statement and (verb := re.match(r"(?P<who>qui) l'(?P<said>(?:a|ont) \w+)$", words, re.IGNORECASE)):
        return Turn(f"Qui {verb['said']} que {statement} ?", "fr", "who")
    complete = ask_instead if adverb else ask_also
    return Turn(complete(base.text, words, base.lang), base.lang, kind)


_SOURCE_ASKED: Final[dict[Lang, str]] = {"fr": "selon quelle source", "en": "according to which source"}


def _without_parts(asked: Fragment) -> str:
    """The words of a fragment that are no names, as they were typed."""
    if not asked.parts:
        return asked.text.strip(" ?!.,;:")
    return asked.rest


def _new_name(asked: Fragment, turns: Sequence[Turn]) -> Turn | None:
    """Ask of somebody or some time else: "Et Tencent ?", "And in May?".

    Words that the earlier question has too change nothing: "And how many did Tencent order?".
    """
    if not asked.parts or not (asked.opened or _is_fragment(asked) or LIKEWISE.search(asked.rest)):
        return None
    earlier = set(terms(turns[-1].text, turns[-1].lang))
    says_of = STANCE.search(asked.rest) and not STANCE.search(fold(turns[-1].text))
    if says_of or not set(asked.content) <= earlier or (asked.content and turns[-1].lang != asked.lang):
        return None
    base = swapped(asked.parts, turns)
    if base is None:
        return None
    kind, word = kind_of(asked.text), _HOW_MANY.search(asked.text)
    if word and kind != base.kind and base.lang == asked.lang:
        return Turn(ask_also(base.text, word.group().lower(), base.lang), base.lang, kind)
    return replace(base, kind=kind) if asked.content and kind not in ("what", "yes_no") else base


_HOW_MANY: Final = re.compile(r"\b(?:combien|how many|how much)\b", re.IGNORECASE)


def _is_fragment(asked: Fragment) -> bool:
    return not CLAUSE.search(asked.rest)


_PROPERTY: Final[tuple[tuple[str, str], ...]] = (
    (r"\b(?:prix|cout|tarif|price|cost|montant|revenue|revenus?|chiffre d'affaires|benefice|profit)\b", "money"),
    (r"\b(?:dates?|calendrier|echeance|deadline)\b", "when"),
    (r"\b(?:raisons?|motifs?|causes?|reasons?)\b", "why"),
    (r"\b(?:nombre|quantite|volume|number|quantity|plafond|cap)\b", "quantity"),
    (r"\b(?:marge|margin|part|taux|share|rate|pourcentage)\b", "percentage"),
)


def _property(asked: Fragment, turns: Sequence[Turn]) -> Turn | None:
    """Ask for a property of what was spoken of: "Et le prix ?"."""
    if (
        asked.parts
        or pointers(asked.text, asked.lang)
        or not asked.opened
        or CLAUSE.search(fold(asked.text))
        or not asked.content
    ):
        return None
    owners = _owners(turns[-1])
    if not owners:
        return None
    kind = next((kind for pattern, kind in _PROPERTY if re.search(pattern, asked.rest)), "what")
    words = _opened(asked)
    article = lead(turns[-1].text, owners[0].span.start, turns[-1].lang).article if turns[-1].lang == asked.lang else ""
    if len(owners) == 1:
        of_it = led("de" if asked.lang == "fr" else "of", article, owners[0].text, asked.lang)
        return Turn(asked_what(f"{words} {of_it}", asked.lang), asked.lang, kind)
    listed = ", ".join(dict.fromkeys(owner.text for owner in owners))
    return Turn(f"{words} ({listed}){' ?' if asked.lang == 'fr' else '?'}", asked.lang, kind)


def _opened(asked: Fragment) -> str:
    words = asked.text.strip(" ?!.")
    about = ABOUT.match(fold_aligned(words))
    kept = words[about.end() :] if about and not about.group().endswith((" la ", " le ", " les ", "l'")) else words
    return f"{'Et' if asked.lang == 'fr' else 'And'} {lower_first(kept, asked.lang)}"


def _owners(turn: Turn) -> list[Mention]:
    """What an earlier question was about: its names but for dates and outlets."""
    return [m for m in mentions(turn.text, turn.lang) if m.family not in ("date", "outlet")]


def _pronoun(asked: Fragment, turns: Sequence[Turn]) -> Turn | None:
    """Put for every pronoun the name it stands for, or for none: "A-t-elle été livrée ?"."""
    text = asked.text
    for pointer in reversed(pointers(text, asked.lang)):
        found = ((antecedent(pointer, asked.text, turn.text, turn.lang), turn) for turn in reversed(turns))
        name, turn = next(((name, turn) for name, turn in found if name), (None, turns[-1]))
        if name is None or (name.family == "group" and turn.lang != asked.lang):
            return None
        text = replaced(text, pointer, name, turn.text, turn.lang, asked.lang)
    if text == asked.text:
        return None
    return Turn(asked_what(text, asked.lang), asked.lang, kind_of(text))


def _with_phrase(asked: Fragment, turns: Sequence[Turn]) -> Turn | None:
    """Add a phrase that the earlier question has no place for: "Par rapport au H20 ?"."""
    base = turns[-1]
    plain = fold(asked.text)
    if base.lang != asked.lang or CLAUSE.search(plain) or not PREPOSITIONAL.match(plain) or len(asked.content) > 2:
        return None
    words = lower_first(asked.text.strip(" ?!."), asked.lang)
    return replace(base, text=extended(base.text, ", " + words, base.lang))


def _after(asked: Fragment, turns: Sequence[Turn]) -> Turn:
    """Both questions, one after the other; of a chain, the first and the latest."""
    base = turns[-1]
    sentences = re.split(r"(?<=[?!]) (?=\S)", base.text)
    context = " ".join(sentences if len(sentences) < 3 else (sentences[0], sentences[-1]))
    words = asked.text[:1].upper() + asked.text[1:]
    kind = kind_of(asked.text)
    kind = base.kind if kind == "what" and not CLAUSE.search(fold(asked.text)) else kind
    if base.lang == asked.lang == "fr" and CLAUSE.search(fold(asked.text)) and (thing := matter(base.text)):
        return Turn(extended(words, f", à propos {thing}", "fr"), "fr", kind)
    mark = "" if context.rstrip()[-1:] in "?!." else "."
    return Turn(f"{context}{mark} {words}", base.lang, kind)


_RULES: Final[tuple[Rule, ...]] = (
    _again, _still, _others, _question_word, _new_name, _pronoun, _property, _with_phrase,
)  # fmt: skip
