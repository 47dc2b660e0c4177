from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.audit_history import audit
from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.flow import flow
from jupyter_mlcd.actions.follow_delivery import cancel_delivery
from jupyter_mlcd.actions.hold import hold, lift
from jupyter_mlcd.actions.show_status import show_status
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.flow import FlowKind, FlowStep, Watching
from jupyter_mlcd.model.result import State, Verdict
from jupyter_mlcd.model.status import ProjectReference
from jupyter_mlcd.testing import FakeDesk, FakePipeline, FakeTarget
from jupyter_mlcd.world.clock import format_time
from tests.actions.flowing import CONFIG, commit, flowing_project
from tests.actions.test_roll_back import Crash, CrashingTarget

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def made(tmp_path: Path) -> FakeDesk:
    """Return a project that delivers by itself, with one commit and nothing live."""
    return flowing_project(tmp_path)


def passed(made: FakeDesk) -> tuple[FlowStep, ...]:
    return flow(made.desk).steps


def end_runs(made: FakeDesk, accuracy: float, check: Verdict) -> None:
    for run in [one for one in made.runner.recent() if one.state is not State.ENDED]:
        if run.suite == "smoke":
            made.runner.end(run.id, verdict=check)
            continue
        model = made.store.put_bytes(f"model of {run.tree}".encode())
        made.runner.end(run.id, metrics={"accuracy": accuracy}, delivers={"model.joblib": model})


def flowed(
    made: FakeDesk, accuracy: float, check: Verdict = Verdict.PASSED
) -> tuple[FlowStep, ...]:
    """Make passes until nothing goes on, where the runs end so; return the steps of all."""
    steps: list[FlowStep] = []
    for _ in range(20):
        done = flow(made.desk)
        steps.extend(done.steps)
        if not done.is_busy:
            return tuple(steps)
        end_runs(made, accuracy, check)
    raise AssertionError(steps)


def live(made: FakeDesk) -> str:
    found = made.desk.history.live.get("production")
    return found.version if found else ""


def test_a_commit_is_run_delivered_and_checked(made: FakeDesk) -> None:
    kinds = [step.kind for step in flowed(made, 0.9)]
    order = [FlowKind.TESTS_BEGUN, FlowKind.TESTS_ENDED, FlowKind.DELIVERY, FlowKind.CHECK_BEGUN]
    assert [kind for kind in dict.fromkeys(kinds) if kind in order] == order
    assert kinds[-1] is FlowKind.UP_TO_DATE
    assert live(made) == "0.1.0"
    (delivery,) = made.desk.history.deliveries.values()
    assert delivery.by_itself == "watch"


def test_another_pass_does_nothing_more(made: FakeDesk) -> None:
    flowed(made, 0.9)
    count = len(made.ledger.written), len(made.runner.plans)
    assert [step.kind for step in passed(made)] == [FlowKind.UP_TO_DATE]
    assert (len(made.ledger.written), len(made.runner.plans)) == count


def test_a_better_score_goes_out_and_a_worse_one_does_not(made: FakeDesk) -> None:
    flowed(made, 0.9)
    commit(made, 2)
    flowed(made, 0.95)
    assert live(made) == "0.2.0"
    commit(made, 3)
    *_, last = flowed(made, 0.93)
    assert live(made) == "0.2.0"
    assert (last.kind, last.code) == (FlowKind.WAITS, 1)
    assert "0.93 against 0.95 live: 0.02 worse" in last.words


def test_a_gain_below_the_margin_does_not_go_out(made: FakeDesk) -> None:
    flowed(made, 0.9)
    commit(made, 2)
    *_, last = flowed(made, 0.901)
    assert (live(made), last.code) == ("0.1.0", 1)


def test_what_was_refused_is_neither_run_nor_tried_again(made: FakeDesk) -> None:
    flowed(made, 0.9)
    commit(made, 2)
    flowed(made, 0.8)
    count = len(made.runner.plans)
    assert {step.kind for step in passed(made)} == {FlowKind.TESTS_ENDED, FlowKind.WAITS}
    assert len(made.runner.plans) == count


