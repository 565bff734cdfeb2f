"""What a question asks for: its words -> the sort of thing that answers (Kind), and the shape of the answer (Form).

The two are apart: "How many chips ...?" wants a number whether it asks for a fact or for its evolution.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal

from rag.ask.chains import tells_a_story
from rag.ask.rough import spelled_out
from rag.ask.wording import pattern
from rag.language.normalize import fold

Kind = Literal[
    "money",
    "percentage",
    "quantity",
    "duration",
    "when",
    "where",
    "who",
    "why",
    "said",
    "yes_no",
    "what",
    "small_talk",
    "empty",
]
Form = Literal["fact", "state", "evolution", "conflict", "list", "definition"]

_KIND_CUES: Final[Mapping[Kind, tuple[str, ...]]] = {
    "duration": (
        r"\bcombien de (?:temps|jours|semaines|mois|annees)\b",
        r"\bpendant combien\b|\bquelle (?:est la )?duree\b|\bdelai moyen\b",
        r"\bquel age\b|\bhow old\b|{quel}peines? de prison\b|{what}(?:prison|jail) (?:sentence|term|time)\b",
        r"\bhow long\b|\bhow many (?:days|weeks|months|years)\b|\bfor how much time\b",
    ),
    "money": (
        r"\bcombien (?:ca |cela )?(?:coute\w*|paie\w*|paye\w*|valent|vaut|valait|gagne\w*|rapporte\w*)\b",
        r"\bcombien (?!de |d'){sentence}\b(?:cout(?:e|ent|er|ait|era)|paie\w*|pay(?:e|er|ent|era)|depens\w+|encaiss\w+|investi\w*)\b",
        r"\bcombien d(?:'argent|e (?:dollars|yuans?|euros|milliards))\b",
        r"{quel}(?:prix|cout|montant|chiffre d'affaires|benefices?|somme|tarif|recettes?|revenus?|salaire|remuneration|loyer|amende|budget)\b",
        r"\bhow much (?:money|revenue|profit|income|cash)\b",
        r"\bhow much {do}\b.*\b(?:cost|pay|paid|spend|spent|earn|invest|owe)\b",
        r"\b(?:what|which) (?:price|cost|sum|revenue|profit)\b|\bwhat {do}\b.*\bcost\b",
        r"\bwhat(?:'s| {be}) (?:the |its |their )?(?:asking|selling|list|unit|going|market|current|average|total|full|new|official|retail|purchase) (?:price|cost)\b",
        r"\b(?:what|how much) .*\b{be} .*worth\b|\bwhat .*\b{be} the (?:price|cost|revenue|unit price|salary|wage|pay|rent|fine|budget)\b",
        r"\b(?:salaire|remuneration|salary|net worth|fortune)\b(?! 500)|\bprice tag\b|^(?:what|how|at what)\b{sentence}\b(?:share|stock) price\b|^(?:[\w']+ ){0,2}(?:share|stock) price\b|{quel}cours de (?:l'action|bourse)\b|^(?:the )?(?:unit )?(?:price|cost)\b|^(?:le )?(?:prix|cout)\b",
    ),
    "percentage": (
        r"(?:\bd'un |(?<!\bun )(?<!\bce ))\bpourcentage|\b(?:marge|margin)\b|{quel}(?:taux|part|proportion|fraction)\b",
        r"\bhow much of (?:the |its |their |\w+'s )(?:\w+ ){0,4}(?:market|business|sales|revenues?|supply|demand)\b",
        r"(?:\bas a |(?<!\d )(?<!\ba ))\b(?:percent\w*|per cent\b)|{what}(?:share|cut|rate|proportion|slice|fraction)\b",
    ),
    "quantity": (
        r"\bcombien\b",
        r"{quel}(?:nombre|quantite|volume|valeur|plafond|quota|ampleur|capacite)\b",
        r"\bhow (?:many|much|big|large|far|high)\b",
        r"\b(?:en|in) (?:nanom\w+|watts?|kilow\w+|gigao\w+|gigab\w+)\b",
        r"{what}(?:number|amount|volume|quantity|cap|quota)\b",
        r"\border size\b|\b(?:vote|head|body) ?count\b|\btally\b",
        r"\bquel (?:etait |est |a ete )?le (?:score|resultat du vote|decompte)\b|^(?:nombre|number) (?:de|d'|of)",
    ),
    "when": (
        r"\bquand\b|\bquelle (?:date|annee|echeance|periode)\b|\bquel (?:jour|mois)\b|{quel}(?:date|echeance)\b",
        r"(?:^|, |: |and |since |by |until |from )when\b|\bwhen (?:{do}|{be})\b",
        r"^date\b|{what}(?:date|day|month|year)\b|\bdate$",
    ),
    "said": (
        r"\bqu(?:e|'a|'ont|'en) ?(?:\w+-)?(?:dit|disent|disai(?:t|ent)|pens(?:e|ent|ait|aient)|declar(?:e|ait)|estim(?:e|ait)|repond(?:ait)?|t-il|t-elle)\b",
        r"\bqu'(?:a|ont) (?:dit|declare|repondu|annonce|affirme)|\bcomment {sentence}\b(?:reagi\w*|accueilli\w*|repond\w*|replique\w*|commente\w*)\b",
        r"\bquel(?:le)?( a ete| est| fut)? (?:la reaction|la reponse|l'avis|le commentaire|la position) d",
        r"\bwhat (?:did|does|do|has|have) .*\b(?:say|says|said|think|thinks|reply|argue|claim|tell|told)\b",
        r"\bhow did .*\b(?:react|respond|describe|comment|sum up)\b",
    ),
    "where": (
        r"(?:^|[,:] |\bd'|\bpar |\bet )ou\b(?! pas| en (?:est|sont|sommes|etait))|\bc'est ou\b",
        r"\bdans quel(?:le)?s? (?!mesure|but|delai|condition|cadre|contexte|sens|ordre|etat)\w+",
        r"\b(?:de|pour|vers) quel(?:le)?s? (?:ville|pays|lieu|endroit|region|port)s?|\bquelle ville\b",
        r"\bwhere\b(?! {do} {sentence}\bstand\b)|{what}(?:city|cities|country|countries|places?|town|port|factory|plant|airport)\b",
    ),
    "why": (
        r"\bpourquoi\b|(?:pour )?{quel}(?:raison|motif|cause)s?\b|^(?:les? )?(?:raison|motif|cause)s?\b",
        r"\bwhy\b|\bhow come\b|\bfor what reason\b|{what}reasons?\b|^(?:the )?reasons?\b",
    ),
    "who": (
        r"\bqui\b|\bwho\b|\bwhom\b|\bwhose\b|\bcomment s'appelle",
        r"\bquel(?:le)?s? (?:responsable|journal|quotidien|agence|branche|dirigeant|entreprise|societe|groupe|firme"
        r"|ministere|media|president|patron|senat|depute|administration)",
        r"\b(?:what|which) (?:\w+ )?(?:compan|firm|ministr|outlet|president|official|lawmaker|senator|agency"
        r"|executive|ceo|media|newspaper|journalist|arm of|branch)",
    ),
}
"""The first kind with a cue wins: "combien de temps" before "combien"."""

_YES_NO: Final = pattern(
    (
        r"^(?:et |and |mais |but )?(?:(?!qu|wh|how|comb|comm|pourq|ou\b|a qu|de qu)[^,?]{3,40}[,:] )?(?:est[- ]ce\b|(?:{be}|{do})\b)",
        r"\w-(?:t-)?(?:il|elle|ils|elles|on)\b|\b[at] t (?:il|elle|on)\b",
    )
)
_POLITE: Final = pattern(
    (
        r"^(?:can|could|would) you (?:please )?(?:tell|remind) me |^(?:please )?tell me |^do you know ",
        r"^i(?:'d| would) like to know |^(?:peux|pourrais)[- ]tu me (?:dire|rappeler) ",
        r"^(?:pouvez|pourriez)[- ]vous me (?:dire|rappeler) |^(?:dis|dites)[- ]moi |^(?:sais[- ]tu|savez[- ]vous) ",
        r"^j(?:e voudrais|'aimerais) savoir ",
    )
)
_QUESTION_WORD: Final = re.compile(
    r"^(?:et |mais )?qu(?:e |')|\b(?:quel|quelle|quels|quelles|lequel|laquelle|quoi|comment|what|which|how)\b"
)
_SMALL_TALK: Final = pattern(
    (
        r"^(?:(?:re)?bonjour|bonsoir|salut|coucou|hello|hi|hey|yo|good (?:morning|evening|afternoon)|merci(?: beaucoup| bien| a toi"
        r"| pour (?:tout|ton aide|votre aide))?|many thanks|thanks?(?: you)?(?: very much| so much| a lot)?|cheers|au revoir|bye|goodbye"
        r"|ok(?:ay)?|d'accord|super|parfait|genial|tres bien|great|perfect|nice|cool|good|bravo|bien recu|got it|i see|je vois|compris"
        r"|bonne (?:journee|soiree)|a bientot|comment (?:ca va|vas-tu|allez-vous|tu vas|vous allez)|ca va(?: bien)?|how are you(?: doing| today)?"
        r"|(?:(?:et )?(?:tu es|t'es|vous etes|c'est) qui|qui (?:es-tu|etes-vous|es tu))(?: au juste| exactement)?|(?:so )?who are you"
        r"|(?:et )?(?:que|qu'est-ce que tu|a quoi tu|a quoi) ?(?:sais|peux|sers|sais-tu|peux-tu|pouvez-vous|savez-vous|sert cet outil)"
        r"(?:[ -](?:tu|vous))?(?: faire)?(?: exactement| pour moi)?|(?:tu|vous) (?:peux|sais|pouvez|savez) faire quoi(?: exactement| pour moi)?"
        r"|comment (?:tu|ca) (?:marches?|fonctionnes?)|what (?:can|do) you do(?: for me| exactly)?|how (?:do|does|can) (?:you|this) (?:work|help)(?: me)?"
        r"|what can i ask(?: you)?|que puis-je (?:te|vous) demander|help(?: me)?|aide(?:[ -]moi)?|test)"
        r"(?:[\s!.?,;:)(]+(?:merci|thanks?|thank you|hello|salut|bonjour|la|there|everyone|a tous))*[\s!.?,;:)(]*$",
    )
)


_TURNED: Final = re.compile(r"\w-(?:t-)?(?:il|elle|ils|elles)\b")
_ANY_QUESTION_WORD: Final = re.compile(
    r"\b(?:qui|que|quoi|quand|ou|combien|pourquoi|comment|quel(?:le)?s?|lequel|laquelle|lesquel(?:le)?s)\b|\bqu'"
)


def kind_of(text: str) -> str:
    """What sort of answer the words ask for."""
    asked = _plain(text)
    if not re.search(r"\w", asked):
        return "empty"
    if _SMALL_TALK.match(asked):
        return "small_talk"
    asked = _POLITE.sub("", asked.replace("est-ce qu", "est ce qu"))
    if _YES_NO.match(asked) or _asks_whether(asked):
        return "yes_no"
    for kind, cues in _KIND_CUES.items():
        if pattern(cues).search(asked):
            return kind
    return "yes_no" if _YES_NO.search(asked) and not _QUESTION_WORD.search(asked) else "what"


_EITHER_WAY: Final = re.compile(r"\b(?:oui ou non|yes or no|ou non|ou pas|or not)\W*$")
"""What ends a question that may be answered by yes or no, and offers no other choice."""


def _asks_whether(asked: str) -> bool:
    """Whether it ends in "oui ou non" without a question word, or turns its verb round before any: "Le KYC est-il ce qui ..."."""
    body = _EITHER_WAY.sub("", asked)
    if body != asked and not (_ANY_QUESTION_WORD.search(body) or _ASKS_WHAT.search(body)):
        return True
    turned = _TURNED.search(asked)
    return turned is not None and _ANY_QUESTION_WORD.search(asked[: turned.end()]) is None


_HAPPENED: Final = re.compile(
    r"^(?:and |so |but )?(?:wh\w+ |how \w+ |on what \w+ )*did\b|\b(?:a|ont)(?:-t)?-(?:il|elle|on)s?\b"
)
_HAS_DONE: Final = re.compile(
    r"\best[- ]ce qu(?:e |['’])[^?]* (?:a|ont) (?!(?:le|la|les|une?|des|besoin|raison|tort)\b)\w+(?:é|i|is|it|u|ert)e?s?\b",
    re.IGNORECASE,
)
"""The same behind "est-ce que", read with its accents: "à Shanghai" has done nothing."""


def happened(text: str) -> bool:
    """Whether a question is about something that happened, or did not: "Did Nvidia stop?", "When did Trump say so?"."""
    return _HAPPENED.search(_plain(text)) is not None or _HAS_DONE.search(text[:_READ]) is not None


# --- form --------------------------------------------------------------------------------------------------------

_MANY_FRENCH: Final = (
    r"(?:entreprises|societes|firmes|groupes|geants|acheteurs|clients|fournisseurs|pays|conditions|restrictions|modeles|puces|mesures|raisons"
    r"|obstacles|exigences|arguments|acteurs|responsables|elus|senateurs|medias|journaux|sources|marques|noms|lois|produits|textes"
    r"|concurrents|alternatives|partenaires|distributeurs|revendeurs|rivaux|investisseurs|banques|risques|sanctions|regles|secteurs|organismes|ministeres|personnes|engagements)"
)
_MANY_ENGLISH: Final = (
    r"(?:companies|firms|giants|buyers|customers|suppliers|countries|conditions|restrictions|models|chips|measures|reasons|requirements"
    r"|arguments|players|officials|lawmakers|senators|outlets|newspapers|sources|brands|names|laws|bills|products|rivals|competitors"
    r"|alternatives|partners|distributors|resellers|investors|banks|risks|penalties|rules|sectors|agencies|ministries|people|obstacles|hurdles|groups|commitments)"
)
_ATTRIBUTE: Final = (
    r"(?:statu[st]|etat|situation|position|regles?|rules?|policy|politique|stance|prix|price|cout|cost|plafond|cap|limite?|latest|news?"
    r"|reason|raison|role|plan|date|difference|impact|amount|montant|nom|name|deadline|status|conditions?|avis|reaction)"
)
"""What belongs to something else: "what is the rule" asks for what it says, not for what a rule is."""

_FORM_CUES: Final[Mapping[Form, tuple[str, ...]]] = {
    "conflict": (
        r"\bcontredi\w+|\bcontradict\w+|\bdesaccords?\b|\bdisagree\w*|\bdiverg\w+|\bconflicting\b|\bdisput\w+|\bconteste\w*",
        r"\bselon qui\b|\baccording to whom\b|\btout le monde\b|\bevery(?:one|body)\b|\bunanim\w+|\bconsensus\b",
        r"\bd'accord (?:sur|entre|pour|avec|que)\b|\bagree (?:on|that|about|over)\b|\bversions\b",
        r"\b(?:sources|medias|outlets|reports?|accounts|newspapers|papers|write-ups|journaux|articles|recits|stories|depeches)\b"
        r"{sentence}\b(?:d'accord|accordent|agree|concord\w+|differ\w*|coinciden\w*|s'opposent|la meme chose|le meme|la meme|same|different"
        r"|consistent|match|clash\w*|conflict\w*)\b",
        r"\b(?:qui|who) {sentence}\b(?:dement\w*|den(?:y|ies|ied))\b|\b(?:ete|been) (?:dementie?s?|denied)\b",
        r"\bconfirme(?:e|s|es)? que\b|\b(?:is|was|been) (?:it |this |that )?(?:really |officially )?confirmed\b",
        r"\b(?:est-ce|est ce qu\w*|c'est) {sentence}\bconfirme\b|\bqui (?:dit vrai|a raison)\b|\bwho is (?:right|telling the truth)\b",
        r"\b(?:info ou intox|intox|fact-?check\w*|vrai ou faux|true or false|rumeurs?|rumou?rs?|myth\w*)\b|\b(?:qui dit (?:oui\b.*\bnon|non\b.*\boui|le contraire|l'inverse)|who says (?:yes\b.*\bno|no\b.*\byes|otherwise|the opposite)|dit(?:-on)? le contraire|says otherwise)\b|\b(?:qui|que) (?:faut-il |dois-je |doit-on |peut-on )?croire\b|\bqui dit quoi\b|\bwho says what\b",
        r"\b(?:who|what|which(?: \w+)?) (?:(?:should|do|can|am) (?:i|we|one) (?:supposed )?(?:to )?|to )(?:believe|trust)\b|\b(?:same|different|other|another) (?:stor(?:y|ies)|tales?|versions?|figures?|numbers?) (?:from|in|everywhere)\b",
        r"\b(?:the same|different|conflicting|two|both) stor(?:y|ies)\b|\b(?:another|other) side (?:to|of (?:the story|this|that|it))\b|\b(?:dit|disent|say|says|claim|argue)\b{sentence}\b(?:chaque|each|every|either|les deux|both) (?:camps?|sides?)\b|\b(?:chaque|each|every|either) (?:camps?|sides?) (?:dit|say|says|claim|claims|pense|think|thinks)\b",
        r"\bd'un(?:e)? (?:article|source|journal|media|site|depeche) a l'autre\b|\bfrom one (?:article|source|outlet|paper|report|site) to (?:the next|another)\b|\b(?:depending|selon) (?:on )?(?:the |les |la )?(?:sources?|outlets?|articles?|journaux|medias)\b",
        r"\b(?:pour et|arguments pour|for and against|pros and cons|pour ou contre)\b|^(?:is|are|was|has|est|sont)\b{sentence}\b(?:settled|clear|certain|tranchee?s?|averee?s?|sure?|fiables?|reliable)\W*$|-(?:il|elle|ils|elles) (?:tranchee?s?|averee?s?|sure?s?|etablie?s?|fiables?)\b",
        r"\b(?:some|others?|certains|d'autres|les uns|on) (?:say|says|claim|claims|report|write|argue|disent|affirment|ecrivent|soutiennent|parlent d|pretend\w*)\b|\bas (?:\w+ )?(?:some|others|they) (?:say|claim)\b",
        r"(?<!sans )\b(?:un|aucun|des|any|some|le moindre) (?:doutes?|doubts?)\b|\b(?:le (?:bon|vrai)|the (?:right|real|true)) (?:chiffre|nombre|montant|date|figure|number|amount)\b|\b(?:lequel|laquelle|which one) (?:est|is) (?:le bon|la bonne|vraie?|right|correct|true)\b",
        r"\bi (?:keep|have) (?:reading|read|seen|seeing|heard|hearing) (?:both|different|conflicting|several|two)\b|\bj'ai (?:lu|vu|entendu) (?:les deux|plusieurs|tout et|deux)\b|\bon lit (?:tout|partout|ici|les deux)\b|\bpas clair\b|\bunclear\b",
        r"\btout et son contraire\b|\b(?:comprennent|disent|racontent|voient|lisent) pareil\b|\bdiscordante?s?\b|\bcontradictoires?\b|\b(?:concurrente?s?|rivales?|rival|competing|different|diverse?s?) (?:explications?|explanations?|versions?|lectures?|readings?|estimat\w+|accounts?)\b",
        r"\b(?:explications?|versions?|lectures?|estimations?) (?:concurrente?s|rivales|differentes)\b|\b(?:more than one|several|plusieurs|deux|two) (?:readings?|versions?|lectures?|explanations?|explications?|interpretations?)\b|\bhow (?:solid|reliable|sure) (?:is|are) (?:the|this|that|those) (?:figure|number|claim|report|estimate|date|account|count)s?\b",
        r"\b(?:any|another|other|d'autres|un autre|une autre) (?:other )?(?:counts?|figures?|estimates?|chiffres?|explanations?|explications?|decomptes?)\b|\btient la route\b|\bholds? water\b",
        r"\b(?:do|did) (?:other|different) (?:accounts|reports|outlets|sources)\b|\bd'autres (?:medias|journaux|recits)\b",
        r"\bboth sides\b|\bles deux camps\b|\bpoints? de vue\b|\bfont? debat\b|\bcontroversial\b|\bcontroverse\w*",
    ),
    "definition": (
        r"^(?:et |mais )?(?:qu'est-ce que c'est (?:que )?|qu'est-ce qu(?:e |')|c'est quoi )(?:le |la |les |l'|une? |des |du )?"
        rf"(?!{_ATTRIBUTE}\b)(?:[\w.&-]+ ?){{1,4}}\W*$",
        rf"^(?:and |so )?what(?:'s| is| are| was) (?:an? |the )?(?!{_ATTRIBUTE}\b)(?:(?!(?:{_ATTRIBUTE}|{_MANY_ENGLISH})\b)[\w.&-]+ ?){{1,3}}\W*$",
        r"\bque (?:signifie|veut dire|designe)\b|\bdefini(?:tion|r|s)\b|\bdefin(?:e|ition)\b|\bmeaning of\b|\bveut dire\b",
        r"\bwhat {do} {sentence}\b(?:mean|stand for)\b|\ba quoi (?:sert|correspond)\b",
        r"^(?:explain|explique[rz]?(?:[- ]moi)?) (?:me )?(?:what |ce qu)|^c'est quoi\W*$",
    ),
    "list": (
        rf"\bquel(?:le)?s (?:(?:sont|etaient|autres|grandes|grands|principales|principaux) )*(?:les |ces )?(?:\w+ )?{_MANY_FRENCH}\b",
        rf"\b(?:what|which) (?:{{be}} )?(?:the |other |main |major )*(?:\w+ ){{0,2}}{_MANY_ENGLISH}\b",
        r"\blesquel(?:le)?s\b|\bliste[rsz]?\b|\benumere\w*|^(?:peux-tu |pouvez-vous )?(?:cite|nomme|donne)[rsz]?\b",
        r"\blist\b|^(?:please )?(?:name|give)\b(?! of)|\bwhich ones\b|\benumerate\b|\bqui sont les\b|\bwho are the\b",
        r"\bqui d'autres?\b|\b(?:who|what) else\b|\bquoi d'autre\b|\bles noms d|\bthe names of\b",
    ),
}
"""Likewise, the first form with a cue wins."""
_PERSON: Final = re.compile(r"^(?:[Qq]ui (?:est|était)|[Ww]ho(?: is| was|'s)) (?:[A-ZÉ][\w.'’-]+\s?){1,3}\W*$")
_STATUS: Final = pattern(
    (
        r"\bou en (?:est|sont|sommes|etai\w+)\b|\bstatu[st]\b|\bstate of (?:play|affairs)\b|\bwhere {do} {sentence}\bstand\b",
        r"\bquelle est la situation\b|\bwhat is the situation\b|\b(?:regle|position|politique|regime)s? (?:en vigueur|actuelle?s?)\b",
        r"\b(?:current|latest|present) (?:\w+ )?(?:rule|position|policy|stance|situation|state|news)s?\b|\bdernieres nouvelles\b|\bquoi de neuf\b|\b(?:what's|what is|whats) (?:new|(?:the )?latest)\b|\blatest on\b",
        r"\b(?:last|latest|most recent|next|coming) (?:\w+ ){0,2}(?:quarter|results?|earnings|revenue|guidance|forecast)\b",
        r"\b(?:derniere?s?|prochaine?s?) (?:\w+ ){0,2}(?:trimestre|resultats?|chiffre|previsions?)\b|\btrimestre (?:dernier|prochain|en cours)\b",
        r"^(?:what(?:'s| is) the|quelle est la|c'est quoi la) (?:us |american |chinese )?(?:rule|policy|regle|politique|position|stance)\b",
    )
)
_HOLDS: Final = pattern(
    (
        r"\b(?:toujours|encore|desormais|actuellement|aujourd'hui|maintenant|deja|en vigueur|a ce jour)\b",
        r"\b(?:still|now|currently|at present|these days|any ?more|no longer|yet|already|so far|in force|in effect|today)\b",
        r"\b(?:interdi\w*|autoris\w*|permis\w*|permet\w*|permet|legal\w*|illegal\w*|banni\w*|bloqu\w*|suspend\w*|gel(?:e|es|ee|ees))\b",
        r"\b(?:allow\w*|ban|bans|banned|banning|permit\w*|forbid\w*|prohibit\w*|block\w*|suspended|frozen|legal|cleared|lifted)\b",
        r"\b(?:levee?s?|exig\w*|impos\w*|requir\w*|demand\w*|livr\w+|deliver\w*|ship|ships|shipped|shipping|vend(?:re|u|ue|us|ues)|sell|sold)\b",
        r"\bfeu vert\b|\bgreen light\b|\bavailable\b|\bdisponible\b|\bdebloqu\w+|\bpayer d'avance\b|\bupfront\b",
        r"^(?:is|are|does|do|has|have|must)\b|^(?:est-ce qu\w* )?(?:faut-il|y a-t-il)\b|\w(?:e|t|d)-(?:t-)?(?:il|elle|ils|elles|on)\b(?<!ait-il)(?<!ait-elle)",
        r"\b(?:peut-on|on peut|peu(?:t|vent)-(?:il|elle)s?|a-t-on le droit|(?:a|ont)(?:-t)?-(?:il|elle)s? le droit)\b|^can\b|\bqu(?:i|e) bloque\b",
    )
)
"""What is, or is not, the case at a time: permissions, bans, deliveries, and words for now."""
_HOLDER: Final = re.compile(
    r"\b(?:who|what) is (?:\w+ing)\b|\bqu(?:i|'est-ce qui) (?:bloque|autorise|interdit|freine|retient|empeche|a le feu vert)\b"
)
"""Who or what keeps things as they are."""
_EITHER: Final = re.compile(
    r"\w,? (?:ou|or) (?!pas\b|non\b|not\b|when\b|quand\b|where\b|bien\?|more\b|plus\b|moins\b|less\b)\w"
)
"""Which of two accounts holds."""
_ASKS_WHAT: Final = re.compile(r"\b(?:que|quoi|comment|what|which|how|when|where|why|who|quel\w*)\b|\bqu'")


@lru_cache(maxsize=256)
def form_of(text: str) -> Form:
    """What shape the answer should have; "fact" where the words ask for nothing more."""
    kind, asked = kind_of(text), _POLITE.sub("", _plain(text))
    if _PERSON.match(text.strip()):
        return "definition"
    if not _EITHER_WAY.search(asked) and tells_a_story(asked, kind, _STATUS.search(asked) is not None):
        return "evolution"
    for form, cues in _FORM_CUES.items():
        if pattern(cues).search(asked) and (form != "definition" or kind in ("what", "yes_no")):
            return form
    if kind == "yes_no" and _EITHER.search(asked):
        return "conflict"
    whether = kind == "yes_no" or (kind == "what" and not _ASKS_WHAT.search(asked))
    return "state" if _STATUS.search(asked) or _HOLDER.search(asked) or (whether and _HOLDS.search(asked)) else "fact"


_READ: Final = 1000
"""Characters of a question that are read for its kind: who goes on longer has said it by then."""


def _plain(text: str) -> str:
    """Folded, abbreviations of either language written out, one space between words."""
    written = spelled_out(spelled_out(text[:_READ], "fr"), "en")
    return " ".join(fold(written).replace("’", "'").split())
