"""What holds now, what it replaced, the turns between, and who disagrees: on a library of invented articles."""

from contextlib import contextmanager
from datetime import date

import pytest

from rag.ask.timeline import matter_of
from rag.library import Library
from rag.settings import Settings

STORY = {
    "2026-01-05-gazette.md": ("Les douanes bloquent les serveurs Zorin",
        "Les douanes de Brême ont bloqué les serveurs Zorin destinés à la Norvège. Oslo proteste."),
    "2026-02-10-courrier.md": ("Un examen pour les serveurs Zorin",
        "Brême étudie une autorisation des serveurs Zorin pour la Norvège, sans calendrier."),
    "2026-03-20-journal.md": ("Les serveurs Zorin autorisés",
        "Brême a autorisé les serveurs Zorin pour la Norvège le 20 mars 2026. Le premier camion est parti le jour même."),
    "2026-03-21-post.md": ("Zorin denies selling lists",
        "The maker of Zorin servers denies that it demanded payment in advance from Norway."),
    "2026-03-18-abend.md": ("Zorin wants cash first",
        "The maker of Zorin servers demanded payment in advance from Norway, two buyers said."),
}  # fmt: skip


@contextmanager
def library_of(folder, articles):
    """A library of those articles: name -> (title, text); the name says the day, the outlet and so the language."""
    for name, (title, text) in articles.items():
        day, outlet = name[:10], name[11:-3].title()
        lang = "fr" if outlet in ("Gazette", "Courrier", "Journal") else "en"
        head = f"---\ntitle: {title}\npublisher: {outlet}\npublished: {day}\nlang: {lang}\n---\n"
        (folder / name).write_text(f"{head}{text}\n", encoding="utf-8")
    with Library.create(Settings(library=folder / "library")) as library:
        library.ingest([folder])
        yield library


def titled(texts):
    """Articles of these texts, each with a title that says nothing."""
    return {name: (f"Zorin, {name[:10]}", text) for name, text in texts.items()}


def library_fixture(texts):
    """A fixture: a library of articles of these texts."""

    @pytest.fixture(scope="module")
    def library(tmp_path_factory):
        with library_of(tmp_path_factory.mktemp("told"), titled(texts)) as opened:
            yield opened

    return library


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    with library_of(tmp_path_factory.mktemp("story"), STORY) as library:
        yield library


def test_the_latest_state_leads_and_what_it_replaced_is_marked(story):
    answer = story.ask("Les serveurs Zorin sont-ils autorisés pour la Norvège ?")
    first, *others = answer.statements
    assert (first.role, first.date) == ("current", date(2026, 3, 20))
    assert {statement.role for statement in others if statement.date < date(2026, 3, 1)} == {"superseded"}


@pytest.mark.parametrize(
    ("day", "led"), [(None, "autorisé les serveurs"), (date(2026, 2, 20), "étudie"), (date(2026, 1, 20), "bloqué")]
)
def test_asked_only_how_things_stand_the_news_of_the_day_leads(story, day, led):
    for question in ("Où en est le dossier Zorin ?", "What is the latest on Zorin?"):
        first, *others = story.ask(question, as_of=day).statements
        assert (led in first.text, first.role) == (True, "current")
        assert {other.role for other in others} <= {"context"}


def test_of_two_days_the_earlier_one_holds(story):
    answer = story.ask("What was the status of Zorin servers as of 25 March 2026?", as_of=date(2026, 1, 31))
    assert answer.question.as_of == date(2026, 1, 31)
    assert "bloqué" in answer.statements[0].text


def test_as_of_gives_the_state_of_that_day(story):
    answer = story.ask("Are Zorin servers allowed into Norway?", as_of=date(2026, 1, 31))
    assert answer.statements[0].date == date(2026, 1, 5)
    assert "bloqué" in answer.statements[0].text
    assert all(c.article.published <= date(2026, 1, 31) for c in answer.citations)


def test_a_story_is_told_in_the_order_of_its_days(story):
    answer = story.ask("Comment la situation des serveurs Zorin a-t-elle évolué ?")
    days = [statement.date for statement in answer.statements]
    assert days == sorted(days)
    assert {date(2026, 1, 5), date(2026, 2, 10), date(2026, 3, 20)} <= set(days)
    assert answer.statements[-1].role == "current"
    assert answer.lead


