"""The app and the browser with no network but loopback: nothing they need is elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.conftest import CHROMIUM
from tests.support import ROOT, Finished, environment

ALONE = ("unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")


def test_a_whole_visit_without_any_network(first_use: tuple[Finished, Path], tmp_path: Path) -> None:
    if CHROMIUM is None:
        pytest.skip("No Chromium on this machine: 'apt-get install chromium' lets the browser tests run.")
    if any(shutil.which(name) is None for name in ("unshare", "ip")):
        pytest.skip("No unshare and ip on this machine (util-linux, iproute2): no namespace without network to be had.")
    tried = subprocess.run([*ALONE, "true"], capture_output=True, text=True)
    if tried.returncode != 0:
        pytest.skip(f"No namespace without network is permitted here: {tried.stderr.strip()}")
    shutil.copytree(first_use[1], tmp_path / "library")
    done = subprocess.run(
        [*ALONE, sys.executable, "-m", "tests.app.alone", str(tmp_path / "library")],
        cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "none failed" in done.stdout
