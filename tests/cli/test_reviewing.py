from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.workbench import Workbench
from tests.actions.people import somebody
from tests.journeys.projects import commit_all, delivering_project, mlcd, notebook
from tests.journeys.reviews import works_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.projects import Ended

RULE = '[[gates]]\nmetric = "accuracy"\nat-least = 0.9\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a project whose version misses its rule; Ken works there, who may sign."""
    ken = somebody(tmp_path, "Ken")
    made = delivering_project(tmp_path / "small")
    works_in(made, ken)
    cell = "from jupyter_mlcd import record\nrecord('accuracy', 0.85)"
    (made / "one.ipynb").write_text(notebook(cell, "open('model.txt', 'w').write('model')"))
    with (made / "mlcd.toml").open("a") as config:
        config.write(f"\n{RULE}")
    (made / ".mlcd").mkdir()
    (made / ".mlcd" / "allowed_signers").write_bytes(ken.line())
    commit_all(made)
    assert mlcd(made, "run").code == 0
    assert mlcd(made, "review", "ask", "lin@example.org").code == 0
    return made


def waived(folder: Path, *words: str) -> Ended:
    rule = ("--rule", "accuracy", "--until", "14d", "-m", "first try")
    return mlcd(folder, "review", "waive", *rule, *words)


def test_a_rule_is_excepted_and_the_words_stay(folder: Path) -> None:
    refused = mlcd(folder, "deliver", "--yes")
    assert (refused.code, "0.85, 0.9 is needed" in refused.said) == (1, True)
    ended = waived(folder, "--yes")
    assert ended.code == 0, ended.said
    assert "0.85, 0.9 is needed; excepted by Ken until " in ended.out
    assert "1 of 2 rules met, 1 excepted by Ken until " in mlcd(folder, "status").out
    assert mlcd(folder, "deliver", "--yes").code == 0
    (delivery,) = Workbench(folder).deliveries("production").deliveries
    assert delivery.is_live


def test_asking_says_that_nothing_left_the_machine(folder: Path) -> None:
    asked = mlcd(folder, "review", "ask", "lin@example.org")
    assert "Nothing left this machine" in asked.out
    assert "Ken asks for a review for production of lin@example.org" in asked.out


def test_what_one_said_is_taken_back_by_its_id(folder: Path) -> None:
    made = json.loads(mlcd(folder, "review", "reject", "-m", "Another seed", "--json").out)
    entry = made["entries"][-1]["id"]
    back = mlcd(folder, "review", "take-back", entry, "-m", "I see")
    assert (back.code, "(taken back: I see)" in back.out) == (0, True)


def test_nobody_to_ask_is_no_exception(folder: Path) -> None:
    assert waived(folder).code == 2
    assert json.loads(mlcd(folder, "review", "show", "--json").out)["entries"][-1]["rule"] == ""


def test_a_version_that_is_not_there_is_named(folder: Path) -> None:
    ended = mlcd(folder, "review", "show", "9.0.0")
    assert (ended.code, "9.0.0 was not prepared yet" in ended.said) == (2, True)
