"""The events of the ledger. All state is the fold of them; none is ever changed."""

from __future__ import annotations

from typing import Any

import msgspec

from jupyter_mlcd.model.erasure import EvidenceErased
from jupyter_mlcd.model.evidence import Evidence
from jupyter_mlcd.model.flow import (
    EnvironmentHeld,
    EnvironmentLifted,
    FlowBody,
    LiveCheckBegun,
    LiveChecked,
    SentByItself,
)
from jupyter_mlcd.model.gate import Finding
from jupyter_mlcd.model.hub import Told
from jupyter_mlcd.model.review import (
    ChangesRequested,
    ReviewApproved,
    ReviewAsked,
    ReviewBody,
    ReviewCommented,
    ReviewHeard,
    ReviewTakenBack,
    ReviewWaived,
)
from jupyter_mlcd.model.scored_live import LiveScored
from jupyter_mlcd.model.secret import AllowedKept, SecretAllowed

LEDGER_REF = "refs/heads/mlcd/evidence"
"""The branch that holds them."""


class EvidenceKept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="evidence-kept"):
    """A run became evidence."""

    evidence: Evidence


class ReleasePrepared(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="release-prepared"
):
    """A version was bound to its commit, its evidence and its products."""

    version: str
    digest: str
    commit: str


class DeliveryRequested(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag="delivery-requested",
):
    """Somebody clicked Deliver and every rule was met. This event is the lock."""

    key: str
    version: str
    digest: str
    environment: str
    attempt: int
    findings: tuple[Finding, ...]
    steps: tuple[str, ...]
    """What will happen, in the sentences that were shown."""
    why: str = ""
    """What the person said with it. No part of the release: its digest is what was tested."""
    issues: tuple[str, ...] = ()
    """Work items it is for: those that its commits name and those that were given."""
    back_from: str = ""
    """A roll back names the version that was live; empty for a way forward."""
    rules: str = ""
    """The commit whose rules it met; empty where no commit held them."""


class DeliveryMoved(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="delivery-moved"):
    """A delivery went on: ``dispatched``, ``refused``, ``unknown``, ``delivered``..."""

    key: str
    state: str
    reason: str = ""
    ticket: dict[str, str] = {}
    """The target's own handle, such as the folder or the pushed refs."""


class WorkItemsTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="work-items-told"):
    """It was written to the work items of a delivery what became of it, or could not be."""

    key: str
    told: tuple[Told, ...]
    """Where, and why not."""


Body = (
    EvidenceKept
    | EvidenceErased
    | ReleasePrepared
    | DeliveryRequested
    | DeliveryMoved
    | WorkItemsTold
    | SecretAllowed
    | AllowedKept
    | LiveScored
    | FlowBody
    | ReviewBody
)

_TAGS: dict[str, type[Body]] = {
    "evidence-kept": EvidenceKept,
    "evidence-erased": EvidenceErased,
    "release-prepared": ReleasePrepared,
    "delivery-requested": DeliveryRequested,
    "delivery-moved": DeliveryMoved,
    "work-items-told": WorkItemsTold,
    "secret-allowed": SecretAllowed,
    "allowed-kept": AllowedKept,
    "environment-held": EnvironmentHeld,
    "environment-lifted": EnvironmentLifted,
    "sent-by-itself": SentByItself,
    "live-check-begun": LiveCheckBegun,
    "live-checked": LiveChecked,
    "live-scored": LiveScored,
    "review-asked": ReviewAsked,
    "review-commented": ReviewCommented,
    "review-approved": ReviewApproved,
    "review-changes-requested": ChangesRequested,
    "review-waived": ReviewWaived,
    "review-heard": ReviewHeard,
    "review-taken-back": ReviewTakenBack,
}


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file ``events/<yyyy>/<mm>/<uuid7>.json``."""

    id: str
    """UUID version 7."""
    kind: str
    project: str
    at: str
    """UTC, ISO 8601."""
    by: str
    """Who, as ``Name <e-mail>``."""
    body: Body
    v: int = 1

    @property
    def path(self) -> str:
        """Where it stands on the evidence branch."""
        return f"events/{self.at[:4]}/{self.at[5:7]}/{self.id}.json"

    def to_bytes(self) -> bytes:
        """Return the text of the event's file."""
        wire = msgspec.to_builtins(self)
        wire["body"].pop("type", None)
        return msgspec.json.format(msgspec.json.encode(wire, order="sorted"), indent=1) + b"\n"


def make_event(*, id: str, project: str, at: str, by: str, body: Body) -> Event:  # noqa: A002
    """Return an event whose ``kind`` is that of its body."""
    kind = next(tag for tag, kind in _TAGS.items() if isinstance(body, kind))
    return Event(id=id, kind=kind, project=project, at=at, by=by, body=body)


def read_event(text: bytes) -> Event | None:
    """Return the event of a file, or None if it is of a version or kind that is not known here.

    Raises ValueError if it is no event at all.
    """
    try:
        wire: dict[str, Any] = msgspec.json.decode(text, type=dict[str, Any])
        if wire.get("v") != 1 or wire.get("kind") not in _TAGS:
            return None
        body = {**wire["body"], "type": wire["kind"]}
        return msgspec.convert({**wire, "body": body}, Event)
    except (msgspec.MsgspecError, UnicodeDecodeError, TypeError, KeyError, RecursionError) as error:
        message = f"not an event: {error}"
        raise ValueError(message) from None
