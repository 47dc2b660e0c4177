"""Deliver: bring a release to an environment, once.

The steps of a click, in order:

1. the release is still the one that was seen;
2. this click was made before: then that delivery is the answer;
3. every rule is met, or the click is refused with the findings;
4. the evidence is kept, the release written, and ``requested`` appended in one commit: the lock;
5. the commit is tagged;
6. the target is asked, and its answer appended.

A crash between any two leaves a delivery that ``resume`` takes up where it stopped: the target is
asked what became of the key before anything is sent again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.examine import Proposal, examine, read_release, refusal
from jupyter_mlcd.actions.prepare_release import releasing, tag_release
from jupyter_mlcd.model.delivery import Delivery, DeliveryState, delivery_key
from jupyter_mlcd.model.errors import NotFoundError, RefusedError
from jupyter_mlcd.model.event import (
    DeliveryMoved,
    DeliveryRequested,
)
from jupyter_mlcd.model.release import tag_name
from jupyter_mlcd.ports import Parcel, TargetAnswer
from jupyter_mlcd.world.failpoints import failpoint

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release

LEDGER_REF = "refs/heads/mlcd/evidence"


def deliver(desk: Desk, environment: str, *, version: str = "", digest: str = "") -> Delivery:
    """Deliver to ``environment`` and return the delivery; the same click again is no second one.

    ``digest`` is the Release Digest that was seen; empty asks for whatever is ready. Raises
    GateError with the findings, RefusedError, NotFoundError and GitError.
    """
    check_environment(desk, environment)
    with desk.alone():
        history = desk.history
        earlier = _made_before(history, environment, version, digest)
        if earlier is not None:
            return resume(desk, earlier)
        proposal = examine(
            desk, environment, snapshot=desk.snapshot(), history=history, version=version
        )
        release = _ready(proposal, digest)
        delivery = _request(desk, proposal, release, history)
        return _dispatch(desk, delivery, release)


def check_environment(desk: Desk, environment: str) -> None:
    """Raise NotFoundError unless there is such an environment."""
    if environment not in desk.policy.environments:
        known = ", ".join(desk.policy.environments) or "none; add [environments.NAME] to mlcd.toml"
        message = f"there is no environment {environment!r}"
        raise NotFoundError(message, hint=f"There is: {known}.")


def _made_before(history: History, environment: str, version: str, digest: str) -> Delivery | None:
    """Return the delivery that this very click made already, unless it failed."""
    going = history.under_way(environment)
    if going is not None and (digest in {"", going.digest}) and version in {"", going.version}:
        return going
    for delivery in reversed(history.deliveries.values()):
        same = delivery.digest == digest and delivery.environment == environment
        if same and delivery.state is DeliveryState.DELIVERED:
            live = history.live.get(environment)
            return delivery if live is not None and live.digest == digest else None
    return None


def _ready(proposal: Proposal, digest: str) -> Release:
    release = proposal.release
    if proposal.reasons or release is None:
        words = f"{proposal.version} is not delivered to {proposal.environment}"
        raise refusal(proposal, words)
    if digest and digest != release.digest:
        raise RefusedError(
            f"what would be delivered to {proposal.environment} changed since you looked at it",
            code="changed",
            hint="Nothing was delivered. Look at it again, then deliver.",
        )
    return release


def _request(desk: Desk, proposal: Proposal, release: Release, history: History) -> Delivery:
    """Keep the evidence, write the release, and append the request: one commit."""
    attempts = history.attempts(release.digest, proposal.environment)
    attempt = attempts[-1].attempt + 1 if attempts else 1
    key = delivery_key(release.digest, proposal.environment, attempt)
    steps, _ = desk.target(proposal.environment).preview(parcel(desk, release, key))
    events, files = releasing(desk, proposal, release, history)
    asked = DeliveryRequested(
        key=key,
        version=release.version,
        digest=release.digest,
        environment=proposal.environment,
        attempt=attempt,
        findings=proposal.findings,
        steps=tuple(steps),
    )
    events.append(desk.event(asked))
    words = f"Deliver {release.project} {release.version} to {proposal.environment}"
    failpoint("deliver-before-request")
    desk.ledger.append(events, files, words, desk.by)
    failpoint("deliver-after-request")
    return desk.history.deliveries[key]


def _dispatch(desk: Desk, delivery: Delivery, release: Release) -> Delivery:
    """Tag the commit, ask the target, and append its answer."""
    tag_release(desk, release)
    failpoint("deliver-before-dispatch")
    answer = desk.target(delivery.environment).dispatch(parcel(desk, release, delivery.key))
    failpoint("deliver-after-dispatch")
    return _append(desk, delivery, answer)


def resume(desk: Desk, delivery: Delivery) -> Delivery:
    """Take up a delivery that was interrupted; one that is over stays as it is."""
    if delivery.state.over:
        return delivery
    release = read_release(desk, delivery.version)
    target = desk.target(delivery.environment)
    answer = target.look_up(parcel(desk, release, delivery.key))
    if answer is not None:
        return _append(desk, delivery, answer)
    if delivery.state is DeliveryState.REQUESTED:
        return _dispatch(desk, delivery, release)
    return delivery


def _append(desk: Desk, delivery: Delivery, answer: TargetAnswer) -> Delivery:
    if answer.state is delivery.state:
        return delivery
    moved = DeliveryMoved(delivery.key, answer.state.value, answer.reason, answer.ticket)
    words = f"{delivery.version} to {delivery.environment}: {answer.state}"
    desk.ledger.append([desk.event(moved)], {}, words, desk.by)
    return desk.history.deliveries[delivery.key]


def parcel(desk: Desk, release: Release, key: str) -> Parcel:
    """Return what the target gets. Raises NotFoundError if a product is gone from the Store."""
    return Parcel(
        key=key,
        release=release,
        files={path: desk.store.path(digest) for path, digest in release.products.items()},
        tag=tag_name(release.project, release.version, several_projects=desk.several_projects),
        ledger_ref=LEDGER_REF,
    )


def follow_delivery(desk: Desk, key: str) -> Delivery:
    """Return a delivery by its key, taking it up if it was interrupted. Raises NotFoundError."""
    found = read_delivery(desk, key)
    if found.state.over:
        return found
    with desk.alone():
        return resume(desk, desk.history.deliveries[key])


def read_delivery(desk: Desk, key: str) -> Delivery:
    """Return a delivery as the history tells it; nothing is sent. Raises NotFoundError."""
    found = desk.history.deliveries.get(key)
    if found is None:
        raise NotFoundError(f"there is no delivery {key!r}", hint="See `jupyter mlcd status`.")
    return found
