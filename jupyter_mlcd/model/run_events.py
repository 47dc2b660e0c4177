"""The journal of a run: the runner appends events, ``fold`` turns them into the ``Run``.

Every door shows what ``fold`` returns. Nothing else keeps the state of a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.result import Attempt, CaseResult, State, Verdict, empty_result
from jupyter_mlcd.model.run import Coverage, NbvalCount, Run, RunPlan

if TYPE_CHECKING:
    from collections.abc import Iterable


class RunStarted(msgspec.Struct, frozen=True, tag="run-started", tag_field="event"):
    """The runner has the run in its hands."""

    at: str
    pid: int
    birth: str
    """When the process was born, as ``world.process`` writes it: tells it from a later one."""


class CaseStarted(msgspec.Struct, frozen=True, tag="case-started", tag_field="event"):
    """A case got its room and its kernel."""

    at: str
    case: str
    total: int
    """Code cells in the notebook."""
    attempts: tuple[Attempt, ...] = ()
    """Earlier executions, where it is tried again."""


class CellStarted(msgspec.Struct, frozen=True, tag="cell-started", tag_field="event"):
    """A cell was sent to the kernel."""

    at: str
    case: str
    position: int
    """Counted from 1 among the code cells."""


class CaseEnded(msgspec.Struct, frozen=True, tag="case-ended", tag_field="event"):
    """A case has its verdict; ``result`` is final."""

    at: str
    result: CaseResult


class RunEnded(msgspec.Struct, frozen=True, tag="run-ended", tag_field="event"):
    """The run is over and its bundle is written."""

    at: str
    verdict: Verdict
    reason: str
    candidates: tuple[str, ...] = ()
    """Ids of the cases whose products a release takes."""
    digest: str = ""
    coverage: Coverage | None = None
    nbval: NbvalCount | None = None


RunEvent = RunStarted | CaseStarted | CellStarted | CaseEnded | RunEnded


def fold(plan: RunPlan, events: Iterable[RunEvent], *, kept: bool = False) -> Run:
    """Return the state of the run that ``plan`` began and ``events`` tell."""
    cases = {case.id: empty_result(case) for case in plan.cases}
    run: dict[str, Any] = {}
    for event in events:
        match event:
            case RunStarted():
                run = {"state": State.RUNNING}
            case RunEnded():
                run = {
                    "state": State.ENDED,
                    "verdict": event.verdict,
                    "reason": event.reason,
                    "ended": event.at,
                    "digest": event.digest,
                    "coverage": event.coverage,
                    "nbval": event.nbval,
                }
                for name in event.candidates:
                    cases[name] = msgspec.structs.replace(cases[name], candidate=True)
            case _:
                _fold_case(cases, event)
    return Run(
        id=plan.id,
        project=plan.project,
        suite=plan.suite,
        tree=plan.tree,
        commit=plan.commit,
        dirty=plan.dirty,
        by=plan.by,
        started=plan.started,
        cases=tuple(cases.values()),
        estimate=plan.estimate,
        jobs=plan.jobs,
        kept=kept,
        partial=plan.partial,
        scored=plan.scored,
        **run,
    )


def _fold_case(cases: dict[str, CaseResult], event: CaseStarted | CellStarted | CaseEnded) -> None:
    replace = msgspec.structs.replace
    match event:
        case CaseStarted():
            cases[event.case] = replace(
                cases[event.case],
                state=State.RUNNING,
                started=event.at,
                position=0,
                total=event.total,
                attempts=event.attempts,
            )
        case CellStarted():
            cases[event.case] = replace(cases[event.case], position=event.position)
        case CaseEnded():
            cases[event.result.id] = event.result
