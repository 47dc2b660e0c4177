from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.hold import hold, lift
from jupyter_mlcd.actions.roll_back import roll_back
from jupyter_mlcd.actions.show_status import show_status
from jupyter_mlcd.actions.verify_live import verify_live
from jupyter_mlcd.model.delivery import DeliveryState, Given
from jupyter_mlcd.model.errors import ExecutionError, RefusedError
from jupyter_mlcd.model.flow import CheckEnd, CheckState
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.status import ProjectReference, WaitingKind, WayOut
from jupyter_mlcd.testing import FakeDesk, FakeTarget
from tests.actions.days import delivered
from tests.actions.flowing import checked, flowing_project, improved

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def made(tmp_path: Path) -> FakeDesk:
    """Return a project whose first version is live and was not checked yet."""
    made = flowing_project(tmp_path)
    improved(made, 1, 0.9)
    delivered(made, "production")
    return made


def second(made: FakeDesk) -> None:
    """Let the first version be green, and deliver a second one."""
    assert checked(made).state is CheckState.GREEN
    improved(made, 2, 0.95)
    delivered(made, "production")


def live(made: FakeDesk) -> str:
    return made.desk.history.live["production"].version


def test_a_green_check_is_noted_and_its_results_are_kept(made: FakeDesk) -> None:
    found = checked(made)
    assert (found.version, found.suite, found.state) == ("0.1.0", "smoke", CheckState.GREEN)
    assert made.desk.history.evidence[found.run].suite == "smoke"
    status = show_status(made.desk, ProjectReference("", "digits", "")).environments[0]
    assert (status.verify, status.check) == ("smoke", found)


def test_asking_again_begins_no_second_check(made: FakeDesk) -> None:
    begun = verify_live(made.desk, "production")
    assert verify_live(made.desk, "production") == begun
    made.runner.end(begun.run)
    ended = [verify_live(made.desk, "production") for _ in range(2)]
    assert ended[0] == ended[1]
    assert checked(made, again=True).run != begun.run


def test_its_notebooks_are_told_what_is_live_and_where(made: FakeDesk) -> None:
    class Folder(FakeTarget):
        def serves(self, environment: str) -> str:
            return f"/srv/{environment}/current"

    made.targets["production"] = Folder(acted=made.targets["production"].acted)
    begun = verify_live(made.desk, "production")
    told = made.runner.plans[begun.run].environment
    assert told == {
        "MLCD_VERSION": "0.1.0",
        "MLCD_ENVIRONMENT": "production",
        "MLCD_DIGEST": made.desk.history.live["production"].digest,
        "MLCD_LIVE": "/srv/production/current",
    }


def test_a_red_check_brings_back_what_was_live_before(made: FakeDesk) -> None:
    second(made)
    found = checked(made, Verdict.FAILED)
    assert (found.state, found.led_to) == (CheckState.RED, CheckEnd.ROLLED_BACK)
    assert live(made) == "0.1.0"
    taken = made.desk.history.taken_back["production"]["0.2.0"]
    assert "smoke is red on 0.2.0" in taken.why
    assert made.desk.history.newest("production").by_itself == "check"  # type: ignore[union-attr]


def test_what_was_brought_back_is_checked_by_what_found_the_fault(made: FakeDesk) -> None:
    second(made)
    checked(made, Verdict.FAILED)
    again = verify_live(made.desk, "production")
    assert (again.version, again.state) == ("0.1.0", CheckState.GOING)
    made.runner.end(again.run)
    assert verify_live(made.desk, "production").state is CheckState.GREEN
    assert made.desk.history.held == {}


def test_where_the_old_version_is_red_too_the_environment_is_held(made: FakeDesk) -> None:
    second(made)
    checked(made, Verdict.FAILED)
    found = checked(made, Verdict.FAILED)
    assert (found.led_to, live(made)) == (CheckEnd.HELD, "0.1.0")
    assert "what it was rolled back to" in made.desk.history.held["production"].why


def test_where_there_is_nothing_to_go_back_to_the_environment_is_held(made: FakeDesk) -> None:
    found = checked(made, Verdict.FAILED)
    assert (found.led_to, live(made)) == (CheckEnd.HELD, "0.1.0")
    assert "nothing was live there before 0.1.0" in made.desk.history.held["production"].why
    (waiting,) = show_status(made.desk, ProjectReference("", "digits", "")).waiting
    assert (waiting.kind, waiting.way_out) == (WaitingKind.HELD, WayOut.LIFT)


def test_who_lifts_it_is_not_held_again_for_the_same_check(made: FakeDesk) -> None:
    checked(made, Verdict.FAILED)
    lift(made.desk, "production", "the endpoint was asleep")
    assert verify_live(made.desk, "production").led_to is CheckEnd.HELD
    assert made.desk.history.held == {}


def test_a_red_check_of_what_a_person_holds_is_acted_on_once(made: FakeDesk) -> None:
    hold(made.desk, "production", "Ken looks at it")
    assert checked(made, Verdict.FAILED).led_to is CheckEnd.HELD
    count = len(made.ledger.written)
    assert verify_live(made.desk, "production").led_to is CheckEnd.HELD
    assert len(made.ledger.written) == count
    assert made.desk.history.held["production"].why == "Ken looks at it"


def test_a_roll_back_that_is_refused_holds_the_environment(made: FakeDesk) -> None:
    second(made)
    made.targets["production"].problems = ("the folder cannot be written to",)
    found = checked(made, Verdict.FAILED)
    assert (found.led_to, live(made)) == (CheckEnd.HELD, "0.2.0")
    assert "the folder cannot be written to" in made.desk.history.held["production"].why


def test_a_roll_back_that_fails_holds_the_environment(made: FakeDesk) -> None:
    second(made)
    made.targets["production"].answer = DeliveryState.FAILED
    assert checked(made, Verdict.FAILED).led_to is CheckEnd.HELD


def test_a_check_that_cannot_be_started_is_red(
    made: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_: object) -> None:
        raise ExecutionError("the disk is full")

    monkeypatch.setattr(made.runner, "start", start)
    found = verify_live(made.desk, "production")
    assert (found.state, found.reason) == (CheckState.RED, "the disk is full")


def test_a_check_whose_run_was_lost_is_begun_again(made: FakeDesk) -> None:
    begun = verify_live(made.desk, "production")
    del made.runner.plans[begun.run]
    again = verify_live(made.desk, "production")
    assert (again.run != begun.run, again.attempt, again.state) == (True, 2, CheckState.GOING)


def test_the_check_of_somebody_else_is_waited_for(made: FakeDesk) -> None:
    begun = verify_live(made.desk, "production")
    del made.runner.plans[begun.run]
    made.by = "Ken Example <ken@example.org>"
    assert verify_live(made.desk, "production") == begun


def test_a_roll_back_by_hand_is_checked_too(made: FakeDesk) -> None:
    second(made)
    roll_back(made.desk, "production", given=Given("reads sevens as ones"))
    assert verify_live(made.desk, "production").version == "0.1.0"


def test_without_a_suite_or_anything_live_there_is_nothing_to_check(made: FakeDesk) -> None:
    made.config = made.config.replace('verify = "smoke"', "")
    with pytest.raises(RefusedError, match="has no suite that checks"):
        verify_live(made.desk, "production")


def test_a_version_without_the_check_does_not_go_out(made: FakeDesk) -> None:
    improved(made, 3, 0.99)
    made.worktree.held.clear()
    with pytest.raises(RefusedError, match=r"smoke\.ipynb, which checks .* is not in 0\.2\.0"):
        deliver(made.desk, "production")
