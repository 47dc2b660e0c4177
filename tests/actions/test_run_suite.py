from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.find_run import find_tested
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.model.errors import ParameterError, UsageError
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.testing import FakeDesk

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.run import Run

CONFIG = """
[project]
name = "digits"

[suites.quality]
on-failure = "stop-suite"
retry = 2
limits = { memory = "1 GiB" }
secrets = { API_KEY = "env:API_KEY" }
notebooks = [
  { path = "prepare.ipynb" },
  { path = "train.ipynb", after = ["prepare.ipynb"], matrix = { seed = [1, 2] } },
  { path = "report.ipynb" },
]
"""


@pytest.fixture
def made(tmp_path: Path) -> FakeDesk:
    for name in ("prepare", "report"):
        (tmp_path / f"{name}.ipynb").write_text("{}")
    (tmp_path / "train.ipynb").write_text(train("print(seed)"))
    return FakeDesk(tmp_path, CONFIG)


def ran(made: FakeDesk, red: set[str], request: RunRequest | None = None) -> Run:
    """Run the suite to its end; only ``red`` cases fail."""
    run = run_suite(made.desk, request or RunRequest("quality"))
    ended = made.runner.end(run.id)
    cases = tuple(
        msgspec.structs.replace(case, verdict=Verdict.FAILED) if case.id in red else case
        for case in ended.cases
    )
    made.runner.ended[run.id] = msgspec.structs.replace(ended, cases=cases)
    return made.runner.ended[run.id]


FAILED_ONLY = RunRequest("quality", failed_only=True)


def test_the_plan_holds_what_the_suite_asks_for(made: FakeDesk) -> None:
    run = run_suite(made.desk, RunRequest("quality"))
    plan = made.runner.plans[run.id]
    assert (plan.on_failure, plan.retry, plan.limits.memory) == ("stop-suite", 2, 1 << 30)
    assert plan.secrets == {"API_KEY": "env:API_KEY"}
    assert not plan.partial


def test_failed_only_takes_the_red_cases_and_those_they_wait_for(made: FakeDesk) -> None:
    ran(made, {"train.ipynb[seed=2]"})
    again = ran(made, set(), FAILED_ONLY)
    assert [case.id for case in again.cases] == ["prepare.ipynb", "train.ipynb[seed=2]"]
    assert again.partial


def test_a_partial_run_is_no_proof_of_the_suite(made: FakeDesk) -> None:
    whole = ran(made, {"report.ipynb"})
    partial = ran(made, set(), FAILED_ONLY)
    desk = made.desk
    found = find_tested(desk, desk.history, [partial, whole], "quality", whole.tree)
    assert found is not None
    assert found.run.id == whole.id


def test_what_was_mended_in_part_does_not_run_again(made: FakeDesk) -> None:
    ran(made, {"report.ipynb", "train.ipynb[seed=1]"})
    ran(made, {"report.ipynb"}, FAILED_ONLY)
    third = ran(made, set(), FAILED_ONLY)
    assert [case.id for case in third.cases] == ["report.ipynb"]


def test_when_all_was_mended_in_part_the_whole_suite_is_asked_for(made: FakeDesk) -> None:
    ran(made, {"report.ipynb"})
    ran(made, set(), FAILED_ONLY)
    with pytest.raises(UsageError) as caught:
        run_suite(made.desk, FAILED_ONLY)
    assert caught.value.code == "nothing-failed"
    assert "jupyter mlcd run quality" in caught.value.hint


def test_before_the_first_run_nothing_can_have_failed(made: FakeDesk) -> None:
    with pytest.raises(UsageError) as caught:
        run_suite(made.desk, FAILED_ONLY)
    assert caught.value.code == "no-earlier-run"


def test_a_case_that_is_new_since_the_last_run_counts_as_not_proved(made: FakeDesk) -> None:
    ran(made, {"report.ipynb"})
    made.config = CONFIG.replace("seed = [1, 2]", "seed = [1, 2, 3]")
    again = ran(made, set(), FAILED_ONLY)
    expected = ["prepare.ipynb", "train.ipynb[seed=3]", "report.ipynb"]
    assert [case.id for case in again.cases] == expected


def test_when_every_case_failed_the_run_is_whole(made: FakeDesk) -> None:
    every = {"prepare.ipynb", "train.ipynb[seed=1]", "train.ipynb[seed=2]", "report.ipynb"}
    ran(made, every)
    assert not ran(made, set(), FAILED_ONLY).partial


@pytest.mark.parametrize(("asked", "measured"), [(False, ()), (True, (".",))])
def test_coverage_is_measured_only_where_it_is_asked_for(
    made: FakeDesk, asked: bool, measured: tuple[str, ...]
) -> None:
    run = run_suite(made.desk, RunRequest("quality", coverage=asked))
    assert made.runner.plans[run.id].coverage == measured


# -------------------------------------------------------------------------------- parameters


def train(*sources: str, first: str = "seed = 0", language: str = "python") -> str:
    """Return a notebook with a parameters cell and further cells."""
    cells = [
        {"cell_type": "code", "metadata": {"tags": tags}, "outputs": [], "source": source}
        for source, tags in [(first, ["parameters"]), *((one, []) for one in sources)]
    ]
    metadata = {"kernelspec": {"name": "any", "language": language}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (train("print(seed)", first="sed = 0"), "unknown-parameter", "does not assign `seed`"),
        (train("print(seed)", first="seed: str = ''"), "ill-typed-parameter", "declared as text"),
        (train("print(1)"), "unread-parameter", "no cell after the parameters cell reads `seed`"),
        (train("seed", language="rust"), "no-injector", "a notebook in rust"),
    ],
)
def test_parameters_that_do_not_fit_are_refused_before_anything_runs(
    made: FakeDesk, tmp_path: Path, text: str, code: str, words: str
) -> None:
    (tmp_path / "train.ipynb").write_text(text)
    with pytest.raises(ParameterError) as caught:
        run_suite(made.desk, RunRequest("quality"))
    assert (caught.value.code, caught.value.details["file"]) == (code, "train.ipynb")
    assert caught.value.message.startswith("train.ipynb: ")
    assert words in caught.value.message
    assert not made.runner.plans


def test_the_value_of_every_point_of_a_matrix_is_checked(made: FakeDesk, tmp_path: Path) -> None:
    made.config = CONFIG.replace("seed = [1, 2]", 'seed = [1, 2, "three"]')
    (tmp_path / "train.ipynb").write_text(train("print(seed)"))
    with pytest.raises(ParameterError) as caught:
        run_suite(made.desk, RunRequest("quality"))
    assert "'three'" in caught.value.message


def test_a_notebook_that_cannot_be_read_says_so_in_its_case(made: FakeDesk, tmp_path: Path) -> None:
    (tmp_path / "train.ipynb").write_text("no JSON")
    assert run_suite(made.desk, RunRequest("quality")).cases
