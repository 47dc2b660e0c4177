"""A run: one execution of a suite on one tree, case by case, cell by cell.

The runner appends ``RunEvent`` values to a journal; ``fold`` turns a plan and its journal into the
``Run`` that every door shows. Nothing else keeps the state of a run.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.suite import Case, Compare, Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Verdict(StrEnum):
    """What a case or a run came to. A verdict is a value, never an exception."""

    PASSED = "passed"
    FAILED = "failed"
    """Compared or scored wrong."""
    ERROR = "error"
    """A cell raised."""
    TIMEOUT = "timeout"
    KILLED = "killed"
    INCOMPLETE = "incomplete"
    """The notebook ended early without an error, for example by ``sys.exit(0)``."""
    CANCELLED = "cancelled"
    NOT_RUN = "not-run"
    SKIPPED = "skipped"


class State(StrEnum):
    """Where a run or a case stands."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"


class Change(StrEnum):
    """What happened to a file since the commit."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"


class FileDigest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file by its content."""

    sha256: str
    """64 hexadecimal digits."""
    size: int
    """Bytes."""


class Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Expected against got, for one field of one cell's output."""

    field: str
    """``stdout``, ``text/plain``, ``ename``..."""
    expected: str
    """Text, shortened in the middle when it is long."""
    got: str
    """Text, shortened in the middle when it is long."""


class CellResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One code cell."""

    index: int
    """Position of the cell in the source notebook, counted from 0, markdown cells included."""
    id: str
    """The cell's id in the notebook; empty before nbformat 4.5."""
    verdict: Verdict
    reason: str = ""
    """Why, in words; empty when it passed."""
    compared: bool = False
    """Whether its outputs were compared with the expected ones."""
    duration: float = 0.0
    """Seconds."""
    differences: tuple[Difference, ...] = ()


class CaseResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One notebook with one set of parameters, as far as it has come."""

    id: str
    """Path and explicit parameters."""
    notebook: str
    """Path of the notebook, relative to the project, with forward slashes."""
    parameters: dict[str, Any]
    """Explicit parameters: fixed ones and this case's point of the matrix."""
    varied: tuple[str, ...] = ()
    """Names of the parameters that differ between the cases of this notebook."""
    after: tuple[str, ...] = ()
    """Ids of the cases that this one waits for."""
    state: State = State.WAITING
    verdict: Verdict | None = None
    """None until it has ended."""
    reason: str = ""
    """Why, in one sentence; "11 of 11 cells ran, 2 compared" when it passed."""
    duration: float = 0.0
    """Seconds from the kernel's start to its end."""
    started: str = ""
    """UTC, ISO 8601."""
    position: int = 0
    """How many code cells have been started."""
    total: int = 0
    """How many code cells there are."""
    cells: tuple[CellResult, ...] = ()
    metrics: dict[str, float] = {}
    products: dict[str, FileDigest] = {}
    candidate: bool = False
    """Whether its products are the ones that a release takes."""


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The Run document that ``run --json`` prints and the REST API returns."""

    id: str
    """UUID version 7: sorts by time of start."""
    project: str
    suite: str
    """Name of the suite; for single notebooks their paths."""
    tree: str
    """Git tree id of the content that was tested."""
    commit: str
    """The commit that was checked out; empty on an unborn branch."""
    dirty: dict[str, Change]
    """Files of the tree that differ from the commit."""
    by: str
    """Who started it, as ``Name <e-mail>``."""
    started: str
    """UTC, ISO 8601."""
    cases: tuple[CaseResult, ...]
    state: State = State.WAITING
    verdict: Verdict | None = None
    """None until it has ended."""
    reason: str = ""
    ended: str = ""
    """UTC, ISO 8601; empty while it goes on."""
    estimate: float | None = None
    """Seconds that the whole run is expected to take, from earlier runs; None when unknown."""
    kept: bool = False
    """Whether it has been kept as evidence."""
    digest: str = ""
    """Fingerprint of the evidence bundle, ``sha256:...``; empty until the run has ended."""
    jobs: int = 1
    """How many cases ran side by side."""
    v: int = 1


class RunRequest(msgspec.Struct, frozen=True):
    """What was asked for: a suite, or notebooks, with what differs from mlcd.toml."""

    suite: str = ""
    """Empty: the only suite there is."""
    notebooks: tuple[str, ...] = ()
    """Paths relative to the project; then ``suite`` does not count."""
    parameters: dict[str, Any] = {}
    compare: Compare | None = None
    """None: as mlcd.toml says."""
    sanitize: str = ""
    jobs: int = 0
    """How many cases side by side; 0 for as many as there are processors."""


class RunPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the runner needs, decided before it starts and never changed."""

    id: str
    project: str
    """Name of the project."""
    prefix: str
    """Folder of the project inside the repository; empty at its root, else ending in ``/``."""
    repository: str
    """Folder from which git finds the repository."""
    suite: str
    tree: str
    commit: str
    dirty: dict[str, Change]
    by: str
    started: str
    cases: tuple[Case, ...]
    compare: Compare
    limits: Limits
    inputs: tuple[str, ...]
    """Declared untracked files and folders, linked read-only into every room."""
    jobs: int
    sanitize: str = ""
    """Path of an nbval sanitising file inside the project; empty for none."""
    estimate: float | None = None
    environment: dict[str, str] = {}
    """Extra environment variables of the kernels; never a secret."""
    interpreter: str = ""
    """The Python that notebooks of kernel ``python3`` run on."""
    v: int = 1


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


