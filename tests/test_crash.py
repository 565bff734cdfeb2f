"""kill -9 at any moment of an ingest: what is left can be asked, and the next ingest makes the library whole."""

from __future__ import annotations

import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from support import COMMAND, ROOT, Draft, Finished, assert_whole, environment, h200, rows

from rag.library import Library, exists
from rag.settings import Settings

SEED = 20260114
KILLS = 30
DYING = (sys.executable, str(ROOT / "tests" / "dying.py"))
QUESTION = "Combien de puces H200 la société 7 a-t-elle commandées ?"


def draft(number: int) -> Draft:
    return Draft(
        name=f"article-{number:02}.md",
        title=f"La société {number} commande",
        body=f"La société {number} a commandé {number * 1000 + 7} puces H200. Le quai {number} attend.",
        published=date(2026, 1, 1 + number % 28),
        url=f"https://journal.example/{number}" if number % 2 else None,
    )


def older(number: int) -> Draft:
    return replace(draft(number), body=f"Le texte {number} sera remplacé.")


@dataclass(frozen=True)
class Scene:
    """A folder of forty articles, what a library that met no crash makes of it, and a library from before."""

    sources: Path
    golden: Path
    half: Path
    nothing: Path


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The library from before holds half of the articles, some in an older version; `nothing` is no library at all."""
    base = tmp_path_factory.mktemp("crash")
    place = Scene(base / "sources", base / "golden", base / "half", base / "nothing")
    place.sources.mkdir()
    place.nothing.mkdir()
    for number in range(20):
        (older(number) if number % 4 == 0 else draft(number)).write(place.sources)
    with Library.create(Settings(library=place.half)) as library:
        library.ingest([place.sources])
    for number in range(40):
        draft(number).write(place.sources)
    with Library.create(Settings(library=place.golden)) as library:
        library.ingest([place.sources])
    return place


def kill_after(seconds: float, command: Sequence[str], folder: Path) -> int:
    """Run a command on a library and kill it after that time, if it still runs; how it ended."""
    (folder.parent / "tmp").mkdir(exist_ok=True)
    with subprocess.Popen(
        [*command, "--library", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(TMPDIR=str(folder.parent / "tmp")),
        cwd=ROOT,
    ) as process:
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def assert_recovers(folder: Path, scene: Scene) -> None:
    """A normal ingest of the sources makes the library what it would be without the crash."""
    settings = Settings(library=folder)
    with Library.open(settings) if exists(folder) else Library.create(settings) as library:
        verdicts = library.ingest([scene.sources])
    assert {verdict.outcome for verdict in verdicts} <= {"added", "updated", "unchanged"}, verdicts
    assert_same_rows(folder, scene.golden)
    assert_whole(folder)


def assert_same_rows(folder: Path, golden: Path) -> None:
    """The same rows; vectors to the last digits that the order of sums leaves."""
    found, expected = rows(folder), rows(golden)
    assert [row[:2] for row in found.pop("vectors")] == [row[:2] for row in expected.pop("vectors")]
    assert found == expected


def assert_answers_or_abstains(told: Finished) -> None:
    assert told.code in (0, 3), told
    assert "Traceback" not in told.err, told.err


# --- at random moments -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crash:
    """One ingest that was killed: when, how it ended, and what a question was told right after."""

    moment: float
    ended: int
    folder: Path
    told: Finished | None


@pytest.fixture(scope="module")
def crashes(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> list[Crash]:
    """Two at a time; every other one begins with no library at all."""
    base = tmp_path_factory.mktemp("kills")
    ingest = [*COMMAND, "ingest", str(scene.sources), "-q"]
    dice = random.Random(SEED)

    def prepare(number: int) -> Path:
        folder = base / str(number) / "library"
        shutil.copytree((scene.half, scene.nothing)[number % 2], folder)
        return folder

    def measure(number: int) -> float:
        started = time.perf_counter()
        assert kill_after(60, ingest, prepare(number)) == 0
        return time.perf_counter() - started

    def crash(number: int) -> Crash:
        folder = prepare(number)
        # The moments are spread evenly over a full run, each at random within its share.
        moment = full * (number // 2 + dice_of[number]) / (KILLS // 2)
        ended = kill_after(moment, ingest, folder)
        asked = h200("ask", QUESTION, "--json", library=folder) if exists(folder) else None
        return Crash(moment, ended, folder, asked)

    dice_of = [dice.random() for _ in range(KILLS)]
    with ThreadPoolExecutor(2) as pool:
        full = min(pool.map(measure, (KILLS, KILLS + 1)))
        return list(pool.map(crash, range(KILLS)))


def test_most_kills_struck(crashes):
    assert sum(crash.ended == -signal.SIGKILL for crash in crashes) >= KILLS * 3 // 4


def test_a_question_after_a_kill_is_answered_or_declined(crashes):
    told = [crash.told for crash in crashes if crash.told]
    assert len(told) >= KILLS // 2
    for answer in told:
        assert_answers_or_abstains(answer)


def test_an_ingest_after_a_kill_makes_the_library_whole(crashes, scene):
    for crash in crashes:
        assert_recovers(crash.folder, scene)


# --- between two steps on the disk -------------------------------------------------------------------------------


def die_between_steps(base: Path, start: Path, *arguments: str | Path) -> Iterator[Path]:
    """Copies of a library in which the command was killed before every other step on the disk, the last one first."""

    def run(step: int) -> tuple[Path, Finished]:
        folder = base / str(step) / "library"
        shutil.copytree(start, folder)
        (base / str(step) / "tmp").mkdir()
        return folder, h200(str(step), *arguments, library=folder, command=DYING, TMPDIR=str(base / str(step) / "tmp"))

    whole = run(0)[1]
    assert whole.code == 0, whole
    steps = int(re.search(r"steps (\d+)", whole.err)[1])
    with ThreadPoolExecutor(2) as pool:
        for folder, ended in pool.map(run, range(steps, 0, -2)):
            assert ended.code == -signal.SIGKILL
            yield folder


def test_an_update_may_die_between_steps(scene, tmp_path):
    for folder in die_between_steps(tmp_path, scene.half, "ingest", scene.sources):
        assert_recovers(folder, scene)


def test_a_removal_may_die_between_steps(scene, tmp_path):
    """The article is either still there or gone, and the next ingest of the rest leaves nothing of a removed one."""
    with Library.open(Settings(library=scene.golden)) as library:
        gone = library.articles()[0]
    for folder in die_between_steps(tmp_path, scene.golden, "remove", gone.id):
        with Library.open(Settings(library=folder)) as library:
            left = {article.id for article in library.articles()}
            library.ingest([path for path in scene.sources.iterdir() if str(path) != gone.source])
            assert {article.id for article in library.articles()} == left
        assert_whole(folder)


def test_a_change_of_encoder_may_die_half_way(scene, other_encoder, tmp_path):
    """Killed when the new vectors are in the catalog and not in the index: the next ingest must not mix the two."""
    folder = shutil.copytree(scene.golden, tmp_path / "library")
    ended = h200("building", "rebuild", "--encoder", other_encoder, library=folder, command=DYING)
    assert ended.code == -signal.SIGKILL
    with Library.open(Settings(library=folder)) as library:
        library.ask(QUESTION)
        library.ingest([scene.sources])
    assert_whole(folder)


# --- while the library is being made -----------------------------------------------------------------------------


def empty_file(folder: Path) -> None:
    (folder / "catalog.sqlite").touch()


def no_tables_yet(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


@pytest.mark.parametrize("left_behind", [empty_file, no_tables_yet])
def test_a_library_killed_at_birth_is_born_again(scene, tmp_path, left_behind: Callable[[Path], None]):
    """What a kill leaves between the opening of the catalog and the commit of its tables."""
    left_behind(tmp_path)
    told = h200("ingest", scene.sources, "-q", library=tmp_path)
    assert (told.code, told.err) == (0, "")
    assert_same_rows(tmp_path, scene.golden)


def test_a_first_use_that_was_cut_short_is_finished_or_admitted(tmp_path):
    """Killed when the library is made and still empty, the bundled corpus must not pass for off topic for ever."""
    folder = tmp_path / "library"
    Library.create(Settings(library=folder)).close()
    told = h200("ask", "Combien de puces H200 ont été commandées à Nvidia ?", "--json", library=folder)
    assert_answers_or_abstains(told)
    assert told.json["library"]["articles"] or any("h200 ingest" in note for note in told.json["notes"]), told.json
