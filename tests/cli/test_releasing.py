from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.journeys.projects import commit_all, delivering_project, mlcd, notebook

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project that delivered twice."""
    made = delivering_project(tmp_path_factory.mktemp("released") / "small")
    for number in (1, 2):
        assert mlcd(made, "run").code == 0
        ended = mlcd(made, "deliver", "--yes")
        assert ended.code == 0, ended.said
        if number == 1:
            (made / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('better')"))
            commit_all(made, "Better, for #7")
    return made


def test_notes_tell_what_the_newest_version_changes(folder: Path) -> None:
    ended = mlcd(folder, "release-notes")
    assert ended.code == 0, ended.said
    assert "# small 0.2.0\n\nAgainst 0.1.0, which was live in production before." in ended.out
    assert "- `model.txt`, delivered: " in ended.out
    assert "- `one.ipynb`: cells changed: 1" in ended.out
    assert " Better, for #7\n" in ended.out


def test_the_same_is_there_for_a_program(folder: Path) -> None:
    told = json.loads(mlcd(folder, "release-notes", "0.2.0", "--since", "0.1.0", "--json").out)
    assert (told["version"], told["since"]) == ("0.2.0", "0.1.0")
    assert [one["path"] for one in told["files"]] == ["model.txt"]


def test_figures_of_few_deliveries_say_that_they_are_few(folder: Path) -> None:
    ended = mlcd(folder, "figures")
    assert ended.code == 0, ended.said
    assert "production  20" in ended.out
    assert "2 deliveries: too few to say" in ended.out
    assert "lead time" in ended.out
    assert "90 %" not in ended.out


def test_figures_are_there_for_a_program(folder: Path) -> None:
    (one,) = json.loads(mlcd(folder, "figures", "production", "--json").out)
    assert (one["deliveries"], one["lead"]["count"], one["failure_rate"]) == (2, 1, 0.0)
    assert mlcd(folder, "figures", "--since", "2026-02-30").code == 2


def test_a_template_with_a_slip_names_its_line(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.md"
    file.write_text("# {{ project }}\n{{ verison }}\n")
    ended = mlcd(folder, "release-notes", "--template", str(file))
    assert (ended.code, "notes.md, line 2: 'verison' is undefined" in ended.err) == (2, True)
    file.write_text("{{ version }}")
    assert mlcd(folder, "release-notes", "--template", str(file)).out == "0.2.0\n"
