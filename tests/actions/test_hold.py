from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.follow_delivery import cancel_delivery, go_on
from jupyter_mlcd.actions.hold import hold, lift
from jupyter_mlcd.actions.prepare_release import prepare_release
from jupyter_mlcd.actions.roll_back import roll_back
from jupyter_mlcd.actions.show_status import show_status
from jupyter_mlcd.model.delivery import DeliveryState, Given
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.event import LEDGER_REF, make_event, read_event
from jupyter_mlcd.model.flow import EnvironmentHeld
from jupyter_mlcd.model.status import EnvironmentStatus, ProjectReference, WayOut
from jupyter_mlcd.testing import FakeDesk, FakePipeline, FakeTarget
from jupyter_mlcd.world.clock import format_time, now, uuid7
from tests.actions.days import delivered, quality_ran
from tests.actions.test_roll_back import Crash, CrashingTarget, two_live

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk

FROZEN = 'freeze = [{ days = ["fri", "sat", "sun"], why = "nobody is here" }]'
FRIDAY = format_time(datetime(2026, 12, 4, 12, tzinfo=UTC))
MONDAY = format_time(datetime(2026, 12, 7, tzinfo=UTC))


def rung(desk: Desk, name: str = "staging") -> EnvironmentStatus:
    environments = show_status(desk, ProjectReference("", "digits", "")).environments
    return next(one for one in environments if one.name == name)


def frozen(made: FakeDesk) -> None:
    made.config = made.config.replace("[environments.staging]", f"[environments.staging]\n{FROZEN}")


def test_nothing_is_delivered_to_a_held_environment_until_it_is_lifted(made: FakeDesk) -> None:
    quality_ran(made)
    hold(made.desk, "staging", "the data is looked at")
    with pytest.raises(RefusedError, match=r"staging is held by Mara Example since .*: the data"):
        delivered(made)
    lift(made.desk, "staging")
    assert delivered(made).state is DeliveryState.DELIVERED


def test_another_environment_is_not_held_by_it(made: FakeDesk) -> None:
    quality_ran(made)
    hold(made.desk, "production", "the data is looked at")
    assert delivered(made).state is DeliveryState.DELIVERED


def test_a_held_environment_can_be_rolled_back(made: FakeDesk) -> None:
    two_live(made)
    hold(made.desk, "production", "it reads sevens as ones")
    assert roll_back(made.desk, "production", given=Given("so")).state is DeliveryState.DELIVERED


def test_who_holds_it_since_when_and_why_is_shown_with_the_way_out(made: FakeDesk) -> None:
    quality_ran(made)
    held = hold(made.desk, "staging", " the data is looked at ")
    status = show_status(made.desk, ProjectReference("", "digits", ""))
    assert status.environments[0].held == held
    assert (held.why, held.by) == ("the data is looked at", made.by)
    assert status.deliver is not None
    (reason,) = status.deliver.reasons
    assert (reason.code, reason.way_out, reason.subject) == ("held", WayOut.LIFT, "staging")


@pytest.mark.parametrize("why", ["", "  "])
def test_nobody_holds_without_a_reason(made: FakeDesk, why: str) -> None:
    with pytest.raises(UsageError, match="say why"):
        hold(made.desk, "staging", why)


def test_what_is_held_is_not_held_twice_and_what_is_not_held_is_not_lifted(made: FakeDesk) -> None:
    with pytest.raises(RefusedError, match="nobody holds staging"):
        lift(made.desk, "staging")
    hold(made.desk, "staging", "one")
    with pytest.raises(RefusedError, match=r"held already, by Mara Example .*: one"):
        hold(made.desk, "staging", "two")
    with pytest.raises(NotFoundError):
        hold(made.desk, "prod", "one")


def test_others_are_told_where_the_environment_is_shared(made: FakeDesk) -> None:
    made.targets["staging"] = FakePipeline()
    hold(made.desk, "staging", "the data is looked at")
    lift(made.desk, "staging")
    assert made.remote.pushed == [[LEDGER_REF]] * 2


def test_a_hold_of_somebody_else_that_comes_with_the_push_stops_a_delivery(made: FakeDesk) -> None:
    made.targets["staging"] = FakePipeline()
    quality_ran(made)
    body = EnvironmentHeld("staging", "the data is looked at")
    event = make_event(id=uuid7(), project="digits", at=now(), by="Ken <k@example.org>", body=body)
    made.remote.before = lambda: made.ledger.append([event], {}, "Hold", "Ken")
    ended = delivered(made)
    assert ended.state is DeliveryState.REFUSED
    assert "staging is held by Ken" in ended.reason
    assert made.targets["staging"].dispatches == 0


def test_a_delivery_that_stopped_before_it_was_sent_waits_for_the_lift(made: FakeDesk) -> None:
    quality_ran(made)
    made.targets["staging"] = CrashingTarget()
    with pytest.raises(Crash):
        delivered(made)
    made.targets["staging"] = FakeTarget()
    hold(made.desk, "staging", "the data is looked at")
    (key,) = made.desk.history.deliveries
    with pytest.raises(RefusedError, match=r"0\.1\.0 is not sent: staging is held"):
        go_on(made.desk, key)
    assert cancel_delivery(made.desk, key).state is DeliveryState.CANCELLED


def test_a_version_can_be_prepared_for_a_held_environment(made: FakeDesk) -> None:
    quality_ran(made)
    hold(made.desk, "staging", "the data is looked at")
    assert prepare_release(made.desk).version == "0.1.0"


def test_a_freeze_refuses_with_the_reason_and_its_end(made: FakeDesk) -> None:
    quality_ran(made)
    frozen(made)
    made.clock = lambda: FRIDAY
    with pytest.raises(RefusedError, match="frozen until 2026-12-07 00:00 UTC: nobody is here"):
        delivered(made)
    shown = rung(made.desk).frozen
    assert shown is not None
    assert shown.why == "nobody is here"
    made.clock = lambda: MONDAY
    assert rung(made.desk).frozen is None
    assert delivered(made).state is DeliveryState.DELIVERED


def test_a_frozen_environment_can_be_rolled_back(made: FakeDesk) -> None:
    two_live(made)
    frozen(made)
    made.clock = lambda: FRIDAY
    back = roll_back(made.desk, "staging", given=Given("it reads sevens as ones"))
    assert back.state is DeliveryState.DELIVERED


def test_a_version_that_is_named_is_refused_as_well(made: FakeDesk) -> None:
    two_live(made)
    hold(made.desk, "production", "the data is looked at")
    with pytest.raises(RefusedError, match="production is held"):
        deliver(made.desk, "production", version="0.1.0")


def test_the_event_of_a_hold_reads_as_it_was_written(made: FakeDesk) -> None:
    hold(made.desk, "staging", "the data is looked at")
    written = made.ledger.written[-1]
    assert read_event(written.to_bytes()) == written
    newer = msgspec.json.decode(written.to_bytes())
    assert read_event(msgspec.json.encode({**newer, "kind": "of tomorrow"})) is None
