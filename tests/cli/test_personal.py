from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.journeys.projects import CHECKOUT, commit_all, git, mlcd, notebook, small_project

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = ["Ada", "Grace", "Emmy"]
MADE = f"for one in {PEOPLE}: print(f'{{one}},{{one.lower()}}@' + 'example.org')"
ROW = "grace@example.org"
"""As a whole it stands nowhere but in the output."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose notebook prints a table of people, and then fails on one of them."""
    made = small_project(tmp_path_factory.mktemp("personal") / "small")
    raised = "raise ValueError('no such customer: ' + 'grace@' + 'example.org')"
    text = notebook(f"print('first_name,email')\n{MADE}", raised)
    (made / "one.ipynb").write_text(text)
    commit_all(made, "Print people")
    assert mlcd(made, "run").code == 1
    return made


@pytest.fixture
def folder(lived: Path, tmp_path: Path) -> Path:
    return shutil.copytree(lived, tmp_path / "small", symlinks=True)


def run_of(folder: Path) -> str:
    (run,) = (folder / ".git" / "mlcd" / "runs").iterdir()
    return run.name


def texts(folder: Path) -> dict[str, str]:
    """Return all files of the evidence branch, and the messages of its commits."""
    paths = git(folder, "ls-tree", "-r", "--name-only", "mlcd/evidence").splitlines()
    found = {path: git(folder, "show", f"mlcd/evidence:{path}") for path in paths}
    return {**found, "messages": git(folder, "log", "--format=%B", "mlcd/evidence")}


def test_without_a_terminal_it_is_kept_and_told(folder: Path) -> None:
    kept = mlcd(folder, "evidence", "keep")
    assert kept.code == 0, kept.said
    assert "looks like personal data, in git from now on" in kept.out
    assert "notebooks/000-one.ipynb, cell 0, output 0: name, e-mail address in 3 rows" in kept.out
    assert 'found = "out-of-git"' in kept.out
    assert ROW not in kept.out.partition("This looks")[2]


def test_out_of_git_no_file_of_the_branch_has_a_row(folder: Path) -> None:
    run = run_of(folder)
    with (folder / "mlcd.toml").open("a") as config:
        config.write('\n[personal-data]\nfound = "out-of-git"\n')
    kept = mlcd(folder, "evidence", "keep")
    assert kept.code == 0, kept.said
    assert "out of git: notebooks/000-one.ipynb" in kept.out
    there = texts(folder)
    assert any(path.endswith("kept.json") for path in there)
    assert [path for path, text in there.items() if ROW in text] == []
    verified = mlcd(folder, "evidence", "verify", run)
    assert verified.code == 0, verified.said
    assert "notebooks/000-one.ipynb is here" in verified.out
    clone = folder.with_name("clone")
    git(folder, "clone", "-q", str(folder), str(clone))
    elsewhere = mlcd(clone, "evidence", "verify", run)
    assert (elsewhere.code, "is not here" in elsewhere.out) == (0, True), elsewhere.said
    out = folder.with_name("export")
    exported = mlcd(folder, "evidence", "export", run, "--output", str(out))
    assert "Left out: notebooks/000-one.ipynb" in exported.out
    erased = mlcd(folder, "evidence", "erase", run, "-m", "asked for", "--yes")
    assert erased.code == 0, erased.said
    again = mlcd(folder, "evidence", "verify", run)
    assert "notebooks/000-one.ipynb: erased on" in again.out


@pytest.mark.parametrize(("answer", "keeps"), [(b"n\n", False), (b"y\n", True)])
def test_in_a_terminal_a_person_decides_before_git_has_it(
    folder: Path, answer: bytes, keeps: bool
) -> None:
    if sys.platform == "win32":
        pytest.skip("a terminal of POSIX")
    ours, theirs = os.openpty()
    os.write(ours, answer)
    asked = subprocess.run(
        [sys.executable, "-P", "-m", "jupyter_mlcd.cli.main", "evidence", "keep"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(CHECKOUT), "NO_COLOR": "1"},
        stdin=theirs, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    assert "not in git yet" in asked.stdout
    assert "Keep it in git all the same? [y/N]" in asked.stdout
    assert asked.returncode == (0 if keeps else 1)
    assert bool(git(folder, "branch", "--list", "mlcd/evidence")) is keeps
