"""What delivers by itself: holds, checks of what is live, and the steps of a pass."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jupyter_mlcd.model.errors import RefusedError

WATCH = "watch"
"""What delivers by itself where no CI system does."""


class EnvironmentHeld(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="environment-held"
):
    """Nothing is delivered there until somebody lifts it; who and when is told by the event."""

    environment: str
    why: str
    key: str = ""
    """The delivery whose check was red, where that is why; empty for a person's word."""


class EnvironmentLifted(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="environment-lifted"
):
    """A hold has ended."""

    environment: str
    why: str = ""


class SentByItself(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="sent-by-itself"):
    """No person asked for a delivery: its environment delivers by itself."""

    key: str
    by: str
    """What did it: ``watch``, or the name of a CI system."""


class LiveCheckBegun(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="live-check-begun"
):
    """What a delivery brought is being checked where it is live."""

    key: str
    suite: str
    run: str


class LiveChecked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="live-checked"):
    """How that ended."""

    key: str
    run: str
    is_green: bool
    reason: str


FlowBody = EnvironmentHeld | EnvironmentLifted | SentByItself | LiveCheckBegun | LiveChecked


class Hold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why nothing is delivered to an environment, until somebody lifts it."""

    why: str
    by: str
    at: str
    """UTC, ISO 8601."""
    key: str = ""
    """The delivery whose check was red; empty for a person's word."""

    @property
    def words(self) -> str:
        """Who holds it, since when, and why."""
        return f"by {self.by.partition(' <')[0]} since {self.at[:10]}: {self.why}"


class CheckState(StrEnum):
    """How the check of what is live stands."""

    GOING = "going"
    GREEN = "green"
    RED = "red"


class CheckEnd(StrEnum):
    """What a red check led to."""

    NOTHING = ""
    """Nothing yet, or it is not red."""
    ROLLED_BACK = "rolled-back"
    HELD = "held"
    """There was nothing to go back to, or going back failed."""


class LiveCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A check of what is live: the suite ``verify`` of its environment, run after a delivery."""

    environment: str
    version: str
    key: str
    """The delivery that brought it."""
    suite: str
    run: str
    begun: str
    """UTC, ISO 8601."""
    by: str
    state: CheckState = CheckState.GOING
    reason: str = ""
    """What it found, in words."""
    ended: str = ""
    """UTC, ISO 8601; empty while it goes on."""
    led_to: CheckEnd = CheckEnd.NOTHING
    attempt: int = 1
    """Counts the runs of one check: those before this one were lost."""


class FlowKind(StrEnum):
    """What a pass did, or what it waits for."""

    TESTS_BEGUN = "tests-begun"
    TESTS_ENDED = "tests-ended"
    SCORING_BEGUN = "scoring-begun"
    """The live model is being scored on today's data: a rule could not compare."""
    SCORING_ENDED = "scoring-ended"
    KEPT = "kept"
    """The results of a run were kept as evidence."""
    DELIVERY = "delivery"
    """A delivery went on: sent, delivered, refused, failed."""
    CHECK_BEGUN = "check-begun"
    CHECK_ENDED = "check-ended"
    ROLLED_BACK = "rolled-back"
    HELD = "held"
    WAITS = "waits"
    """Nothing can be done now; the words say why."""
    UP_TO_DATE = "up-to-date"
    """What is live is what is committed."""


class FlowStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that a pass did, or why it does nothing."""

    kind: FlowKind
    environment: str
    words: str
    is_busy: bool = False
    """Whether something goes on that the next pass will follow."""
    code: int = 0
    """What ``watch --once`` ends with where this is where it stands."""
    subject: str = ""
    """A run or a delivery."""


class FlowPass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One pass over the environments of a project that deliver by themselves."""

    steps: tuple[FlowStep, ...]
    is_busy: bool
    """Whether one of them is."""
    environments: tuple[str, ...] = ()
    """Those that deliver by themselves or are checked where they are live."""


class Watching(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who watches a project on this machine."""

    by: str
    since: str
    """UTC, ISO 8601."""
    pid: int
    branch: str


class Watch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who watches a project, and what watching it would do."""

    watching: Watching | None
    """Who does on this machine; None where nobody does."""
    branch: str
    """The branch whose commits would be looked for; empty where none is checked out."""
    automatic: tuple[str, ...]
    """Environments that versions would go to without a person's word."""
    checked: tuple[str, ...]
    """Environments in which what is live would be checked, and rolled back where it is red."""
    nonce: str = ""
    """Confirms one act on this page, once; only the server gives it."""


def nothing_automatic() -> RefusedError:
    """Return the error where nobody needs to watch."""
    return RefusedError(
        "no environment delivers by itself",
        code="nothing-automatic",
        hint='Add deliver = "automatic" below [environments.NAME] in mlcd.toml.',
    )
