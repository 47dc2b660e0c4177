"""Sockets: what the verbs need from the wings, as small Protocols. Wings implement, verbs call.

Each docstring is the contract that an implementation is held to, errors included.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.release import Release
from jupyter_mlcd.model.run import Change, Run, RunPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from jupyter_mlcd.model.approval import Statements
    from jupyter_mlcd.model.ci import CiRun
    from jupyter_mlcd.model.comparison import NotebookComparison, NotebookCount
    from jupyter_mlcd.model.event import Event
    from jupyter_mlcd.model.evidence import Manifest
    from jupyter_mlcd.model.hub import HubChange, HubPlace, Opinion
    from jupyter_mlcd.model.kept import Redaction
    from jupyter_mlcd.model.personal import PersonalFinding
    from jupyter_mlcd.model.pruning import Draft, StoredFile
    from jupyter_mlcd.model.result import FileDigest
    from jupyter_mlcd.model.rules_change import RulesCommit
    from jupyter_mlcd.model.secret import SecretFinding
    from jupyter_mlcd.model.status import Check
    from jupyter_mlcd.world.credentials import Credential


class Snapshot(msgspec.Struct, frozen=True):
    """The content of the repository as it is on disk now."""

    tree: str
    """Git tree id of the whole repository with the files as they are now."""
    commit: str
    """HEAD; empty on an unborn branch."""
    branch: str
    """Empty when detached."""
    dirty: dict[str, Change]
    """Files of the tree that differ from HEAD, by path from the repository's top."""
    untracked: tuple[str, ...]
    """Files that git does not know, does not ignore, and the tree does not hold."""


class Commit(msgspec.Struct, frozen=True):
    """One commit of the user's branch."""

    id: str
    message: str

    @property
    def subject(self) -> str:
        """The first line of its message."""
        return self.message.partition("\n")[0]


class Sharing(msgspec.Struct, frozen=True):
    """With whom a branch is shared."""

    upstream: str = ""
    """The branch of a remote that it is compared with, as ``origin/main``; empty without one."""
    ahead: int = 0
    """Commits that are not there yet."""
    url: str = ""
    """Address of the remote, without credentials; empty without one."""
    remotes: dict[str, str] = {}
    """``{name: address without credentials}`` of all that the repository has."""


