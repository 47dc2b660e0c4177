"""Fakes behind the sockets, for tests of verbs and for authors of plug-ins.

They keep what the real wings promise, in memory: a ledger that is append-only, a Store that checks
bytes, a target that acts once per key.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from contextlib import nullcontext
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.desk import Desk
from jupyter_mlcd.bundle.difference import NotebookDifference
from jupyter_mlcd.bundle.personal_tables import PersonalTables
from jupyter_mlcd.bundle.release_notes import write_notes
from jupyter_mlcd.ledger.ci_drafts import CiDrafts
from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, SigningError
from jupyter_mlcd.model.evidence import MANIFEST, SUMS, Manifest, digest_of, sums
from jupyter_mlcd.model.gate import scores
from jupyter_mlcd.model.hub import HubChange, HubKind, HubPlace, Opinion
from jupyter_mlcd.model.kept import Redaction
from jupyter_mlcd.model.pruning import DIGEST, Draft, StoredFile
from jupyter_mlcd.model.release import canonical
from jupyter_mlcd.model.result import CaseResult, CellResult, FileDigest, State, Verdict, verdict_of
from jupyter_mlcd.model.rules_change import RulesCommit
from jupyter_mlcd.model.run_events import fold
from jupyter_mlcd.model.secret import SecretFinding
from jupyter_mlcd.model.status import Check
from jupyter_mlcd.ports import Commit, Continuity, Parcel, Sharing, Snapshot, TargetAnswer
from jupyter_mlcd.record import MEDIA_TYPE
from jupyter_mlcd.world.clock import now, uuid7
from jupyter_mlcd.world.files import tree_size
from jupyter_mlcd.world.ssh_signatures import SigningKey, public_key, sign

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from jupyter_mlcd.model.errors import GitError, HubError
    from jupyter_mlcd.model.event import Event
    from jupyter_mlcd.model.flow import Watching
    from jupyter_mlcd.model.run import Run, RunPlan
    from jupyter_mlcd.ports import CiPipeline, Hub, Webhook

SOMEBODY = "Mara Example <mara@example.org>"


@dataclass
class FakeWorktree:
    """A worktree whose trees are named by the test. Implements ``ports.Worktree``."""

    state: Snapshot = field(default_factory=lambda: Snapshot("tree-1", "a" * 40, "main", {}, ()))
    differing: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    committed: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    messages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """``{commit: messages of the commits since}``, newest first."""
    authors: frozenset[str] | None = frozenset()
    """Who wrote whatever is asked about."""
    shared: Sharing = field(default_factory=Sharing)
    written: dict[tuple[str, str], str] = field(default_factory=dict)
    """``{(commit before, commit): when the first new one was written}``."""
    held: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """``{(revision, path): content}``."""
    branched: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    """``{branch: its commits}``, newest first; None where its history was cut off."""

    def snapshot(self, extra: Sequence[str] = ()) -> Snapshot:
        """Return the state that the test set."""
        del extra
        return self.state

    def read(self, revision: str, path: str) -> bytes | None:
        """Return what the test put into a revision."""
        return self.held.get((revision, path))

    def tree_of(self, revision: str) -> str:
        """Return the tree that is there now, for the commit that is checked out."""
        return self.state.tree if revision == self.state.commit else ""

    def commit_of(self, revision: str) -> str:
        """Return an id itself, and what is checked out for a name, where it has files."""
        is_there = revision == "HEAD" or any(held == revision for held, _ in self.held)
        own = revision if len(revision) == len(self.state.commit) else self.state.commit
        return own if is_there else ""

    def versions(self, revision: str, path: str) -> Sequence[bytes]:
        """Return the one version that the test put there."""
        return [text for text in (self.held.get((revision, path)),) if text is not None]

    def projects(self, name: str) -> tuple[str, ...]:
        """Return one project, at the top."""
        return (name,)

    def subject(self, commit: str) -> str:
        """Return a subject that names the commit."""
        return f"Change {commit[:7]}"

    def changed_between(self, one: str, other: str) -> tuple[str, ...]:
        """Return what the test said differs."""
        return self.differing.get((one, other), ())

    def changed_since(self, trees: Iterable[str], now: str) -> Mapping[str, Sequence[str]]:
        """Return what the test said differs, of those trees that it named."""
        return {tree: self.differing[tree, now] for tree in trees if (tree, now) in self.differing}

    def commits_between(self, one: str, other: str, most: int) -> Sequence[Commit]:
        """Return what the test said was committed since ``one``."""
        del other
        messages = self.messages.get(one, ())[:most]
        return [Commit(f"{number:040x}", text) for number, text in enumerate(messages)]

    def commits_of(
        self, paths: Sequence[str], one: str, other: str, most: int
    ) -> Sequence[RulesCommit]:
        """Return what the test said was committed since ``one``."""
        del paths
        commits = self.commits_between(one, other, most)
        return [RulesCommit(made.id, SOMEBODY, now(), made.subject) for made in commits]

    def count_between(self, one: str, other: str, paths: Sequence[str] = ()) -> int:
        """Return how many of them there are; those whose message names a path touch it."""
        del other
        messages = self.messages.get(one, ())
        return sum(not paths or any(path in text for path in paths) for text in messages)

    def authors_between(self, one: str, other: str) -> frozenset[str] | None:
        """Return whom the test named."""
        del one, other
        return self.authors

    def branches(self, pattern: str) -> Mapping[str, str]:
        """Return the branches that the test made, each by its name."""
        return {name: name for name in self.branched if fnmatchcase(name, pattern)}

    def holds(self, branch: str, commit: str) -> bool | None:
        """Whether the test put it there."""
        commits = self.branched[branch]
        return None if commits is None else commit in commits

    def first_written(self, spans: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """Return what the test said of those pairs."""
        return {span: self.written[span] for span in spans if span in self.written}

    def sharing(self) -> Sharing:
        """Return what the test said."""
        return self.shared

    def commit(self, paths: Sequence[str], message: str, by: str) -> tuple[str, str]:
        """Note the commit."""
        del by
        self.committed.append((tuple(paths), message))
        return "b" * 40, ""


@dataclass
class FakeRunner:
    """Runs that the test ends as it likes, with real bundles. Implements ``ports.Runner``."""

    folder: Path
    plans: dict[str, RunPlan] = field(default_factory=dict)
    ended: dict[str, Run] = field(default_factory=dict)
    manifests: dict[str, Manifest] = field(default_factory=dict)

    def start(self, plan: RunPlan) -> None:
        """Take the plan; the run goes on until ``end`` is called."""
        self.plans[plan.id] = plan

    def end(  # noqa: PLR0913 - what a run can end with, all by name
        self,
        run: str,
        *,
        verdict: Verdict = Verdict.PASSED,
        metrics: Mapping[str, float] | None = None,
        delivers: Mapping[str, FileDigest] | None = None,
        undelivered: str = "",
        outputs: str = "",
        builder: str = "local",
    ) -> Run:
        """End a run with one verdict for every case, and write its bundle."""
        plan = self.plans[run]
        made = dict(delivers or {})
        cases = tuple(_result(case, verdict, metrics or {}, made) for case in fold(plan, ()).cases)
        total, reason = verdict_of(cases)
        bare = msgspec.structs.replace(
            fold(plan, ()),
            state=State.ENDED,
            verdict=total,
            reason=reason,
            ended=now(),
            cases=cases,
        )
        notebooks = {
            case.id: f"notebooks/{index}.ipynb" for index, case in enumerate(cases) if case.cells
        }
        manifest = Manifest(
            run=bare,
            prefix=plan.prefix,
            notebooks=notebooks,
            sources={},
            inputs={},
            scores=scores(cases, {case.notebook: "same" for case in cases}),
            delivers=made,
            undelivered=undelivered,
            config="",
            software=None,
            attempt=1,
            builder=builder,
            made_by="jupyter_mlcd test",
        )
        executed = canonical(_executed(metrics or {}, verdict))
        files = {path: outputs.encode() or executed for path in notebooks.values()}
        files[MANIFEST] = canonical(manifest)
        files[SUMS] = sums(files)
        for path, content in files.items():
            place = self.bundle(run) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        self.manifests[run] = manifest
        self.ended[run] = msgspec.structs.replace(bare, digest=digest_of(files[SUMS]))
        return self.ended[run]

    def lose(self, run: str) -> None:
        """Let a run end without a bundle, as when the machine stops."""
        words = "interrupted: the runner was ended from outside"
        self.ended[run] = msgspec.structs.replace(
            self.ended[run], digest="", verdict=Verdict.KILLED, reason=words
        )

    def cancel(self, run: str) -> None:
        """End a run as cancelled."""
        if run not in self.ended:
            self.end(run, verdict=Verdict.CANCELLED)

    def load(self, run: str) -> Run:
        """Return the run as it stands."""
        if run in self.ended:
            return self.ended[run]
        if run not in self.plans:
            raise NotFoundError(f"there is no run {run!r}")
        return fold(self.plans[run], ())

    def recent(self, limit: int = 50) -> Sequence[Run]:
        """Return the runs, newest first."""
        return [self.load(run) for run in reversed(self.plans)][:limit]

    def manifest(self, run: str) -> Manifest:
        """Return the manifest of an ended run."""
        return self.manifests[run]

    def bundle(self, run: str) -> Path:
        """Return the folder of the bundle."""
        return self.folder / "runs" / run

    def seconds_taken(self, suite: str) -> Mapping[str, float]:
        """Return nothing: no run is remembered."""
        del suite
        return {}

    old: set[str] = field(default_factory=set)
    """Runs that are older than drafts stay."""
    draft_days: int = 30

    def expired(self) -> Sequence[Draft]:
        """Return the ended ones of those that the test calls old."""
        names = [run for run in self.ended if run in self.old]
        return [Draft(run, tree_size(self.bundle(run))) for run in names]

    def discard(self, run: str) -> bool:
        """Forget a run."""
        if run in self.plans and run not in self.ended:
            raise RefusedError(f"the run {run} is still going on", code="not-ended")
        shutil.rmtree(self.bundle(run), ignore_errors=True)
        self.manifests.pop(run, None)
        self.ended.pop(run, None)
        return self.plans.pop(run, None) is not None

    def digests(self, without: Collection[str] = ()) -> frozenset[str]:
        """Return what the manifests name."""
        files = [self.bundle(run) / MANIFEST for run in self.ended if run not in without]
        found = (DIGEST.findall(file.read_bytes()) for file in files)
        return frozenset(one.decode() for listed in found for one in listed)

    def sweep(self, *, dry_run: bool = False) -> int:
        """Return nothing: nothing dies here."""
        del dry_run
        return 0

    def count(self) -> int:
        """Return how many runs there are."""
        return len(self.plans)


def _result(
    case: CaseResult,
    verdict: Verdict,
    metrics: Mapping[str, float],
    products: Mapping[str, FileDigest],
) -> CaseResult:
    return msgspec.structs.replace(
        case,
        state=State.ENDED,
        verdict=verdict,
        reason="" if verdict is Verdict.PASSED else f"it is {verdict}",
        cells=(CellResult(0, "one", verdict),),
        metrics=dict(metrics),
        products=dict(products),
        total=1,
        position=1,
    )


def _executed(metrics: Mapping[str, float], verdict: Verdict) -> dict[str, object]:
    """Return an executed notebook of one cell that recorded ``metrics``."""
    outputs = [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {MEDIA_TYPE: {"name": name, "data": value}},
        }
        for name, value in metrics.items()
    ]
    ran = verdict not in {Verdict.NOT_RUN, Verdict.SKIPPED}
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "one",
        "execution_count": 1 if ran else None,
        "metadata": {},
        "outputs": outputs,
        "source": "measure()",
    }
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@dataclass
class FakeLedger:
    """An append-only history in memory. Implements ``ports.Ledger``."""

    written: list[Event] = field(default_factory=list)
    content: dict[str, bytes] = field(default_factory=dict)
    tagged: dict[str, tuple[str, str]] = field(default_factory=dict)
    commits: list[str] = field(default_factory=list)

    def events(self) -> Sequence[Event]:
        """Return all events."""
        return tuple(self.written)

    def append(
        self, events: Sequence[Event], files: Mapping[str, bytes | Path], message: str, by: str
    ) -> None:
        """Write events and files, or nothing."""
        del by
        read = {
            path: one.read_bytes() if isinstance(one, Path) else one for path, one in files.items()
        }
        for path, content in read.items():
            if self.content.get(path, content) != content:
                raise RefusedError(f"{path} is there with other bytes", code="not-appending")
        self.written.extend(events)
        self.content.update(read)
        self.content.update({event.path: event.to_bytes() for event in events})
        self.commits.append(message)

    def read(self, path: str) -> bytes:
        """Return one file."""
        if path not in self.content:
            raise NotFoundError(f"{path} is not on the evidence branch")
        return self.content[path]

    def read_all(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Return those files that are there."""
        return {path: self.content[path] for path in paths if path in self.content}

    def files(self, folder: str) -> Sequence[str]:
        """Return the paths below ``folder``."""
        start = folder + "/"
        return [path.removeprefix(start) for path in self.content if path.startswith(start)]

    def tag(self, name: str, commit: str, message: str, by: str) -> None:
        """Make a tag, once."""
        del by
        if self.tagged.get(name, (commit, message)) != (commit, message):
            raise RefusedError(f"the tag {name} exists already", code="tag-exists")
        self.tagged[name] = (commit, message)

    def read_tag(self, name: str) -> tuple[str, str]:
        """Return the commit and the message of a tag."""
        return self.tagged.get(name, ("", ""))

    def tag_signature(self, name: str) -> tuple[bytes, bytes]:
        """Return nothing: nobody signs here."""
        del name
        return b"", b""

    def digests(self) -> frozenset[str]:
        """Return every sha256 that is named."""
        texts = (text for path, text in self.content.items() if path.endswith(".json"))
        return frozenset(one.decode() for text in texts for one in DIGEST.findall(text))

    def tip(self) -> str:
        """Return a name that changes with every commit."""
        return str(len(self.commits)) if self.commits else ""

    def continuity(self) -> Continuity:
        """Return that it only grew: nothing else can happen to it."""
        return Continuity(len(self.commits))


