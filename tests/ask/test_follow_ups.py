import pytest

from rag.ask.fragments import leans_back
from rag.ask.question import understand

ORDERED = "ByteDance a-t-elle commandé des H200 ?"
ORDERED_EN = "Did ByteDance order H200 chips?"
MEMORY = "Quelle est la mémoire de la H200 ?"
DELIVERED = "Combien de H200 Nvidia a-t-il livrées à ByteDance ?"

COMPLETED = [
    # A name takes the place of its like.
    ([ORDERED], "Et Tencent ?", "Tencent a-t-elle commandé des H200 ?"),
    ([ORDERED], "et tencent", "Tencent a-t-elle commandé des H200 ?"),
    ([ORDERED], "ET TENCENT ?", "Tencent a-t-elle commandé des H200 ?"),
    ([ORDERED], "Tencent ?", "Tencent a-t-elle commandé des H200 ?"),
    ([ORDERED], "Et pour Alibaba ?", "Alibaba a-t-elle commandé des H200 ?"),
    ([ORDERED], "Qu'en est-il de Baidu ?", "Baidu a-t-elle commandé des H200 ?"),
    ([ORDERED], "et meituan ?", "Meituan a-t-elle commandé des H200 ?"),
    ([ORDERED], "Non, je parlais de Tencent", "Tencent a-t-elle commandé des H200 ?"),
    ([ORDERED], "Est-ce que Tencent aussi ?", "Tencent a-t-elle commandé des H200 ?"),
    ([ORDERED_EN], "And Tencent?", "Did Tencent order H200 chips?"),
    ([ORDERED_EN], "What about Alibaba?", "Did Alibaba order H200 chips?"),
    ([ORDERED_EN], "Same question for Baidu", "Did Baidu order H200 chips?"),
    ([ORDERED_EN], "sorry, I meant Tencent", "Did Tencent order H200 chips?"),
    ([ORDERED_EN], "And the H20?", "Did ByteDance order the H20 chips?"),
    ([DELIVERED], "Et à Tencent ?", "Combien de H200 Nvidia a-t-il livrées à Tencent ?"),
    ([DELIVERED], "Et des H20 ?", "Combien de H20 Nvidia a-t-il livrées à ByteDance ?"),
    ([DELIVERED], "Et AMD ?", "Combien de H200 AMD a-t-il livrées à ByteDance ?"),
    (["Combien coûte un H200 ?"], "Et un H20 ?", "Combien coûte un H20 ?"),
    ([MEMORY], "Et la H20 ?", "Quelle est la mémoire de la H20 ?"),
    ([MEMORY], "Et du H20 ?", "Quelle est la mémoire du H20 ?"),
    ([MEMORY], "et celle de la H20 ?", "Quelle est la mémoire de la H20 ?"),
    (["Que sait-on de DeepSeek V4 ?"], "Et de V3 ?", "Que sait-on de DeepSeek V3 ?"),
    (["Quel est le prix de vente d'Alibaba ?"], "Et de Tencent ?", "Quel est le prix de vente de Tencent ?"),
    (["Que veut Washington ?"], "Et Pékin ?", "Que veut Pékin ?"),
    (["Que veut Washington ?"], "Et selon Pékin ?", "Que veut Pékin ?"),
    (["What did Lutnick say about the H200?"], "And Bessent?", "What did Bessent say about the H200?"),
    (["Does Washington allow H200 exports to China?"], "What about Beijing?", "Does Beijing allow H200 exports to China?"),
    (["Does Washington allow H200 exports to China?"], "And to Russia?", "Does Washington allow H200 exports to Russia?"),
    (["Les H200 sont-elles en vente en Chine ?"], "Et aux États-Unis ?", "Les H200 sont-elles en vente aux États-Unis ?"),
    (["Which companies did China approve?"], "And the US?", "Which companies did the US approve?"),
    (["Combien de puces, selon Bloomberg ?"], "Et selon Reuters ?", "Combien de puces, selon Reuters ?"),
    ([ORDERED], "Et selon Reuters ?", "ByteDance a-t-elle commandé des H200, selon Reuters ?"),
    # A date takes the place of a date, and its year where it names none.
    (["Alibaba a-t-il acheté des H200 en janvier 2026 ?"], "et en mai ?", "Alibaba a-t-il acheté des H200 en mai 2026 ?"),
    (["Did Alibaba buy H200s in January 2026?"], "And in May?", "Did Alibaba buy H200s in May 2026?"),
    (["Did Alibaba buy H200s in January 2026?"], "And in December?", "Did Alibaba buy H200s in December 2025?"),
    (["Did AMD report on 20 May 2026?"], "And on 3 February?", "Did AMD report on 3 February 2026?"),
    ([ORDERED], "Et en mai ?", "ByteDance a-t-elle commandé des H200 en mai ?"),
    (["What revenue did AMD post on 5 May 2026?"], "And for the next quarter?", "What revenue did AMD post for the next quarter?"),
    # Another question word.
    ([ORDERED], "Quand ?", "Quand ByteDance a-t-elle commandé des H200 ?"),
    ([ORDERED], "kand ?", "Quand ByteDance a-t-elle commandé des H200 ?"),
    ([ORDERED], "Pourquoi ?", "Pourquoi ByteDance a-t-elle commandé des H200 ?"),
    ([ORDERED], "Depuis quand ?", "Depuis quand ByteDance a-t-elle commandé des H200 ?"),
    ([ORDERED], "À quelles conditions ?", "À quelles conditions ByteDance a-t-elle commandé des H200 ?"),
    ([ORDERED], "Et combien ?", "ByteDance a-t-elle commandé des H200, et combien ?"),
    ([ORDERED], "Qui l'a dit ?", "Qui a dit que ByteDance a commandé des H200 ?"),
    ([ORDERED], "Sources ?", "ByteDance a-t-elle commandé des H200, et selon quelle source ?"),
    ([ORDERED_EN], "When?", "When did ByteDance order H200 chips?"),
    ([ORDERED_EN], "why", "Why did ByteDance order H200 chips?"),
    ([ORDERED_EN], "Under which conditions?", "Under which conditions did ByteDance order H200 chips?"),
    ([ORDERED_EN], "And how many?", "Did ByteDance order H200 chips, and how many?"),
    ([ORDERED_EN], "According to whom?", "Did ByteDance order H200 chips, and according to whom?"),
    (["Quand Trump a-t-il signé l'accord ?"], "Où ?", "Où Trump a-t-il signé l'accord ?"),
    (["When did Trump sign the deal?"], "Where?", "Where did Trump sign the deal?"),
    (["Qui a écrit à Lutnick ?"], "Quand ?", "Qui a écrit à Lutnick, et quand ?"),
    (["Qui a écrit à Lutnick ?", "Quand ?"], "Pourquoi ?", "Qui a écrit à Lutnick, et pourquoi ?"),
    # The rest of a list.
    (["Which Chinese companies bought some?"], "And which others?", "Which other Chinese companies bought some?"),
    (["Qui a signé la lettre ?"], "Qui d'autre ?", "Qui d'autre a signé la lettre ?"),
    # Pronouns.
    ([ORDERED], "Les a-t-elle reçues ?", "ByteDance les a-t-elle reçues, les H200 ?"),
    ([ORDERED], "Combien en a-t-elle reçu ?", "Combien ByteDance en a-t-elle reçu, de H200 ?"),
    ([ORDERED_EN], "When did they pay for them?", "When did ByteDance pay for the H200?"),
    (["Combien de H200 ByteDance a-t-elle commandées ?"], "Sont-elles arrivées ?", "Les H200 sont-elles arrivées ?"),
    (["Qu'a dit Jensen Huang à Taipei ?"], "Qu'a-t-il répondu à Pékin ?", "Qu'a répondu Jensen Huang à Pékin ?"),
    (["Qu'a dit Jensen Huang à Taipei ?"], "Quand est-il parti ?", "Quand Jensen Huang est-il parti ?"),
    (["Did Jensen Huang go to Beijing?"], "Whom did he meet?", "Whom did Jensen Huang meet?"),
    (["What is the Chip Security Act?"], "What does it require?", "What does the Chip Security Act require?"),
    (["How fast is the H200?"], "Is it banned?", "Is the H200 banned?"),
    (["Trump a-t-il approuvé la vente ?"], "Sa décision est-elle contestée ?", "La décision de Trump est-elle contestée ?"),
    # A property of what was spoken of.
    ([MEMORY], "Et son prix ?", "Quel est le prix de la H200 ?"),
    ([MEMORY], "Et le prix ?", "Quel est le prix de la H200 ?"),
    (["How much memory does the H200 have?"], "And its bandwidth?", "What is the H200's bandwidth?"),
    (["How much memory does the H200 have?"], "And the price?", "What is the price of the H200?"),
    # Is it still so?
    (
        ["Début janvier 2026, Nvidia exigeait-il un acompte ?"],
        "Est-ce toujours vrai ?",
        "Est-il toujours vrai que Nvidia exigeait un acompte ?",
    ),
    (["Was the B30A banned in January 2026?"], "Is it still the case?", "Was the B30A banned? Is it still the case?"),
    ([ORDERED], "Plus de détails ?", ORDERED),
    ([ORDERED_EN], "Can you give me more details?", ORDERED_EN),
    # Several turns, and small talk between them.
    ([ORDERED, "Et Tencent ?", "Et en mai ?"], "Pourquoi ?", "Pourquoi Tencent a-t-elle commandé des H200 en mai ?"),
    (["Is the H200 allowed in China?", "And the H20?"], "Since when?", "Since when is the H20 allowed in China?"),
    ([ORDERED, "Merci !"], "Et Tencent ?", "Tencent a-t-elle commandé des H200 ?"),
    ([ORDERED], "Merci, et Tencent ?", "Tencent a-t-elle commandé des H200 ?"),
    # Another language: the new words are in it, the earlier ones stay.
    ([ORDERED], "And Tencent?", "Tencent a-t-elle commandé des H200 ?"),
    ([ORDERED_EN], "Et Alibaba ?", "Did Alibaba order H200 chips?"),
    ([ORDERED], "When?", "ByteDance a-t-elle commandé des H200 ? When?"),
    (["Combien de H200 ByteDance a-t-elle achetées ?"], "Has Nvidia delivered them?", "Has Nvidia delivered the H200?"),
    # What no rule can complete is asked after the earlier question.
    ([ORDERED_EN], "Who decides?", "Did ByteDance order H200 chips? Who decides?"),
    (["Pourquoi Pékin bloque-t-il la H200 ?"], "Que dit Nvidia ?", "Pourquoi Pékin bloque-t-il la H200 ? Que dit Nvidia ?"),
]  # fmt: skip

