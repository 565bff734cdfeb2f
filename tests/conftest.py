"""Shared fixtures: a small library of invented articles, built once with the real encoder and a real Chroma."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("support")  # before it is imported, so that its failures say what was unlike

from support import Finished, h200, tiny_encoder  # noqa: E402

from rag.library import Library  # noqa: E402
from rag.settings import Settings  # noqa: E402

ARTICLES = {
    "2026-01-05-gazette-commandes.md": """---
title: Les commandes de puces affluent chez le fabricant
publisher: La Gazette
url: https://gazette.example/commandes
published: 2026-01-05
lang: fr
origin: Reuters
kind: digest
---
Selon Reuters, les groupes chinois ont commandé 350 000 puces H200 à Nvidia au début de janvier 2026. Le prix unitaire n'a pas été rendu public.

Jensen Huang a déclaré à Las Vegas que la demande était « très forte ». M. Dupont, analyste chez Natixis, juge ce chiffre crédible.
""",
    "2026-01-20-tribune-douanes.md": """---
title: Les douanes retiennent les puces
publisher: La Tribune libre
url: https://tribune.example/douanes
published: 2026-01-20
lang: fr
kind: full
---
# Un blocage inattendu

Les douanes de Shenzhen ont retenu une cargaison de puces H200 le 18 janvier 2026. Aucune raison officielle n'a été donnée par Pékin. Le transporteur, la société Cargolux, a confirmé l'incident.
""",
    "2026-02-02-herald-licence.md": """---
title: Washington grants a licence with conditions
publisher: The Herald
url: https://herald.example/licence
published: 2026-02-02
lang: en
origin: Bloomberg
kind: digest
---
The US Commerce Department granted Nvidia a licence on 1 February 2026 to sell the H200 to five Chinese buyers. Each buyer must report the final use of the chips every month, according to Bloomberg.

Commerce Secretary Howard Lutnick said the rule would be reviewed in September.
""",
}


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three invented articles."""
    folder = tmp_path_factory.mktemp("sources")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, sources: Path) -> Path:
    """The folder of a library of those articles; never written to again, copy it to change it."""
    folder = tmp_path_factory.mktemp("built") / "library"
    with Library.create(Settings(library=folder)) as library:
        library.ingest([sources])
    return folder


@pytest.fixture
def settings(built: Path, tmp_path: Path) -> Settings:
    """Settings of a copy of the library that a test may change."""
    shutil.copytree(built, tmp_path / "library")
    return Settings(library=tmp_path / "library")


@pytest.fixture
def library(settings: Settings) -> Iterator[Library]:
    with Library.open(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def reading(built: Path) -> Iterator[Library]:
    """A library open for questions only."""
    with Library.open(Settings(library=built)) as opened:
        yield opened


@pytest.fixture(scope="session")
def first_use(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finished, Path]:
    """What `h200 ask` said when there was no library yet, and the folder of the one it built."""
    folder = tmp_path_factory.mktemp("bundled") / "library"
    return h200("ask", "Combien de puces H200 ont été commandées à Nvidia ?", "--json", library=folder), folder


@pytest.fixture(scope="session")
def bundled(first_use: tuple[Finished, Path]) -> Iterator[Library]:
    """A library of the whole bundled corpus, open for questions only."""
    with Library.open(Settings(library=first_use[1])) as opened:
        yield opened


@pytest.fixture(scope="session")
def other_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small sentence-transformers model that knows nothing."""
    return tiny_encoder(tmp_path_factory.mktemp("encoder") / "tiny")
