"""Cells on which the real nbval says another thing than we do, and why, in words.

Our verdict is made by nbval's own comparison on what papermill's execution gave. The two executions
differ in a few known ways; this names the one that a cell's source and nbval's words point at.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.nbval_report import Judged, Outcome
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.world.files import safe_join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jupyter_mlcd.model.result import CaseResult, CellResult
    from jupyter_mlcd.model.run import RunPlan
    from jupyter_mlcd.model.suite import Case


@dataclass(frozen=True)
class CodeCell:
    """One code cell of the saved notebook."""

    index: int
    """Position in the notebook, counted from 0."""
    source: str


def code_cells(notebook: Path) -> list[CodeCell]:
    """Return the code cells of a notebook; none of one that cannot be read."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [
        CodeCell(index, "".join(cell.get("source", "")))
        for index, cell in enumerate(cells)
        if cell.get("cell_type") == "code"
    ]


_SAME = {
    Verdict.PASSED: Outcome.PASSED,
    Verdict.SKIPPED: Outcome.SKIPPED,
    Verdict.FAILED: Outcome.FAILED,
    Verdict.ERROR: Outcome.FAILED,
    Verdict.TIMEOUT: Outcome.FAILED,
    Verdict.KILLED: Outcome.FAILED,
    Verdict.INCOMPLETE: Outcome.FAILED,
}


def is_same(verdict: Verdict, outcome: Outcome) -> bool:
    """Whether a verdict of ours says what nbval says."""
    return _SAME.get(verdict) is outcome


def disagreements(
    plan: RunPlan, project: Path, results: Mapping[str, CaseResult], judged: Sequence[Judged]
) -> Iterator[str]:
    """Yield in words where nbval's verdict on a notebook is another than ours without parameters.

    A notebook all of whose cases have parameters is not compared: nbval knows no parameters.
    """
    by_notebook: dict[str, list[Judged]] = {}
    for one in judged:
        by_notebook.setdefault(one.notebook, []).append(one)
    plain = {case.notebook: case for case in plan.cases if not case.parameters}
    for notebook in dict.fromkeys(case.notebook for case in plan.cases):
        found = by_notebook.get(notebook, [])
        if notebook not in plain:
            yield f"{notebook}: not compared, because nbval knows no parameters"
        elif (result := results.get(plain[notebook].id)) is not None:
            cells = code_cells(safe_join(project, notebook))
            yield from _of_notebook(plan, plain[notebook], result, cells, found)


def _of_notebook(
    plan: RunPlan,
    case: Case,
    result: CaseResult,
    cells: Sequence[CodeCell],
    judged: Sequence[Judged],
) -> Iterator[str]:
    ours = {cell.index: cell for cell in result.cells}
    if cells and not judged:
        yield f"{case.notebook}: nbval judged no cell"
    for one in judged:
        if one.number < 0 or one.number >= len(cells):
            yield f"{case.notebook}: {_first_line(one.words) or 'nbval could not read it'}"
            continue
        cell = cells[one.number]
        own = ours.get(cell.index)
        if own is None or not is_same(own.verdict, one.outcome):
            verdict = own.verdict.value if own else result.reason or "not judged"
            why = "" if own is None else _cause(plan, result, own, cell, one)
            where = f"{case.notebook}, cell {one.number + 1}"
            yield f"{where}: {one.outcome.value} in nbval, {verdict} here{why and f'; {why}'}"


_NO_HISTORY = re.compile(r";\s*\Z|\b(?:In|Out|_\d+|_i+\d*|_ih|_oh|execution_count)\b|%hist|%rerun")
_HISTORY = "nbval executes cells without history: `;`, `In`, `Out` and counts do not work in it"
_UNHANDLED = re.compile(r"unhandled iopub msg: (\w+)")


def _cause(
    plan: RunPlan, result: CaseResult, own: CellResult, cell: CodeCell, judged: Judged
) -> str:
    if judged.outcome is Outcome.XFAILED or own.verdict is Verdict.NOT_RUN:
        return "after a timeout or the kernel's end nbval goes on, and expects what follows to fail"
    if own.verdict is Verdict.SKIPPED:
        return "nbval does not know `skip-execution`"
    if judged.outcome is Outcome.PASSED:
        return _stricter(own)
    if "outputs differ" in judged.words.casefold():
        return _of_outputs(plan, result, own, cell, judged)
    return _first_line(judged.words)


def _of_outputs(
    plan: RunPlan, result: CaseResult, own: CellResult, cell: CodeCell, judged: Judged
) -> str:
    unhandled = _UNHANDLED.search(judged.printed)
    is_lost = re.search(r"Missing output fields.*'std", judged.words)
    causes = (
        (not own.compared, "its outputs are not compared here: scores, or the suite says so"),
        (result.reference, f"compared here with {result.reference}"),
        (plan.comparers, "compared here by the suite's `comparers`"),
        (unhandled, f"nbval does not apply `{unhandled[1] if unhandled else ''}`"),
        (_NO_HISTORY.search(cell.source), _HISTORY),
        (is_lost, "nbval loses what other programs and C libraries print"),
    )
    return next((words for holds, words in causes if holds), _first_line(judged.words))


def _stricter(own: CellResult) -> str:
    if own.verdict is Verdict.ERROR:
        return f"nbval passes an error without output: {own.reason}"
    return own.reason


def _first_line(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("Cell ", "Missing", "Unexpected"))]
    return (telling or lines or [""])[-1 if telling else 0]
