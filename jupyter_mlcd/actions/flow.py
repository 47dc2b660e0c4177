"""Flow: one pass of "run, gate, deliver, verify" over the environments that deliver by themselves.

For each environment, in the order of the ladder:

1. a delivery that is under way is followed to its end; one that this machine was asked for by a
   pass before, and that was never sent, is sent;
2. what a delivery brought is checked where it is live, and goes back where it is red;
3. suites that nobody has run on what is committed are run;
4. what beats what is live, by all rules and approvals, is delivered.

A pass never waits: it does what can be done now and says what goes on. Nothing is remembered
between two of them but by the ledger and the drafts of runs, so a pass after a crash goes on where
the one before stopped. What was refused, failed, was lost or was live before is not tried again
before something changes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.examine import Proposal, examine, refusal
from jupyter_mlcd.actions.find_run import own_runs
from jupyter_mlcd.actions.follow_delivery import follow_delivery, go_on
from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.actions.show_live import release_scores
from jupyter_mlcd.actions.verify_live import verify_live, why_unchecked
from jupyter_mlcd.model.approval import StatementFault
from jupyter_mlcd.model.delivery import Delivery, DeliveryState, Given
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.flow import (
    CheckEnd,
    CheckState,
    FlowKind,
    FlowPass,
    FlowStep,
    LiveCheck,
)
from jupyter_mlcd.model.gate import show
from jupyter_mlcd.model.project import seconds
from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.run import Run

WATCH = "watch"
"""What delivers by itself where no CI system does."""
_TRIES = 3
"""Runs on the same files that may be lost before nobody tries again."""
_REFUSED, _FAILED = 3, 4
"""Exit codes of the command line, as ``model.errors`` has them."""


def flow(desk: Desk, by: str = WATCH) -> FlowPass:
    """Make one pass on the commit that ``desk`` is of, and say what was done and what goes on.

    ``by`` is what delivers: ``watch``, or the name of a CI system, which keeps all it runs.
    """
    steps: list[FlowStep] = []
    for environment in desk.policy.ladder():
        try:
            steps.extend(_environment(desk, environment, by))
        except MlcdError as error:
            words = f"{error.message} {error.hint}".strip()
            steps.append(FlowStep(FlowKind.WAITS, environment, words, code=error.exit_code))
    watched = tuple(name for name in desk.policy.ladder() if _is_watched(desk, name))
    return FlowPass(tuple(steps), any(step.is_busy for step in steps), watched)


def _is_watched(desk: Desk, environment: str) -> bool:
    """Whether a pass does anything there."""
    own = desk.policy.environments[environment]
    return desk.policy.is_automatic(environment) or bool(own.verify)


def _environment(desk: Desk, environment: str, by: str) -> Iterator[FlowStep]:
    is_automatic = desk.policy.is_automatic(environment)
    going = desk.history.under_way(environment)
    if going is not None and (is_automatic or going.by_itself):
        step = _followed(desk, going)
        yield step
        if step.is_busy or step.kind is FlowKind.WAITS:
            return
    if desk.policy.environments[environment].verify and environment in desk.history.live:
        for step in _checked(desk, environment):
            yield step
            if step.is_busy:
                return
    if is_automatic:
        yield from _forward(desk, environment, by)


# ------------------------------------------------------------------------------- 1. under way


def _followed(desk: Desk, going: Delivery) -> FlowStep:
    if desk.at_work():
        words = f"{going.version} is being delivered"
        return FlowStep(
            FlowKind.DELIVERY, going.environment, words, is_busy=True, subject=going.key
        )
    is_ours = bool(going.by_itself) and going.by == desk.by
    found = go_on(desk, going.key) if is_ours else follow_delivery(desk, going.key)
    return _delivery_step(found)


def _delivery_step(found: Delivery) -> FlowStep:
    back = f", back from {found.back_from}" if found.back_from else ""
    reason = f": {found.reason}" if found.reason else ""
    words = f"{found.version}{back} is {found.state}{reason}"
    if found.state is DeliveryState.UNKNOWN or found.state is DeliveryState.REQUESTED:
        words = f"{words}; see: jupyter mlcd delivery show {found.key[:8]}"
        return FlowStep(FlowKind.WAITS, found.environment, words, code=_FAILED, subject=found.key)
    is_well = found.state.succeeded or not found.state.over
    return FlowStep(
        FlowKind.DELIVERY,
        found.environment,
        words,
        is_busy=not found.state.over,
        code=0 if is_well else _FAILED,
        subject=found.key,
    )


# ------------------------------------------------------------------------------- 2. what is live


def _checked(desk: Desk, environment: str) -> Iterator[FlowStep]:
    """Yield what became of the check of what is live, where there is one to be made."""
    before = desk.history.check_of_live(environment)
    is_over = before is not None and (
        before.state is CheckState.GREEN or before.led_to is not CheckEnd.NOTHING
    )
    if is_over or why_unchecked(desk, environment):
        return
    found = verify_live(desk, environment)
    yield _check_step(found)


def _check_step(found: LiveCheck) -> FlowStep:
    what, where = f"{found.version} by {found.suite}", found.environment
    if found.state is CheckState.GOING:
        words = f"checking {what}"
        return FlowStep(
            FlowKind.CHECK_BEGUN, found.environment, words, is_busy=True, subject=found.run
        )
    words = f"checked {what}: {found.state}, {found.reason}"
    if found.state is CheckState.GREEN:
        return FlowStep(FlowKind.CHECK_ENDED, where, words, subject=found.run)
    if found.led_to is CheckEnd.HELD:
        words = f"{words}; nothing is delivered until somebody lifts it"
        return FlowStep(FlowKind.HELD, where, words, code=1, subject=found.run)
    words = f"{words}; it is rolled back"
    return FlowStep(
        FlowKind.ROLLED_BACK, found.environment, words, is_busy=True, code=1, subject=found.run
    )


# ------------------------------------------------------------------------------- 3. and 4. forward


def _forward(desk: Desk, environment: str, by: str) -> Iterator[FlowStep]:
    if below := _unchecked_below(desk, environment):
        yield below
        return
    history = desk.history
    proposal = examine(desk, environment, snapshot=desk.snapshot(), history=history)
    yield from _tests(desk, environment, proposal, by)
    codes = {reason.code for reason in proposal.reasons}
    if "already-live" in codes:
        yield FlowStep(FlowKind.UP_TO_DATE, environment, f"{proposal.version} is live")
        return
    if codes & {"not-tested", "running"}:
        return
    if codes and not _hub_may_know(desk, environment, codes):
        yield _waits(proposal)
        return
    release = proposal.release
    if release is None:
        return
    if why := _why_not_again(desk, environment, history, release):
        yield FlowStep(FlowKind.WAITS, environment, why, code=_REFUSED)
        return
    found = deliver(desk, environment, digest=release.digest, given=Given(by_itself=by))
    step = _delivery_step(found)
    yield step
    if not step.is_busy and found.state.succeeded:
        yield from _checked(desk, environment)


def _unchecked_below(desk: Desk, environment: str) -> FlowStep | None:
    """Return that what is live on the rung below is not known to be well."""
    below = desk.policy.environments[environment].after
    if not below or not desk.policy.environments[below].verify or why_unchecked(desk, below):
        return None
    check = desk.history.check_of_live(below)
    if check is not None and check.state is CheckState.GREEN:
        return None
    version = desk.history.live[below].version
    words = f"{version} is not known to be well in {below}"
    return FlowStep(FlowKind.WAITS, environment, words, code=_REFUSED)


def _tests(desk: Desk, environment: str, proposal: Proposal, by: str) -> Iterator[FlowStep]:
    """Begin what was not run on these files, and say how the rest ended."""
    for tested in proposal.tested:
        run = tested.run
        numbers = {name: show(value) for name, value in release_scores_of(desk, proposal).items()}
        told = "".join(f", {name} {value}" for name, value in numbers.items())
        words = f"{run.suite} is {run.verdict}: {run.reason}{told}"
        yield FlowStep(FlowKind.TESTS_ENDED, environment, words, subject=run.id)
        if by != WATCH and not run.kept:  # Elsewhere nobody would ever find the draft.
            kept = keep_evidence(desk, run.id)
            yield FlowStep(FlowKind.KEPT, environment, f"kept as {kept.path}", subject=run.id)
    for reason in proposal.reasons:
        if reason.code == "running":
            yield FlowStep(
                FlowKind.TESTS_BEGUN, environment, reason.text, is_busy=True, subject=reason.subject
            )
        elif reason.code == "not-tested":
            yield _begun(desk, environment, reason.subject)


def release_scores_of(desk: Desk, proposal: Proposal) -> dict[str, float]:
    """Return one number per metric of a proposal; empty while it is no release."""
    return release_scores(desk, proposal.release) if proposal.release else {}


def _begun(desk: Desk, environment: str, suite: str) -> FlowStep:
    tree = desk.snapshot().tree
    lost = [run for run in own_runs(desk, desk.history) if _is_lost(run, suite, tree)]
    if len(lost) >= _TRIES:
        words = f"{suite} was lost {len(lost)} times on these files: {lost[0].reason}"
        return FlowStep(FlowKind.WAITS, environment, words, code=_FAILED, subject=lost[0].id)
    run = run_suite(desk, RunRequest(suite))
    words = f"{suite}: tests are running"
    return FlowStep(FlowKind.TESTS_BEGUN, environment, words, is_busy=True, subject=run.id)


def _is_lost(run: Run, suite: str, tree: str) -> bool:
    """Whether a run of the whole suite on these files ended without results."""
    same = run.suite == suite and run.tree == tree and not run.partial
    return same and run.state is State.ENDED and not run.digest


def _waits(proposal: Proposal) -> FlowStep:
    words = "; ".join(reason.text for reason in proposal.reasons)
    is_early = {reason.code for reason in proposal.reasons} == {"not-live-below"}
    code = 0 if is_early else refusal(proposal, "").exit_code
    return FlowStep(
        FlowKind.WAITS, proposal.environment, f"{proposal.version} waits: {words}", code=code
    )


def _hub_may_know(desk: Desk, environment: str, codes: set[str]) -> bool:
    """Whether all that is missing is a yes, and a hub can be asked for it: a delivery does so."""
    asked = desk.policy.environments[environment].approvals_from
    return asked is not None and codes == {StatementFault.MISSING.value}


def _why_not_again(desk: Desk, environment: str, history: History, release: Release) -> str:
    """Return why a version does not go out by itself though no rule is against it, or nothing."""
    attempts = history.attempts(release.digest, environment)
    last = attempts[-1] if attempts else None
    if last is not None and not (last.state.failed and _has_changed(history, last)):
        became = "was live before" if last.state.succeeded else f"was {last.state}: {last.reason}"
        return f"{release.version} {became}; it does not go out again by itself"
    rest = desk.policy.environments[environment].cool_down
    sent = [
        one.requested
        for one in history.deliveries.values()
        if one.environment == environment
        and one.by_itself
        and not (one.back_from or one.state.failed)
    ]
    if rest and sent:
        end = parse_time(sent[-1]) + timedelta(seconds=seconds(rest))
        if parse_time(desk.now()) < end:
            return f"{release.version} waits: it cools down until {end:%Y-%m-%d %H:%M:%S} UTC"
    return ""


def _has_changed(history: History, last: Delivery) -> bool:
    """Whether something else is live, or a hold was lifted, since a delivery came to nothing."""
    live = history.live.get(last.environment)
    ended = last.moments[-1].at
    times = [history.lifted.get(last.environment, ""), live.since if live else ""]
    return any(one > ended for one in times)
