"""What a verb works with: a project in its repository, and the wings behind their sockets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.model.delivery import History, fold_history
from jupyter_mlcd.model.event import make_event
from jupyter_mlcd.model.project import CONFIG_NAME, entry_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from jupyter_mlcd.model.event import Body, Event
    from jupyter_mlcd.model.flow import Watching
    from jupyter_mlcd.model.hub import HubKind
    from jupyter_mlcd.model.project import Project
    from jupyter_mlcd.model.release_changes import ReleaseChanges
    from jupyter_mlcd.ports import (
        CiPipeline,
        CiRuns,
        FileStore,
        Hub,
        Ledger,
        NotebookComparer,
        Remote,
        Runner,
        SecretScanner,
        Snapshot,
        TableScanner,
        Target,
        Webhook,
        Worktree,
    )


@dataclass(frozen=True)
class Desk:
    """Made anew for every request, so that nothing in it can be stale."""

    project: Project
    """What the project's own ``mlcd.toml`` declares."""
    policy: Project
    """Where rules and environments are taken from: the policy branch, or the same file."""
    prefix: str
    """Folder of the project inside the repository; empty at its root, else ending in ``/``."""
    repository: str
    """Folder from which git finds the repository."""
    by: str
    """Who asks, as ``Name <e-mail>``."""
    several_projects: bool
    """Whether the repository holds other projects: then tags carry the project's name."""
    worktree: Worktree
    runner: Runner
    ledger: Ledger
    store: FileStore
    scanner: SecretScanner
    tables: TableScanner
    comparer: NotebookComparer
    write_notes: Callable[[ReleaseChanges, bytes | None, str], str]
    """Return release notes by the text of a template and its name, None: by ours.

    Raises ConfigError.
    """
    target: Callable[[str], Target]
    """Return the target of an environment."""
    remote: Callable[[str], Remote]
    """Return the git remote of a name."""
    alone: Callable[[], AbstractContextManager[object]]
    """One delivery at a time on this machine."""
    keeping: Callable[[], AbstractContextManager[object]]
    """Nobody else of this machine keeps, prunes or erases meanwhile."""
    at_work: Callable[[], bool]
    """Whether a delivery of this machine goes on now."""
    signers: Callable[[], bytes]
    """Return the ``allowed_signers`` from where rules are taken; empty where there are none."""
    sign: Callable[[bytes, str], bytes]
    """Return the user's signature of some bytes for a purpose. Raises SigningError."""
    hub: Callable[[HubKind], Hub]
    """Return the hub that the policy means. Raises ConfigError, WorldError."""
    webhook: Callable[[], Webhook | None]
    """Return what ``[review] webhook`` names, None without one. Raises WorldError."""
    own_key: Callable[[], str]
    """Return the public half of the key that signs; empty if unknown. Raises SigningError."""
    watching: Callable[[], Watching | None]
    """Return who watches the project on this machine now."""
    at: Callable[[str], Desk]
    """Return the desk of a commit, or of the tip of a branch, whatever is checked out."""
    file: Callable[[str], bytes | None]
    """Return a file of the project as it is tested; None where it is not there."""
    share: Callable[[str], str]
    """Exchange the history with a git remote; return its address, without credentials."""
    bring: Callable[[str], None]
    """Bring the history of a git remote here, ours behind it; nothing is pushed."""
    ci: Callable[[], CiPipeline | None]
    """Return the pipeline that ``[ci]`` of the policy names; None without one."""
    ci_runs: CiRuns
    now: Callable[[], str]
    """UTC, ISO 8601."""
    new_id: Callable[[], str]
    """A new UUID version 7."""

    @property
    def history(self) -> History:
        """The project's ledger, folded."""
        return fold_history(self.ledger.events(), self.project.name)

    def event(self, body: Body) -> Event:
        """Return a new event of this project, by whoever asks, now."""
        return make_event(
            id=self.new_id(), project=self.project.name, at=self.now(), by=self.by, body=body
        )

    def snapshot(self) -> Snapshot:
        """Return the files as they are now: what is tracked, and the notebooks of the suites."""
        notebooks = {
            entry_of(one).path for suite in self.project.suites.values() for one in suite.notebooks
        }
        return self.worktree.snapshot(
            [self.prefix + path for path in sorted({CONFIG_NAME, *notebooks})]
        )
