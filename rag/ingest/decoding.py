"""Turns the bytes of a file into text: UTF-8, UTF-16 with its mark, or Windows-1252; anything else is refused."""

from __future__ import annotations

import codecs

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


def decode(data: bytes, name: str) -> str:
    """The text in `data`; `name` is what messages call it.

    Raises:
        UnsupportedSource: the bytes are no text, or a text whose characters cannot be told for certain.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_strictly(data, encoding, name), name)
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise UnsupportedSource(f"{name} is {what}, not a text: save its text as .txt or .md and ingest that.")
    if b"\x00" in data:
        raise UnsupportedSource(f"{name} holds zero bytes, so it is no text: save its text as UTF-8 and ingest that.")
    try:
        return _checked(data.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        return _checked(_western(data, name, error), name)


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
