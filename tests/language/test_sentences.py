"""Sentences of French and English: where they end, where they only seem to, and that no word falls between two."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.sentences import split_sentences


def cut(text, lang="fr"):
    return [span.of(text) for span in split_sentences(text, lang)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Le cours gagne 2,3 % à Wall Street.", "4 000 puces suivent."],
        ["M. Huang a dit oui.", "MM. Xi et Trump se verront.", "Mme Li viendra avec le Dr Wang."],
        ["Selon J. Huang, c'est non.", "J. van Dam est d'accord."],
        ["Les titres de Taiwan Semiconductor Manufacturing Co. ont progressé de 1,3 %.", "Ceux d'Intel ont reculé."],
        ["Huawei et Semiconductor Manufacturing International Corp. ne suffisent pas.", "Les deux sont chinois."],
        ["Elle vend à Wagons & Co.", "Elle vend aussi à d'autres."],
        ["C'est écrit par Apple Inc.", "Le reste suit."],
        ["Est-ce fini ?!", "Non... peut-être.", "On verra…", "Pékin hésite."],
        ["C'est du fait… de Pékin !", "Les Chinois attendent."],
        ["Il y a des exceptions, p. ex. Nvidia ou TSMC.", "Par ex. AMD, Intel, etc.", "Les autres suivent."],
        ["Les uns, etc. mais pas lui."],
        ["(Cet article a été mis à jour. Voir la note.)", "La suite demain."],
        ["Le porte-parole (M. Liu Pengyu) parle.", "L'art. 5 dit non.", "Il est né le 5 sept. 1990 à Paris."],
        ["Ils sont sept.", "Les autres sont partis.", "Le plan B.", "Les raisons manquent."],
        ["La fin de 2026.", "400 000 puces restent.", "La version 4.2 sort.", "xAI attend."],
        ["Vers 10 h.", "Le total est de 100 M.", "Les ventes baissent."],
        ["1. Le premier point.", "2. Le second point."],
        ["Voir le n° 5 et No. 6.", "Rien d'autre, cf. l'annexe."],
        ["©2026 Bloomberg L.P.", "Tous droits réservés."],
        ["Il cite Yahoo! Finance et rien d'autre.", "C'est peu."],
    ],
)
def test_french(sentences):
    assert cut(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["The U.S. Commerce Department agreed.", "It is in the U.S.", "The chips, e.g. the H200, cost $2.5 million."],
        ["No. 5 of 10 was sold.", "He said no.", "She left."],
        ["“Is it over?” Huang asked.", "“No.”", "He left."],
        ["Mr. Trump met J. Huang on Jan. 14 at 10 a.m. in Washington.", "Nothing was signed."],
        ["Skyline Inc. Chief Executive Ann Lee agreed.", "So did Acme Corp. and others."],
        ['The company said it would "keep talking."', "Talks resume on March 17."],
        ["Up to 9% APR.", "Lock more, earn more."],
        ["Sen. Warren and Rep. Moolenaar wrote to Lutnick vs. Sacks.", "They got no reply."],
        ["Donald J. Trump approved it.", "Option B.", "The plan failed."],
    ],
)
def test_english(sentences):
    assert cut(" ".join(sentences), "en") == sentences


def test_a_quoted_sentence_goes_on_with_who_said_it():
    text = (
        "« Les termes sont sévères. Cela pourrait changer » a expliqué une des sources anonymes. Les autres se taisent."
    )
    assert cut(text) == [
        "« Les termes sont sévères. Cela pourrait changer » a expliqué une des sources anonymes.",
        "Les autres se taisent.",
    ]


def test_a_closing_guillemet_stays_with_its_sentence():
    text = "Il déclare : « C'est l'intérêt de la Chine et des États-Unis. » Le gouvernement a l'intention d'agir."
    assert cut(text) == [
        "Il déclare : « C'est l'intérêt de la Chine et des États-Unis. »",
        "Le gouvernement a l'intention d'agir.",
    ]


def test_a_long_quotation_is_cut_inside():
    text = "« " + "Une phrase assez longue pour compter dans le total. " * 10 + "» C'est tout."
    assert len(cut(text)) == 11


def test_a_missing_space_after_a_full_stop():
    assert cut("La fin du marché.Les autres suivent.") == ["La fin du marché.", "Les autres suivent."]
    assert cut("Le site allthe.news et Node.Js.") == ["Le site allthe.news et Node.Js."]


def test_a_line_break_ends_a_sentence_unless_it_goes_on_in_lower_case():
    text = "Un titre sans point\nUne phrase coupée\npar sa ligne.\n\nUne autre"
    assert cut(text) == ["Un titre sans point", "Une phrase coupée\npar sa ligne.", "Une autre"]


FRAGMENTS = st.sampled_from(
    [
        "M.",
        "U.S.",
        "Co.",
        "etc.",
        "2,3 %",
        "…",
        "« Oui. »",
        "“No.”",
        '"',
        "(",
        ")",
        "?!",
        "\n",
        "\n\n",
        "Le",
        "la",
        "H200",
        "p.",
        "ex.",
        "1.",
        "«",
        "»",
    ]
)


@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=12)), max_size=30), st.sampled_from(["fr", "en"]))
def test_sentences_are_ordered_disjoint_and_lose_nothing(parts, lang):
    text = " ".join(parts)
    spans = split_sentences(text, lang)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = {i for span in spans for i in range(span.start, span.end)}
    assert all(i in covered for i, c in enumerate(text) if not c.isspace())
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)


@given(st.text(alphabet='.!?… «»"()abA1\n', max_size=200))
def test_marks_alone_lose_nothing_either(text):
    spans = split_sentences(text, "fr")
    assert "".join(span.of(text) for span in spans).replace("\n", "").replace(" ", "") == "".join(text.split())
