"""The verdict on a case: what became of its cells, what differs, what was recorded.

In words a cell is "cell 7" when it is the seventh code cell of the source notebook: the ``[7]``
that JupyterLab shows beside it when the notebook is run from its top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlcd.execution.cell_log import SOURCE_INDEX, CellOutcome, Fate
from jupyter_mlcd.execution.contract import CaseReport
from jupyter_mlcd.execution.markers import marker_remarks, marks_of
from jupyter_mlcd.execution.nbval_replay import Comparison, Replay
from jupyter_mlcd.model.recorded import recorded
from jupyter_mlcd.model.result import CellResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbformat import NotebookNode

    from jupyter_mlcd.model.result import Exhibit

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
    return judge_with_pictures(source, executed, outcomes, replay, end)[0]


def judge_with_pictures(
    source: NotebookNode,
    executed: NotebookNode,
    outcomes: Sequence[CellOutcome],
    replay: Replay,
    end: str = "",
) -> tuple[CaseReport, dict[str, bytes]]:
    """Return the report on an executed notebook, and the PNGs that its differences name."""
    cells = [one for one in enumerate(executed.cells) if one[1].cell_type == "code"]
    results: list[CellResult] = []
    numbers: list[int] = []
    scores: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    exhibits: dict[str, Exhibit] = {}
    remarks: list[str] = []
    pictures: dict[str, bytes] = {}
    for outcome, (place, cell) in zip(outcomes, cells, strict=True):
        found = recorded(cell.outputs, place)
        scores.update(found.metrics)
        # A score recorded again counts with its own interval, or with none.
        intervals = {key: ends for key, ends in intervals.items() if key not in found.metrics}
        intervals.update(found.intervals)
        exhibits.update((one.name, one) for one in found.exhibits)
        remarks.extend(f"cell {outcome.number}: {remark}" for remark in found.remarks)
        result, drawn = _judge_cell(outcome, _source_cell(source, outcome), cell, replay, end)
        pictures.update(drawn)
        if outcome.index is not None or result.verdict in _ORDER:
            results.append(result)
            numbers.append(outcome.number)
    verdict, reason = _verdict(results, numbers, scores)
    own = tuple(result for result in results if result.index >= 0)
    remarks.extend(marker_remarks(source))
    report = CaseReport(
        verdict,
        reason,
        own,
        metrics=scores,
        intervals=intervals,
        exhibits=tuple(exhibits.values()),
        remarks=tuple(remarks),
    )
    return report, pictures


def _source_cell(source: NotebookNode, outcome: CellOutcome) -> NotebookNode | None:
    return None if outcome.index is None else source.cells[outcome.index]


def judge_cell(
    outcome: CellOutcome,
    source: NotebookNode | None,
    executed: NotebookNode,
    replay: Replay,
    end: str = "",
) -> CellResult:
    """Return what one cell came to; ``source`` is None for the injected parameters."""
    return _judge_cell(outcome, source, executed, replay, end)[0]


def _judge_cell(
    outcome: CellOutcome,
    source: NotebookNode | None,
    executed: NotebookNode,
    replay: Replay,
    end: str,
) -> tuple[CellResult, Mapping[str, bytes]]:
    verdict, reason = _fate(outcome, source, executed, end)
    comparison = Comparison(compared=False)
    if source is not None and verdict is Verdict.PASSED:
        comparison = replay.compare(source, executed.outputs, f"cell-{outcome.index}")
        if comparison.reason:
            verdict, reason = Verdict.FAILED, comparison.reason
    result = CellResult(
        index=-1 if outcome.index is None else outcome.index,
        id="" if source is None else str(source.get("id", "")),
        verdict=verdict,
        reason=_short(reason),
        compared=comparison.compared,
        duration=round(outcome.duration, 3),
        differences=comparison.differences,
    )
    return result, comparison.pictures


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
    if is_expected and not raised:
        return Verdict.FAILED, "was expected to raise and did not"
    return (Verdict.ERROR, raised) if raised and not is_expected else (Verdict.PASSED, "")


def _death(end: str) -> tuple[Verdict, str]:
    if end.startswith("it ended with exit code 0"):
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
    bad = [
        (number, result)
        for number, result in zip(numbers, results, strict=True)
        if result.verdict in _ORDER
    ]
    if bad:
        return _red(bad)
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


def _red(bad: list[tuple[int, CellResult]]) -> tuple[Verdict, str]:
    """Return the worst verdict. The first cell leads: the later ones may only follow from it.

    The one that gave the verdict is named too, where that is another one.
    """
    gravest = min(bad, key=lambda one: _ORDER.index(one[1].verdict))
    verdict = gravest[1].verdict
    named = bad[:1] if bad[0][1].verdict is verdict else [bad[0], gravest]
    more = len(bad) - len(named)
    end = f"; {more} more {'cell' if more == 1 else 'cells'} failed" if more else ""
    room = (_LONGEST_REASON - len(end)) // len(named) - len("; ")
    return verdict, "; ".join(_short(_named(*one), room) for one in named) + end


def _named(number: int, result: CellResult) -> str:
    where = f"cell {number}" if number else "the injected parameters"
    return f"{where}: {result.reason}"


def _short(reason: str, longest: int = _LONGEST_REASON) -> str:
    line = " ".join(reason.split())
    return line if len(line) <= longest else f"{line[: longest - 3]}..."


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
