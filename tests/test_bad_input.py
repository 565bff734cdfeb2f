"""What a user or a disk can get wrong: one clear sentence, the right exit code, and nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from support import COMMAND, Finished, assert_clear_error, environment, h200, rows, set_state, state, unharmed

from rag.library import Library
from rag.settings import Settings

QUESTION = "Combien de puces H200 les groupes chinois ont-ils commandées ?"
WORDS_ALONE = "par les mots seuls"


@pytest.fixture
def folder(settings: Settings) -> Path:
    """A library of three articles that a test may damage."""
    return settings.library


def garble(path: Path, start: int = 0) -> None:
    """Turn every third byte of a file over."""
    data = bytearray(path.read_bytes() or b"none")
    data[start::3] = bytes(255 - byte for byte in data[start::3])
    path.write_bytes(data)


# --- sources -----------------------------------------------------------------------------------------------------


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100_000_000)


def header(*lines: str) -> Callable[[Path], object]:
    text = "\n".join(["---", *lines, "---", "", "Une phrase à citer."])
    return lambda path: path.write_text(text, encoding="utf-8")


ALIAS_BOMB = ("a: &a [x, x]", *(f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcdefghi", "bcdefghij", strict=True)))
BAD_SOURCES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "empty": ("a.md", lambda path: path.touch(), "is empty"),
    "binary": ("a.txt", lambda path: path.write_bytes(bytes(range(256)) * 40), "zero bytes"),
    "a PDF by another name": ("a.txt", lambda path: path.write_bytes(b"%PDF-1.7\n%\xe2\xe3"), "a PDF"),
    "100 MB": ("a.txt", sparse, "100000000 bytes"),
    "missing": ("a.md", lambda path: None, "No such file"),
    "a pipe": ("a.md", os.mkfifo, "a pipe"),
    "a dangling link": ("a.md", lambda path: path.symlink_to(path.parent / "nowhere.md"), "No such file"),
    "a header that is no YAML": ("a.md", header("title: 'ouvert"), "cannot be read in line"),
    "a header never closed": ("a.md", lambda path: path.write_text("---\ntitle: x\n\nUne phrase."), "never closed"),
    "an impossible day": ("a.md", header("published: 2026-02-30"), "a day that does not exist"),
    "an alias bomb": ("a.md", header(*ALIAS_BOMB), "anchor or alias"),
    "another format": ("a.docx", lambda path: path.write_bytes(b"PK\x03\x04"), ".docx"),
}


@pytest.fixture(scope="module")
def taken(built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Finished]:
    """A copy of the library, a folder with every bad source and a good one last, and what one ingest of them said."""
    base = tmp_path_factory.mktemp("bad")
    folder = shutil.copytree(built, base / "library")
    sources = []
    for case, (name, make, _) in BAD_SOURCES.items():
        (base / case).mkdir()
        make(base / case / name)
        sources.append(base / case / name)
    header("title: Le port", "published: 2026-01-02")(base / "good.md")
    return folder, base, h200("ingest", *sources, base / "good.md", library=folder)


@pytest.mark.parametrize("case", BAD_SOURCES)
def test_a_bad_source_is_refused_with_its_reason(taken, case):
    _, base, told = taken
    name, _, reason = BAD_SOURCES[case]
    lines = [line for line in told.out.splitlines() if str(base / case / name) in line]
    assert len(lines) == 1
    assert lines[0].startswith(f"refused    {base / case / name}: ")
    assert lines[0].endswith(".")
    assert reason in lines[0]


def test_bad_sources_stop_no_good_one_and_cost_nothing(taken, built):
    folder, base, told = taken
    assert (told.code, told.err) == (4, f"{len(BAD_SOURCES)} refused, 1 added\n")
    assert told.out.splitlines()[-1] == f"added      {base / 'good.md'}"
    assert len(told.out.splitlines()) == len(BAD_SOURCES) + 1
    assert set(rows(built)["articles"]) < set(rows(folder)["articles"])


def test_a_refused_version_leaves_the_one_before(folder, tmp_path):
    """An article whose file has become unreadable is not forgotten."""
    source = tmp_path / "a.md"
    source.write_text("---\ntitle: Le port\n---\nLe port de Brest est fermé.", encoding="utf-8")
    assert h200("ingest", source, library=folder).code == 0
    header("published: 2026-02-30")(source)
    with unharmed(folder):
        assert h200("ingest", source, library=folder).code == 4


def test_latin_1_is_read_right(folder, tmp_path):
    text = "La société Écluse & Fils a été créée à Orléans, où l'été fut brûlant.\n"
    (tmp_path / "a.txt").write_bytes(text.encode("latin-1"))
    assert h200("ingest", tmp_path / "a.txt", library=folder).code == 0
    with Library.open(Settings(library=folder)) as library:
        assert text.strip() in [article.text for article in library.articles()]


def test_a_file_one_may_not_read(folder, tmp_path):
    source = tmp_path / "a.md"
    source.write_text("Une phrase.", encoding="utf-8")
    source.chmod(0)
    with unharmed(folder):
        told = h200("ingest", source, library=folder, command=without_privilege())
    assert told.code == 4
    assert told.out.startswith(f"refused    {source}: ")
    assert "Permission denied" in told.out


# --- questions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "?!…", "🙂🎉", "\x01\x02\x1b", "«»", "---", "‮​"])
def test_a_question_without_a_word_is_empty(folder, question):
    told = h200("ask", "--json", "--", question, library=None, H200_LIBRARY=str(folder))
    assert (told.code, told.err) == (3, "")
    assert (told.json["status"], told.json["reason"]) == ("abstained", "empty_question")


def test_a_question_of_ten_thousand_characters(folder):
    assert_clear_error(h200("ask", "puce " * 2000, library=folder), "10000 characters", "2000")


def test_a_question_that_is_no_utf_8(folder):
    told = h200("ask", "--json", b"Qui a command\xe9 ?".decode("utf-8", "surrogateescape"), library=folder)
    assert told.code in (0, 3)
    assert told.json["status"]


@pytest.mark.parametrize("day", ["demain", "2026-02-30", "14/01/2026", ""])
def test_a_day_that_is_none(folder, day):
    told = h200("ask", QUESTION, "--as-of", day, library=folder)
    assert (told.code, told.out) == (2, "")
    assert told.err.endswith("is no date: write it as 2026-01-14\n")
    assert "Traceback" not in told.err


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_time(folder, day):
    told = h200("ask", QUESTION, "--as-of", day, "--json", library=folder)
    assert (told.code, told.err) == ((3, "") if day < "2026" else (0, ""))


# --- batches -----------------------------------------------------------------------------------------------------

GOOD_LINE = json.dumps({"id": "good", "question": QUESTION}).encode()
BAD_LINES = {
    "not JSON": b"Combien ?",
    "a list": b'["Combien ?"]',
    "a number": b"7",
    "no question": b'{"id": 1}',
    "a question of another type": b'{"id": 1, "question": 7}',
    "a bad day": b'{"id": 1, "question": "Combien ?", "as_of": "2026-02-30"}',
    "a bad history": b'{"id": 1, "question": "Combien ?", "history": "avant"}',
    "a long question": json.dumps({"id": 1, "question": "puce " * 2000}).encode(),
}
WICKED_LINES = {
    "empty": b"",
    "blank": b"   ",
    "no UTF-8": b'{"id": 1, "question": "Qui a command\xe9 ?"}',
    "too deep": b"[" * 100_000,
    "an id that is no JSON": b'{"id": NaN, "question": "Combien ?"}',
    "a number too long": b'{"id": 1, "question": "Combien ?", "as_of": ' + b"9" * 5000 + b"}",
}


def assert_errors_in_their_places(folder: Path, given: str | Path, bad: list[bytes], lines: bytes) -> None:
    told = h200("ask", "--batch", given, library=folder, stdin=lines if given == "-" else b"")
    assert (told.code, told.err) == (0, "")
    assert ["error" if "error" in line else line["id"] for line in told.lines] == ["error", "good"] * len(bad)
    for line in told.lines[::2]:
        assert set(line) == {"id", "error"}
        assert line["error"].strip()


@pytest.mark.parametrize("given", ["a file", "-"])
@pytest.mark.parametrize("kind", ["bad", *WICKED_LINES])
def test_a_bad_line_gives_an_error_in_its_place(built, tmp_path, kind, given):
    bad = list(BAD_LINES.values()) if kind == "bad" else [WICKED_LINES[kind]]
    lines = b"\n".join(line for one in bad for line in (one, GOOD_LINE))
    (tmp_path / "batch.jsonl").write_bytes(lines)
    assert_errors_in_their_places(built, "-" if given == "-" else tmp_path / "batch.jsonl", bad, lines)


@pytest.mark.parametrize("ids", [["\ud800"], [[1, {"a": None}], 0, "", 1.5, "é\n", "x" * 5000]])
def test_an_id_comes_back_as_it_was(built, ids):
    lines = [json.dumps({"id": id_, "question": QUESTION}) for id_ in ids]
    told = h200("ask", "--batch", "-", library=built, stdin="\n".join(lines))
    assert (told.code, told.err) == (0, "")
    assert [line["id"] for line in told.lines] == ids


def test_a_batch_that_is_not_there(folder, tmp_path):
    assert_clear_error(h200("ask", "--batch", tmp_path / "none.jsonl", library=folder), "none.jsonl", "cannot be read")
    assert_clear_error(h200("ask", "--batch", tmp_path, library=folder), "cannot be read")


# --- libraries that are not what they should be ------------------------------------------------------------------

NEEDS_A_LIBRARY = [["articles"], ["show", "x"], ["status"], ["remove", "x"], ["rebuild"]]


@pytest.mark.parametrize("arguments", NEEDS_A_LIBRARY, ids=lambda arguments: arguments[0])
def test_no_library(tmp_path, arguments):
    assert_clear_error(h200(*arguments, library=tmp_path / "none"), "There is no library", "h200 ingest")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("arguments", [["ask", QUESTION], ["ingest"], *NEEDS_A_LIBRARY], ids=lambda a: a[0])
def test_a_folder_of_other_things(tmp_path, arguments):
    (tmp_path / "photo.jpg").write_bytes(b"not a library")
    assert_clear_error(h200(*arguments, library=tmp_path), str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


@pytest.mark.parametrize("arguments", [["ask", QUESTION], ["articles"]], ids=lambda a: a[0])
def test_a_file_in_the_place_of_a_library(tmp_path, arguments):
    (tmp_path / "file").write_text("not a library")
    assert_clear_error(h200(*arguments, library=tmp_path / "file"), str(tmp_path / "file"))


@pytest.mark.parametrize("arguments", [["show"], ["remove"]], ids=lambda a: a[0])
@pytest.mark.parametrize("name", ["nowhere", "%", "", "2026-"])
def test_an_unknown_article(folder, arguments, name):
    with unharmed(folder):
        assert_clear_error(h200(*arguments, name, library=folder), "h200 articles")


def test_one_unknown_article_among_known_ones_removes_none(folder):
    with unharmed(folder):
        assert_clear_error(h200("remove", rows(folder)["articles"][0][0], "nowhere", library=folder), "nowhere")


def version_of_another_program(catalog: Path) -> None:
    set_state(catalog.parent, "schema", "999")


def truncate(catalog: Path) -> None:
    os.truncate(catalog, catalog.stat().st_size // 2)


CATALOG_DAMAGE: dict[str, Callable[[Path], object]] = {
    "garbled": garble,
    "garbled behind its first page": lambda path: garble(path, 4096),
    "truncated": truncate,
    "emptied": lambda path: path.write_bytes(b""),
    "another file": lambda path: path.write_bytes(b"no database " * 1000),
    "another database": lambda path: other_database(path),
    "another version": version_of_another_program,
}


@pytest.mark.parametrize("arguments", [["ask", QUESTION], ["rebuild"], ["status"]], ids=lambda a: a[0])
def test_a_catalog_that_is_damaged_where_nobody_looked_yet(folder, arguments):
    catalog = folder / "catalog.sqlite"
    garble(catalog, catalog.stat().st_size // 2)
    assert_clear_error(h200(*arguments, library=folder), str(catalog))


def other_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE state (name TEXT)")


@pytest.mark.parametrize("damage", CATALOG_DAMAGE)
@pytest.mark.parametrize("arguments", [["ask", QUESTION], ["ingest"], ["articles"], ["status"], ["rebuild"]])
def test_a_damaged_catalog(folder, arguments, damage):
    catalog = folder / "catalog.sqlite"
    CATALOG_DAMAGE[damage](catalog)
    assert_clear_error(h200(*arguments, library=folder), str(catalog))


# --- another encoder ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["ask", QUESTION], ["ingest"]], ids=lambda a: a[0])
def test_an_encoder_that_is_not_the_library_s(folder, tmp_path, arguments):
    with unharmed(folder):
        told = h200(*arguments, "--encoder", tmp_path / "other", library=folder)
    assert_clear_error(told, "'minilm-fr'", "h200 rebuild", "--encoder")


@pytest.mark.parametrize("arguments", [["ask", QUESTION], ["ingest"]], ids=lambda a: a[0])
def test_an_encoder_that_has_changed_under_its_name(folder, arguments):
    set_state(folder, "encoder_fingerprint", "0" * 16)
    with unharmed(folder):
        assert_clear_error(h200(*arguments, library=folder), "'minilm-fr' has changed", "h200 rebuild")
    assert h200("articles", library=folder).code == 0


def test_an_encoder_that_cannot_be_had(folder, tmp_path):
    with unharmed(folder):
        told = h200("rebuild", "--encoder", tmp_path / "none", library=folder)
    assert_clear_error(told, "neither a folder nor the name of a model")
    assert_clear_error(h200("ingest", "--encoder", tmp_path / "none", library=tmp_path / "new"), "neither a folder")
    assert not (tmp_path / "new").exists()


# --- rights and locks --------------------------------------------------------------------------------------------


def without_privilege() -> tuple[str, ...]:
    """The command under the rules that hold for everyone: as root, without root's right to pass over them."""
    if os.geteuid() != 0:
        return COMMAND
    drop = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
    if shutil.which("setpriv") is None or subprocess.run([*drop, "true"], capture_output=True).returncode:
        pytest.skip("as root, and setpriv cannot take root's rights away")
    return (*drop, *COMMAND)


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_read_only_library_answers(read_only, reading):
    told = h200("ask", QUESTION, "--json", library=read_only, command=without_privilege())
    assert (told.code, told.err) == (0, "")
    assert told.json["answer"] == reading.ask(QUESTION).text
    for arguments in (["articles"], ["status"], ["show", told.json["citations"][0]["article_id"]]):
        assert h200(*arguments, library=read_only, command=without_privilege()).code == 0


