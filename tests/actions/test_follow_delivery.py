from __future__ import annotations

import pytest

from jupyter_mlcd.actions.follow_delivery import (
    cancel_delivery,
    close_delivery,
    follow_delivery,
    go_on,
)
from jupyter_mlcd.actions.preview_delivery import preview_delivery
from jupyter_mlcd.actions.show_status import show_status
from jupyter_mlcd.model.delivery import DeliveryAct, DeliveryState
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.status import ProjectReference, Waiting, WaitingKind
from jupyter_mlcd.testing import FakeDesk, FakeTarget
from tests.actions.days import change_committed, delivered, quality_ran


class Crash(BaseException):
    """The process is gone."""


class CrashingTarget(FakeTarget):
    """Dies before or after it acted."""

    def dispatch(self, parcel: object) -> object:  # type: ignore[override]
        if self.answer is DeliveryState.DELIVERED:
            super().dispatch(parcel)  # type: ignore[arg-type]
        raise Crash


def interrupted(made: FakeDesk, *, acted: bool = False) -> str:
    """Confirm a delivery and die; return its key."""
    answer = DeliveryState.DELIVERED if acted else DeliveryState.UNKNOWN
    crashing = made.targets["staging"] = CrashingTarget(answer)
    quality_ran(made)
    with pytest.raises(Crash):
        delivered(made)
    made.targets["staging"] = FakeTarget(acted=crashing.acted)
    (key,) = made.desk.history.deliveries
    return key


def unknown(made: FakeDesk) -> str:
    """Deliver and get no answer; return the key."""
    made.targets["staging"] = FakeTarget(DeliveryState.UNKNOWN)
    quality_ran(made)
    return delivered(made).key


def waiting(made: FakeDesk) -> tuple[Waiting, ...]:
    return show_status(made.desk, ProjectReference("", "digits", "")).waiting


def test_looking_at_an_interrupted_delivery_sends_nothing(made: FakeDesk) -> None:
    found = follow_delivery(made.desk, interrupted(made))
    assert found.state is DeliveryState.REQUESTED
    assert found.acts == (DeliveryAct.GO_ON, DeliveryAct.CANCEL)
    assert made.targets["staging"].dispatches == 0


def test_looking_finds_out_what_happened_meanwhile(made: FakeDesk) -> None:
    assert follow_delivery(made.desk, interrupted(made, acted=True)).state is (
        DeliveryState.DELIVERED
    )


def test_while_it_is_being_sent_looking_neither_waits_nor_offers_anything(made: FakeDesk) -> None:
    key = interrupted(made)
    with made.lock:
        found = follow_delivery(made.desk, key)
        assert (found.at_work, found.acts) == (True, ())
        assert waiting(made) == ()


def test_to_go_on_sends_it_once(made: FakeDesk) -> None:
    key = interrupted(made)
    assert go_on(made.desk, key).state is DeliveryState.DELIVERED
    assert go_on(made.desk, key).state is DeliveryState.DELIVERED
    assert made.targets["staging"].dispatches == 1


def test_to_go_on_with_what_happened_sends_nothing(made: FakeDesk) -> None:
    assert go_on(made.desk, interrupted(made, acted=True)).state is DeliveryState.DELIVERED
    assert made.targets["staging"].dispatches == 0


def test_what_was_never_sent_can_be_given_up(made: FakeDesk) -> None:
    key = interrupted(made)
    assert cancel_delivery(made.desk, key).state is DeliveryState.CANCELLED
    assert cancel_delivery(made.desk, key).state is DeliveryState.CANCELLED
    assert (made.targets["staging"].dispatches, made.desk.history.live) == (0, {})


def test_after_giving_up_it_can_be_tried_again_as_another_attempt(made: FakeDesk) -> None:
    key = interrupted(made)
    cancel_delivery(made.desk, key)
    assert follow_delivery(made.desk, key).acts == (DeliveryAct.RETRY,)
    preview = preview_delivery(made.desk, "staging")
    assert preview.earlier is not None
    assert (preview.attempt, preview.earlier.state) == (2, DeliveryState.CANCELLED)
    assert delivered(made).attempt == 2


def test_what_happened_cannot_be_given_up(made: FakeDesk) -> None:
    with pytest.raises(RefusedError, match="is delivered"):
        cancel_delivery(made.desk, interrupted(made, acted=True))
    assert "staging" in made.desk.history.live


