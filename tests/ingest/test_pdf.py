"""PDF files: lines become paragraphs, what is no article is refused, and nothing breaks the program."""

from __future__ import annotations

import contextlib
import io
import zlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import EmptyArticle, IngestError, UnreadableSource, UnsupportedSource
from rag.ingest.loaders import load_article, read_source
from rag.ingest.pdf import MOST_PAGES, read_pdf

PAGE_ONE = """La Gazette des Ports - n° 412
Le port de Brest rouvre après onze jours
de blocage
Publié le 11 février 2026
Le port de Brest a rouvert mercredi matin, après onze jours d'un blo-
cage qui a immobilisé 4 000 conteneurs. Selon Reuters, six navires at-
tendent encore au large et ne seront déchargés que la semaine prochaine.
« On n'avait plus vu cela depuis 1998 », raconte un docker.
Ce qui manque
Les grues numéro 3 et 7 restent à l'arrêt. Leur remise en marche est pré-
vue pour le 20 février, si les pièces arrivent à temps des États-
Unis. Le demi-
tarif accordé aux armateurs court jusqu'à la fin du mois. Ce demi-tarif
coûtera 300 000 euros.
1 / 2"""
PAGE_TWO = """La Gazette des Ports - n° 412
Le préfet doit recevoir les syndicats jeudi. Il a promis une réponse écrite
avant la fin de la semaine.
- douze grues
- quarante dockers
© 2026 La Gazette des Ports
2 / 2"""


def pdf(pages: list[str], facts: dict[str, str] | None = None, *, compress: bool = False) -> bytes:
    """A small PDF with these lines of text on its pages."""
    objects: list[bytes] = []
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for index, text in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {5 + 2 * index} 0 R >>".encode()
        )
        lines = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in text.split("\n")]
        content = ("BT /F1 10 Tf 12 TL 50 800 Td\n" + "\n".join(f"({line}) Tj T*" for line in lines) + "\nET").encode(
            "cp1252"
        )
        packed = zlib.compress(content) if compress else content
        filters = b"/Filter /FlateDecode " if compress else b""
        objects.append(b"<< " + filters + f"/Length {len(packed)} >>\nstream\n".encode() + packed + b"\nendstream")
    if facts:
        entries = " ".join(f"/{key} ({value})" for key, value in facts.items())
        objects.append(f"<< {entries} >>".encode("cp1252"))
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, 2)
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + content + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010} 00000 n \n".encode() for place in places))
    info = f"/Info {len(objects)} 0 R " if facts else ""
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R {info}>>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def test_lines_become_paragraphs():
    page = read_pdf(pdf([PAGE_ONE, PAGE_TWO]), "a.pdf")
    assert page.parts == (
        (
            "Le port de Brest a rouvert mercredi matin, après onze jours d'un blocage qui a immobilisé 4 000 conteneurs. "
            "Selon Reuters, six navires attendent encore au large et ne seront déchargés que la semaine prochaine. "
            "« On n'avait plus vu cela depuis 1998 », raconte un docker.",
            "body",
        ),
        ("Ce qui manque", "heading"),
        (
            "Les grues numéro 3 et 7 restent à l'arrêt. Leur remise en marche est prévue pour le 20 février, si les pièces "
            "arrivent à temps des États-Unis. Le demi-tarif accordé aux armateurs court jusqu'à la fin du mois. "
            "Ce demi-tarif coûtera 300 000 euros.",
            "body",
        ),
        (
            "Le préfet doit recevoir les syndicats jeudi. Il a promis une réponse écrite avant la fin de la semaine.",
            "body",
        ),
        ("- douze grues", "body"),
        ("- quarante dockers", "body"),
    )
    assert (page.title, page.published) == ("Le port de Brest rouvre après onze jours de blocage", date(2026, 2, 11))
    assert (page.lang, page.origin) == ("fr", "Reuters")


def test_compressed_streams_read_the_same():
    assert read_pdf(pdf([PAGE_ONE, PAGE_TWO], compress=True), "a.pdf") == read_pdf(pdf([PAGE_ONE, PAGE_TWO]), "a.pdf")


PROSE = "\n".join(["Une phrase entière dit ici quelque chose que l'on pourra citer plus tard, mot pour mot."] * 3)


