"""Words that point at an earlier question: finds those of a new one, and puts in their place what they stand for.

A pronoun whose own question names its owner ("Alibaba a-t-il", "Did Nvidia say when it ships") points at nothing earlier.
What a pronoun may stand for follows its part: who acts is a company, a person or a government, what is acted on a product.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rag.ask.rewriting import lead, led, lower_first
from rag.language.mentions import ACTORS, Family, Mention, mentions
from rag.language.normalize import strip_accents_aligned
from rag.model import Lang, Span

Part = Literal["subject", "object", "owner", "fact"]
"""What a pronoun is in its sentence; "fact" stands for all that was said and for things without a name."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A word or two that point back. `how` names the rule that found it and so how it is replaced."""

    span: Span
    word: str
    part: Part
    how: str


@dataclass(frozen=True, slots=True)
class _Rule:
    how: str
    part: Part
    pattern: re.Pattern[str]
    inner: bool
    """Whether a name earlier in the same question may be what it stands for."""


def _rule(how: str, part: Part, pattern: str, *, inner: bool) -> _Rule:
    return _Rule(how, part, re.compile(pattern, re.IGNORECASE), inner)


_RELATIVE_NOUNS: Final = (
    r"(?:rule|decision|law|bill|letter|deal|agreement|condition|price|amount|licen[cs]e|probe|investigation|ban|measure|order|fee|tax|tariff"
    r"|text|vote|announcement|restriction|approval|shipment|exemption|purchase|sale|figure|company|firm|chip|move|policy|summit|meeting|report"
    r"|claim|statement|threat|plan|cap|limit|delay|suspension|requirement|delivery|deliveries|companies|policies|case|incident|accusation"
    r"|regle|loi|lettre|accord|prix|montant|licence|enquete|interdiction|commande|taxe|texte|annonce|autorisation|livraison|vente|achat"
    r"|chiffre|entreprise|societe|puce|sommet|reunion|rapport|declaration|menace|plafond|limite|retard|exigence|projet(?: de loi)?|blocage"
    r"|mesure|affaire|levee|negociation|prelevement|frais|stock|marche|date limite|accusation|information|rumeur|position|cas)s?"
)
_TIMES: Final = r"(?:annee|semaine|mois|trimestre|jour|soir|matin|ete|year|week|month|quarter|day|time|morning|evening|summer|spring)"

