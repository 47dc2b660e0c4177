"""What is live, as it is compared with: by its own scores, or as it was scored again since."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.actions.find_run import find_manifest, read_manifest
from jupyter_mlcd.actions.read_release import read_release
from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.model.gate import ScoredAgain, is_comparable
from jupyter_mlcd.model.metric import is_slice
from jupyter_mlcd.model.scored_live import wrong_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.delivery import History, Live
    from jupyter_mlcd.model.evidence import Evidence, Manifest
    from jupyter_mlcd.model.gate import Gate, Score
    from jupyter_mlcd.model.release import Release
    from jupyter_mlcd.model.result import CaseResult


@dataclass(frozen=True)
class Wanted:
    """A live release whose scores cannot be compared before it is scored again."""

    live_in: str
    live: Live
    suite: str
    bases: dict[str, str]
    """``{evaluating notebook: basis of the scores of today}``."""
    metrics: tuple[str, ...]


def live_scores(
    desk: Desk, history: History, environment: str, now: Mapping[str, Score]
) -> dict[str, Score]:
    """Return the scores of what is live, as far as they can be had as those of ``now`` were.

    What was not measured in the same way is taken from a kept run that scored exactly this release
    by exactly that evaluation, if there is one.
    """
    live = history.live[environment]
    found = read_release(desk, live.version).scores
    differing = [name for name, score in now.items() if not is_comparable(score, found.get(name))]
    if not differing:
        return found
    bases = {now[name].basis for name in differing}
    again: dict[str, Score] = {}
    for _, manifest in scored_again(desk, history, live, bases):
        for name in differing:
            score = manifest.scores.get(name)
            if score is not None and is_comparable(now[name], score):
                own = (score.notebook, score.values, score.basis)
                again.setdefault(name, ScoredAgain(*own, version=live.version))
    return {**found, **again}


def scored_again(
    desk: Desk, history: History, live: Live, bases: Collection[str]
) -> Iterator[tuple[Evidence, Manifest]]:
    """Yield the kept runs that scored a live release by one of these evaluations, newest first.

    A run that placed other files is none of them, whatever the history tells.
    """
    for kept, manifest in said_to_score(desk, history, live, bases):
        if not wrong_model(desk, history, manifest, live):
            yield kept, manifest


def said_to_score(
    desk: Desk, history: History, live: Live, bases: Collection[str]
) -> Iterator[tuple[Evidence, Manifest]]:
    """Yield the kept runs of which the history tells that, newest first."""
    for told in reversed(history.scored.values()):
        kept = history.evidence.get(told.run)
        is_of = told.is_green and told.digest == live.digest
        if kept is not None and is_of and set(bases) & set(told.bases.values()):
            yield kept, read_manifest(desk, kept)


def wrong_model(desk: Desk, history: History, manifest: Manifest, live: Live | None) -> str:
    """Return why what a run scored is not the release that it names, in words; empty where it is.

    ``live`` is what it is to have scored; None for whatever it names.
    """
    scored = manifest.run.scored
    if not scored:
        return "it scored no live version"
    if live is not None and live.digest != scored.digest:
        return f"it scored {scored.version}, and {live.version} is live"
    prepared = history.releases.get(scored.version)
    if prepared is None or prepared.digest != scored.digest:
        return f"there is no {scored.version} with the fingerprint that it names"
    release = read_release(desk, scored.version)
    if release.digest != scored.digest:
        return f"release.json of {scored.version} was changed"
    made = made_then(desk, history, release)
    return wrong_files(scored, manifest.run.cases, release.products, made)


def made_then(desk: Desk, history: History, release: Release) -> list[CaseResult]:
    """Return what the cases made that a release stands on, as far as that is kept here."""
    found: list[CaseResult] = []
    for run in release.runs:
        kept = history.evidence.get(run.id)
        with suppress(NotFoundError):
            found += read_manifest(desk, kept).run.cases if kept else ()
    return found


def compared_again(
    desk: Desk, history: History, gates: Sequence[Gate], release: Release
) -> Iterator[tuple[Evidence, Manifest, list[str]]]:
    """Yield the runs said to have scored what rules compare a release with, and its notebooks.

    Only those that such a rule needs: which scores the live release itself measured otherwise.
    """
    for where, own in _comparing(history, gates):
        before = read_release(desk, history.live[where].version).scores
        names = _not_comparable(own, release, before)
        needed = {release.scores[name].notebook: release.scores[name].basis for name in names}
        for kept, manifest in said_to_score(desk, history, history.live[where], needed.values()):
            told = {one.notebook for one in manifest.scores.values()}
            yield kept, manifest, [name for name in needed if name in told]


def scorings_wanted(
    desk: Desk,
    history: History,
    gates: Sequence[Gate],
    release: Release,
) -> list[Wanted]:
    """Return what has to be scored again before the rules can compare ``release`` with it."""
    found: list[Wanted] = []
    for where, own in _comparing(history, gates):
        before = live_scores(desk, history, where, release.scores)
        names = _not_comparable(own, release, before)
        found += _by_suite(desk, where, history.live[where], release, names)
    return found


def _comparing(history: History, gates: Sequence[Gate]) -> Iterator[tuple[str, list[Gate]]]:
    """Yield the environments that rules compare with and where something is live, with these."""
    for where in dict.fromkeys(gate.better_than for gate in gates if gate.better_than):
        if where in history.live:
            yield where, [gate for gate in gates if gate.better_than == where]


def _not_comparable(
    gates: Sequence[Gate], release: Release, before: Mapping[str, Score]
) -> list[str]:
    """Return the scores that these rules look at and ``before`` measured otherwise."""
    return [
        name
        for name, score in release.scores.items()
        if not is_comparable(score, before.get(name))
        and any(_is_about(gate, name) for gate in gates)
    ]


def _is_about(gate: Gate, name: str) -> bool:
    """Whether a rule looks at a score, or at slices of it."""
    return name == gate.metric or (bool(gate.slices) and is_slice(name, gate.metric))


def _by_suite(
    desk: Desk, where: str, live: Live, release: Release, names: Sequence[str]
) -> Iterator[Wanted]:
    left = list(names)
    for run in reversed(release.runs):  # Of several suites with a score, the last one's counts.
        try:
            told = find_manifest(desk, run.id).scores
        except NotFoundError:
            continue
        own = [name for name in left if told.get(name) == release.scores[name]]
        left = [name for name in left if name not in own]
        bases = {release.scores[name].notebook: release.scores[name].basis for name in own}
        if own:
            yield Wanted(where, live, run.suite, bases, tuple(own))