def test_what_may_have_been_sent_cannot_be_given_up(made: FakeDesk) -> None:
    with pytest.raises(RefusedError, match="is unknown"):
        cancel_delivery(made.desk, unknown(made))


def test_what_the_target_does_not_know_is_closed_on_a_persons_word(made: FakeDesk) -> None:
    key = unknown(made)
    assert follow_delivery(made.desk, key).acts == (DeliveryAct.LOOK_AGAIN, DeliveryAct.CLOSE)
    closed = close_delivery(made.desk, key, "I looked into the folder")
    assert closed.state is DeliveryState.FAILED
    assert "says Mara Example: I looked into the folder" in closed.reason


def test_while_the_target_cannot_be_asked_nothing_is_closed(made: FakeDesk) -> None:
    key = unknown(made)
    made.targets["staging"].unreachable = True
    assert follow_delivery(made.desk, key).acts == (DeliveryAct.LOOK_AGAIN,)
    with pytest.raises(RefusedError, match="cannot be asked, so it may have happened"):
        close_delivery(made.desk, key, "I looked")


def test_what_turns_out_to_have_happened_is_not_closed(made: FakeDesk) -> None:
    key = unknown(made)
    made.targets["staging"].acted[key] = "0.1.0"
    with pytest.raises(RefusedError, match="is delivered"):
        close_delivery(made.desk, key, "I looked")
    assert made.desk.history.live["staging"].version == "0.1.0"


def test_without_saying_how_one_knows_nothing_is_closed(made: FakeDesk) -> None:
    with pytest.raises(UsageError, match="say how you know"):
        close_delivery(made.desk, unknown(made), " ")


def test_a_delivery_that_is_not_there_is_not_found(made: FakeDesk) -> None:
    with pytest.raises(NotFoundError):
        go_on(made.desk, "0" * 32)


def test_what_is_live_can_be_rolled_back_once_something_was_live_before(made: FakeDesk) -> None:
    quality_ran(made)
    first = delivered(made)
    assert follow_delivery(made.desk, first.key).acts == ()
    change_committed(made, 2)
    quality_ran(made, 0.97)
    second = delivered(made)
    assert follow_delivery(made.desk, second.key).acts == (DeliveryAct.ROLL_BACK,)
    assert follow_delivery(made.desk, first.key).acts == ()


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (DeliveryState.UNKNOWN, WaitingKind.UNKNOWN),
        (DeliveryState.FAILED, WaitingKind.FAILED),
        (DeliveryState.REFUSED, WaitingKind.FAILED),
    ],
)
def test_a_delivery_that_came_to_nothing_waits_for_a_person(
    made: FakeDesk, state: DeliveryState, kind: WaitingKind
) -> None:
    made.targets["staging"] = FakeTarget(state)
    quality_ran(made)
    key = delivered(made).key
    assert [(one.kind, one.subject) for one in waiting(made)] == [(kind, key)]


def test_a_delivery_that_was_tried_again_waits_no_more(made: FakeDesk) -> None:
    made.targets["staging"] = FakeTarget(DeliveryState.FAILED)
    quality_ran(made)
    delivered(made)
    made.targets["staging"].answer = DeliveryState.DELIVERED
    delivered(made)
    assert waiting(made) == ()


def test_an_interrupted_delivery_waits_for_a_person(made: FakeDesk) -> None:
    interrupted(made)
    assert [one.kind for one in waiting(made)] == [WaitingKind.INTERRUPTED]


def test_a_version_that_can_go_on_waits_where_the_button_names_another_rung(
    made: FakeDesk,
) -> None:
    quality_ran(made)
    delivered(made)
    assert waiting(made) == ()
    change_committed(made, 2)
    quality_ran(made, 0.97)
    (one,) = waiting(made)
    assert (one.kind, one.subject) == (WaitingKind.NEXT_RUNG, "production")
    assert one.text == "0.1.0 is live in staging and ready for production"


def test_what_nobody_can_ever_be_asked_is_closed_by_who_looked_there(made: FakeDesk) -> None:
    quality_ran(made)
    found = FakeTarget(answer=DeliveryState.UNKNOWN)
    made.targets["staging"] = found
    key = delivered(made).key
    found.unreachable = True
    assert follow_delivery(made.desk, key).acts == (DeliveryAct.LOOK_AGAIN,)
    found.is_mute = True
    assert DeliveryAct.CLOSE in follow_delivery(made.desk, key).acts
    closed = close_delivery(made.desk, key, "its own log has no such message")
    assert closed.state is DeliveryState.FAILED
