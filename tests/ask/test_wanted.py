import pytest

from rag.ask.question import understand
from rag.ask.wanted import SHARED, SOMEONE_ELSES, held, office_of, sort_of, subject_of, wanted
from rag.language.lexicon import concepts


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("Comment s'appelle le haut responsable qui a parlé à Reuters ?", "person"),
        ("Quel sénateur s'oppose à la loi ?", "person"),
        ("Qui a fondé DeepSeek ?", "person"),
        ("Who runs Nvidia?", "person"),
        ("Which US senator opposes it?", "person"),
        ("What is the name of China's commerce minister?", "person"),
        ("Quelles entreprises ont commandé des puces ?", "company"),
        ("Quels sont les noms des fournisseurs ?", "company"),
        ("Which third-party lab will test them?", "company"),
        ("Quel journal l'a révélé ?", "outlet"),
        ("Dans quelle ville se trouve l'usine ?", "city"),
        ("Dans quelle usine sont-elles fabriquées ?", "site"),
        ("In which plant are they made?", "site"),
        ("What is the name of the Trump administration official who said so?", "person"),
        ("To which country were they shipped?", "country"),
        ("Où sont les puces ?", "place"),
        ("Qui a bloqué les puces ?", "anyone"),
        ("Quel est le poste de David Sacks à la Maison-Blanche ?", "office"),
        ("c koi son poste", "office"),
        ("What is John Moolenaar's job?", "office"),
        ("Which distributors are licensed?", "company"),
        ("What did Trump's post announce?", None),
        ("What is the title of the bill?", None),
        ("Quel est le rang de la H200 ?", None),
        ("What official reason did China give?", "anyone"),
        ("What is the company's forecast?", None),
        ("Combien d'entreprises ont commandé ?", None),
    ],
)
def test_the_sort_of_name_asked_for(text, sort):
    question = understand(text)
    assert sort_of(question.standalone, question.kind) == sort


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("Combien d'employés Nvidia compte-t-elle ?", True),
        ("How many chips were sold?", True),
        ("Jensen Huang table sur combien de recettes ?", False),
        ("How many US dollars did it cost?", False),
        ("How big a write-down did it book?", False),
        ("Quel est le plafond ?", False),
    ],
)
def test_what_is_counted_may_be_things(text, things):
    question = understand(text)
    assert wanted(question, concepts(text, question.lang), "fr").things == things


def test_nvidia_is_not_among_those_it_sells_to():
    asked = {
        text: wanted(understand(text), concepts(text, "en"), "en").asked
        for text in ("Which distributors are licensed?", "Which company makes it?")
    }
    assert [("nvidia" in names) for names in asked.values()] == [True, False]


def test_what_is_told_of_another_law_counts_for_less():
    question = understand("When did the Senate pass the Chip Security Act?")
    assert held(question, "The Senate passed the AI Overwatch Act in May.", "en", "") == SOMEONE_ELSES
    assert held(question, "The Senate passed the Chip Security Act in May.", "en", "") == 1.0
    assert held(question, "The Senate passed it in May.", "en", "") == 1.0


def test_whose_they_are_is_not_counted():
    question = understand("Combien d'employés Nvidia compte-t-elle en Chine ?")
    assert "nvidia" not in wanted(question, concepts(question.standalone, "fr"), "fr").subject


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Which US senator opposes it?", "senator"),
        ("Quel est le nom de la ministre du Commerce ?", "ministre"),
        ("Which official said so?", ""),
        ("Who was criticised by Senator Warren?", ""),
        ("Comment s'appelle l'avocat de Super Micro ?", "avocat"),
        ("Who runs Nvidia?", ""),
        ("Quelle entreprise a refusé ?", ""),
        ("Combien de sénateurs s'y opposent ?", ""),
    ],
)
def test_the_office_asked_for(text, office):
    question = understand(text)
    assert office_of(question.standalone, question.kind) == office


def test_what_is_counted():
    assert subject_of("Combien de puces H200 a-t-il achetées ?", "quantity") == "puces H200"
    assert subject_of("How big a write-down did it book?", "quantity").startswith("write")
    assert subject_of("Combien de puces H200 a-t-il achetées ?", "when") == ""
    assert subject_of("What was the share price in April?", "money") == "share"
    assert subject_of("What does one H200 cost to manufacture?", "money") == "manufacture"
    assert subject_of("Quel est le coût de fabrication ?", "money") == "fabrication"
    assert subject_of("What did Jensen Huang say about China?", "said") == "Jensen Huang"
    assert subject_of("Que disait Howard Lutnick du KYC ?", "said") == "Howard Lutnick"
    assert subject_of("How did the officials describe the rule?", "said") == "the officials"


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("Alibaba voudrait plus de 200 000 puces.", 1.0),
        ("Tencent voudrait plus de 200 000 puces.", SOMEONE_ELSES),
        ("ByteDance, Alibaba et Tencent peuvent acheter 400 000 puces au total.", SHARED),
        ("Alibaba et ByteDance veulent chacun plus de 200 000 puces.", 1.0),
        ("Plus de 200 000 puces sont attendues.", SOMEONE_ELSES),
    ],
)
def test_a_number_belongs_to_whom_it_is_told_of(text, worth):
    question = understand("Combien de puces Alibaba veut-il acheter ?")
    assert held(question, text, "fr", "") == worth


def test_a_title_or_the_sentence_before_may_name_them():
    question = understand("Combien de puces Alibaba veut-il acheter ?")
    assert held(question, "Le groupe en voudrait 200 000.", "fr", "Alibaba prépare ses achats") == 1.0
    assert held(question, "Tencent en voudrait 200 000.", "fr", "Alibaba prépare ses achats") == SOMEONE_ELSES


def test_nvidia_goes_without_saying():
    question = understand("Combien de puces Nvidia a-t-il vendues ?")
    assert held(question, "Plus de 400 000 puces seraient vendues.", "fr", "") == 1.0
