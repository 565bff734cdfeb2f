"""The h200 command as the contract has it: exit codes, what goes where, the keys of its JSON, and how light it is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import CORPUS, ROOT, Draft, Finished, assert_clear_error, environment, h200, rows, state

from rag.library import Library
from rag.settings import Settings

QUESTION = "Combien de puces H200 les groupes chinois ont-ils commandées ?"
OFF_TOPIC = "Quel temps fera-t-il demain à Lyon ?"
HEAVY = {
    "torch", "transformers", "sentence_transformers", "onnxruntime", "chromadb", "llama_index", "gradio", "numpy",
}  # fmt: skip


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.library


# --- the first use -----------------------------------------------------------------------------------------------


def test_first_use_builds_the_bundled_corpus_and_answers(first_use):
    told, folder = first_use
    assert told.code == 0
    assert told.json["status"] == "answered"
    assert told.json["notes"] == []
    assert told.json["library"]["articles"] == len(rows(folder)["articles"]) == len(list(CORPUS.glob("*.md")))
    assert told.err == f"Building a library in {folder} from the bundled corpus.\n"


# --- exit codes, stdout and stderr -------------------------------------------------------------------------------


def test_an_answer(built):
    told = h200("ask", QUESTION, library=built)
    assert (told.code, told.err) == (0, "")
    assert "350 000 puces H200" in told.out
    assert "[1]" in told.out
    assert "https://gazette.example/commandes" in told.out
    assert "\x1b" not in told.out


def test_an_abstention(built):
    told = h200("ask", OFF_TOPIC, library=built)
    assert (told.code, told.err) == (3, "")
    assert told.out.strip()


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["ask"], ["ask", QUESTION, "--batch", "-"], ["ask", "--mode", "x", "y"], ["show"], ["remove"],
     ["ask", QUESTION, "--nonsense"], ["ask", QUESTION, "--lang", "de"], ["articles", "too", "many"]],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage(built, arguments):
    told = h200(*arguments, H200_LIBRARY=str(built))
    assert (told.code, told.out) == (2, "")
    assert told.err.strip()
    assert "Traceback" not in told.err


def test_help_goes_to_stdout():
    told = h200("--help")
    assert (told.code, told.err) == (0, "")
    assert {"ask", "chat", "ingest", "remove", "rebuild", "articles", "show", "status"} <= set(told.out.split())


def test_an_ingest_gives_a_verdict_a_source_and_a_tally(built, tmp_path, sources):
    folder = shutil.copytree(built, tmp_path / "library")
    one, two = sorted(sources.iterdir())[:2]
    changed = tmp_path / "new.md"
    changed.write_text("---\ntitle: Le port\n---\nLe port de Brest est fermé.", encoding="utf-8")
    told = h200("ingest", one, two, changed, tmp_path / "none.md", "--json", library=folder)
    assert told.code == 4
    assert [line["verdict"] for line in told.lines] == ["unchanged", "unchanged", "added", "refused"]
    assert all(set(line) == {"source", "verdict", "reason", "article_id", "title"} for line in told.lines)
    assert told.err == "2 unchanged, 1 added, 1 refused\n"


def test_quiet_says_nothing_beside_the_answer(folder):
    shutil.rmtree(folder / "chroma")
    loud, quiet = h200("ask", QUESTION, library=folder), h200("ask", QUESTION, "-q", library=folder)
    assert loud.err.count("\n") == 1
    assert (quiet.out, quiet.err) == (loud.out, "")
    assert h200("ingest", CORPUS.parent / "none.md", "-q", library=folder).err == ""
    assert h200("rebuild", "--quiet", library=folder) == Finished(0, "", "")


def test_a_traceback_only_when_asked_for(tmp_path):
    assert_clear_error(h200("articles", library=tmp_path / "none"))
    told = h200("articles", "-v", library=tmp_path / "none")
    assert told.code == 1
    assert "Traceback" in told.err
    assert "LibraryNotFound" in told.err


def test_the_reader_of_our_output_may_leave(built):
    with subprocess.Popen(
        [sys.executable, "-m", "rag", "show", "2026-01-05", "--library", str(built)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_a_terminal_that_cannot_write_every_letter(built):
    told = h200("ask", QUESTION, library=built, PYTHONIOENCODING="ascii:strict", PYTHONUTF8="0")
    assert told.code == 0, told.err
    assert "350 000 puces H200" in told.out


# --- ways to start it --------------------------------------------------------------------------------------------


def test_the_installed_command_and_the_module_are_one(built):
    script = Path(sys.executable).with_name("h200")
    if not script.exists():
        pytest.skip("the package is not installed beside this interpreter")
    assert h200("articles", library=built, command=[str(script)]) == h200("articles", library=built)


def test_it_runs_from_any_folder(built, tmp_path):
    assert h200("articles", library=built, cwd=tmp_path) == h200("articles", library=built)


def test_the_environment_names_the_library_and_an_option_wins(built, tmp_path):
    named = h200("articles", H200_LIBRARY=str(built))
    assert named == h200("articles", library=built, H200_LIBRARY=str(tmp_path / "none"))
    assert named.code == 0


@pytest.mark.parametrize("start", ["import rag", "from rag.cli import main; main(['--help'])", "import rag.cli"])
def test_nothing_heavy_is_loaded_before_it_is_needed(start):
    script = f"import sys\ntry:\n    {start}\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], env=environment(), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not {name.partition(".")[0] for name in done.stderr.split()} & HEAVY


# --- JSON --------------------------------------------------------------------------------------------------------

ANSWER_KEYS = {
    "schema", "question", "standalone_question", "lang", "as_of", "status", "reason", "answer", "statements", "citations",
    "confidence", "mode", "notes", "timings_ms", "library",
}  # fmt: skip
CITATION_KEYS = {
    "n", "article_id", "title", "publisher", "published", "origin", "kind", "source", "url", "link", "quote", "start", "end",
}  # fmt: skip


def assert_of_schema(answer: dict[str, object]) -> None:
    """The keys of the contract, which may be added to and not taken from."""
    assert set(answer) >= ANSWER_KEYS
    assert answer["schema"] == "h200.answer/1"
    assert set(answer["library"]) >= {"articles", "passages", "newest", "fingerprint"}
    assert set(answer["timings_ms"]) >= {"total"}
    assert 0 <= answer["confidence"] <= 1


def test_the_json_of_an_answer(built):
    answer = h200("ask", QUESTION, "--as-of", "2026-01-31", "--json", library=built).json
    assert_of_schema(answer)
    assert (answer["status"], answer["reason"], answer["lang"]) == ("answered", None, "fr")
    assert (answer["as_of"], answer["mode"]) == ("2026-01-31", "extractive")
    assert set(answer["timings_ms"]) >= {"total", "retrieve"}
    for statement in answer["statements"]:
        assert set(statement) >= {"text", "role", "date", "citations", "support"}
        assert statement["support"] == "quote"
    for citation in answer["citations"]:
        assert set(citation) >= CITATION_KEYS
        assert citation["end"] - citation["start"] == len(citation["quote"])
    assert answer["citations"][0]["link"] == answer["citations"][0]["url"]


@pytest.mark.parametrize(
    ("question", "as_of", "reason"),
    [
        (OFF_TOPIC, None, "off_topic"),
        ("Combien de salariés le transporteur Cargolux emploie-t-il ?", None, "no_evidence"),
        (QUESTION, "2020-01-01", "before_coverage"),
        ("Bonjour !", None, "small_talk"),
        (" ", None, "empty_question"),
    ],
)
def test_the_json_of_an_abstention(built, question, as_of, reason):
    told = h200("ask", question, "--json", *(["--as-of", as_of] if as_of else []), library=built)
    assert_of_schema(told.json)
    assert (told.code, told.json["status"], told.json["reason"]) == (3, "abstained", reason)
    assert (told.json["statements"], told.json["citations"]) == ([], [])
    assert told.json["answer"].strip()


def test_an_id_is_there_in_a_batch_alone(built):
    line = json.dumps({"id": "q7", "question": QUESTION})
    assert h200("ask", "--batch", "-", library=built, stdin=line).lines[0]["id"] == "q7"
    assert "id" not in h200("ask", QUESTION, "--json", library=built).json


def test_articles_and_show_and_status_as_json(built):
    listed = h200("articles", "--json", library=built).lines
    assert [article["published"] for article in listed] == ["2026-01-05", "2026-01-20", "2026-02-02"]
    shown = h200("show", listed[0]["id"], "--json", library=built).json
    assert shown["text"].startswith("Selon Reuters")
    assert {key: value for key, value in shown.items() if key != "text"} == listed[0]
    status = h200("status", "--json", library=built).json
    assert (status["articles"], status["newest"], status["encoder"]) == (3, "2026-02-02", "minilm-fr")
    assert (status["vector_index"], status["lexical_index"]) == ("sound", "sound")
    assert status["fingerprint"] == state(built)["encoder_fingerprint"]
    assert {"python", "h200", "chromadb"} <= set(status["versions"])


# --- conversation ------------------------------------------------------------------------------------------------


def test_a_follow_up_is_understood_from_the_question_before(built):
    before = "Les douanes de Shenzhen ont-elles retenu une cargaison de puces H200 ?"
    told = h200("ask", "Et pourquoi ?", "--after", before, "--json", library=built)
    assert told.json["standalone_question"] == f"Pourquoi {before[0].lower()}{before[1:]}"
    assert "douanes" not in h200("ask", "Et pourquoi ?", "--json", library=built).json["standalone_question"]


def test_chat_answers_what_comes_through_a_pipe(built):
    told = h200("chat", library=built, stdin=f"{QUESTION}\n\n{'puce ' * 2000}\nEt quand ?\nMerci\n")
    assert told.code == 0
    assert "350 000 puces H200" in told.out
    assert f"Compris comme : {QUESTION.rstrip(' ?')}, et quand ?" in told.out
    assert "h200: The question has" in told.err
    assert "Traceback" not in told.err


def test_chat_ends_with_an_empty_pipe(built):
    assert h200("chat", library=built).code == 0


def test_chat_survives_a_line_that_is_no_utf_8(built):
    told = h200("chat", library=built, stdin=b"Qui a command\xe9 ?\n" + QUESTION.encode() + b"\n")
    assert told.code == 0, told.err
    assert "350 000 puces H200" in told.out


# --- forgetting --------------------------------------------------------------------------------------------------


def test_a_removed_article_leaves_no_trace(folder, tmp_path):
    """Not in the catalog, its log, the postings, the vectors, nor in the pages that were freed."""
    nonce = "zyxquor"
    secret = Draft(
        name=f"{nonce}.md",
        title=f"Titre {nonce}",
        body="\n\n".join(f"La société {nonce} a livré {n} puces. Le {nonce} du port {n} attend." for n in range(15)),
        url=f"https://journal.example/{nonce}",
        publisher=f"Le {nonce}",
    ).write(tmp_path)
    assert h200("ingest", secret, library=folder).code == 0
    assert traces(folder, nonce)
    assert h200("remove", nonce, library=folder).code == 0
    assert traces(folder, nonce) == []
    assert h200("ask", f"Qui est {nonce} ?", library=folder).code == 3


def test_an_article_leaves_no_trace_while_others_read(folder, tmp_path):
    nonce = "zyxquor"
    secret = Draft(f"{nonce}.md", f"Titre {nonce}", f"La société {nonce} a livré 12 puces.").write(tmp_path)
    with Library.open(Settings(library=folder)) as library:
        library.ingest([secret])
        library.ask(f"Combien de puces la société {nonce} a-t-elle livrées ?")
        assert h200("remove", nonce, library=folder).code == 0
        assert traces(folder, nonce) == []
        assert nonce not in library.ask(f"Combien de puces la société {nonce} a-t-elle livrées ?").text


def traces(folder: Path, nonce: str) -> list[str]:
    """Files of the library in which the bytes of a word stand, or whose names hold it."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if nonce.encode() in path.read_bytes() or nonce in path.name]


