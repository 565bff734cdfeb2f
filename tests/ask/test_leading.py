"""What leads an answer, and what the reader is told when it is not what was asked: on a library of invented articles."""

from datetime import date

import pytest

from rag.library import Library
from rag.settings import Settings

ARTICLES = {
    "2026-01-20-gazette.md": ("Ingrid Solheim à Bergen", "fr",
        "Ingrid Solheim a déclaré le 20 janvier 2026 que les serveurs Zorin resteraient chers en Norvège. "
        "La directrice a ajouté dans le même discours que les serveurs Zorin plaisaient à la Norvège."),
    "2026-04-16-post.md": ("Solheim changes her mind", "en",
        "Zorin servers will become cheap in Norway, Ingrid Solheim said on 16 April 2026 at a dinner in Tromsø."),
    "2026-04-18-courrier.md": ("Les acheteurs norvégiens", "fr",
        "Les acheteurs norvégiens de serveurs Zorin attendent depuis mars. "
        "Equinor, Telenor et DNB figurent parmi les acheteurs autorisés par Oslo."),
    "2026-04-20-abend.md": ("Oslo shuts the Zorin plant", "en",
        "The Norwegian government shut the Zorin plant of Bergen on 12 April 2026. Ola Lie of the intelligence service was among those who watched."),
    "2026-04-24-bulletin.md": ("Still no Zorin in Sweden", "en",
        "The Swedish government had allowed Zorin routers in March, but none had shipped by 24 April 2026."),
    "2026-04-25-post.md": ("The share price of Zorin falls", "en",
        "In April 2026 the price was 900 dollars."),
    "2026-04-25-revue.md": ("The figures of Narvik", "en",
        "The harbour of Narvik made 500 dollars on 2 February 2026, its figures show. "
        "With those figures came a gift of 70 dollars to the museum of Narvik."),
    "2026-03-06-post.md": ("The museum of Narvik in spring", "en",
        "In March 2026 the museum of Narvik sold its tickets to schools only."),
    "2026-02-03-abend.md": ("The museum of Narvik", "en",
        "On 2 February 2026 the museum of Narvik sold tickets for 12 dollars."),
    "2026-04-26-gazette.md": ("Le KZB et la Norvège", "fr",
        "Le KZB bloque les serveurs Zorin, a écrit la Gazette."),
    "2026-04-27-post.md": ("Norway and its servers", "en",
        "Sales of Zorin servers to the ports of Norway are blocked by customs."),
    "2026-04-26-relais.md": ("Les prix de Zorin", "fr",
        "Les serveurs Zorin se vendent mal en Norvège, écrit Reuters."),
    "2026-04-25-nord.md": ("La salle de Tromsø", "fr",
        "Un acheteur de Tromsø a fermé sa salle de serveurs Zorin. Ce dernier les a loués à la mairie de Narvik."),
    "2026-04-22-journal.md": ("Le port rouvre", "fr",
        "Cette décision rouvre le port de Bergen aux serveurs Zorin, dit la capitainerie. "
        "La mairie de Bergen a fait rouvrir le port aux serveurs Zorin malgré la grève."),
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("leading")
    for name, (title, lang, text) in ARTICLES.items():
        head = f"---\ntitle: {title}\npublisher: {name[11:-3].title()}\npublished: {name[:10]}\nlang: {lang}\n---\n"
        (folder / name).write_text(f"{head}{text}\n", encoding="utf-8")
    with Library.create(Settings(library=folder / "library")) as library:
        library.ingest([folder])
        yield library


def leading(library, question):
    return library.ask(question).statements[0].text


def test_a_name_without_the_office_asked_for_is_no_answer(told):
    assert told.ask("Which senator of Norway said that Zorin servers would become cheap?").status == "abstained"
    assert told.ask("Who said that Zorin servers would become cheap in Norway?").status == "answered"


def test_a_sum_of_something_else_is_no_price_of_a_share(told):
    answer = told.ask("What was the share price in April 2026?")
    assert answer.question.kind == "money"
    assert answer.status == "abstained"


def test_a_month_that_is_named_binds(told):
    assert "chers" in leading(told, "Qu'a déclaré Ingrid Solheim des serveurs Zorin en janvier 2026 ?")
    assert "cheap" in leading(told, "Qu'a déclaré Ingrid Solheim des serveurs Zorin en avril 2026 ?")


def test_a_sentence_that_leans_on_a_dated_one_is_of_its_time(told):
    assert "gift" in leading(told, "How much was the gift to the museum of Narvik with the figures of 2 February 2026?")


def test_a_time_without_a_number_does_not_lead_where_one_is_asked_for(told):
    assert "12 dollars" in leading(
        told, "For how many dollars did the museum of Narvik sell its tickets in March 2026?"
    )


def test_an_acronym_is_what_is_asked_about(told):
    assert "KZB" in leading(told, "Le KZB bloque-t-il encore les ventes de serveurs Zorin vers les ports de Norvège ?")
    assert "customs" in leading(
        told, "Les ventes de serveurs Zorin vers les ports de Norvège sont-elles encore bloquées ?"
    )


def test_several_names_are_asked_for_and_lead(told):
    assert "Telenor" in leading(told, "Quels acheteurs de serveurs Zorin Oslo a-t-elle autorisés ?")


def test_a_sentence_that_can_be_read_alone_leads(told):
    answer = told.ask("Que sait-on du port de Bergen et des serveurs Zorin ?")
    assert "mairie" in answer.statements[0].text


def test_a_sentence_that_points_back_is_quoted_with_the_one_before_it(told):
    answer = told.ask("Qui a loué les serveurs Zorin de Tromsø ?")
    quoted = answer.citations[0]
    assert (
        quoted.quote
        == "Un acheteur de Tromsø a fermé sa salle de serveurs Zorin. Ce dernier les a loués à la mairie de Narvik."
    )
    assert quoted.article.text[quoted.span.start : quoted.span.end] == quoted.quote
    found = answer.statements[0].highlight
    assert found is None or "Narvik" in found.of(quoted.quote) or "mairie" in found.of(quoted.quote)


def test_a_sentence_quoted_before_one_that_points_back_is_not_quoted_again(told):
    both = "Un acheteur de Tromsø a fermé sa salle de serveurs Zorin. Ce dernier les a loués à la mairie de Narvik."
    for question in (
        "Qui a fermé la salle de serveurs Zorin de Tromsø ?",
        "Un acheteur de Tromsø a-t-il loué sa salle de serveurs à la mairie de Narvik ?",
    ):
        assert [citation.quote for citation in told.ask(question).citations] == [both]


def test_the_reader_is_told_that_no_reason_is_given(told):
    answer = told.ask("Why did the Norwegian government shut the Zorin plant of Bergen?")
    assert "shut the Zorin plant" in answer.statements[0].text
    assert answer.lead == "The articles found give no reason for it; they say:"


def test_who_somebody_is_is_answered_by_the_office(told):
    assert (
        told.ask("Who is Ola Lie?").lead == "The articles found do not say what position this person holds; they say:"
    )


def test_the_reader_is_told_that_nothing_says_it(told):
    answer = told.ask("Is Ingrid Solheim married?")
    assert answer.status == "abstained" or answer.lead == "No article found says so in these words; the nearest:"


def test_a_compound_of_two_names_names_neither(told):
    assert "Samsung" not in told.ask("Did the Samsung-Oslo accord make Zorin servers cheap in Norway?").lead


def test_an_administration_is_nobody_who_must_be_named(told):
    answer = told.ask("Did the Trump administration make Zorin servers dear in Norway?")
    assert "Trump" not in answer.lead
    assert answer.status == "answered"
    assert told.ask("Did Trump make Zorin servers dear in Norway?").status == "abstained"


def test_the_reader_is_told_that_a_name_is_not_there(told):
    answer = told.ask("When did Samsung shut the Zorin plant of Bergen?")
    assert answer.lead == "“Samsung” does not appear in the articles found; they say:"
    assert told.ask("Did the Norwegian government shut the Zorin plant of Bergen?").lead != answer.lead


def test_a_name_is_no_part_of_another_word(told):
    answer = told.ask("When did Intel shut the Zorin plant of Bergen?")
    assert answer.lead == "“Intel” does not appear in the articles found; they say:"


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("How many Zorin servers did India buy?", "India"),
        ("Can Indian buyers order Zorin servers?", "Indian"),
        ("Les acheteurs russes peuvent-ils commander des serveurs Zorin ?", "russes"),
        ("Did Samsung shut the Zorin plant of Bergen?", "Samsung"),
    ],
)
def test_of_whom_nobody_speaks_nothing_is_answered(told, question, name):
    answer = told.ask(question)
    assert answer.reason == "no_evidence"
    assert answer.text.startswith(
        ("No article in the library speaks of", "Aucun article de la bibliothèque ne parle de")
    )
    assert name in answer.text


