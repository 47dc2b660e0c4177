"""What the runner hands to the process of a case, and what it gets back."""

from __future__ import annotations

import msgspec

from jupyter_mlcd.model.result import CellResult, Exhibit, Verdict
from jupyter_mlcd.model.suite import Case, Compare, ComparerRule


class CaseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case to be executed and judged. All paths are absolute."""

    run: str
    case: Case
    notebook: str
    """The notebook in the case's room."""
    executed: str
    """Where the executed notebook goes."""
    report: str
    """Where the report goes."""
    attached: str
    """Folder of further files of the evidence: pictures of differences."""
    journal: str
    log: str
    """Where the process and its kernel print to."""
    compare: Compare
    sanitize: tuple[str, ...]
    """Files of nbval's replacements, in the order in which they are applied."""
    comparers: dict[str, ComparerRule]
    cell_limit: float
    """Seconds for one cell."""
    output_limit: int
    """Bytes of one cell's outputs that are kept."""
    stops: bool
    """Whether the notebook ends at its first red cell."""
    interpreter: str
    """The Python of the kernel ``python3``."""
    memory_limit: int = 0
    """Bytes that the kernel and all it starts may hold; 0 for no limit."""
    secrets: tuple[str, ...] = ()
    """Variables of the kernel whose values must not stay in any output."""
    reference: str = ""
    """File of expected outputs; empty where they are the notebook's own."""
    coverage: tuple[str, ...] = ()
    """Folders of the project whose code is measured; empty: none is."""
    project: str = ""
    """The project's folder in the case's room."""
    measured: str = ""
    """Where the kernel writes which lines were executed."""
    name: str = ""
    """What the case's lines in the log begin with; empty where it is the run's only one."""


class CaseReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a case went, as its own process saw it."""

    verdict: Verdict
    reason: str
    cells: tuple[CellResult, ...] = ()
    metrics: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    exhibits: tuple[Exhibit, ...] = ()
    remarks: tuple[str, ...] = ()
    """What the user should know and what does not change the verdict."""
    peak_memory: int = 0
    """Bytes; 0 where it was not measured."""
    is_final: bool = True
    """False while the case goes on: what is known so far, in case that its process is killed."""
