from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.delivery import fold_history
from jupyter_mlcd.model.event import (
    Body,
    DeliveryMoved,
    DeliveryRequested,
    Event,
    ReleasePrepared,
    make_event,
)
from jupyter_mlcd.model.figures import (
    Figures,
    Spread,
    fold_figures,
    monday,
    spans_to_read,
    spread,
    weeks_before,
)
from jupyter_mlcd.model.flow import LiveCheckBegun, LiveChecked
from jupyter_mlcd.model.review import ReviewApproved, ReviewAsked, ReviewTakenBack
from tests.model.examples import BY

if TYPE_CHECKING:
    from collections.abc import Mapping

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = 24.0
KEN = "Ken <ken@example.org>"
LIN = "Lin <lin@example.org>"


class Days:
    """A ledger that is written hour by hour from a Monday on."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.attempts = 0

    def say(self, hours: float, body: Body, by: str = BY) -> str:
        """Write an event, so many hours after the Monday began; return its id."""
        at = (MONDAY + timedelta(hours=hours)).isoformat(timespec="microseconds")
        name = f"{len(self.events):06}"
        self.events.append(
            make_event(id=name, project="digits", at=at.replace("+00:00", "Z"), by=by, body=body)
        )
        return name

    def delivery(
        self, hours: float, number: int, *, state: str = "delivered", back_from: int = 0
    ) -> None:
        """Ask for version ``number``, and let it end an hour later."""
        version = f"0.{number}.0"
        self.attempts += 1
        key = f"key-{self.attempts}"
        if not back_from:
            self.say(hours, ReleasePrepared(version, f"sha256:{version}", commit(number)))
        back = f"0.{back_from}.0" if back_from else ""
        asked = DeliveryRequested(
            key, version, f"sha256:{version}", "production", 1, (), (), back_from=back
        )
        self.say(hours, asked)
        self.say(hours + 1, DeliveryMoved(key, state))

    def figures(
        self,
        written: Mapping[tuple[str, str], str] | None = None,
        *,
        since: float = 0,
        until: float = 28 * DAY - 1,
        approvals: int = 0,
    ) -> Figures:
        """Fold it."""
        return fold_figures(
            fold_history(self.events, "digits"),
            "production",
            project="digits",
            since=MONDAY + timedelta(hours=since),
            until=MONDAY + timedelta(hours=until),
            written=written or {},
            approvals=approvals,
        )


def commit(number: int) -> str:
    return f"{number:040x}"


def hour(hours: float) -> str:
    return (MONDAY + timedelta(hours=hours)).isoformat()


@pytest.fixture
def days() -> Days:
    return Days()


def test_deliveries_count_in_the_week_in_which_they_arrived(days: Days) -> None:
    days.delivery(7 * DAY - 0.5, 1)
    days.delivery(8 * DAY, 2)
    found = days.figures()
    assert [(one.begins, one.deliveries) for one in found.weeks] == [
        ("2026-03-02", 0),
        ("2026-03-09", 2),
        ("2026-03-16", 0),
        ("2026-03-23", 0),
    ]


def test_the_frequency_is_that_since_the_first_delivery(days: Days) -> None:
    for number in range(1, 7):
        days.delivery(14 * DAY - 1 + number, number)
    assert days.figures(until=28 * DAY).a_week == pytest.approx(3, rel=0.01)
    assert days.figures(until=16 * DAY).a_week == 6


def test_what_never_arrived_is_no_delivery_and_is_counted_beside(days: Days) -> None:
    days.delivery(1, 1)
    for number, state in enumerate(["failed", "refused", "cancelled", "dispatched"], 2):
        days.delivery(number, number, state=state)
    found = days.figures()
    assert (found.deliveries, found.never_arrived, found.failure_rate) == (1, 3, 0.0)


def test_a_version_that_was_rolled_back_is_a_failure_and_its_time_ends_with_that(
    days: Days,
) -> None:
    days.delivery(0, 1)
    days.delivery(10, 2)
    days.delivery(13, 1, back_from=2)
    found = days.figures()
    assert (found.deliveries, found.roll_backs, found.bad) == (2, 1, 1)
    assert found.failure_rate == 0.5
    assert found.restore == Spread(1, 3 * 3600.0, 3 * 3600.0)
    assert (found.weeks[0].bad, found.weeks[0].restore) == (1, 3 * 3600.0)


def checked(days: Days, hours: float, attempt: int, *, is_green: bool) -> None:
    """Check where it is live what the delivery of this number brought."""
    key, run = f"key-{attempt}", f"run-{attempt}"
    days.say(hours, LiveCheckBegun(key, "live", run))
    days.say(hours, LiveChecked(key, run, is_green, "it answers" if is_green else "it is silent"))


def test_a_red_check_is_a_failure_that_ends_with_the_next_good_version(days: Days) -> None:
    days.delivery(0, 1)
    checked(days, 2, 1, is_green=True)
    days.delivery(10, 2)
    checked(days, 12, 2, is_green=False)
    found = days.figures()
    assert (found.bad, found.not_restored, found.restore) == (1, 1, Spread())
    days.delivery(15, 3)
    checked(days, 17, 3, is_green=False)
    days.delivery(20, 4)
    found = days.figures()
    assert (found.bad, found.not_restored) == (2, 0)
    assert (found.restore.count, found.restore.median) == (2, 7.5 * 3600)
    assert found.restore.high == pytest.approx(9.5 * 3600)


def test_a_red_check_that_is_rolled_back_is_one_failure(days: Days) -> None:
    days.delivery(0, 1)
    days.delivery(10, 2)
    checked(days, 12, 2, is_green=False)
    days.delivery(13, 1, back_from=2)
    assert days.figures().restore == Spread(1, 3 * 3600.0, 3 * 3600.0)
    assert days.figures().bad == 1


def test_a_roll_back_that_never_arrived_restores_nothing(days: Days) -> None:
    days.delivery(0, 1)
    days.delivery(10, 2)
    days.delivery(13, 1, back_from=2, state="failed")
    assert days.figures().bad == 0
    days.delivery(20, 1, back_from=2)
    assert days.figures().restore.median == 10 * 3600


def test_the_lead_time_begins_with_the_first_commit_that_was_not_there_before(days: Days) -> None:
    days.delivery(10, 1)
    days.delivery(30, 2)
    history = fold_history(days.events, "digits")
    span = (commit(1), commit(2))
    assert spans_to_read(history, "production") == [span]
    found = days.figures({span: hour(21)})
    assert found.lead == Spread(1, 10 * 3600.0, 10 * 3600.0)


def test_after_a_roll_back_the_version_before_is_the_one_that_came_back(days: Days) -> None:
    days.delivery(0, 1)
    days.delivery(10, 2)
    days.delivery(13, 1, back_from=2)
    days.delivery(20, 3)
    history = fold_history(days.events, "digits")
    assert spans_to_read(history, "production") == [
        (commit(1), commit(2)),
        (commit(1), commit(3)),
    ]


def test_a_commit_from_the_future_took_no_time(days: Days) -> None:
    days.delivery(0, 1)
    days.delivery(10, 2)
    assert days.figures({(commit(1), commit(2)): hour(99)}).lead.median == 0


def asks(days: Days, hours: float, version: str = "0.1.0") -> None:
    digest = f"sha256:{version}"
    days.say(hours, ReviewAsked(version, digest, environment="production", people=(KEN, LIN)))


def approves(days: Days, hours: float, by: str, where: str = "production") -> str:
    name = f"approval-{hours}"
    body = ReviewApproved("0.1.0", "sha256:0.1.0", name=name, environment=where)
    days.say(hours, body, by)
    return name


def test_the_wait_for_approval_ends_with_the_last_one_that_was_needed(days: Days) -> None:
    asks(days, 1)
    approves(days, 2, KEN)
    approves(days, 3, KEN)
    approves(days, 5, LIN)
    days.delivery(9, 1)
    approves(days, 20, "Max <max@example.org>")
    waits = [days.figures(approvals=number).waiting.median for number in (1, 2, 3, 0)]
    assert waits == [3600, 4 * 3600, 4 * 3600, 4 * 3600]


def test_an_approval_for_elsewhere_or_taken_back_ends_no_wait(days: Days) -> None:
    asks(days, 1)
    name = approves(days, 2, KEN)
    approves(days, 3, LIN, "staging")
    days.say(4, ReviewTakenBack("0.1.0", "sha256:0.1.0", entry=name), KEN)
    days.delivery(9, 1)
    assert days.figures(approvals=1).waiting == Spread()


def test_what_was_never_asked_for_did_not_wait(days: Days) -> None:
    approves(days, 2, KEN)
    days.delivery(9, 1)
    assert days.figures(approvals=1).waiting == Spread()


def test_other_environments_and_other_times_do_not_count(days: Days) -> None:
    days.delivery(1, 1)
    days.delivery(8 * DAY, 2)
    found = days.figures(since=7 * DAY)
    assert (found.deliveries, len(found.weeks)) == (1, 3)
    empty = fold_figures(
        fold_history(days.events, "digits"),
        "staging",
        project="digits",
        since=MONDAY,
        until=MONDAY + timedelta(days=1),
        written={},
    )
    assert (empty.deliveries, empty.failure_rate, empty.enough) == (0, None, False)


@pytest.mark.parametrize(("count", "enough"), [(4, False), (5, True)])
def test_few_deliveries_say_nothing(days: Days, count: int, enough: bool) -> None:
    for number in range(1, count + 1):
        days.delivery(number * 2, number)
    assert days.figures().enough is enough


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=50))
def test_a_spread_stays_inside_its_values(values: list[float]) -> None:
    found = spread(values)
    assert found.median is not None
    assert found.high is not None
    assert min(values) <= found.median <= max(values)
    assert min(values) <= found.high <= max(values)
    assert spread([*values, None]) == found


def test_a_quantile_lies_between_two_values_in_proportion() -> None:
    assert spread([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]).high == 90
    assert spread([0, 10]).high == pytest.approx(9)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_weeks_begin_on_mondays_and_the_last_one_holds_the_moment(at: datetime) -> None:
    first = weeks_before(at, 12)
    assert first.weekday() == 0
    assert monday(first) + timedelta(weeks=11) == monday(at)


def test_a_thousand_deliveries_fold_at_once(days: Days) -> None:
    written = {}
    for number in range(1, 1001):
        days.delivery(number, number)
        written[commit(number - 1), commit(number)] = hour(number - 1)
    history = fold_history(days.events, "digits")
    began = time.perf_counter()
    found = fold_figures(
        history,
        "production",
        project="digits",
        since=MONDAY,
        until=MONDAY + timedelta(days=84),
        written=written,
    )
    took = time.perf_counter() - began
    assert (found.deliveries, found.lead.count) == (1000, 999)
    assert took < 0.1
