"""The workbench: every verb of every door, wired to the wings. Short methods, no logic.

This is the one file that knows both. The REST route, the CLI command and the button of a verb
carry the name of the method here and call it. A workbench keeps nothing between two calls: what it
says is read from the files and the repository each time.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions import accept as accepting
from jupyter_mlcd.actions import (
    audit_history,
    collect_approvals,
    commit_change,
    compare_evidence,
    count_figures,
    describe_parameters,
    describe_release,
    diagnose,
    erase_evidence,
    export_evidence,
    find_run,
    follow_ci,
    follow_delivery,
    keep_evidence,
    list_deliveries,
    look_for_personal,
    look_for_secrets,
    prepare_release,
    preview_ci,
    preview_delivery,
    preview_review,
    prune,
    rehearse,
    review_release,
    run_suite,
    score_live,
    set_up,
    share_history,
    show_evidence,
    show_scores,
    show_status,
    show_watch,
    sign_review,
    start_ci,
    tell_commands,
    tell_review,
    verify_evidence,
    verify_live,
    verify_release,
    write_notes,
    write_pipelines,
)
from jupyter_mlcd.actions import deliver as delivering
from jupyter_mlcd.actions import flow as flowing
from jupyter_mlcd.actions import hold as holding
from jupyter_mlcd.actions import roll_back as rolling_back
from jupyter_mlcd.actions.desk import Desk
from jupyter_mlcd.actions.export_evidence import write_zip
from jupyter_mlcd.actions.judge_signer import Trust
from jupyter_mlcd.actions.look_around import Surroundings
from jupyter_mlcd.actions.verify_evidence import verify_files
from jupyter_mlcd.bundle.audit_page import audit_page
from jupyter_mlcd.bundle.audit_table import audit_table
from jupyter_mlcd.bundle.difference import NotebookDifference
from jupyter_mlcd.bundle.files import Store, digests_in
from jupyter_mlcd.bundle.manifest import builder_of, write_bundle
from jupyter_mlcd.bundle.model_signature import check_model, sign_model
from jupyter_mlcd.bundle.papers import ExportPapers
from jupyter_mlcd.bundle.personal_tables import PersonalTables
from jupyter_mlcd.bundle.redaction import RepositoryScanner
from jupyter_mlcd.bundle.release_notes import write_notes as by_template
from jupyter_mlcd.bundle.rendering import NotebookRenderer
from jupyter_mlcd.bundle.report import report_page
from jupyter_mlcd.bundle.review_report import review_page
from jupyter_mlcd.bundle.shared_store import SharedStore
from jupyter_mlcd.bundle.sigstore_bundles import keyless_trust as trust_keyless
from jupyter_mlcd.bundle.sigstore_signing import KeylessSigner
from jupyter_mlcd.bundle.sigstore_signing import keyless_signer as prepare_signer
from jupyter_mlcd.bundle.sigstore_trust import trust_file
from jupyter_mlcd.execution.companions import (
    begin_check,
    begin_scoring,
    begin_watching,
    end_watching,
)
from jupyter_mlcd.execution.local import LocalRunner
from jupyter_mlcd.execution.run_folder import RunFolder
from jupyter_mlcd.execution.run_log import read_log
from jupyter_mlcd.execution.runner import run_plan
from jupyter_mlcd.hubs.hub_at import hub_at
from jupyter_mlcd.ledger.ci_drafts import CiDrafts
from jupyter_mlcd.ledger.git_ledger import GitLedger, ledger_to_read
from jupyter_mlcd.ledger.remote import GitRemote, bring, exchange, fetch_branches
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.ledger.watch_lock import only_watcher, who_watches
from jupyter_mlcd.ledger.worktree import (
    CommittedWorktree,
    GitWorktree,
    create_repository,
    open_repository,
)
from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.dsse import NAMESPACE
from jupyter_mlcd.model.errors import (
    ConfigError,
    MlcdError,
    NotFoundError,
    RefusedError,
    SigningError,
)
from jupyter_mlcd.model.event import LEDGER_REF
from jupyter_mlcd.model.flow import WATCH, Watching, nothing_automatic
from jupyter_mlcd.model.hub import HubTable, hub_place
from jupyter_mlcd.model.project import CONFIG_NAME, Project, ProjectTable
from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import RunPlan
from jupyter_mlcd.model.scored_live import ScoringState
from jupyter_mlcd.model.set_up import SetUpChoices
from jupyter_mlcd.model.status import Place, ProjectReference, Status
from jupyter_mlcd.model.target import PlugInTable
from jupyter_mlcd.plugins import target_class
from jupyter_mlcd.ports import Site
from jupyter_mlcd.probes import kernel_here, machine_probes
from jupyter_mlcd.world import clock, git_reading
from jupyter_mlcd.world.credentials import Credentials
from jupyter_mlcd.world.git_credentials import ask_helpers, has_helpers
from jupyter_mlcd.world.http import Http
from jupyter_mlcd.world.places import is_locked, locked
from jupyter_mlcd.world.ssh_signatures import public_key, sign, users_key
from jupyter_mlcd.world.webhook import SignedWebhook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from jupyter_mlcd.model.acceptance import Accepted, AcceptRequest
    from jupyter_mlcd.model.audit import Audit, StatusThen
    from jupyter_mlcd.model.ci import CiPreview, CiRun
    from jupyter_mlcd.model.comparison import CaseChanges, EvidenceChanges, ScoreHistory
    from jupyter_mlcd.model.delivery import Delivery, Given
    from jupyter_mlcd.model.erasure import ErasurePlan
    from jupyter_mlcd.model.evidence import Exported
    from jupyter_mlcd.model.figures import Figures
    from jupyter_mlcd.model.flow import FlowPass, Hold, LiveCheck, Watch
    from jupyter_mlcd.model.hub import HubKind, TellPlace, Told
    from jupyter_mlcd.model.kept import Kept
    from jupyter_mlcd.model.keyless import KeylessTrust
    from jupyter_mlcd.model.parameter_form import ParameterForm
    from jupyter_mlcd.model.personal import PersonalFinding
    from jupyter_mlcd.model.pipelines import CiSystem, Pipelines
    from jupyter_mlcd.model.plain_commands import Commands
    from jupyter_mlcd.model.project import SigstoreTable
    from jupyter_mlcd.model.pruning import Pruned
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.release_changes import ReleaseChanges
    from jupyter_mlcd.model.review import Remark, Seen, Shared
    from jupyter_mlcd.model.review_page import ReviewPage, ReviewPreview
    from jupyter_mlcd.model.run import Run, RunRequest
    from jupyter_mlcd.model.run_log import RunLog
    from jupyter_mlcd.model.scored_live import LiveScoring
    from jupyter_mlcd.model.secret import SecretAllowed, SecretFinding, SecretsFound
    from jupyter_mlcd.model.set_up import SetUpDone, SetUpPreview, SetUpProposal
    from jupyter_mlcd.model.shown_evidence import ShownEvidence
    from jupyter_mlcd.model.status import (
        Changes,
        Check,
        Committed,
        Deliveries,
        Diagnosis,
        EvidenceStatus,
        Preview,
        Verification,
    )
    from jupyter_mlcd.ports import CiPipeline, Hub, Target

__all__ = [
    "KeylessSigner",
    "Trust",
    "Workbench",
    "allowed_signers",
    "audit_page",
    "audit_table",
    "carry_out",
    "check_model",
    "keyless_signer",
    "keyless_trust",
    "new_repository",
    "runs_go_on",
    "verify_files",
    "write_zip",
]

_WATCHED = 3000
_NEWEST = 20
"""Runs that are looked at to see whether one goes on."""
_DELIVERY_WAIT = 60.0
"""Seconds to wait for another delivery of this machine to end."""


class Workbench:
    """The verbs, for the project that holds a path."""

    def __init__(self, path: Path | str = ".", *, by: str = "") -> None:
        """Find the project: the nearest folder above ``path`` with mlcd.toml, else the repository.

        ``by`` says who asks, as ``Name <e-mail>``; empty takes git's identity. Raises GitError
        outside of a git repository.
        """
        self.git = open_repository(Path(path))
        self.worktree = GitWorktree(self.git)
        self.top = self.worktree.top
        self.folder = _project_folder(Path(path).resolve(), self.top)
        self.by = by or self.worktree.identity()
        state = self.git.common_dir / "mlcd"
        self.state = state
        self.runner = LocalRunner(self.git.common_dir)
        self.ledger = GitLedger(self.git)
        self.store = Store(state / "store")

    @property
    def prefix(self) -> str:
        """Folder of the project inside the repository; empty at its root, else ending in ``/``."""
        relative = self.folder.relative_to(self.top).as_posix()
        return "" if relative == "." else f"{relative}/"

    @property
    def project(self) -> Project:
        """What mlcd.toml declares; without one, a project with a name and no suites.

        Raises ConfigError with file, line and key.
        """
        try:
            text = (self.folder / CONFIG_NAME).read_bytes()
        except FileNotFoundError:
            return Project(ProjectTable(name=self.folder.name or "project"), {})
        except OSError as error:
            raise ConfigError(f"{CONFIG_NAME} cannot be read: {error.strerror}") from None
        return parse(_decoded(text))

    def _policy(self, project: Project) -> Project:
        """Return where rules are taken from: the policy branch, or this file the first time."""
        ref = project.project.policy
        text = self.worktree.read(ref, self.prefix + CONFIG_NAME) if ref else None
        return project if text is None else parse(_decoded(text), f"{CONFIG_NAME} of {ref}")

    def desk(self) -> Desk:
        """Return what a verb works with, made anew. Raises ConfigError."""
        return self._desk(self.project, self.worktree, self._saved)

    def _saved(self, path: str) -> bytes | None:
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        except OSError:
            return b""  # Its case says so when it runs.

    def _desk_at(self, revision: str) -> Desk:
        """Return what a verb works with in a commit, whatever is checked out.

        Raises NotFoundError where it has no mlcd.toml, ConfigError.
        """
        worktree = CommittedWorktree(self.git, revision)
        name = revision.removeprefix("refs/heads/").removeprefix("refs/remotes/")
        text = worktree.read(revision, self.prefix + CONFIG_NAME)
        if text is None:
            raise NotFoundError(f"{name} has no {self.prefix}{CONFIG_NAME}", code="no-config")
        project = parse(_decoded(text), f"{CONFIG_NAME} of {name}")
        return self._desk(
            project, worktree, lambda path: worktree.read(revision, self.prefix + path)
        )

    def _desk(
        self, project: Project, worktree: GitWorktree, file: Callable[[str], bytes | None]
    ) -> Desk:
        policy = self._policy(project)
        return Desk(
            project=project,
            policy=policy,
            prefix=self.prefix,
            repository=str(self.top),
            by=self.by,
            several_projects=len(self.worktree.projects(CONFIG_NAME)) > 1,
            worktree=worktree,
            runner=self.runner,
            ledger=self.ledger,
            store=self._store(policy),
            scanner=RepositoryScanner(self.worktree.addresses),
            tables=PersonalTables(),
            comparer=NotebookDifference(),
            write_notes=by_template,
            target=lambda name: self._target(policy, name),
            remote=lambda name: GitRemote(self.git, name),
            alone=lambda: locked(self.state / "deliver.lock", wait=_DELIVERY_WAIT),
            keeping=lambda: locked(self.state / "keep.lock", wait=_DELIVERY_WAIT),
            at_work=lambda: is_locked(self.state / "deliver.lock"),
            signers=lambda: self._signers(project, policy),
            sign=self._sign,
            hub=lambda kind: self._hub(policy, kind),
            webhook=lambda: self._webhook(policy),
            own_key=lambda: public_key(users_key(self.git)),
            watching=lambda: who_watches(self.state, project.name),
            at=self._desk_at,
            file=file,
            share=self._exchange,
            bring=self._bring,
            ci=lambda: self._ci(policy),
            ci_runs=CiDrafts(self.state / "ci"),
            now=clock.now,
            new_id=clock.uuid7,
        )

    def _store(self, policy: Project) -> Store:
        url = policy.project.store
        return SharedStore(self.state / "store", url) if url else self.store

    def _signers(self, project: Project, policy: Project) -> bytes:
        """Return who may approve: from the policy branch, else as it is committed; never edited."""
        place = project.project.policy or "HEAD"
        return self.worktree.read(place, self.prefix + policy.project.signers) or b""

    def _sign(self, data: bytes, namespace: str) -> bytes:
        return sign(data, users_key(self.git), namespace)

    def _exchange(self, name: str) -> str:
        exchange(LedgerStore(self.git), name)
        return GitRemote(self.git, name).url()

    def _bring(self, name: str) -> None:
        bring(LedgerStore(self.git), name)

    def _ci(self, policy: Project) -> CiPipeline | None:
        if policy.ci is None:
            return None
        # As with targets, clients of systems are loaded where one is named.
        from jupyter_mlcd.targets.ci import open_ci  # noqa: PLC0415 - see above

        return open_ci(policy.ci, self._site())

    def _hub(self, policy: Project, kind: HubKind) -> Hub:
        table = policy.hubs.get(kind, HubTable())
        address = GitRemote(self.git, table.remote).url()
        return hub_at(hub_place(kind, address, table), self.credentials)

    def _webhook(self, policy: Project) -> SignedWebhook | None:
        address = policy.review.webhook
        if not address:
            return None
        found = self.credentials.find(address)
        return SignedWebhook(Http(address), found.secret if found else "")

    @cached_property
    def credentials(self) -> Credentials:
        """Keys of this person for servers; a repository names none of them."""
        from jupyter_core.paths import jupyter_config_path  # noqa: PLC0415 - rarely needed

        folders = [Path(one) for one in jupyter_config_path()]
        ask = partial(ask_helpers, self.git)
        return Credentials(os.environ, folders, ask, has_helpers(self.git))

    def _target(self, policy: Project, environment: str) -> Target:
        table = policy.target(environment)
        own = str(table.__struct_config__.tag)
        kind = table.name if isinstance(table, PlugInTable) else own
        return target_class(kind)(table, self._site())

    def _site(self) -> Site:
        return Site(
            self.folder,
            lambda name: GitRemote(self.git, name),
            self.credentials.find,
            self.credentials.may_have,
        )

    # ----------------------------------------------------------------------------- every day

    def run(self, request: RunRequest) -> Run:
        """Start a run and return it as it begins."""
        return run_suite.run_suite(self.desk(), request)

    def describe_parameters(self, notebook: str) -> ParameterForm:
        """Return what "Run as test" asks for, from the notebook as it is saved."""
        return describe_parameters.describe_parameters(self.desk(), notebook)

    def cancel(self, run: str) -> Run:
        """Cancel a run and return it; what it started ends too."""
        self.runner.cancel(run)
        return self.runner.load(run)

    def show_run(self, run: str) -> Run:
        """Return a run as it stands."""
        return find_run.load_run(self.desk(), run)

    def show_notebook(self, run: str, case: int) -> bytes:
        """Return the executed notebook of a case as a static page."""
        return NotebookRenderer().page(self.executed_notebook(run, case))

    def executed_notebook(self, run: str, case: int) -> bytes:
        """Return the executed notebook of a case, of a draft or of kept evidence."""
        desk = self.desk()
        return find_run.executed_notebook(desk, run, case)

    def show_picture(self, run: str, case: str, name: str) -> bytes:
        """Return a picture of a difference, of a draft or of kept evidence."""
        return find_run.difference_picture(self.desk(), run, case, name)

    def report(self, run: str) -> bytes:
        """Return an ended run as one static page, for people without Jupyter."""
        desk = self.desk()
        manifest = find_run.find_manifest(desk, run)
        return report_page(manifest, partial(find_run.bundle_file, desk, run))

    def status(self, reference: ProjectReference | None = None) -> Status:
        """Return the whole side panel in one document; what is wrong stands in ``problem``."""
        shown = reference or ProjectReference("", self.folder.name, self.prefix.rstrip("/"))
        try:
            desk = self.desk()
        except ConfigError as error:
            return _broken(shown, error)
        shown = msgspec.structs.replace(shown, name=desk.project.name)
        status = show_status.show_status(desk, shown)
        if not (self.folder / CONFIG_NAME).exists():
            missing = NotFoundError(
                f"{self.folder.name} has no {CONFIG_NAME} yet",
                code="no-config",
                hint="Set it up: it lists the notebooks that are tested and where versions go.",
            )
            status = msgspec.structs.replace(status, problem=missing.problem)
        return status

    def changes(self) -> Changes:
        """Return what a commit could take, with a proposed message."""
        return commit_change.changes(self.desk())

    def commit(self, paths: Sequence[str] = (), message: str = "") -> Committed:
        """Commit files on her branch, with her hooks."""
        return commit_change.commit_change(self.desk(), paths, message)

    def accept(self, run: str, request: AcceptRequest) -> Accepted:
        """Make results of a run the expected ones, and commit that."""
        return accepting.accept(self.desk(), run, request)

    def preview(self, environment: str, *, version: str = "", nonce: str = "") -> Preview:
        """Return the Deliver page."""
        return preview_delivery.preview_delivery(
            self.desk(), environment, version=version, nonce=nonce
        )

    def rehearse(self, environment: str, *, version: str = "") -> Sequence[str]:
        """Return what the CD system of an environment would make of a delivery."""
        return rehearse.rehearse(self.desk(), environment, version=version)

    def deliver(
        self, environment: str, *, version: str = "", digest: str = "", given: Given | None = None
    ) -> Delivery:
        """Deliver, once."""
        return delivering.deliver(
            self.desk(), environment, version=version, digest=digest, given=given
        )

    def preview_roll_back(self, environment: str, *, version: str = "", nonce: str = "") -> Preview:
        """Return the page that asks for a roll back."""
        return preview_delivery.preview_roll_back(
            self.desk(), environment, version=version, nonce=nonce
        )

    def roll_back(
        self,
        environment: str,
        *,
        version: str = "",
        digest: str = "",
        replaces: str = "",
        given: Given,
    ) -> Delivery:
        """Bring back what was live before, once."""
        return rolling_back.roll_back(
            self.desk(),
            environment,
            version=version,
            digest=digest,
            replaces=replaces,
            given=given,
        )

    def show_delivery(self, key: str) -> Delivery:
        """Return a delivery, the target asked what became of it; nothing is sent."""
        return follow_delivery.follow_delivery(self.desk(), key)

    def go_on(self, key: str) -> Delivery:
        """Send a delivery that was confirmed and never sent."""
        return follow_delivery.go_on(self.desk(), key)

    def cancel_delivery(self, key: str) -> Delivery:
        """Give up a delivery that was never sent."""
        return follow_delivery.cancel_delivery(self.desk(), key)

    def close_delivery(self, key: str, why: str) -> Delivery:
        """Close a delivery of unknown outcome on a person's word that it did not happen."""
        return follow_delivery.close_delivery(self.desk(), key, why)

    def preview_ci(self) -> CiPreview:
        """Return what starting the CI run of this commit would do. Asks nobody."""
        return preview_ci.preview_ci(self.desk())

    def start_ci(self, digest: str = "") -> CiRun:
        """Push what a preview showed, and start its CI run, once."""
        return start_ci.start_ci(self.desk(), digest)

    def show_ci(self) -> CiRun:
        """Return the CI run of this commit, the system asked; its evidence comes at its end."""
        return follow_ci.follow_ci(self.desk())

    def read_ci(self) -> CiRun | None:
        """Return the CI run of this commit as it was seen last: for those who may not ask."""
        return follow_ci.read_ci(self.desk())

    def ci_in_commands(self, commit: str = "") -> Commands:
        """Return starting the CI run of this commit as plain commands."""
        return follow_ci.ci_in_commands(self.desk(), commit)

    def deliveries(self, environment: str, page: int = 0) -> Deliveries:
        """Return a page of an environment's history, newest first."""
        return list_deliveries.list_deliveries(self.desk(), environment, page)

    def figures(self, environment: str, since: str = "", until: str = "") -> Figures:
        """Return how often, how fast and how well an environment is delivered to."""
        return count_figures.figures(self.desk(), environment, since, until)

    def read_delivery(self, key: str) -> Delivery:
        """Return a delivery as the history tells it: for those who may not take it up."""
        return follow_delivery.find_delivery(self.desk(), key)

    def hold(self, environment: str, why: str) -> Hold:
        """Hold an environment: nothing is delivered there until it is lifted."""
        return holding.hold(self.desk(), environment, why)

    def lift(self, environment: str, why: str = "") -> Hold:
        """Lift the hold of an environment, and return what it was."""
        return holding.lift(self.desk(), environment, why)

    def verify_live(self, environment: str, *, again: bool = False) -> LiveCheck:
        """Bring the check of what is live one step on, and act on what it found."""
        return verify_live.verify_live(self.desk(), environment, again=again)

    def score_live(
        self, environment: str, *, again: bool = False, version: str = ""
    ) -> LiveScoring:
        """Score the model that the rules of an environment compare with; one step of it."""
        return score_live.score_live(self.desk(), environment, again=again, version=version)

    def show_scoring(self, environment: str, *, version: str = "") -> LiveScoring | None:
        """Return how it stands with that; None where every rule can compare."""
        return score_live.find_scoring(self.desk(), environment, version)

    def start_scoring(
        self, environment: str, *, again: bool = False, version: str = ""
    ) -> LiveScoring:
        """Do it to the end in a process of its own, and return how it begins."""
        begun = self.score_live(environment, again=again, version=version)
        if begun.state is ScoringState.GOING:
            begin_scoring(self.folder, self.state / "scoring.log", environment, version)
        return begun

    def flow(self, branch: str = "") -> FlowPass:
        """Make one pass over the environments that deliver by themselves.

        On the tip of ``branch``, as ``origin/main``; empty for the one that is checked out.
        """
        if not self.ledger.tip() and ledger_to_read(self.git).tip():
            raise RefusedError(
                "the history of this project is not here yet, so nobody knows what is live",
                code="no-history",
                hint="Nothing was done. Bring it first: jupyter mlcd watch --fetch",
            )
        return flowing.flow(self._desk_at(self.revision(branch)), self._automat)

    def fetch(self, branch: str = "") -> str:
        """Bring the branches and the history of the remote of a branch, and return it there.

        Neither files nor branches of hers are touched, and nothing is pushed. A detached commit,
        as pipelines have it, stays what it is. Raises RefusedError for a branch that is on no
        remote.
        """
        name = branch or git_reading.head(self.git).branch or ""
        found = git_reading.upstream(self.git, name) if name else None
        if name and found is None:
            hint = f"Say which: git branch --set-upstream-to origin/{name}"
            raise RefusedError(f"{name} is the branch of no remote", code="no-upstream", hint=hint)
        remote, there = (found.remote, found.name) if found else ("origin", "HEAD")
        bring(LedgerStore(self.git), remote)
        fetch_branches(self.git, remote)
        return there

    def show_watch(self) -> Watch:
        """Return who watches the project, and what watching it would do. Changes nothing."""
        return show_watch.show_watch(self.desk())

    def start_watching(self) -> Watch:
        """Let a process of its own watch the project from now on, unless one does."""
        found = self.show_watch()
        if not (found.automatic or found.checked):
            raise nothing_automatic()
        if found.watching is None:
            log = self.state / f"watch-{self.project.name}.log"
            begin_watching(self.folder, log, lambda: self._watching() is not None)
        return self.show_watch()

    def stop_watching(self) -> Watch:
        """End whoever watches the project on this machine; what is not done waits for the next."""
        found = self._watching()
        if found is not None:
            end_watching(found, lambda: self._watching() is not None)
        return self.show_watch()

    def start_check(self, environment: str, *, again: bool = False) -> Watch:
        """Let a process of its own check what is live, to the end, and act on what it finds."""
        verify_live.refuse_to_check(self.desk(), environment)
        begin_check(self.folder, self.state / "check.log", environment, again=again)
        return self.show_watch()

    def check_if_due(self, environment: str) -> None:
        """Begin that where a delivery has just ended and nobody else will."""
        if verify_live.is_due(self.desk(), environment):
            self.start_check(environment)

    def _watching(self) -> Watching | None:
        return who_watches(self.state, self.project.name)

    def watching(self, branch: str = "") -> AbstractContextManager[None]:
        """Be the one who watches the project, for as long as the block lasts."""
        revision = self.revision(branch)
        name = self._desk_at(revision).project.name
        return only_watcher(self.state, name, Watching(self.by, clock.now(), os.getpid(), revision))

    def commit_marks(self, revision: str) -> tuple[tuple[int, int], ...]:
        """Return what changes with every commit and every event; asks for times of files only."""
        common, own = self.git.common_dir, self.git.git_dir
        names = (revision, "packed-refs", "reftable/tables.list", LEDGER_REF)
        files = [*(common / name for name in names), own / "HEAD", own / "logs" / "HEAD"]
        found = [file.stat() if file.exists() else None for file in files]
        return tuple((one.st_mtime_ns, one.st_size) if one else (0, 0) for one in found)

    def revision(self, branch: str = "") -> str:
        """Return the full name of a branch, here or as a remote has it; ``HEAD`` without one."""
        if branch.startswith("refs/") or branch == "HEAD":
            return branch
        name = branch or git_reading.head(self.git).branch
        if not name:
            return "HEAD"
        places = (f"refs/heads/{name}", f"refs/remotes/{name}")
        found = [place for place in places if git_reading.ref_tip(self.git, place)]
        if not found:
            raise NotFoundError(f"there is no branch {name!r} with a commit")
        return found[0]

    @property
    def _automat(self) -> str:
        """What delivers here by itself."""
        builder = builder_of(os.environ)
        return WATCH if builder == "local" else builder

    def next_environment(self) -> str:
        """Return the environment that the one Deliver button names."""
        return show_status.next_environment(self.desk())

    def run_in_commands(self, run: str) -> Commands:
        """Return a run as plain commands."""
        return tell_commands.run_in_commands(self.desk(), run)

    def keep_in_commands(self, run: str) -> Commands:
        """Return how a run was kept as plain commands."""
        return tell_commands.keep_in_commands(self.desk(), run)

    def delivery_in_commands(self, key: str) -> Commands:
        """Return a delivery as plain commands."""
        return tell_commands.delivery_in_commands(self.desk(), key)

    def tracked_files(self) -> list[Path]:
        """Return the project's files that git knows, the first few thousand: for the watcher."""
        return [self.top / path for path in self.worktree.tracked(self.prefix)[:_WATCHED]]

    # ------------------------------------------------------------------------------ evidence

    def find(self, subject: str) -> str:
        """Return the id of the run that ``subject`` begins or ends; else ``subject`` itself."""
        return find_run.find_id(self.desk(), subject)

    def keep(self, run: str, *, although_personal: bool = True) -> Kept:
        """Keep a run as evidence."""
        return keep_evidence.keep_evidence(self.desk(), run, although_personal=although_personal)

    def find_secrets(self, run: str) -> tuple[SecretFinding, ...]:
        """Return what in a draft looks like a secret."""
        return look_for_secrets.find_secrets(self.desk(), run)

    def find_personal(self, run: str) -> tuple[PersonalFinding, ...]:
        """Return which tables of a draft look like personal data."""
        return look_for_personal.find_personal(self.desk(), run)

    def show_secrets(self, run: str) -> SecretsFound:
        """Return all that a person is asked about before a draft is kept, with cells."""
        return look_for_personal.show_found(self.desk(), run)

    def allow_secret(
        self, run: str, number: int, why: str, until: str, *, seen: str | None = None
    ) -> SecretAllowed:
        """Allow a finding of a draft, with a reason and for a time."""
        return look_for_secrets.allow_secret(self.desk(), run, number, why, until, seen=seen)

    def evidence(self, first: int = 0, most: int | None = None) -> list[EvidenceStatus]:
        """Return all evidence, newest first; or at most so many lines from the ``first`` one."""
        desk = self.desk()
        return show_status.list_evidence(desk, desk.snapshot(), desk.history, most, first)

    def show_evidence(self, run: str) -> ShownEvidence:
        """Return the manifest of kept evidence, and what is told beside it."""
        return show_evidence.show_evidence(self.desk(), run)

    def compare(self, run: str, against: str = "") -> EvidenceChanges:
        """Return what changed in a run against another one, or against what is live."""
        return compare_evidence.compare_evidence(self.desk(), run, against, NotebookDifference())

    def compare_case(self, run: str, case: int, against: str = "") -> CaseChanges:
        """Return one case of a comparison, cell by cell."""
        desk, comparer = self.desk(), NotebookDifference()
        return compare_evidence.compare_case(desk, run, case, against, comparer)

    def show_output(self, run: str, place: tuple[int, int, int], form: str) -> bytes:
        """Return one output, by case, cell and output, as ``picture`` or ``text``."""
        desk, comparer = self.desk(), NotebookDifference()
        return compare_evidence.show_output(desk, run, place, form, comparer)

    def show_scores(self, run: str) -> ScoreHistory:
        """Return what the kept runs of the suite of a run scored."""
        return show_scores.show_scores(self.desk(), run)

    def show_log(self, run: str) -> RunLog:
        """Return the end of what a run printed."""
        return read_log(self.git.common_dir, run, {self.top: self.top.name})

    def verify(  # noqa: PLR0913 - what is verified, for whom, against what
        self,
        subject: str,
        environment: str = "",
        *,
        trust: Trust | None = None,
        products: Path | None = None,
        although_unseen: bool = False,
        digest: str | None = None,
        tag: str | None = None,
    ) -> Verification:
        """Verify a run's evidence, or a release by its version, also for an environment.

        ``products`` is the folder with the delivered files; ``although_unseen`` accepts that
        executed notebooks that are out of git cannot be looked at here; ``digest`` and ``tag``
        must be the version's.
        """
        return verify_evidence.verify_evidence(
            self._reading_desk(),
            subject,
            environment,
            trust=trust,
            delivered=None if products is None else digests_in(products),
            although_unseen=although_unseen,
            digest=digest,
            tag=tag,
        )

    # ------------------------------------------------------------------------------ the auditor

    def status_at(self, at: str) -> StatusThen:
        """Return what was live in each environment at the end of a day, or at a moment."""
        return audit_history.status_at(self._reading_desk(), at)

    def audit(self, since: str = "", until: str = "") -> Audit:
        """Return who released what on what evidence in a time."""
        return audit_history.audit(self._reading_desk(), since, until)

    def audit_page(self, since: str = "", until: str = "") -> bytes:
        """Return the same as one static page."""
        return audit_page(self.audit(since, until))

    def audit_table(self, since: str = "", until: str = "") -> bytes:
        """Return the same as CSV, one line for each thing that was done."""
        return audit_table(self.audit(since, until))

    def _reading_desk(self) -> Desk:
        """Return a desk that reads, in a fresh clone, the ledger of its remote."""
        return replace(self.desk(), ledger=ledger_to_read(self.git))

    # ------------------------------------------------------------------------------ tidy up

    def preview_erasure(self, run: str, only: Sequence[str] = ()) -> ErasurePlan:
        """Return what erasing a run would remove from the Store, and what it would not."""
        return erase_evidence.preview_erasure(self.desk(), run, only)

    def erase(
        self,
        run: str,
        why: str,
        *,
        only: Sequence[str] = (),
        although_live: Sequence[str] = (),
    ) -> ErasurePlan:
        """Erase what the Store holds of a run, and leave a signed tombstone."""
        return erase_evidence.erase_evidence(
            self.desk(), run, why, only=only, although_live=although_live
        )

    def preview_pruning(self) -> Pruned:
        """Return what pruning would remove. Changes nothing."""
        return self.prune(dry_run=True)

    def prune(self, *, dry_run: bool = False) -> Pruned:
        """Remove old drafts and files of the Store that nothing names."""
        return prune.prune(self.desk(), dry_run=dry_run)

    # ------------------------------------------------------------------------------ hand out

    def export(
        self,
        subject: str,
        *,
        products: bool | None = None,
        model_key: Path | None = None,
        keyless: KeylessSigner | None = None,
    ) -> Exported:
        """Return the files of kept evidence, or of a release with all of its evidence.

        Attested, and signed where git is told which SSH key signs for the user. ``products`` tells
        whether delivered files go with it; None: unless they are large. ``model_key`` is
        an elliptic-curve key in PEM that signs them as OpenSSF model signing does. ``keyless``
        signs all of it by Sigstore too, which publishes whose word it is.
        """
        papers = ExportPapers(self._signer(), keyless)
        signer = partial(sign_model, key=model_key) if model_key else None
        return export_evidence.export_evidence(
            self.desk(), subject, papers, products=products, sign_model=signer
        )

    def _signer(self) -> Callable[[bytes], bytes] | None:
        try:
            key = users_key(self.git)
        except SigningError:
            return None  # None is named; the files say that nobody signed them.
        return partial(sign, key=key, namespace=NAMESPACE)

    # ---------------------------------------------------------------------------------- review

    def ask_review(
        self, environment: str, people: Sequence[str], *, why: str = "", version: str = ""
    ) -> ReviewPage:
        """Ask people to review what is ready for an environment; nothing leaves the machine."""
        return review_release.ask_review(self.desk(), environment, people, why=why, version=version)

    def preview_review(self, environment: str, version: str = "") -> ReviewPreview:
        """Return what asking for a review would do, and who could be asked. Changes nothing."""
        return preview_review.preview_review(self.desk(), environment, version)

    def show_review(self, version: str = "") -> ReviewPage:
        """Return a release with what people said about it."""
        return review_release.show_review(self.desk(), version)

    def comment(self, version: str, remark: Remark) -> ReviewPage:
        """Remark on a release, or on a case or a cell of its evidence."""
        return review_release.comment(self.desk(), version, remark)

    def reject(self, version: str, why: str, digest: str = "") -> ReviewPage:
        """Ask for changes, where a digest is given only of exactly that."""
        return review_release.reject(self.desk(), version, why, digest)

    def approve(self, seen: Seen, comment: str = "") -> ReviewPage:
        """Approve a release for an environment, signed."""
        return sign_review.approve(self.desk(), seen, comment)

    def waive(self, seen: Seen, rule: str, why: str, until: str) -> ReviewPage:
        """Except a release from one rule, signed, for a time."""
        return sign_review.waive(self.desk(), seen, rule, why, until)

    def take_back(self, entry: str, why: str = "") -> ReviewPage:
        """Take back something one said."""
        return review_release.take_back(self.desk(), entry, why)

    def share(self, remote: str = "origin", *, files: bool = False) -> Shared:
        """Exchange the history with a git remote; with ``files`` bring those of kept runs first."""
        return share_history.share_history(self.desk(), remote, files=files)

    def review_report(self, version: str = "") -> bytes:
        """Return a release and its review as one static page."""
        desk = self.desk()
        page = review_release.show_review(desk, version)
        comparer = NotebookDifference()
        changes = [
            compare_evidence.compare_evidence(desk, run.id, "", comparer) for run in page.runs
        ]
        tested = [
            (find_run.find_manifest(desk, run.id), partial(find_run.bundle_file, desk, run.id))
            for run in page.runs
        ]
        return review_page(page, changes, tested)

    def tell_review(self, version: str, places: Sequence[TellPlace]) -> tuple[Told, ...]:
        """Tell people where they work that a review is asked for."""
        return tell_review.tell_review(self.desk(), version, places)

    def collect_approvals(self, environment: str, version: str = "") -> ReviewPage:
        """Ask the hub who approved the pull request of what is ready, and keep what it says."""
        return collect_approvals.collect_approvals(self.desk(), environment, version)

    # --------------------------------------------------------------------- set up, look after

    def release(self, version: str = "") -> Release:
        """Prepare the release of the commit that is checked out."""
        return prepare_release.prepare_release(self.desk(), version)

    def describe_release(
        self, version: str = "", *, since: str = "", environment: str = ""
    ) -> ReleaseChanges:
        """Return what a release, or what would go to an environment, changes."""
        return describe_release.describe_release(
            self.desk(), version, since=since, environment=environment
        )

    def release_notes(
        self,
        version: str = "",
        *,
        since: str = "",
        environment: str = "",
        template: Path | None = None,
    ) -> str:
        """Return the same as release notes in Markdown."""
        text = (template.name, template.read_bytes()) if template else None
        return write_notes.release_notes(
            self.desk(), version, since=since, environment=environment, template=text
        )

    def show_tag(self, version: str) -> str:
        """Return the tag of a version and who signed it, in words."""
        return verify_release.show_tag(self.desk(), version)

    def doctor(self, environment: str = "") -> Diagnosis:
        """Return what is here, what is missing, and what to do about it."""
        probes = machine_probes(self)
        told: Sequence[Check] = ()
        with suppress(ConfigError):  # The configuration has a point of its own.
            desk = self.desk()
            told = diagnose.ask_system(desk, environment) if environment else ()
            probes += diagnose.environment_probes(desk, environment)
        return diagnose.diagnose(probes, told)

    def propose_set_up(self) -> SetUpProposal:
        """Return what set-up finds here and would choose. Runs and changes nothing."""
        return set_up.propose_set_up(self.desk(), self._around())

    def preview_set_up(self, choices: SetUpChoices) -> SetUpPreview:
        """Return the mlcd.toml that these choices make. Changes nothing."""
        return set_up.preview_set_up(self.desk(), self._around(), choices)

    def set_up(self, choices: SetUpChoices | None = None, *, commit: bool = True) -> SetUpDone:
        """Write a first mlcd.toml and commit it. Raises RefusedError if there is one."""
        chosen = choices or SetUpChoices()
        return set_up.set_up(self.desk(), self._around(), chosen, commit=commit)

    def propose_pipelines(self, system: CiSystem) -> Pipelines:
        """Return the pipeline files for a CI system, and what is there instead. Writes nothing."""
        return write_pipelines.propose_pipelines(self.desk(), system)

    def write_pipelines(self, system: CiSystem) -> Pipelines:
        """Write the pipeline files that are not there; nothing is ever overwritten."""
        return write_pipelines.write_pipelines(self.desk(), system)

    def _around(self) -> Surroundings:
        return Surroundings(
            notebooks=self.worktree.notebooks(self.prefix),
            tracked=frozenset(
                path.removeprefix(self.prefix) for path in self.worktree.tracked(self.prefix)
            ),
            remotes=git_reading.remotes(self.git),
            kernel=kernel_here,
        )


