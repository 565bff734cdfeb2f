from rag.ask.reading import language_of, read
from rag.language.lexicon import concepts


def surfaces(found):
    return [concept.surface for concept in found]


def test_one_language_is_read_as_ever():
    text = "Quelles puces ByteDance a-t-elle commandées ?"
    assert read(text, "fr") == concepts(text, "fr")


def test_each_sentence_is_read_in_its_language():
    found = read("ByteDance a-t-elle commandé des puces ? When were they delivered?", "en")
    assert surfaces(found) == ["ByteDance", "commandé", "puces", "delivered"]
    ordered = found[1]
    assert {way.lang for way in ordered.alternatives} == {"fr", "en"}


def test_a_question_kept_from_another_language_is_read_in_its_own():
    assert language_of("Tencent a-t-elle commandé des H200 ?", "en") == "fr"
    assert language_of("H200?", "en") == "en"
