"""Follow the CI run of the commit that is checked out, and fetch what it proved.

Looking starts nothing and pushes nothing: the history of others comes here, and ours stays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.actions.preview_ci import commands_of, plan_ci
from jupyter_mlcd.model.ci import CiRun, CiState
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError, NotFoundError
from jupyter_mlcd.model.evidence import ANY_CI, is_built_by
from jupyter_mlcd.model.plain_commands import Commands
from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.actions.preview_ci import CiPlan
    from jupyter_mlcd.ports import TargetAnswer

_YOUNG: Final = 90.0
"""Seconds in which a run may not show yet that was pushed or asked for."""
_STATES: Final = {
    DeliveryState.DELIVERED: CiState.PASSED,
    DeliveryState.FAILED: CiState.FAILED,
    DeliveryState.CANCELLED: CiState.CANCELLED,
    DeliveryState.UNKNOWN: CiState.UNKNOWN,
}


def follow_ci(desk: Desk) -> CiRun:
    """Return the CI run of the commit as it stands now, whoever started it.

    When it has ended, the evidence that it pushed is fetched. Raises ConfigError without ``[ci]``,
    RefusedError where the files are not a commit on a branch, WorldError where nothing is known
    and nobody can be asked.
    """
    plan = plan_ci(desk)
    if desk.ci_runs.at_work():
        return known_run(desk, plan)
    with desk.ci_runs.alone():
        known = known_run(desk, plan)
        run = _looked(desk, plan, known)
        if run.state.over and not run.evidence:
            run = _with_evidence(desk, plan, run)
        if run != known:
            desk.ci_runs.write(run)
        return run


def read_ci(desk: Desk) -> CiRun | None:
    """Return the CI run of the commit as it was seen last; nobody is asked."""
    return desk.ci_runs.read(desk.worktree.commit_of("HEAD"))


def known_run(desk: Desk, plan: CiPlan) -> CiRun:
    """Return the run of a plan as it was seen last."""
    found = desk.ci_runs.read(plan.commit)
    return found if found is not None and found.branch == plan.branch else plan.nothing_known


def ci_in_commands(desk: Desk, commit: str = "") -> Commands:
    """Return the commands that push and start as ``start_ci`` did or would. Raises as it does.

    NotFoundError for another ``commit`` than the one that is checked out.
    """
    if commit not in {"", desk.worktree.commit_of("HEAD")}:
        hint = "Check out the commit that it is about first."
        raise NotFoundError(f"{commit[:7]!r} is not checked out", hint=hint)
    plan = plan_ci(desk)
    known = desk.ci_runs.read(plan.commit)
    if known is not None and known.pushed:
        plan = replace(plan, pushes=True)
    return Commands(commands_of(plan))


def is_young(desk: Desk, since: str) -> bool:
    """Whether what was pushed or sent then need not show yet."""
    return (parse_time(desk.now()) - parse_time(since)).total_seconds() < _YOUNG


def as_seen(desk: Desk, known: CiRun, answer: TargetAnswer) -> CiRun:
    """Return a run as the system tells it now."""
    state = _STATES.get(answer.state, CiState.RUNNING)
    return msgspec.structs.replace(
        known,
        state=state,
        reason=answer.reason,
        url=answer.ticket.get("url", "") or known.url,
        since=answer.ticket.get("since", "") or known.since or desk.now(),
    )


def _looked(desk: Desk, plan: CiPlan, known: CiRun) -> CiRun:
    """Return what the system shows; where it cannot be asked, what was known, and why not."""
    if known.evidence and known.state is CiState.PASSED:
        return known
    try:
        answer = plan.pipeline.find_run(plan.commit, plan.branch)
    except MlcdError as error:
        if known.state is CiState.NONE:
            raise
        words = f"{known.system} cannot be asked now: {error.message}"
        return msgspec.structs.replace(known, reason=words)
    if answer is not None:
        return as_seen(desk, known, answer)
    begun = known.sent or known.pushed
    if begun and is_young(desk, begun):
        state = CiState.EXPECTED if not known.sent else known.state
        is_cut_off = state is CiState.STARTING  # whoever started it was killed
        return msgspec.structs.replace(known, state=CiState.UNKNOWN if is_cut_off else state)
    words = (
        f"{known.system} shows no run of this commit on {known.branch}" if begun else known.reason
    )
    return msgspec.structs.replace(known, state=CiState.NONE, reason=words)


def _with_evidence(desk: Desk, plan: CiPlan, run: CiRun) -> CiRun:
    """Fetch the evidence of others, and say whether that of this run came along."""
    try:
        desk.bring(plan.remote)
    except MlcdError as error:
        words = f"its evidence cannot be fetched now: {error.message}"
        return msgspec.structs.replace(run, reason=words)
    tree = desk.worktree.tree_of(plan.commit)
    came = any(
        one.tree == tree and is_built_by(ANY_CI, one.builder)
        for one in desk.history.evidence.values()
    )
    kept = desk.policy.ci.branch if desk.policy.ci else ""
    is_elsewhere = not came and kept not in {"", plan.branch}
    reason = (
        f"it keeps that of {kept} only, so bring the commit there" if is_elsewhere else run.reason
    )
    return msgspec.structs.replace(run, evidence=came, reason=reason)
