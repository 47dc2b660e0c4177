"""What is shown of a review: a release with all that people said, and what asking would do."""

from __future__ import annotations

import msgspec

from jupyter_mlcd.model.gate import Finding
from jupyter_mlcd.model.hub import HubKind
from jupyter_mlcd.model.release import ReleasedRun
from jupyter_mlcd.model.review import ReviewEntry
from jupyter_mlcd.model.rules_change import RulesChanged
from jupyter_mlcd.model.scored_live import LiveScoring
from jupyter_mlcd.model.status import Reason


class ReviewState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a release stands with one environment."""

    environment: str
    needed: int
    """Approvals that it asks for."""
    approval: Finding | None
    """None where none is asked for."""
    findings: tuple[Finding, ...]
    """The rules, those with an exception marked."""
    hub: HubKind | None = None
    """Where approvals of the pull request count too; None: nowhere."""
    faults: dict[str, str] = {}
    """``{id of an approval or waiver: why it does not count there}``."""
    policy: str = ""
    """Digest of the rules that hold there now: what is said yes to is bound to them."""
    reasons: tuple[Reason, ...] = ()
    """What people's words leave to be wished for; also of approvals of other versions."""
    unfit: Reason | None = None
    """Why an approval by whoever asks would not count; None where it would."""
    waivable: bool = True
    """Whether an exception by whoever asks would count."""
    exceptions: tuple[str, ...] = ()
    """``excepted by Ken until 1 Dec 2026: reason``, of those that count."""
    live: str = ""
    """The version that is live there."""
    rules: RulesChanged | None = None
    """How the rules differ from those that it had to meet; None: not at all."""
    scoring: LiveScoring | None = None
    """The way out of "not comparable"; None where every rule can compare."""


class ReviewPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A release with all that people said about it."""

    project: str
    version: str
    digest: str
    """The Release Digest that an approval is bound to."""
    commit: str
    runs: tuple[ReleasedRun, ...]
    """The evidence that it stands on."""
    entries: tuple[ReviewEntry, ...]
    """Oldest first."""
    new: tuple[str, ...]
    """Ids of what others said since this person last said something."""
    environments: tuple[ReviewState, ...]
    link: str = ""
    """Where its evidence is shown on the hub of the remote, once it is shared; empty: nowhere."""
    nonce: str = ""
    """Confirms one word that counts; only the server gives it."""
    by: str = ""
    """Who asks, as ``Name <e-mail>``."""
    yours: tuple[str, ...] = ()
    """Ids of what this person said, and may take back."""
    remotes: dict[str, str] = {}
    """``{name: address without credentials}`` of those the history can be exchanged with."""


class Reviewer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who could be asked."""

    name: str
    """An e-mail."""
    unfit: str = ""
    """Why her approval would not count there, as far as it can be told; empty where it would."""


class ReviewPreview(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What asking for a review would do."""

    project: str
    environment: str
    environments: tuple[str, ...]
    """Where it could be asked for instead."""
    version: str
    needed: int
    """Approvals that the environment asks for."""
    people: tuple[Reviewer, ...]
    """Those who may approve, but not whoever asks."""
    asked: tuple[str, ...]
    """Who was asked for this version there already."""
    remotes: dict[str, str]
    """``{name: address without credentials}`` that the history can be exchanged with."""
    steps: tuple[str, ...]
    """What will happen on this machine, in plain sentences; ``**bold**`` marks names."""
    reasons: tuple[Reason, ...]
    """Why it cannot be asked for yet."""
