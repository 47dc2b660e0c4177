"""Where it is live: the files as they are here, then every rung of the ladder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.examine import expected_version, frozen_now
from jupyter_mlcd.actions.find_run import find_tested
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.model.gate import Gate, Score, summary
from jupyter_mlcd.model.result import GREEN
from jupyter_mlcd.model.status import EnvironmentStatus, Yours
from jupyter_mlcd.world.clock import parse_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.ports import Snapshot

_CI_DAYS = 30
"""A CI system that kept nothing for so long does not watch any more."""


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
        automatic=desk.policy.is_automatic(name),
        watched_by=_watched_by(desk, name, history),
        held=history.held.get(name),
        frozen=frozen_now(desk, name),
        verify=desk.policy.environments[name].verify,
        check=history.check_of_live(name),
    )


def _watched_by(desk: Desk, name: str, history: History) -> str:
    """Return who delivers there by itself: this machine now, or a CI system of late."""
    if not desk.policy.is_automatic(name):
        return ""
    watching = desk.watching()
    if watching is not None:
        who = watching.by.partition(" <")[0]
        return f"{who} on this machine since {watching.since[:16].replace('T', ' ')} UTC"
    newest = next(reversed(history.evidence.values()), None)
    if newest is None or newest.builder == "local":
        return ""
    days = (parse_time(desk.now()) - parse_time(newest.at)).days
    return f"CI ({newest.builder})" if days < _CI_DAYS else ""


def release_scores(desk: Desk, release: Release) -> dict[str, float]:
    """Return one number per metric, as the project's rules look at it; those with rules first."""
    return _summaries(desk, release.scores)


def _summaries(desk: Desk, scores: Mapping[str, Score]) -> dict[str, float]:
    rules = {gate.metric: gate for gate in reversed(desk.policy.gates)}
    names = sorted(scores, key=lambda name: (name not in rules, name))
    return {name: summary(rules.get(name, Gate(metric=name)), scores[name]) for name in names}
