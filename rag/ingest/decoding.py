"""Turns the bytes of a file into text: UTF-8, UTF-16 with its mark, or Windows-1252; anything else is refused.

A web page may also name its encoding.
"""

from __future__ import annotations

import codecs
import re

from rag.errors import UnsupportedSource

_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a RIFF media file",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"SQLite format 3": "an SQLite database",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"{\\rtf": "an RTF document",
}
# UTF-32 begins like UTF-16 and has to be tried first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What French and English write beyond ASCII, as Windows-1252 has it.
_WESTERN = frozenset("àâäçéèêëîïôöùûüÿœæñáíóúãõåøßÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆÑÁÍÓÚÅØ«»‹›“”„‘’‚–—…•€£¥°§©®™·²³½¼¾ªº±×¡¿\xa0\xad")
_SHARE_OF_WESTERN = 0.9
_SHARE_OF_CONTROLS = 0.02

# Where a page names its encoding, and the names that are believed: those of the web's encoding standard in use here.
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,30})|encoding=["']([\w.:-]{2,30})["']""", re.I
)
_META_BYTES = 4_096
_NAMED = re.compile(
    r"utf-?8|utf-?16(?:[lb]e)?|us-ascii|ascii|latin-?1|iso-?8859-?\d{1,2}|windows-125\d|cp125\d|mac(?:intosh|-?roman)|"
    r"koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(?:jp|kr)|shift_jis"
)
# As browsers read them: pages that claim the first are written in the second.
_MEANT = {"iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
          "ascii": "cp1252", "macintosh": "mac_roman", "gb2312": "gb18030", "gbk": "gb18030"}  # fmt: skip


def decode(data: bytes, name: str) -> str:
    """The text in `data`; `name` is what messages call it.

    Raises:
        UnsupportedSource: the bytes are no text, or a text whose characters cannot be told for certain.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_strictly(data, encoding, name), name)
    _refuse_other_formats(data, name)
    if b"\x00" in data:
        raise UnsupportedSource(f"{name} holds zero bytes, so it is no text: save its text as UTF-8 and ingest that.")
    try:
        return _checked(data.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        return _checked(_western(data, name, error), name)


def decode_page(data: bytes, name: str, charset: str | None = None) -> str:
    """The text of a web page. `charset`: what the server said of it, which is believed less than the bytes are.

    Raises:
        UnsupportedSource: the bytes are no text, or a text whose characters cannot be told for certain.
    """
    if any(data.startswith(mark) for mark, _ in _MARKS):
        return decode(data, name)
    _refuse_other_formats(data, name)
    meta = _META.search(data, 0, _META_BYTES)
    inside = (meta[1] or meta[2]).decode("ascii") if meta else None
    named = [_MEANT.get(each, each) for each in map(_plain_name, (charset, inside)) if _NAMED.fullmatch(each)]
    zeros = b"\x00" in data
    if not zeros and (text := _mostly_utf8(data)) is not None:
        # Bytes that make sense as UTF-8 are UTF-8, whatever is said of them.
        return _checked(text, name)
    for encoding in named:
        try:
            if not zeros or encoding.startswith("utf-16"):
                return _checked(data.decode(encoding), name)
        except (UnicodeDecodeError, LookupError):
            continue
    return decode(data, name)


def _refuse_other_formats(data: bytes, name: str) -> None:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise UnsupportedSource(f"{name} is {what}, not a text: save its text as .txt or .md and ingest that.")


def _mostly_utf8(data: bytes) -> str | None:
    """The text, if at most one in ten of its letters beyond ASCII is broken: a page may hold a torn one."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return text if broken == 0 or 10 * broken <= sum(c > "\x7f" for c in text) - broken else None


def _plain_name(charset: str | None) -> str:
    return (charset or "").strip().lower().replace("utf8", "utf-8")


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnsupportedSource(
            f"{name} announces {encoding.removesuffix('-sig').upper()} but is broken at byte {error.start}: "
            "save it again as UTF-8."
        ) from error


def _western(data: bytes, name: str, error: UnicodeDecodeError) -> str:
    """Windows-1252, which holds Latin-1, where the letters it gives are those of French and English."""
    beyond_ascii = [c for c in data.decode("utf-8", errors="ignore") if c > "\x7f"]
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    letters = [c for c in text if c > "\x7f"]
    western = sum(c in _WESTERN for c in letters)
    # A text that is UTF-8 but for a damaged byte would read as cp1252, with "Ã©" for every accent.
    if text and not beyond_ascii and western >= _SHARE_OF_WESTERN * len(letters):
        return text
    raise UnsupportedSource(
        f"{name} is neither UTF-8 (byte {error.start} is 0x{data[error.start]:02x}) nor Windows-1252: save it as UTF-8."
    ) from error


def _checked(text: str, name: str) -> str:
    """The text, unless so many control characters are in it that it cannot be one."""
    controls = sum(c < " " and c not in "\t\n\r\x0b\x0c\x1b" for c in text)
    if controls > max(2, _SHARE_OF_CONTROLS * len(text)):
        raise UnsupportedSource(f"{name} holds {controls} control characters, so it is no text: save it as UTF-8 text.")
    return text
