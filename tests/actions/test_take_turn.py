from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.follow_delivery import (
    cancel_delivery,
    close_delivery,
    follow_delivery,
    go_on,
)
from jupyter_mlcd.model.delivery import DeliveryAct, DeliveryState
from jupyter_mlcd.model.errors import GitError, RefusedError
from jupyter_mlcd.model.event import LEDGER_REF, DeliveryMoved, DeliveryRequested, make_event
from jupyter_mlcd.testing import FakeDesk, FakePipeline
from jupyter_mlcd.world import failpoints
from jupyter_mlcd.world.clock import now, uuid7
from tests.actions.days import delivered, quality_ran

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.model.event import Body, Event

KEN = "Ken Example <ken@example.org>"


@pytest.fixture
def pipeline(made: FakeDesk) -> FakePipeline:
    found = FakePipeline()
    made.targets["staging"] = found
    quality_ran(made)
    return found


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the next passage of a place fail, once."""

    def at(point: str) -> None:
        monkeypatch.setattr(failpoints, "_passages", Counter())
        monkeypatch.setenv(failpoints.VARIABLE, f"{point}=raise")

    return at


def by_ken(body: Body) -> Event:
    return make_event(id=uuid7(), project="digits", at=now(), by=KEN, body=body)


def test_tag_and_evidence_are_there_before_the_system_is_asked(
    made: FakeDesk, pipeline: FakePipeline
) -> None:
    found = delivered(made)
    assert made.remote.pushed[:2] == [[LEDGER_REF], ["refs/tags/v0.1.0", LEDGER_REF]]
    assert [one.state for one in found.moments] == ["requested", "sending", "dispatched"]
    assert pipeline.dispatches == 1


def test_what_becomes_of_it_is_told_to_others_too(made: FakeDesk, pipeline: FakePipeline) -> None:
    found = delivered(made)
    pipeline.state = DeliveryState.DELIVERED
    before = len(made.remote.pushed)
    assert follow_delivery(made.desk, found.key).state is DeliveryState.DELIVERED
    assert made.remote.pushed[before:] == [[LEDGER_REF]]


def test_each_word_of_the_system_is_kept_once(made: FakeDesk, pipeline: FakePipeline) -> None:
    key = delivered(made).key
    for word in ("queued", "queued", "waits for ken", "waits for ken", "runs"):
        pipeline.word = word
        follow_delivery(made.desk, key)
    told = [one.reason for one in made.desk.history.deliveries[key].moments[2:]]
    assert told == ["as the test wants", "queued", "waits for ken", "runs"]


def test_without_the_remote_nothing_is_sent_and_it_says_so(
    made: FakeDesk, pipeline: FakePipeline
) -> None:
    made.remote.problem = GitError("origin cannot be reached", hint="Nothing was pushed.")
    found = delivered(made)
    assert (found.state, pipeline.dispatches) == (DeliveryState.REFUSED, 0)
    assert "origin cannot be reached" in found.reason


def test_who_finds_the_same_request_of_another_in_front_sends_nothing(
    made: FakeDesk, pipeline: FakePipeline
) -> None:
    def ken_was_first() -> None:
        made.remote.before = lambda: None
        own = next(e for e in made.ledger.written if isinstance(e.body, DeliveryRequested))
        made.ledger.written.insert(0, by_ken(own.body))

    made.remote.before = ken_was_first
    found = delivered(made)
    assert (found.state, found.by, pipeline.dispatches) == (DeliveryState.REQUESTED, KEN, 0)


def test_who_finds_another_version_on_its_way_is_refused(
    made: FakeDesk, pipeline: FakePipeline
) -> None:
    def ken_was_first() -> None:
        made.remote.before = lambda: None
        body = DeliveryRequested("k" * 32, "9.9.9", "sha256:9", "staging", 1, (), ())
        made.ledger.written.insert(0, by_ken(body))

    made.remote.before = ken_was_first
    found = delivered(made)
    assert (found.state, pipeline.dispatches) == (DeliveryState.REFUSED, 0)
    assert "Ken Example <ken@example.org> delivers 9.9.9 there now" in found.reason


def test_who_finds_that_another_version_went_live_meanwhile_is_refused(
    made: FakeDesk, pipeline: FakePipeline
) -> None:
    def ken_was_first() -> None:
        made.remote.before = lambda: None
        body = DeliveryRequested("k" * 32, "9.9.9", "sha256:9", "staging", 1, (), ())
        made.ledger.written[:0] = [by_ken(body), by_ken(DeliveryMoved("k" * 32, "delivered"))]

    made.remote.before = ken_was_first
    found = delivered(made)
    assert (found.state, pipeline.dispatches) == (DeliveryState.REFUSED, 0)
    assert "9.9.9 is live there since a moment" in found.reason


def test_who_slept_before_the_second_push_finds_that_another_sends(
    made: FakeDesk, pipeline: FakePipeline
) -> None:
    pushes = iter(range(9))

    def ken_went_on() -> None:
        if next(pushes) == 1:
            key = next(iter(made.desk.history.deliveries))
            made.ledger.written.insert(-1, by_ken(DeliveryMoved(key, "sending")))

    made.remote.before = ken_went_on
    found = delivered(made)
    assert (found.state, pipeline.dispatches) == (DeliveryState.SENDING, 0)
    assert found.moments[1].by == KEN


@pytest.mark.parametrize("point", ["deliver-before-turn", "deliver-before-send"])
def test_what_may_have_been_sent_is_never_sent_again(
    made: FakeDesk, pipeline: FakePipeline, broken: Callable[[str], None], point: str
) -> None:
    broken(point)
    with pytest.raises(OSError, match=point):
        delivered(made)
    (key,) = made.desk.history.deliveries
    assert follow_delivery(made.desk, key).acts == (DeliveryAct.LOOK_AGAIN, DeliveryAct.CLOSE)
    assert go_on(made.desk, key).state is DeliveryState.SENDING
    assert deliver(made.desk, "staging").state is DeliveryState.SENDING
    assert pipeline.dispatches == 0
    closed = close_delivery(made.desk, key, "the system's own list has no such run")
    assert closed.state is DeliveryState.FAILED
    assert deliver(made.desk, "staging").attempt == 2
    assert pipeline.dispatches == 1


def test_what_was_sent_before_a_crash_is_found_by_its_key(
    made: FakeDesk, pipeline: FakePipeline, broken: Callable[[str], None]
) -> None:
    broken("deliver-after-dispatch")
    with pytest.raises(OSError, match="after-dispatch"):
        delivered(made)
    (key,) = made.desk.history.deliveries
    assert follow_delivery(made.desk, key).state is DeliveryState.DISPATCHED
    assert pipeline.dispatches == 1


def test_a_system_that_runs_can_be_asked_to_stop(made: FakeDesk, pipeline: FakePipeline) -> None:
    key = delivered(made).key
    assert follow_delivery(made.desk, key).acts == (DeliveryAct.LOOK_AGAIN, DeliveryAct.STOP)
    assert cancel_delivery(made.desk, key).state is DeliveryState.CANCELLED
    pipeline.state = DeliveryState.DELIVERED
    assert go_on(made.desk, key).state is DeliveryState.CANCELLED
    with pytest.raises(RefusedError):
        close_delivery(made.desk, key, "what is over stays as it is")
