"""How delivery goes: DORA's four keys for one environment, and how long approvals took.

The definitions are those of https://dora.dev/guides/dora-metrics-four-keys/, for what the ledger
knows. A delivery counts where it arrived, in the week in which it arrived; a roll back is no
delivery but the end of a bad one. Weeks are from Monday to Sunday, in UTC.

deployment frequency
    Deliveries that arrived, a week.
lead time for changes
    From when the author wrote the first commit that the version before it had not, to when it
    arrived. The first version has none: there is nothing before it.
change failure rate
    Of the deliveries that arrived, the part that was rolled back afterwards or whose check where
    it is live was red. One that never arrived changed nothing there: it is counted beside it.
failed deployment recovery time
    From when such a delivery had arrived, to when what took its place arrived: the version before
    it, or the next one whose check was not red.
waiting for approval
    From when a review was first asked for, to the last approval that was needed, of those who
    approved before it was delivered.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.delivery import Delivery, DeliveryState, History
from jupyter_mlcd.model.flow import CheckState
from jupyter_mlcd.model.review import EntryKind
from jupyter_mlcd.model.signers import same_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ENOUGH = 5
"""Values below which a median says nothing."""
_HIGH = 0.9
_NEVER_ARRIVED = {DeliveryState.REFUSED, DeliveryState.FAILED, DeliveryState.CANCELLED}


class Spread(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long something took, in seconds."""

    count: int = 0
    median: float | None = None
    """None where there is no value."""
    high: float | None = None
    """The 90 % quantile, between two values in proportion."""


