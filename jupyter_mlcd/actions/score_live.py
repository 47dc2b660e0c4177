"""Score the live model on today's data: the way out where a rule cannot compare.

Each call brings it one step on and returns how it stands, so that whoever dies in between is
followed by whoever asks next:

1. the evaluation of the files that would be delivered is run, with the files of the live release
   in place of what the notebooks of today make;
2. when the run has ended its results are kept as evidence of that release, never of these files,
   and the history tells what came of it.

The rules compare with these scores from then on: for exactly that release and that evaluation.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.actions.examine import check_environment, examine
from jupyter_mlcd.actions.find_scored import Wanted, scorings_wanted
from jupyter_mlcd.actions.keep_evidence import keep_evidence
from jupyter_mlcd.actions.place_products import WAIVER, bring_placed
from jupyter_mlcd.actions.run_suite import run_suite
from jupyter_mlcd.actions.show_scoring import open_run, plan_scoring, scoring_runs, tell_scoring
from jupyter_mlcd.model.errors import MlcdError, RefusedError
from jupyter_mlcd.model.gate import Gate, show, summary
from jupyter_mlcd.model.result import GREEN, State
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.model.scored_live import LiveScored, LiveScoring, ScoringState, again_in_words
from jupyter_mlcd.world.failpoints import failpoint

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.run import Run

_TRIES = 3
"""Runs that are lost before nobody tries again."""
_LONGEST_REASON = 500


def score_live(
    desk: Desk, environment: str, *, again: bool = False, version: str = ""
) -> LiveScoring:
    """Begin to score what the rules of ``environment`` compare with, or see what came of it.

    ``again`` tries once more where it failed; ``version`` is the one that would be delivered, empty
    for the one that is ready. Raises NotFoundError; RefusedError where every rule can compare and
    where it cannot be done.
    """
    check_environment(desk, environment)
    history = desk.history
    proposal = examine(
        desk, environment, snapshot=desk.snapshot(), history=history, version=version
    )
    release = proposal.release
    if release is None:
        why = "; ".join(reason.text for reason in proposal.reasons)
        raise RefusedError(
            f"there is nothing to compare in {environment} yet: {why}",
            code="nothing-to-compare",
            hint="The files that would be delivered are tested first.",
        )
    wanted = scorings_wanted(desk, history, desk.policy.gates_for(environment), release)
    if not wanted:
        raise RefusedError(
            f"every rule of {environment} can compare as it is",
            code="comparable",
            hint="Nothing was run.",
        )
    found = tell_scoring(desk, environment, history, release, wanted[0])
    going = open_run(history, scoring_runs(desk, history, wanted[0]))
    if going is not None:
        return _look(desk, found, going, release, wanted[0])
    if found.state is ScoringState.IMPOSSIBLE:
        words = f"{found.version} cannot be scored on today's data: {found.words}"
        raise RefusedError(words, code="cannot-score", hint=found.hint)
    if found.state is ScoringState.FAILED and not again:
        return found
    return _begin(desk, found, release, wanted[0])


def find_scoring(desk: Desk, environment: str, version: str = "") -> LiveScoring | None:
    """Return how it stands with that, None where every rule can compare. Changes nothing.

    Raises NotFoundError.
    """
    check_environment(desk, environment)
    history = desk.history
    return examine(
        desk, environment, snapshot=desk.snapshot(), history=history, version=version
    ).scoring


def _begin(desk: Desk, found: LiveScoring, release: Release, wanted: Wanted) -> LiveScoring:
    plan = plan_scoring(desk, desk.history, release, wanted)
    bring_placed(desk, plan.scored)
    run = run_suite(plan.at, RunRequest(wanted.suite, scored=plan.scored))
    failpoint("scoring-begun")
    words = f"{found.version} is being scored on today's data"
    return msgspec.structs.replace(
        found, state=ScoringState.GOING, words=words, hint="", run=run.id
    )


def _look(
    desk: Desk, found: LiveScoring, run: Run, release: Release, wanted: Wanted
) -> LiveScoring:
    """Look at the run of it, and note what came of it where it has ended."""
    if run.state is not State.ENDED:
        return found
    if not run.digest:
        lost = [one for one in scoring_runs(desk, desk.history, wanted) if not one.digest]
        if len(lost) < _TRIES:
            return _begin(desk, found, release, wanted)
        return _ended(desk, found, wanted, f"its run was lost: {run.reason}", is_green=False)
    reason = _why_not(desk, run, wanted)
    return _ended(desk, found, wanted, reason or _scores_of(desk, run), is_green=not reason)


def _why_not(desk: Desk, run: Run, wanted: Wanted) -> str:
    """Keep what a run found, and return why its scores cannot be used, or nothing."""
    if run.verdict not in GREEN:
        with suppress(MlcdError):  # What may not be kept stays a draft; that it failed counts.
            keep_evidence(desk, run.id)
        return f"{wanted.live.version} could not be scored by these notebooks: {run.reason}"
    measured = {one.notebook: one.basis for one in desk.runner.manifest(run.id).scores.values()}
    odd = [name for name, basis in wanted.bases.items() if measured.get(name) != basis]
    try:
        keep_evidence(desk, run.id)
    except MlcdError as error:
        return f"its scores could not be kept: {error.message}"
    failpoint("scoring-kept")
    if odd:
        return (
            f"{odd[0]} scored {wanted.live.version} on other files than it scored these: what it "
            "takes is not the same each time that it is made"
        )
    return ""


def _scores_of(desk: Desk, run: Run) -> str:
    """Return what was measured, in words."""
    told = desk.runner.manifest(run.id).scores
    return ", ".join(f"{name} {show(summary(Gate(name), one))}" for name, one in told.items())


def _ended(
    desk: Desk, found: LiveScoring, wanted: Wanted, reason: str, *, is_green: bool
) -> LiveScoring:
    body = LiveScored(
        environment=wanted.live_in,
        version=wanted.live.version,
        digest=wanted.live.digest,
        suite=wanted.suite,
        run=found.run,
        bases=wanted.bases,
        is_green=is_green,
        reason=reason[:_LONGEST_REASON],
    )
    what = again_in_words(found.version)
    words = what if is_green else f"{what}: failed"
    desk.ledger.append([desk.event(body)], {}, words, desk.by)
    failpoint("scoring-ended")
    state = ScoringState.DONE if is_green else ScoringState.FAILED
    hint = "" if is_green else WAIVER
    return msgspec.structs.replace(found, state=state, words=body.reason, hint=hint)
