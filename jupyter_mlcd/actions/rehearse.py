"""Rehearse: ask the CD system what it would make of a delivery, without delivering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.deliver import next_attempt, parcel_without_files
from jupyter_mlcd.actions.examine import check_environment, examine, refusal
from jupyter_mlcd.model.delivery import delivery_key
from jupyter_mlcd.ports import PipelineTarget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.actions.desk import Desk


def rehearse(desk: Desk, environment: str, *, version: str = "") -> Sequence[str]:
    """Return in sentences what the system says; none where only the preview can tell.

    Nothing is pushed and nothing is started; what stands in the way of delivering does not matter.
    Raises NotFoundError, RefusedError where there is nothing to deliver yet, and WorldError where
    the system does not answer.
    """
    check_environment(desk, environment)
    target = desk.target(environment)
    if not isinstance(target, PipelineTarget):
        return ()
    history = desk.history
    proposal = examine(
        desk, environment, snapshot=desk.snapshot(), history=history, version=version
    )
    release = proposal.release
    if release is None:
        raise refusal(proposal, f"there is nothing to rehearse for {environment}")
    key = delivery_key(release.digest, environment, next_attempt(history, release, environment))
    return target.rehearse(parcel_without_files(desk, release, environment, key))