@dataclass
class FakeStore:
    """Files by their content, in a folder. Implements ``ports.FileStore``."""

    folder: Path

    def put(self, file: Path) -> FileDigest:
        """Store a copy."""
        return self.put_bytes(file.read_bytes())

    def put_bytes(self, content: bytes) -> FileDigest:
        """Store some bytes."""
        digest = FileDigest(hashlib.sha256(content).hexdigest(), len(content))
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / digest.sha256).write_bytes(content)
        return digest

    def path(self, digest: FileDigest) -> Path:
        """Return where the file is."""
        place = self.folder / digest.sha256
        if not place.is_file():
            raise NotFoundError("the file is not in the Store")
        return place

    shared: str = ""
    """Address of the one behind it, as mlcd.toml would say it."""
    elsewhere: dict[str, bytes] = field(default_factory=dict)
    """``{sha256: bytes}`` of what is in that one."""

    def fetch(self, digest: FileDigest) -> Path:
        """Return where the file is, brought from elsewhere if need be."""
        if digest.sha256 in self.elsewhere:
            self.put_bytes(self.elsewhere[digest.sha256])
        return self.path(digest)

    def share(self, digests: Collection[FileDigest]) -> int:
        """Copy files elsewhere."""
        new = [one for one in digests if one.sha256 not in self.elsewhere]
        self.elsewhere |= {one.sha256: self.path(one).read_bytes() for one in new}
        return len(new)

    fresh: set[str] = field(default_factory=set)
    """What was put there just now; all else was long ago."""

    def stored(self) -> Sequence[StoredFile]:
        """Return all files."""
        return [
            StoredFile(one.name, one.stat().st_size, 0.0 if one.name in self.fresh else 1e6)
            for one in sorted(self.folder.glob("*"))
        ]

    def remove(self, sha256: str, *, idle: float = 0.0) -> bool:
        """Remove a file unless it is fresh."""
        if idle and sha256 in self.fresh:
            return False
        (self.folder / sha256).unlink(missing_ok=True)
        return True

    def sweep(self, *, dry_run: bool = False) -> int:
        """Return nothing: nobody dies here."""
        del dry_run
        return 0