_BEFORE_SUBJECT: Final = (
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|may|might|when|why|if|whether|that|because|before|after|and|what|how"
    r"|where|who|as|time is)"
)
_RULES: Final[dict[Lang, tuple[_Rule, ...]]] = {
    "fr": (
        _rule("inverted", "subject", r"(?P<verb>\b[^\W\d_]+)-(?:t-)?(?P<word>il|elle|ils|elles)\b", inner=True),
        _rule("tonic", "subject", r"\b(?:pour|avec|selon|d'apres|chez|a|de|par|contre|sans|sur|et) (?P<word>lui|elle|eux|elles)\b", inner=False),
        _rule(
            "clitic",
            "object",
            r"(?:\b(?:qui|quand|ou|comment|pourquoi|ne|on|il|elle|ils|elles|nous|vous) (?P<word>l'|les |la |le )(?=[^\W\d]+)(?!\w+ \w+-)"
            r"|\b(?P<word2>l')(?=(?:a|ont|avait|avaient|est|aura|aurait)\b|(?:achet|vend|livr|fabriqu|produi|distribu|utilis)\w*\b)"
            r"|\b(?P<word3>les |la |le |l')(?=[^\W\d_]+-(?:t-)?(?:il|elle|on)s?\b))",
            inner=False,
        ),
        _rule(
            "clitic",
            "object",
            r"\b(?P<word>en) (?=(?:a|ont|avait|avaient|aura|auront|reste\w*|vend\w*|achet\w*|livr\w*|command\w*|recu\w*|recoi\w*|produi\w*|faut)\b)",
            inner=False,
        ),
        _rule("fact", "fact", r"\ben (?=(?:pens|dit|dis|sait|parl|di[ts]ent|est|sont)\w*)(?<!ou en )|(?<!il )\by (?=(?:repond|reagi|particip|oppos|gagn|croi)\w*)", inner=False),
        _rule("plain", "subject", r"(?<![-'])\b(?P<word>il|elle|ils|elles)\b(?! (?:y a|faut|fait|pleut|s'agit|est (?:vrai|possible|prevu|question|\w+ (?:de|que))\b))", inner=True),
        _rule("owner", "owner", r"\b(?P<word>son|sa|ses|leurs?) (?=[^\W\d]{2,})", inner=True),
        _rule(
            "fact",
            "fact",
            r"\b(?:cela|ca(?! va)|celui-(?:ci|la)|celle-(?:ci|la)|ceux-(?:ci|la)|celles-(?:ci|la)|ce derniere?|cette derniere|ces derni\w+)\b"
            rf"|\b(?:ce|cet|cette|ces) (?!{_TIMES}|qu|dont|n'|soir|point|a\b|genre|type)(?=[^\W\d]{{2,}})(?!est\b|sont\b|sera\b)",
            inner=False,
        ),
    ),
    "en": (
        _rule("owner", "owner", r"\b(?P<word>his|its|their)\b|\b(?P<word2>her)\b(?= [a-z]+\b(?! (?:about|to|in)\b))", inner=True),
        _rule(
            "plain",
            "subject",
            rf"(?:^|\b{_BEFORE_SUBJECT} |, ?)"
            r"(?P<word>he|she|they|it(?! (?:true|possible|rain\w*|take\b|[a-z]+(?:al|le|ed|ly|ic) (?:that|to|for)\b)))\b",
            inner=True,
        ),
        _rule("object", "object", rf"(?!\b{_BEFORE_SUBJECT} it\b)\b\w+ (?P<word>him|them|it|her)\b", inner=True),
        _rule(
            "fact",
            "fact",
            rf"\b(?:this|that|these|those) (?=(?:\w+ )?{_RELATIVE_NOUNS}\b)|\b(?:these|those)\b(?! {_TIMES})"
            r"|\b(?:is|was|does|did|has|will|can|why|about|of|on|for|after|before|do|confirm|deny|say|said|denied|confirmed|like) (?:this|that)(?=$|\W*$| (?:true|mean|affect|change|happen|apply|work|matter)\w*)",
            inner=False,
        ),
        _rule("fact", "fact", r"\b(?:there|then)\W*$|\bboth of (?:them|these)\b|\bthe (?:former|latter)\b", inner=False),
    ),
}  # fmt: skip
_THE_THING: Final = re.compile(
    rf"\b(?:the|le|la|les|l'|du|des|au|aux) ?{_RELATIVE_NOUNS}\b(?! (?:de|du|des|d'|of|on|about|for|to|between|that|qui|que|sur|pour|contre|against|chin|amer|[A-Z0-9]))",
    re.IGNORECASE,
)
_IMPERSONAL: Final = re.compile(
    r"\b(?:(?:quel|quelle) (?:temps|heure) \w+-(?:t-)?il|(?:fait|faut|faudra|faudrait|existe|reste|convient|pleut|suffit|semble|y a|s'agit|s'est)-?(?:-t)?-il"
    r"|est-il (?:vrai|possible|exact|prevu|interdit|autorise|legal|\w+ (?:de|que|d'))|what time is it|is it (?:true|possible|likely|legal|allowed) (?:that|to|for)"
    r"|does it (?:take|cost) to|weather)\b",
    re.IGNORECASE,
)
_ARTICLED: Final = re.compile(
    r"(?<!de )(?<!of )\b(?:le|la|les|l'|un|une|ces|cette|cet|ce|mon|the|a|an|these|my)\b ?[^\W\d]+(?!-)", re.IGNORECASE
)


