"""What delivers by itself scores the live model by itself, once, where a rule cannot compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.flow import flow
from jupyter_mlcd.model.flow import FlowKind, FlowStep
from jupyter_mlcd.model.result import Verdict
from tests.actions.days import change_committed
from tests.actions.scoring import CONFIG, changed, ended, project, was_tested

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.testing import FakeDesk


@pytest.fixture
def made(tmp_path: Path) -> FakeDesk:
    """Return a project that delivers by itself, whose evaluation changed since."""
    made = project(tmp_path, CONFIG + 'deliver = "automatic"\n')
    changed(made)
    return made


def passed(made: FakeDesk) -> tuple[FlowStep, ...]:
    return flow(made.desk).steps


def begun(made: FakeDesk) -> str:
    """Make a pass that begins to score what is live, and return its run."""
    *_, step = passed(made)
    assert (step.kind, step.is_busy) == (FlowKind.SCORING_BEGUN, True)
    return step.subject


def test_what_is_live_is_scored_and_then_the_better_version_goes_out(made: FakeDesk) -> None:
    run = begun(made)
    ended(made, run, 0.94, "strict")
    *_, step = passed(made)
    assert step.kind is FlowKind.SCORING_ENDED
    assert step.words == "0.1.0 scored again on today's data: accuracy 0.94"
    assert FlowKind.DELIVERY in {step.kind for step in passed(made)}
    assert made.desk.history.live["production"].version == "0.2.0"


def test_while_it_goes_on_no_second_run_is_begun(made: FakeDesk) -> None:
    run = begun(made)
    assert begun(made) == run


def test_what_is_no_better_by_it_waits(made: FakeDesk) -> None:
    ended(made, begun(made), 0.99, "strict")
    passed(made)
    *_, step = passed(made)
    assert (step.kind, step.code) == (FlowKind.WAITS, 1)
    assert "0.97 against 0.99 live (0.1.0 scored again on today's data)" in step.words


def test_what_failed_is_told_and_not_repeated(made: FakeDesk) -> None:
    ended(made, begun(made), 0.0, verdict=Verdict.ERROR)
    told = passed(made)
    assert [step.kind for step in told[-2:]] == [FlowKind.SCORING_ENDED, FlowKind.WAITS]
    assert "could not be scored by these notebooks" in told[-2].words
    count = len(made.runner.plans)
    *_, step = passed(made)
    assert step.kind is FlowKind.WAITS
    assert "could not be scored by these notebooks" in step.words
    assert len(made.runner.plans) == count


def test_what_cannot_be_scored_waits_and_says_why(made: FakeDesk) -> None:
    (digest,) = (
        one.delivers["model.joblib"]
        for one in made.runner.manifests.values()
        if one.run.tree == "tree-1"
    )
    made.store.remove(digest.sha256)
    *_, step = passed(made)
    assert step.kind is FlowKind.WAITS
    assert "model.joblib of 0.1.0 is not in the Store of this machine" in step.words


def test_another_training_by_the_same_evaluation_is_compared_at_once(made: FakeDesk) -> None:
    ended(made, begun(made), 0.98, "strict")
    passed(made)
    change_committed(made, 60)
    was_tested(made, 0.99, "strict")
    assert FlowKind.DELIVERY in {step.kind for step in passed(made)}


def test_a_run_that_is_lost_again_and_again_is_given_up(made: FakeDesk) -> None:
    for _ in range(3):
        run = begun(made)
        ended(made, run, 0.9, "strict")
        made.runner.lose(run)
    told = passed(made)
    assert "its run was lost" in told[-2].words
    assert len(made.desk.history.scored) == 1