class FakeScanner:
    """Finds the word ``hunter2``. Implements ``ports.SecretScanner``."""

    def scan(self, files: Mapping[str, bytes]) -> Iterator[SecretFinding]:
        """Yield the files that hold it."""
        for path, content in files.items():
            if b"hunter2" in content:
                yield SecretFinding(path, 0, 0, "password", "7 characters", "f1")

    def redact(
        self,
        files: Mapping[str, bytes],
        names: Collection[str],
        allows: Callable[[SecretFinding], bool],
    ) -> tuple[Mapping[str, bytes], Sequence[Redaction]]:
        """Write the mark where it stood."""
        del allows
        clean = {name: files[name].replace(b"hunter2", b"[secret password]") for name in names}
        return clean, [Redaction(name, 0, 0, "password", 1) for name in names]


@dataclass
class FakeHub:
    """Says what the test wants, and keeps what it is told. Implements ``ports.Hub``."""

    place: HubPlace = field(
        default_factory=lambda: HubPlace(HubKind.GITHUB, "https://hub.example", "us/digits")
    )
    said: list[Opinion] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    open: list[HubChange] = field(default_factory=list)
    problem: HubError | None = None
    told: list[tuple[str, str]] = field(default_factory=list)
    """Where, and what."""

    def opinions(self, commit: str) -> list[Opinion]:  # noqa: ARG002
        """Return what the test put in."""
        if self.problem is not None:
            raise self.problem
        return self.said

    def accounts(self, emails: Iterable[str]) -> dict[str, str]:
        """Return those that the test made known."""
        return {email: self.known[email] for email in emails if email in self.known}

    def changes(self, commit: str) -> list[HubChange]:  # noqa: ARG002
        """Return what the test put in."""
        if self.problem is not None:
            raise self.problem
        return self.open

    def comment(self, change: HubChange, text: str) -> str:
        """Keep it."""
        self.told.append((f"change {change.number}", text))
        return f"{change.url}#1"

    def comment_issue(self, issue: str, text: str) -> str:
        """Keep it."""
        if self.problem is not None:
            raise self.problem
        self.told.append((issue, text))
        return f"https://example.org/issues/{issue.removeprefix('#')}"

    def has_comment(self, issue: str, words: str, since: str) -> bool:  # noqa: ARG002
        """Return whether it was told that, or raise what the test put in."""
        if self.problem is not None:
            raise self.problem
        return any(issue == where and words in text for where, text in self.told)


