"""What a story, a disagreement or a state of affairs is about, without the words that only say that one is wanted, and without its dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from rag.ask.kinds import Form
from rag.language.dates import find_dates
from rag.language.mentions import mentions
from rag.language.normalize import fold_aligned
from rag.language.terms import terms
from rag.model import Lang

CHIP: Final = "H200"
SUBJECT: Final = f"Nvidia {CHIP}"
"""What the whole library is about."""
_STORY: Final[Mapping[Lang, str]] = {
    "fr": r"\b(?:comment|qu'est-il arrive|evolu\w*|statut|situation|position|etapes?|etape par etape|chronologie|histoire|historique|retrac\w*|racont\w*"
    r"|resum\w*|deroul\w*|que s'est[- ]il passe|qu'est[- ]devenue?s?|devenue?s?|chang\w*|affaire|au fil d(?:u temps|es mois)|suites?|ordre|parcours|puis|depuis le debut|successi\w*|rebondissements?"
    r"|le ton|ligne|image|destin|sort|trajectoire|progress\w*|tableau|au cours|bout|debut|fin|bascul\w*|tourn\w*|attitude"
    r"|feuilleton|saga|episodes?|volte-faces?|va-et-vient|allers?[- ]retours?|les hauts et (?:les )?bas|hauts|bas|(?:mois|semaine|jour|trimestre|etape|coup) (?:par|apres|sur) (?:mois|semaine|jour|trimestre|etape|coup)"
    r"|tour a tour|(?:grandes )?dates?(?: cles?)?|datee?s?|jalons?|phases?|paliers?|film|evenements|chemin\w*|suivie?s?|frise|releve|revirements?|moments? (?:cles?|marquants?)|enchainement|genese"
    r"|refai\w+|faites|donne[rz]?|enumere\w*|montre[rz]?|precise[rz]?|detaille[rz]?|reprene[zr]|reconstitue[rz]?|etablir|comprendre|aimerais|peux|pouve[zr]|sujet|propos|j'ai (?:decroche|rate|manque|loupe)|je n'ai (?:plus|pas) suivi)\b",
    "en": r"\b(?:how|walk me through|shift\w*|status|situation|position|stance|evol\w*|step by step|steps?|story|history|timeline|chronology|trace|recap|summar\w*"
    r"|chang\w*|became|become|happened|over time|developments?|reversals?|go|goes|went|gone|moved?|order|through|ups and downs|on and off|back and forth|successive|twists?|turns?"
    r"|line (?=on)|picture|tone|path|fate|course|arc|things|develop(?:s|ed|ing)?|beginnings?|start(?:s|ed|ing)?|end|unfold\w*|progress\w*|along the way|way|come|came|track|attitude"
    r"|saga|tale|back-and-forth|rundown|stages?|phases?|milestones?|(?:\w+)[- ]by[- ](?:month|week|day|step|blow|stage)|(?:quote|letter) after (?:quote|letter)|catch me up|up to speed|sequence|dates?|dated|log"
    r"|key moments?|moments|turning points?|describe|explain|tell me|show|everything|each time|every time|one after another|path|road|chain of events|reconstruct|lay out"
    r"|oldest|newest|(?:did|have) i miss(?:ed)?|i (?:have )?missed|off the grid)\b",
}  # fmt: skip
_DISPUTE: Final[Mapping[Lang, str]] = {
    "fr": r"\b(?:sources?|medias?|journaux|tout le monde|versions?|articles?|recits?|d'accord|accordent|concord\w*|desaccords?|diverg\w*|contredi\w*|contest\w*"
    r"|selon qui|qui dit vrai|qui a raison|les deux camps|confirme\w*|vraiment|officiellement"
    r"|info ou intox|intox|fact-?check\w*|vrai ou faux|rumeurs?|croire|qui dit quoi|(?:chaque|les deux) camps?|d'une? \w+ a l'autre|change(?:nt)?|(?:les )?arguments|pour et|tranchee?s?|etablie?s?|doutes?"
    r"|(?:certains|d'autres|les uns) (?:disent|affirment|ecrivent|soutiennent|parlent d)|le (?:bon|vrai) (?=chiffre|nombre|montant|date)|lequel est le bon|j'ai (?:lu|vu|entendu)|on lit|partout|non)\b",
    "en": r"\b(?:sources?|outlets?|reports?|accounts?|newspapers?|stories|clash\w*|conflicts?|match|every(?:one|body)|versions?|agree\w*|disagree\w*|differ\w*|conflicting"
    r"|contradict\w*|disput\w*|according to whom|who is right|both sides|confirmed|really|officially|consistent"
    r"|fact-?check\w*|true or false|rumou?rs?|myth|believe|trust|who says what|(?:the )?(?:same|different|conflicting|other|another|two|both) (?:story|stories|tales?|versions?|side)|(?:each|every|either|both) (?:camp|side)s?"
    r"|for and against|pros and cons|settled|doubts?|(?:some|others) (?:say|claim|report|write|argue)|as some claim|(?:right|real|true) (?=figure|number|amount|date)|i keep|reading|tell|story|account)\b",
}  # fmt: skip
_STATUS: Final[Mapping[Lang, str]] = {
    "fr": r"\b(?:ou en (?:est|sont|sommes|etai\w+)(?:-on|-nous)?|dossier|affaire|saga|feuilleton|situation|statut|etat|(?:faire |le )?point|actuel\w*|aujourd'hui"
    r"|en ce moment|dernieres nouvelles|quoi de neuf)\b",
    "en": r"\b(?:where|stands?|state of (?:play|affairs)|status|situation|latest|news|current\w*|right now|now|today|saga|story|up to date|what's new)\b",
}  # fmt: skip
_FRAMES: Final[Mapping[Form, Mapping[Lang, str]]] = {"evolution": _STORY, "conflict": _DISPUTE, "state": _STATUS}


_TELLERS: Final[Mapping[Lang, re.Pattern[str]]] = {
    "fr": re.compile(
        r"(?:[,:;]? ?\b(?:et|ou|mais) )?\b(?:(?:les|tous|toutes|ces|la) )*(?:sources|medias|journaux|articles|recits|versions|depeches|presse)\b[^?.]*?"
        r"\b(?:d'accord|(?:s')?accordent|concordent|disent(?:-ils|-elles)? (?:bien )?la meme chose|contredisent|divergent|donnent(?:-ils|-elles)? le meme \w+)"
        r"(?:-ils|-elles)?(?: (?:la-dessus|sur ce point|sur cela|a ce sujet))?(?: (?:sur|quant a))?(?=\W|$)"
    ),
    "en": re.compile(
        r"(?:[,:;]? ?\b(?:and|or|but|so) )?\b(?:do|does|did|are|is) (?:(?:the|all|any|other|these|different|both) )*"
        r"(?:sources|outlets|reports?|accounts|newspapers|articles|stories|write-ups|media|papers|versions|everyone|everybody)\b[^?.]*?"
        r"\b(?:agree|disagree|match|conflict|clash|differ|contradict(?: (?:each other|one another))?|say the same(?: thing)?|tell an? (?:different|other|same) story|consistent|line up)\b"
        r"(?: (?:on|about|over|as to) (?:that|this|it|the (?:amount|point|matter|figure|number))\b)?(?: (?:on|about|over|as to)(?: (?:whether|how|who|when|what))?\b)?"
    ),
}  # fmt: skip
"""A clause that asks only whether those who tell it agree; what they tell stands behind its last word, or before it."""
_ASKING: Final = re.compile(
    r"^(?:please )?(?:(?:list|name|give(?: me)?)(?! of)|cite[rz]?|liste[rz]?|nomme[rz]?|donne[rz]?(?:[ -]moi)?) "
)
_AUDIENCE: Final = re.compile(
    r"\b(?:(?:devant|au|aux|a la|face au?x?|aupres d\w+|to|before) (?:le |la |les |l'|the )?|(?<=tell )(?:the )?|(?<=told )(?:the )?)"
    r"(?:congres|senat|chambre|parlementaires|elus|senateurs|commission|presse|journalistes|investisseurs|analystes"
    r"|congress|senate|house|committee|lawmakers|senators|reporters|press|investors|analysts)\b"
)


def to_the_point(text: str, kind: str) -> str:
    """A question without what need not stand where it is answered: "list", and before whom something was said."""
    plain = fold_aligned(text)
    kept = list(text)
    for pattern in (_ASKING, _AUDIENCE) if kind == "said" else (_ASKING,):
        for match in pattern.finditer(plain):
            kept[match.start() : match.end()] = " " * len(match.group())
    return re.sub(r"\s+", " ", "".join(kept)).strip()


def told(text: str, lang: Lang) -> str:
    """A question without asking whether those agree who tell it: "Had any left, or do accounts conflict on that?"."""
    kept = list(text)
    for match in _TELLERS[lang].finditer(fold_aligned(text)):
        kept[match.start() : match.end()] = " " * len(match.group())
    about = re.sub(r"\s+", " ", "".join(kept)).strip(" ?!,.:;")
    return about if terms(about, lang) else text


def topic(text: str, lang: Lang, form: Form, today: date | None = None) -> str:
    """'How has Beijing's position on the H200 changed since January?' -> 'Beijing's on the H200'.

    Empty for a form that has no words of its own; SUBJECT where nothing else is left ("Que s'est-il passé le 14 janvier ?"), and
    the chip beside what is left where that names nothing ("Où en sont les ventes ?"). `today`: the day that "en janvier" is reckoned from.
    """
    if form not in _FRAMES:
        return ""
    text = told(text, lang) if form == "conflict" else text
    plain = fold_aligned(text)
    spans = [match.span() for match in re.finditer(_FRAMES[form][lang], plain)]
    if form == "evolution":
        spans += [(found.span.start, found.span.end) for found in find_dates(text, lang, today)]
    kept = list(text)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    about = re.sub(r"\s+", " ", "".join(kept)).strip(" ?!.,;:")
    if not terms(about, lang):
        return SUBJECT
    return about if form != "state" or mentions(about, lang) else f"{about} {CHIP}"