# --- another encoder ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def re_embedded(built: Path, other_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Finished]:
    """A copy of the library, embedded anew by an encoder named from the folder it is in, and what the command said."""
    folder = shutil.copytree(built, tmp_path_factory.mktemp("other") / "library")
    told = h200("rebuild", "--encoder", other_encoder.name, library=folder, cwd=other_encoder.parent)
    return folder, told


def test_rebuild_with_another_encoder_embeds_anew(built, re_embedded):
    folder, told = re_embedded
    assert (told.code, told.out) == (0, ""), told
    old, new = rows(built), rows(folder)
    assert {len(row[2]) for row in new["vectors"]} == {4 * 32}
    assert [row[:2] for row in new["vectors"]] == [row[:2] for row in old["vectors"]]
    assert [new[name] for name in ("articles", "passages", "postings")] == [
        old[name] for name in ("articles", "passages", "postings")
    ]
    assert state(folder)["encoder_fingerprint"] != state(built)["encoder_fingerprint"]


def test_a_library_finds_its_encoder_from_any_folder(re_embedded, tmp_path):
    told = h200("ask", QUESTION, "--json", library=re_embedded[0], cwd=tmp_path)
    assert told.code in (0, 3), told
    assert told.json["notes"] == []


def test_a_re_embedded_library_refuses_the_encoder_it_had(re_embedded):
    told = h200("ask", QUESTION, "--encoder", "minilm-fr", library=re_embedded[0])
    assert_clear_error(told, "'minilm-fr'", "h200 rebuild")