def test_a_red_check_goes_back_and_the_version_never_goes_out_again(made: FakeDesk) -> None:
    flowed(made, 0.9)
    commit(made, 2)
    steps = flowed(made, 0.95, Verdict.FAILED)
    assert FlowKind.ROLLED_BACK in {step.kind for step in steps}
    assert live(made) == "0.1.0"
    attempts = len(made.desk.history.deliveries)
    lift(made.desk, "production")  # The old one is red too here: it was held.
    *_, last = flowed(made, 0.95)
    assert (last.kind, live(made)) == (FlowKind.WAITS, "0.1.0")
    assert "0.2.0 was rolled back in production: smoke is red on 0.2.0" in last.words
    assert len(made.desk.history.deliveries) == attempts


def test_a_red_check_with_nothing_to_go_back_to_holds_the_environment(made: FakeDesk) -> None:
    steps = flowed(made, 0.9, Verdict.FAILED)
    assert steps[-2].kind is FlowKind.HELD
    assert made.desk.history.held["production"].why.startswith("smoke is red on 0.1.0")
    commit(made, 2)
    *_, last = flowed(made, 0.95)
    assert (last.code, "production is held" in last.words) == (3, True)


def test_a_held_environment_goes_on_when_it_is_lifted(made: FakeDesk) -> None:
    hold(made.desk, "production", "the data is looked at")
    flowed(made, 0.9)
    assert live(made) == ""
    lift(made.desk, "production")
    flowed(made, 0.9)
    assert live(made) == "0.1.0"


def test_two_deliveries_are_as_far_apart_as_the_environment_asks(made: FakeDesk) -> None:
    made.config = made.config.replace("verify", 'cool-down = "10m"\nverify')
    made.clock = lambda: format_time(NOON)
    flowed(made, 0.9)
    commit(made, 2)
    *_, last = flowed(made, 0.95)
    assert (last.code, "cools down until 2026-12-01 12:10:00 UTC" in last.words) == (3, True)
    made.clock = lambda: format_time(NOON + timedelta(minutes=10))
    flowed(made, 0.95)
    assert live(made) == "0.2.0"


@pytest.mark.parametrize("state", [DeliveryState.REFUSED, DeliveryState.FAILED])
def test_what_the_target_did_not_take_is_sent_once(made: FakeDesk, state: DeliveryState) -> None:
    made.targets["production"] = FakeTarget(state)
    flowed(made, 0.9)
    *_, last = flowed(made, 0.9)
    assert made.targets["production"].dispatches == 1
    assert f"was {state}: as the test wants; it does not go out again" in last.words


def test_lifting_a_hold_says_try_again(made: FakeDesk) -> None:
    made.targets["production"] = FakeTarget(DeliveryState.REFUSED)
    flowed(made, 0.9)
    hold(made.desk, "production", "the folder is mended")
    lift(made.desk, "production")
    made.targets["production"] = FakeTarget()
    flowed(made, 0.9)
    assert live(made) == "0.1.0"


def test_what_a_person_gave_up_does_not_go_out_by_itself(made: FakeDesk) -> None:
    made.targets["production"] = CrashingTarget()
    with pytest.raises(Crash):
        flowed(made, 0.9)
    (key,) = made.desk.history.deliveries
    cancel_delivery(made.desk, key)
    made.targets["production"] = FakeTarget()
    *_, last = flowed(made, 0.9)
    assert (live(made), "was cancelled" in last.words) == ("", True)


def test_a_pass_that_died_before_it_sent_is_taken_up_and_sends_once(made: FakeDesk) -> None:
    made.targets["production"] = CrashingTarget()
    with pytest.raises(Crash):
        flowed(made, 0.9)
    made.targets["production"] = FakeTarget()
    flowed(made, 0.9)
    assert live(made) == "0.1.0"
    assert made.targets["production"].dispatches == 1


def test_what_a_person_asked_for_and_stopped_waits_for_that_person(made: FakeDesk) -> None:
    made.targets["production"] = CrashingTarget()
    run_tests = passed(made)
    end_runs(made, 0.9, Verdict.PASSED)
    assert run_tests[0].is_busy
    with pytest.raises(Crash):
        deliver(made.desk, "production")
    made.targets["production"] = FakeTarget()
    (step,) = passed(made)
    assert (step.kind, step.code) == (FlowKind.WAITS, 4)
    assert "jupyter mlcd delivery show" in step.words
    assert made.targets["production"].dispatches == 0


