"""What accepting results of one case would change in its Reference. Writes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.actions.find_run import executed_notebook
from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.kept_outputs import kept_outputs
from jupyter_mlcd.model.notebook import code_positions, source_of
from jupyter_mlcd.model.reference import (
    Acceptance,
    ExpectedCell,
    Reference,
    digest_of_source,
    is_ignored,
    match_cells,
    parse_reference,
    reference_path,
)
from jupyter_mlcd.model.result import CaseResult, CellResult, Verdict
from jupyter_mlcd.world.files import safe_join

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.acceptance import AcceptRequest
    from jupyter_mlcd.model.run import Run


@dataclass(frozen=True)
class Proposal:
    """What is to be written for one case."""

    case: CaseResult
    path: str
    """From the repository's top."""
    old: Reference | None
    reference: Reference
    cells: tuple[RanCell, ...]
    """Those of which something else was expected, or nothing."""


@dataclass(frozen=True)
class RanCell:
    """One code cell of a case, in the notebook that is there now and as it was executed."""

    number: int
    """Place among the code cells, counted from 1."""
    place: int
    """Position in the notebook that is there now."""
    present: Mapping[str, Any]
    executed: Mapping[str, Any]
    result: CellResult


def propose_reference(
    desk: Desk, run: Run, index: int, request: AcceptRequest, said: Acceptance
) -> Proposal | None:
    """Return what would be written for a case; None where nothing of it is to be accepted.

    Raises RefusedError where the notebook's code is not what was tested, ConfigError where the
    present Reference cannot be read.
    """
    case = run.cases[index]
    if not any(request.takes(number, one) for number, one in enumerate(case.cells, 1)):
        return None
    executed = json.loads(executed_notebook(desk, run.id, index))
    present = _present_notebook(desk, case.notebook)
    cells = _paired(case, executed, present)
    taken = [one for one in cells if request.takes(one.number, one.result)]
    accepted = [one for one in taken if not is_ignored(one.present)]
    if request.is_one and not accepted:
        raise RefusedError(
            f"{case.notebook}, cell {taken[0].number} is marked not to be compared",
            code="ignored-cell",
            hint="Take NBVAL_IGNORE_OUTPUT or the tag nbval-ignore-output off first.",
        )
    if not accepted:
        return None
    path = desk.prefix + reference_path(case.notebook, case.parameters)
    file = safe_join(Path(desk.repository), path)
    old = parse_reference(file.read_bytes(), path) if file.is_file() else None
    reference, changed = _updated(old, case, present, accepted, said)
    return Proposal(case, path, old, reference, changed)


def _present_notebook(desk: Desk, notebook: str) -> dict[str, Any]:
    try:
        parsed = json.loads(Path(desk.repository, desk.prefix, notebook).read_bytes())
        code_positions(parsed)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RefusedError(
            f"{notebook} cannot be read: {error}", code="no-notebook", hint="Save it again."
        ) from None
    return dict(parsed)


def _paired(case: CaseResult, executed: dict[str, Any], present: dict[str, Any]) -> list[RanCell]:
    """Return the code cells of a case. Raises RefusedError if its code is not what was tested.

    Texts and saved outputs may have changed since: only code makes a result.
    """
    then, now = _own_cells(case, executed), _own_cells(case, present)
    code = [source_of(one) for _, one in then]
    if code != [source_of(one) for _, one in now] or len(code) != len(case.cells):
        raise RefusedError(
            f"{case.notebook} changed since this run",
            code="changed-since",
            hint="Run it again, look at the result, and accept that.",
        )
    numbers = range(1, len(now) + 1)
    return [
        RanCell(number, place, here, there, result)
        for number, (place, here), (_, there), result in zip(
            numbers, now, then, case.cells, strict=True
        )
    ]


def _own_cells(case: CaseResult, notebook: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Return the code cells without the one that parameters are injected in."""
    found = [(place, notebook["cells"][place]) for place in code_positions(notebook)]
    return [
        (place, cell)
        for place, cell in found
        if not case.parameters or "injected-parameters" not in cell["metadata"].get("tags", ())
    ]


def _updated(
    old: Reference | None,
    case: CaseResult,
    present: dict[str, Any],
    accepted: Sequence[RanCell],
    said: Acceptance,
) -> tuple[Reference, tuple[RanCell, ...]]:
    """Return the Reference with the accepted cells, and those of them that it did not hold so."""
    match = match_cells(old or Reference(case.notebook, case.parameters, ()), present)
    cells = {**match.same, **match.changed}
    changed: list[RanCell] = []
    for cell in accepted:
        outputs = kept_outputs(cell.executed.get("outputs", ()))
        was = match.same.get(cell.place)
        # What passed a comparison is expected already, whatever a sanitising rule let through.
        passed = cell.result.compared and cell.result.verdict is Verdict.PASSED
        if was is None or not (passed or was.outputs == outputs):
            cells[cell.place] = _expected(cell, outputs, said)
            changed.append(cell)
    ordered = tuple(cells[place] for place in sorted(cells))
    return Reference(case.notebook, case.parameters, ordered), tuple(changed)


def _expected(cell: RanCell, outputs: tuple[dict[str, Any], ...], said: Acceptance) -> ExpectedCell:
    return ExpectedCell(
        id=str(cell.present.get("id", "")),
        number=cell.number,
        source=digest_of_source(source_of(cell.present)),
        outputs=outputs,
        accepted=said,
    )
