"""The cell that gives a notebook its parameters, put where papermill would put it.

The text is ours and not papermill's: it is proved by reading it back, it knows dates, and the same
on every machine.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import nbformat.v4
from papermill.version import version as papermill_version

from jupyter_mlcd.model.notebook import tags_of
from jupyter_mlcd.model.parameter_cell import INJECTED_TAG, declared
from jupyter_mlcd.model.parameter_check import check
from jupyter_mlcd.model.parameter_text import inject
from jupyter_mlcd.model.parameter_values import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

_FIRST_MINOR_WITH_IDS = 5


def parameterize(
    notebook: NotebookNode, parameters: Mapping[str, Any], language: str
) -> NotebookNode:
    """Return a copy of a notebook with the cell that gives it ``parameters``.

    It stands after the first cell tagged ``parameters``; one of an earlier injection is left out.
    ``metadata.papermill`` names the parameters as papermill does. ``language`` is the kernel's.
    Raises ParameterError when there is no place for them or they cannot be written.
    """
    changed = copy.deepcopy(notebook)
    if not parameters:
        return changed
    cell = declared(changed, language)
    if cell is None:
        check(parameters, cell, ())  # says so
        return changed
    given = nbformat.v4.new_code_cell(source=inject(language, cell, parameters))  # type: ignore[no-untyped-call]
    given.metadata["tags"] = [INJECTED_TAG]
    if changed.nbformat_minor < _FIRST_MINOR_WITH_IDS:
        del given["id"]
    before, after = changed.cells[: cell.index + 1], changed.cells[cell.index + 1 :]
    changed.cells = [*_without_given(before), given, *_without_given(after)]
    _name_parameters(changed, parameters)
    return changed


def _without_given(cells: list[NotebookNode]) -> list[NotebookNode]:
    return [cell for cell in cells if INJECTED_TAG not in tags_of(cell)]


def _name_parameters(notebook: NotebookNode, parameters: Mapping[str, Any]) -> None:
    """Say in the metadata what papermill says there when it injects."""
    ours = {
        "default_parameters": {},
        "environment_variables": {},
        "version": papermill_version,
        **(notebook.metadata.get("papermill") or {}),
        "parameters": plain(parameters),
    }
    notebook.metadata["papermill"] = type(notebook)(ours)
