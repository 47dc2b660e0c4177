"""Which rules hold now, which held for what is live, and who changed them meanwhile.

The rules are those of a commit: of the policy branch, or of what is checked out where no branch is
named. A delivery notes that commit, so that what was asked of it can be told later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.errors import ConfigError, UsageError
from jupyter_mlcd.model.project import CONFIG_NAME
from jupyter_mlcd.model.rules_change import (
    RulesChanged,
    rules_difference,
    signers_difference,
)

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.project import Project

_MOST_COMMITS = 20


def rules_commit(desk: Desk) -> str:
    """Return the commit that the rules are those of; empty where none holds them as they are."""
    branch = rules_branch(desk)
    return desk.worktree.commit_of(branch) if _rules_of(desk, branch) == desk.policy else ""


def rules_branch(desk: Desk) -> str:
    """Return where the rules are read from: the policy branch, or what is checked out."""
    branch = desk.project.project.policy
    is_there = branch and desk.worktree.read(branch, desk.prefix + CONFIG_NAME) is not None
    return branch if is_there else "HEAD"


def compare_rules(desk: Desk, environment: str, history: History) -> RulesChanged | None:
    """Return how the rules of ``environment`` differ from those that held for what is live there.

    None where nothing is live, and where they do not differ.
    """
    live = history.live.get(environment)
    if live is None:
        return None
    branch = rules_branch(desk)
    before = _rules_of(desk, live.rules) if _is_commit(desk, live.rules) else None
    if before is None:
        return RulesChanged(live.version, branch, is_known=False)
    old, new = desk.prefix + before.project.signers, desk.prefix + desk.policy.project.signers
    changes = (
        *rules_difference(before, desk.policy, environment),
        *signers_difference(desk.worktree.read(live.rules, old) or b"", desk.signers()),
    )
    if not changes:
        return None
    paths = tuple(dict.fromkeys((desk.prefix + CONFIG_NAME, old, new)))
    commits = tuple(desk.worktree.commits_of(paths, live.rules, branch, _MOST_COMMITS))
    return RulesChanged(live.version, branch, is_known=True, changes=changes, commits=commits)


def _is_commit(desk: Desk, name: str) -> bool:
    """Whether a delivery noted a commit that is here: a branch would mean other rules each day."""
    try:
        return bool(name) and desk.worktree.commit_of(name) == name
    except UsageError:
        return False


def _rules_of(desk: Desk, revision: str) -> Project | None:
    text = desk.worktree.read(revision, desk.prefix + CONFIG_NAME)
    try:
        return None if text is None else parse(text.decode("utf-8-sig"))
    except (ConfigError, UnicodeDecodeError):
        return None
