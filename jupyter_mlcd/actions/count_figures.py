"""The figures of an environment: how often, how fast, how well it is delivered to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_mlcd.actions.examine import check_environment
from jupyter_mlcd.model.audit import moment_of
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.figures import Figures, fold_figures, spans_to_read, weeks_before
from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from datetime import datetime

    from jupyter_mlcd.actions.desk import Desk

WEEKS: Final = 12
"""How far back it is looked where no day is named."""
MOST_WEEKS: Final = 1040


def figures(desk: Desk, environment: str, since: str = "", until: str = "") -> Figures:
    """Return the figures of ``environment`` from ``since`` to ``until``: days of UTC, or times.

    Empty means the last twelve weeks, up to now. Raises NotFoundError, UsageError, GitError.
    """
    check_environment(desk, environment)
    last = moment_of(until, ends=True) if until else parse_time(desk.now())
    first = moment_of(since, ends=False) if since else weeks_before(last, WEEKS)
    _check(first, last)
    history = desk.history
    written = desk.worktree.first_written(spans_to_read(history, environment))
    return fold_figures(
        history,
        environment,
        project=desk.project.name,
        since=first,
        until=last,
        written=written,
        approvals=desk.policy.environments[environment].approvals,
    )


def _check(first: datetime, last: datetime) -> None:
    if first > last:
        raise UsageError(f"{first:%Y-%m-%d} is after {last:%Y-%m-%d}",
                         hint="Name the earlier one first.")  # fmt: skip
    if (last - first).days > MOST_WEEKS * 7:
        raise UsageError("that is more than twenty years", hint="Name a later day.")
