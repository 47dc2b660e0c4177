"""Where am I: branch, commit, changed files, what others do not see yet, what is not delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.project import entry_of
from jupyter_mlcd.model.status import Place, Undelivered

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.ports import Sharing, Snapshot

_LISTED_FILES = 20


def show_place(desk: Desk, snapshot: Snapshot, history: History, sharing: Sharing) -> Place:
    """Return where the person is in her repository."""
    return Place(
        branch=snapshot.branch,
        commit=snapshot.commit,
        subject=desk.worktree.subject(snapshot.commit) if snapshot.commit else "",
        dirty=snapshot.dirty,
        untracked=_unseen(desk, snapshot),
        tree=snapshot.tree,
        upstream=sharing.upstream,
        unshared=sharing.ahead,
        undelivered=_undelivered(desk, snapshot, history),
    )


def _unseen(desk: Desk, snapshot: Snapshot) -> tuple[str, ...]:
    """Return files of the project that are neither tracked nor declared: no run sees them."""
    declared = [path.rstrip("/") for path in _inputs(desk)]
    untracked = [
        path
        for path in snapshot.untracked
        if path.startswith(desk.prefix)
        and not any(path == one or path.startswith(one + "/") for one in declared)
    ]
    return tuple(untracked[:_LISTED_FILES])


def _inputs(desk: Desk) -> list[str]:
    return [desk.prefix + path for suite in desk.project.suites.values() for path in suite.inputs]


def _undelivered(desk: Desk, snapshot: Snapshot, history: History) -> Undelivered | None:
    """Return what was committed since the version that is live on the last rung that has one."""
    rungs = [name for name in desk.policy.ladder() if name in history.live]
    live = history.live[rungs[-1]] if rungs else None
    release = history.releases.get(live.version) if live else None
    if live is None or release is None or not snapshot.commit:
        return None
    notebooks = {
        desk.prefix + entry_of(one).path
        for suite in desk.project.suites.values()
        for one in suite.notebooks
    }
    count = desk.worktree.count_between
    since = (release.commit, snapshot.commit)
    commits = count(*since, (desk.prefix,) if desk.prefix else ())
    tested = count(*since, sorted({*notebooks, *_inputs(desk)})) if commits and notebooks else 0
    return Undelivered(rungs[-1], live.version, live.since, commits, tested)
