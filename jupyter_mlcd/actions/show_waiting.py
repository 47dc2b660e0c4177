"""Waiting for you: what needs this person now, as far as the ledger tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.examine import examine
from jupyter_mlcd.actions.judge_statement import short_name
from jupyter_mlcd.model.delivery import Delivery, DeliveryState
from jupyter_mlcd.model.review import EntryKind, ReviewEntry
from jupyter_mlcd.model.signers import same_person
from jupyter_mlcd.model.status import Waiting, WaitingKind, WayOut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.ports import Snapshot

_URGENCY = list(WaitingKind)
_ANSWERS = {EntryKind.APPROVED, EntryKind.CHANGES_REQUESTED}


def show_waiting(
    desk: Desk, snapshot: Snapshot, history: History, offered: str
) -> tuple[Waiting, ...]:
    """Return what waits, the most urgent first.

    ``offered`` is the environment that the Deliver button names: that much is said there.
    """
    found = [
        *_deliveries(desk, history),
        *_held(desk, history),
        *_reviews(desk, history),
        *_next_rungs(desk, snapshot, history, offered),
    ]
    return tuple(sorted(found, key=lambda one: _URGENCY.index(one.kind)))


def _deliveries(desk: Desk, history: History) -> Iterator[Waiting]:
    for name in desk.policy.ladder():
        newest = history.newest(name)
        if newest is None:
            continue
        what = _kind(desk, newest)
        if what is not None:
            kind, words = what
            since = newest.moments[-1].at
            yield Waiting(kind, words, since, WayOut.SEE_DELIVERY, newest.key)


def _kind(desk: Desk, newest: Delivery) -> tuple[WaitingKind, str] | None:
    version, where = newest.version, newest.environment
    match newest.state:
        case DeliveryState.UNKNOWN:
            return WaitingKind.UNKNOWN, f"it is not known whether {version} reached {where}"
        case DeliveryState.SENDING if newest.moments[-1].by == desk.by and not desk.at_work():
            return WaitingKind.UNKNOWN, f"it is not known whether {version} was sent to {where}"
        case DeliveryState.REQUESTED if not desk.at_work():
            words = f"the delivery of {version} to {where} stopped before it was sent"
            return WaitingKind.INTERRUPTED, words
        case DeliveryState.FAILED:
            return WaitingKind.FAILED, f"the delivery of {version} to {where} failed"
        case DeliveryState.REFUSED:
            return WaitingKind.FAILED, f"{where} refused {version}"
    return None


def _held(desk: Desk, history: History) -> Iterator[Waiting]:
    """Yield the environments that a red check holds; a person's hold waits for nobody."""
    for name in desk.policy.ladder():
        held = history.held.get(name)
        if held is not None and held.key:
            yield Waiting(
                WaitingKind.HELD, f"{name} is held: {held.why}", held.at, WayOut.LIFT, name
            )


def _reviews(desk: Desk, history: History) -> Iterator[Waiting]:
    """Yield the releases that this person was asked about, until she said yes or no."""
    for digest, entries in history.reviews.items():
        asked: dict[str, ReviewEntry] = {}
        for entry in entries:
            named = any(same_person(one, desk.by) for one in entry.people)
            if entry.kind is EntryKind.ASKED and named and not entry.taken_back:
                asked[entry.environment] = entry
            elif entry.kind in _ANSWERS and same_person(entry.by, desk.by):
                asked.clear()
        for environment, entry in asked.items():
            if not history.was_there(digest, environment):
                where = f"{entry.version} for {environment}"
                words = f"{short_name(entry.by)} asks you to review {where}"
                why = f": {entry.text}" if entry.text else ""
                way = WayOut.SEE_REVIEW
                yield Waiting(WaitingKind.REVIEW, words + why, entry.at, way, entry.version)


def _next_rungs(
    desk: Desk, snapshot: Snapshot, history: History, offered: str
) -> Iterator[Waiting]:
    for name in desk.policy.ladder():
        below = desk.policy.environments[name].after
        live = history.live.get(below)
        if name == offered or live is None:
            continue
        proposal = examine(desk, name, snapshot=snapshot, history=history)
        if not proposal.reasons:
            words = f"{live.version} is live in {below} and ready for {name}"
            yield Waiting(WaitingKind.NEXT_RUNG, words, live.since, WayOut.DELIVER, name)
