"""Raw pages: every sentence of the article is kept, and none of the noise around it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.cleaning import Page, clean_page
from rag.language.normalize import normalize

PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Expected:
    """What must come out of one invented page."""

    title: str
    published: date | None
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    headings: tuple[str, ...] = ()
    teasers: tuple[str, ...] = ()
    publisher: str | None = None
    origin: str | None = None
    lang: str = "fr"


EXPECTED = {
    "courrier_du_rail": Expected(
        title="Le retour des trains de nuit se heurte au manque de voitures",
        published=date(2026, 3, 4),
        kept=(
            "dont 2,5 % seulement sont prêtes.",
            "plan B », reconnaît M. Ansel",
            "Accepter un nouveau report",
            "à la mi-mai.",
        ),
        dropped=(
            "cookies",
            "Transports >",
            "Marchetti",
            "Temps de lecture",
            "Villeneuve, en février",
            "Crédit",
            "newsletter",
            "À lire aussi",
            "publicité",
            "Gérard",
            "voiture, c'est plus simple",
            "©",
        ),
        headings=("Des régions qui s'impatientent",),
        publisher="Le Courrier du Rail",
        origin="Reuters",
    ),
    "harbour_daily": Expected(
        title="Port strike ends after union accepts Kestrel Lines offer",
        published=date(2026, 3, 3),
        kept=(
            "ROTTERDAM (Reuters) - Dock workers",
            "said J. van Dam, a crane driver.",
            'would "keep talking." Talks resume',
            "gone by mid-April.",
        ),
        dropped=(
            "Skip",
            "Okafor",
            "Advertisement",
            "Story continues",
            "Ferry crash",
            "Whale",
            "storm closed",
            "How the Kestrel",
            "inbox",
            "rights reserved",
        ),
        headings=("What the deal leaves open",),
        teasers=("Kestrel Lines had offered 3%",),
        publisher="Harbour Daily",
        origin="Reuters",
        lang="en",
    ),
    "chronologie_barrage": Expected(
        title="Le barrage de Valserre a connu quatre reports en deux ans, et son remplissage n'a…",
        published=None,
        kept=(
            "et son remplissage n'a toujours pas commencé. Retour",
            "contrôle des berges par le bureau",
            "cf. son communiqué.",
        ),
        dropped=("cookies", "Refuser"),
        headings=("14 janvier 2026", "28 janvier 2026"),
    ),
    "solar_blog": Expected(
        title="Can Heliox really halve the price of home batteries?",
        published=date(2026, 2, 11),
        kept=(
            "deserves a look.",
            "The price of the H7 cell in January: 48 dollars",
            "now 12 years",
            "Dr. Lind of Heliox answered: “Ask me next year!”",
        ),
        dropped=("Storage", "Posted", "3 min", "1,204", "Tags", "Volt Weekly", "Leave a comment", "scam"),
        headings=("Three things we checked:",),
        origin="The Grid Post",
        lang="en",
    ),
    "fil_du_matin": Expected(
        title="La mairie de Saint-Aubrac veut interdire les trottinettes dans le centre",
        published=None,
        kept=(
            "La mairie de Saint-Aubrac",
            "Le vote est prévu jeudi.",
            "Le maire, Mme Oriol",
            "accidents en 2025.",
            "4 000 trottinettes suffiraient.",
        ),
        dropped=("date 2026-02-30", "Les plus lus", "match des villes", "boulangerie", "drone", "AFP", "Mentions"),
    ),
    "lignes_serrees": Expected(
        title="Les apiculteurs du Morvan perdent leur procès contre Florazur",
        published=date(2026, 2, 13),
        kept=("d'avoir tué leurs ruches.", "relève le jugement.", "1,3 million d'euros."),
        dropped=("BULLETIN", "Corday", "18:20", "change de patron", "miel bio", "pommes"),
        headings=("Une défaite de plus",),
        teasers=("Florazur annonce un nouveau directeur",),
    ),
    "coin_mirror": Expected(
        title="Regulator clears Orbitel to launch 300 satellites",
        published=date(2026, 3, 9),
        kept=("a letter dated March 6.", "Rivals such as Skyline Inc. have objected to the decision."),
        dropped=("App", "Futures", "markets", "original", "Top news", "©", "Disclaimer", "StakeBox", "APR", "Lock"),
        headings=("Orbitel may launch, but only in batches",),
        publisher="Zettacoin",
        origin="Bloomberg",
        lang="en",
    ),
    "gazette_abonnes": Expected(
        title="Téléphérique d'Arvieux : la nouvelle cabine est restée au sol",
        published=date(2026, 1, 21),
        kept=(
            "Deuxième report en un mois",
            "l'essai de freinage.",
            "résume l'ingénieure Ava Prigent.",
            "n'a pas répondu à nos questions.",
        ),
        dropped=("Mis à jour", "abonné", "64 %", "mis à jour", "traduit", "thème", "©"),
        publisher="La Gazette des Cimes",
    ),
}


def page(name: str) -> Page:
    return clean_page((PAGES / f"{name}.txt").read_text(encoding="utf-8"))


def in_section(found: Page, section: str) -> list[str]:
    return [block.span.of(found.text) for block in found.blocks if block.section == section]


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_page_says_of_itself(name):
    found, expected = page(name), EXPECTED[name]
    assert (found.title, found.published) == (expected.title, expected.published)
    assert (found.publisher, found.origin, found.lang) == (expected.publisher, expected.origin, expected.lang)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_article_is_kept_and_the_noise_is_not(name):
    found, expected = page(name), EXPECTED[name]
    assert [words for words in expected.kept if words not in found.text] == []
    assert [words for words in expected.dropped if words in found.text] == []
    assert tuple(in_section(found, "heading")) == expected.headings
    teasers = in_section(found, "teaser")
    assert len(teasers) == len(expected.teasers)
    assert all(teaser.startswith(start) for teaser, start in zip(teasers, expected.teasers, strict=True))


@pytest.mark.parametrize("name", EXPECTED)
def test_blocks_are_the_text(name):
    found = page(name)
    assert "\n\n".join(block.span.of(found.text) for block in found.blocks) == found.text
    sections = [block.section for block in found.blocks]
    assert "teaser" not in sections[: len(sections) - sections.count("teaser")]
    assert normalize(found.text) == found.text


def test_a_page_of_nothing_but_noise_is_empty():
    assert page("only_noise").text == ""


def test_no_title_gives_the_first_sentence_cut_between_words():
    found = clean_page("Une phrase plutôt longue " + "qui continue encore un peu " * 6 + "et finit. Une autre suit.")
    assert found.title.endswith("…")
    assert len(found.title) <= 90
    assert found.text.startswith(found.title[:-1])


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Publié le 30 janvier 2026 448 vues", date(2026, 1, 30)),
        ("Mardi 13 janvier 2026, 10h05", date(2026, 1, 13)),
        ("Par Jean Dupont le 3 mars 2026", date(2026, 3, 3)),
        ("Par Jean Dupont, publié le 3 mars 2026 à 12h30", date(2026, 3, 3)),
        ("By Ann Lee | March 3, 2026", date(2026, 3, 3)),
        ("Published: January 5, 2026 | 3 min read", date(2026, 1, 5)),
        ("Mis à jour le 5 mars 2026 à 8:00", date(2026, 3, 5)),
        ("Publié le 31 février 2026", None),
        ("Mardi 13 janvier, 10h05", None),
    ],
)
def test_date_lines(line, day):
    found = clean_page(f"Un titre de cinq mots exactement\n{line}\n\nLe corps de l'article tient en une phrase.")
    assert found.published == day
    assert found.title == "Un titre de cinq mots exactement"
    assert found.text == "Le corps de l'article tient en une phrase."


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Comme publié le 28 janvier 2026, la règle change.", date(2026, 1, 28)),
        ("Originally published on January 28, 2026 in The Herald.", date(2026, 1, 28)),
        ("Le 13 janvier, la règle a changé pour tous.", None),
        ("Le 13 janvier 2026, la règle a changé pour tous.", None),
        ("Selon une étude publiée le 12 mars 2024, la règle change.", None),
    ],
)
def test_publication_said_in_prose(sentence, day):
    assert clean_page(f"{sentence} Personne ne s'y attendait vraiment.").published == day


@pytest.mark.parametrize(
    ("sentence", "origin"),
    [
        ("Selon l'agence Reuters, la règle change.", "Reuters"),
        ("On apprend grâce à Reuters que la règle change.", "Reuters"),
        ("La règle change, selon un rapport de Les informations citant deux personnes.", "The Information"),
        ("The rule changes, according to the Financial Times.", "Financial Times"),
        ("Bloomberg News avait précédemment rapporté que la règle change.", "Bloomberg"),
        ("D’après Bloomberg, puis selon Reuters et encore selon Reuters, la règle change.", "Reuters"),
        ("La règle change, selon les informations disponibles.", None),
        ("According to The Information Technology Council, the rule changes.", None),
        ("Reuters est une agence de presse connue.", None),
    ],
)
def test_origin(sentence, origin):
    assert clean_page(f"{sentence} Personne ne s'y attendait vraiment.").origin == origin


def test_words_of_noise_inside_prose_are_prose():
    body = (
        "Publicité, cookies et newsletters : le régulateur veut tout changer, dit-il.\n\n"
        "Les plus populaires des applications seront visées. Par ailleurs, le texte prévoit des amendes.\n\n"
        "Commentaires et partages resteront libres, a précisé M. Dupont. Accepter le contraire serait une faute."
    )
    assert clean_page(body).text == body


def test_a_share_bar_with_a_comment_count_does_not_end_the_article():
    opening = "Une ouverture " + "de mots nombreux " * 12 + "précède la barre."
    rest = "\n\n".join(
        f"Le paragraphe {n} dit " + "encore bien des choses utiles " * 6 + "au lecteur." for n in range(6)
    )
    found = clean_page(f"Titre de la page en cinq mots\n\n{opening}\n\n3 commentaires\n\n{rest}")
    assert "Le paragraphe 5 dit" in found.text


def test_an_article_of_single_lines_keeps_the_sentence_above_a_credit():
    found = clean_page("Une phrase qui compte vraiment ici.\nCrédit photo : Lisa\nUne autre phrase qui compte aussi.")
    assert found.text == "Une phrase qui compte vraiment ici.\n\nUne autre phrase qui compte aussi."


def test_a_blank_line_between_caption_and_credit_keeps_the_sentence_but_not_the_teaser():
    article = "Florazur gagne son procès.\n\nUne phrase qui compte vraiment ici.\n\nCrédit photo : Lisa\n\nUne autre phrase suit."
    teasers = "Articles connexes\n\nLe siège de Florazur à Nevers, vu de la route.\n\nImage générée par IA\n\nFlorazur change de patron cet été."
    found = clean_page(f"Le procès de Florazur est fini\n\n{article}\n\n{teasers}")
    assert "Une phrase qui compte vraiment ici." in found.text
    assert in_section(found, "teaser") == ["Florazur change de patron cet été."]


@given(
    st.lists(
        st.sampled_from(
            [
                "Menu",
                "Publicité",
                "0",
                "Articles connexes",
                "Commentaires",
                "© 2026 X",
                "Un titre sans point",
                "Une phrase de six mots ici.",
                "date 2026-99-99",
                "",
                "Par: X",
                "- un point de liste",
                "2026/01/23 11:57",
            ]
        ),
        max_size=25,
    )
)
def test_any_order_of_lines_gives_a_sound_page(lines):
    found = clean_page("\n".join(lines))
    assert "\n\n".join(block.span.of(found.text) for block in found.blocks) == found.text


@given(st.text(max_size=300))
def test_any_text_gives_a_sound_page(text):
    found = clean_page(text)
    assert "\n\n".join(block.span.of(found.text) for block in found.blocks) == found.text
