"""What several tests need: the command in a process of its own, generated articles, and a look into a library's files."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from rag.index.catalog import sentence_id
from rag.index.vectors import VectorIndex
from rag.language.terms import terms
from rag.library import Library
from rag.model import Answer
from rag.render.json import answer_json
from rag.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
COMMAND = (sys.executable, "-m", "rag")


# --- the command -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finished:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out, parse_constant=_no_constant)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line, parse_constant=_no_constant) for line in self.out.splitlines()]


def environment(**more: str) -> dict[str, str]:
    """The environment of a command that must find nothing but what it is told: no library, no network."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("H200_")}
    return {**kept, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", **more}


def h200(
    *arguments: str | Path,
    library: Path | None = None,
    stdin: str | bytes = "",
    cwd: Path | None = None,
    command: Sequence[str] = COMMAND,
    **more: str,
) -> Finished:
    """Run `h200 ARGUMENTS` in a process of its own."""
    place = ("--library", str(library)) if library else ()
    done = subprocess.run(
        [*command, *map(str, arguments), *place],
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        cwd=cwd or ROOT,
        env=environment(**more),
        capture_output=True,
        timeout=120,
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


def assert_clear_error(finished: Finished, *words: str, code: int = 1) -> None:
    """One sentence on stderr that starts with the program's name and says what to do; nothing else."""
    assert (finished.code, finished.out) == (code, ""), finished
    assert finished.err.startswith("h200: "), finished.err
    assert finished.err.count("\n") == 1, finished.err
    assert finished.err.endswith(".\n"), finished.err
    for word in words:
        assert word in finished.err, finished.err


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


# --- generated articles ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Draft:
    """An article as a test writes it to a file."""

    name: str
    title: str
    body: str
    lang: str = "fr"
    published: date | None = None
    url: str | None = None
    kind: str = "full"
    origin: str | None = None
    publisher: str = "La Gazette"

    @property
    def markdown(self) -> str:
        values = {"title": self.title, "publisher": self.publisher, "lang": self.lang, "kind": self.kind}
        values |= {"url": self.url} if self.url else {}
        values |= {"published": self.published.isoformat()} if self.published else {}
        values |= {"origin": self.origin} if self.origin else {}
        header = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
        return f"---\n{header}\n---\n\n{self.body}\n"

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        path.parent.mkdir(exist_ok=True)
        path.write_text(self.markdown, encoding="utf-8")
        return path


FRENCH = ("Nvidia", "Jensen Huang", "La douane de Shenzhen", "Le groupe Alibaba", "M. Lutnick", "Pékin")
ENGLISH = ("Nvidia", "Jensen Huang", "The Commerce Department", "Alibaba", "Mr. Lutnick", "Beijing")
ACTS = {
    "fr": (
        "a commandé {n} puces H200 le {day} janvier 2026",
        "a suspendu la licence d'exportation pour {n} jours",
        "juge « très forte » la demande de {n} entreprises chinoises",
        "paiera {n} dollars par puce H200, soit 25 % de plus",
    ),
    "en": (
        "ordered {n} H200 chips on {day} January 2026",
        "suspended the export licence for {n} days",
        "said demand from {n} Chinese buyers was “very strong”",
        "will pay ${n} for each H200 chip, or 25% more",
    ),
}
QUESTIONS = {
    "fr": ("Combien de puces H200 {who} a-t-il commandées ?", "Qu'a décidé {who} pour la licence d'exportation ?"),
    "en": ("How many H200 chips did {who} order?", "What did {who} decide about the export licence?"),
}
NASTY = (
    "<script>alert(1)</script>",
    "[lien](https://mauvais.example/x)",
    "![](http://mauvais.example/p.png?q=secret)",
    "https://nu.example/a?b=c#d",
    "e\u0301te\u0301 \u202eenvers\u202c",
    "zéro\u200blargeur\u00ad et\u00a0espace\u202ffine",
    "U.S. & Co. « Non… » (soit 2,3 %).",
    "🙂 𝔸 ﬁn ½",
    "*gras* _italique_ `code` | [1] [99]",
)


@st.composite
def sentences(draw: st.DrawFn, lang: str) -> str:
    """A sentence of the story in that language, sometimes with something nasty in it."""
    who = draw(st.sampled_from(FRENCH if lang == "fr" else ENGLISH))
    act = draw(st.sampled_from(ACTS[lang])).format(n=draw(st.integers(2, 9999)), day=draw(st.integers(2, 28)))
    nasty = draw(st.one_of(st.just(""), st.sampled_from(NASTY), st.text(max_size=15)))
    return f"{who} {act} {nasty}".strip() + "."


@st.composite
def drafts(draw: st.DrawFn, number: int) -> Draft:
    """An article no other of which has the same text; `number` makes it so."""
    lang = draw(st.sampled_from(["fr", "en"]))
    paragraphs = draw(st.lists(st.lists(sentences(lang), min_size=1, max_size=3).map(" ".join), min_size=1, max_size=3))
    dated = draw(st.one_of(st.dates(date(2025, 9, 1), date(2026, 6, 30)), st.none()))
    own = f"Le dossier numéro {number} est ouvert." if lang == "fr" else f"File number {number} is open."
    return Draft(
        name=f"article-{number}.md",
        title=draw(sentences(lang)).replace('"', "'")[:80] if draw(st.booleans()) else f"Titre {number}",
        body="\n\n".join([*paragraphs, own]),
        lang=lang,
        published=dated,
        url=f"https://journal.example/{number}?a=1&b=%20#partie" if draw(st.booleans()) else None,
        kind=draw(st.sampled_from(["full", "digest"])),
        origin=draw(st.sampled_from([None, "Reuters"])),
        publisher=draw(st.sampled_from(["La Gazette", "The Herald"])),
    )


def folders(smallest: int = 1, largest: int = 6) -> st.SearchStrategy[list[Draft]]:
    """Articles to put in one folder, each under a name of its own."""
    return st.integers(smallest, largest).flatmap(lambda size: st.tuples(*map(drafts, range(size)))).map(list)


@st.composite
def questions(draw: st.DrawFn) -> str:
    """A question that the articles may answer, one that they may not, or noise."""
    lang = draw(st.sampled_from(["fr", "en"]))
    asked = st.tuples(st.sampled_from(QUESTIONS[lang]), st.sampled_from(FRENCH if lang == "fr" else ENGLISH))
    return draw(
        st.one_of(
            asked.map(lambda pair: pair[0].format(who=pair[1])),
            sentences(lang),
            st.sampled_from(["Quel temps fera-t-il demain à Lyon ?", "Bonjour !", "", "Et ensuite ?", "???"]),
            st.text(max_size=40),
        )
    )


# --- a library, seen from outside --------------------------------------------------------------------------------


def shown(answer: Answer) -> dict[str, Any]:
    """The answer as programs see it, without the time it took."""
    data = answer_json(answer)
    del data["timings_ms"]
    return data


def rows(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the catalog holds, table by table, whatever order it was written in; read without the code under test."""
    tables = {
        "articles": "SELECT * FROM articles",
        "passages": "SELECT * FROM passages",
        "vectors": "SELECT id, passage_id, vector FROM vectors",
        "sentences": "SELECT passage_id, ordinal, length FROM sentences",
        "postings": """SELECT s.passage_id, s.ordinal, p.term, p.count FROM postings p
                       JOIN sentences s ON s.number = p.sentence""",
    }
    with closing(sqlite3.connect(f"file:{folder / 'catalog.sqlite'}?mode=ro", uri=True)) as connection:
        return {name: sorted(connection.execute(query).fetchall()) for name, query in tables.items()}


def state(folder: Path) -> dict[str, str]:
    """What the catalog remembers of itself."""
    with closing(sqlite3.connect(f"file:{folder / 'catalog.sqlite'}?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT key, value FROM state").fetchall())


def set_state(folder: Path, key: str, value: str) -> None:
    """Change what the catalog remembers, as an older or a later program would have written it."""
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as connection, connection:
        connection.execute("UPDATE state SET value = ? WHERE key = ?", (value, key))


def digest_of(folder: Path) -> dict[str, str]:
    """Every file below a folder with the hash of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@contextmanager
def unharmed(folder: Path) -> Iterator[None]:
    """What happens inside must lose and add nothing in the catalog's tables."""
    before = rows(folder)
    yield
    assert rows(folder) == before


def assert_whole(folder: Path) -> None:
    """Catalog, lexical index and vector index say the same, and nothing unfinished lies about."""
    with Library.open(Settings(library=folder)) as library:
        articles = {article.id: article for article in library.catalog.articles()}
        passages = library.catalog.passages()
    tables = rows(folder)
    units = {p.id for p in passages} | {sentence_id(p.id, n) for p in passages for n in range(len(p.sentences))}
    assert {row[0] for row in tables["vectors"]} == units
    spoken = {
        (p.id, n, term) for p in passages for n, span in enumerate(p.sentences)
        for term in _keys(span.of(articles[p.article_id].text), p.lang)
    }  # fmt: skip
    assert {(passage_id, ordinal, term) for passage_id, ordinal, term, _ in tables["postings"]} == spoken
    _assert_vectors_find_themselves(folder, units)
    assert [path.name for path in (folder / "chroma").iterdir()] == [state(folder)["vectors_generation"]]


def _keys(text: str, lang: str) -> set[str]:
    return {f"{lang}:{term}" for term in terms(text, lang)}  # type: ignore[arg-type]


def _assert_vectors_find_themselves(folder: Path, units: set[str]) -> None:
    with Library.open(Settings(library=folder)) as library:
        stored = {unit: vector for unit, _, _, vector in library.catalog.all_vectors()}
        days = {unit: day for unit, _, day, _ in library.catalog.all_vectors()}
    kept = state(folder)
    assert kept["vectors_behind"] == "no"
    index = VectorIndex.open(folder, kept["vectors_generation"], kept["vectors_seal"])
    try:
        assert index.ids() == units
        for unit, vector in stored.items():
            found = index.search(vector, 10)
            assert found[0][1] > 0.9999, (unit, found)
            assert unit in [name for name, cosine in found if cosine > found[0][1] - 1e-5], (unit, found)
        known = sorted({day for day in days.values() if day is not None})
        for day in known[:: max(1, len(known) // 3)]:
            then = {unit for unit in units if days[unit] is not None and days[unit] <= day}
            assert {unit for unit, _ in index.search(vector, len(units), day)} == then, f"of {day}"
    finally:
        index.close()


def tiny_encoder(folder: Path) -> Path:
    """A sentence-transformers model of a few thousand random weights, saved in `folder`."""
    script = """
import sys
from pathlib import Path
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

base = Path(sys.argv[1] + "-bert")
base.mkdir(parents=True)
letters = "abcdefghijklmnopqrstuvwxyz0123456789"
pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters), ".", ",", "?", "'"]
(base / "vocab.txt").write_text("\\n".join(pieces))
BertTokenizerFast(str(base / "vocab.txt")).save_pretrained(base)
torch.manual_seed(7)
config = BertConfig(
    vocab_size=len(pieces), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
    max_position_embeddings=128,
)
BertModel(config).save_pretrained(base)
words = Transformer(str(base), max_seq_length=128)
SentenceTransformer(modules=[words, Pooling(32)], device="cpu").save(sys.argv[1])
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], env=environment(), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return folder