@pytest.mark.parametrize("arguments", [["ingest"], ["remove", "2026-01-05"], ["rebuild"]], ids=lambda a: a[0])
@pytest.mark.parametrize("lock", ["with a lock file", "without"])
def test_a_read_only_library_is_not_written(folder, request, arguments, lock):
    if lock == "without":
        (folder / "writer.lock").unlink(missing_ok=True)
    read_only = request.getfixturevalue("read_only")
    with unharmed(read_only):
        told = h200(*arguments, library=read_only, command=without_privilege())
        assert_clear_error(told, "cannot be written")


def test_a_library_one_may_not_enter(folder):
    folder.chmod(0)
    told = h200("ask", QUESTION, library=folder, command=without_privilege())
    folder.chmod(0o755)
    assert_clear_error(told, str(folder))


def test_a_place_where_no_library_can_be_made(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o555)
    told = h200("ingest", library=tmp_path / "closed" / "library", command=without_privilege())
    assert_clear_error(told, "closed", "can be written")


@contextmanager
def another_writer(folder: Path) -> Iterator[None]:
    """Another process that holds the lock of the library."""
    script = (
        "import sys; from filelock import FileLock\n"
        "with FileLock(sys.argv[1]): print(flush=True); sys.stdin.read()"
    )  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder / "writer.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield
        process.communicate()


