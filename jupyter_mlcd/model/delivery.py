"""Deliveries, and the state of a project as the fold of its events."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.erasure import EvidenceErased
from jupyter_mlcd.model.errors import Problem
from jupyter_mlcd.model.event import (
    DeliveryMoved,
    DeliveryRequested,
    Event,
    EvidenceKept,
    ReleasePrepared,
    WorkItemsTold,
)
from jupyter_mlcd.model.evidence import Evidence
from jupyter_mlcd.model.flow import (
    CheckEnd,
    CheckState,
    EnvironmentHeld,
    EnvironmentLifted,
    FlowBody,
    Hold,
    LiveCheck,
    LiveCheckBegun,
    LiveChecked,
    SentByItself,
)
from jupyter_mlcd.model.hub import Told
from jupyter_mlcd.model.review import ReviewEntry, fold_review
from jupyter_mlcd.model.scored_live import LiveScored
from jupyter_mlcd.model.secret import AllowedKept, SecretAllowed

if TYPE_CHECKING:
    from collections.abc import Iterable


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    REQUESTED = "requested"
    SENDING = "sending"
    """Whoever pushed this first is the one who sends; nobody else ever does."""
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

    @property
    def succeeded(self) -> bool:
        """Whether it reached its environment."""
        return self is DeliveryState.DELIVERED

    @property
    def failed(self) -> bool:
        """Whether it came to nothing."""
        return self.over and not self.succeeded


class DeliveryAct(StrEnum):
    """What a person can do about a delivery."""

    LOOK_AGAIN = "look-again"
    """Ask the target once more what became of it."""
    GO_ON = "go-on"
    """Send what was confirmed and never sent."""
    CANCEL = "cancel"
    """Give it up: nothing was sent."""
    STOP = "stop"
    """Ask the CD system to stop it."""
    CLOSE = "close"
    """Say that it did not happen, where the target knows nothing of it either."""
    RETRY = "retry"
    """Begin another attempt, through a new preview."""
    ROLL_BACK = "roll-back"
    """Bring back what was live before."""


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person says with a delivery; the release and its digest are the same without it."""

    why: str = ""
    issues: tuple[str, ...] = ()
    """Work items, as ``#12`` or ``AB#34``."""
    by_itself: str = ""
    """What sends it where no person does: ``watch``, or the name of a CI system."""


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
    why: str = ""
    """What the person said with it."""
    issues: tuple[str, ...] = ()
    """Work items it is for."""
    back_from: str = ""
    """The version that a roll back takes away; empty for a way forward."""
    by_itself: str = ""
    """What sent it where no person asked: ``watch``, or the name of a CI system."""
    told: tuple[Told, ...] = ()
    """Work items to which it was written that it is live, and why to others not."""
    at_work: bool = False
    """Whether this machine is at it now. Known only where one delivery is shown."""
    acts: tuple[DeliveryAct, ...] = ()
    """What can be done about it now. Known only where one delivery is shown."""
    nonce: str = ""
    """Confirms one of ``acts``, once; only the server gives it."""
    rules: str = ""
    """The commit whose rules it met; empty where that is not known."""
    refused: Problem | None = None
    """Why what was asked of it last was not done. Known only where one delivery is shown."""


