from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from jupyter_mlcd.cli.grouping import sentence
from jupyter_mlcd.cli.main import cli
from tests.journeys.projects import mlcd, small_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def commands(group: click.Group, *words: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *words, name)
        else:
            yield (*words, name)


ALL = sorted(commands(cli))


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_has_help_with_an_example(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(cli, [*words, "--help"])
    assert shown.exit_code == 0
    assert f"jupyter mlcd {' '.join(words)}" in shown.output.split("Example:")[1]


def test_help_lists_every_command_in_its_section() -> None:
    shown = CliRunner().invoke(cli, ["--help"]).output
    for name in cli.commands:
        assert f"\n  {name} " in shown
    assert shown.index("Every day") < shown.index("Review") < shown.index("Set up")


def test_an_unknown_command_is_wrong_use() -> None:
    assert CliRunner().invoke(cli, ["delivre"]).exit_code == 2


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("there is no run", "There is no run."),
        ("Said already.", "Said already."),
        ("0.1.0 is live", "0.1.0 is live."),
        ("train.ipynb changed", "train.ipynb changed."),
        ("", ""),
    ],
)
def test_errors_are_printed_as_sentences(words: str, shown: str) -> None:
    assert sentence(words) == shown


@pytest.mark.parametrize(
    "words",
    [["status"], ["evidence", "list"], ["doctor"], ["run"]],
    ids=" ".join,
)
def test_json_is_all_that_is_printed_when_it_is_asked_for(tmp_path: Path, words: list[str]) -> None:
    small_project(tmp_path)
    ended = mlcd(tmp_path, *words, "--json")
    json.loads(ended.out)


def test_a_run_is_printed_as_the_one_run_document(tmp_path: Path) -> None:
    small_project(tmp_path)
    run = json.loads(mlcd(tmp_path, "run", "--json").out)
    assert (run["v"], run["suite"], run["verdict"]) == (1, "quality", "passed")
    assert {"id", "tree", "commit", "cases"} <= run.keys()
    assert {"index", "id", "verdict", "reason"} <= run["cases"][0]["cells"][0].keys()


def test_junit_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    small_project(tmp_path)
    ended = mlcd(tmp_path, "run", "--junit", "result.xml")
    assert ended.code == 0, ended.said
    assert b"<testsuite" in (tmp_path / "result.xml").read_bytes()


def test_a_red_run_exits_with_one(tmp_path: Path) -> None:
    small_project(tmp_path)
    notebook = tmp_path / "one.ipynb"
    notebook.write_text(notebook.read_text().replace("print('hello')", "1 / 0"))
    ended = mlcd(tmp_path, "run")
    assert ended.code == 1
    assert "ZeroDivisionError" in ended.out