class FiguresWeek(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What arrived in one week; medians in seconds, None where there is no value."""

    begins: str
    """Its Monday, as ``2026-03-02``."""
    deliveries: int = 0
    bad: int = 0
    """Of these, those that were rolled back or red where they are live, whenever that was."""
    lead: float | None = None
    restore: float | None = None
    waiting: float | None = None


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The figures of one environment from one moment to another."""

    project: str
    environment: str
    since: str
    """UTC, ISO 8601."""
    until: str
    deliveries: int
    """Those that arrived; roll backs are none."""
    roll_backs: int
    never_arrived: int
    """Refused, failed or cancelled."""
    enough: bool
    """Whether there are enough deliveries to say anything of them."""
    a_week: float
    """Deliveries a week, since the first one there where that was later; over a week at least."""
    bad: int
    """Deliveries that were rolled back, or whose check where they are live was red."""
    not_restored: int
    """Of these, those in whose place nothing has come yet."""
    failure_rate: float | None
    """``bad`` of ``deliveries``, 0 to 1; None without a delivery."""
    lead: Spread
    restore: Spread
    waiting: Spread
    weeks: tuple[FiguresWeek, ...]
    """All of them, oldest first."""


class Arrived(msgspec.Struct, frozen=True):
    """A delivery that reached its environment, with what the fold found out about it."""

    at: datetime
    is_roll_back: bool
    lead: float | None = None
    restored: float | None = None
    """Seconds until something took its place; None where nothing did, or had to."""
    bad: bool = False
    """Whether it was rolled back, or its check was red."""
    waiting: float | None = None


def spans_to_read(history: History, environment: str) -> list[tuple[str, str]]:
    """Return each pair of commits, before and after, whose first new commit a lead time needs."""
    return [span for _, span in _with_spans(history, environment) if span is not None]


def fold_figures(  # noqa: PLR0913 - what is counted where, from when to when
    history: History,
    environment: str,
    *,
    project: str,
    since: datetime,
    until: datetime,
    written: Mapping[tuple[str, str], str],
    approvals: int = 0,
) -> Figures:
    """Return the figures of ``environment``.

    ``written`` gives for the commits of ``spans_to_read`` when the first new one was written, and
    ``approvals`` is how many people have to approve there. One pass over the deliveries.
    """
    every = _arrived(history, environment, written, approvals)
    inside = [one for one in every if since <= one.at <= until]
    good = [one for one in inside if not one.is_roll_back]
    bad = [one for one in good if one.bad]
    began = max(since, every[0].at) if every else since
    return Figures(
        project=project,
        environment=environment,
        since=_text(since),
        until=_text(until),
        deliveries=len(good),
        roll_backs=len(inside) - len(good),
        never_arrived=sum(
            one.environment == environment
            and one.state in _NEVER_ARRIVED
            and since <= _moment(one.moments[-1].at) <= until
            for one in history.deliveries.values()
        ),
        enough=len(good) >= ENOUGH,
        a_week=len(good) / max(1.0, (until - began) / timedelta(weeks=1)),
        bad=len(bad),
        not_restored=sum(one.restored is None for one in bad),
        failure_rate=len(bad) / len(good) if good else None,
        lead=spread(one.lead for one in good),
        restore=spread(one.restored for one in bad),
        waiting=spread(one.waiting for one in good),
        weeks=_weeks(good, since, until),
    )


def _arrived(
    history: History, environment: str, written: Mapping[tuple[str, str], str], approvals: int
) -> list[Arrived]:
    """Return what arrived, oldest first."""
    found: list[Arrived] = []
    newest: dict[str, int] = {}
    broken: set[int] = set()
    for delivery, span in _with_spans(history, environment):
        at = _moment(delivery.moments[-1].at)
        check = history.checks.get(delivery.key)
        is_red = check is not None and check.state is CheckState.RED
        if delivery.back_from in newest:
            gone = newest.pop(delivery.back_from)
            found[gone] = msgspec.structs.replace(found[gone], bad=True)
            broken.add(gone)
        if is_red:
            broken.add(len(found))
        else:
            for place in broken:
                took = max(0.0, (at - found[place].at).total_seconds())
                found[place] = msgspec.structs.replace(found[place], restored=took)
            broken.clear()
        newest[delivery.version] = len(found)
        first = written.get(span, "") if span else ""
        lead = max(0.0, (at - _moment(first)).total_seconds()) if first else None
        waiting = None if delivery.back_from else _waited(history, delivery, approvals)
        back = bool(delivery.back_from)
        found.append(Arrived(at, back, lead=lead, bad=is_red, waiting=waiting))
    return found


def _with_spans(
    history: History, environment: str
) -> Iterable[tuple[Delivery, tuple[str, str] | None]]:
    """Yield what arrived, each with the commits of what was live before it and of itself."""
    before = ""
    for delivery in history.deliveries.values():
        if delivery.environment != environment or delivery.state is not DeliveryState.DELIVERED:
            continue
        release = history.releases.get(delivery.version)
        commit = release.commit if release else ""
        is_new = before and commit and commit != before and not delivery.back_from
        yield delivery, (before, commit) if is_new else None
        before = commit or before


def _waited(history: History, delivery: Delivery, approvals: int) -> float | None:
    """Return how long a version waited for the last approval that it needed."""
    entries = [
        one
        for one in history.reviews.get(delivery.digest, ())
        if one.environment == delivery.environment and one.at <= delivery.requested
    ]
    asked = next((one for one in entries if one.kind is EntryKind.ASKED), None)
    if asked is None:
        return None
    people: list[str] = []
    last = ""
    for one in entries:
        is_yes = one.kind is EntryKind.APPROVED and not one.taken_back and one.at >= asked.at
        if is_yes and not any(same_person(one.by, other) for other in people):
            people.append(one.by)
            last = one.at
        if approvals and len(people) == approvals:
            break
    return (_moment(last) - _moment(asked.at)).total_seconds() if last else None


def spread(values: Iterable[float | None]) -> Spread:
    """Return how values spread; None is none."""
    known = sorted(one for one in values if one is not None)
    if not known:
        return Spread()
    place = _HIGH * (len(known) - 1)
    low, high = known[math.floor(place)], known[math.ceil(place)]
    return Spread(len(known), median(known), low + (high - low) * (place - math.floor(place)))


def _weeks(good: Sequence[Arrived], since: datetime, until: datetime) -> tuple[FiguresWeek, ...]:
    by_week: dict[date, list[Arrived]] = {}
    for one in good:
        by_week.setdefault(monday(one.at), []).append(one)
    found = []
    begins = monday(since)
    while begins <= until.date():
        own = by_week.get(begins, [])
        found.append(
            FiguresWeek(
                begins=begins.isoformat(),
                deliveries=len(own),
                bad=sum(one.bad for one in own),
                lead=spread(one.lead for one in own).median,
                restore=spread(one.restored for one in own).median,
                waiting=spread(one.waiting for one in own).median,
            )
        )
        begins += timedelta(weeks=1)
    return tuple(found)


def monday(at: datetime) -> date:
    """Return the first day of a moment's week."""
    return at.date() - timedelta(days=at.weekday())


def weeks_before(until: datetime, weeks: int) -> datetime:
    """Return the beginning of the first of so many weeks, the last of which holds ``until``."""
    return datetime.combine(monday(until) - timedelta(weeks=weeks - 1), time.min, UTC)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)  # What has no time is in no week.


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