@pytest.mark.parametrize(
    ("facts", "first", "title"),
    [
        ({"Title": "Le port rouvre mercredi"}, "Le port rouvre mercredi\n", "Le port rouvre mercredi"),
        ({"Title": "Le port rouvre mercredi"}, "", "Le port rouvre mercredi"),
        ({"Title": "Modele de page"}, "Le port rouvre enfin mercredi\n", "Le port rouvre enfin mercredi"),
        ({"Title": "Microsoft Word - port.docx"}, "Le port rouvre enfin\n", "Le port rouvre enfin"),
        (
            {"Title": "port_v2.indd"},
            "",
            "Une phrase entière dit ici quelque chose que l'on pourra citer plus tard, mot pour mot",
        ),
        ({}, "ENQUÊTE\nLe port rouvre enfin\n", "Le port rouvre enfin"),
    ],
)
def test_the_title(facts, first, title):
    assert read_pdf(pdf([first + PROSE], facts), "a.pdf").title == title


@pytest.mark.parametrize(
    ("made", "first", "day"),
    [
        ("D:20260301120000+01'00'", "", date(2026, 3, 1)),
        ("D:20260301120000Z", "Brest, le 11 février 2026\n", date(2026, 2, 11)),
        ("hier", "", None),
        ("D:00010101", "", None),
    ],
)
def test_the_day(made, first, day):
    assert (
        read_pdf(pdf([f"Le port rouvre mercredi matin\n{first}{PROSE}"], {"CreationDate": made}), "a.pdf").published
        == day
    )


def test_what_a_browser_prints_around_a_page():
    pages = [
        f"21/11/2026 10:33 Le port rouvre mercredi\nLe port rouvre mercredi\n{PROSE.replace('phrase', 'x' * n)}\nhttps://quai.example/port?x=1#y {n}/2"
        for n in (1, 2)
    ]
    page = read_pdf(pdf(pages), "a.pdf")
    assert page.url == "https://quai.example/port?x=1"
    assert "10:33" not in "".join(text for text, _ in page.parts)
    assert "quai.example" not in "".join(text for text, _ in page.parts)


def test_an_address_that_must_not_be_shown():
    pages = [
        f"Le port rouvre mercredi\n{PROSE.replace('phrase', 'x' * n)}\nhttp://127.0.0.1:22/x {n}/2" for n in (1, 2)
    ]
    assert read_pdf(pdf(pages), "a.pdf").url is None


def encrypted(password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([PAGE_ONE, PAGE_TWO]))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_encrypted():
    with pytest.raises(UnreadableSource, match="encrypted"):
        read_pdf(encrypted("secret"), "a.pdf")


def test_encrypted_with_no_password_to_read_it():
    assert read_pdf(encrypted(""), "a.pdf").title == "Le port de Brest rouvre après onze jours de blocage"


@pytest.mark.parametrize("pages", [[""], ["", ""], ["Page 1"]])
def test_pictures_only(pages):
    with pytest.raises(EmptyArticle, match="pictures"):
        read_pdf(pdf(pages), "scan.pdf")


def test_glyphs_without_letters():
    with pytest.raises(EmptyArticle, match="which letters"):
        read_pdf(pdf(["\n".join(["1 2 3 4 5 6 7 8 9 ! ? # % &"] * 9)]), "a.pdf")


def test_too_many_pages():
    with pytest.raises(UnreadableSource, match="201 pages, at most 200"):
        read_pdf(pdf(["x"] * (MOST_PAGES + 1)), "a.pdf")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n%%EOF",
        pdf([PAGE_ONE])[:300],
        pdf([PAGE_ONE]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"),
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000,
        b"%PDF-1.7\n1 0 obj\n" + b"<<" * 100_000,
    ],
)
def test_broken(data):
    with pytest.raises((UnreadableSource, EmptyArticle)):
        read_pdf(data, "a.pdf")


def test_no_pdf():
    with pytest.raises(UnsupportedSource, match=r"a\.pdf is no PDF"):
        read_pdf(b"Une phrase.", "a.pdf")


@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=8))
@settings(max_examples=80, deadline=None)
def test_damage_gives_an_article_or_a_reason(at, junk):
    whole = pdf([PAGE_ONE, PAGE_TWO])
    at %= len(whole)
    with contextlib.suppress(IngestError):
        assert read_pdf(whole[:at] + junk + whole[at + len(junk) :], "a.pdf").title


def test_a_file(tmp_path: Path):
    path = tmp_path / "Port de Brest.PDF"
    path.write_bytes(pdf([PAGE_ONE, PAGE_TWO], {"Author": "Anne Le Goff", "Title": "x"}))
    article = load_article(read_source(path, max_bytes=1_000_000))
    assert (article.publisher, article.url, article.kind) == ("—", None, "full")
    assert article.source == str(path.resolve())
    assert article.id.startswith("port-de-brest-")
    assert article.extra == (("author", "Anne Le Goff"),)
    assert "\n\n".join(block.span.of(article.text) for block in article.blocks) == article.text