def test_a_country_that_the_library_names_is_answered_for(told):
    assert told.ask("Are Zorin servers still cheap in Norway?").status == "answered"


def test_how_things_stood_on_a_day_is_told_as_of_that_day(told):
    early = told.ask("Au 1er février 2026, les serveurs Zorin étaient-ils chers en Norvège ?")
    assert early.question.as_of == date(2026, 2, 1)
    assert all(one.date < date(2026, 2, 2) for one in early.statements)
    assert "chers" in early.statements[0].text
    assert told.ask("Did the Norwegian government shut the Zorin plant on 12 April 2026?").question.as_of is None


def test_what_no_article_says_is_not_taken_for_granted(told):
    answer = told.ask("Why did the Norwegian government paint the Zorin plant of Bergen?")
    assert answer.lead == "No article found says so in these words; the nearest:"


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Did the Norwegian government shut the Zorin plant of Bergen?", ""),
        ("La mairie de Bergen a-t-elle rouvert le port aux serveurs Zorin ?", ""),
        ("Have any Zorin routers shipped to Sweden?", "No, according to Bulletin (24 April 2026):"),
        ("Did the Swedish government allow Zorin routers?", "Yes, according to Bulletin (24 April 2026):"),
    ],
)
def test_yes_and_no_are_said_of_the_deed_that_is_asked_about(told, question, begins):
    assert told.ask(question).lead == begins


def test_an_outlet_that_is_named_is_heard_first(told):
    answer = told.ask("D'après Reuters, que sait-on des serveurs Zorin en Norvège ?")
    assert "Reuters" in answer.statements[0].text


def test_the_reader_is_told_that_an_outlet_is_not_there(told):
    answer = told.ask("Selon Le Figaro, que sait-on des serveurs Zorin en Norvège ?")
    assert answer.lead == "« Le Figaro » n'apparaît pas dans les articles trouvés ; ils disent :"
