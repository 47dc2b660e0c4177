from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.journeys.projects import commit_all, git, mlcd, notebook, small_project

if TYPE_CHECKING:
    from pathlib import Path

MADE = "'gh' + 'p_' + 'A1b2' * 9"
"""What makes one when it runs: as a whole it stands nowhere."""
PRINTED = "ghp_" + "A1b2" * 9


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose notebook prints a token, in two pieces, and records what it shows."""
    made = small_project(tmp_path_factory.mktemp("secrets") / "small")
    split = f"token = {MADE}\nprint(token[:9], end='', flush=True)\nprint(token[9:])"
    (made / "one.ipynb").write_text(notebook(split, f"{{'password': {MADE}}}", "1 + 1"))
    commit_all(made, "Print a token")
    assert mlcd(made, "run").code == 0
    return made


@pytest.fixture
def folder(lived: Path, tmp_path: Path) -> Path:
    return shutil.copytree(lived, tmp_path / "small", symlinks=True)


def run_of(folder: Path) -> str:
    (run,) = (folder / ".git" / "mlcd" / "runs").iterdir()
    return run.name


def test_a_secret_blocks_is_listed_and_never_printed(folder: Path) -> None:
    kept = mlcd(folder, "evidence", "keep")
    assert (kept.code, "evidence allow" in kept.err) == (3, True), kept.said
    listed = mlcd(folder, "evidence", "allow", run_of(folder))
    assert listed.code == 0, listed.said
    assert "notebooks/000-one.ipynb, cell 0, output 0: github-token (ghp_" in listed.out
    assert PRINTED not in kept.said + listed.said


def test_what_is_taken_out_is_told_by_keep_and_by_verify(folder: Path) -> None:
    with (folder / "mlcd.toml").open("a") as config:
        config.write('\n[secrets]\nfound = "redact"\n')
    kept = mlcd(folder, "evidence", "keep")
    assert kept.code == 0, kept.said
    assert "taken out" in kept.out
    run = run_of(folder)
    verified = mlcd(folder, "evidence", "verify", run)
    assert verified.code == 0, verified.said
    assert "github-token taken out of notebooks/000-one.ipynb" in verified.out
    place = json.loads(mlcd(folder, "evidence", "list", "--json").out)[0]["id"]
    paths = git(folder, "ls-tree", "-r", "--name-only", "mlcd/evidence").splitlines()
    assert any(place in path and path.endswith("kept.json") for path in paths)
    for path in paths:
        assert PRINTED not in git(folder, "show", f"mlcd/evidence:{path}"), path


def test_an_allowance_of_each_finding_keeps_the_run_as_it_is(folder: Path) -> None:
    run = run_of(folder)
    found = json.loads(mlcd(folder, "evidence", "allow", run, "--json").out)
    assert found
    for number in range(1, len(found) + 1):
        said = ("-m", "an example", "--until", "14d")
        assert mlcd(folder, "evidence", "allow", run, str(number), *said).code == 0
    kept = mlcd(folder, "evidence", "keep")
    assert kept.code == 0, kept.said
    assert "allowed by Mara Example" in kept.out
    assert mlcd(folder, "evidence", "verify", run).code == 0
