"""The hub that a project is on, and what it says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.model.hub import HubKind, hub_kind

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.errors import MlcdError
    from jupyter_mlcd.ports import Hub

_BOARDS = "AB#"


def find_hub(desk: Desk) -> Hub:
    """Return the hub of the repository. Raises NotFoundError, ConfigError, WorldError."""
    address = desk.worktree.sharing().url
    kind = hub_kind(address, desk.policy.hubs)
    if kind is None:
        raise NotFoundError(
            f"{address or 'this repository'} is not on GitHub, GitLab or Azure DevOps",
            hint="If it is, on a server of your own, add [hubs.NAME] to mlcd.toml.",
        )
    return desk.hub(kind)


def hub_of_item(desk: Desk, issue: str) -> Hub:
    """Return the hub that a work item is on: ``AB#34`` is on Azure Boards, wherever the code is.

    Raises NotFoundError, ConfigError, WorldError.
    """
    address, hubs = desk.worktree.sharing().url, desk.policy.hubs
    if issue.startswith(_BOARDS) and HubKind.AZURE_DEVOPS in hubs:
        return desk.hub(HubKind.AZURE_DEVOPS)
    own = hub_kind(address, {})
    return desk.hub(own) if own is not None and not issue.startswith(_BOARDS) else find_hub(desk)


def in_words(error: MlcdError) -> str:
    """Return what happened and what to do about it."""
    return f"{error.message}. {error.hint}" if error.hint else error.message