@runtime_checkable
class Worktree(Protocol):
    """The user's files and her branch."""

    def snapshot(self, extra: Sequence[str] = ()) -> Snapshot:
        """Return what is there now; ``extra`` untracked paths count as part of it.

        Touches neither index nor worktree nor HEAD. Raises GitError.
        """

    def read(self, revision: str, path: str) -> bytes | None:
        """Return a file as it is in a commit or tree, or None if one of the two is not there."""

    def tree_of(self, revision: str) -> str:
        """Return the tree of a commit; empty if it is not there."""

    def commit_of(self, revision: str) -> str:
        """Return the commit that a revision, as a branch, stands for; empty if it is not there."""

    def versions(self, revision: str, path: str) -> Iterable[bytes]:
        """Return a file as it was in each commit that led to ``revision``, newest first."""

    def projects(self, name: str) -> tuple[str, ...]:
        """Return the folders, by path from the repository's top, that hold a file of this name."""

    def subject(self, commit: str) -> str:
        """Return the first line of a commit's message. Raises GitError."""

    def changed_between(self, one: str, other: str) -> tuple[str, ...]:
        """Return the paths that differ between two trees. Raises GitError if one is gone."""

    def changed_since(self, trees: Iterable[str], now: str) -> Mapping[str, Sequence[str]]:
        """Return ``{tree: the first paths that differ from the tree now}``, asked at once.

        A tree that is gone is not in it.
        """

    def commits_between(self, one: str, other: str, most: int) -> Sequence[Commit]:
        """Return the commits that ``other`` has and ``one`` has not, newest first.

        At most ``most``; none where one of the two is not there.
        """

    def commits_of(
        self, paths: Sequence[str], one: str, other: str, most: int
    ) -> Sequence[RulesCommit]:
        """Return the commits that ``other`` has and ``one`` has not and that touch ``paths``.

        Newest first, at most ``most``; none where one of the two is not there.
        """

    def count_between(self, one: str, other: str, paths: Sequence[str] = ()) -> int:
        """Return how many of them there are, or how many of them touch ``paths``."""

    def authors_between(self, one: str, other: str) -> frozenset[str] | None:
        """Return who wrote the commits that ``other`` has and ``one`` has not.

        As ``Name <e-mail>``. Without ``one``, of all that ``other`` has. None where that cannot be
        told: a commit is not there, or history was cut off.
        """

    def branches(self, pattern: str) -> Mapping[str, str]:
        """Return ``{name: newest commit}`` of the branches that ``pattern`` means.

        ``main``, or ``release/*`` where a star stands for any text without a slash. Those of the
        remote ``origin`` or of the only one, as ``origin/main``, as far as they were fetched; of
        another remote where the pattern begins with its name; without a remote those that are here.
        """

    def holds(self, branch: str, commit: str) -> bool | None:
        """Whether ``commit`` is ``branch``, the id of a commit, or was before it.

        None where that cannot be told: one of the two is not here, or history was cut off.
        """

    def first_written(self, spans: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """Return when the first of the commits was written that one has and another has not.

        ``{(other, one): UTC, ISO 8601}``; git is asked once for all. A pair is not in it where a
        commit is not there or has nothing new.
        """

    def sharing(self) -> Sharing:
        """Return with whom the branch that is checked out is shared."""

    def commit(self, paths: Sequence[str], message: str, by: str) -> tuple[str, str]:
        """Commit these paths on her branch with her hooks; return the commit id and git's words.

        Raises GitError with the hook's words when a hook says no; her files stay as they are.
        """


@runtime_checkable
class Runner(Protocol):
    """Starts runs and tells how they stand. A run survives whoever asked for it."""

    def start(self, plan: RunPlan) -> None:
        """Start the run and return at once. Raises ExecutionError if it cannot be started."""

    def cancel(self, run: str) -> None:
        """Ask a run to end; everything it started ends too. A run that is over stays as it is."""

    def load(self, run: str) -> Run:
        """Return the run as it stands. Raises NotFoundError.

        A run whose runner is gone without a verdict is ended as ``killed`` with that reason.
        """

    def recent(self, limit: int = 50) -> Sequence[Run]:
        """Return the drafts, newest first."""

    def manifest(self, run: str) -> Manifest:
        """Return the manifest of an ended run. Raises NotFoundError."""

    def bundle(self, run: str) -> Path:
        """Return the folder with the finished bundle of an ended run. Raises NotFoundError."""

    def seconds_taken(self, suite: str) -> Mapping[str, float]:
        """Return ``{case id: seconds}`` of the newest passed cases of a suite."""

    def expired(self) -> Sequence[Draft]:
        """Return the ended runs that lie here for longer than ``draft_days``, oldest first."""

    def discard(self, run: str) -> bool:
        """Remove what lies here of an ended run, at once or not at all; whether there was any.

        Raises RefusedError while it goes on, WorldError where it cannot be removed.
        """

    def digests(self, without: Collection[str] = ()) -> frozenset[str]:
        """Return every sha256 that a draft names, but for these. Raises WorldError."""

    def sweep(self, *, dry_run: bool = False) -> int:
        """Remove what is left of drafts that were not removed to the end; return its bytes."""

    def count(self) -> int:
        """Return how many drafts there are."""

    @property
    def draft_days(self) -> int:
        """How long a run stays here that was not kept."""


@runtime_checkable
class FileStore(Protocol):
    """The Store: files by their content."""

    def put(self, file: Path) -> FileDigest:
        """Store a copy of ``file`` durably and return its digest. Raises WorldError."""

    def put_bytes(self, content: bytes) -> FileDigest:
        """Store some bytes in the same way."""

    def path(self, digest: FileDigest) -> Path:
        """Return where the file is, its bytes checked. Raises NotFoundError or WorldError."""

    @property
    def shared(self) -> str:
        """Address of the Store behind this one that others reach too; empty where there is none."""

    def fetch(self, digest: FileDigest) -> Path:
        """Return where the file is, brought here from the shared one if need be.

        Raises NotFoundError, and WorldError where that one does not answer or has other bytes.
        """

    def share(self, digests: Collection[FileDigest]) -> int:
        """Copy files of here to the shared one; return how many it had not. RefusedError without.

        Raises WorldError.
        """

    def stored(self) -> Sequence[StoredFile]:
        """Return all files. Raises WorldError."""

    def remove(self, sha256: str, *, idle: float = 0.0) -> bool:
        """Remove a file that nobody has put there for ``idle`` s; return whether it is gone now.

        Raises WorldError where it is there and cannot be removed.
        """

    def sweep(self, *, dry_run: bool = False) -> int:
        """Remove what writers left that died; return its bytes."""


class Continuity(msgspec.Struct, frozen=True):
    """Whether a ledger only ever grew."""

    commits: int
    problems: tuple[str, ...] = ()
    """What was changed, removed or put in another order, in words."""
    remarks: tuple[str, ...] = ()
    """What it was held against, and what cannot be decided."""


@runtime_checkable
class Ledger(Protocol):
    """The append-only history on the evidence branch."""

    def events(self) -> Sequence[Event]:
        """Return all events in the order of their commits, then of their ids."""

    def append(
        self, events: Sequence[Event], files: Mapping[str, bytes | Path], message: str, by: str
    ) -> None:
        """Write events and files as one commit, durably, or nothing.

        A file that is there with the same bytes is left; with other bytes RefusedError is raised.
        Raises GitError.
        """

    def read(self, path: str) -> bytes:
        """Return one file of the branch. Raises NotFoundError."""

    def read_all(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return ``{path: content}`` of those that are files of the branch, asked at once."""

    def files(self, folder: str) -> Sequence[str]:
        """Return the paths below ``folder`` on the branch, relative to it."""

    def tag(self, name: str, commit: str, message: str, by: str) -> None:
        """Make an annotated tag. The same tag again is no change; another one is refused.

        It is signed where git is told of a key that signs without asking.
        """

    def read_tag(self, name: str) -> tuple[str, str]:
        """Return the commit an annotated tag points at and its message; empty without one.

        A signature is no part of the message.
        """

    def tag_signature(self, name: str) -> tuple[bytes, bytes]:
        """Return what was signed of a tag, and the armoured signature; empty without one."""

    def digests(self) -> frozenset[str]:
        """Return every sha256 that anything but a notebook names, here or as remotes had it.

        Of all projects of the repository. Raises GitError.
        """

    def tip(self) -> str:
        """Return the commit id of the branch; empty when there is none yet."""

    def continuity(self) -> Continuity:
        """Return what speaks against a history that only ever grew, as far as it can be told."""


class Parcel(msgspec.Struct, frozen=True):
    """What a target gets to deliver."""

    key: str
    """Name of this attempt: a target that keeps it can be asked about it later."""
    release: Release
    files: dict[str, Path]
    """``{path in the project: file in the Store}``."""
    tag: str
    ledger_ref: str
    """Full name of the ref that holds the evidence."""
    environment: str
    ticket: dict[str, str] = {}
    """What the target last said of this key, as it said it; empty before its first answer."""
    again: bool = False
    """Whether this release was brought there before, as when something is rolled back to it."""
    notes: str = ""
    """What the release changes, in Markdown; only for a ``NotesTarget``, shown and sent."""


class TargetAnswer(msgspec.Struct, frozen=True):
    """How a target answered."""

    state: DeliveryState
    """DELIVERED; DISPATCHED where it goes on there; REFUSED where nothing was changed; FAILED or
    CANCELLED where it ended so; UNKNOWN where nobody can tell whether anything happened."""
    reason: str
    ticket: dict[str, str] = {}
    """What it can be asked by later, and what is worth keeping, such as ``url`` of its log,
    ``state`` in its own word, ``waits-for`` with what or whom it waits. Never a secret."""
    is_final: bool = False
    """Whether UNKNOWN stays so for ever, since nobody can be asked: a person may say what came."""


@runtime_checkable
class Remote(Protocol):
    """A git remote that the repository's own configuration names."""

    def url(self) -> str:
        """Return its URL without credentials; empty if there is no such remote."""

    def push(self, refs: Sequence[str], check: Callable[[], None] = lambda: None) -> None:
        """Push refs to the same names, all or none, never forced. Raises GitError.

        Where others were faster with the ledger, ours is put behind theirs; ``check`` looks at both
        then, and raises where ours must not go out any more.
        """

    def push_commit(self, commit: str, branch: str) -> None:
        """Push one commit to the tip of a branch, never forced. Raises GitError."""

    def moved(self, branch: str) -> str:
        """Return when this machine last saw a branch of it move, by a push or a fetch.

        UTC, ISO 8601; empty where that is not known.
        """

    def fetch_tag(self, name: str) -> None:
        """Bring a tag here that is there and not here: somebody else made it. Raises GitError."""

    def refs(self, refs: Sequence[str]) -> Mapping[str, str]:
        """Return ``{ref: object id}`` as the remote has them now. Raises GitError."""

    def local(self, ref: str) -> str:
        """Return the object id of a ref here; empty if there is none."""


@dataclass(frozen=True)
class Site:
    """What a target may use of the project it delivers from."""

    folder: Path
    """The project's folder: relative places are relative to it."""
    remote: Callable[[str], Remote]
    """Return the git remote of a name."""
    credential: Callable[[str], Credential | None]
    """Return what the user keeps for an address, None without one. Raises WorldError."""
    may_have_key: Callable[[str], bool] = lambda _address: True
    """Whether there may be one, without asking a keyring or another program."""


@runtime_checkable
class Target(Protocol):
    """How an environment is reached. The plug-in point ``jupyter_mlcd.targets``.

    A target is made from its table in mlcd.toml and a ``Site``. ``dispatch`` is called once per
    key; after a crash ``look_up`` is asked first, so that nothing is ever sent twice.
    """

    def describe(self) -> str:
        """Return how it is reached, in a few words: "folder releases/production"."""

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return what will happen as plain sentences, and the same as plain commands."""

    def check(self) -> Sequence[str]:
        """Return what stands in the way of any delivery, in words; empty when nothing does."""

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Do it. Raises nothing but bugs: what goes wrong outside is an answer."""

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return what became of this key, or None if the target never saw it.

        UNKNOWN where it cannot be asked. It is asked again and again while a delivery goes on.
        """


@runtime_checkable
class ServingTarget(Target, Protocol):
    """One that knows where users find what is live."""

    def serves(self, environment: str) -> str:
        """Return a path or an address: what notebooks see as ``MLCD_LIVE``."""


@runtime_checkable
class SharedTarget(Target, Protocol):
    """One that is reached by several people: a git remote is where they see who is first."""

    @property
    def remote_name(self) -> str:
        """The git remote; empty where there is none."""


@runtime_checkable
class PointingTarget(Target, Protocol):
    """One that may do without the files, since what it starts gets them elsewhere."""

    @property
    def needs_files(self) -> bool:
        """Whether it takes them from here; of a target that does not say, it is believed."""


@runtime_checkable
class NotesTarget(Target, Protocol):
    """One that can publish what a release changes."""

    @property
    def publishes_notes(self) -> bool:
        """Whether it does so here: only then are notes written."""

    def published_text(self, parcel: Parcel) -> str:
        """Return what people will read there, with the notes of the parcel, in Markdown."""


@runtime_checkable
class PipelineTarget(SharedTarget, Protocol):
    """A CD system: it takes what it delivers from git, and sending twice would deliver twice.

    Before ``dispatch``, tag and evidence are on the remote, and with them that this machine sends.
    """

    def cancel(self, parcel: Parcel) -> TargetAnswer:
        """Ask it to stop, once; return where it stands then."""

    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Ask it what it would do, without doing it; empty where it cannot tell. WorldError."""

    def diagnose(self) -> Sequence[Check]:
        """Return what it says of credentials, permissions, pipeline and ref. Delivers nothing."""


@runtime_checkable
class CiPipeline(Protocol):
    """The pipeline that runs the suites on the company's CI system.

    A run is known by its commit and its branch: ``find_run`` is asked before ``start_run``, which
    is called once, since starting twice would test twice. A ticket may say ``since``, in UTC.
    """

    @property
    def name(self) -> str:
        """What people call the system: GitHub."""

    @property
    def at_tip(self) -> bool:
        """Whether it can start the last commit of a branch only."""

    def describe(self) -> str:
        """Return which pipeline it is, in a few words."""

    def check(self) -> Sequence[str]:
        """Return what stands in the way of asking it, in words; empty when nothing does."""

    def find_run(self, commit: str, branch: str) -> TargetAnswer | None:
        """Return the newest run of a commit on a branch; None where there surely is none.

        DELIVERED stands for a run that passed. Raises WorldError where it cannot be asked.
        """

    def start_run(self, commit: str, branch: str) -> TargetAnswer:
        """Start one, once. REFUSED where surely none was; UNKNOWN where the answer was lost."""

    def commands(self, commit: str, branch: str) -> Sequence[str]:
        """Return the plain commands that would start one; never with a key."""

    def diagnose(self) -> Sequence[Check]:
        """Return what it says of key, rights and pipeline. Starts nothing."""


@runtime_checkable
class CiRuns(Protocol):
    """What this machine knows of the CI runs of commits: a draft, which others do not see."""

    def read(self, commit: str) -> CiRun | None:
        """Return the run of a commit as it was seen last; None where none was seen."""

    def write(self, run: CiRun) -> None:
        """Remember a run, durably. Raises WorldError."""

    def alone(self) -> AbstractContextManager[object]:
        """One start at a time on this machine. Raises WorldError where another goes on."""

    def at_work(self) -> bool:
        """Whether somebody starts one or looks now."""


@runtime_checkable
class Hub(Protocol):
    """GitHub, GitLab or Azure DevOps, as far as a review needs it. All raise HubError."""

    @property
    def place(self) -> HubPlace:
        """Which repository it is."""

    def opinions(self, commit: str) -> Sequence[Opinion]:
        """Return what people last said of the changes that a commit is of."""

    def accounts(self, emails: Iterable[str]) -> Mapping[str, str]:
        """Return ``{e-mail: account}`` of those whose account is known there."""

    def changes(self, commit: str) -> Sequence[HubChange]:
        """Return the changes that hold a commit, or brought it in."""

    def comment(self, change: HubChange, text: str) -> str:
        """Write below a change, once; return where."""

    def comment_issue(self, issue: str, text: str) -> str:
        """Write below a work item such as ``#12``, once; return where. Raises UsageError too."""

    def has_comment(self, issue: str, words: str, since: str) -> bool:
        """Whether these words stand below a work item since then. Raises UsageError too."""


@runtime_checkable
class Webhook(Protocol):
    """An address that is told of things."""

    def send(self, name: str, body: object) -> None:
        """Send ``body`` once; the same ``name`` again is the same thing. Raises HubError."""


@runtime_checkable
class Renderer(Protocol):
    """Executed notebooks as safe static pages."""

    def page(self, notebook: bytes) -> bytes:
        """Return an HTML page without scripts or network. Raises WorldError."""


@runtime_checkable
class NotebookComparer(Protocol):
    """Executed notebooks against each other; bounded in time and size, whatever they hold."""

    def count(
        self, pairs: Iterable[tuple[bytes | None, bytes | None]]
    ) -> Iterator[NotebookCount | str]:
        """Yield for each pair how many cells differ, or in words why that is not known."""

    def compare(self, before: bytes | None, after: bytes | None) -> NotebookComparison:
        """Return two notebooks cell by cell; None is one that is not there. Raises WorldError."""

    def output(self, notebook: bytes, cell: int, output: int, form: str) -> bytes:
        """Return one output as ``picture`` or ``text``. Raises WorldError."""


@runtime_checkable
class Papers(Protocol):
    """What an export carries for people and programs without our software."""

    def of_run(self, manifest: Manifest, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Return a run's attestations beside the ``files`` of its bundle. Raises SigningError."""

    def of_release(  # noqa: PLR0913, PLR0917 - all that an export stands on
        self,
        release: Release,
        at: str,
        files: Mapping[str, bytes],
        tested: Mapping[str, tuple[Manifest, Mapping[str, bytes]]],
        statements: Statements,
        carried: Collection[str],
    ) -> Mapping[str, bytes]:
        """Return what goes beside the ``files`` of a release prepared ``at``, sums included.

        ``tested`` is ``{run id: (manifest, files of the bundle)}``; ``statements`` is what people
        signed about it, ``carried`` the files of the release that go with it. Raises SigningError.
        """


@runtime_checkable
class SecretScanner(Protocol):
    """Looks for secrets before anything is written to git."""

    def scan(self, files: Mapping[str, bytes]) -> Iterator[SecretFinding]:
        """Yield what is found, naming file, cell and output; never the secret."""

    def redact(
        self,
        files: Mapping[str, bytes],
        names: Collection[str],
        allows: Callable[[SecretFinding], bool],
    ) -> tuple[Mapping[str, bytes], Sequence[Redaction]]:
        """Return the named files without secrets but in sources, and what was taken out.

        ``allows`` tells which findings may stay.
        """


@runtime_checkable
class TableScanner(Protocol):
    """Looks for tables whose rows look like personal data."""

    def personal(
        self, files: Mapping[str, bytes], columns: Collection[str]
    ) -> Iterator[PersonalFinding]:
        """Yield the outputs of notebooks in which such rows stand; never a value of them.

        ``columns`` are headers that mean something of a person in this project.
        """

    def without_excerpts(
        self, files: Mapping[str, bytes], notebooks: Collection[str]
    ) -> Mapping[str, bytes]:
        """Return the other files of a bundle that repeat outputs of these, without doing so."""
