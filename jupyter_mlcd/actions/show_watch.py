"""Who watches a project, and what watching it would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.flow import Watch

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk


def show_watch(desk: Desk) -> Watch:
    """Return who watches on this machine, and for which environments. Changes nothing."""
    policy = desk.policy
    return Watch(
        watching=desk.watching(),
        branch=desk.snapshot().branch,
        automatic=tuple(name for name in policy.ladder() if policy.is_automatic(name)),
        checked=tuple(name for name in policy.ladder() if policy.environments[name].verify),
    )


def refuse_to_watch(found: Watch) -> None:
    """Raise RefusedError where somebody watches, or there is nothing to do."""
    if found.watching is not None:
        raise RefusedError(
            f"it is watched already, by {found.watching.by.partition(' <')[0]}",
            code="watched",
            hint="Nothing was begun. One is enough: end that one first.",
        )
    if not (found.automatic or found.checked):
        raise RefusedError(
            "no environment delivers by itself",
            code="nothing-automatic",
            hint='Add deliver = "automatic" below [environments.NAME] in mlcd.toml.',
        )
