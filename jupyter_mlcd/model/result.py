"""What a case came to, cell by cell."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlcd.model.suite import Case


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
    FLAKY = "flaky"
    """Red at first, then passed in a fresh kernel; only where the suite allows a retry."""
    SKIPPED = "skipped"


GREEN = frozenset({Verdict.PASSED, Verdict.FLAKY})
"""What counts as passed. A flaky case says so wherever it is shown."""


class State(StrEnum):
    """Where a run or a case stands."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"


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
    expected_span: tuple[int, int] | None = None
    """Start and end of what changed in ``expected``, in characters; None where it is all of it."""
    got_span: tuple[int, int] | None = None
    """The same in ``got``."""
    by: str = ""
    """How it was compared where not letter by letter: "numbers within 1e-06 (relative)"."""
    picture: str = ""
    """Path in the bundle of a PNG that shows where two pictures differ; empty where none does."""


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


class Attempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An earlier execution of a case, before it was tried again in a fresh kernel."""

    verdict: Verdict
    reason: str
    started: str
    """UTC, ISO 8601."""
    duration: float
    """Seconds."""
    notebook: str = ""
    """Path of the executed notebook in the bundle; empty where there is none."""
    cells: tuple[CellResult, ...] = ()
    peak_memory: int = 0
    """Bytes."""


class ExhibitKind(StrEnum):
    """What a notebook recorded beside numbers."""

    TABLE = "table"
    FIGURE = "figure"


class Exhibit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table or a figure that a notebook recorded, found in its executed notebook."""

    name: str
    kind: ExhibitKind
    cell: int
    """Position of the cell in the executed notebook, counted from 0."""
    output: int
    """Position among the cell's outputs, counted from 0."""


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
    """``{name: value}``; of a slice of the data ``accuracy[segment="young"]``."""
    intervals: dict[str, tuple[float, float]] = {}
    """``{name: (low, high)}`` where the notebook recorded how sure it is."""
    exhibits: tuple[Exhibit, ...] = ()
    products: dict[str, FileDigest] = {}
    candidate: bool = False
    """Whether its products are the ones that a release takes."""
    attempts: tuple[Attempt, ...] = ()
    """Earlier executions, oldest first; the fields above are of the last one."""
    peak_memory: int = 0
    """Bytes that the kernel and all it started held at most; 0 where it was not measured."""
    remarks: tuple[str, ...] = ()
    """What the user should know and what does not change the verdict."""
    reference: str = ""
    """Path of the file of expected outputs; empty where they are the notebook's own."""


def empty_result(case: Case) -> CaseResult:
    """Return the result of a case that has not begun."""
    return CaseResult(
        id=case.id,
        notebook=case.notebook,
        parameters=case.parameters,
        varied=case.varied,
        after=case.after,
    )


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
    good = sum(result.verdict in GREEN for result in results)
    for verdict in _GRAVITY:
        # A case that has not ended has proved nothing either.
        worst = [result for result in results if (result.verdict or Verdict.NOT_RUN) is verdict]
        if worst:
            return verdict, f"{good} of {len(results)} cases passed; {_first(worst[0])}"
    flaky = [result for result in results if result.verdict is Verdict.FLAKY]
    if flaky:
        return Verdict.FLAKY, f"{good} of {len(results)} cases passed, {len(flaky)} on a retry"
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
