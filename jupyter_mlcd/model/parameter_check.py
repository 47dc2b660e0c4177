"""What is wrong with given parameters, told before anything runs; and what deserves a remark."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.parameter_cell import declared, other_cells
from jupyter_mlcd.model.parameter_reading import reader_of
from jupyter_mlcd.model.parameter_settling import settled
from jupyter_mlcd.model.parameter_text import writer_of
from jupyter_mlcd.model.parameter_types import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlcd.model.parameter_cell import OtherCell, ParameterCell
    from jupyter_mlcd.model.parameter_reading import Reader


def check_notebook(
    parameters: Mapping[str, Any],
    notebook: Any,  # noqa: ANN401 - parsed JSON or an nbformat node
    language: str = "",
) -> tuple[str, ...]:
    """Check the parameters that a notebook is given; return remarks. Raises ParameterError."""
    cell = declared(notebook, language)
    others = other_cells(notebook, cell) if cell else ()
    return check(parameters, cell, others)


def check(
    parameters: Mapping[str, Any], cell: ParameterCell | None, others: Sequence[OtherCell]
) -> tuple[str, ...]:
    """Return remarks on parameters that a notebook is given, one sentence each.

    Raises ParameterError for a name that its cell does not declare, a value of another type, a
    parameter that no later cell reads, a declared one that has no value at all, and a language
    without a verified writer.
    """
    if cell is None:
        _refuse_without_cell(parameters)
        return ()
    if parameters:
        writer_of(cell.language)
    _refuse_unknown(parameters, cell)
    settled(cell, parameters)
    reader = reader_of(cell, others)
    _refuse_missing(parameters, cell, reader)
    _refuse_unread(parameters, cell, reader)
    if not parameters:
        return ()
    return (*_extra_cells(cell), *reader.bound_again(parameters), *_derived(parameters, reader))


def _refuse_without_cell(parameters: Mapping[str, Any]) -> None:
    if parameters:
        raise ParameterError(
            f"there is no cell tagged `parameters` to take {_listed(parameters)}",
            code="no-parameters-cell",
            hint="Give the cell with the default values the tag `parameters` (right side bar).",
        )


def _refuse_unknown(parameters: Mapping[str, Any], cell: ParameterCell) -> None:
    if parameters and not cell.is_readable:
        raise ParameterError(
            f"its parameters cell [{cell.number}] is not {cell.language.capitalize()}",
            code="parameters-cell",
            hint="Write plain assignments there.",
        )
    unknown = [name for name in parameters if cell.parameter(name) is None]
    if not unknown:
        return
    known = [one.name for one in cell.parameters]
    near = difflib.get_close_matches(unknown[0], known, n=1, cutoff=0.6)
    there = _listed(known) or "nothing"
    question = f"Did you mean `{near[0]}`? " if near else ""
    raise ParameterError(
        f"its parameters cell does not assign {_listed(unknown)}",
        code="unknown-parameter",
        hint=f"{question}It assigns {there}. Change mlcd.toml or the notebook.",
        details={"parameters": unknown, "known": known},
    )


def _refuse_missing(parameters: Mapping[str, Any], cell: ParameterCell, reader: Reader) -> None:
    for one in cell.parameters:
        if one.default_text or one.name in parameters or reader.binds(one.name):
            continue
        raise ParameterError(
            f"`{one.name}` has no default and is not given",
            code="missing-parameter",
            hint=f"It is {in_words(one.type)}: give it in `parameters` of mlcd.toml, or a default.",
            details={"parameter": one.name, "line": one.line, "cell": cell.index},
        )


def _refuse_unread(parameters: Mapping[str, Any], cell: ParameterCell, reader: Reader) -> None:
    unread = [name for name in parameters if not reader.may_read(name)]
    if not unread:
        return
    hint = "Take it out of mlcd.toml, or use it in the notebook; nothing was run."
    derived = [name for name, _, _ in reader.derived(unread)]
    if derived:
        hint = (
            f"{_listed(derived)} is computed from it inside the parameters cell, before a value is "
            "given: move this into the next cell."
        )
    raise ParameterError(
        f"no cell after the parameters cell reads {_listed(unread)}: a value changes nothing",
        code="unread-parameter",
        hint=hint,
        details={"parameters": unread, "cell": cell.index},
    )


# ----------------------------------------------------------------------------------------- remarks


def _extra_cells(cell: ParameterCell) -> Iterator[str]:
    if cell.others:
        there = ", ".join(f"[{number}]" for number in cell.others)
        yield (
            f"the tag `parameters` is also on {there}: "
            f"only the first cell that has it, [{cell.number}], declares parameters"
        )


def _derived(parameters: Mapping[str, Any], reader: Reader) -> Iterator[str]:
    for name, source, line in reader.derived(parameters):
        yield (
            f"`{name}` is computed from `{source}` inside the parameters cell (line {line}), "
            f"before `{source}` is given: it keeps what the default made it"
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
