"""The laws of the house (docs/architecture.md) as properties, over generated articles and over the bundled corpus."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as sized
from hypothesis import strategies as st
from support import CORPUS, ROOT, Draft, digest_of, drafts, folders, h200, questions, rows, shown, state

from rag.ask.retrieve import retrieve
from rag.errors import IngestError
from rag.index.lexical import LexicalIndex
from rag.index.vectors import VectorIndex
from rag.ingest.chunking import passages_of
from rag.ingest.loaders import find_sources, load_article, read_source
from rag.language.lexicon import concepts
from rag.language.normalize import normalize
from rag.library import Library
from rag.model import Answer, Article, Passage, Verdict
from rag.render.json import answer_json
from rag.render.terminal import answer_text
from rag.settings import Settings

SEEDS = ROOT.parent / "shared" / "seeds"
DAYS = st.dates(date(2025, 8, 1), date(2026, 7, 31))
FEW = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
    # Every example fills a library, so shrinking one would take minutes.
    "phases": [Phase.explicit, Phase.generate],
}


@dataclass
class Workshop:
    """A library that is filled anew for every example; its encoder is opened once."""

    library: Library
    sources: Path

    def fill(self, written: Sequence[Draft]) -> list[Verdict]:
        """Write the drafts to the folder of sources, in which nothing else stays, and ingest them into an empty library."""
        if held := [article.id for article in self.library.articles()]:
            self.library.remove(held)
        return self.change(written)

    def change(self, written: Sequence[Draft]) -> list[Verdict]:
        """Put the drafts in place of what the folder of sources holds, and ingest it."""
        shutil.rmtree(self.sources, ignore_errors=True)
        self.sources.mkdir(parents=True)
        for draft in written:
            draft.write(self.sources)
        return self.library.ingest([self.sources])


@pytest.fixture(scope="module")
def folder_of_drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws") / "sources"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, folder_of_drafts: Path) -> Iterator[Workshop]:
    with Library.create(Settings(library=tmp_path_factory.mktemp("one") / "library")) as library:
        yield Workshop(library, folder_of_drafts)


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory, folder_of_drafts: Path) -> Iterator[Workshop]:
    """Another workshop that takes its sources from the same folder."""
    with Library.create(Settings(library=tmp_path_factory.mktemp("two") / "library")) as library:
        yield Workshop(library, folder_of_drafts)


def corpus_questions(every: int) -> list[dict[str, Any]]:
    """Each n-th question of the evaluation sets about the corpus."""
    files = [ROOT / "evals" / "questions" / name for name in ("facts.jsonl", "time.jsonl", "dialogue.jsonl")]
    asked = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return asked[::every]


def ask_all(library: Library, asked: Sequence[dict[str, Any]]) -> list[Answer]:
    """The answers to questions of the evaluation sets, each at its own day and after its own history."""
    return [
        library.ask(
            row["question"],
            as_of=date.fromisoformat(row["as_of"]) if row.get("as_of") else None,
            history=row.get("history") or [],
        )
        for row in asked
    ]


def hold_to(law: Callable[[Answer, dict[str, Article]], None], workshop: Workshop) -> list[Answer]:
    """Ask generated questions of generated articles, and hold every answer to a law about the articles stored."""
    answers = []

    @given(folders(), st.lists(questions(), min_size=3, max_size=4))
    @sized(max_examples=10, **FEW)
    def check(written, asked):
        workshop.fill(written)
        stored = {article.id: article for article in workshop.library.articles()}
        for question in asked:
            answers.append(workshop.library.ask(question))
            law(answers[-1], stored)

    check()
    return answers


# --- 1: a quote is what the article says there -------------------------------------------------------------------


def assert_quoted(answer: Answer, stored: dict[str, Article]) -> None:
    for citation in answer.citations:
        article = stored[citation.article.id]
        assert article.text[citation.span.start : citation.span.end] == citation.quote
        assert citation.quote.strip()


def test_1_quotes_stand_in_the_article(workshop):
    seen = Counter(answer.status for answer in hold_to(assert_quoted, workshop))
    assert min(seen["answered"], seen["abstained"]) >= 5, seen


def test_1_and_2_over_the_corpus(bundled):
    stored = {article.id: article for article in bundled.articles()}
    answers = ask_all(bundled, corpus_questions(every=3))
    for answer in answers:
        assert_quoted(answer, stored)
        assert_carried(answer)
    assert {answer.status for answer in answers} >= {"answered", "abstained"}


# --- 2: no statement without a citation --------------------------------------------------------------------------


def assert_carried(answer: Answer) -> None:
    numbers = [citation.n for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(statement.citations and set(statement.citations) <= set(numbers) for statement in answer.statements)
    assert {n for statement in answer.statements for n in statement.citations} == set(numbers)
    assert bool(answer.statements) == (answer.status != "abstained")
    assert (answer.reason is None) == (answer.status != "abstained")
    assert answer.text.strip()


def test_2_every_statement_is_carried(workshop):
    @given(folders(), st.lists(questions(), min_size=3, max_size=4), st.one_of(st.none(), DAYS))
    @sized(max_examples=10, **FEW)
    def check(written, asked, as_of):
        workshop.fill(written)
        for place, question in enumerate(asked):
            assert_carried(workshop.library.ask(question, as_of=as_of, history=asked[:place]))

    check()


def test_2_an_empty_library_abstains(workshop):
    workshop.fill([])
    answer = workshop.library.ask("Combien de puces H200 Nvidia a-t-il livrées ?")
    assert_carried(answer)
    assert answer.status == "abstained"


# --- 3: the future has no part in an answer about the past -------------------------------------------------------


def what_was_said(answer: Answer) -> dict[str, Any]:
    data = answer_json(answer)
    return {key: data[key] for key in ("statements", "citations", "confidence")}


def assert_same_past(full: Library, past: Library, as_of: date, asked: Sequence[str]) -> list[Answer]:
    answers = [full.ask(question, as_of=as_of) for question in asked]
    for question, answer in zip(asked, answers, strict=True):
        assert what_was_said(answer) == what_was_said(past.ask(question, as_of=as_of))
        assert all(c.article.published is None or c.article.published <= as_of for c in answer.citations)
    return answers


def test_3_a_past_answer_knows_no_future(workshop, second):
    seen = Counter()

    @given(folders(2, 5), DAYS, st.lists(questions(), min_size=3, max_size=4))
    @sized(max_examples=10, **FEW)
    def check(written, as_of, asked):
        dated = [draft if draft.published else replace(draft, published=date(2025, 8, 15)) for draft in written]
        second.fill([draft for draft in dated if draft.published <= as_of])
        workshop.fill(dated)
        for answer in assert_same_past(workshop.library, second.library, as_of, asked):
            seen[answer.status] += 1

    check()
    assert min(seen["answered"], seen["abstained"]) >= 3, seen


def test_3_an_undated_article_counts_from_the_last_day_it_tells_of(workshop):
    told = "Le port de Brest a fermé le 3 mars 2026. Il avait ouvert le 2 janvier 2026."
    workshop.fill([Draft("a.md", "Le port", told), Draft("b.md", "Le phare", "Le phare de Brest est haut.")])
    question = "Quand le port de Brest a-t-il fermé ?"
    assert workshop.library.ask(question, as_of=date(2026, 3, 2)).status == "abstained"
    assert workshop.library.ask(question, as_of=date(2026, 3, 3)).status == "answered"
    assert workshop.library.ask("Quelle est la hauteur du phare de Brest ?", as_of=date(2026, 12, 31)).citations == ()


@pytest.mark.parametrize("publisher", ["La Gazette", "The Herald"])
@pytest.mark.parametrize("names", [("a.md", "b.md"), ("b.md", "a.md")])
def test_3_a_text_is_known_from_the_day_it_was_first_carried(workshop, names, publisher):
    """Whichever of two prints of one text comes first to the library."""
    told = (
        "Nvidia a livré 350 000 puces H200 à Alibaba. La douane de Shenzhen les a retenues au port pendant deux jours."
    )
    first = Draft(names[0], "Les puces", told, published=date(2026, 1, 5))
    workshop.fill([first, replace(first, name=names[1], published=date(2026, 3, 1), publisher=publisher)])
    answer = workshop.library.ask("Combien de puces H200 Nvidia a-t-il livrées à Alibaba ?", as_of=date(2026, 2, 1))
    assert [citation.article.published for citation in answer.citations][:1] == [date(2026, 1, 5)]


def test_3_a_later_figure_from_the_same_outlet_is_news(workshop):
    """An outlet that runs its story again with the figure changed has not said the same thing twice."""
    told = (
        "Nvidia a livré 350 000 puces H200 à Alibaba, selon une note du ministère du Commerce. La livraison a transité "
        "par le port de Shenzhen, où la douane avait retenu une première cargaison. Le groupe n'a pas commenté. Les "
        "analystes de Natixis attendent une seconde vague de commandes avant la fin du trimestre en cours."
    )
    first = Draft("a.md", "Les livraisons de janvier", told, published=date(2026, 1, 5), url="https://g.example/1")
    later = replace(
        first, name="b.md", title="Les livraisons de mars", body=told.replace("350 000", "900 000"),
        published=date(2026, 3, 1), url="https://g.example/2",
    )  # fmt: skip
    workshop.fill([first, later])
    answer = workshop.library.ask("Combien de puces H200 Nvidia a-t-il livrées à Alibaba ?")
    assert "900 000" in answer.text


def test_3_over_the_corpus(bundled, tmp_path):
    asked = [row["question"] for row in corpus_questions(every=12)]
    for day in (date(2025, 12, 8), date(2026, 1, 14), date(2026, 1, 28), date(2026, 3, 31)):
        folder = tmp_path / day.isoformat()
        shutil.copytree(bundled.settings.library, folder)
        with Library.open(Settings(library=folder)) as past:
            known = past.catalog.known_by(day)
            past.remove([article.id for article in past.articles() if article.id not in known])
            assert_same_past(bundled, past, day, asked)


@pytest.mark.parametrize("change", [{"published": date(2026, 3, 1)}, {"lang": "en"}, {"title": "Autre titre"}, {}])
def test_3_a_corrected_article_is_as_if_it_had_always_been_so(workshop, second, change):
    """What the vector index knows of an article follows every correction: its day, its language, its title."""
    told = "Nvidia a livré 350 000 puces H200 à Alibaba. La douane de Shenzhen les a retenues."
    first = Draft("a.md", "Les puces", told, published=date(2026, 1, 5))
    workshop.fill([first])
    workshop.change([replace(first, **change)])
    second.fill([replace(first, **change)])
    assert what_vectors_know(workshop.library) == what_vectors_know(second.library)


def test_3_a_corrected_date_is_heeded(workshop):
    told, then = "Nvidia a livré 350 000 puces H200 à Alibaba.", date(2026, 2, 1)
    first = Draft("a.md", "Les puces", told, published=date(2026, 1, 5))
    beside = Draft("b.md", "Le port", "Le port de Brest est fermé.", published=date(2026, 1, 4))
    workshop.fill([first, beside])
    workshop.change([replace(first, published=date(2026, 3, 1)), beside])
    library = workshop.library
    vector = next(vector for unit, _, _, vector in library.catalog.all_vectors() if unit.endswith(".0"))
    found = retrieve(
        concepts(told, "fr"), vector, as_of=then, vectors=vectors_of(library),
        catalog=library.catalog, lexical=LexicalIndex(library.catalog.database),
    )  # fmt: skip
    assert {hit.passage.article_id for hit in found.hits} <= library.catalog.known_by(then)


def vectors_of(library: Library) -> VectorIndex:
    index = library._vectors.index()
    assert index is not None
    return index


def what_vectors_know(library: Library) -> dict[str, list[tuple[str, float]]]:
    """Unit -> what its own vector finds at different days, to three digits."""
    index = vectors_of(library)
    days = (None, date(2026, 2, 1), date(2026, 12, 31))
    return {
        unit: [(name, round(cosine, 3)) for day in days for name, cosine in index.search(vector, 20, day)]
        for unit, _, _, vector in library.catalog.all_vectors()
    }


# --- 4: the same sources, the same library -----------------------------------------------------------------------


def names_of(library: Library) -> tuple[set[str], set[str], set[str]]:
    """Ids of articles, passages and vectors."""
    articles, passages = library.articles(), library.catalog.passages()
    return {a.id for a in articles}, {p.id for p in passages}, library.catalog.vector_ids()


def test_4_the_same_sources_have_the_same_ids(workshop, second):
    @given(folders())
    @sized(max_examples=10, **FEW)
    def check(written):
        workshop.fill(written)
        second.fill(written)
        assert names_of(workshop.library) == names_of(second.library)
        assert rows(workshop.library.settings.library).keys() == rows(second.library.settings.library).keys()

    check()


@st.composite
def folders_with_copies(draw: st.DrawFn) -> list[Draft]:
    """Articles among which some have the address of another, or the text of another."""
    written = draw(folders(2, 5))
    first = written[0]
    address = replace(draw(drafts(90)), name=f"elsewhere/{first.name}", url=first.url or "https://journal.example/0")
    text = replace(draw(drafts(91)), name="a-same-text.md", body=first.body)
    return [*written, *draw(st.lists(st.sampled_from([address, text]), unique=True))]


def test_4_ingesting_again_writes_nothing(workshop):
    @given(folders_with_copies())
    @sized(max_examples=10, **FEW)
    def check(written):
        workshop.fill(written)
        assert_nothing_is_written(workshop.library, [workshop.sources])

    check()


def test_4_two_files_of_one_address_do_not_take_turns(workshop):
    """Two captures of one page, under one name in two folders; which of them is kept must stay settled."""
    first = Draft("a.md", "Le port", "Le port de Brest est fermé.", url="https://journal.example/port")
    workshop.fill([first, replace(first, name="elsewhere/a.md", body="Le port de Brest est rouvert.")])
    assert_nothing_is_written(workshop.library, [workshop.sources])


def test_4_ingesting_the_corpus_again_writes_nothing(bundled, tmp_path):
    folder = tmp_path / "library"
    shutil.copytree(bundled.settings.library, folder)
    with Library.open(Settings(library=folder)) as library:
        verdicts = assert_nothing_is_written(library, [CORPUS])
    assert {verdict.outcome for verdict in verdicts} == {"unchanged"}


def assert_nothing_is_written(library: Library, again: Sequence[Path]) -> list[Verdict]:
    folder = library.settings.library
    before = rows(folder), state(folder), digest_of(folder / "chroma")
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as observer:
        version = observer.execute("PRAGMA data_version").fetchone()
        verdicts = library.ingest(again)
        assert observer.execute("PRAGMA data_version").fetchone() == version, [v.outcome for v in verdicts]
    assert (rows(folder), state(folder), digest_of(folder / "chroma")) == before
    return verdicts


# --- 5: no address but a stored one ------------------------------------------------------------------------------

_ADDRESS = re.compile(r"https?://\S+")


def assert_addresses_are_stored(answer: Answer, stored: dict[str, Article]) -> None:
    for citation in answer_json(answer)["citations"]:
        article = stored[citation["article_id"]]
        assert citation["url"] == article.url
        assert citation["source"] == article.source
        assert_link_leads_to(citation["link"], article, citation["quote"])


def assert_link_leads_to(link: str, article: Article, quote: str) -> None:
    """The link is the stored address, with our own text fragment in which the quote is found, or our own page."""
    if article.url is None:
        assert re.fullmatch(rf"/article/{re.escape(article.id)}#\d+-\d+", link)
    elif article.kind == "digest":
        assert link == article.url
    else:
        address, _, fragment = link.partition("#:~:text=")
        assert address == article.url.partition("#")[0]
        words = " ".join(quote.split())
        ends = [unquote(part) for part in fragment.split(",")]
        assert words.startswith(ends[0])
        assert words.endswith(ends[-1])
        assert not set("-, &") & set(fragment.replace(",", "", 1))


def test_5_a_link_is_a_stored_address(workshop):
    answers = hold_to(assert_addresses_are_stored, workshop)
    assert sum(len(answer.citations) for answer in answers) >= 5


def test_5_over_the_corpus(bundled):
    stored = {article.id: article for article in bundled.articles()}
    addresses = {article.url for article in stored.values()}
    for answer in ask_all(bundled, corpus_questions(every=6)):
        assert_addresses_are_stored(answer, stored)
        in_text = set(_ADDRESS.findall(" ".join([answer.text, answer.question.standalone])))
        in_terminal = set(_ADDRESS.findall(answer_text(answer))) - in_text
        assert {address.partition("#:~:text=")[0] for address in in_terminal} <= addresses


# --- 6: one answer, whichever way it is asked --------------------------------------------------------------------


def without_timings(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in ("timings_ms", "id")}


def test_6_a_batch_gives_the_answers_of_the_library(reading):
    @given(st.lists(st.tuples(questions(), st.one_of(st.none(), DAYS)), min_size=10, max_size=20))
    @sized(max_examples=3, **FEW)
    def check(asked):
        lines = [
            json.dumps({"id": n, "question": text, "as_of": day and day.isoformat(), "history": history_of(asked, n)})
            for n, (text, day) in enumerate(asked)
        ]
        batch = h200("ask", "--batch", "-", library=reading.settings.library, stdin="\n".join(lines))
        expected = [
            shown(reading.ask(text, as_of=day, history=history_of(asked, n))) for n, (text, day) in enumerate(asked)
        ]
        assert [without_timings(line) for line in batch.lines] == expected
        assert [line["id"] for line in batch.lines] == list(range(len(asked)))

    check()


def history_of(asked: Sequence[tuple[str, date | None]], n: int) -> list[str]:
    return [text for text, _ in asked[:n]][-2:]


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("Combien de puces H200 ont été commandées ?", {}),
        ("Who granted the licence?", {"as_of": "2026-02-03"}),
        ("Et quand ?", {"after": "Les douanes de Shenzhen ont-elles retenu des puces ?", "as_of": "2026-01-25"}),
        ("Quel temps fait-il à Lyon ?", {}),
    ],
)
def test_6_the_command_gives_the_answer_of_the_library(reading, question, options):
    flags = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
    told = h200("ask", question, "--json", *flags, library=reading.settings.library)
    day = date.fromisoformat(options["as_of"]) if "as_of" in options else None
    expected = reading.ask(question, as_of=day, history=[options["after"]] if "after" in options else [])
    assert without_timings(told.json) == shown(expected)


def test_6_the_terminal_shows_the_same_answer(reading):
    question = "Combien de puces H200 ont été commandées ?"
    told = h200("ask", question, library=reading.settings.library)
    assert told.out.rstrip("\n") == answer_text(reading.ask(question))


def test_6_an_open_library_counts_what_was_ingested_since(workshop):
    """What an answer says of the library is true when it is given, in a process that stays open as well."""
    workshop.fill([Draft("a.md", "Le port", "Le port de Brest est fermé.")])
    workshop.library.ask("Le port de Brest est-il fermé ?")
    workshop.change(
        [Draft("a.md", "Le port", "Le port de Brest est fermé."), Draft("b.md", "Le quai", "Le quai est vide.")]
    )
    assert workshop.library.ask("Le port de Brest est-il fermé ?").library == workshop.library.facts


# --- 8: one spelling, and offsets into it ------------------------------------------------------------------------


def assert_in_order(article: Article, passages: Sequence[Passage]) -> None:
    """Everything that points into the text lies in it, in order, and is not empty."""
    text = article.text
    assert normalize(text) == text
    spans = [block.span for block in article.blocks]
    assert all(0 <= span.start < span.end <= len(text) and span.of(text).strip() for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert [passage.ordinal for passage in passages] == list(range(len(passages)))
    assert all(one.span.end <= other.span.start for one, other in pairwise(passages))
    for passage in passages:
        cut = passage.sentences
        assert (cut[0].start, cut[-1].end) == (passage.span.start, passage.span.end)
        assert all(one.end <= other.start for one, other in pairwise(cut))
        assert all(span.start < span.end and span.of(text) == span.of(text).strip() for span in cut)
    quotable = "".join(b.span.of(text) for b in article.blocks if b.section != "heading")
    cut = "".join(span.of(text) for passage in passages for span in passage.sentences)
    assert "".join(cut.split()) == "".join(quotable.split())


def read(path: Path) -> tuple[Article, tuple[Passage, ...]]:
    article = load_article(read_source(path, max_bytes=10_000_000))
    return article, passages_of(article, 90)


@given(folders(1, 1), st.text(max_size=200), st.sampled_from(["a.md", "a.txt"]))
@sized(max_examples=100, **FEW)
def test_8_every_offset_lies_in_the_text(tmp_path_factory, written, noise, name):
    path = tmp_path_factory.getbasetemp() / name
    path.write_text(f"{written[0].markdown if name == 'a.md' else written[0].body}\n\n{noise}", encoding="utf-8")
    with suppress(IngestError):  # what is no text, or has a header that cannot be right, is refused whole
        assert_in_order(*read(path))


def test_8_over_the_corpus(bundled):
    cut: dict[str, list[Passage]] = {}
    for passage in bundled.catalog.passages():
        cut.setdefault(passage.article_id, []).append(passage)
    articles = bundled.articles()
    assert len(articles) == len(list(find_sources([CORPUS])))
    for article in articles:
        assert_in_order(article, cut[article.id])


@pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not here")
def test_8_over_raw_pages():
    for path in find_sources([SEEDS]):
        assert_in_order(*read(path))