class Live(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an environment runs."""

    version: str
    digest: str
    since: str
    by: str
    back_from: str = ""
    """The version that was taken away when this one was brought back."""
    why: str = ""
    """What was said with the delivery that brought it."""
    rules: str = ""
    """The commit whose rules it met then; empty where that is not known."""
    key: str = ""
    """The delivery that brought it."""


class TakenBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a version was rolled back."""

    to: str
    """The version that came in its place."""
    at: str
    by: str
    why: str


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
    taken_back: dict[str, dict[str, TakenBack]] = {}
    """``{environment: {version: how it was rolled back}}``, until it is live there again."""
    reviews: dict[str, tuple[ReviewEntry, ...]] = {}
    """``{release digest: what people said about it}``, oldest first."""
    held: dict[str, Hold] = {}
    """``{environment: why nothing is delivered there}``, until it is lifted."""
    checks: dict[str, LiveCheck] = {}
    """``{key of a delivery: the newest check of what it brought}``."""
    lifted: dict[str, str] = {}
    """``{environment: when its last hold was lifted}``, UTC, ISO 8601."""
    scored: dict[str, LiveScored] = {}
    """``{run: whose live model it scored again, and what came of it}``, oldest first."""

    def check_of_live(self, environment: str) -> LiveCheck | None:
        """Return how the check of what is live there stands; None where there was none."""
        live = self.live.get(environment)
        return self.checks.get(live.key) if live else None

    def earlier(self, environment: str) -> list[str]:
        """Return the versions that were live before and are not now, newest first."""
        found: dict[str, None] = {}
        for delivery in reversed(self.deliveries.values()):
            if delivery.environment == environment and delivery.state is DeliveryState.DELIVERED:
                found.setdefault(delivery.version)
        live = self.live.get(environment)
        return [version for version in found if live is None or version != live.version]

    def back_to(self, environment: str) -> str:
        """Return the version that a roll back brings unless another is named; empty if none can."""
        bad = self.taken_back.get(environment, {})
        return next((one for one in self.earlier(environment) if one not in bad), "")

    def was_there(self, digest: str, environment: str, key: str = "") -> bool:
        """Whether an attempt before that of ``key`` brought this release there."""
        for one in self.attempts(digest, environment):
            if one.key == key:
                return False
            if one.state is DeliveryState.DELIVERED:
                return True
        return False

    def newest(self, environment: str) -> Delivery | None:
        """Return the newest delivery to an environment."""
        own = (one for one in reversed(self.deliveries.values()) if one.environment == environment)
        return next(own, None)

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
    taken_back: dict[str, dict[str, TakenBack]] = {}
    reviews: dict[str, list[ReviewEntry]] = {}
    held: dict[str, Hold] = {}
    checks: dict[str, LiveCheck] = {}
    lifted: dict[str, str] = {}
    scored: dict[str, LiveScored] = {}
    for event in (one for one in events if one.project == project):
        match event.body:
            case EvidenceKept() | LiveScored() as kept:
                _fold_evidence(evidence, scored, kept)
            case ReleasePrepared(version, digest, commit):
                releases.setdefault(
                    version, PreparedRelease(version, digest, commit, event.at, event.by)
                )
            case DeliveryRequested() as asked:
                deliveries.setdefault(asked.key, _requested(asked, event))
            case DeliveryMoved() as moved:
                over = _move(deliveries, moved, event)
                if over is not None:
                    _end_check(checks, live, over)
                    _put_live(live, taken_back, over, event.at)
            case (
                SentByItself()
                | EnvironmentHeld()
                | EnvironmentLifted()
                | LiveCheckBegun()
                | LiveChecked() as happened
            ):
                _fold_flow(held, lifted, checks, deliveries, event, happened)
            case WorkItemsTold() as told:
                _told(deliveries, told)
            case EvidenceErased() | SecretAllowed() | AllowedKept():
                pass  # Nothing of what is told of runs, versions and deliveries.
            case said:
                fold_review(reviews, event, said)
    said_of = {digest: tuple(entries) for digest, entries in reviews.items()}
    return History(
        evidence, releases, deliveries, live, taken_back, said_of, held, checks, lifted, scored
    )


def _fold_evidence(
    evidence: dict[str, Evidence], scored: dict[str, LiveScored], body: EvidenceKept | LiveScored
) -> None:
    """Note what was kept, and of which runs it is told that they scored a live release."""
    match body:
        case EvidenceKept(kept):
            evidence.setdefault(kept.id, kept)
        case LiveScored(run=run):
            scored.setdefault(run, body)


def _fold_flow(  # noqa: PLR0913, PLR0917 - what it may change
    held: dict[str, Hold],
    lifted: dict[str, str],
    checks: dict[str, LiveCheck],
    deliveries: dict[str, Delivery],
    event: Event,
    body: FlowBody,
) -> None:
    match body:
        case SentByItself(key, by) if key in deliveries:
            deliveries[key] = msgspec.structs.replace(deliveries[key], by_itself=by)
        case EnvironmentHeld(environment, why, key):
            held.setdefault(environment, Hold(why, event.by, event.at, key))
            if key in checks:
                checks[key] = msgspec.structs.replace(checks[key], led_to=CheckEnd.HELD)
        case EnvironmentLifted(environment):
            held.pop(environment, None)
            lifted[environment] = event.at
        case LiveCheckBegun(key, suite, run) if key in deliveries:
            found, before = deliveries[key], checks.get(key)
            is_lost = before is not None and before.state is CheckState.GOING
            checks[key] = LiveCheck(
                found.environment,
                found.version,
                key,
                suite,
                run,
                event.at,
                event.by,
                attempt=before.attempt + 1 if before is not None and is_lost else 1,
            )
        case LiveChecked(key, run, is_green, reason) if key in checks and checks[key].run == run:
            state = CheckState.GREEN if is_green else CheckState.RED
            checks[key] = msgspec.structs.replace(
                checks[key], state=state, reason=reason, ended=event.at
            )


def _end_check(checks: dict[str, LiveCheck], live: dict[str, Live], delivery: Delivery) -> None:
    """Note that what a red check was about went back."""
    gone = live.get(delivery.environment)
    if gone is not None and delivery.back_from == gone.version and gone.key in checks:
        checks[gone.key] = msgspec.structs.replace(checks[gone.key], led_to=CheckEnd.ROLLED_BACK)


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
        why=body.why,
        issues=body.issues,
        back_from=body.back_from,
        rules=body.rules,
    )


def _move(deliveries: dict[str, Delivery], body: DeliveryMoved, event: Event) -> Delivery | None:
    """Fold one step, and return the delivery if it reached its environment by it.

    A delivery that is over stays as it is, whatever arrives late.
    """
    delivery = deliveries.get(body.key)
    if delivery is None or delivery.state.over:
        return None
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
    return delivery if state is DeliveryState.DELIVERED else None


def _told(deliveries: dict[str, Delivery], body: WorkItemsTold) -> None:
    """Keep what each place was told last; what was told stays told."""
    delivery = deliveries.get(body.key)
    if delivery is None:
        return
    known = {one.where: one for one in delivery.told}
    new = [one for one in body.told if one.where not in known or known[one.where].problem]
    known |= {one.where: one for one in new}
    deliveries[body.key] = msgspec.structs.replace(delivery, told=tuple(known.values()))


def _put_live(
    live: dict[str, Live],
    taken_back: dict[str, dict[str, TakenBack]],
    delivery: Delivery,
    at: str,
) -> None:
    version, environment = delivery.version, delivery.environment
    bad = taken_back.setdefault(environment, {})
    bad.pop(version, None)
    if delivery.back_from:
        bad[delivery.back_from] = TakenBack(version, at, delivery.by, delivery.why)
    live[environment] = Live(
        version,
        delivery.digest,
        at,
        delivery.by,
        delivery.back_from,
        delivery.why,
        delivery.rules,
        delivery.key,
    )
