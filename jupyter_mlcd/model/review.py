"""Reviews: what people said about a release, as events and as the fold of them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.hub import HubKind, hub_name
from jupyter_mlcd.model.signers import same_person

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from jupyter_mlcd.model.event import Event


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something about a release, whoever says it."""

    version: str
    digest: str


class ReviewAsked(_Said, frozen=True, tag="review-asked"):
    """Somebody asks people to look at a release."""

    environment: str
    people: tuple[str, ...]
    """E-mails, or ``Name <e-mail>``."""
    why: str = ""


class ReviewCommented(_Said, frozen=True, tag="review-commented"):
    """A remark on a release, on a case of its evidence, or on a cell of that."""

    text: str
    case: str = ""
    cell: int | None = None
    """Position in the notebook, counted from 0."""


class ReviewApproved(_Said, frozen=True, tag="review-approved"):
    """An approval lies beside the release; it and its signature are what counts."""

    name: str
    """Of its file."""
    environment: str


class ChangesRequested(_Said, frozen=True, tag="review-changes-requested"):
    """A reviewer wants something changed first."""

    why: str


class ReviewWaived(_Said, frozen=True, tag="review-waived"):
    """A waiver lies beside the release; it and its signature are what counts."""

    name: str
    environment: str
    rule: str


class ReviewTakenBack(_Said, frozen=True, tag="review-taken-back"):
    """Something said before does not hold any more."""

    entry: str
    """Id of what is taken back."""
    why: str = ""


class ReviewHeard(_Said, frozen=True, tag="review-heard"):
    """What somebody says on a hub, as it was told when the hub was asked."""

    name: str
    """Of the file of an approval; of nothing where changes are asked for."""
    environment: str
    hub: HubKind
    key: str
    """The hub's name of it."""
    who: str
    url: str
    is_yes: bool


ReviewBody = (
    ReviewAsked
    | ReviewHeard
    | ReviewCommented
    | ReviewApproved
    | ChangesRequested
    | ReviewWaived
    | ReviewTakenBack
)


class Remark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody says, and about which part."""

    text: str
    case: str = ""
    """A case of the evidence, or a notebook; empty: the release."""
    cell: int | None = None
    """Position in the notebook, counted from 0."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody says yes to, as it was on the screen."""

    version: str
    """Empty: the newest."""
    environment: str
    digest: str = ""
    """The Release Digest; empty: whatever that version is."""
    policy: str = ""
    """Digest of the rules that held there; empty: those of now."""


class EntryKind(StrEnum):
    """What somebody did."""

    ASKED = "asked"
    COMMENTED = "commented"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes-requested"
    WAIVED = "waived"


class ReviewEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a review."""

    id: str
    """The event's; an approval and a waiver have their file's name."""
    kind: EntryKind
    version: str
    digest: str
    by: str
    at: str
    text: str = ""
    environment: str = ""
    people: tuple[str, ...] = ()
    """Who was asked."""
    case: str = ""
    cell: int | None = None
    rule: str = ""
    """The rule that is waived."""
    hub: HubKind | None = None
    """Where it was said, if not here."""
    key: str = ""
    """The hub's name of it."""
    url: str = ""
    """Where it stands on the hub."""
    taken_back: str = ""
    """When, UTC, ISO 8601; empty while it holds."""
    taken_back_why: str = ""
    until: str = ""
    """When an approval or an exception ends, as it says itself; empty: never."""


class Shared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came of exchanging the history with a remote."""

    remote: str
    url: str
    """Without credentials."""
    came: int
    """Events of others that are here now."""
    files: int = 0
    """Files that went to the shared Store."""


def fold_review(reviews: dict[str, list[ReviewEntry]], event: Event, body: ReviewBody) -> None:
    """Add what an event says to ``{release digest: entries}``."""
    entries = reviews.setdefault(body.digest, [])
    if not isinstance(body, ReviewTakenBack):
        entries.append(_entry(event, body))
        return
    for place, entry in enumerate(entries):
        # Whose it is was asked before it was written; here what makes stricter is believed.
        stricter = entry.kind is not EntryKind.CHANGES_REQUESTED or entry.hub is not None
        hers = stricter or same_person(entry.by, event.by)
        if entry.id == body.entry and not entry.taken_back and hers:
            entries[place] = msgspec.structs.replace(
                entry, taken_back=event.at, taken_back_why=body.why
            )


def _entry(event: Event, body: ReviewBody) -> ReviewEntry:
    more: dict[str, object]
    said = {"version": body.version, "digest": body.digest, "by": event.by, "at": event.at}
    match body:
        case ReviewAsked():
            kind, more = EntryKind.ASKED, {"text": body.why, "people": body.people}
            more["environment"] = body.environment
        case ReviewCommented():
            kind = EntryKind.COMMENTED
            more = {"text": body.text, "case": body.case, "cell": body.cell}
        case ReviewApproved():
            kind, more = EntryKind.APPROVED, {"id": body.name, "environment": body.environment}
        case ReviewHeard():
            kind = EntryKind.APPROVED if body.is_yes else EntryKind.CHANGES_REQUESTED
            more = {"id": body.name, "environment": body.environment, "by": body.who}
            more |= {"hub": body.hub, "key": body.key, "url": body.url}
            more |= {} if body.is_yes else {"text": f"on {hub_name(body.hub)}"}
        case ReviewWaived():
            kind, more = EntryKind.WAIVED, {"id": body.name, "environment": body.environment}
            more["rule"] = body.rule
        case _:
            kind, more = EntryKind.CHANGES_REQUESTED, {"text": getattr(body, "why", "")}
    return msgspec.convert({"id": event.id, "kind": kind, **said, **more}, ReviewEntry)


def new_since(entries: Iterable[ReviewEntry], person: str) -> frozenset[str]:
    """Return the ids of what others said since a person last said something, or of all."""
    listed = list(entries)
    own = [place for place, entry in enumerate(listed) if same_person(entry.by, person)]
    return frozenset(entry.id for entry in listed[own[-1] + 1 if own else 0 :])


def standing_requests(
    entries: Iterable[ReviewEntry], counting: Collection[str]
) -> list[ReviewEntry]:
    """Return the requests for changes that hold: not taken back, and not approved by her since.

    ``counting`` is the ids of the approvals that count: another one could be anybody's.
    """
    standing: list[ReviewEntry] = []
    for entry in entries:
        if entry.taken_back:
            continue
        if entry.id in counting or entry.kind is EntryKind.CHANGES_REQUESTED:
            standing = [one for one in standing if not same_person(one.by, entry.by)]
        if entry.kind is EntryKind.CHANGES_REQUESTED:
            standing.append(entry)
    return standing
