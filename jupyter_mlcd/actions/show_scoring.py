"""How it stands with scoring a live model again: possible, under way, failed, or why not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.actions.find_run import own_runs
from jupyter_mlcd.actions.find_scored import Wanted, scorings_wanted
from jupyter_mlcd.actions.place_products import WAIVER, place_products
from jupyter_mlcd.model.errors import ConfigError, MlcdError, NotFoundError
from jupyter_mlcd.model.result import GREEN, State
from jupyter_mlcd.model.scored_live import LiveScoring, ScoringState, needed_cases
from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.model.scored_live import ScoredLive
    from jupyter_mlcd.model.suite import Case


_NOTED_SECONDS = 60.0
"""How long whoever follows a run takes at most to keep what it found."""


@dataclass(frozen=True)
class Plan:
    """How a live release would be scored, by the files of which commit."""

    at: Desk
    scored: ScoredLive
    cases: tuple[Case, ...]


def show_scoring(
    desk: Desk, environment: str, history: History, release: Release
) -> LiveScoring | None:
    """Return how it stands for the first rule of ``environment`` that cannot compare ``release``.

    None where every rule can.
    """
    wanted = scorings_wanted(desk, history, desk.policy.gates_for(environment), release)
    return tell_scoring(desk, environment, history, release, wanted[0]) if wanted else None


def tell_scoring(
    desk: Desk, environment: str, history: History, release: Release, wanted: Wanted
) -> LiveScoring:
    """Return how it stands with one release that has to be scored again."""
    runs = scoring_runs(desk, history, wanted)
    done = [one for one in history.scored.values()
            if one.is_of(wanted.live.digest, wanted.suite, wanted.bases)]  # fmt: skip
    state, words, hint, run = ScoringState.POSSIBLE, "", "", ""
    seconds: float | None = None
    going = open_run(history, runs)
    if going is not None:
        state = ScoringState.POSSIBLE if _is_left(desk, going) else ScoringState.GOING
        run = going.id
        words = f"{wanted.live.version} is being scored on today's data"
        if state is ScoringState.POSSIBLE:
            words = "Its run has ended, and nobody has kept its scores yet."
    elif done:
        state, run = ScoringState.FAILED, done[-1].run
        words, hint = done[-1].reason, WAIVER
        if done[-1].is_green:  # And yet it is not found: what it stood on is gone, or another.
            words = "its evidence is not here, or is none of this version"
    else:
        try:
            plan = plan_scoring(desk, history, release, wanted)
        except MlcdError as error:
            state, words, hint = ScoringState.IMPOSSIBLE, error.message, error.hint
        else:
            words = _in_words(plan, wanted)
            seconds = _expected(desk, wanted, plan)
    return LiveScoring(
        environment=environment,
        live_in=wanted.live_in,
        version=wanted.live.version,
        suite=wanted.suite,
        metrics=wanted.metrics,
        state=state,
        words=words,
        hint=hint,
        run=run,
        seconds=_took(runs) or seconds,
    )


def plan_scoring(desk: Desk, history: History, release: Release, wanted: Wanted) -> Plan:
    """Return how a live release is scored by the files of ``release``.

    Raises RefusedError where it cannot be, NotFoundError, ConfigError.
    """
    at = desk.at(release.commit)
    if wanted.suite not in at.project.suites:
        message = f"{release.commit[:7]} has no suite {wanted.suite}"
        raise NotFoundError(message, code="no-suite")
    cases = at.project.cases(wanted.suite)
    absent = [name for name in wanted.bases if name not in {case.notebook for case in cases}]
    if absent:
        raise ConfigError(f"{absent[0]} is not in {wanted.suite} of {release.commit[:7]}")
    scored = place_products(desk, history, wanted, cases)
    return Plan(at, scored, needed_cases(cases, scored.bases, scored.placed))


def scoring_runs(desk: Desk, history: History, wanted: Wanted) -> list[Run]:
    """Return the drafts that score this release in this way, newest first."""
    return [
        run
        for run in own_runs(desk, history)
        if run.scored
        and run.suite == wanted.suite
        and (run.scored.digest, run.scored.bases) == (wanted.live.digest, wanted.bases)
    ]


def open_run(history: History, runs: Sequence[Run]) -> Run | None:
    """Return the newest of these runs, unless it is known already what came of it."""
    return runs[0] if runs and runs[0].id not in history.scored else None


def _is_left(desk: Desk, run: Run) -> bool:
    """Whether a run has ended and whoever followed it is gone."""
    if run.state is not State.ENDED:
        return False
    return (parse_time(desk.now()) - parse_time(run.ended)).total_seconds() > _NOTED_SECONDS


def _in_words(plan: Plan, wanted: Wanted) -> str:
    """Return what scoring does, in a sentence."""
    files = dict.fromkeys(path for one in plan.scored.placed.values() for path in one)
    runs = dict.fromkeys(case.notebook for case in plan.cases if case.id not in plan.scored.placed)
    notebook_of = {case.id: case.notebook for case in plan.cases}
    makers = dict.fromkeys(notebook_of[name] for name, one in plan.scored.placed.items() if one)
    make = "makes" if len(makers) == 1 else "make"
    return (
        f"Runs {_and(list(runs))} on these files, with {_and(list(files))} of "
        f"{wanted.live.version} in place of what {_and(list(makers))} {make}, and keeps the scores."
    )


def _and(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _took(runs: Sequence[Run]) -> float | None:
    """Return how many seconds the last one took that came to its end."""
    for run in runs:
        if run.state is State.ENDED and run.verdict in GREEN:
            return (parse_time(run.ended) - parse_time(run.started)).total_seconds()
    return None


def _expected(desk: Desk, wanted: Wanted, plan: Plan) -> float | None:
    """Return how many seconds its notebooks took in the newest tests; None where one is unknown."""
    known = desk.runner.seconds_taken(wanted.suite)
    names = [case.id for case in plan.cases if case.id not in plan.scored.placed]
    return sum(known[name] for name in names) if all(name in known for name in names) else None
