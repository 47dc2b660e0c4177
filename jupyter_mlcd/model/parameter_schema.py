"""JSON Schema (2020-12) of a notebook's parameters, for the form that asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.parameter_types import NUMERIC, Kind, Parameter, ParameterType
from jupyter_mlcd.model.parameter_values import plain

if TYPE_CHECKING:
    from jupyter_mlcd.model.parameter_cell import ParameterCell

_SCHEMAS: dict[Kind, dict[str, Any]] = {
    Kind.ANY: {},
    Kind.NOTHING: {"type": "null"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.TEXT: {"type": "string"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.TIME: {"type": "string", "format": "time"},
    Kind.EITHER: {"type": "number"},  # NUMERIC; the others have parts
    Kind.PATH: {"type": "string"},
}


def schema_of_type(kind: ParameterType) -> dict[str, Any]:
    """Return the JSON Schema of the values that a type takes."""
    match kind:
        case ParameterType(Kind.CHOICE):
            return {"enum": list(kind.choices)}
        case ParameterType(Kind.EITHER, parts) if kind != NUMERIC:
            return {"anyOf": [schema_of_type(part) for part in parts]}
        case ParameterType(Kind.LIST | Kind.TUPLE_OF, (part,)):
            return {"type": "array", "items": schema_of_type(part)}
        case ParameterType(Kind.TUPLE, parts):
            each = [schema_of_type(part) for part in parts]
            bounds = {"minItems": len(parts), "maxItems": len(parts)}
            return {"type": "array", "prefixItems": each, **bounds}
        case ParameterType(Kind.TABLE, (part,)):
            return {"type": "object", "additionalProperties": schema_of_type(part)}
    return dict(_SCHEMAS[kind.kind])


def schema_of(cell: ParameterCell) -> dict[str, Any]:
    """Return the JSON Schema of the parameters of a notebook, in the order of its cell."""
    properties = {one.name: _schema_of_parameter(one) for one in cell.parameters}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": [one.name for one in cell.parameters if not one.default_text],
        "additionalProperties": False,
    }


def _schema_of_parameter(parameter: Parameter) -> dict[str, Any]:
    schema = schema_of_type(parameter.accepted)
    if parameter.help:
        schema["description"] = parameter.help
    if parameter.has_literal_default:
        schema["default"] = plain(parameter.default)
    return schema
