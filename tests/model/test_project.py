from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.gate import Gate
from jupyter_mlcd.model.project import (
    EnvironmentTable,
    NotebookTable,
    Project,
    ProjectTable,
    SuiteTable,
    entry_of,
    is_inside,
    seconds,
)
from jupyter_mlcd.model.target import FolderTable, GitTable


def project(**environments: EnvironmentTable) -> Project:
    suites = {"fast": SuiteTable(("a.ipynb",)), "slow": SuiteTable(("b.ipynb",))}
    gates = (Gate("accuracy", at_least=0.9), Gate("recall", at_least=0.5, environments=("prod",)))
    return Project(ProjectTable("digits"), suites, gates, environments)


def test_without_a_target_versions_go_to_a_folder_of_the_environments_name() -> None:
    assert project(prod=EnvironmentTable()).target("prod") == FolderTable("releases/prod")


def test_a_target_that_is_named_is_taken() -> None:
    table = EnvironmentTable(target=GitTable("upstream"))
    assert project(prod=table).target("prod") == GitTable("upstream")


def test_an_environment_that_names_no_suites_asks_for_all() -> None:
    assert project(prod=EnvironmentTable()).suites_for("prod") == ("fast", "slow")


def test_an_environment_that_names_suites_asks_for_these() -> None:
    assert project(prod=EnvironmentTable(suites=("slow",))).suites_for("prod") == ("slow",)


def test_a_rule_without_environments_holds_for_all() -> None:
    both = project(stage=EnvironmentTable(), prod=EnvironmentTable())
    assert [gate.metric for gate in both.gates_for("stage")] == ["accuracy"]


def test_a_rule_with_environments_holds_for_these() -> None:
    both = project(stage=EnvironmentTable(), prod=EnvironmentTable())
    assert [gate.metric for gate in both.gates_for("prod")] == ["accuracy", "recall"]


def test_the_ladder_of_no_environments_is_empty() -> None:
    assert project().ladder() == ()


def test_the_ladder_goes_up_whatever_the_order_in_the_file() -> None:
    tables = {
        "prod": EnvironmentTable(after="stage"),
        "stage": EnvironmentTable(after="dev"),
        "dev": EnvironmentTable(),
    }
    assert project(**tables).ladder() == ("dev", "stage", "prod")


def test_two_rungs_beside_each_other_stand_in_the_order_of_the_file() -> None:
    tables = {
        "dev": EnvironmentTable(),
        "europe": EnvironmentTable(after="dev"),
        "asia": EnvironmentTable(after="dev"),
    }
    assert project(**tables).ladder() == ("dev", "europe", "asia")


def test_the_short_form_of_a_notebook_is_its_path() -> None:
    assert entry_of("a.ipynb") == entry_of(NotebookTable("a.ipynb"))


def test_the_long_form_keeps_every_key() -> None:
    table = NotebookTable("a.ipynb", ("b.ipynb",), {"C": 1}, {"s": (1,)}, ("m",), {"s": 1})
    entry = entry_of(table)
    assert (entry.path, entry.after, entry.parameters, entry.matrix) == (
        "a.ipynb", ("b.ipynb",), {"C": 1}, {"s": (1,)},
    )  # fmt: skip
    assert (entry.produces, entry.candidate) == (("m",), {"s": 1})


@pytest.mark.parametrize(
    ("text", "length"),
    [("90s", 90), ("10m", 600), ("1h", 3600), ("1.5h", 5400), ("250ms", 0.25), ("2d", 172800),
     (" 3 s ", 3)],
)  # fmt: skip
def test_a_duration_is_a_number_and_a_unit(text: str, length: float) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize(
    "text", ["", "10", "m", "ten minutes", "-1s", "0s", "0.0h", "1e3s", "1h30m", "9" * 400 + "d",
             "inf s", "400d"],
)  # fmt: skip
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ConfigError, match="is not a duration"):
        seconds(text)


@given(st.integers(1, 10**6), st.sampled_from(["s", "m", "h"]))
def test_a_minute_is_sixty_seconds_and_an_hour_sixty_minutes(number: int, unit: str) -> None:
    if number * {"s": 1, "m": 60, "h": 3600}[unit] <= 366 * 86400:
        assert seconds(f"{number}{unit}") == number * {"s": 1, "m": 60, "h": 3600}[unit]


@pytest.mark.parametrize(
    "path", ["a.ipynb", "sub/a.ipynb", "with space.ipynb", "ä.ipynb", "..a", "a..b", ".hidden",
             ".gitignore", "a/b/c.d", "runs/12:30"],
)  # fmt: skip
def test_a_path_inside_is_inside(path: str) -> None:
    assert is_inside(path)


@pytest.mark.parametrize(
    "path", ["", ".", "..", "/", "/a", "../a", "a/../b", "a/..", "a//b", "a/", "./a", "a\\b",
             "C:/a", "c:a", "\\\\host\\share", "a\0b", "a\nb", "a\tb", "a\x7fb", ".git", ".git/a",
             "a/.git/b", ".GIT/hooks", "a/.Git"],
)  # fmt: skip
def test_a_path_that_could_leave_is_outside(path: str) -> None:
    assert not is_inside(path)
