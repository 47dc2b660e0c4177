from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.journeys.projects import commit_all, mlcd, notebook, repository

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[project]
name = "small"
[suites.quality]
notebooks = ["one.ipynb", "two.ipynb"]
[environments.production]
"""


def score(value: float) -> str:
    return f"from jupyter_mlcd import record\nrecord('accuracy', {value})"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Return a project with two runs, and their ids: what one notebook says changed."""
    folder = repository(tmp_path_factory.mktemp("difference") / "small")
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / "two.ipynb").write_text(notebook("print('the same')"))
    runs = []
    for words, value in (("first", 0.9), ("second", 0.95)):
        cells = ("a = 1\nb = 2\nc = 3\nd = 4", f"print('{words}\\x1b[2J')", score(value))
        (folder / "one.ipynb").write_text(notebook(*cells))
        commit_all(folder, words)
        runs.append(json.loads(mlcd(folder, "run", "--json").out)["id"])
    return folder, runs[0], runs[1]


def test_what_changed_is_told_cell_by_cell(project: tuple[Path, str, str]) -> None:
    folder, first, second = project
    ended = mlcd(folder, "evidence", "diff", second, "--against", first)
    assert ended.code == 0, ended.said
    lines = [line.strip() for line in ended.out.splitlines()]
    assert lines[0].startswith(f"Against the run {first[-8:]}")
    assert "~ one.ipynb: 2 cells, outputs of 1, accuracy 0.9 -> 0.95" in lines
    assert "= two.ipynb: the same" in lines
    place = lines.index("cell 2")
    assert lines[place + 3 : place + 6] == ["stdout", "- first[2J", "+ second[2J"]
    assert "cell 1" not in lines


def test_the_newest_run_is_compared_without_an_id(project: tuple[Path, str, str]) -> None:
    folder, first, _ = project
    ended = mlcd(folder, "evidence", "diff", "--against", first[-6:], "--json")
    found = json.loads(ended.out)
    assert found["changes"]["run"] == project[2]
    assert found["changes"]["against"]["run"] == first
    (case,) = found["cases"]
    assert [one["relation"] for one in case["cells"]] == ["same", "changed", "changed"]


def test_a_run_is_the_same_as_itself(project: tuple[Path, str, str]) -> None:
    folder, first, _ = project
    ended = mlcd(folder, "evidence", "diff", first, "--against", first)
    assert ended.out.count("the same") == 2
    assert "cell" not in ended.out


def test_where_nothing_is_live_it_says_what_to_name(project: tuple[Path, str, str]) -> None:
    ended = mlcd(project[0], "evidence", "diff")
    assert ended.code == 0
    assert "--against RUN" in ended.out


def test_one_case_is_shown_alone(project: tuple[Path, str, str]) -> None:
    folder, first, second = project
    words = ("evidence", "diff", second, "--against", first, "--case")
    assert "one.ipynb" not in mlcd(folder, *words, "two.ipynb").out
    other = mlcd(folder, *words, "three.ipynb")
    assert other.code == 2
    assert "one.ipynb, two.ipynb" in other.err


def test_an_unknown_run_is_wrong_use(project: tuple[Path, str, str]) -> None:
    ended = mlcd(project[0], "evidence", "diff", project[1], "--against", "no-such-run")
    assert ended.code == 2
    assert "no-such-run" in ended.err
