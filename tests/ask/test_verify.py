from dataclasses import replace

from rag.ask.verify import verified


def test_a_quote_that_no_longer_stands_in_the_text_is_dropped(reading):
    answer = reading.ask("Combien de puces H200 les groupes chinois ont-ils commandées ?")
    stored = {c.article.id: c.article for c in answer.citations}
    changed = {
        id_: replace(article, text=article.text.replace("350 000", "999 999")) for id_, article in stored.items()
    }
    statements, citations = verified(answer.statements, answer.citations, changed.get)
    assert not any("350 000" in s.text for s in statements)
    assert {n for s in statements for n in s.citations} == {c.n for c in citations}


def test_nothing_of_an_article_that_is_gone_is_shown(reading):
    answer = reading.ask("Combien de puces H200 les groupes chinois ont-ils commandées ?")
    assert verified(answer.statements, answer.citations, lambda _: None) == ((), ())


def test_what_holds_is_kept_as_it_is(reading):
    answer = reading.ask("Combien de puces H200 les groupes chinois ont-ils commandées ?")
    stored = {c.article.id: c.article for c in answer.citations}
    assert verified(answer.statements, answer.citations, stored.get) == (answer.statements, answer.citations)
