"""Expected results of each case: compared, accepted, committed, shown in review; with real git."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.projects import commit_all, git, mlcd, repository

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[project]
name = "seeds"

[suites.quality]
compare = "every-cell"

[[suites.quality.notebooks]]
path = "train.ipynb"
matrix = { seed = [1, 2] }
produces = ["model.txt"]
candidate = { seed = 1 }

[environments.production]
"""


def notebook(shown: str, source: str = "print(f'loss {seed / 10}')") -> str:
    """Return a notebook whose last cell has ``shown`` as its saved output; empty: stripped."""
    sources = ["seed = 0", "open('model.txt', 'w').write(f'model {seed}');", source]
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"cell-{index}",
            "execution_count": index + 1 if shown else None,
            "metadata": {"tags": ["parameters"]} if index == 0 else {},
            "outputs": [],
            "source": source,
        }
        for index, source in enumerate(sources)
    ]
    if shown:
        cells[2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": shown}]
    spec = {"name": "python3", "language": "python", "display_name": "Python"}
    document = {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4}
    return json.dumps({**document, "nbformat_minor": 5})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "seeds")
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / "train.ipynb").write_text(notebook("loss 0.0\n"))
    (folder / ".gitignore").write_text("releases/\nmodel.txt\n")
    commit_all(folder)
    return folder


def ran(folder: Path, *words: str) -> dict[str, Any]:
    """Run the suite and return ``{seed: verdict}`` with the run under ``run``."""
    ended = mlcd(folder, "run", "--json", *words)
    assert ended.code in {0, 1}, ended.said
    run = json.loads(ended.out)
    found: dict[str, Any] = {
        str(case["parameters"]["seed"]): case["verdict"] for case in run["cases"]
    }
    return {**found, "run": run}


def verdicts(found: dict[str, Any]) -> list[str]:
    return [found["1"], found["2"]]


def status(folder: Path) -> str:
    return git(folder, "status", "--porcelain", "--untracked-files=all")


def test_each_case_of_a_matrix_has_an_expected_result_of_its_own(project: Path) -> None:
    assert verdicts(ran(project)) == ["failed", "failed"]

    case = "train.ipynb[seed=1]"
    accepted = mlcd(project, "accept", "--case", case, "-m", "Seed 1 is right")
    assert accepted.code == 0, accepted.said
    assert git(project, "show", "--name-only", "--format=") == "expected/train@seed=1.json"
    first = ran(project)
    assert verdicts(first) == ["passed", "failed"]

    assert mlcd(project, "accept", "-m", "So is seed 2").code == 0
    both = ran(project)
    assert verdicts(both) == ["passed", "passed"]
    assert [case["reference"] for case in both["run"]["cases"]] == [
        "expected/train@seed=1.json",
        "expected/train@seed=2.json",
    ]
    assert status(project) == ""


def test_a_cell_that_changed_since_is_red_and_says_who_accepted_what(project: Path) -> None:
    ran(project)
    assert mlcd(project, "accept", "-m", "Both are right").code == 0
    (project / "train.ipynb").write_text(notebook("loss 0.0\n", "print(f'loss {seed / 20}')"))
    found = ran(project, "--compare", "marked-cells", "--junit", str(project.parent / "junit.xml"))
    assert verdicts(found) == ["failed", "failed"]
    reason = found["run"]["cases"][0]["reason"]
    assert "cell 3: its code has changed since its result was accepted by Mara Example" in reason
    assert "(Both are right)" in reason
    assert "jupyter mlcd accept" in reason
    assert "accepted by Mara Example" in (project.parent / "junit.xml").read_text()

    assert mlcd(project, "accept", "-m", "A smaller step").code == 0
    assert status(project) == "M train.ipynb"
    assert verdicts(ran(project)) == ["passed", "passed"]


def test_a_notebook_without_outputs_is_compared_once_all_is_accepted(project: Path) -> None:
    (project / "train.ipynb").write_text(notebook(""))
    commit_all(project, "Strip the outputs")
    assert verdicts(ran(project)) == ["passed", "passed"]
    refused = mlcd(project, "accept", "-m", "As it is")
    assert refused.code == 3
    assert "--all" in refused.err
    assert mlcd(project, "accept", "--all", "-m", "As it is").code == 0
    found = ran(project)
    assert verdicts(found) == ["passed", "passed"]
    assert all(cell["compared"] for cell in found["run"]["cases"][0]["cells"])


def test_what_was_accepted_again_changes_no_byte(project: Path) -> None:
    run = ran(project)["run"]["id"]
    assert mlcd(project, "accept", run, "-m", "Right").code == 0
    head = git(project, "rev-parse", "HEAD")
    again = mlcd(project, "accept", run, "-m", "Still right")
    assert again.code == 0
    assert "expected already" in again.out
    assert git(project, "rev-parse", "HEAD") == head
    assert status(project) == ""


def test_other_changes_of_hers_stay_as_they_were(project: Path) -> None:
    ran(project)
    (project / "staged.txt").write_text("staged")
    git(project, "add", "staged.txt")
    (project / "mlcd.toml").write_text(CONFIG + "# changed\n")
    before = status(project)
    assert mlcd(project, "accept", "-m", "Right").code == 0
    assert status(project) == before


def test_a_hook_that_says_no_leaves_nothing_behind(project: Path) -> None:
    ran(project)
    hook = project / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'no commits on Fridays' >&2\nexit 1\n")
    hook.chmod(0o755)
    refused = mlcd(project, "accept", "-m", "Right")
    assert refused.code == 4
    assert "no commits on Fridays" in refused.err
    assert status(project) == ""
    assert not (project / "expected").exists()


def test_a_file_that_git_ignores_is_named_and_not_left_behind(project: Path) -> None:
    (project / ".gitignore").write_text("*.json\nmodel.txt\n")
    commit_all(project, "Ignore")
    ran(project)
    refused = mlcd(project, "accept", "-m", "Right")
    assert refused.code == 3
    assert "Git ignores expected/train@seed=1.json" in refused.err
    assert not (project / "expected").exists()


def test_a_notebook_that_was_edited_since_the_run_is_refused(project: Path) -> None:
    ran(project)
    (project / "train.ipynb").write_text(notebook("loss 0.0\n", "print(seed)"))
    refused = mlcd(project, "accept", "-m", "Right")
    assert refused.code == 3
    assert "changed since this run" in refused.err


def test_review_before_a_delivery_shows_who_accepted_what_and_why(project: Path) -> None:
    ran(project)
    assert mlcd(project, "accept", "-m", "Right").code == 0
    assert verdicts(ran(project)) == ["passed", "passed"]
    assert mlcd(project, "deliver", "--yes").code == 0

    (project / "train.ipynb").write_text(notebook("loss 0.0\n", "print(f'loss {seed / 20}')"))
    commit_all(project, "Change the step")
    ran(project)
    assert mlcd(project, "accept", "-m", "A smaller step").code == 0
    assert verdicts(ran(project)) == ["passed", "passed"]
    shown = mlcd(project, "deliver", "--yes")
    assert shown.code == 0, shown.said
    for seed in (1, 2):
        line = f"train.ipynb[seed={seed}], cell 3: modified by Mara Example"
        assert line in shown.out
    assert "A smaller step" in shown.out