COMPLETE = [
    "Combien de puces H200 Alibaba a-t-il commandées à Nvidia ?",
    "Et combien de puces Alibaba a-t-il achetées en mai ?",
    "Nvidia a-t-il relevé ses prévisions en mai 2026 ?",
    "Huawei peut-il répondre à la demande de ses clients ?",
    "Did Nvidia say when it would ship the H200?",
    "Has Beijing explained why it blocks the RTX Pro 6000D?",
    "Who is the US Commerce Secretary?",
    "Who is Colette Kress?",
    "And who is Colette Kress?",
    "And what is CXMT?",
    "Qu'est-ce que CXMT ?",
    "C'est quoi CXMT ?",
    "prix h200 chine",
    "h200 export ban china",
    "Que prévoit le Chip Security Act ?",
    "What did Trump announce this week about chips?",
    "Que s'est-il passé cette année pour DeepSeek V4 ?",
    "Il y a combien d'entreprises chinoises autorisées par Washington ?",
    "Is it true that Alibaba bought the H200?",
    "Quelle heure est-il ?",
    "Et quel temps fait-il à Lyon ?",
    "Il fait quel temps à Paris ?",
    "Quelle est la capitale de l'Australie ?",
    "Comment faire une tarte aux pommes ?",
    "What time is it?",
    "How do I renew my passport?",
    "And how do I cook rice?",
    "Tell me a joke",
    "Who won the World Cup?",
    "Quel est le prix du pétrole ?",
]


