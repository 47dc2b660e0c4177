"""Values of parameters: as JSON has them, and as a declared type wants them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from jupyter_mlcd.model.parameter_types import Kind, ParameterType


class Constructed(msgspec.Struct, frozen=True):
    """A value that is no literal: ``call`` makes it from ``text``."""

    call: str
    text: str


class Unfitting(Exception):  # noqa: N818 - never leaves this package: callers say it in words
    """A value is not of the type."""


def plain(value: object) -> object:
    """Return a value as JSON has it: lists for tuples, ISO 8601 text for dates and times."""
    match value:
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case dt.date() | dt.time():
            return value.isoformat()
    return value


def identical(one: object, other: object) -> bool:
    """Whether two values are equal and of the same types, which ``1 == True == 1.0`` is not."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(identical(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(identical, one, other))
    return one == other


def settle(kind: ParameterType, value: object) -> object:
    """Return ``value`` as one of the type: an int for a float becomes one, a date is built.

    Raises Unfitting when it is not of the type. ``True`` is no number, and text is none.
    """
    match kind.kind:
        case Kind.ANY:
            return plain(value)
        case Kind.CHOICE:
            return _chosen(kind, plain(value))
        case Kind.EITHER:
            return _either(kind, value)
        case Kind.LIST | Kind.TUPLE | Kind.TUPLE_OF | Kind.TABLE:
            return _settled_parts(kind, value)
        case Kind.DATE | Kind.DATETIME | Kind.TIME:
            return Constructed(kind.call, _moment(kind.kind, value))
    return _settled_scalar(kind, value)


def _settled_scalar(kind: ParameterType, value: object) -> object:
    match kind.kind, value:
        case (Kind.NOTHING, None) | (Kind.BOOLEAN, bool()) | (Kind.TEXT, str()):
            return value
        case (Kind.TEXT, dt.date() | dt.time()):
            return value.isoformat()
        case (Kind.INTEGER | Kind.NUMBER, int()) if not isinstance(value, bool):
            return float(value) if kind.kind is Kind.NUMBER else value
        case (Kind.NUMBER, float()):
            return value
        case (Kind.PATH, str()):
            return Constructed(kind.call, value)
    raise Unfitting


def _chosen(kind: ParameterType, value: object) -> object:
    if any(identical(choice, value) for choice in kind.choices):
        return value
    raise Unfitting


def _either(kind: ParameterType, value: object) -> object:
    """Return the value as the part that takes it unchanged, else as the first that takes it."""
    taken: list[object] = []
    for part in kind.parts:
        try:
            settled = settle(part, value)
        except Unfitting:
            continue
        if identical(settled, value):
            return settled
        taken.append(settled)
    if not taken:
        raise Unfitting
    return taken[0]


def _settled_parts(kind: ParameterType, value: object) -> object:
    parts = kind.parts
    match kind.kind, value:
        case (Kind.TABLE, Mapping()):
            return {str(key): settle(parts[0], one) for key, one in value.items()}
        case (Kind.LIST, list() | tuple()):
            return [settle(parts[0], one) for one in value]
        case (Kind.TUPLE_OF, list() | tuple()):
            return tuple(settle(parts[0], one) for one in value)
        case (Kind.TUPLE, list() | tuple()) if len(value) == len(parts):
            return tuple(map(settle, parts, value))
    raise Unfitting


def _moment(kind: Kind, value: object) -> str:
    """Return ISO 8601 text in the one spelling that every Python reads back."""
    try:
        match kind, value:
            case (Kind.DATE, dt.date()) if not isinstance(value, dt.datetime):
                return value.isoformat()
            case (Kind.DATE, str()):
                return dt.date.fromisoformat(value).isoformat()
            case (Kind.DATETIME, dt.date()):
                return dt.datetime.fromisoformat(value.isoformat()).isoformat()
            case (Kind.DATETIME, str()):
                return dt.datetime.fromisoformat(value).isoformat()
            case (Kind.TIME, dt.time()):
                return value.isoformat()
            case (Kind.TIME, str()):
                return dt.time.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise Unfitting
