from __future__ import annotations

import os
import subprocess
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.ledger.first_written import first_written
from jupyter_mlcd.world.git import Git
from tests.journeys.projects import git, repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return repository(tmp_path / "repository")


def committed(folder: Path, day: int, *parents: str) -> str:
    """Make a commit that was written on this day of March, and return it."""
    tree = git(folder, "hash-object", "-t", "tree", "-w", os.devnull)
    at = f"2026-03-{day:02}T12:00:00Z"
    above = [word for parent in parents for word in ("-p", parent)]
    made = subprocess.run(
        ["git", "commit-tree", tree, "-m", f"Day {day}", *above],
        cwd=folder,
        env={**os.environ, "GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": "2026-04-01T00:00:00Z"},
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip()


def day(number: int) -> str:
    return f"2026-03-{number:02}T12:00:00.000000Z"


def test_the_first_commit_that_was_not_there_before_counts_and_its_author(folder: Path) -> None:
    one = committed(folder, 1)
    two = committed(folder, 5, one)
    three = committed(folder, 3, two)
    four = committed(folder, 9, three)
    spans = [(one, three), (three, four), (one, four)]
    assert first_written(Git.open(folder), spans) == {
        (one, three): day(3),
        (three, four): day(9),
        (one, four): day(3),
    }


def test_a_branch_that_was_merged_is_new_from_where_it_left(folder: Path) -> None:
    base = committed(folder, 1)
    branch = committed(folder, 2, base)
    released = committed(folder, 6, base)
    merge = committed(folder, 8, released, branch)
    assert first_written(Git.open(folder), [(released, merge)]) == {(released, merge): day(2)}


def test_what_goes_back_or_is_not_there_is_left_out(folder: Path) -> None:
    one = committed(folder, 1)
    two = committed(folder, 2, one)
    gone = "1" * 40
    spans = [(two, one), (one, one), (gone, two), (one, gone)]
    assert first_written(Git.open(folder), spans) == {}
    assert first_written(Git.open(folder), [*spans, (one, two)]) == {(one, two): day(2)}
    assert first_written(Git.open(folder), []) == {}


def test_a_history_that_was_cut_off_tells_nothing(folder: Path, tmp_path: Path) -> None:
    one = committed(folder, 1)
    two = committed(folder, 2, one)
    git(folder, "update-ref", "refs/heads/main", two)
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{folder}", "cut")
    assert first_written(Git.open(tmp_path / "cut"), [(one, two)]) == {}


def test_git_is_asked_once_for_a_thousand_versions(folder: Path) -> None:
    lines = [
        f"commit refs/heads/main\nauthor a <a@b> {number * 60} +0000\n"
        f"committer a <a@b> {number * 60} +0000\ndata 0\n"
        for number in range(3000)
    ]
    subprocess.run(
        ["git", "fast-import", "--quiet"], cwd=folder, input="".join(lines).encode(), check=True
    )
    commits = git(folder, "rev-list", "--reverse", "main").split()[::3]
    spans = list(pairwise(commits))
    began = time.perf_counter()
    found = first_written(Git.open(folder), spans)
    took = time.perf_counter() - began
    assert len(found) == len(spans) == 999
    assert took < 2
