"""The report on a case: its verdict, what it recorded, what deserves a remark, pictures of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.execution.judging import judge_with_pictures

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nbformat import NotebookNode

    from jupyter_mlcd.execution.cell_log import CellLog
    from jupyter_mlcd.execution.contract import CaseReport
    from jupyter_mlcd.execution.nbval_replay import Replay
    from jupyter_mlcd.model.result import CellResult
    from jupyter_mlcd.world.redaction import Redactor


@dataclass(frozen=True)
class Judge:
    """Judges one case, as often as it is asked while the case goes on."""

    replay: Replay
    expected: NotebookNode
    """The source with the outputs that are expected of this case."""
    redactor: Redactor
    remarks: tuple[str, ...]
    """What was noticed before the kernel started."""
    attached: Path
    """Folder of pictures; its name is theirs in the evidence, below ``differences``."""

    def report(self, executed: NotebookNode, cells: CellLog, end: str) -> CaseReport:
        """Return the report on what has been executed so far; secrets are taken out of it first.

        ``end`` says how the kernel ended when it ended before the notebook did.
        """
        self.redact(executed, cells)
        report, pictures = judge_with_pictures(
            self.expected, executed, cells.outcomes, self.replay, end
        )
        remarks = (
            *self.remarks,
            *report.remarks,
            *_left_out(cells),
            *cells.remarks,
            *self.redactor.remarks,
        )
        results = tuple(self._with_pictures(cell, pictures) for cell in report.cells)
        return msgspec.structs.replace(report, cells=results, remarks=remarks)

    def redact(self, executed: NotebookNode, cells: CellLog) -> None:
        """Take the values of secrets out of all that is about to be written."""
        self.redactor.redact_notebook(executed)
        for outcome in cells.outcomes:
            outcome.error = self.redactor.redact_text(outcome.error)

    def _with_pictures(self, cell: CellResult, pictures: Mapping[str, bytes]) -> CellResult:
        """Return a result whose differences name their pictures as the evidence holds them."""
        drawn = {one.picture for one in cell.differences if one.picture}
        for name in drawn:
            self.attached.mkdir(parents=True, exist_ok=True)
            (self.attached / name).write_bytes(pictures[name])
        differences = tuple(
            msgspec.structs.replace(one, picture=f"differences/{self.attached.name}/{one.picture}")
            if one.picture
            else one
            for one in cell.differences
        )
        return msgspec.structs.replace(cell, differences=differences)


def _left_out(cells: CellLog) -> tuple[str, ...]:
    return tuple(
        f"cell {one.number}: {one.left_out:,} bytes of output were left out"
        for one in cells.outcomes
        if one.left_out
    )
