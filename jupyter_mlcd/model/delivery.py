"""Deliveries, and the state of a project as the fold of its events."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.event import (
    DeliveryMoved,
    DeliveryRequested,
    Event,
    EvidenceKept,
    ReleasePrepared,
)
from jupyter_mlcd.model.evidence import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    REQUESTED = "requested"
    DISPATCHED = "dispatched"
    REFUSED = "refused"
    """The target said no; nothing was changed there."""
    UNKNOWN = "unknown"
    """It cannot be told whether the target acted. Looked up by key, never sent again blindly."""
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more is expected to happen."""
        return self in {
            DeliveryState.REFUSED,
            DeliveryState.DELIVERED,
            DeliveryState.FAILED,
            DeliveryState.CANCELLED,
        }


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One point of a delivery's timeline."""

    state: DeliveryState
    at: str
    by: str
    reason: str = ""


class Delivery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One attempt to bring one release to one environment."""

    key: str
    version: str
    digest: str
    environment: str
    attempt: int
    state: DeliveryState
    by: str
    requested: str
    """UTC, ISO 8601."""
    moments: tuple[Moment, ...]
    steps: tuple[str, ...] = ()
    ticket: dict[str, str] = {}
    reason: str = ""


class Live(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an environment runs."""

    version: str
    digest: str
    since: str
    by: str


class PreparedRelease(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the list of releases."""

    version: str
    digest: str
    commit: str
    at: str
    by: str


class History(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project's ledger, folded."""

    evidence: dict[str, Evidence] = {}
    """``{run id: evidence}``, oldest first."""
    releases: dict[str, PreparedRelease] = {}
    """``{version: release}``, oldest first."""
    deliveries: dict[str, Delivery] = {}
    """``{key: delivery}``, oldest first."""
    live: dict[str, Live] = {}
    """``{environment: what is live}``."""

    def attempts(self, digest: str, environment: str) -> list[Delivery]:
        """Return the deliveries of one release to one environment, oldest first."""
        return [
            delivery
            for delivery in self.deliveries.values()
            if delivery.digest == digest and delivery.environment == environment
        ]

    def under_way(self, environment: str) -> Delivery | None:
        """Return the delivery that environment waits for, if there is one."""
        going = [
            delivery
            for delivery in self.deliveries.values()
            if delivery.environment == environment and not delivery.state.over
        ]
        return going[-1] if going else None


def delivery_key(digest: str, environment: str, attempt: int) -> str:
    """Return the name of one attempt: the same for the same click, made by us and nobody else."""
    text = f"{digest}\n{environment}\n{attempt}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def fold_history(events: Iterable[Event], project: str) -> History:
    """Return the state that the events of ``project`` add up to, in the order given."""
    evidence: dict[str, Evidence] = {}
    releases: dict[str, PreparedRelease] = {}
    deliveries: dict[str, Delivery] = {}
    live: dict[str, Live] = {}
    for event in events:
        if event.project != project:
            continue
        match event.body:
            case EvidenceKept(kept):
                evidence.setdefault(kept.id, kept)
            case ReleasePrepared(version, digest, commit):
                releases.setdefault(
                    version, PreparedRelease(version, digest, commit, event.at, event.by)
                )
            case DeliveryRequested() as asked:
                deliveries.setdefault(asked.key, _requested(asked, event))
            case DeliveryMoved() as moved:
                _move(deliveries, live, moved, event)
    return History(evidence, releases, deliveries, live)


def _requested(body: DeliveryRequested, event: Event) -> Delivery:
    first = Moment(DeliveryState.REQUESTED, event.at, event.by)
    return Delivery(
        key=body.key,
        version=body.version,
        digest=body.digest,
        environment=body.environment,
        attempt=body.attempt,
        state=DeliveryState.REQUESTED,
        by=event.by,
        requested=event.at,
        moments=(first,),
        steps=body.steps,
    )


def _move(
    deliveries: dict[str, Delivery], live: dict[str, Live], body: DeliveryMoved, event: Event
) -> None:
    """Fold one step; a delivery that is over stays as it is, whatever arrives late."""
    delivery = deliveries.get(body.key)
    if delivery is None or delivery.state.over:
        return
    # A word of a later version says that something happened, not what.
    state = next((one for one in DeliveryState if one == body.state), DeliveryState.UNKNOWN)
    moment = Moment(state, event.at, event.by, body.reason)
    deliveries[body.key] = msgspec.structs.replace(
        delivery,
        state=state,
        moments=(*delivery.moments, moment),
        ticket=body.ticket or delivery.ticket,
        reason=body.reason,
    )
    if state is DeliveryState.DELIVERED:
        live[delivery.environment] = Live(delivery.version, delivery.digest, event.at, delivery.by)
