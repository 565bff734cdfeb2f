"""A question as typed -> Question: its language, what kind of answer it expects, and its text made complete."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

from rag.language.detect import detect_language
from rag.language.normalize import fold, normalize
from rag.language.terms import terms
from rag.model import Lang, Question

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

_CUES: tuple[tuple[Kind, str], ...] = (
    (
        "duration",
        r"combien de (temps|jours|semaines|mois|annees)|pendant combien|\bhow long|how many (days|weeks|months|years)",
    ),
    (
        "money",
        r"combien (coute|couterai?t|paie|paye|paiera|valent|vaut|d'argent|de (dollars|yuans?|euros|milliards))"
        r"|(quel|quelle|quels|quelles)( est| sont| etait| sera)?( (le|la|les))? (prix|cout|montant|chiffre d'affaires|benefices?|somme|tarif)\b"
        r"|how much (money|revenue|profit|income|cash)\b|how much (does|did|will|would|do|must|should)\b.*\b(cost|pay|paid|spend|spent|earn|invest)|(what|which) (price|cost|sum|revenue|profit)"
        r"|(what|how much) .*\b(is|are|was|be|were) .*worth|what .*\b(is|was|are) the (price|cost|revenue|unit price)|price tag",
    ),
    (
        "percentage",
        r"pourcentage|\b(marge|margin)\b|quel(le)?( est)?( (le|la))? (taux|part|proportion)\b|\bpercent|per cent|(what|which) (share|cut|rate|proportion)",
    ),
    (
        "quantity",
        r"\bcombien\b|quel(le)?( (est|etait|sera))?( (le|la))? (nombre|quantite|volume|valeur|plafond|quota|ampleur|capacite)"
        r"|\bhow (many|much|big|large|far|high)\b|what (is the )?(number|amount|volume|quantity|cap|quota)|order size|\b(vote|head|body) ?count\b|\btally\b|quel (etait |est |a ete )?le (score|resultat du vote|decompte)",
    ),
    (
        "when",
        r"\bquand\b|quelle (date|annee|echeance|periode)|quel (jour|mois)|(^|, |: |and |since |by |until )when\b|\bwhen (did|was|were|is|are|will|does|do|has|had|should|can)\b|^date\b|(what|which) (date|day|month|year)",
    ),
    (
        "where",
        r"(^|[,:] |\bd'|\bpar |\bet )ou\b(?! pas)|\bc'est ou\b|dans quel(le)?s? (?!mesure|but|delai|condition|cadre|contexte|sens|ordre|etat)\w+|(de|pour|vers) quel(le)?s? (ville|pays|lieu|endroit|region|port)s?"
        r"|\bwhere\b|(what|which) (city|cities|country|countries|places?|town|port|factory|plant|airport)",
    ),
    (
        "said",
        r"\bqu(e|'a|'ont|'en) ?(\w+-)?(dit|disent|pense|pensent|declare|estime|repond|t-il|t-elle)\b|\bqu'(a|ont) (dit|declare|repondu|annonce|affirme)"
        r"|(quelle|quel)( a ete| est| fut)? (la reaction|la reponse|l'avis|le commentaire|la position) d"
        r"|what (did|does|do|has|have) .*\b(say|says|said|think|thinks|reply|argue|claim|tell|told)\b|how did .*\b(react|respond|describe|comment|sum up)",
    ),
    (
        "why",
        r"\bpourquoi\b|(pour )?quel(le)?s?( est| sont)?( (la|les|le))? (raison|motif|cause)s?\b|\bwhy\b|how come|for what reason",
    ),
    (
        "who",
        r"\bqui\b|\bwho\b|\bwhom\b|\bwhose\b|comment s'appelle|"
        r"quel(le)?s? (responsable|journal|quotidien|agence|branche|dirigeant|entreprise|societe|groupe|firme|ministere|media|president|patron|senat|depute|agence|administration)"
        r"|(what|which) (\w+ )?(compan|firm|ministr|outlet|president|official|lawmaker|senator|agency|executive|ceo|media|newspaper|journalist|arm of|branch)",
    ),
)
_YES_NO = re.compile(
    r"^(et |and )?(est ce qu|(is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|might|may)\b)"
    r"|\w-(t-)?(il|elle|ils|elles|on)\b|\b[at] t (il|elle|on)\b"
)
_POLITE = re.compile(
    r"^(can|could|would) you (please )?(tell|remind) me |^(please )?tell me |^do you know |^i('d| would) like to know "
    r"|^(peux|pourrais)[- ]tu me (dire|rappeler) |^(pouvez|pourriez)[- ]vous me (dire|rappeler) |^dis(-| )moi |^dites(-| )moi "
    r"|^(sais[- ]tu|savez[- ]vous) |^j(e voudrais|'aimerais) savoir "
)
_COUNTED = re.compile(
    r"(?:combien\s+d(?:e\s+|['’]\s?)|how many\s+|nombre\s+d(?:e\s+|['’]\s?)|number of\s+)(\w+(?:\s+\w+)?)",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(r"\b(quel|quelle|quels|quelles|lequel|laquelle|quoi|comment|what|which|how)\b")
_SMALL_TALK = re.compile(
    r"^(bonjour|bonsoir|salut|coucou|hello|hi|hey|good (morning|evening|afternoon)|merci( beaucoup| bien)?|thanks?( you)?( very much| a lot)?"
    r"|au revoir|bye|goodbye|ok|d'accord|super|comment (ca va|vas-tu|allez-vous)|ca va|how are you|qui es-tu|qui etes-vous|who are you"
    r"|que (sais|peux)-tu faire|que pouvez-vous faire|what can you do|help|aide)[\s!.?,]*$"
)
_POINTS_BACK = re.compile(
    r"^(et|and|mais|but|ou|or|what about|how about|alors|donc|so)\b"
    r"|\b(il|elle|ils|elles|lui|leur|leurs|cela|ca|celui-ci|celle-ci|ceux-ci|ce dernier|cette derniere)\b"
    r"|\b(he|she|it|they|them|him|her|his|its|their|that|this|those|these|there|then)\b"
)
_NOW = re.compile(
    r"\b(aujourd'hui|actuellement|actuelle?s?|maintenant|en ce moment|a ce jour|desormais|toujours|encore|derniers?|dernieres?"
    r"|now|today|currently|current|at present|nowadays|so far|still|latest|yet|these days|as of today)\b"
)
_INVERTED = re.compile(r"-(t-)?(il|elle|ils|elles|on|ce)\b")
"""The pronoun of an inverted verb ("Alibaba a-t-il") points at nothing."""


def understand(
    text: str,
    *,
    history: Sequence[str] = (),
    as_of: date | None = None,
    lang: Lang | None = None,
    default_lang: Lang = "fr",
) -> Question:
    """Read a question; one that leans on earlier turns is completed with the latest of them.

    `history`: the earlier questions of the reader, oldest first.
    """
    typed = normalize(text).replace("\n", " ")
    earlier = [normalize(turn).replace("\n", " ") for turn in history if turn.strip()]
    language = lang or detect_language(typed, detect_language(earlier[-1], default_lang) if earlier else default_lang)
    kind = kind_of(typed)
    if not earlier or kind in ("empty", "small_talk") or not leans_back(typed, language):
        return Question(typed, typed, language, kind, as_of, tuple(earlier))
    base = understand(earlier[-1], history=earlier[:-1], default_lang=language)
    # "Et Tencent ?" asks what was asked before; "Quand ?" asks something else of the same matter.
    kind = base.kind if kind == "what" else kind
    return Question(typed, f"{base.standalone} {typed}", language, kind, as_of, tuple(earlier))


def kind_of(text: str) -> str:
    """What sort of answer the words ask for."""
    folded = re.sub(r"[’']", "'", fold(text)).strip()
    if not re.search(r"\w", folded):
        return "empty"
    if _SMALL_TALK.match(folded):
        return "small_talk"
    asked = _POLITE.sub("", folded.replace("est-ce qu", "est ce qu"))
    if _YES_NO.match(asked):
        return "yes_no"
    for kind, pattern in _CUES:
        if re.search(pattern, asked):
            return kind
    return "yes_no" if _YES_NO.search(asked) and not _QUESTION_WORD.search(asked) else "what"


def subject_of(text: str, kind: str) -> str:
    """The words that name what is counted, or who is quoted: 'Combien de puces H200 ...' -> 'puces H200'."""
    if kind != "quantity":
        return ""
    match = _COUNTED.search(text)
    return match.group(1) if match else ""


def asks_about_now(text: str) -> bool:
    """Whether a question is about the present, in so many words."""
    return _NOW.search(fold(text)) is not None


def leans_back(text: str, lang: Lang) -> bool:
    """Whether a question cannot be understood without the one before it."""
    folded = _INVERTED.sub("", fold(text))
    subjects = terms(text, lang)
    if not subjects:
        return True
    opening = re.match(r"^(et|and|what about|how about)\b", folded) is not None
    return opening or (len(subjects) <= 3 and _POINTS_BACK.search(folded) is not None)
