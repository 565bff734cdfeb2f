import pytest

from rag.ask.question import kind_of, leans_back, understand


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Combien de puces ont été commandées ?", "quantity"),
        ("How many chips did they order?", "quantity"),
        ("Quel est le prix d'une puce ?", "money"),
        ("Combien coûte une puce ?", "money"),
        ("What share of sales goes to the Treasury?", "percentage"),
        ("Pendant combien de temps ont-elles été retenues ?", "duration"),
        ("Quand la licence a-t-elle été accordée ?", "when"),
        ("On which date was it signed?", "when"),
        ("Où la cargaison a-t-elle été retenue ?", "where"),
        ("In which city did he speak?", "where"),
        ("Pourquoi Pékin hésite-t-il ?", "why"),
        ("Qui a confirmé l'incident ?", "who"),
        ("Which company confirmed it?", "who"),
        ("What did Jensen Huang say about demand?", "said"),
        ("Que dit Jensen Huang ?", "said"),
        ("Est-ce que Pékin a donné une raison ?", "yes_no"),
        ("Pékin a-t-il donné une raison ?", "yes_no"),
        ("Did Beijing say anything when asked?", "yes_no"),
        ("Can you tell me who signed it?", "who"),
        ("Quelles conditions l'acheteur doit-il remplir ?", "what"),
        ("bonjour", "small_talk"),
        ("What can you do?", "small_talk"),
        ("  ?! ", "empty"),
        ("", "empty"),
    ],
)
def test_what_a_question_asks_for(text, kind):
    assert kind_of(text) == kind


@pytest.mark.parametrize("text", ["Et Tencent ?", "Quand ?", "Pourquoi ?", "And how many?", "Did they confirm it?"])
def test_a_follow_up_leans_on_what_came_before(text):
    assert leans_back(text, understand(text).lang)


@pytest.mark.parametrize(
    "text", ["Combien de puces H200 Alibaba a-t-il commandées à Nvidia ?", "Who is the US Commerce Secretary?"]
)
def test_a_complete_question_stands_alone(text):
    question = understand(text, history=["Quel temps fait-il à Lyon ?"])
    assert question.standalone == text


def test_a_follow_up_is_completed_with_the_latest_question():
    question = understand(
        "Et Tencent ?", history=["Quelle heure est-il ?", "Combien de puces Alibaba a-t-il commandées ?"]
    )
    assert "Alibaba" in question.standalone
    assert "Tencent" in question.standalone
    assert "heure" not in question.standalone


def test_the_language_of_a_bare_follow_up_is_that_of_the_conversation():
    assert understand("Tencent?", history=["How many chips did Alibaba order?"]).lang == "en"
