"""The bundled corpus: every article is well formed, dated honestly and of a readable length."""

import json
import re
from pathlib import Path

import pytest

from rag import bundled_corpus
from rag.ingest.loaders import find_sources, load_article, read_source
from rag.language.detect import detect_language
from rag.language.lexicon import concepts
from rag.language.normalize import fold
from rag.language.terms import terms

FACTS = Path(__file__).parent.parent / "evals" / "facts.jsonl"
PATHS = sorted(find_sources([bundled_corpus()]))


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.stem)
def article(request):
    return load_article(read_source(request.param, max_bytes=100_000))


def test_there_are_seventy():
    assert len(PATHS) == 70


def test_it_names_its_outlet_its_origin_and_its_address(article):
    assert article.publisher
    assert article.origin
    assert re.fullmatch(r"https?://\S+\.\S+", article.url)
    assert article.kind == "digest"


def test_it_is_of_a_readable_length(article):
    assert 60 <= len(article.text.split()) <= 200


def test_it_is_dated_to_the_day_or_says_what_is_known(article):
    assert article.published or dict(article.extra)["date_note"]


def test_its_file_is_named_for_its_date(article):
    name = article.source.rsplit("/", 1)[-1]
    if article.published:
        assert name.startswith(article.published.isoformat())
    else:
        assert re.match(r"20\d\d-\d\d-(?!\d)", name)


def test_addresses_are_not_repeated():
    urls = [load_article(read_source(path, max_bytes=100_000)).url for path in PATHS]
    assert len(set(urls)) == len(urls)


def test_it_holds_every_number_and_name_of_its_facts(article):
    rows = (json.loads(line) for line in FACTS.read_text(encoding="utf-8").splitlines())
    (row,) = [row for row in rows if row["ref"] == dict(article.extra)["ref"]]
    text = f"{article.title}\n{article.text}"
    words, present = fold(text), set(terms(text, article.lang))
    for fact in row["facts"]:
        for concept in concepts(fact["text"], detect_language(fact["text"], row["lang"])):
            if (concept.name or concept.number) and fold(concept.surface) not in words:
                ways = [way.terms for way in concept.alternatives if way.lang == article.lang]
                assert any(present.issuperset(way) for way in ways), f"{concept.surface} of {fact['id']}"