def pointers(text: str, lang: Lang) -> tuple[Pointer, ...]:
    """The words of a question that can only be understood from an earlier one, in order."""
    plain, named = strip_accents_aligned(text), mentions(text, lang)
    found: list[Pointer] = []
    for rule in _RULES[lang]:
        for match in rule.pattern.finditer(plain):
            start = match.start()
            if _IMPERSONAL.search(plain) and rule.part == "subject":
                continue
            if rule.inner and _owned(plain, start, named, rule):
                continue
            if any(start < other.span.end and other.span.start < match.end() for other in found):
                continue
            groups = match.groupdict()
            word = next((groups[name] for name in ("word", "word2", "word3") if groups.get(name)), match.group())
            found.append(Pointer(Span(start, match.end()), word.strip().lower(), rule.part, rule.how))
    return tuple(sorted(found, key=lambda pointer: pointer.span.start))


def names_the_thing(text: str) -> bool:
    """Whether "the decision", "les conditions" stand there as something that was spoken of."""
    return _THE_THING.search(strip_accents_aligned(text)) is not None


def _owned(plain: str, at: int, named: Sequence[Mention], rule: _Rule) -> bool:
    """Whether the question itself names, before `at`, what the pronoun there may stand for."""
    before = re.sub(
        r"^(?:[^,?]*\b(?:combien d[e']|quel(?:le)?s?|which|what|how many) ?)\w+", "", plain[:at], flags=re.IGNORECASE
    )
    owners = [m for m in named if m.span.end <= at and m.family not in ("date", "outlet")]
    if rule.part == "object":
        return len(owners) + len(_ARTICLED.findall(plain[:at])) > 1 or any(m.family == "product" for m in owners)
    actors = [m for m in owners if m.family in ACTORS or not _asks_how_many(plain)]
    return (
        bool(actors) or _ARTICLED.search(before) is not None or (rule.how == "inverted" and _bare_subject(plain[:at]))
    )


def _asks_how_many(plain: str) -> bool:
    return re.match(r"^(?:et |and )?(?:combien|quel|which|what|how many)", plain, re.IGNORECASE) is not None


def _bare_subject(before: str) -> bool:
    """Keywords before an inverted verb: "h200 autorisée est-elle"; no question word."""
    return bool(re.search(r"\w", before)) and not re.search(
        r"\b(?:qui|que|qu'|quoi|quand|ou|comment|pourquoi|combien|quel\w*|et|mais|alors|donc|en|y|ne|n'|l'|les|la|le)\W*",
        before,
        re.IGNORECASE,
    )


# --- what they stand for -----------------------------------------------------------------------------------------

_SAYING: Final = re.compile(
    r"\b(?:dit|annonce\w*|confirme\w*|dementi\w*|revele\w*|rapporte\w*|ecrit|affirme\w*|sait|explique\w*|decide\w*"
    r"|say|says|said|confirm\w*|announce\w*|den(?:y|ied)|report\w*|reveal\w*|know|claim\w*|explain\w*|decide\w*|happen\w*)\b",
    re.IGNORECASE,
)
_PASSIVE: Final = re.compile(
    r"\b(?:ete|est|sont|sera|seront|etait|etaient|coute\w*|vaut|is|are|was|were|be|been|cost)\b|\b(?:est|sont|coute|sera|etait)-",
    re.IGNORECASE,
)
_FAMILIES: Final[dict[str, tuple[Family, ...]]] = {
    "he": ("person",), "him": ("person",), "his": ("person",), "she": ("person",), "her": ("person",),
    "lui": ("person", "company", "place"), "they": ("group", "company", "place", "person"), "their": ("group", "company", "product", "place"),
    "eux": ("group", "place"), "ils": ("group", "place"), "elles": ("group", "product"),
    "leur": ("group", "company", "place"), "leurs": ("group", "company", "place"),
}  # fmt: skip
_ACTING: Final[tuple[Family, ...]] = ("person", "company", "place", "group", "product")
_ACTED_ON: Final[tuple[Family, ...]] = ("product", "group", "company")
_THINGS: Final = frozenset({"it", "il", "elle"})
_OF_EVENTS: Final = re.compile(
    r"\b(?:start\w*|beg[aiu]n\w*|ends?|ended|happen\w*|expire\w*|take effect|took effect|takes? place|took place|held|lieu|tiendra|come into|last|lifted|imposed|signed|announced|confirmed|decided"
    r"|withdrawn|passed|adopted|voted|approved|reversed|commenc\w*|entr\w+ en vigueur|prend\w* fin|demarr\w*|dur\w+|levee?|impose\w*|signee?"
    r"|annoncee?|confirmee?|decidee?|retiree?|adoptee?|votee?|prise)\b",
    re.IGNORECASE,
)
"""What is said of decisions and events, not of chips or companies."""
_EVENT_NOUNS: Final = re.compile(
    r" (?:sales?|exports?|shipments?|orders?|deliver\w+|production|licen[cs]\w+|rules?|bans?|deals?|purchases?|approvals?|business|volumes?|clearance|supply|stock\w*|demand)\b"
)