def test_a_cd_system_is_followed_to_its_end(made: FakeDesk) -> None:
    pipeline = FakePipeline()
    made.targets["production"] = pipeline
    passed(made)
    end_runs(made, 0.9, Verdict.PASSED)
    assert passed(made)[-1].is_busy
    assert passed(made)[-1].is_busy
    pipeline.state, pipeline.word = DeliveryState.DELIVERED, "succeeded"
    flowed(made, 0.9)
    assert (live(made), pipeline.dispatches) == ("0.1.0", 1)


def test_it_waits_for_approvals(made: FakeDesk) -> None:
    made.config = made.config.replace("verify", "approvals = 1\nverify")
    *_, last = flowed(made, 0.9)
    assert (last.kind, last.code) == (FlowKind.WAITS, 1)
    assert "production asks for 1 approval, there are 0" in last.words
    assert live(made) == ""


def test_tests_that_are_lost_again_and_again_are_not_run_for_ever(
    made: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = made.runner.end

    def lost(run: str, **how: object) -> object:
        found = ended(run, verdict=Verdict.KILLED)
        made.runner.ended[run] = type(found)(
            **{
                **{name: getattr(found, name) for name in found.__struct_fields__},
                "digest": "",
            }
        )
        return found

    monkeypatch.setattr(made.runner, "end", lost)
    *_, last = flowed(made, 0.9)
    assert (last.code, "was lost 3 times" in last.words) == (4, True)


def test_a_rung_waits_until_the_one_below_is_known_to_be_well(tmp_path: Path) -> None:
    config = CONFIG.replace("[environments.production]", "[environments.staging]")
    made = flowing_project(
        tmp_path, config + '[environments.production]\nafter = "staging"\ndeliver = "automatic"\n'
    )
    passed(made)
    end_runs(made, 0.9, Verdict.PASSED)
    steps = passed(made)
    assert "0.1.0 is not known to be well in staging" in steps[-1].words
    flowed(made, 0.9)
    assert live(made) == "0.1.0"


def test_what_a_person_delivered_is_checked_too(made: FakeDesk) -> None:
    made.config = made.config.replace('deliver = "automatic"\n', "")
    assert passed(made) == ()
    made.config = made.config.replace("verify", 'deliver = "automatic"\nverify')
    passed(made)
    end_runs(made, 0.9, Verdict.PASSED)
    deliver(made.desk, "production")
    made.config = made.config.replace('deliver = "automatic"\n', "")
    assert [step.kind for step in passed(made)] == [FlowKind.CHECK_BEGUN]


def test_a_ci_system_keeps_all_that_it_runs(made: FakeDesk) -> None:
    flow(made.desk, "github")
    end_runs(made, 0.9, Verdict.PASSED)
    hold(made.desk, "production", "the data is looked at")
    kinds = [step.kind for step in flow(made.desk, "github").steps]
    assert kinds == [FlowKind.TESTS_ENDED, FlowKind.KEPT, FlowKind.WAITS]
    assert len(made.desk.history.evidence) == 1


def test_the_panel_says_who_watches_or_that_nobody_does(made: FakeDesk) -> None:
    def rung() -> tuple[bool, str]:
        one = show_status(made.desk, ProjectReference("", "digits", "")).environments[0]
        return one.automatic, one.watched_by

    assert rung() == (True, "")
    made.watcher = Watching(made.by, "2026-12-01T12:00:00.000000Z", 7, "refs/heads/main")
    assert rung() == (True, "Mara Example on this machine since 2026-12-01 12:00 UTC")


def test_an_auditor_reads_holds_lifts_and_checks(made: FakeDesk) -> None:
    flowed(made, 0.9, Verdict.FAILED)
    lift(made.desk, "production", "the endpoint was asleep")
    told = [(line.kind, line.outcome, line.why[:12]) for line in audit(made.desk).lines]
    assert told == [
        ("delivery", "delivered", ""),
        ("check", "red", ""),
        ("hold", "", "smoke is red"),
        ("lift", "", "the endpoint"),
    ]
