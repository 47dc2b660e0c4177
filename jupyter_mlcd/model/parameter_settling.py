"""Given values as the types that the parameters cell declares, or words about why they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.parameter_types import Kind, Parameter, in_words
from jupyter_mlcd.model.parameter_values import Unfitting, plain, settle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlcd.model.parameter_cell import ParameterCell

_LONGEST_VALUE = 60


def settled(cell: ParameterCell, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as their declared types. Raises ParameterError for one that is not."""
    found: dict[str, Any] = {}
    for name, value in parameters.items():
        parameter = cell.parameter(name) or Parameter(name=name)
        try:
            found[name] = settle(parameter.accepted, value)
        except Unfitting:
            raise _unfitting(parameter, value, cell) from None
    return found


def _unfitting(parameter: Parameter, value: object, cell: ParameterCell) -> ParameterError:
    declared_as = "is declared as" if parameter.is_typed else "is by its default"
    place = f"line {parameter.line} of the parameters cell [{cell.number}]"
    text = repr(plain(value))
    given = text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."
    return ParameterError(
        f"`{parameter.name}` {declared_as} {in_words(parameter.accepted)} ({place}); "
        f"it is given {given}, which is {_kind_of(plain(value))}",
        code="ill-typed-parameter",
        hint=_hint(parameter, value),
        details={"parameter": parameter.name, "line": parameter.line, "cell": cell.index},
    )


def _hint(parameter: Parameter, value: object) -> str:
    kinds = (parameter.accepted, *parameter.accepted.parts)
    if isinstance(value, bool | int | float) and any(one.kind is Kind.TEXT for one in kinds):
        text = f'"{plain(value)}"'
        return (
            f"Text stands in quotes: {parameter.name} = {text} in mlcd.toml, "
            f"-p {parameter.name} '{text}' on the command line. Nothing was run."
        )
    return "Change the value, or what the parameters cell says; nothing was run."


def _kind_of(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return "text"
        case int():
            return "a whole number"
        case float():
            return "a number"
    return "a table" if isinstance(value, dict) else "a list"
