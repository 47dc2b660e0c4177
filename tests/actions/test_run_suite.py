from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.find_run import find_tested
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.model.errors import UsageError
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
    for name in ("prepare", "train", "report"):
        (tmp_path / f"{name}.ipynb").write_text("{}")
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
