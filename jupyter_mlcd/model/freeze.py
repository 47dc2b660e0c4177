"""Freeze windows: times in which nothing is delivered to an environment, and when they end."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BETWEEN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_FARTHEST = 400
"""Windows that follow on each other and are looked at; what lasts longer has no end in sight."""


class Day(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class FreezeTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """``{ from = 2026-12-20, until = 2027-01-02, why = "..." }``, ``{ days = ["fri"], ... }``.

    The days on which all that is said holds, whole or ``between`` two times of day.
    """

    why: str
    since: date | None = msgspec.field(default=None, name="from")
    """The first day; None: it has begun."""
    until: date | None = None
    """The last day."""
    days: tuple[Day, ...] = ()
    """Days of the week; empty: all."""
    between: str = ""
    """As ``16:00-23:59``, the last minute included; ``22:00-06:00`` ends on the next morning."""
    zone: str = "UTC"
    """Whose days and hours these are, as ``Europe/Berlin``."""

    def problem(self) -> str:
        """Return what is wrong with this window, or nothing."""
        if not self.why.strip():
            return "a freeze says why"
        if self.since is None and self.until is None and not (self.days or self.between):
            return "a freeze says when: `from`, `until`, `days` or `between`"
        if self.since is not None and self.until is not None and self.until < self.since:
            return f"a freeze until {self.until} cannot begin on {self.since}"
        if self.between and not _BETWEEN.fullmatch(self.between):
            return f"{self.between!r} is not two times of day"
        try:
            _zone(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return f"there is no time zone {self.zone!r} here (on Windows: pip install tzdata)"
        return ""

    def end_of(self, moment: datetime) -> datetime | None:
        """Return when the window ends in which ``moment`` is, in UTC; None outside of it."""
        zone = _zone(self.zone)
        today = moment.astimezone(zone).date()
        for day in (today, today - timedelta(days=1)):  # One may go on past midnight.
            begin, end = self._hours(day)
            if not self._is_meant(day):
                continue
            first, last = (one.replace(tzinfo=zone).astimezone(UTC) for one in (begin, end))
            if first <= moment < last:
                return last
        return None

    def _is_meant(self, day: date) -> bool:
        return (
            (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
            and (not self.days or list(Day)[day.weekday()] in self.days)
        )

    def _hours(self, day: date) -> tuple[datetime, datetime]:
        midnight = datetime.combine(day, time())
        found = _BETWEEN.fullmatch(self.between)
        if found is None:
            return midnight, midnight + timedelta(days=1)
        hour, minute, last_hour, last_minute = map(int, found.groups())
        begin = midnight + timedelta(hours=hour, minutes=minute)
        end = midnight + timedelta(hours=last_hour, minutes=last_minute + 1)
        return begin, end if end > begin else end + timedelta(days=1)


def _zone(name: str) -> tzinfo:
    """Return a time zone; UTC is there where the system knows no other one."""
    return UTC if name == "UTC" else ZoneInfo(name)


class Frozen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing is delivered to an environment now."""

    why: str
    until: str
    """UTC, ISO 8601; empty where no end is in sight."""

    @property
    def words(self) -> str:
        """Until when, and why."""
        end = f"until {self.until[:16].replace('T', ' ')} UTC" if self.until else "without an end"
        return f"{end}: {self.why}"


def frozen_at(windows: Sequence[FreezeTable], moment: datetime) -> Frozen | None:
    """Return what freezes at ``moment``, and when the last of what follows on it has ended."""
    held = [window for window in windows if window.end_of(moment) is not None]
    if not held:
        return None
    *_, end = _ends(windows, moment)
    return Frozen(held[0].why, end)


def _ends(windows: Sequence[FreezeTable], moment: datetime) -> Iterator[str]:
    """Yield the end of each window that goes on where another ends; last an empty one if ever."""
    for _ in range(_FARTHEST):
        ends = [end for window in windows if (end := window.end_of(moment)) is not None]
        if not ends:
            return
        moment = max(ends)
        yield moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
    yield ""
