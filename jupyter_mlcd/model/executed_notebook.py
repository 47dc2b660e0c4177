"""An executed notebook held against what its case says of it, from the bytes of both alone.

What is found has a name, so that whoever reads it knows what was done: a notebook is hollow (cells
without counts, scores without outputs), out of order, edited after its run, swapped with that of
another case, or stale (its sources are not the tested ones). What our own runner leaves is none of
it: skipped cells have no count, an early end leaves later cells empty, a kernel that gives no
counts at all is only odd in Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.notebook import code_positions, language_of, source_of, tags_of
from jupyter_mlcd.model.parameter_cell import INJECTED_TAG, PYTHON, declared
from jupyter_mlcd.model.parameter_proof import prove_injected
from jupyter_mlcd.model.parameter_settling import settled
from jupyter_mlcd.model.parameter_values import plain
from jupyter_mlcd.model.recorded import recorded
from jupyter_mlcd.model.result import GREEN, CaseResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.model.result import CellResult, Exhibit

_RAN = frozenset({Verdict.PASSED, Verdict.FAILED})
"""What a cell came to that was executed to its end."""
_CUT_OFF = frozenset({Verdict.KILLED, Verdict.TIMEOUT, Verdict.CANCELLED})
"""After these the notebook may have been saved a moment later than the report."""
_RAISES = re.compile(r"raises[-_]exception", re.IGNORECASE)
_NUMBERED = re.compile(r"^notebooks/(\d{3})-.*(?<!attempt-\d)(?<!attempt-\d\d)\.ipynb$")


class Fault(StrEnum):
    """What was done to evidence."""

    HOLLOW = "hollow"
    """Cells are said to have run, and nothing shows it."""
    OUT_OF_ORDER = "out of order"
    """Execution counts are repeated or run backwards."""
    EDITED = "edited after the run"
    SWAPPED = "swapped"
    """A notebook stands under another case."""
    STALE = "stale"
    """The sources are not those of the tested files."""
    MIXED = "mixed"
    """Files of one bundle tell of different runs."""


@dataclass(frozen=True)
class Doubt:
    """One thing that contradicts the evidence."""

    fault: Fault
    words: str
    """Names the file and the cell."""


def read_notebook(content: bytes) -> dict[str, Any] | None:
    """Return a notebook of format 4 as parsed JSON; None for anything else."""
    try:
        parsed = msgspec.json.decode(content, type=dict[str, Any])
        whole = all(
            isinstance(cell["cell_type"], str)
            and isinstance(source_of(cell), str)
            and isinstance(cell.get("metadata", {}), dict)
            and isinstance(cell.get("outputs", []), list)
            for cell in parsed["cells"]
        )
        return parsed if whole and isinstance(parsed["metadata"], dict) else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, LookupError, TypeError,
            AttributeError):  # fmt: skip
        return None


def doubts_about(
    place: int, case: CaseResult, path: str, notebook: dict[str, Any], *, scored: bool = True
) -> Iterator[Doubt]:
    """Yield what contradicts a case in its executed notebook.

    ``place`` is the case's position in the run, ``path`` that of the notebook in the bundle. Of
    an earlier attempt the case's scores are not told: then it is not ``scored``.
    """
    numbered = _NUMBERED.match(path)
    if numbered and int(numbered[1]) != place:
        yield Doubt(Fault.SWAPPED, f"{path} stands under {case.id}")
    if not case.cells:
        return
    cells = _own_cells(case, notebook)
    told = notebook["metadata"].get("papermill") or {}
    given = told.get("parameters") if isinstance(told, dict) else None
    strange = [one for one in zip(case.cells, cells, strict=False) if _is_another(*one)]
    if len(cells) != len(case.cells) or strange:
        yield Doubt(Fault.SWAPPED, f"the cells of {path} are not those that {case.id} tells of")
        return
    if case.parameters and given != plain(case.parameters):
        words = f"{path} was given other parameters ({given}) than {case.id}"
        yield Doubt(Fault.SWAPPED, words)
        return
    yield from _about_parameters(case, path, notebook)
    yield from _about_counts(case, path, notebook, cells)
    for result, (position, cell) in zip(case.cells, cells, strict=True):
        yield from _about_verdict(case, result, f"{path}, cell {position}", cell)
    if scored and case.verdict not in _CUT_OFF:
        yield from _about_scores(case, path, notebook)


def _own_cells(case: CaseResult, notebook: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Return the code cells that came from the source, with their positions."""
    cells = notebook["cells"]
    found = [(position, cells[position]) for position in code_positions(notebook)]
    if not case.parameters:
        return found
    return [one for one in found if INJECTED_TAG not in tags_of(one[1])]


def _is_another(result: CellResult, found: tuple[int, dict[str, Any]]) -> bool:
    return bool(result.id) and result.id != found[1].get("id")


def _about_parameters(case: CaseResult, path: str, notebook: dict[str, Any]) -> Iterator[Doubt]:
    """Tell unless there is one injected cell, which gives just these parameters."""
    if not case.parameters:
        return
    cells = notebook["cells"]
    given = [at for at in code_positions(notebook) if INJECTED_TAG in tags_of(cells[at])]
    cell = declared(notebook)
    if len(given) != 1 or cell is None or given[0] != cell.index + 1:
        yield Doubt(Fault.EDITED, f"{path} has not the one cell that gives it its parameters")
        return
    try:
        values = settled(cell, case.parameters)
        prove_injected(language_of(notebook), source_of(cells[given[0]]), values)
    except ParameterError:
        words = f"{path}, cell {given[0]}: it gives other parameters than {case.id} had"
        yield Doubt(Fault.EDITED, words)


