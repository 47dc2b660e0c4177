"""Describe parameters: what the form "Run as test" asks for, from the notebook as it is saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.actions.find_run import tested_runs
from jupyter_mlcd.model.errors import ParameterError, Problem, UsageError
from jupyter_mlcd.model.notebook import language_of
from jupyter_mlcd.model.parameter_cell import ParameterCell, declared
from jupyter_mlcd.model.parameter_form import ParameterForm
from jupyter_mlcd.model.parameter_schema import schema_of
from jupyter_mlcd.model.parameter_settling import settled
from jupyter_mlcd.model.parameter_text import writer_of
from jupyter_mlcd.model.parameter_types import in_words
from jupyter_mlcd.model.parameters import check_parameters, looks_secret
from jupyter_mlcd.model.project import entry_of, is_inside
from jupyter_mlcd.model.suite import NotebookEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.parameter_types import Parameter
    from jupyter_mlcd.model.run import Run

_NOTHING: dict[str, Any] = {"type": "object", "properties": {}}
_HINT_TAG = (
    "To be asked for values, give the cell with the default values the tag `parameters` "
    "(right side bar)."
)


def describe_parameters(desk: Desk, notebook: str) -> ParameterForm:
    """Return the form of a notebook's parameters; without any it says why, and it can be run.

    Raises UsageError for a path outside of the project, and for no notebook.
    """
    parsed = _parsed(desk, notebook)
    try:
        cell = _readable_cell(parsed)
    except ParameterError as error:
        return ParameterForm(notebook, _NOTHING, {}, {}, {}, "", problem=error.problem)
    if cell is None or not cell.parameters:
        return ParameterForm(notebook, _NOTHING, {}, {}, {}, "", problem=_none(cell))
    entry = _entry(desk, notebook)
    secret = [one.name for one in cell.parameters if looks_secret(one.name)]
    run = _last_run(desk, notebook)
    return ParameterForm(
        notebook=notebook,
        schema=_schema(cell, secret),
        given=_fitting(cell, entry.parameters),
        matrix={name: tuple(values) for name, values in entry.matrix.items()},
        last=_fitting(cell, _values(run, notebook)) if run else {},
        last_at=run.started if run else "",
        remarks=tuple(_secret_words(name) for name in secret),
    )


def _parsed(desk: Desk, notebook: str) -> Any:  # noqa: ANN401 - parsed JSON
    if not is_inside(notebook):
        message = f"{notebook!r} is not a path inside the project"
        raise UsageError(message, hint="Give it relative to the project, with / between.")
    try:
        parsed = json.loads(Path(desk.repository, desk.prefix, notebook).read_bytes())
        language_of(parsed)
        declared(parsed)
    except OSError:
        message = f"there is no notebook {notebook}"
        raise UsageError(message, code="no-notebook", hint="Save it first.") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = f"{notebook} cannot be read as a notebook"
        raise UsageError(message, code="not-a-notebook", hint="Open and save it again.") from None
    return parsed


def _readable_cell(parsed: Any) -> ParameterCell | None:  # noqa: ANN401 - parsed JSON
    """Return the cell that declares parameters. Raises ParameterError where none can be given."""
    cell = declared(parsed)
    if cell is None:
        return None
    writer_of(cell.language)
    if not cell.is_readable:
        language = cell.language.capitalize()
        raise ParameterError(
            f"its parameters cell [{cell.number}] is not {language}",
            code="parameters-cell",
            hint="Write plain assignments there.",
        )
    return cell


def _none(cell: ParameterCell | None) -> Problem:
    if cell is None:
        words = "this notebook has no cell tagged `parameters`"
        return Problem("no-parameters-cell", words, _HINT_TAG)
    words = f"its parameters cell [{cell.number}] assigns nothing"
    return Problem("no-parameters", words, "Write plain assignments there.")


def _schema(cell: ParameterCell, secret: list[str]) -> dict[str, Any]:
    """Return the schema with words for what each value is, and without what looks secret."""
    schema = schema_of(cell)
    asked = [one for one in cell.parameters if one.name not in secret]
    properties = {one.name: _shown(one, schema["properties"][one.name]) for one in asked}
    required = [name for name in schema["required"] if name in properties]
    return {**schema, "properties": properties, "required": required}


def _shown(parameter: Parameter, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one parameter as a browser can have it, with words."""
    found = {**schema, "x-words": in_words(parameter.accepted)}
    for part in ("default", "enum"):
        if not _is_sendable(found.get(part)):
            del found[part]
    if parameter.default_text and "default" not in found:
        found["x-default-text"] = parameter.default_text
    return found


def _is_sendable(value: object) -> bool:
    """Whether JSON and a browser's numbers can hold a value: no bytes, no NaN, no 2**60."""
    try:
        check_parameters({"value": value})
    except ParameterError:
        return False
    return True


def _secret_words(name: str) -> str:
    return (
        f"`{name}` looks like a secret: parameters are kept as evidence, so it is not asked for. "
        "Name it in `secrets` of the suite."
    )


def _entry(desk: Desk, notebook: str) -> NotebookEntry:
    """Return what mlcd.toml says of the notebook, in the first suite that has it."""
    entries = (entry_of(one) for suite in desk.project.suites.values() for one in suite.notebooks)
    return next((one for one in entries if one.path == notebook), NotebookEntry(path=notebook))


def _last_run(desk: Desk, notebook: str) -> Run | None:
    runs = tested_runs(desk, desk.history)
    return next((run for run in runs if run.suite == notebook), None)


def _values(run: Run, notebook: str) -> dict[str, Any]:
    """Return what a run gave the notebook, without what it varied."""
    case = next(one for one in run.cases if one.notebook == notebook)
    return {name: value for name, value in case.parameters.items() if name not in case.varied}


def _fitting(cell: ParameterCell, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those values that the cell, as it is now, would take."""
    return {name: value for name, value in values.items() if _fits(cell, name, value)}


def _fits(cell: ParameterCell, name: str, value: object) -> bool:
    if cell.parameter(name) is None or looks_secret(name):
        return False
    try:
        settled(cell, {name: value})
    except ParameterError:
        return False
    return True
