"""Who sends a delivery, where several people and machines could: whoever pushed first.

A push that is not forced is a compare-and-swap on the server. The request is pushed before anything
else happens; who finds another's request in front of hers sends nothing. Before a CD system is
asked, a second push says that this machine sends, together with the tag: from then on nobody else
ever does, however long this machine sleeps.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from jupyter_mlcd.model.delivery import Delivery, DeliveryState
from jupyter_mlcd.model.errors import GitError, RefusedError
from jupyter_mlcd.model.event import LEDGER_REF, DeliveryMoved, DeliveryRequested
from jupyter_mlcd.ports import PipelineTarget, SharedTarget
from jupyter_mlcd.world.failpoints import failpoint

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.event import Event
    from jupyter_mlcd.ports import Target


def take_turn(desk: Desk, delivery: Delivery, tag: str) -> bool:
    """Make sure that this machine is the only one that sends a delivery; False: another one does.

    Raises RefusedError where it must not go out any more, GitError where the remote does not take
    it; nothing was sent then.
    """
    target = desk.target(delivery.environment)
    name = remote_of(target)
    if name:
        own = _first(desk, delivery.key, DeliveryState.REQUESTED)
        if not _pushed(desk, delivery, name, own, DeliveryState.REQUESTED, [LEDGER_REF]):
            return False
    if isinstance(target, PipelineTarget):
        moved = desk.event(DeliveryMoved(delivery.key, DeliveryState.SENDING.value))
        words = f"{delivery.version} to {delivery.environment}: {DeliveryState.SENDING}"
        desk.ledger.append([moved], {}, words, desk.by)
        failpoint("deliver-before-turn")
        refs = [f"refs/tags/{tag}", LEDGER_REF]
        if name and not _pushed(desk, delivery, name, moved.id, DeliveryState.SENDING, refs):
            return False
    return True


def tell_others(desk: Desk, environment: str) -> None:
    """Push what became of a delivery. Without network it waits here for the next push."""
    name = remote_of(desk.target(environment))
    if name:
        with suppress(GitError, RefusedError):
            desk.remote(name).push([LEDGER_REF])


def remote_of(target: Target) -> str:
    """Return the git remote on which people see who delivers there; empty without one."""
    return target.remote_name if isinstance(target, SharedTarget) else ""


def _pushed(  # noqa: PLR0913, PLR0917 - what is pushed, and what has to hold of it
    desk: Desk, delivery: Delivery, remote: str, own: str, state: DeliveryState, refs: list[str]
) -> bool:
    """Push refs; return whether ours is the first event of this state of the delivery."""
    live = desk.history.live.get(delivery.environment)

    def check() -> None:
        history = desk.history
        if _first(desk, delivery.key, state) != own:
            raise _OtherWasFirst
        others = (
            one
            for one in history.deliveries.values()
            if one.environment == delivery.environment
            and one.key != delivery.key
            and not one.state.over
        )
        for other in others:
            raise _refused(f"{other.by} delivers {other.version} there now")
        held = history.held.get(delivery.environment)
        if held is not None and not delivery.back_from:
            raise _refused(f"{delivery.environment} is held {held.words}")
        now = history.live.get(delivery.environment)
        if (now and now.digest) != (live and live.digest):
            raise _refused(f"{now.version if now else 'nothing'} is live there since a moment")

    try:
        desk.remote(remote).push(refs, check)
    except _OtherWasFirst:
        return False
    return True


class _OtherWasFirst(Exception):  # noqa: N818 - no error: somebody else does it
    """Another machine sends this very delivery."""


def _first(desk: Desk, key: str, state: DeliveryState) -> str:
    """Return the id of the first event that brought a delivery into a state; empty without one."""
    return next((one.id for one in desk.ledger.events() if _brought(one, key, state)), "")


def _brought(event: Event, key: str, state: DeliveryState) -> bool:
    match event.body:
        case DeliveryRequested() as asked:
            return asked.key == key and state is DeliveryState.REQUESTED
        case DeliveryMoved() as moved:
            return moved.key == key and moved.state == state
    return False


def _refused(words: str) -> RefusedError:
    return RefusedError(
        f"somebody was a moment faster: {words}",
        code="faster",
        hint="Nothing was sent. Look at it again, then deliver.",
    )
