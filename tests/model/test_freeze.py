from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from jupyter_mlcd.model.freeze import Day, FreezeTable, frozen_at

CHRISTMAS = FreezeTable("Christmas", since=date(2026, 12, 20), until=date(2027, 1, 2))
WEEKEND = FreezeTable("weekend", days=(Day.FRIDAY, Day.SATURDAY, Day.SUNDAY))
NIGHT = FreezeTable("nobody is awake", between="22:00-05:59")
EVENING = FreezeTable("evening", days=(Day.FRIDAY,), between="16:00-23:59", zone="Europe/Berlin")


def moment(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def until(window: FreezeTable, at: datetime) -> str | None:
    found = frozen_at([window], at)
    return found.until[:16] if found else None


def test_both_days_that_are_named_are_frozen_whole() -> None:
    assert until(CHRISTMAS, moment(19, 23, 59)) is None
    assert until(CHRISTMAS, moment(20, 0)) == "2027-01-03T00:00"
    assert frozen_at([CHRISTMAS], datetime(2027, 1, 2, 23, 59, tzinfo=UTC)) is not None
    assert frozen_at([CHRISTMAS], datetime(2027, 1, 3, tzinfo=UTC)) is None


def test_days_of_the_week_that_follow_on_each_other_are_one_freeze() -> None:
    assert until(WEEKEND, moment(4, 12)) == "2026-12-07T00:00"  # a Friday
    assert until(WEEKEND, moment(7, 0)) is None


def test_hours_may_go_on_past_midnight() -> None:
    assert until(NIGHT, moment(1, 23)) == "2026-12-02T06:00"
    assert until(NIGHT, moment(2, 5, 59)) == "2026-12-02T06:00"
    assert until(NIGHT, moment(2, 6)) is None


def test_hours_are_those_of_the_zone_that_is_named() -> None:
    assert until(EVENING, moment(4, 14, 59)) is None
    assert until(EVENING, moment(4, 15)) == "2026-12-04T23:00"
    summer = until(EVENING, moment(5, 14, month=6))
    assert summer == "2026-06-05T22:00"


def test_windows_that_meet_end_with_the_last_of_them() -> None:
    found = frozen_at([WEEKEND, CHRISTMAS], moment(18, 12))
    assert (found and found.why, found and found.until[:10]) == (
        "weekend",
        "2027-01-04",
    )  # a Monday


def test_a_freeze_without_an_end_says_so() -> None:
    found = frozen_at([FreezeTable("moving", since=date(2026, 12, 1))], moment(2, 0))
    assert found is not None
    assert (found.until, found.words) == ("", "without an end: moving")


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (FreezeTable(" ", days=(Day.FRIDAY,)), "says why"),
        (FreezeTable("always"), "says when"),
        (FreezeTable("x", since=date(2026, 2, 2), until=date(2026, 2, 1)), "cannot begin"),
        (FreezeTable("x", between="16:00-24:00"), "two times of day"),
        (FreezeTable("x", between="9:00-17:00"), "two times of day"),
        (FreezeTable("x", days=(Day.FRIDAY,), zone="Europe/Atlantis"), "no time zone"),
    ],
)
def test_a_window_that_cannot_be_meant_is_told(window: FreezeTable, words: str) -> None:
    assert words in window.problem()


@pytest.mark.parametrize("window", [CHRISTMAS, WEEKEND, NIGHT, EVENING])
def test_the_windows_of_these_tests_are_right(window: FreezeTable) -> None:
    assert window.problem() == ""
