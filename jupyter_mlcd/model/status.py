"""What ``status`` answers: where am I, how far along, what can I do or why not, what is live."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jupyter_mlcd.model.acceptance import ReferenceChange
from jupyter_mlcd.model.delivery import Delivery, Live, TakenBack
from jupyter_mlcd.model.errors import Problem
from jupyter_mlcd.model.evidence import Match
from jupyter_mlcd.model.flow import Hold, LiveCheck
from jupyter_mlcd.model.freeze import Frozen
from jupyter_mlcd.model.gate import Finding, Goal
from jupyter_mlcd.model.issue import Issue
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.rules_change import RulesChanged
from jupyter_mlcd.model.run import Change, Run
from jupyter_mlcd.model.scored_live import LiveScoring


class ProjectReference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project that the server can reach."""

    id: str
    """Goes into every route: the path of its folder, encoded; see ``GET /mlcd/projects``."""
    name: str
    path: str
    """Folder relative to the server's root, with forward slashes; empty for the root."""


class StepState(StrEnum):
    """How one step of the strip stands."""

    DONE = "done"
    CURRENT = "current"
    BLOCKED = "blocked"
    WAITING = "waiting"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of Why, Code, Tests, Review, Live."""

    name: str
    state: StepState
    words: str = ""
    """One sentence for its tooltip and for the Deliver page."""


class WayOut(StrEnum):
    """What a button beside a reason does."""

    NONE = ""
    RUN = "run"
    """Run the suite ``subject``."""
    SEE_RUN = "see-run"
    """Open the run ``subject``."""
    COMMIT = "commit"
    """Commit the changed files."""
    SET_UP = "set-up"
    """Write a first mlcd.toml."""
    OPEN = "open"
    """Open the file ``subject``."""
    SEE_DELIVERY = "see-delivery"
    """Open the delivery ``subject``."""
    SEE_HISTORY = "see-history"
    """Open the history of the environment ``subject``."""
    DELIVER = "deliver"
    """Open the Deliver page of the environment ``subject``."""
    SEE_REVIEW = "see-review"
    """Open the review of the version ``subject``."""
    ASK_REVIEW = "ask-review"
    """Ask people to review what is ready for the environment ``subject``."""
    LIFT = "lift"
    """Lift the hold of the environment ``subject``."""
    START_CI = "start-ci"
    """Start the CI run of the commit ``subject``."""
    SEE_CI = "see-ci"
    """See how the CI run of the commit ``subject`` stands."""
    SCORE_LIVE = "score-live"
    """Score the model that the rules of the environment ``subject`` compare with again."""


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why something cannot be done now, and the way out."""

    code: str
    text: str
    way_out: WayOut = WayOut.NONE
    subject: str = ""
    busy: bool = False
    """Whether it will go away by itself, as a run that is under way."""
    url: str = ""
    """Where more is told about it; empty where nowhere."""


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where am I."""

    branch: str
    """Empty when detached."""
    commit: str
    """Full commit id; empty on an unborn branch."""
    subject: str
    """First line of the commit's message."""
    dirty: dict[str, Change]
    """Files of the project that differ from the commit."""
    untracked: tuple[str, ...]
    """Files that are there and neither tracked nor declared: no run sees them."""
    tree: str
    """The tree of the files as they are now."""
    upstream: str = ""
    """The branch that others see, as ``origin/main``; empty where there is none."""
    unshared: int = 0
    """Commits that are not there yet, as far as it was fetched."""
    undelivered: Undelivered | None = None
    """None while nothing is live, and where what is live is not in this repository."""


class Undelivered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much is not delivered yet."""

    environment: str
    """The last rung of the ladder on which something is live."""
    version: str
    """What is live there."""
    since: str
    """Since when."""
    commits: int
    """Commits of the project since that version's."""
    tested: int
    """Those among them that touch notebooks or inputs of a suite."""


class WaitingKind(StrEnum):
    """What waits for a person."""

    UNKNOWN = "unknown"
    """It is not known whether a delivery happened."""
    INTERRUPTED = "interrupted"
    """A delivery was confirmed and stopped before it was sent."""
    HELD = "held"
    """What is live was red and nothing could come back: nothing is delivered until it is lifted."""
    FAILED = "failed"
    """A delivery came to nothing, and nobody has tried again."""
    REVIEW = "review"
    """Somebody asks this person for a review."""
    NEXT_RUNG = "next-rung"
    """A version can go on to the next rung, while the Deliver button names another."""


class Waiting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that waits for a person, and the way to it."""

    kind: WaitingKind
    text: str
    since: str
    """UTC, ISO 8601."""
    way_out: WayOut
    subject: str


class Yours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of "Where it is live": the files as they are here."""

    version: str
    """What they are or would become."""
    tested: bool
    """Whether every suite that the first rung asks for was run on exactly these files, green."""
    scores: dict[str, float]
    """``{metric: value}`` of those runs; empty while they are missing."""
    live_in: str
    """The last rung on which exactly these files are live; empty where they are nowhere."""


class DeliverOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The one Deliver button, or the reasons why not."""

    environment: str
    version: str
    label: str
    """What the button says: "Deliver 0.2.0 to production"."""
    ready: bool
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]
    note: str = ""
    """What stands under the button, such as what the next rung waits for."""


class EnvironmentStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rung of "Where it is live"."""

    name: str
    after: str
    target: str
    """How it is reached, in words: "folder releases/production"."""
    live: Live | None
    scores: dict[str, float]
    """``{metric: value}`` of the live release."""
    delivery: Delivery | None
    """The newest delivery."""
    watched_by: str = ""
    """Who delivers there without a click, in words; empty where nobody does now."""
    deliveries: int = 0
    """How many there were."""
    back_to: str = ""
    """The version that a roll back would bring; empty where none was live before."""
    automatic: bool = False
    """Whether versions go there without a person's word, once somebody watches."""
    held: Hold | None = None
    """Why nothing is delivered there until it is lifted."""
    frozen: Frozen | None = None
    """Why nothing is delivered there now, and until when."""
    verify: str = ""
    """The suite that checks what is live; empty without one."""
    check: LiveCheck | None = None
    """How the check of what is live stands; None where there was none."""


class SuiteStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One suite, with its run that goes on or its newest one."""

    name: str
    notebooks: tuple[str, ...]
    cases: int
    run: Run | None
    match: Match | None
    """How the newest run relates to the files as they are now."""
    changed: tuple[str, ...] = ()
    """Files that differ between that run and now."""


class EvidenceStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the evidence list."""

    id: str
    suite: str
    verdict: Verdict
    reason: str
    by: str
    at: str
    digest: str
    match: Match
    changed: tuple[str, ...]
    """Files that differ between what was tested and what is there now, at most 20."""
    versions: tuple[str, ...]
    """Releases that stand on it."""
    partial: bool = False
    """Whether only some of the suite's cases ran."""
    builder: str = "local"
    """``local`` or the name of the CI system that ran it."""
    scored: str = ""
    """The live version that it scored again; then it tells nothing of the files it ran on."""


class Status(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole side panel in one document."""

    project: ProjectReference
    place: Place
    steps: tuple[Step, ...]
    deliver: DeliverOffer | None
    """None without an environment, or without mlcd.toml."""
    environments: tuple[EnvironmentStatus, ...]
    suites: tuple[SuiteStatus, ...]
    runs: tuple[Run, ...]
    """Runs of single notebooks and runs under way that no suite shows, newest first."""
    evidence: tuple[EvidenceStatus, ...]
    """Newest first, at most 20."""
    evidence_count: int
    goals: dict[str, Goal] = {}
    """``{metric: which way is better}`` of the metrics that rules name."""
    problem: Problem | None = None
    """What is wrong with mlcd.toml or the repository; the rest is as complete as it can be."""
    waiting: tuple[Waiting, ...] = ()
    """What needs this person now, the most urgent first."""
    yours: Yours | None = None
    """None without suites or without a commit."""
    remotes: dict[str, str] = {}
    """``{name: address without credentials}`` that the history can be exchanged with."""
    seq: int = 0
    """Counts up with every change the server saw; equal numbers mean nothing changed."""


class PreviewLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of Why, Code, Tests, Review on the Deliver page."""

    name: str
    met: bool
    words: str
    way_out: WayOut = WayOut.NONE
    subject: str = ""


class RollBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a roll back can bring and what it takes away."""

    versions: tuple[str, ...]
    """Versions that were live there before, newest first, at most 20."""
    taken_back: dict[str, TakenBack]
    """Those among them that were rolled back themselves."""


class Preview(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The Deliver page: what was checked and exactly what will happen."""

    project: str
    environment: str
    version: str
    digest: str
    """The Release Digest that a confirmation is bound to; empty while something is unmet."""
    nonce: str
    """Confirms once; empty while something is unmet."""
    replaces: Live | None
    lines: tuple[PreviewLine, ...]
    findings: tuple[Finding, ...]
    reasons: tuple[Reason, ...]
    """Why not; empty when it can be delivered."""
    steps: tuple[str, ...]
    """What will happen, in plain sentences; ``**bold**`` marks names."""
    commands: tuple[str, ...]
    """The same as plain commands."""
    type_version: bool
    """Whether the version must be typed to go on: the last rung asks for it."""
    accepted: tuple[ReferenceChange, ...] = ()
    """Expected results that are other than in what it replaces: who accepted them, and why."""
    commits: int = 0
    """Commits since what it replaces, at most 100."""
    issues: tuple[Issue, ...] = ()
    """Work items that those commits name."""
    attempt: int = 1
    """Counts the deliveries of this version to this environment."""
    earlier: Delivery | None = None
    """The newest attempt before this one; None for the first."""
    roll_back: RollBack | None = None
    """None for a way forward."""
    rules: RulesChanged | None = None
    """How the rules differ from those that what it replaces had to meet; None: not at all."""
    can_rehearse: bool = False
    """Whether there is a system to ask what it would make of it."""
    text: str = ""
    """What people will read there, with the release notes, in Markdown; empty: nothing."""
    scoring: LiveScoring | None = None
    """The way out of "not comparable"; None where every rule can compare."""


class PastDelivery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of an environment's history."""

    delivery: Delivery
    is_live: bool
    """Whether this is the delivery of what is live now."""
    taken_back: TakenBack | None
    """How what it brought was rolled back; None if it was not."""


class Deliveries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the deliveries to one environment, newest first."""

    environment: str
    deliveries: tuple[PastDelivery, ...]
    total: int
    page: int
    """Counted from 0."""
    pages: int


class FileChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file that a commit could take."""

    path: str
    change: Change
    tracked: bool


class Changes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a commit could take, with a proposed message."""

    files: tuple[FileChange, ...]
    message: str


class Committed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A commit that was made."""

    commit: str
    subject: str
    files: tuple[str, ...]
    said: str = ""
    """What git and its hooks printed."""
    commands: tuple[str, ...] = ()
    """Plain commands that would have done the same."""


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One numbered step of a verification or one point of ``doctor``."""

    number: int
    name: str
    ok: bool
    words: str
    hint: str = ""
    proves: bool = True
    """False where nothing speaks against it and it proves nothing: it could not be looked at."""


class Verification(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``evidence verify`` found."""

    subject: str
    ok: bool
    checks: tuple[Check, ...]


class Diagnosis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``doctor`` found."""

    ok: bool
    checks: tuple[Check, ...]