def _about_counts(
    case: CaseResult,
    path: str,
    notebook: dict[str, Any],
    cells: Sequence[tuple[int, dict[str, Any]]],
) -> Iterator[Doubt]:
    counts = [(at, cell.get("execution_count")) for at, cell in cells]
    if not any(count is not None for _, count in counts) and language_of(notebook) not in PYTHON:
        return  # This kernel gives none.
    for result, (position, cell) in zip(case.cells, cells, strict=True):
        where = f"{path}, cell {position}"
        if result.verdict in _RAN:
            # An empty cell is never sent.
            if not _has_run(cell) and source_of(cell).strip():
                yield Doubt(Fault.HOLLOW, f"{where}: it is said to have run and has no count")
        elif _has_run(cell) and _cannot_have_run(case, result):
            yield Doubt(Fault.EDITED, f"{where}: it is {result.verdict} and was executed")
    yield from _about_order(path, notebook)


def _cannot_have_run(case: CaseResult, result: CellResult) -> bool:
    is_late = case.verdict in _CUT_OFF
    return result.verdict is Verdict.SKIPPED or (result.verdict is Verdict.NOT_RUN and not is_late)


def _about_order(path: str, notebook: dict[str, Any]) -> Iterator[Doubt]:
    last = 0
    for position in code_positions(notebook):
        cell, where = notebook["cells"][position], f"{path}, cell {position}"
        count = cell.get("execution_count")
        if isinstance(count, int):
            if count <= last:
                yield Doubt(Fault.OUT_OF_ORDER, f"{where}: count {count} comes after {last}")
            last = max(last, count)
        shown = {
            one.get("execution_count")
            for one in cell.get("outputs", ())
            if isinstance(one, dict) and one.get("output_type") == "execute_result"
        }
        if shown - {count, None}:
            yield Doubt(Fault.EDITED, f"{where}: its output has another count than the cell")


def _has_run(cell: dict[str, Any]) -> bool:
    return cell.get("execution_count") is not None


def _about_verdict(
    case: CaseResult, result: CellResult, where: str, cell: dict[str, Any]
) -> Iterator[Doubt]:
    raised = [one for one in cell.get("outputs", ()) if _is_error(one)]
    expected = _RAISES.search(source_of(cell)) or any(map(_RAISES.search, tags_of(cell)))
    if result.verdict is Verdict.PASSED and raised and not expected:
        yield Doubt(Fault.EDITED, f"{where}: it passed and shows an error")
    if case.verdict in GREEN and result.verdict not in {Verdict.PASSED, Verdict.SKIPPED}:
        yield Doubt(Fault.EDITED, f"{where}: it is {result.verdict}, yet {case.id} passed")


def _is_error(output: Any) -> bool:  # noqa: ANN401 - untrusted JSON
    return isinstance(output, dict) and output.get("output_type") == "error"


def _about_scores(case: CaseResult, path: str, notebook: dict[str, Any]) -> Iterator[Doubt]:
    metrics: dict[str, float] = {}
    exhibits: dict[str, Exhibit] = {}
    for position in code_positions(notebook):
        found = recorded(notebook["cells"][position].get("outputs", ()), position)
        metrics.update(found.metrics)
        exhibits.update((one.name, one) for one in found.exhibits)
    for name in sorted(metrics.keys() | case.metrics.keys()):
        here, said = metrics.get(name), case.metrics.get(name)
        if here is None:
            yield Doubt(Fault.HOLLOW, f"{path}: no output shows the score `{name}` of {case.id}")
        elif here != said:
            yield Doubt(Fault.EDITED, f"{path}: `{name}` is {here}, {case.id} says {said}")
    for one in case.exhibits:
        if exhibits.get(one.name) != one:
            where = f"{path}, cell {one.cell}"
            yield Doubt(Fault.HOLLOW, f"{where}: `{one.name}` of {case.id} is not there")


def stale_cells(
    case: CaseResult, path: str, notebook: dict[str, Any], source: dict[str, Any]
) -> Iterator[Doubt]:
    """Yield the cells whose source is not that of the tested notebook ``source``."""
    if case.parameters:
        tested = [one for one in source["cells"] if INJECTED_TAG not in tags_of(one)]
        ran = [one for one in enumerate(notebook["cells"]) if INJECTED_TAG not in tags_of(one[1])]
    else:
        tested, ran = source["cells"], list(enumerate(notebook["cells"]))
    if len(tested) != len(ran):
        words = f"{path} has {len(ran)} cells, {case.notebook} had {len(tested)} when it was tested"
        yield Doubt(Fault.STALE, words)
        return
    for (position, cell), before in zip(ran, tested, strict=True):
        if source_of(cell) != source_of(before) or cell["cell_type"] != before["cell_type"]:
            words = f"{path}, cell {position}: its source is not that of the tested {case.notebook}"
            yield Doubt(Fault.STALE, words)