@pytest.mark.parametrize(("history", "typed", "standalone"), COMPLETED)
def test_a_follow_up_is_completed(history, typed, standalone):
    assert understand(typed, history=history).standalone == standalone


@pytest.mark.parametrize("text", COMPLETE)
@pytest.mark.parametrize(
    "before", ["Pourquoi Pékin bloque-t-il la H200 ?", "Did ByteDance order H200 chips in May 2026?"]
)
def test_a_complete_question_stays_as_typed(text, before):
    assert understand(text, history=[before]).standalone == text


@pytest.mark.parametrize(
    ("history", "typed", "kind"),
    [
        ([DELIVERED], "Et à Tencent ?", "quantity"),
        ([DELIVERED], "Quand ?", "when"),
        ([ORDERED], "Et combien ?", "quantity"),
        ([ORDERED], "Qui l'a dit ?", "who"),
        ([ORDERED], "Comment ?", "what"),
        ([MEMORY], "Et son prix ?", "money"),
        (["Combien de H200 en janvier 2026 ?"], "Est-ce toujours vrai ?", "yes_no"),
        (["Which firms bought some?"], "And which others?", "who"),
        ([ORDERED], "Merci", "small_talk"),
    ],
)
def test_a_follow_up_asks_for_what_it_or_the_earlier_question_asks_for(history, typed, kind):
    assert understand(typed, history=history).kind == kind