def test_a_denial_says_no_and_the_claim_stands_beside_it(story):
    answer = story.ask("Did the maker of Zorin servers demand payment in advance from Norway?")
    texts = [statement.text for statement in answer.statements]
    assert any("denies" in text for text in texts)
    assert any("two buyers said" in text for text in texts)


def test_a_choice_gets_both_sides(story):
    answer = story.ask("Les serveurs Zorin sont-ils bloqués par les douanes ou autorisés par Brême ?")
    assert {statement.role for statement in answer.statements} == {"conflict"}
    told = " ".join(statement.text for statement in answer.statements)
    assert "bloqué" in told
    assert "autorisé" in told


def test_a_denial_to_the_face_is_shown_as_a_dispute(story):
    answer = story.ask("Did the maker of Zorin servers demand payment in advance from Norway?")
    disputed = [statement for statement in answer.statements if statement.role == "conflict"]
    assert len(disputed) == 2
    assert answer.lead


fee = library_fixture({
    "2026-01-16-gazette.md": "La Gazette compte le tarif de 25 % parmi les conditions de la règle de Brême sur les serveurs.",
    "2026-01-18-courrier.md": "La règle de Brême sur les serveurs ne mentionne nulle part de tarif de 25 %, note le Courrier.",
    "2026-01-20-abend.md": "The Bremen rule on servers only holds for Norway and does not hold for Denmark.",
})  # fmt: skip


def test_what_one_article_counts_in_and_another_nowhere_finds_is_a_dispute_over_that_number(fee):
    answer = fee.ask("Le tarif de 25 % est-il dans la règle de Brême sur les serveurs ?")
    disputed = [statement.text for statement in answer.statements if statement.role == "conflict"]
    assert len(disputed) == 2
    assert all("25" in text for text in disputed)
    assert answer.lead
    about = fee.ask("La règle de Brême sur les serveurs vaut-elle pour le Danemark ?")
    assert about.status == "answered"
    assert not any(statement.role == "conflict" for statement in about.statements)


orders = library_fixture({
    "2026-01-02-gazette.md": "Washington a suspendu les commandes de serveurs Zorin passées par les firmes norvégiennes.",
    "2026-01-20-courrier.md": "Les firmes norvégiennes qui ont passé des commandes de serveurs Zorin ne sont pas nommées.",
    "2026-01-30-journal.md": "Les firmes norvégiennes ont passé des commandes de 900 serveurs Zorin.",
    "2026-02-01-journal.md": "Les firmes norvégiennes ont passé des commandes de 700 serveurs Zorin.",
    "2026-02-02-journal.md": "Les firmes norvégiennes ont passé des commandes de 500 serveurs Zorin.",
})  # fmt: skip


def test_of_two_contrary_sentences_the_one_that_undoes_what_is_asked_about_is_shown(orders):
    answer = orders.ask("Les firmes norvégiennes ont-elles passé des commandes de serveurs Zorin ?")
    assert "suspendu" in answer.statements[1].text


smuggled = library_fixture({
    "2026-03-20-gazette.md": "L'affaire Tencent porterait sur des dizaines de milliards de dollars de serveurs, avance la Gazette.",
    "2026-03-21-abend.md": "The Tencent case is about $2 billions of dollars of servers, prosecutors said.",
    "2026-03-22-post.md": "Zorin earned $81 billion in the quarter, and $68 billion in the one before.",
})  # fmt: skip


def test_each_side_of_a_choice_tells_of_whom_both_halves_name(smuggled):
    answer = smuggled.ask("billions or tens of billions of dollars of servers in the Tencent case?")
    told = " ".join(statement.text for statement in answer.statements)
    assert "dizaines de milliards" in told
    assert "Zorin earned" not in told


def test_tens_of_billions_are_a_sum(smuggled):
    assert "milliards" in smuggled.ask("Sur combien d'argent porte l'affaire des serveurs Tencent ?").statements[0].text


gates = library_fixture({
    "2026-01-10-post.md": "Bremen allowed Zorin servers for Norway, the Post wrote.",
    "2026-05-04-post.md": "The reluctance of Bremen was the main obstacle to Zorin shipments to Norway.",
})  # fmt: skip


