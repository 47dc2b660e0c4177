"""Check what is live: run the suite ``verify`` of its environment against it, and act on that.

Each call brings it one step on and returns how it stands, so that whoever dies in between is
followed by whoever asks next:

1. that it begins is noted, with the id of its run; then the run is started on the files of the
   version, its notebooks told where the version is live (``MLCD_LIVE``...);
2. when the run has ended its results are kept, and whether it is green is noted;
3. where it is red, what was live before is brought back. Where there is nothing to go back to, or
   what was brought back is red itself, the environment is held.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_mlcd.actions.examine import check_environment, missing_check
from jupyter_mlcd.actions.hold import hold_for
from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.actions.roll_back import roll_back
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.model.delivery import Given
from jupyter_mlcd.model.errors import MlcdError, NotFoundError, RefusedError
from jupyter_mlcd.model.flow import CheckEnd, CheckState, LiveCheck, LiveCheckBegun, LiveChecked
from jupyter_mlcd.model.result import GREEN, State
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.model.signers import same_person
from jupyter_mlcd.ports import ServingTarget
from jupyter_mlcd.world.clock import parse_time
from jupyter_mlcd.world.failpoints import failpoint

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import Live

BY_CHECK = "check"
"""What sends a roll back that no person asked for."""
_TRIES = 3
"""Runs that are lost before a check counts as red."""
_OTHERS_SECONDS = 3600.0
"""How long the check of another machine is waited for."""
_LONGEST_REASON = 500


def verify_live(desk: Desk, environment: str, *, again: bool = False) -> LiveCheck:
    """Begin the check of what is live in ``environment``, look at it, or act on what it found.

    ``again`` begins another one where one has ended. Raises NotFoundError, RefusedError where
    there is nothing to check or nothing to check it with.
    """
    live, suite = _what(desk, environment)
    check = desk.history.checks.get(live.key)
    if check is None or (again and check.state is not CheckState.GOING):
        check = _begin(desk, environment, live, suite)
    elif check.state is CheckState.GOING:
        check = _look(desk, check, live, suite)
    if check.state is CheckState.RED and check.led_to is CheckEnd.NOTHING:
        return _act(desk, check, live)
    return check


def refuse_to_check(desk: Desk, environment: str) -> None:
    """Raise NotFoundError, or RefusedError where there is nothing to check or to check it with."""
    _what(desk, environment)


def is_due(desk: Desk, environment: str) -> bool:
    """Whether what is live there was never checked, and nobody watches who would do it."""
    never = desk.history.check_of_live(environment) is None
    return never and desk.watching() is None and not why_unchecked(desk, environment)


def why_unchecked(desk: Desk, environment: str) -> str:
    """Return why what is live cannot be checked, in words; empty where it can."""
    try:
        _what(desk, environment)
    except RefusedError as error:
        return error.message
    return ""


def _what(desk: Desk, environment: str) -> tuple[Live, str]:
    """Return what is live and the suite that checks it."""
    check_environment(desk, environment)
    suite = desk.policy.environments[environment].verify
    if not suite:
        hint = f'Add verify = "SUITE" below [environments.{environment}].'
        words = f"{environment} has no suite that checks what is live"
        raise RefusedError(words, code="no-verify", hint=hint)
    live = desk.history.live.get(environment)
    if live is None:
        raise RefusedError(f"nothing is live in {environment} yet", code="nothing-live")
    if missing := missing_check(desk, environment, read_release(desk, _of(live))):
        words = f"{_of(live)} was made without {missing}, so it cannot be checked by {suite}"
        raise RefusedError(words, code="no-check")
    return live, suite


def _of(live: Live) -> str:
    """Return the version whose files check it: after a roll back, those that found the fault."""
    return live.back_from or live.version


def _begin(desk: Desk, environment: str, live: Live, suite: str) -> LiveCheck:
    run = desk.new_id()
    words = f"Check {live.version} in {environment}"
    desk.ledger.append([desk.event(LiveCheckBegun(live.key, suite, run))], {}, words, desk.by)
    failpoint("check-begun")
    there = desk.target(environment)
    told = {
        "MLCD_VERSION": live.version,
        "MLCD_ENVIRONMENT": environment,
        "MLCD_DIGEST": live.digest,
        "MLCD_LIVE": there.serves(environment) if isinstance(there, ServingTarget) else "",
    }
    try:
        # Its files as they were delivered, judged as the rules of today say.
        at = replace(desk.at(read_release(desk, _of(live)).commit), project=desk.policy)
        run_suite(at, RunRequest(suite, id=run, environment=told))
    except MlcdError as error:
        return _ended(desk, desk.history.checks[live.key], error.message, is_green=False)
    return desk.history.checks[live.key]


def _look(desk: Desk, check: LiveCheck, live: Live, suite: str) -> LiveCheck:
    try:
        run = desk.runner.load(check.run)
    except NotFoundError:
        if _is_others(desk, check):
            return check
        return _begin(desk, check.environment, live, suite)
    if run.state is not State.ENDED:
        return check
    if not run.digest and check.attempt < _TRIES:  # It was lost, as when this machine stops.
        return _begin(desk, check.environment, live, suite)
    if run.digest:
        with suppress(MlcdError):  # What may not be kept stays a draft; the verdict counts.
            keep_evidence(desk, run.id)
    return _ended(desk, check, run.reason, is_green=run.verdict in GREEN)


def _is_others(desk: Desk, check: LiveCheck) -> bool:
    age = parse_time(desk.now()) - parse_time(check.begun)
    return not same_person(check.by, desk.by) and age.total_seconds() < _OTHERS_SECONDS


def _ended(desk: Desk, check: LiveCheck, reason: str, *, is_green: bool) -> LiveCheck:
    body = LiveChecked(check.key, check.run, is_green, reason[:_LONGEST_REASON])
    verdict = "green" if is_green else "red"
    words = f"{check.version} in {check.environment} is {verdict}"
    desk.ledger.append([desk.event(body)], {}, words, desk.by)
    failpoint("check-ended")
    return desk.history.checks[check.key]


def _act(desk: Desk, check: LiveCheck, live: Live) -> LiveCheck:
    """Roll back, or hold the environment; a roll back that goes on is followed."""
    environment = check.environment
    why = f"{check.suite} is red on {check.version}: {check.reason}"
    stands = f"nothing was live there before {check.version}"
    if live.back_from:
        stands = f"{check.version} is what it was rolled back to"
    elif desk.history.back_to(environment):
        given = Given(why, by_itself=BY_CHECK)
        try:
            back = roll_back(desk, environment, replaces=check.version, given=given)
        except RefusedError as error:
            now = desk.history.live.get(environment)
            if now is None or now.key != check.key:
                return desk.history.checks[check.key]  # Somebody else was first.
            stands = error.message
        else:
            if back.state.succeeded or not back.state.over:
                return desk.history.checks[check.key]
            stands = f"the roll back is {back.state}: {back.reason}"
    hold_for(desk, check, f"{why}; {stands}"[: 2 * _LONGEST_REASON])
    return desk.history.checks[check.key]