@pytest.mark.parametrize("text", ["Et Tencent ?", "Quand ?", "Pourquoi ?", "And how many?", "Did they confirm it?"])
def test_it_shows_that_a_question_leans_on_another(text):
    assert leans_back(text, understand(text).lang)


def test_the_reader_still_sees_what_was_typed():
    question = understand("Et Tencent ?", history=[ORDERED])
    assert question.text == "Et Tencent ?"
    assert question.history == (ORDERED,)


def test_without_history_nothing_is_completed():
    assert understand("Et Tencent ?").standalone == "Et Tencent ?"


@pytest.mark.parametrize("question", ["Où en sont les livraisons ?", "Au 20 janvier, où en étaient les livraisons ?"])
def test_how_things_stand_with_something_is_asked_alone(question):
    assert understand(question, history=["Is Nvidia asking buyers to pay up front?"]).standalone == question
    assert understand("Où en est-on ?", history=[ORDERED]).standalone != "Où en est-on ?"


def test_an_old_topic_does_not_come_back():
    question = understand("Et la Corée ?", history=[ORDERED, "Le Japon vend-il des machines ?"])
    assert question.standalone == "La Corée vend-il des machines ?"


def test_a_chain_does_not_grow_without_end():
    turns = ["Why did Beijing block the H200?", *["Who decided that?", "What was the effect of this?"] * 6]
    assert len(understand("And what did they do then?", history=turns).standalone) < 200


@pytest.mark.parametrize("history", [["?"], ["", " "], ["\0"], ["Et ?"], ["(" * 50], ["a" * 4000], ["H200" * 500]])
@pytest.mark.parametrize(
    "typed", ["Et Tencent ?", "Quand ?", "son", "les", "it", "?", "l'", "Qu'", "et en mai ?", "(", "-t-il"]
)
def test_no_history_breaks_it(history, typed):
    assert understand(typed, history=history).standalone is not None
