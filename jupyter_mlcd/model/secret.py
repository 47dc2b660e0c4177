"""Secrets that were found: where, of which kind, by which fingerprint; never the secret itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.personal import FoundPersonal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlcd.model.event import Event


class SecretFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place where a secret seems to stand."""

    file: str
    cell: int | None
    """Position of the cell in the notebook, from 0; None outside of cells."""
    output: int | None
    """Position of the output in the cell, from 0; None in sources and metadata."""
    rule: str
    """Which kind of secret, or which known value by the name of its origin."""
    sample: str
    """Masked: at most the public prefix."""
    fingerprint: str = ""
    """What tells this value from another of its kind, hard to compute and so hard to guess from."""

    def __str__(self) -> str:
        """Return a sentence that names the place and never the secret."""
        return f"{self.place}: {self.rule} ({self.sample})"

    @property
    def place(self) -> str:
        """File, cell and output in words."""
        cell = f", cell {self.cell}" if self.cell is not None else ""
        output = f", output {self.output}" if self.output is not None else ""
        return f"{self.file}{cell}{output}"


class SecretAllowed(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag="secret-allowed",
):
    """Somebody says that a finding is no secret, or one that everybody may see."""

    rule: str
    reason: str
    until: str
    """UTC, ISO 8601."""
    fingerprint: str
    """Of the one value. Whole places are allowed by mlcd.toml alone: that is reviewed."""


class Allowance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be kept although it looks like a secret."""

    rule: str
    reason: str
    until: str
    by: str
    """Who, as ``Name <e-mail>``, or ``mlcd.toml``."""
    fingerprint: str = ""
    place: str = ""

    def covers(self, finding: SecretFinding, now: str) -> bool:
        """Whether it is about this finding, and holds still."""
        if finding.rule != self.rule or (self.until and self.until < now):
            return False
        if not self.place:
            return bool(self.fingerprint) and self.fingerprint == finding.fingerprint
        return (f"{finding.place},").startswith(f"{self.place},")


class AllowedFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding that was kept because somebody allowed it."""

    finding: SecretFinding
    reason: str
    by: str
    until: str


class FoundSecret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding of a draft as a person looks at it."""

    number: int
    """As it is allowed by, counted from 1."""
    finding: SecretFinding
    case: int | None
    """Place of the case in the run in whose executed notebook it stands; None elsewhere."""
    name: str
    """Id of that case; elsewhere the file."""
    source: int | None
    """Position in the notebook that was tested; None for a cell that only the executed one has."""
    allowance: Allowance | None
    """Who lets it be kept; None where nobody does."""


class SecretsFound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What in a draft looks like a secret, and what a person is asked about beside it."""

    run: str
    suite: str
    findings: tuple[FoundSecret, ...]
    redacts: bool
    """Whether Keep takes out of outputs what nobody allowed."""
    by: str
    """Who would allow it."""
    nonce: str = ""
    """Confirms one of them, once; the server gives it."""
    personal: tuple[FoundPersonal, ...] = ()
    """Tables that look like personal data and would be in git."""


class AllowedKept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="allowed-kept"):
    """Evidence was kept with findings that somebody allowed: none of its bytes says so."""

    run: str
    allowed: tuple[AllowedFinding, ...]


def allowed_by_people(events: Iterable[Event], project: str) -> list[Allowance]:
    """Return what the history of a project allows."""
    return [
        Allowance(body.rule, body.reason, body.until, event.by, body.fingerprint)
        for event in events
        if event.project == project and isinstance(body := event.body, SecretAllowed)
    ]


def end_of_day(day: str) -> str:
    """Return the end of a day of UTC as times are written. Raises ValueError."""
    moment = datetime.combine(date.fromisoformat(day), time.max, UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