@pytest.mark.parametrize(
    ("question", "lang", "ever"),
    [
        ("Has Bremen ever allowed them?", "en", True),
        ("Brême les a-t-elle jamais autorisés ?", "fr", True),
        ("Does Bremen still allow them?", "en", False),
        ("Brême les a-t-elle autorisés ?", "fr", False),
    ],
)
def test_what_was_ever_so_is_not_asked_of_today(question, lang, ever):
    assert (matter_of(question, lang, None, date(2026, 5, 4)).pulls.recent == 0.0) == ever


def test_an_obstacle_to_shipments_is_no_shipment(gates):
    answer = gates.ask("Did Norway receive any Zorin shipments?")
    assert answer.status == "answered"
    assert not answer.lead.startswith("Yes")


def test_a_question_about_a_month_that_is_over_is_led_by_that_month(story):
    answer = story.ask("Were Zorin servers for Norway blocked in January 2026?")
    assert answer.statements[0].date == date(2026, 1, 5)


buyers = library_fixture({
    "2026-01-06-gazette.md": "Alibaba a commandé des serveurs Zorin à Brême pour ses salles de Norvège.",
    "2026-01-28-courrier.md": "Brême a autorisé Alibaba à acheter des serveurs Zorin.",
    "2026-01-30-journal.md": "Le feu vert pour les serveurs Zorin est arrivé chez Alibaba, écrit le Journal.",
    "2026-02-15-post.md": "Bremen's rule on Zorin servers was debated in Norway without a vote.",
    "2026-03-12-abend.md": "Alibaba has moved its servers to halls in Narvik.",
    "2026-04-20-post.md": "Bremen has shipped Zorin servers to Tencent in Norway, the Post says.",
})  # fmt: skip


def test_the_story_of_a_company_is_made_of_what_names_it(buyers):
    answer = buyers.ask("Comment les serveurs Zorin d'Alibaba en Norvège ont-ils évolué ?")
    assert answer.statements
    assert all("Alibaba" in statement.text for statement in answer.statements)


def test_news_told_again_days_later_is_no_turn_of_its_own_but_another_deed_is(buyers):
    answer = buyers.ask("Retrace l'histoire d'Alibaba et des serveurs Zorin.")
    ordered, allowed, moved = (statement.text for statement in answer.statements)
    assert "commandé" in ordered
    assert "autorisé Alibaba" in allowed
    assert "Narvik" in moved


plant = library_fixture({
    "2026-02-10-journal.md": "Zorin livre ses serveurs à la Norvège par bateau, écrit le Journal.",
    "2026-03-05-gazette.md": "Zorin a stoppé la production de serveurs pour la Norvège, faute de licence.",
    "2026-03-18-post.md": "Zorin is restarting production of servers for Norway, its chief said on 18 March 2026.",
    "2026-03-20-abend.md": "Bremen is preparing a rule on cables sold to Denmark, two officials said.",
    "2026-03-30-post.md": "Bremen has withdrawn its draft rule on cables sold to Denmark without a word.",
})  # fmt: skip


def test_what_was_turned_round_stands_beside_what_holds_and_gets_no_mere_no(plant):
    for question in ("Did Zorin stop making servers for Norway?", "Zorin a-t-elle arrêté la production de serveurs ?"):
        answer = plant.ask(question)
        told = " ".join(statement.text for statement in answer.statements)
        assert "restarting" in told
        assert "stoppé" in told
        assert not answer.lead.startswith("No")


def test_what_was_only_planned_is_led_by_what_became_of_it(plant):
    first, *_ = plant.ask("Is the Bremen rule on cables for Denmark still planned?").statements
    assert (first.role, "withdrawn" in first.text) == ("current", True)


def test_what_has_begun_again_gets_a_yes(plant):
    assert plant.ask("Is Zorin making servers for Norway again?").lead.startswith("Yes")
    assert plant.ask("Zorin a-t-elle repris la production de serveurs ?").lead.startswith("Oui")


def test_a_story_ends_in_how_things_stand(plant):
    answer = plant.ask("How has the production of Zorin servers for Norway changed?")
    assert (answer.statements[-1].role, "restarting" in answer.statements[-1].text) == ("current", True)


