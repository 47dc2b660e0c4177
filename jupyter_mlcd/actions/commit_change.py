"""Commit her change in one step, with a message proposed from the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.plain_commands import commit_commands
from jupyter_mlcd.model.run import Change
from jupyter_mlcd.model.status import Changes, Committed, FileChange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.ports import Snapshot

_NAMED = 3
_VERBS = {Change.ADDED: "Add", Change.MODIFIED: "Change", Change.DELETED: "Remove"}


def changes(desk: Desk) -> Changes:
    """Return what a commit could take: changed files first, then files git does not know yet."""
    snapshot = desk.snapshot()
    files = [FileChange(path, change, tracked=True) for path, change in snapshot.dirty.items()]
    files.extend(FileChange(path, Change.ADDED, tracked=False) for path in snapshot.untracked)
    return Changes(tuple(files), propose_message(snapshot))


def propose_message(snapshot: Snapshot) -> str:
    """Return a first line that says which files change how."""
    parts = []
    for change, verb in _VERBS.items():
        paths = [path for path, one in snapshot.dirty.items() if one is change]
        if paths:
            shown = ", ".join(paths[:_NAMED])
            more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
            parts.append(f"{verb} {shown}{more}")
    words = "; ".join(parts)
    return words[:1] + words[1:].replace("; C", "; c").replace("; R", "; r") if words else ""


def commit_change(desk: Desk, paths: Sequence[str], message: str) -> Committed:
    """Commit these files, as ``git commit`` with her hooks and filters would.

    Without ``paths`` all changed files that git knows, and new notebooks of the suites. Raises
    UsageError when there is nothing to commit or no message, and GitError with the hook's words.
    """
    snapshot = desk.snapshot()
    chosen = list(paths) or sorted(snapshot.dirty)
    unknown = [path for path in chosen if path not in {*snapshot.dirty, *snapshot.untracked}]
    if unknown:
        hint = "See what changed with `jupyter mlcd status`."
        raise UsageError(f"{unknown[0]} has not changed", code="unchanged", hint=hint)
    if not chosen:
        raise UsageError("there is nothing to commit", code="nothing-to-commit", hint="")
    words = message.strip() or propose_message(snapshot)
    if not words:
        raise UsageError("the commit needs a message", code="no-message", hint="Say what changed.")
    commit, said = desk.worktree.commit(chosen, words, desk.by)
    commands = commit_commands(chosen, words, desk.by)
    return Committed(commit, words.splitlines()[0], tuple(chosen), said, commands)
