"""Whether a question asks for a chain of events: how something changed, what happened one after the other."""

from __future__ import annotations

import re
from typing import Final

from rag.ask.wording import pattern
from rag.language.date_grammar import NAMED_TIMES

_DOUBTFUL: Final = {
    "may": r"may(?=[,;:?.]|$| \d| (?:and|to|et|through|until|results?|summit)\b)",
    "ete": r"ete(?= \d|[,;:?.]|$)",
    "fall": r"fall(?= \d|[,;:?.]|$)",
}
"""Months and seasons that are other words too, with what tells them apart."""
_MONTH: Final = "(?:" + "|".join(_DOUBTFUL.get(name, name) for name in NAMED_TIMES) + ")"
_MONTH_END: Final = rf"(?:mi-|mid-)?{_MONTH}"
_YEAR: Final = r"(?: \d{4})? "
_WORD: Final = r"[\w'’.-]+"
_WORDS: Final = rf"(?:{_WORD} ){{0,6}}?"
"""Words around the two ends of a stretch: "between the February and the May results"."""
_POINT: Final = (
    rf"(?:(?:the |his |her |its |their |last |l'|les? |la |sa |son )?(?:early |late |mid-?|debut |fin |mi-?)?(?:de |d'|of )?(?:{_MONTH}\b|\d{{4}}\b|\d{{1,2}} "
    r"|(?:accord|annonce|arrivee|autorisation|decision|feu vert|interdiction|lancement|sommet|treve|visite"
    r"|agreement|announcement|approval|ban|deal|decision|launch|ruling|start|summit|truce|visit)\b))"
)
"""A moment since when something may have changed; nobody ships "depuis Hong Kong" in turns."""
_STORY: Final = pattern(
    (
        r"\bevolu(?:e|ent|er|tion|ait)\w*\b|\bretrac\w+|\bchronologi\w+|\bhistorique\b|\bl'histoire d|\betapes?\b",
        r"\bfil d(?:u temps|es (?:mois|semaines|jours|evenements))\b|\brebondissements?\b|\brevirements?\b|\bsuccessi(?:f|ve)s\b",
        r"\b(?:qu'est-ce qui|comment|qu'a|quoi) {sentence}\bchang\w+|\bce qui (?:a|avait) change\b",
        r"\bs'est(?:-il)? passe\b|\bqu'est devenue?s?\b|\bdu debut a la fin\b|\bderoulement\b|\bau cours d(?:u temps|es mois)\b",
        r"\bcomment {sentence}\b(?:pass(?:e|ee|es|ees) de|gliss\w+|progress\w+)\b|\bcomment en (?:est-on|sommes-nous|est on) arrive",
        r"\btimeline\b|\bchronolog\w+|\bhistory of\b|\bevol(?:ve|ved|ving|ution)\b|\bover time\b|\bsequence of events\b",
        r"\bwhat {sentence}\bchanged?\b|\bhow {sentence}\b(?:changed?|shift\w*|develop\w*|unfold\w*|progress\w*)\b",
        r"\bchanged? (?:between|from|since|over)\b|\b(?:twists|turning points|milestones)\b|\bsteps? that led\b",
        r"\bhow did (?:we|it|things) get (?:here|there|to)\b|\bstep by step\b|\bwalk me through\b|\btrace\b|\bmonth by month\b",
        r"(?<!\ba )\bla suite d|\bdans quel ordre\b|\bparcours\b|\bracont\w+(?! la meme)|\barrets? et reprises?\b|\bhauts et (?:les )?bas\b",
        r"\b(?:a(?:-t-(?:il|elle))?|ont(?:-(?:ils|elles))?) (?:change|bouge|varie)\b|\bpuis (?:a |ete )?(?:cess|repri|recul|renonc|abandonn|annul)\w+",
        r"\b(?:go|goes|gone|went|moved?) from\b|\bin (?:what|which) order\b|\bwhat came of\b|\bgo(?:ne)? through\b|\breversals?\b",
        r"\bhow (?:has|have|did) {sentence}\b(?:gone|fared?|played out|panned out)\b",
        r"\bsuccessive\b|\bstops? and (?:re)?starts?\b|\bups and downs\b|\bon and off\b|\bback and forth\b",
        r"\bwhat (?:has |have |had )?(?:became|become|happened)\b|\b(?:the|whole|full) story (?:of|behind)\b|\brecit\b",
        r"\bqu'est-il (?:arrive|advenu) (?:a|de|au|aux|du)\b",
    )
)
"""What asks for a story whatever sort of thing is asked for."""
_IN_TURN: Final = pattern(
    (
        r"\b(?!cas|case|side)(?P<again>\w{2,})[ -](?:par|apres|by|after)[ -](?P=again)\b|\bcoup sur coup\b|\btour a tour\b|\bau fur et a mesure\b",
        r"\b(?:une?|one) (?:apres|after) (?:l'autre|another|the other)\b|\bles une?s apres les autres\b|\bsuccessivement\b|\btout au long\b",
        r"\bdans l'ordre\b|\bordre chronologique\b|\bdates? a l'appui\b|\bavec (?:leurs|les|ses) dates\b|\bin (?:(?:chronological|date) )?order\W*(?:$|with\b)|\bwith (?:the |their )?dates\b",
        r"\b(?:every|each) (?:turn|change|step|twist)\b|\bdated (?:log|list|account|record)\b|\b(?:source|exact) dates?\b|\bfrise\b|\bjournal de bord\b",
        r"\bbefore,? during,? (?:and )?after\b|\bavant,? pendant,? (?:et )?apres\b",
        r"\bd'abord\b{sentence}\b(?:puis|ensuite|avant d)|\bthen\b{sentence}\bthen\b|\bpuis\b{sentence}\bpuis\b|\bfirst\b{sentence}\bthen\b{sentence}\b(?:finally|now|what)\b",
    )
)
"""What asks for one thing after the other, whatever else it asks: "with dates", "first ..., then ...", "month by month"."""
_CHAIN: Final = pattern(
    (
        r"\b(?:dates|moments|episodes|evenements) (?:cles?|forts|marquante?s)\b|\bgrandes dates\b|\bjalons\b|\bperipeties\b|\btournants\b",
        r"\b(?:feuilleton|saga|genese|film|chronique|deroule|enchainement|sequence|itineraire|trajectoire|valse|zigzags?|recap\w*|frise) (?:de|du|des|d'|que|entre)",
        r"\bva-et-vient\b|\ballers?-retours?\b|\bvolte-faces?\b|\bretournements?\b|\binflexions?\b|\bbras de fer\b|\b(?:chemin|path) {sentence}\b(?:suivi|parcouru|pris|take|taken|took)\b|\bcheminement\b|\bplusieurs fois\b|\bseveral times\b",
        r"\bcomment {sentence}\b(?:durcie?s?|assouplie?s?|inflechie?s?|a monte|ont monte|tournee?|bascule|a vire|degradee?s?|amelioree?s?|transformee?s?|retournee?s?|oscille|varie|bouge)\b",
        rf"\bhow (?:has|have|had) {{sentence}}\bsince (?:then\b|{_POINT})|\bcomment {{sentence}}\bdepuis (?:lors\b|{_POINT})|\b(?:la |the )?sequence\W*(?:$|, )",
        r"\bhow (?:has|have|had|did) {sentence}\b(?:(?:grow|grew|grown) (?:since|after\w*|over)|buil[dt] up|widen\w*|lengthen\w*)\b|\bcomment {sentence}\b(?:grossi\w*|grandi\w*|enfle\w*|elargi\w*|allonge\w*|accru\w*)\b",
        r"\bcomment {sentence}\b(?:fini par|en (?:est|sont|etai\w+)(?:-(?:il|elle|on)s?)? (?:venue?s?|arrivee?s?))\b|\bcomment {sentence}\b\w+ puis \w+",
        r"\bd(?:e|epuis|es) (?:(?:s(?:a|on|es)|leurs?|la|le|l') ?)?premi\w+ {sentence}\b(?:a|au|jusqu\w+) (?:(?:s(?:a|on|es)|leurs?|la|le|l'|au?) ?)?(?:tout )?derni\w+",
        r"\bdepuis {sentence}\bjusqu'(?:a (?:aujourd'hui|maintenant|present|ce jour)|ici)\b|\b(?:from|since) {sentence}\b(?:to|until|up to|till) (?:now|today|date|the present)\b",
        r"\bque (?:sont|est)(?:-(?:il|elle|ce)s?)? devenue?s?\b|\bpar (?:quelles? (?:etapes|phases|stades)|ou) {sentence}\b(?:passee?s?|passer|passent)\b|\bau fil d(?:e|es|u)\b|\breleve date\b",
        r"\bfrom (?:his|her|its|their|the) (?:very )?first {sentence}\bto (?:his|her|its|their|the) (?:most recent|last|latest|final)\b",
        r"\b(?:stages|phases|episodes|key (?:dates|moments|events)|saga|chronicle|chain of events|string of events|recap|rundown|run-through|play-by-play|back-and-forth)\b",
        r"\b(?:trajectory|journey|road|path|zigzags?|flip-flops?|u-turns?|about-faces?|shifting|evolving) (?:of|to|on|from|through|position|stance|line|view)",
        r"\bhow {sentence}\b(?:harden|soften|loosen|tighten|escalat|swing|swung|sour|waver|zigzag|transform|snowball|cascad)\w*\b|\bhow {sentence}\b(?:position|stance|tone|line|ties|relations?|view|attitude)\b {sentence}\b(?:warm|cool|grew|grow)\w*\b|\bhow did (?:we|it|they) get from\b|\bhow {sentence}\bturn(?:ed)? (?:into|from|to)\b",
        r"\bhow {sentence}\b(?:end(?:ed)? up|c[oa]me (?:to|about)|wind up|wound up)\b|\bwhat (?:came|comes|happens|happened|followed) (?:before|after|next|in between)\b|\bbefore and after\b",
        r"\b(?:leading|led|leads|run-?|build-?) ?up to\b|\bin the (?:aftermath|wake) of\b|\bfrom start to finish\b|\bfrom (?:the )?(?:beginning|start) to (?:the )?end\b",
        r"\b(?:over|during|in) the (?:course|space) of\b|\bover the (?:past|last|following|next|first|second) (?:\w+ )?(?:weeks|months|half|quarters|year)\b",
        r"\bwhat (?:moves|steps|actions) (?:has|have|did)\b|\bwhat (?:has|have) [^?]{0,60}\bdone\b [^?]{0,60}\b(?:since|so far|over)\b",
        r"\b(?:a chacune?|to each|at each) (?:des?|of)\b|\bse sont (?:suivi|succed|enchain)\w+|\b(?:par|quels) paliers\b|\b(?:le sort|the fate) (?:de|du|des|of)\b",
        r"\bde (?:son|sa|ses|leur) \w+ (?:a|jusqu'a) (?:aujourd'hui|maintenant|ce jour|present)\b|\bhappened\b{sentence}\bsince\b|\bpasse (?:depuis|entre)\b",
        r"\b(?:a|at) (?:chaque|each|every) (?:fois|etape|tour|trimestre|annonce|turn|step|stage|quarter|announcement|earnings)\b|\b(?:each|every) (?:time|change)\b|\bchaque (?:fois|changement)\b",
        r"\bd'une? (?!article|source|journal|media|site|depeche)\w+ a l'autre\b|\bfrom one (?!article|source|outlet|paper|report|site)\w+ to the next\b|\b(?:been|get|gets|got|ete) (?:revis\w+|revus?|revues?)\b|\brevis(?:e|ed|ees?|es) {sentence}\b(?:over|fois|times|au fil)\b",
        r"\b(?:j'ai|ai-je|avons-nous) (?:rate|manque|loupe)\b|\b(?:did|have) i miss(?:ed)?\b|\bcatch me up\b|\bup to speed\b|\bremet\w*[- ]moi a jour\b|\bmet\w*[- ]moi au courant\b|\bfill me in\b",
        r"\bsuites (?:de|du|des|judiciaires|donnees)\b|\bquelles {sentence}\bles suites\b|\bsequence (?:of|des?)\b|\bwho did what\b|\bqui a fait quoi\b|\b(?:which|what) steps (?:led|has|have|did|were taken)\b",
        r"\bcomment (?:ca|cela|tout|c'est|les choses|l'affaire) {sentence}\b(?:passee?|faite?s?|deroule\w*|enchaine\w*)\b|\bce qui (?:s'est passe|est arrive)\b|\b(?:sur|en) \w+ (?:mois|semaines|trimestres), comment\b",
        r"\b(?:qu'ont|qu'a)(?:-(?:t-)?(?:il|elle|on)s?)? (?:\w+ ){0,3}?(?:fait|decide) {sentence}\b(?:depuis|entre)\b",
    )
)
"""What asks for a chain of events in other words, of a question for no number, date or place."""
_STRETCH: Final = pattern(
    (
        rf"\b(?:entre|between) {_WORDS}{_MONTH_END}{_YEAR}{_WORDS}(?:et|and) {_WORDS}{_MONTH_END}\b",
        rf"\b(?:(?:de|du|from) |d'){_WORDS}{_MONTH_END}{_YEAR}{_WORDS}(?:(?:a|au|to|through|until|jusqu'a|jusqu'au|jusqu'en) ){_WORDS}{_MONTH_END}\b",
        rf"\b(?:from|since|depuis) (?:{_WORD} ){{1,9}}(?:through|until|jusqu'(?:a|au|en)) {_WORDS}{_MONTH_END}\b",
        rf"\bfrom (?:{_WORD} ){{1,9}}to (?:(?:the|early|late|end of|start of) )*{_MONTH_END}\b",
    )
)
"""Both ends of a stretch, between which a number may be asked for, but else what happened."""
_COUNTED: Final = frozenset({"quantity", "money", "percentage", "duration"})
"""Kinds that ask for a number."""
_NAMING: Final = re.compile(r"(?<!\bce )\bqui\b|\bwho(?!\b did what)\b|\bwhose\b|\bwhom\b")
"""Who is asked for; "ce qui" asks for what."""


def tells_a_story(asked: str, kind: str, status: bool) -> bool:
    """Whether a folded question asks for a chain of events.

    `kind`: the sort of thing it asks for; `status`: whether it asks how things stand, which many words for a story do too.
    """
    if _STORY.search(asked):
        return True
    if kind in _COUNTED:
        return False
    if _STRETCH.search(asked) or (kind != "when" and _IN_TURN.search(asked)):
        return True
    things = kind in ("what", "said") or (kind == "who" and not _NAMING.search(asked))
    return things and not status and _CHAIN.search(asked) is not None
