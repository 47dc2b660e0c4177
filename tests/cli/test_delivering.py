from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.project_api import open_project
from tests.journeys.projects import commit_all, delivering_project, mlcd, notebook

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project that delivered `model` as 0.1.0 and `newer` as 0.2.0."""
    folder = delivering_project(tmp_path_factory.mktemp("made") / "small")
    for model in ("model", "newer"):
        (folder / "one.ipynb").write_text(notebook(f"open('model.txt', 'w').write('{model}')"))
        if model == "newer":
            commit_all(folder, "A newer model (#7)")
        assert mlcd(folder, "run").code == 0
        assert mlcd(folder, "deliver", "--yes").code == 0
    return folder


@pytest.fixture
def two(made: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    return shutil.copytree(made, tmp_path / "small", symlinks=True)


def served(folder: Path) -> str:
    return (folder / "releases/production/current/model.txt").read_text()


def test_roll_back_brings_back_the_old_model_and_says_from_what(two: Path) -> None:
    ended = mlcd(two, "roll-back", "--from", "production", "--why", "too new", "--yes")
    assert ended.code == 0, ended.said
    assert "Roll back small 0.1.0 in production, replaces 0.2.0" in ended.out
    assert "0.1.0 to production, back from 0.2.0: delivered" in ended.out
    assert served(two) == "model"
    assert "0.1.0 since" in mlcd(two, "status").out
    assert "back from 0.2.0" in mlcd(two, "status").out


def test_roll_back_asks_for_a_reason_and_for_a_person(two: Path) -> None:
    assert mlcd(two, "roll-back", "--from", "production").code == 2
    nobody = mlcd(two, "roll-back", "--from", "production", "--why", "too new")
    assert (nobody.code, "nobody is there to ask" in nobody.said) == (2, True)
    assert served(two) == "newer"


def test_a_version_that_was_never_live_is_refused(two: Path) -> None:
    ended = mlcd(two, "roll-back", "0.9.0", "--from", "production", "--why", "why", "--yes")
    assert (ended.code, "0.9.0 was never live in production" in ended.said) == (3, True)


def test_work_items_of_commits_and_of_the_command_line_are_kept(two: Path) -> None:
    (two / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('third')"))
    commit_all(two, "Third (#8)")
    assert mlcd(two, "run").code == 0
    said = ("--why", "fewer mistakes", "--work-item", "AB#34")
    made = json.loads(mlcd(two, "deliver", *said, "--yes", "--json").out)
    assert (made["why"], made["issues"]) == ("fewer mistakes", ["#8", "AB#34"])
    wrong = mlcd(two, "deliver", "--work-item", "nonsense", "--yes")
    assert (wrong.code, "is not a work item" in wrong.said) == (2, True)


def test_a_prepared_roll_back_is_confirmed_by_its_version(two: Path) -> None:
    prepared = open_project(two).roll_back("production", "too new")
    assert "0.1.0 to production, back from 0.2.0, not sent" in repr(prepared)
    with pytest.raises(UsageError, match="is not the version that was prepared"):
        prepared.confirm("0.2.0")
    assert served(two) == "newer"
    assert prepared.confirm("0.1.0").back_from == "0.2.0"
    assert served(two) == "model"
    assert [one.is_live for one in open_project(two).deliveries("production").deliveries] == [
        True,
        False,
        False,
    ]
