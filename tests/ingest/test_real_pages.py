"""Five real pages, kept outside the repository: every sentence counted, none of their noise left."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from rag.ingest.cleaning import Page, clean_page
from rag.language.sentences import split_sentences

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
with_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the real pages are not at {SEEDS}")
NOISE = (
    "cookies",
    "PoolX",
    "448 vues",
    "State Grid",
    "Image générée",
    "Avertissement",
    "Les plus populaires",
    "Principales actualités",
    "Rapporté par",
    "Sources:",
    "Commentaires",
    "©",
    "Assistance à la rédaction",
    "mis à jour",
    "Bitget",
    "Retour à l'accueil",
    "date 2026",
    "Taiwan this week",
)


@dataclass(frozen=True)
class Seed:
    """What must come out of one real page; counts are of sentences."""

    title: str
    published: date | None
    origin: str | None
    publisher: str | None
    body: int
    teaser: int
    headings: int
    first: str
    last: str


SEED_PAGES = {
    "000": Seed(
        "Le 13 janvier, le gouvernement chinois a demandé à certaines entreprises technologiques…",
        None,
        "The Information",
        None,
        14,
        0,
        0,
        "Le 13 janvier, le gouvernement",
        "ou des clarifications.",
    ),
    "001": Seed(
        "La Chine interdit l'entrée des puces H200 de NVIDIA",
        date(2026, 1, 14),
        "Reuters",
        None,
        14,
        0,
        2,
        "Les puces NVIDIA recherchées partout",
        "communément admis ?",
    ),
    "002": Seed(
        "La Chine approuve l'importation de puces IA haut de gamme de Nvidia",
        date(2026, 1, 28),
        None,
        None,
        9,
        14,
        0,
        "La Chine a approuvé l'importation",
        "politique chinois.",
    ),
    "003": Seed(
        "La Chine ordonne à Alibaba et à d'autres entreprises technologiques de préparer l'achat de Nvidia H200",
        date(2026, 1, 23),
        "Bloomberg",
        "Bitget",
        29,
        0,
        2,
        "Les autorités chinoises ont informé",
        "à des fins IA.",
    ),
    "004": Seed(
        "La Chine approuve conditionnellement l'achat de puces NVIDIA H200 par DeepSeek dans un virage stratégique",
        date(2026, 1, 30),
        "Reuters",
        None,
        10,
        0,
        0,
        "La Chine a accordé une approbation",
        "capacités de l'IA.",
    ),
}


def in_section(found: Page, section: str) -> list[str]:
    return [block.span.of(found.text) for block in found.blocks if block.section == section]


def seed(number: str) -> Page:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return clean_page(path.read_text(encoding="utf-8"))


@with_seeds
@pytest.mark.parametrize("number", SEED_PAGES)
def test_real_pages_say_when_and_who(number):
    found, expected = seed(number), SEED_PAGES[number]
    assert (found.title, found.published) == (expected.title, expected.published)
    assert (found.origin, found.publisher, found.lang) == (expected.origin, expected.publisher, "fr")


@with_seeds
@pytest.mark.parametrize("number", SEED_PAGES)
def test_real_pages_keep_every_sentence_and_no_noise(number):
    found, expected = seed(number), SEED_PAGES[number]
    assert [noise for noise in NOISE if noise in found.text] == []
    body = in_section(found, "body")
    assert sum(len(split_sentences(text, "fr")) for text in body) == expected.body
    assert body[0].startswith(expected.first)
    assert body[-1].endswith(expected.last)
    assert len(in_section(found, "heading")) == expected.headings
    assert sum(len(split_sentences(text, "fr")) for text in in_section(found, "teaser")) == expected.teaser


@with_seeds
def test_teasers_of_the_same_story_are_kept_in_their_language():
    teasers = [
        (block.lang, block.span.of(found.text)[:12])
        for found in [seed("002")]
        for block in found.blocks
        if block.section == "teaser"
    ]
    assert teasers == [
        ("en", "The U.S. Dep"),
        ("fr", "Pékin aurait"),
        ("fr", "Selon Reuter"),
        ("fr", "Le PDG de Nv"),
        ("en", "South Korea'"),
    ]