@dataclass
class FakeWebhook:
    """Keeps what it is sent. Implements ``ports.Webhook``."""

    sent: list[tuple[str, object]] = field(default_factory=list)

    def send(self, name: str, body: object) -> None:
        """Keep it."""
        self.sent.append((name, body))


@dataclass
class FakeTarget:
    """Acts once per key and remembers it; answers what the test wants. Implements ``Target``."""

    answer: DeliveryState = DeliveryState.DELIVERED
    problems: tuple[str, ...] = ()
    acted: dict[str, str] = field(default_factory=dict)
    dispatches: int = 0
    unreachable: bool = False
    """Whether it cannot be asked what became of a key."""
    is_mute: bool = False
    """Whether it never can."""

    def describe(self) -> str:
        """Return what it is."""
        return "fake"

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return one sentence and one command."""
        return [f"Notes **{parcel.release.version}**."], ["true"]

    def check(self) -> Sequence[str]:
        """Return the problems of the test."""
        return self.problems

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Note the delivery."""
        self.dispatches += 1
        if self.answer in {DeliveryState.DELIVERED, DeliveryState.DISPATCHED}:
            self.acted[parcel.key] = parcel.release.version
        return TargetAnswer(self.answer, "as the test wants", {"key": parcel.key})

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return DELIVERED for a key that was noted."""
        if self.unreachable:
            words = "nobody answers"
            return TargetAnswer(DeliveryState.UNKNOWN, words, is_final=self.is_mute)
        if parcel.key not in self.acted:
            return None
        return TargetAnswer(DeliveryState.DELIVERED, "it was noted", {"key": parcel.key})


@dataclass
class FakeRemote:
    """A remote that takes what is pushed. Implements ``ports.Remote``."""

    pushed: list[list[str]] = field(default_factory=list)
    problem: GitError | None = None
    before: Callable[[], None] = lambda: None
    """What somebody else does a moment before the next push."""
    address: str = "https://example.org/digits.git"
    there: dict[str, str] = field(default_factory=dict)
    """``{ref: object id}``"""

    def url(self) -> str:
        """Return an address that nobody has."""
        return self.address

    def push(self, refs: Sequence[str], check: Callable[[], None] = lambda: None) -> None:
        """Note what is pushed, after what somebody else did first."""
        if self.problem:
            raise self.problem
        self.before()
        check()
        self.pushed.append(list(refs))

    def push_commit(self, commit: str, branch: str) -> None:
        """Note what is pushed, and show it from then on."""
        self.push([f"{commit}:refs/heads/{branch}"])
        self.there[f"refs/heads/{branch}"] = commit

    def moved(self, branch: str) -> str:
        """Return nothing: nobody saw it."""
        return branch[:0]

    def fetch_tag(self, name: str) -> None:
        """Bring nothing: what is there is not known."""

    def refs(self, refs: Sequence[str]) -> Mapping[str, str]:
        """Return what the test said is there, and what was pushed as one commit."""
        return {ref: self.there[ref] for ref in refs if ref in self.there}

    def local(self, ref: str) -> str:
        """Return nothing."""
        return ref[:0]


@dataclass
class FakePipeline(FakeTarget):
    """A CD system that takes its time. Implements ``ports.PipelineTarget``."""

    answer: DeliveryState = DeliveryState.DISPATCHED
    remote_name: str = "origin"
    state: DeliveryState = DeliveryState.DISPATCHED
    """How far it is with whatever it was given."""
    word: str = "queued"

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return how far it is."""
        found = super().look_up(parcel)
        if found is None or found.state is DeliveryState.UNKNOWN:
            return found
        return TargetAnswer(self.state, self.word, {"key": parcel.key, "state": self.word})

    def cancel(self, parcel: Parcel) -> TargetAnswer:
        """Stop."""
        self.state, self.word = DeliveryState.CANCELLED, "stopped"
        return TargetAnswer(self.state, self.word, {"key": parcel.key, "state": self.word})

    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Return one sentence."""
        return [f"Would deliver {parcel.release.version}."]

    def diagnose(self) -> Sequence[Check]:
        """Return that all is well."""
        return [Check(1, "key", ok=True, words="it is there")]


@dataclass
class FakeDesk:
    """A desk with fakes behind every socket, from the text of an mlcd.toml."""

    folder: Path
    config: str
    worktree: FakeWorktree = field(default_factory=FakeWorktree)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    targets: dict[str, FakeTarget] = field(default_factory=dict)
    remote: FakeRemote = field(default_factory=FakeRemote)
    lock: threading.Lock = field(default_factory=threading.Lock)
    by: str = SOMEBODY
    signers: bytes = b""
    """Who may approve, as ``ssh-keygen`` reads it."""
    key: SigningKey | None = None
    """What whoever asks signs with."""
    clock: Callable[[], str] = now
    hub: Hub = field(default_factory=FakeHub)
    webhook: Webhook | None = None
    watcher: Watching | None = None
    """Who watches the project."""
    ci: CiPipeline | None = None
    """The pipeline that runs the suites elsewhere."""
    brought: list[str] = field(default_factory=list)
    """The remotes whose history was brought here."""

    def __post_init__(self) -> None:
        """Make what needs the folder."""
        self.runner = FakeRunner(self.folder)
        self.store = FakeStore(self.folder / "store")
        self.ci_runs = CiDrafts(self.folder / "ci")

    @property
    def desk(self) -> Desk:
        """The desk, made anew."""
        project = parse(self.config)
        return Desk(
            project=project,
            policy=project,
            prefix="",
            repository=str(self.folder),
            by=self.by,
            several_projects=False,
            worktree=self.worktree,
            runner=self.runner,
            ledger=self.ledger,
            store=self.store,
            scanner=FakeScanner(),
            tables=PersonalTables(),
            comparer=NotebookDifference(),
            write_notes=write_notes,
            target=lambda name: self.targets.setdefault(name, FakeTarget()),
            remote=lambda _: self.remote,
            alone=lambda: self.lock,
            keeping=nullcontext,
            at_work=self.lock.locked,
            signers=lambda: self.signers,
            sign=self._sign,
            hub=lambda _: self.hub,
            webhook=lambda: self.webhook,
            own_key=self._own_key,
            watching=lambda: self.watcher,
            at=lambda _: self.desk,
            file=self._file,
            share=lambda name: f"https://example.org/{name}.git",
            bring=self.brought.append,
            ci=lambda: self.ci,
            ci_runs=self.ci_runs,
            now=self.clock,
            new_id=uuid7,
        )

    def _file(self, path: str) -> bytes | None:
        place = self.folder / path
        return place.read_bytes() if place.is_file() else None

    def _own_key(self) -> str:
        if self.key is None:
            raise SigningError("the test gave no key", code="no-signing-key")
        return public_key(self.key)

    def _sign(self, data: bytes, namespace: str) -> bytes:
        if self.key is None:
            raise SigningError("the test gave no key", code="no-signing-key")
        return sign(data, self.key, namespace)
