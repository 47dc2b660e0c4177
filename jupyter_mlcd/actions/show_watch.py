"""Who watches a project, and what watching it would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
