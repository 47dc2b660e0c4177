"""The verdict on a case: what became of its cells, what differs, what was recorded.

In words a cell is "cell 7" when it is the seventh code cell of the source notebook: the ``[7]``
that JupyterLab shows beside it when the notebook is run from its top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlcd.execution.cell_log import SOURCE_INDEX, CellOutcome, Fate
from jupyter_mlcd.execution.contract import CaseReport
from jupyter_mlcd.execution.nbval_replay import Comparison, Replay, marks_of
from jupyter_mlcd.execution.scores import recorded_scores
from jupyter_mlcd.model.result import CellResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbformat import NotebookNode

_LONGEST_REASON = 300
_ORDER = (
    Verdict.KILLED,
    Verdict.TIMEOUT,
    Verdict.ERROR,
    Verdict.INCOMPLETE,
    Verdict.FAILED,
)


def judge(
    source: NotebookNode,
    executed: NotebookNode,
    outcomes: Sequence[CellOutcome],
    replay: Replay,
    end: str = "",
) -> CaseReport:
    """Return the report on an executed notebook.

    ``end`` says how the kernel ended when it ended before the notebook did.
    """
    cells = [cell for cell in executed.cells if cell.cell_type == "code"]
    results: list[CellResult] = []
    numbers: list[int] = []
    scores: dict[str, float] = {}
    remarks: list[str] = []
    for outcome, cell in zip(outcomes, cells, strict=True):
        found, words = recorded_scores(cell.outputs)
        scores.update(found)
        remarks.extend(f"cell {outcome.number}: {word}" for word in words)
        result = _judge_cell(outcome, _source_cell(source, outcome), cell, replay, end)
        if outcome.index is not None or result.verdict in _ORDER:
            results.append(result)
            numbers.append(outcome.number)
    verdict, reason = _verdict(results, numbers, scores)
    own = tuple(result for result in results if result.index >= 0)
    return CaseReport(verdict, reason, own, scores, tuple(remarks))


def _source_cell(source: NotebookNode, outcome: CellOutcome) -> NotebookNode | None:
    return None if outcome.index is None else source.cells[outcome.index]


def _judge_cell(
    outcome: CellOutcome,
    source: NotebookNode | None,
    executed: NotebookNode,
    replay: Replay,
    end: str,
) -> CellResult:
    verdict, reason = _fate(outcome, source, executed, end)
    comparison = Comparison(compared=False)
    if source is not None and verdict is Verdict.PASSED:
        comparison = replay.compare(source, executed.outputs)
        if comparison.reason:
            verdict, reason = Verdict.FAILED, comparison.reason
    return CellResult(
        index=-1 if outcome.index is None else outcome.index,
        id="" if source is None else str(source.get("id", "")),
        verdict=verdict,
        reason=_short(reason),
        compared=comparison.compared,
        duration=round(outcome.duration, 3),
        differences=comparison.differences,
    )


def _fate(
    outcome: CellOutcome, source: NotebookNode | None, executed: NotebookNode, end: str
) -> tuple[Verdict, str]:
    match outcome.fate:
        case Fate.SKIPPED:
            return Verdict.SKIPPED, "marked to be skipped"
        case Fate.NOT_RUN:
            return Verdict.NOT_RUN, "an earlier cell ended the notebook"
        case Fate.TIMEOUT:
            return Verdict.TIMEOUT, f"took longer than {outcome.duration:.0f} s"
        case Fate.DEAD | Fate.RUNNING:
            return _death(end)
        case Fate.EXIT if outcome.exit_argument in {"", "0", "None"}:
            return Verdict.INCOMPLETE, "ended the notebook early by an exit"
        case _:
            return _of_errors(outcome, source, executed)


def _of_errors(
    outcome: CellOutcome, source: NotebookNode | None, executed: NotebookNode
) -> tuple[Verdict, str]:
    raised = outcome.error or _raised(executed.outputs)
    is_expected = source is not None and marks_of(source).raises
    return (Verdict.ERROR, raised) if raised and not is_expected else (Verdict.PASSED, "")


def _death(end: str) -> tuple[Verdict, str]:
    if end == "it ended with exit code 0":
        return Verdict.INCOMPLETE, "ended the kernel, and with it the notebook"
    return Verdict.KILLED, f"the kernel died: {end or 'its connection was lost'}"


def _raised(outputs: list[Any]) -> str:
    """Return the error that an output shows, though the kernel's reply was fine."""
    for output in outputs:
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}"
    return ""


def _verdict(
    results: list[CellResult], numbers: list[int], scores: dict[str, float]
) -> tuple[Verdict, str]:
    for verdict in _ORDER:
        bad = [
            (number, result)
            for number, result in zip(numbers, results, strict=True)
            if result.verdict is verdict
        ]
        if bad:
            return verdict, _short(_named(*bad[0]))
    ran = sum(result.verdict is Verdict.PASSED for result in results)
    if not ran:
        words = "every cell is marked to be skipped" if results else "it has no code cells"
        return Verdict.SKIPPED, words
    compared = sum(result.compared for result in results)
    what = [f"{ran} of {len(results)} cells ran"]
    if compared or not scores:
        what.append(f"{compared} compared" if compared else "nothing compared")
    if scores:
        what.append(f"{len(scores)} {'score' if len(scores) == 1 else 'scores'} recorded")
    return Verdict.PASSED, ", ".join(what)


def _named(number: int, result: CellResult) -> str:
    where = f"cell {number}" if number else "the injected parameters"
    return f"{where}: {result.reason}"


def _short(reason: str) -> str:
    line = " ".join(reason.split())
    return line if len(line) <= _LONGEST_REASON else f"{line[: _LONGEST_REASON - 3]}..."


def mark_source(notebook: NotebookNode) -> None:
    """Write each cell's position into its metadata, so that it is known after execution."""
    for index, cell in enumerate(notebook.cells):
        cell.metadata[SOURCE_INDEX] = index


def clean(executed: NotebookNode, source: NotebookNode) -> None:
    """Take out what only served execution: our marks, papermill's untrue status, empty tags."""
    for cell in executed.cells:
        index = cell.metadata.pop(SOURCE_INDEX, None)
        cell.metadata.pop("papermill", None)
        was_tagged = index is not None and "tags" in source.cells[index].metadata
        if not cell.metadata.get("tags") and not was_tagged:
            cell.metadata.pop("tags", None)
    papermill = executed.metadata.get("papermill", {})
    executed.metadata["papermill"] = {
        name: papermill[name] for name in ("parameters", "version") if name in papermill
    }
