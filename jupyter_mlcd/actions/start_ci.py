"""Start the CI run of the commit that is checked out: push it where need be, and start it once.

A run of the commit that goes on or proved something is shown and no other is started. What was
asked for is on disk before it is asked for: an answer that was lost is looked for, not asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.actions.follow_ci import as_seen, is_young, known_run
from jupyter_mlcd.actions.preview_ci import plan_ci
from jupyter_mlcd.model.ci import CiState
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import HubError, MlcdError, RefusedError
from jupyter_mlcd.world.failpoints import failpoint

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.actions.preview_ci import CiPlan
    from jupyter_mlcd.model.ci import CiRun

_NOTHING: Final = "Nothing was pushed and nothing was started."


def start_ci(desk: Desk, digest: str = "") -> CiRun:
    """Push and start what a preview showed, and return the run as it stands then.

    ``digest`` is that of the preview; empty for whatever it would show now. Raises RefusedError
    where something else would be pushed or started, GitError, WorldError.
    """
    plan = plan_ci(desk)
    if digest and digest != plan.digest:
        hint = f"{_NOTHING} Look at it again."
        raise RefusedError("this is no longer what was shown", code="changed", hint=hint)
    with desk.ci_runs.alone():
        known = known_run(desk, plan)
        at_work = msgspec.structs.replace(known, state=CiState.STARTING, reason="")
        desk.ci_runs.write(at_work)
        try:
            run = _started(desk, plan, known)
        except MlcdError as error:
            now = desk.ci_runs.read(plan.commit) or at_work
            words = f"it was not started: {error.message}"
            before = _before(known)
            reason = words if before is CiState.NONE else known.reason
            desk.ci_runs.write(msgspec.structs.replace(now, state=before, reason=reason))
            raise
        desk.ci_runs.write(run)
        return run


def _started(desk: Desk, plan: CiPlan, known: CiRun) -> CiRun:
    """Return the run of the commit, found or started."""
    if _is_there(desk, plan):
        return _of_what_is_there(desk, plan, known)
    pushed = _pushed(desk, plan, known)
    if not plan.starts_by_push:
        return _sent(desk, plan, pushed)
    try:
        return _found(desk, plan, pushed) or _expected(pushed)
    except MlcdError:
        return _expected(pushed)  # It is pushed, whoever can be asked about that now.


def _of_what_is_there(desk: Desk, plan: CiPlan, known: CiRun) -> CiRun:
    """Return the run of a commit that the remote has; one that may not show yet is waited for."""
    found = _found(desk, plan, known)
    if found is not None:
        return _sent(desk, plan, known) if found.may_start else found
    if known.sent and is_young(desk, known.sent):
        words = f"{known.system} was asked and shows no run yet: look again in a minute"
        return msgspec.structs.replace(known, state=CiState.UNKNOWN, reason=words)
    # By hand it may have been pushed a moment ago.
    seen = known.pushed or desk.remote(plan.remote).moved(plan.branch)
    if plan.starts_by_push and seen and is_young(desk, seen):
        return _expected(msgspec.structs.replace(known, pushed=seen))
    return _sent(desk, plan, known)


def _before(known: CiRun) -> CiState:
    """Return what is still true of a run where nothing was started beside it."""
    if known.state is CiState.STARTING:  # whoever started it was killed
        return CiState.UNKNOWN if known.sent else CiState.NONE
    return known.state


def _is_there(desk: Desk, plan: CiPlan) -> bool:
    """Whether the remote has the commit now. Raises RefusedError where it cannot get there."""
    ref = f"refs/heads/{plan.branch}"
    tip = desk.remote(plan.remote).refs([ref]).get(ref, "")
    name = f"{plan.remote}/{plan.branch}"
    if tip == plan.commit:
        return True
    if tip and desk.worktree.holds(tip, plan.commit):
        if plan.pipeline.at_tip:
            raise RefusedError(
                f"{name} has gone on to {tip[:7]}, and {plan.pipeline.name} runs the last commit",
                code="gone-on",
                hint=f"{_NOTHING} Check out the newest commit: git pull",
            )
        return True
    if tip and not desk.worktree.holds(plan.commit, tip):
        hint = f"{_NOTHING} Bring them here first: git pull {plan.remote} {plan.branch}"
        raise RefusedError(f"{name} has commits that are not here", code="behind", hint=hint)
    if not plan.pushes:
        hint = f"{_NOTHING} Somebody set it back. Look again: git fetch {plan.remote}"
        raise RefusedError(f"{name} no longer has this commit", code="changed", hint=hint)
    return False


def _pushed(desk: Desk, plan: CiPlan, known: CiRun) -> CiRun:
    desk.remote(plan.remote).push_commit(plan.commit, plan.branch)
    run = msgspec.structs.replace(known, state=CiState.STARTING, pushed=desk.now())
    desk.ci_runs.write(run)
    failpoint("ci-pushed")
    return run


def _found(desk: Desk, plan: CiPlan, known: CiRun) -> CiRun | None:
    answer = plan.pipeline.find_run(plan.commit, plan.branch)
    return as_seen(desk, known, answer) if answer is not None else None


def _sent(desk: Desk, plan: CiPlan, known: CiRun) -> CiRun:
    """Ask for a run, once."""
    run = msgspec.structs.replace(known, state=CiState.STARTING, sent=desk.now(), since="", url="")
    desk.ci_runs.write(run)
    failpoint("ci-before-send")
    answer = plan.pipeline.start_run(plan.commit, plan.branch)
    failpoint("ci-after-send")
    if answer.state is DeliveryState.REFUSED:
        desk.ci_runs.write(msgspec.structs.replace(known, state=CiState.NONE))
        raise HubError(answer.reason.rstrip("."), code="ci-refused")
    if answer.state is DeliveryState.UNKNOWN:
        try:
            answer = plan.pipeline.find_run(plan.commit, plan.branch) or answer
        except MlcdError:
            return as_seen(desk, run, answer)  # It is looked for once more when somebody looks.
    return as_seen(desk, run, answer)


def _expected(known: CiRun) -> CiRun:
    words = f"it was pushed, and {known.system} shows no run yet"
    return msgspec.structs.replace(known, state=CiState.EXPECTED, reason=words)
