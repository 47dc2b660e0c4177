"""A case is judged by its Reference where there is one, else by the notebook's own outputs."""

from __future__ import annotations

import copy
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.kept_outputs import saved_outputs
from jupyter_mlcd.model.notebook import code_positions
from jupyter_mlcd.model.reference import (
    Acceptance,
    ExpectedCell,
    Reference,
    is_ignored,
    match_cells,
    parse_reference,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_mlcd.execution.contract import CaseRequest

_KEPT = "mlcd_kept_outputs"
_CHANGED = "mlcd_changed_since_accepted"
_LONGEST_WHY = 80


def with_expected(
    source: NotebookNode, request: CaseRequest
) -> tuple[NotebookNode, tuple[str, ...]]:
    """Return the notebook with the outputs that are expected of the case, and remarks.

    A cell of which a result was accepted is compared as if it were marked so; where its code has
    changed since, ``changed_since_accepted`` says it. ``source`` itself stays as it is: it is
    executed, and what serves the comparison must not get into evidence. Raises ConfigError where
    the Reference cannot be read.
    """
    if not request.reference:
        return source, ()
    path = Path(request.reference)
    reference = parse_reference(path.read_bytes(), f"{path.parent.name}/{path.name}")
    _check_parameters(reference, request, path)
    expected = copy.deepcopy(source)
    return expected, tuple(_apply(reference, expected))


def _check_parameters(reference: Reference, request: CaseRequest, path: Path) -> None:
    if reference.parameters != request.case.parameters:
        raise ConfigError(
            f"{path.parent.name}/{path.name} holds the expected results of other parameters",
            code="other-reference",
            hint="Remove it, run, and accept the results: jupyter mlcd accept",
        )


def _apply(reference: Reference, notebook: NotebookNode) -> list[str]:
    """Put the expected outputs into the notebook; return remarks."""
    match = match_cells(reference, notebook)
    remarks: list[str] = []
    numbers = {place: number for number, place in enumerate(code_positions(notebook), 1)}
    for place, expected in {**match.same, **match.changed}.items():
        cell = notebook.cells[place]
        if is_ignored(cell):
            words = "has an expected result and is marked not to be compared"
            remarks.append(f"cell {numbers[place]} {words}")
            continue
        _expect(cell, expected)
        if place in match.changed:
            cell.metadata[_CHANGED] = _in_words(expected.accepted)
    remarks += [
        f"a cell whose result was accepted {_who(gone.accepted)} is no longer there "
        f"(it was cell {gone.number})"
        for gone in match.gone
    ]
    return remarks


def _expect(cell: NotebookNode, expected: ExpectedCell) -> None:
    cell.outputs = _nodes(saved_outputs(expected.outputs))
    cell.execution_count = 1
    cell.metadata[_KEPT] = expected.outputs
    # Who accepts a result wants it compared, also where only marked cells are.
    cell.metadata["tags"] = [*cell.metadata.get("tags", ()), "nbval-check-output"]


def expected_outputs(cell: NotebookNode, got: list[Any]) -> list[Any]:
    """Return the outputs that are expected of a cell of ``with_expected``.

    A value that the Reference holds by its digest alone is taken from ``got`` where it is there.
    """
    kept = cell.metadata.get(_KEPT)
    return list(cell.outputs) if kept is None else _nodes(saved_outputs(kept, got))


def changed_since_accepted(cell: NotebookNode) -> str:
    """Return why a cell cannot be compared with what was accepted; empty where it can."""
    return str(cell.metadata.get(_CHANGED, ""))


def _nodes(outputs: list[dict[str, Any]]) -> list[Any]:
    return [nbformat.from_dict(output) for output in outputs]  # type: ignore[no-untyped-call]


def _in_words(accepted: Acceptance) -> str:
    why = " ".join(accepted.why.split())
    short = why if len(why) <= _LONGEST_WHY else f"{why[: _LONGEST_WHY - 3]}..."
    return (
        f"its code has changed since its result was accepted {_who(accepted)} ({short}), so "
        "nothing says whether the new one is right; look at it, then run `jupyter mlcd accept`"
    )


def _who(accepted: Acceptance) -> str:
    name = accepted.by.partition(" <")[0] or "somebody"
    try:
        day = datetime.fromisoformat(accepted.at)
    except ValueError:
        return f"by {name}"
    return f"by {name} on {day.day} {day:%b %Y}"