def test_what_happened_between_two_days_is_told_of_those_days(plant):
    answer = plant.ask("Que s'est-il passé chez Zorin entre le 2 et le 7 mars ?")
    assert {statement.date for statement in answer.statements} == {date(2026, 3, 5)}


figures = library_fixture({
    "2026-04-02-gazette.md": "Les clients norvégiens ont commandé 900 serveurs Zorin.",
    "2026-04-05-courrier.md": "Les clients norvégiens ont commandé plus de 1 200 serveurs Zorin, selon deux sources.",
    "2026-04-06-journal.md": "Il reste 300 serveurs Zorin en stock à Brême. Les clients norvégiens attendent.",
})  # fmt: skip


def test_another_figure_for_the_same_thing_stands_beside_the_first(figures):
    answer = figures.ask("Combien de serveurs Zorin les clients norvégiens ont-ils commandés ?")
    first, second = (statement.text for statement in answer.statements[:2])
    assert {"900" in first, "1 200" in first} == {True, False} == {"900" in second, "1 200" in second}


def test_asked_whether_sources_agree_several_are_heard(figures):
    answer = figures.ask("Les sources s'accordent-elles sur le nombre de serveurs Zorin commandés ?")
    assert len({citation.article.id for citation in answer.citations}) >= 2
    told = " ".join(statement.text for statement in answer.statements)
    assert "900" in told
    assert "1 200" in told


def test_the_direct_answer_is_marked(story):
    statement = story.ask("Quand Brême a-t-elle autorisé les serveurs Zorin ?").statements[0]
    assert statement.highlight.of(statement.text) == "20 mars 2026"


def test_the_timeline_marks_what_was_superseded(tmp_path):
    for day, text in (("2026-01-05", "Pékin a interdit les puces."), ("2026-02-05", "Pékin a autorisé les puces.")):
        head = f"---\ntitle: Du {day}\npublisher: La Gazette\npublished: {day}\nlang: fr\n---\n"
        (tmp_path / f"{day}.md").write_text(
            f"{head}{text} La suite est attendue par tous les lecteurs.\n", encoding="utf-8"
        )
    with Library.create(Settings(library=tmp_path / "library")) as library:
        library.ingest([tmp_path])
        told = library.timeline()
        assert [(event.date.isoformat(), event.actor, event.superseded) for event in told] == [
            ("2026-01-05", "beijing", True), ("2026-02-05", "beijing", False),
        ]  # fmt: skip
        assert [event.superseded for event in library.timeline(as_of=date(2026, 1, 31))] == [False]
        assert [event.citation.article.text[event.citation.span.start : event.citation.span.end] for event in told] == [
            event.citation.quote for event in told
        ]
        assert library.timeline("puces") == told


owners = library_fixture(
    {
        "2026-04-20-post.md": "Tencent won the praise of Norway for its school in Tromsø.",
        "2026-04-22-abend.md": "Alibaba issued a forecast of 500 million dollars for the quarter.",
        "2026-05-02-post.md": "The port of Bergen opened on 13 January 2026, the Post wrote.",
        "2026-05-03-abend.md": "The port of Bergen opened on 15 January 2026, the Abend wrote.",
        "2026-05-04-abend.md": "The port of Bergen was to open in January 2026, the Abend wrote.",
    }
)


@pytest.mark.parametrize(
    "question", ["What forecast did Tencent issue for the quarter?", "Quelle prévision Tencent a-t-elle émise ?"]
)
def test_what_another_company_did_is_no_answer_and_the_name_is_not_said_to_be_unknown(owners, question):
    answer = owners.ask(question)
    assert answer.status == "abstained"
    assert "Tencent" in answer.text
    assert "ne parle de « Tencent »." not in answer.text
    assert "No article in the library" not in answer.text
    assert owners.ask(question.replace("Tencent", "Alibaba")).status == "answered"


def test_of_several_that_are_named_one_that_is_told_of_is_enough(owners):
    assert owners.ask("What forecast did Alibaba and Tencent issue for the quarter?").status == "answered"


def test_each_day_of_a_choice_is_told_by_the_sentence_that_has_it(owners):
    answer = owners.ask("Did the port of Bergen open on 13 January or on 15 January 2026?")
    told = [statement.text for statement in answer.statements if statement.role == "conflict"]
    assert [("13 January" in text, "15 January" in text) for text in told] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )
