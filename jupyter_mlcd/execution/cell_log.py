"""What became of each code cell, from the kernel's own replies.

Papermill writes "completed" on cells that never ran after a timeout or the death of a kernel; its
status is no evidence. This log is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SOURCE_INDEX = "mlcd_source_index"
"""Cell metadata while a notebook is executed: the cell's position in the source notebook."""


class Fate(Enum):
    """How the execution of one cell went."""

    NOT_RUN = "not run"
    RUNNING = "running"
    OK = "ok"
    ERROR = "error"
    EXIT = "exit"
    """The cell asked to end the notebook: ``sys.exit()``."""
    TIMEOUT = "timeout"
    DEAD = "dead"
    """The kernel died in it."""
    SKIPPED = "skipped"


@dataclass
class CellOutcome:
    """One cell as it was executed."""

    index: int | None
    """Position in the source notebook; None for the injected parameters."""
    number: int
    """Counted from 1 among the source's code cells: the ``[7]`` that JupyterLab shows beside a cell
    when a notebook is run from its top. 0 for the injected parameters."""
    fate: Fate = Fate.NOT_RUN
    error: str = ""
    """``ZeroDivisionError: division by zero``."""
    exit_argument: str = ""
    began: float = 0.0
    duration: float = 0.0
    """Seconds."""
    left_out: int = 0
    """Bytes of output beyond the limit."""


@dataclass
class CellLog:
    """The outcomes of a notebook's code cells, in the order of execution."""

    on_start: Callable[[CellOutcome], None] = lambda _: None
    on_text: Callable[[CellOutcome, str], None] = lambda *_: None
    """Called with what a cell prints, as it comes."""
    on_end: Callable[[CellOutcome], None] = lambda _: None
    """Called when nothing more comes from a cell."""
    outcomes: list[CellOutcome] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What the user should know about the execution as a whole."""

    def prepare(self, cells: list[Any]) -> None:
        """Note every code cell as not run."""
        number = 0
        for cell in cells:
            if cell.cell_type != "code":
                continue
            index = cell.metadata.get(SOURCE_INDEX)
            number += index is not None
            self.outcomes.append(CellOutcome(index, number if index is not None else 0))

    def start(self, outcome: CellOutcome) -> None:
        """Note that a cell goes to the kernel."""
        outcome.fate = Fate.RUNNING
        outcome.began = monotonic()
        self.on_start(outcome)

    def reply(self, outcome: CellOutcome, content: Mapping[str, Any] | None) -> None:
        """Note the kernel's reply to a cell."""
        outcome.duration = monotonic() - outcome.began
        if outcome.fate is not Fate.RUNNING:
            return
        content = content or {"status": "aborted"}
        name, value = str(content.get("ename", "")), str(content.get("evalue", ""))
        if content.get("status") == "ok":
            outcome.fate = Fate.EXIT if _asks_to_exit(content) else Fate.OK
        elif name == "SystemExit":
            outcome.fate, outcome.exit_argument = Fate.EXIT, value
        else:
            outcome.fate = Fate.ERROR
        if content.get("status") != "ok":
            status = str(content.get("status"))
            outcome.error = ": ".join(filter(None, (name, value))) or f"the kernel said: {status}"

    def stop(self, outcome: CellOutcome, fate: Fate) -> None:
        """Note that a cell did not come to its end."""
        outcome.duration = monotonic() - outcome.began
        outcome.fate = fate

    @property
    def running(self) -> CellOutcome | None:
        """The cell that is in the kernel now."""
        return next((one for one in self.outcomes if one.fate is Fate.RUNNING), None)


def _asks_to_exit(content: Mapping[str, Any]) -> bool:
    """Whether the reply is IPython's answer to ``exit()`` and ``quit()``, which raise nothing."""
    return any(one.get("source") == "ask_exit" for one in content.get("payload") or ())
