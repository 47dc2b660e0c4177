"""The way forward of a pass: run what is committed, judge it, and deliver what is better."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jupyter_mlcd.actions.deliver import deliver
from jupyter_mlcd.actions.examine import Proposal, examine, refusal
from jupyter_mlcd.actions.find_run import tested_runs
from jupyter_mlcd.actions.flow_steps import FAILED, REFUSED, check, delivery_step
from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.actions.score_live import score_live
from jupyter_mlcd.actions.show_live import release_scores
from jupyter_mlcd.actions.verify_live import why_unchecked
from jupyter_mlcd.model.approval import StatementFault
from jupyter_mlcd.model.delivery import Delivery, Given
from jupyter_mlcd.model.flow import WATCH, CheckState, FlowKind, FlowStep
from jupyter_mlcd.model.gate import show
from jupyter_mlcd.model.project import seconds
from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.model.scored_live import ScoringState, again_in_words
from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.run import Run

_TRIES = 3
"""Runs on the same files that may be lost before nobody tries again."""


def go_forward(desk: Desk, environment: str, by: str) -> Iterator[FlowStep]:
    """Run what was not run on what is committed, and deliver what nothing is against."""
    if below := _unknown_below(desk, environment):
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
        step = _scoring(desk, environment, proposal)
        yield from () if step is None else (step,)
        if step is None or not step.is_busy:
            yield _waits(proposal)
        return
    release = proposal.release
    if release is None:
        return
    if why := _why_not_again(desk, environment, history, release):
        yield FlowStep(FlowKind.WAITS, environment, why, code=REFUSED)
        return
    found = deliver(desk, environment, digest=release.digest, given=Given(by_itself=by))
    yield delivery_step(found)
    if found.state.succeeded:
        yield from check(desk, environment)


def _unknown_below(desk: Desk, environment: str) -> FlowStep | None:
    """Return that what is live on the rung below is not known to be well."""
    below = desk.policy.environments[environment].after
    if not below or not desk.policy.environments[below].verify or why_unchecked(desk, below):
        return None
    found = desk.history.check_of_live(below)
    if found is not None and found.state is CheckState.GREEN:
        return None
    version = desk.history.live[below].version
    words = f"{version} is not known to be well in {below}"
    return FlowStep(FlowKind.WAITS, environment, words, code=REFUSED)


def _tests(desk: Desk, environment: str, proposal: Proposal, by: str) -> Iterator[FlowStep]:
    """Begin what was not run on these files, and say how the rest ended."""
    for tested in proposal.tested:
        run = tested.run
        scores = release_scores(desk, proposal.release) if proposal.release else {}
        told = "".join(f", {name} {show(value)}" for name, value in scores.items())
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


def _begun(desk: Desk, environment: str, suite: str) -> FlowStep:
    tree = desk.snapshot().tree
    lost = [run for run in tested_runs(desk, desk.history) if _is_lost(run, suite, tree)]
    if len(lost) >= _TRIES:
        words = f"{suite} was lost {len(lost)} times on these files: {lost[0].reason}"
        return FlowStep(FlowKind.WAITS, environment, words, code=FAILED, subject=lost[0].id)
    run = run_suite(desk, RunRequest(suite))
    words = f"{suite}: tests are running"
    return FlowStep(FlowKind.TESTS_BEGUN, environment, words, is_busy=True, subject=run.id)


def _is_lost(run: Run, suite: str, tree: str) -> bool:
    """Whether a run of the whole suite on these files ended without results."""
    same = run.suite == suite and run.tree == tree and not run.partial
    return same and run.state is State.ENDED and not run.digest


def _scoring(desk: Desk, environment: str, proposal: Proposal) -> FlowStep | None:
    """Score what is live where a rule cannot compare with it: once, whatever comes of it."""
    found = proposal.scoring
    if found is None or found.state in {ScoringState.FAILED, ScoringState.IMPOSSIBLE}:
        return None
    found = score_live(desk, environment)
    if found.state is ScoringState.GOING:
        kind, words = FlowKind.SCORING_BEGUN, found.words
    elif found.state is ScoringState.DONE:
        kind, words = FlowKind.SCORING_ENDED, f"{again_in_words(found.version)}: {found.words}"
    else:
        words = f"{found.words}; it is not tried again by itself"
        return FlowStep(FlowKind.SCORING_ENDED, environment, words, code=1, subject=found.run)
    # What the rules say of what was scored is for the next pass.
    return FlowStep(kind, environment, words, is_busy=True, subject=found.run)


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
