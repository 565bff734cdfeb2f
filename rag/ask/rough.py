"""Rough typing -> the words meant: 'c koi la regle us pr les h200' -> "c'est quoi la regle US pour les h200".

Only abbreviations and misspelled question words, which no search for near words finds; slips of the keyboard in other
words are mended against the library (ask/spelling.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from rag.model import Lang

_WRITTEN: Final[Mapping[Lang, str]] = {
    "fr": """
        c'est quoi: c koi, c quoi, ckoi, c kwa, cest quoi, c est quoi
        c'est qui: c ki, c qui
        c'est: c, cest
        qu'est-ce que: keske, keske, kesk, qesque, kes ke, kesako, qu est ce que, quest ce que, questce que
        est-ce que: esque, eske, esk, es ke, es que, est ce que, estce que
        quoi: koi, kwa, kwoi
        qui: ki
        que: ke
        quel: kel, qel
        quelle: kelle, qelle, quele, quell
        quels: kels
        quelles: kelles, queles
        quand: kand, qand, qd
        combien: cb, cmb, cbien, conbien, combein, combian, kombien, combient
        pourquoi: pk, pq, pkoi, pourkoi, porquoi, pourqoi, pourquoa, pouquoi, prq, prquoi
        comment: komment, coment, cmt, cmnt, commant
        il y a: ya, y a til
        pour: pr
        dans: ds
        avec: ac, avc
        pendant: pdt
        beaucoup: bcp
        toujours: tjs, tjrs, tjr, toujour
        aujourd'hui: auj, ajd, aujourdhui, aujourd hui, ojd
        actuellement: actuelement
        nombre: nb, nbre
        US: us
        bonjour: bjr
        salut: slt
        merci: mrc
        d'accord: dacc, dac
        entreprise: entrepris
        gouvernement: gvt, gouv
        par rapport: par raport
    """,
    "en": """
        which: wich, whic, whch
        what: wat, wut, wot, wht, waht
        what is: whats, wats
        who is: whos
        when: wen, whn, wehn
        where: wher, whre
        how: hw
        many: mny
        how many: howmany
        how much: howmuch
        please: pls, plz
        you: u
        are: r
        about: abt
        because: cuz, bc, becuz
        thanks: thx
        people: ppl
        government: govt
        today: 2day
        percent: pct
        between: btwn
        did not: didnt
        companies: compagnies
        US: us
    """,
}
_OWN_WORD: Final = re.compile(
    r"(?:(?<=\b[Ll]et)|(?<=\b[Tt]ell)|(?<=\b[Gg]ive)|(?<=\b[Ss]how)) us\b|(?:(?<=\bfor)|(?<=\bto)|(?<=\bof)) us\b(?! [a-z])"
)
"""Where a small "us" is the pronoun and not the country: nothing is "of us rules"."""


def spelled_out(text: str, lang: Lang) -> str:
    """The text with its abbreviations written out; a carefully typed one comes back as it is."""
    kept = _OWN_WORD.sub(" \0", text) if lang == "en" else text
    return _abbreviations(lang).sub(lambda match: _meaning(match.group(), lang), kept).replace("\0", "us")


def _meaning(written: str, lang: Lang) -> str:
    # One capital letter is an initial or a model, and US in capitals is what it is.
    if written.isupper() and (len(written) == 1 or written == "US"):
        return written
    meant = _meanings(lang)[" ".join(written.lower().split())]
    return meant[0].upper() + meant[1:] if written[0].isupper() else meant


@cache
def _abbreviations(lang: Lang) -> re.Pattern[str]:
    written = "|".join(r"\s+".join(map(re.escape, key.split())) for key in sorted(_meanings(lang), key=len)[::-1])
    # A letter beside an apostrophe, a point or a hyphen belongs to a longer word: c'est, U.S., R&D.
    return re.compile(rf"(?<![\w'’.&-])(?:{written})(?![\w'’&-]|\.\w)", re.IGNORECASE)


@cache
def _meanings(lang: Lang) -> Mapping[str, str]:
    lines = (line.strip().split(": ") for line in _WRITTEN[lang].strip().splitlines())
    return {written: meant for meant, all_written in lines for written in all_written.split(", ")}