def _is_complement(mention: Mention, base: str, lang: Lang) -> bool:
    """Whether a product only says what something else is of: "H200 sales", "la vente de H200"."""
    if mention.family != "product":
        return False
    if lang == "en":
        return _EVENT_NOUNS.match(base[mention.span.end :]) is not None
    led_by = lead(base, mention.span.start, "fr")
    counted = re.search(r"\bcombien $", base[: led_by.start], re.IGNORECASE)
    return (
        led_by.preposition == "de"
        and led_by.article in ("", "les")
        and re.search(
            r"\b(?:vente|livraison|production|achat|exportation|importation|commande|licence|stock|interdiction|expedition|autorisation)s? $",
            base[: led_by.start],
        )
        is not None
        and not counted
    )


_PLURAL: Final = frozenset({"they", "their", "them", "ils", "elles", "eux", "leur", "leurs"})


def _with_maker(name: Mention, base: str, lang: Lang) -> Mention:
    """A company that stands before its model means the model: "DeepSeek V4"."""
    model = next((m for m in mentions(base, lang) if m.span.start == name.span.end + 1 and m.sort == "model"), None)
    if model is None or name.family != "company":
        return name
    return Mention(Span(name.span.start, model.span.end), f"{name.text} {model.text}", "product", "model")


_WOMEN: Final = frozenset({"she", "her", "elle"})
_MEN: Final = frozenset({"he", "him", "his", "il", "lui"})


def antecedent(pointer: Pointer, text: str, base: str, lang: Lang) -> Mention | None:
    """What of an earlier question `base` the pointer of `text` stands for; None if no name does."""
    plain = strip_accents_aligned(text)
    if pointer.part == "fact" or (
        pointer.part == "object" and _SAYING.search(plain) and pointer.word not in ("him", "her")
    ):
        return None
    families = _FAMILIES.get(pointer.word)
    laws_only = pointer.word in _THINGS and _OF_EVENTS.search(plain) is not None
    if families is None:
        acted_on = pointer.part == "object" or (pointer.part == "subject" and _PASSIVE.search(plain) is not None)
        families = _ACTED_ON if acted_on else _ACTING
        if acted_on and pointer.part == "subject":
            families += tuple(family for family in _ACTING if family not in families)
        if pointer.word in ("it", "its"):
            families = tuple(
                family for family in families if family != "person" and (family != "place" or not acted_on)
            )
    candidates = [m for m in mentions(base, lang) if m.family in families and _agrees(pointer.word, m, base, lang)]
    candidates = [m for m in candidates if pointer.part == "owner" or not _is_complement(m, base, lang)]
    candidates = [m for m in candidates if m.sort == "law" or not laws_only]
    if pointer.word in _PLURAL:  # "the conditions set by Washington": they are the conditions
        candidates = [
            m for m in candidates if m.family in ("group", "product") or not lead(base, m.span.start, lang).preposition
        ]
    candidates = [_with_maker(m, base, lang) for m in candidates]
    named = {m.text.lower() for m in mentions(text, lang)}
    candidates = [m for m in candidates if m.text.lower() not in named]
    # Who acts comes before what is acted on, otherwise the first named wins.
    order = {family: 0 for family in _ACTING[:-1]} if families == _ACTING else {}
    candidates.sort(key=lambda m: order.get(m.family, families.index(m.family)))
    return candidates[0] if candidates else None


