"""A live model, scored again by the evaluation of today: what stands in, and what came of it.

Scores compare where they were measured in the same way. When the evaluation changed since a release
went live, its files are put in place of what the notebooks of today would make, and the evaluation
of today measures them. Such a run tells of that release and never of the files that it ran on.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.result import FileDigest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jupyter_mlcd.model.result import CaseResult
    from jupyter_mlcd.model.suite import Case


class ScoredLive(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose model a run scores, in place of what its own notebooks would have made."""

    environment: str
    """Where it is live."""
    version: str
    digest: str
    """Its Release Digest."""
    bases: dict[str, str]
    """``{evaluating notebook: basis of the scores that it is to be compared with}``."""
    placed: dict[str, dict[str, FileDigest]]
    """``{case that is not executed: {file: digest}}``: what stands in for what it makes."""
    candidates: tuple[str, ...]
    """Those of the cases whose files are the ones that the release delivered."""
    delivering: tuple[str, ...]
    """Notebooks of the whole suite whose products a release takes."""

    @property
    def words(self) -> str:
        """What such a run is called."""
        return again_in_words(self.version)


def again_in_words(version: str) -> str:
    """Return what a run that scored a live version is called."""
    return f"{version} scored again on today's data"


class LiveScored(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="live-scored"):
    """A live release was scored by another evaluation than its own, or could not be."""

    environment: str
    """Where it is live."""
    version: str
    digest: str
    suite: str
    run: str
    bases: dict[str, str]
    """``{evaluating notebook: basis of the scores that it was to be compared with}``."""
    is_green: bool
    """Whether its scores can be compared with those."""
    reason: str

    def is_of(self, digest: str, suite: str, bases: dict[str, str]) -> bool:
        """Whether it is about this release and this way to measure."""
        return (self.digest, self.suite, self.bases) == (digest, suite, bases)


class ScoringState(StrEnum):
    """How it stands with scoring a live model again."""

    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    """The words say why, the hint what to do instead."""
    GOING = "going"
    FAILED = "failed"
    """It was tried. A person may try again; nothing does by itself."""
    DONE = "done"


class LiveScoring(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The way out of "not comparable": the live model, scored on today's data."""

    environment: str
    """Whose rules ask for it."""
    live_in: str
    """Where the model is live that they compare with."""
    version: str
    """What is live there."""
    suite: str
    metrics: tuple[str, ...]
    """The scores that cannot be compared without it."""
    state: ScoringState
    words: str
    """What it would do, how far it is, why it cannot be done, or what came of it."""
    hint: str = ""
    run: str = ""
    """The run that does it, or that did the last time; empty before the first."""
    seconds: float | None = None
    """How long it took the last time, or how long it should take; None where nobody knows."""


class ScoreBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Score the live model on today's data; ``again`` where it failed before.

    ``version`` is what would be delivered; empty for what is ready.
    """

    again: bool = False
    version: str = ""


def wrong_files(
    scored: ScoredLive,
    cases: Sequence[CaseResult],
    delivered: Mapping[str, FileDigest],
    made: Sequence[CaseResult],
) -> str:
    """Return which file did not stand where it should, in words; empty where all did.

    ``cases`` are those of the run, ``delivered`` the files of the release, and ``made`` what the
    cases made that it stands on.
    """
    own = set(delivered.items())
    then = own.union(*(case.products.items() for case in made))
    found = {case.id: case for case in cases}
    if not scored.placed or scored.placed.keys() - found.keys():
        return "the cases that files stand in for are not among its cases"
    for name, placed in scored.placed.items():
        if found[name].cells or found[name].products != placed:
            return f"{name} did not get the files that stand in its place"
        odd = placed.items() - (own if name in scored.candidates else then)
        if odd:
            return f"{min(path for path, _ in odd)} in place of {name} is none of {scored.version}"
    return ""


def needed_cases(
    cases: Sequence[Case], evaluating: Collection[str], placed: Collection[str]
) -> tuple[Case, ...]:
    """Return the cases of a suite that scoring needs: those of the evaluating notebooks, and back.

    What stands behind a case that is not executed is not needed.
    """
    needed: set[str] = set()
    for case in reversed(cases):  # each stands after those it waits for
        if case.notebook in evaluating or case.id in needed:
            needed.add(case.id)
            needed.update(() if case.id in placed else case.after)
    return tuple(
        msgspec.structs.replace(case, after=()) if case.id in placed else case
        for case in cases
        if case.id in needed
    )
