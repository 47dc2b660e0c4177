"""What the runner hands to the process of a case, and what it gets back."""

from __future__ import annotations

import msgspec

from jupyter_mlcd.model.result import CellResult, Verdict
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


class CaseReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a case went, as its own process saw it."""

    verdict: Verdict
    reason: str
    cells: tuple[CellResult, ...] = ()
    metrics: dict[str, float] = {}
    remarks: tuple[str, ...] = ()
    """What the user should know and what does not change the verdict."""
    is_final: bool = True
    """False while the case goes on: what is known so far, in case that its process is killed."""
