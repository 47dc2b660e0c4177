"""Where it is live: the files as they are here, then every rung of the ladder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.examine import expected_version, read_release
from jupyter_mlcd.actions.find_run import find_tested
from jupyter_mlcd.model.gate import Gate, Score, summary
from jupyter_mlcd.model.result import GREEN
from jupyter_mlcd.model.status import EnvironmentStatus, Yours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.ports import Snapshot


def show_yours(
    desk: Desk, snapshot: Snapshot, history: History, runs: Sequence[Run]
) -> Yours | None:
    """Return how the files stand as they are here."""
    ladder = desk.policy.ladder()
    if not ladder or not snapshot.commit:
        return None
    suites = desk.policy.suites_for(ladder[0])
    found = [find_tested(desk, history, runs, suite, snapshot.tree) for suite in suites]
    tested = [one for one in found if one is not None and one.run.verdict in GREEN]
    scores: dict[str, Score] = {}
    for one in tested:
        scores.update(one.manifest.scores)
    return Yours(
        version=expected_version(history, snapshot),
        tested=bool(suites) and len(tested) == len(suites),
        scores=_summaries(desk, scores),
        live_in=_live_in(desk, snapshot, history),
    )


def _live_in(desk: Desk, snapshot: Snapshot, history: History) -> str:
    """Return the last rung on which exactly these files are live."""
    same = [
        name
        for name in desk.policy.ladder()
        if name in history.live
        and read_release(desk, history.live[name].version).tree == snapshot.tree
    ]
    return same[-1] if same else ""


def show_environment(desk: Desk, name: str, history: History) -> EnvironmentStatus:
    """Return one rung: what is live there, since when, and how its newest delivery stands."""
    live = history.live.get(name)
    own = [one for one in history.deliveries.values() if one.environment == name]
    return EnvironmentStatus(
        name=name,
        after=desk.policy.environments[name].after,
        target=desk.target(name).describe(),
        live=live,
        scores=release_scores(desk, read_release(desk, live.version)) if live else {},
        delivery=own[-1] if own else None,
        deliveries=len(own),
        back_to=history.back_to(name),
    )


def release_scores(desk: Desk, release: Release) -> dict[str, float]:
    """Return one number per metric, as the project's rules look at it; those with rules first."""
    return _summaries(desk, release.scores)


def _summaries(desk: Desk, scores: Mapping[str, Score]) -> dict[str, float]:
    rules = {gate.metric: gate for gate in reversed(desk.policy.gates)}
    names = sorted(scores, key=lambda name: (name not in rules, name))
    return {name: summary(rules.get(name, Gate(metric=name)), scores[name]) for name in names}