def test_a_second_writer_is_told_to_wait(folder):
    with another_writer(folder), unharmed(folder):
        for arguments in (["ingest"], ["remove", "2026-01-05"], ["rebuild"]):
            assert_clear_error(h200(*arguments, library=folder), "Another process is writing")
        assert h200("ask", QUESTION, library=folder).code == 0


# --- a damaged vector index --------------------------------------------------------------------------------------

CHROMA_FILES = ["chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin", "link_lists.bin"]


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] or b"half")


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def assert_answered_by_words_alone(told: Finished) -> None:
    assert told.code in (0, 3), told
    assert [WORDS_ALONE in note for note in told.json["notes"]] == [True]
    assert told.err == told.json["notes"][0] + "\n"


def assert_mended(folder: Path) -> None:
    """The index is whole again, and an answer is what it was."""
    with Library.open(Settings(library=folder)) as library:
        assert library.condition().vectors == "sound"
        answer = library.ask(QUESTION)
    assert (answer.status, answer.notes) == ("answered", ())
    assert [path.name for path in (folder / "chroma").iterdir()] == [state(folder)["vectors_generation"]]


@pytest.mark.parametrize("damage", [cut_in_half, garble, become_a_folder], ids=lambda d: d.__name__)
@pytest.mark.parametrize("name", CHROMA_FILES)
def test_a_damaged_file_of_the_vector_index(folder, name, damage):
    damage(next((folder / "chroma").rglob(name)))
    assert_answered_by_words_alone(h200("ask", QUESTION, "--json", library=folder))
    with Library.open(Settings(library=folder)) as library:
        assert library.condition().vectors == "broken"
        library.rebuild()
    assert_mended(folder)


def delete(chroma: Path) -> None:
    shutil.rmtree(chroma)


def empty(chroma: Path) -> None:
    shutil.rmtree(chroma)
    chroma.mkdir()


def become_a_file(chroma: Path) -> None:
    shutil.rmtree(chroma)
    chroma.write_text("no folder")


@pytest.mark.parametrize("damage", [delete, empty, become_a_file], ids=lambda d: d.__name__)
def test_a_vector_index_that_is_gone(folder, damage):
    damage(folder / "chroma")
    assert_answered_by_words_alone(h200("ask", QUESTION, "--json", library=folder))
    assert "vector_index" in h200("status", library=folder).out
    mended = h200("rebuild", library=folder)
    assert (mended.code, mended.out) == (0, ""), mended
    assert_mended(folder)


def test_an_ingest_mends_a_damaged_vector_index(folder, tmp_path):
    """New articles must not wait for a rebuild, whatever the old index looks like."""
    become_a_folder(next((folder / "chroma").rglob("data_level0.bin")))
    (tmp_path / "a.md").write_text("---\ntitle: Le port\n---\nLe port de Brest est fermé.", encoding="utf-8")
    told = h200("ingest", tmp_path / "a.md", library=folder)
    assert told.code == 0, told
    assert_mended(folder)
