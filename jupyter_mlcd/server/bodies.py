"""What requests carry, and the two answers that are no nouns of ours."""

from __future__ import annotations

import msgspec

from jupyter_mlcd.model.hub import TellPlace, Told
from jupyter_mlcd.model.set_up import FOLDER, SetUpChoices
from jupyter_mlcd.model.status import EvidenceStatus


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request's body: unknown fields are errors."""


class Nothing(_Body, frozen=True):
    """An empty object."""


class SetUpBody(_Body, frozen=True):
    """What is tested and where versions go; without ``notebooks`` all as it is proposed."""

    name: str = ""
    notebooks: tuple[str, ...] | None = None
    in_order: bool = False
    model: str = ""
    file: str = ""
    remote: str = ""
    folder: str = FOLDER

    @property
    def choices(self) -> SetUpChoices:
        """The same as a noun."""
        return SetUpChoices(**msgspec.structs.asdict(self))


class CommitBody(_Body, frozen=True):
    """Commit ``paths``, from the repository's top, with ``message``."""

    paths: tuple[str, ...]
    message: str


class AcceptBody(_Body, frozen=True):
    """Expect what the run put out: where it differs, or only ``case``, or only its ``cell``.

    A cell is told as in the run: by its position in the notebook, counted from 0.
    """

    why: str
    case: str = ""
    cell: int | None = None
    everything: bool = False


class DeliverBody(_Body, frozen=True):
    """Confirm a preview; ``why`` and ``issues`` are what the person says with it."""

    environment: str
    version: str
    digest: str
    nonce: str
    why: str = ""
    issues: tuple[str, ...] = ()


class StartCiBody(_Body, frozen=True):
    """Confirm what was shown of starting the CI run of a commit."""

    digest: str
    nonce: str


class RollBackBody(_Body, frozen=True):
    """Confirm the preview of a roll back from ``replaces`` to ``version``."""

    environment: str
    version: str
    digest: str
    replaces: str
    nonce: str
    why: str


class DeliveryBody(_Body, frozen=True):
    """Confirm what can be done about a delivery that was shown."""

    nonce: str
    why: str = ""


class KeepBody(_Body, frozen=True):
    """Keep a run, also where it looks like personal data."""

    although_personal: bool = False


class HoldBody(_Body, frozen=True):
    """Hold an environment; ``why`` is kept and shown."""

    why: str
    nonce: str


class LiftBody(_Body, frozen=True):
    """Lift the hold of an environment."""

    nonce: str
    why: str = ""


class CheckBody(_Body, frozen=True):
    """Check what is live; ``again`` where a check has ended."""

    nonce: str
    again: bool = False


class WatchBody(_Body, frozen=True):
    """Let the project be watched, or end that."""

    nonce: str


class AllowSecretBody(_Body, frozen=True):
    """Allow the finding with this number and value, until a day or for a time."""

    number: int
    fingerprint: str
    why: str
    until: str
    nonce: str


class EraseBody(_Body, frozen=True):
    """Confirm the preview of an erasure: all of it, or ``only`` files by their sha256."""

    why: str
    nonce: str
    only: tuple[str, ...] = ()
    although_live: tuple[str, ...] = ()


class PruneBody(_Body, frozen=True):
    """Confirm what a preview said would be removed."""

    nonce: str


class AskReviewBody(_Body, frozen=True):
    """Ask ``people``, by e-mail, to review what is ready for an environment, or ``version``."""

    environment: str
    people: tuple[str, ...]
    why: str = ""
    version: str = ""


class RejectBody(_Body, frozen=True):
    """Ask for changes of the release that a review showed."""

    digest: str
    nonce: str
    why: str


class ApproveBody(_Body, frozen=True):
    """Approve the release that a review showed."""

    environment: str
    digest: str
    nonce: str
    comment: str = ""
    policy: str = ""


class WaiveBody(_Body, frozen=True):
    """Except the release that a review showed from one rule, until a day or for a time."""

    environment: str
    digest: str
    nonce: str
    rule: str
    why: str
    until: str
    policy: str = ""


class TakeBackBody(_Body, frozen=True):
    """Take back what one said of the release that a review showed; ``why`` is kept."""

    digest: str
    nonce: str
    why: str = ""


class TellBody(_Body, frozen=True):
    """Tell in these places that a review is asked for."""

    places: tuple[TellPlace, ...]


class CollectBody(_Body, frozen=True):
    """Ask the hub about what is ready for an environment, or about ``version``."""

    version: str = ""


class ToldAnswer(msgspec.Struct, frozen=True):
    """What came of telling it."""

    told: tuple[Told, ...]


class ShareBody(_Body, frozen=True):
    """Exchange the history with a remote that the repository has."""

    remote: str = "origin"


class RehearsalAnswer(msgspec.Struct, frozen=True):
    """What a CD system says that it would make of a delivery; empty where it says nothing."""

    says: tuple[str, ...]


class EvidenceAnswer(msgspec.Struct, frozen=True):
    """All evidence, newest first."""

    evidence: list[EvidenceStatus]