def carry_out(place: Path) -> None:
    """Bring the draft in ``place`` to its end: what the runner's process does."""
    folder = RunFolder(place.resolve())
    plan = msgspec.json.decode(folder.plan.read_bytes(), type=RunPlan)
    finish = partial(write_bundle, folder=folder.bundle)
    run_plan(plan, folder, finish, Store(folder.store), os.environ)


def runs_go_on(state: Path) -> bool:
    """Whether a run whose drafts are in ``state`` goes on, whoever started it."""
    try:
        runs = LocalRunner(state.parent).recent(_NEWEST)
    except (OSError, MlcdError):
        return False  # A folder that cannot be read now: it is asked again.
    return any(run.state is not State.ENDED for run in runs)


def allowed_signers(folder: Path) -> bytes:
    """Return who may sign in the project that holds ``folder``; empty where there is none."""
    try:
        return Workbench(folder).desk().signers()
    except MlcdError:
        return b""


def keyless_signer(trust: Path | None, token: Path | None) -> KeylessSigner:
    """Return who signs by Sigstore; nothing is sent yet. Raises UsageError and SigningError."""
    return prepare_signer(_sigstore(trust), token, os.environ)


def keyless_trust(
    folder: Path, named: SigstoreTable | None = None, trust: Path | None = None
) -> KeylessTrust:
    """Return whose Sigstore signatures count: ``named``, or those of the project of a folder."""
    if named is not None:
        return trust_keyless((named,), _sigstore(trust), required=True)
    try:
        policy = Workbench(folder).desk().policy
    except MlcdError:
        return trust_keyless((), _sigstore(trust))
    return trust_keyless(policy.sigstore, _sigstore(trust))


def _sigstore(named: Path | None) -> Path | None:
    from jupyter_core.paths import jupyter_config_path  # noqa: PLC0415 - rarely needed

    return trust_file(named, os.environ, [Path(one) for one in jupyter_config_path()])


def new_repository(folder: Path) -> None:
    """Make a git repository in ``folder``, with an identity of its own where git knows none."""
    create_repository(folder)


def _project_folder(path: Path, top: Path) -> Path:
    start = path if path.is_dir() else path.parent
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder
        if folder == top:
            break
    return top


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise ConfigError(
            f"{CONFIG_NAME}, line {line}: this is not UTF-8 text",
            hint="Save the file as UTF-8.",
            details={"file": CONFIG_NAME, "line": line, "key": ""},
        ) from None


def _broken(reference: ProjectReference, error: MlcdError) -> Status:
    return Status(
        project=reference,
        place=Place("", "", "", {}, (), ""),
        steps=(),
        deliver=None,
        environments=(),
        suites=(),
        runs=(),
        evidence=(),
        evidence_count=0,
        problem=error.problem,
    )