def _agrees(word: str, mention: Mention, base: str, lang: Lang) -> bool:
    """Whether gender and number, as far as an article shows them, allow the pronoun."""
    if (word in _WOMEN and mention.sort == "man") or (word in _MEN and mention.sort == "woman"):
        return False
    article = lead(base, mention.span.start, lang).article
    return article not in _DISAGREE.get(word, ())


_DISAGREE: Final = {"il": ("la", "les"), "elle": ("le", "les"), "ils": ("le", "la", "l'"), "elles": ("le", "la", "l'")}


# --- putting it there --------------------------------------------------------------------------------------------


def replaced(text: str, pointer: Pointer, name: Mention, base: str, base_lang: Lang, lang: Lang) -> str:
    """`text` with the name where the pointer was, in the way its language allows."""
    article = _article(name, base, base_lang, lang)
    full = led("", article, name.text, lang)
    end = pointer.span.end
    if lang == "en":
        word_at = end - len(pointer.word)
        owner = full + ("'" if full.endswith("s") else "'s")
        text = text[:word_at] + (owner if pointer.part == "owner" else full) + text[end:]
    elif pointer.how == "inverted":
        text = _inverted(text, pointer, full)
    elif pointer.how == "owner":
        text = _owned_by(text, pointer, led("de", article, name.text, "fr"))
    elif pointer.how == "clitic":
        text = _named_after(text, f"de {name.text}" if pointer.word == "en" else full)
    else:
        text = text[: end - len(pointer.word)] + full + text[end:]
    return text[:1].upper() + text[1:]


def _article(name: Mention, base: str, base_lang: Lang, lang: Lang) -> str:
    """The article a name had, or that it needs where it had none."""
    article = lead(base, name.span.start, base_lang).article if base_lang == lang else ""
    if article or name.family not in ("group", "product"):
        return article
    if lang == "fr":
        return "les" if name.family == "group" or name.sort == "chip" else ""
    return "the" if name.family == "group" or (name.sort == "chip" and not name.text.endswith("s")) else ""


def _inverted(text: str, pointer: Pointer, full: str) -> str:
    """Name the subject: "Quand a-t-il répondu ?" -> "Quand Trump a-t-il répondu ?"; "Qu'a-t-il dit ?" -> "Qu'a dit Trump ?"."""
    start, end = pointer.span.start, pointer.span.end
    before, verb, after = text[:start], re.split(r"-", text[start:end])[0], text[end:]
    if re.search(r"\bqu(?:e |['’])$", before, re.IGNORECASE):
        first = re.match(r" (?:[^\W\d]+(?:é|er|ir|re|u|it|is|oir))\b", after)
        at = first.end() if first else 0
        return f"{before}{verb}{after[:at]} {full}{after[at:]}"
    # The name stands before a pronoun that belongs to the verb: "Combien Tencent en a-t-elle reçu ?".
    clitic = re.search(r"\b(?:en |y |les |la |le |l['’]|n['’]|ne )+$", before, re.IGNORECASE)
    at = clitic.start() if clitic else start
    rest = text[at:end] if text[:at].strip() else lower_first(text[at:end], "fr")
    return f"{text[:at]}{full} {rest}{after}"


def _owned_by(text: str, pointer: Pointer, of_name: str) -> str:
    """Name the owner after the noun: "sa bande passante" -> "la bande passante de la H200"."""
    noun_at = pointer.span.end
    noun = re.match(r"\s?[^\W\d]+(?: [^\W\d]+)?(?=\s*(?:[?,.!]|$))|\s?[^\W\d]+", text[noun_at:])
    end = noun_at + (noun.end() if noun else 0)
    vowel = text[noun_at:].lstrip()[:1].lower() in "aeiouéèêh"
    article = {"sa": "la ", "ses": "les ", "leurs": "les "}.get(pointer.word, "l'" if vowel else "le ")
    return f"{text[: pointer.span.start]}{article}{text[noun_at:end].lstrip()} {of_name}{text[end:]}"


def _named_after(text: str, full: str) -> str:
    """Name the object last, as the pronoun stays before the verb: "Qui les distribue ?" -> "Qui les distribue, les H200 ?"."""
    return f"{text.rstrip(' ?!.')}, {full} ?"
