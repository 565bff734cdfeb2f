"""Rough typing -> the words meant: 'c koi la regle us pr les h200' -> "c'est quoi la regle US pour les h200".

Numbers first (ask/shorthand.py), then the spaces (ask/spacing.py), the abbreviations, and the words that shape a question
(ask/misspelt.py); slips of the keyboard in other words are mended against the library (ask/spelling.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from rag.ask.misspelt import mended
from rag.ask.shorthand import in_full
from rag.ask.spacing import spaced
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
        quand: kand, qand, qd, kan, qan
        combien: cb, cmb, cbien, conbien, combein, combian, kombien, combient
        pourquoi: pk, pq, pkoi, pourkoi, porquoi, pourqoi, pourquoa, pouquoi, prq, prquoi
        comment: komment, coment, cmt, cmnt, commant, komen, coman
        qu'il: kil
        qu'ils: kils
        depuis: dpuis, depui, dps
        jusqu'à: juska, jusqa, jusk
        avant: avt
        après: apr, apre, apré
        n'est: nest
        s'est: sest
        c'était: cetait
        maintenant: mnt, mtn, maint, mtnt
        donc: dc
        tout: tt
        tous: ts
        temps: tps
        quelque: kelk, kelke
        faut: fo
        bloqué: bloke
        américains: ricains, amerloques
        entreprises: boites
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
        quelle entreprise: quelle boite, kelle boite
        gouvernement: gvt, gouv
        par rapport: par raport
    """,
    "en": """
        which: wich, whic, whch
        what: wat, wut, wot, wht, waht
        what is: whats, wats
        why: wy, whyy
        with: w, w/, wth
        without: w/o
        before: b4, bfore
        until: til, untill
        right now: rn, atm
        president: prez
        quarter: qtr
        year: yr
        years: yrs
        revenue: rev
        market: mkt
        production: prod
        would: wud
        should: shud
        could: cud
        going to: gonna
        China: cn, chn
        who is: whos
        when: wen, whn, wehn
        where: wher, whre
        how: hw, hwo
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
_OF_ONE: Final = re.compile(r"(?<!\bla )(?<!\bune )(?<!\bles )(?<!\bdes )\bdun(e?)\b")
"""An article without its apostrophe, and not the dune of a beach."""
_MEASURED: Final = re.compile(r"\d ?$")
SHOUTED: Final = 4
"""Letters from which a word in capitals is an abbreviation that was shouted."""
_WHY: Final = re.compile(
    r"(?<![\w'’-])y(?= (?:is|was|are|were|did|does|do|has|have|had|can|cant|will|wont)\b)", re.IGNORECASE
)
"""A letter for a word; nobody asks "y" in French before an English verb."""


def spelled_out(text: str, lang: Lang) -> str:
    """The text as it was meant; a carefully typed one comes back as it is."""
    text = spaced(in_full(text, lang), lang)
    text = _WHY.sub("why", text) if lang == "en" else text
    text = _OF_ONE.sub(r"d'un\1", text) if lang == "fr" else text
    shouted = text.isupper()
    kept = _OWN_WORD.sub(" \0", text) if lang == "en" else text
    written = _abbreviations(lang).sub(lambda match: _meaning(match, lang, shouted), kept).replace("\0", "us")
    return mended(written, lang)


def _meaning(match: re.Match[str], lang: Lang, shouted: bool) -> str:
    """What an abbreviation stands for; a capital inside the text is an initial, a model or a name, and "700 w" a measure."""
    written, before = match.group(), match.string[: match.start()]
    inside = written[0].isupper() and before.strip() != ""
    capitals = written.isupper() and len(written) < (2 if shouted else SHOUTED)
    if (inside and not shouted) or capitals or written == "US" or _MEASURED.search(before):
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
