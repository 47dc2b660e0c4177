"""Follow a delivery to its end, and what a person can do where it stopped.

Looking asks the target and starts nothing, however long ago it was confirmed; work items that were
to hear of it and did not are told. To go on, to give it up or to close it is a person's act, and
each asks the target first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.deliver import append_answer, look_up, parcel_to_ask, resume, told_of
from jupyter_mlcd.actions.tell_work_items import untold
from jupyter_mlcd.model.delivery import Delivery, DeliveryAct, DeliveryState
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.issue import checked_why
from jupyter_mlcd.ports import PipelineTarget, TargetAnswer

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk

_SHORTEST = 4
_OPEN = frozenset({DeliveryState.UNKNOWN, DeliveryState.SENDING})
"""States in which it may have been sent and may not."""
_HINT = "Nothing was sent and nothing was changed."


def follow_delivery(desk: Desk, key: str) -> Delivery:
    """Return a delivery as it stands, with what can be done about it. Raises NotFoundError.

    The target is asked what became of it unless it is over or this machine is at it now.
    """
    found = find_delivery(desk, key)
    if found.state.over:
        if untold(desk, found) and not desk.at_work():
            with desk.alone():
                found = told_of(desk, find_delivery(desk, key))
        return msgspec.structs.replace(found, acts=_acts(desk, found, known=True))
    if desk.at_work():
        return msgspec.structs.replace(found, at_work=True)
    with desk.alone():
        looked, is_known = look_up(desk, find_delivery(desk, key))
    return msgspec.structs.replace(looked, acts=_acts(desk, looked, known=is_known))


def go_on(desk: Desk, key: str) -> Delivery:
    """Send a delivery that was confirmed and never sent; one that was sent stays as it is."""
    with desk.alone():
        return resume(desk, find_delivery(desk, key))


def cancel_delivery(desk: Desk, key: str) -> Delivery:
    """Give up a delivery that was never sent, or ask the CD system to stop it.

    Raises RefusedError where neither can be.
    """
    with desk.alone():
        delivery, is_known = look_up(desk, find_delivery(desk, key))
        if delivery.state is DeliveryState.CANCELLED:
            return delivery
        target = desk.target(delivery.environment)
        if delivery.state is DeliveryState.DISPATCHED and isinstance(target, PipelineTarget):
            return append_answer(desk, delivery, target.cancel(parcel_to_ask(desk, delivery)))
        if delivery.state is not DeliveryState.REQUESTED or is_known:
            raise _too_late(delivery)
        reason = "it was given up before anything was sent"
        return append_answer(desk, delivery, TargetAnswer(DeliveryState.CANCELLED, reason))


def close_delivery(desk: Desk, key: str, why: str) -> Delivery:
    """Close a delivery of which nobody knows what became of it, on a person's word.

    Only where the target answers and knows nothing of it either. Raises UsageError without a
    reason, RefusedError where closing could hide a delivery that happened.
    """
    words = checked_why(why)
    if not words:
        raise UsageError("say how you know that it did not happen", hint=_HINT)
    with desk.alone():
        delivery, is_known = look_up(desk, find_delivery(desk, key))
        if delivery.state not in _OPEN:
            raise _too_late(delivery)
        if is_known:
            raise RefusedError(
                f"{delivery.environment} cannot be asked, so it may have happened",
                code="cannot-be-asked",
                hint=f"{_HINT} Look again when it can be reached: {delivery.reason}",
            )
        reason = f"it did not happen, says {desk.by.partition(' <')[0]}: {words}"
        return append_answer(desk, delivery, TargetAnswer(DeliveryState.FAILED, reason))


def find_delivery(desk: Desk, key: str) -> Delivery:
    """Return a delivery by its key, or by the start of it. Raises NotFoundError, UsageError."""
    deliveries = desk.history.deliveries
    if key in deliveries:
        return deliveries[key]
    begun = [one for one in deliveries if len(key) >= _SHORTEST and one.startswith(key)]
    if not begun:
        hint = "See `jupyter mlcd delivery list`."
        raise NotFoundError(f"there is no delivery {key!r}", hint=hint)
    if len(begun) > 1:
        raise UsageError(
            f"{key!r} is the start of {len(begun)} deliveries", hint="Type more of it."
        )
    return deliveries[begun[0]]


def _too_late(delivery: Delivery) -> RefusedError:
    ways = {
        DeliveryState.DELIVERED: "Roll it back instead.",
        DeliveryState.SENDING: "Look again: the target knows what became of it.",
        DeliveryState.UNKNOWN: "Look again: the target knows what became of it.",
        DeliveryState.DISPATCHED: "Look again: the target knows what became of it.",
    }
    return RefusedError(
        f"the delivery of {delivery.version} to {delivery.environment} is {delivery.state}",
        code="too-late",
        hint=f"{_HINT} {ways.get(delivery.state, '')}".strip(),
    )


def _acts(desk: Desk, delivery: Delivery, *, known: bool) -> tuple[DeliveryAct, ...]:
    """Return what can be done; ``known``: whether the target had something to say about it."""
    environment, history = delivery.environment, desk.history
    match delivery.state:
        case DeliveryState.REQUESTED:
            return () if known else (DeliveryAct.GO_ON, DeliveryAct.CANCEL)
        case DeliveryState.UNKNOWN | DeliveryState.SENDING if not known:
            return (DeliveryAct.LOOK_AGAIN, DeliveryAct.CLOSE)
        case DeliveryState.DISPATCHED if isinstance(desk.target(environment), PipelineTarget):
            return (DeliveryAct.LOOK_AGAIN, DeliveryAct.STOP)
        case DeliveryState.UNKNOWN | DeliveryState.SENDING | DeliveryState.DISPATCHED:
            return (DeliveryAct.LOOK_AGAIN,)
        case DeliveryState.DELIVERED:
            live = history.live.get(environment)
            is_live = live is not None and live.digest == delivery.digest
            return (DeliveryAct.ROLL_BACK,) if is_live and history.back_to(environment) else ()
    newest = history.newest(environment)
    return (DeliveryAct.RETRY,) if newest is not None and newest.key == delivery.key else ()