RunEvent = RunStarted | CaseStarted | CellStarted | CaseEnded | RunEnded


def empty_result(case: Case) -> CaseResult:
    """Return the result of a case that has not begun."""
    return CaseResult(
        id=case.id,
        notebook=case.notebook,
        parameters=case.parameters,
        varied=case.varied,
        after=case.after,
    )


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
        **run,
    )


def _fold_case(cases: dict[str, CaseResult], event: CaseStarted | CellStarted | CaseEnded) -> None:
    replace = msgspec.structs.replace
    match event:
        case CaseStarted():
            cases[event.case] = replace(
                cases[event.case], state=State.RUNNING, started=event.at, total=event.total
            )
        case CellStarted():
            cases[event.case] = replace(cases[event.case], position=event.position)
        case CaseEnded():
            cases[event.result.id] = event.result


_GRAVITY = (
    Verdict.CANCELLED,
    Verdict.KILLED,
    Verdict.TIMEOUT,
    Verdict.ERROR,
    Verdict.INCOMPLETE,
    Verdict.FAILED,
    Verdict.NOT_RUN,
)


def verdict_of(cases: Iterable[CaseResult]) -> tuple[Verdict, str]:
    """Return the verdict of a whole run and its reason: as bad as its worst case.

    A run without cases, or in which every case was skipped, has proved nothing and did not pass.
    """
    results = list(cases)
    if all(result.verdict is Verdict.SKIPPED for result in results):
        return Verdict.NOT_RUN, "no case ran, so nothing was proved"
    good = sum(result.verdict is Verdict.PASSED for result in results)
    for verdict in _GRAVITY:
        # A case that has not ended has proved nothing either.
        worst = [result for result in results if (result.verdict or Verdict.NOT_RUN) is verdict]
        if worst:
            return verdict, f"{good} of {len(results)} cases passed; {_first(worst[0])}"
    return Verdict.PASSED, f"{good} of {len(results)} cases passed"


def _first(result: CaseResult) -> str:
    return f"{result.id}: {result.reason}" if result.reason else result.id


def metrics_by_name(cases: Iterable[CaseResult]) -> Mapping[str, Mapping[str, float]]:
    """Return ``{metric: {case id: value}}`` in the order of the cases."""
    found: dict[str, dict[str, float]] = {}
    for result in cases:
        for name, value in result.metrics.items():
            found.setdefault(name, {})[result.id] = value
    return found
