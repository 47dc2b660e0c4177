"""What an auditor asks: what was live when, and who did what on which evidence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum

import msgspec

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.gate import Finding
from jupyter_mlcd.model.hub import HubKind, hub_name
from jupyter_mlcd.model.result import Verdict


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A run that a version stood on."""

    suite: str
    run: str
    digest: str
    """Fingerprint of its evidence, as the release names it."""
    verdict: Verdict | None
    """None where its evidence is not here."""
    by: str
    at: str
    """When it ended, UTC, ISO 8601."""


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An approval of a version, or an exception from a rule, as it was given."""

    id: str
    by: str
    at: str
    signed: bool
    """Whether a signature lies beside it; whose it is, `review show` judges."""
    text: str = ""
    rule: str = ""
    """What an exception excepts from."""
    until: str = ""
    """UTC, ISO 8601; empty: for ever."""
    hub: HubKind | None = None
    """Where an approval was given that nobody signed here."""

    @property
    def proof(self) -> str:
        """What proves it, in a word or two."""
        return f"on {hub_name(self.hub)}" if self.hub else "signed" if self.signed else "unsigned"


class Basis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a version stood on when somebody asked for its delivery."""

    commit: str
    tree: str
    runs: tuple[Proof, ...]
    scores: dict[str, float]
    findings: tuple[Finding, ...]
    """What the rules said then."""
    approvals: tuple[Word, ...]
    """Those that were there then and not taken back."""
    exceptions: tuple[Word, ...]
    gap: str = ""
    """Why some of this is not known here, in words."""


class LiveThen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an environment ran at a moment."""

    environment: str
    version: str = ""
    """Empty: nothing was live."""
    digest: str = ""
    since: str = ""
    by: str = ""
    why: str = ""
    back_from: str = ""
    """The version that was taken away when this one was brought back."""
    delivery: str = ""
    """Key of the delivery that brought it."""
    basis: Basis | None = None
    doubt: str = ""
    """What was under way just then, in words."""


class StatusThen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was live everywhere at a moment, from the history alone."""

    project: str
    at: str
    """UTC, ISO 8601."""
    environments: tuple[LiveThen, ...]
    remarks: tuple[str, ...]
    """What this rests on, and what cannot be decided here."""
    problems: tuple[str, ...] = ()
    """What speaks against the history that this was read from."""


class AuditKind(StrEnum):
    """What somebody did."""

    DELIVERY = "delivery"
    ROLL_BACK = "roll-back"
    APPROVAL = "approval"
    REJECTION = "rejection"
    EXCEPTION = "exception"
    TAKEN_BACK = "taken-back"
    ERASURE = "erasure"
    HOLD = "hold"
    LIFT = "lift"
    CHECK = "check"
    """What is live was checked."""
    SCORED_AGAIN = "scored-again"
    """What is live was scored by the evaluation of another version."""


class AuditLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that somebody did."""

    id: str
    """Of its event."""
    kind: AuditKind
    at: str
    by: str
    version: str = ""
    digest: str = ""
    environment: str = ""
    outcome: str = ""
    """How a delivery stands; whether what was said is signed, or was taken back."""
    ended: str = ""
    reason: str = ""
    """What the target said."""
    why: str = ""
    """What the person said."""
    issues: tuple[str, ...] = ()
    back_from: str = ""
    rule: str = ""
    until: str = ""
    basis: Basis | None = None
    """Of deliveries only."""


class Audit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of a time, oldest first."""

    project: str
    since: str
    """UTC, ISO 8601; empty: from the beginning."""
    until: str
    """UTC, ISO 8601; empty: up to now."""
    made: str
    by: str
    """Who asked for it."""
    tip: str
    """Commit of the evidence branch that it was read at."""
    totals: dict[AuditKind, int]
    events: int
    """Events of the project in that time, also those that no line tells of."""
    lines: tuple[AuditLine, ...]
    remarks: tuple[str, ...]
    problems: tuple[str, ...] = ()


_DAY_LETTERS = 10


def moment_of(text: str, *, ends: bool) -> datetime:
    """Return the moment of a day, as ``2026-03-03``, or of a time with its zone.

    A day is one of UTC; ``ends`` takes its end instead of its beginning. Raises UsageError.
    """
    try:
        if len(text) == _DAY_LETTERS:
            return datetime.combine(date.fromisoformat(text), time.max if ends else time.min, UTC)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise UsageError(
        f"{text!r} is no day and no time with its zone",
        hint="Write a day of UTC as 2026-03-03, or a time as 2026-03-03T18:00+01:00.",
    )
