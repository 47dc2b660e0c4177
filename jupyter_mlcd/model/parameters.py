"""Parameters: names and values that are safe to write into a notebook as literals."""

from __future__ import annotations

import ast
import keyword
import math
import re
from collections.abc import Mapping
from typing import Any

from jupyter_mlcd.model.errors import ParameterError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")
_SECRET = re.compile(r"(?i)(password|passwd|secret|api_?key|access_?key|token|credential)")
_MAXIMAL_TEXT = 64 * 1024
_MAXIMAL_DEPTH = 8
_SAFE_INTEGER = 2**53


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Raise ParameterError unless every name and value can be injected safely.

    Values are those of JSON with finite numbers: text, booleans, integers up to 2**53, floats,
    None, lists and tables of them, eight levels deep.
    """
    for name, value in parameters.items():
        if not _NAME.match(name) or keyword.iskeyword(name) or name.startswith("__"):
            message = f"{name!r} is not a name for a parameter"
            raise ParameterError(message, hint="Use letters, digits and underscores.")
        if _SECRET.search(name):
            message = f"the parameter `{name}` looks like a secret"
            hint = "Parameters are kept as evidence: let the notebook read it from the environment."
            raise ParameterError(message, code="secret-parameter", hint=hint)
        reason = _unsafe(value, 0)
        if reason:
            message = f"the value of the parameter `{name}` {reason}"
            raise ParameterError(
                message, hint="Parameters are text, numbers, true or false, lists."
            )


def _unsafe(value: object, depth: int) -> str:
    """Return why the value cannot be injected, as the end of a sentence, or nothing."""
    if depth > _MAXIMAL_DEPTH:
        return f"is nested more than {_MAXIMAL_DEPTH} levels deep"
    parts: list[object] = []
    reason = ""
    match value:
        case str():
            reason = _unsafe_text(value)
        case None | bool():
            pass
        case int() if abs(value) > _SAFE_INTEGER:
            reason = "is larger than 2**53"
        case float() if not math.isfinite(value):
            reason = "is not a finite number"
        case int() | float():
            pass
        case list() | tuple():
            parts = [*value]
        case dict():
            parts = [*value.keys(), *value.values()]
        case _:
            reason = f"is of the type {type(value).__name__}"
    return reason or next(filter(None, (_unsafe(part, depth + 1) for part in parts)), "")


def _unsafe_text(value: str) -> str:
    if len(value) > _MAXIMAL_TEXT:
        return f"is longer than {_MAXIMAL_TEXT // 1024} KiB"
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        return "has a character that cannot be stored"
    return ""


def prove_injected(source: str, parameters: Mapping[str, Any]) -> None:
    """Raise ParameterError unless ``source`` only assigns these literals to these names.

    The text comes from papermill's translator; it is parsed back so that no value can smuggle a
    statement into the notebook.
    """
    found = _assigned_literals(source)
    if found is None:
        what = "are not plain assignments"
    elif not _identical(found, _plain(parameters)):
        what = "are not the ones asked for"
    else:
        return
    hint = "The notebook was not run. Please report this as a bug."
    raise ParameterError(f"the injected parameters {what}", hint=hint)


def _assigned_literals(source: str) -> dict[str, object] | None:
    """Return ``{name: literal}`` of a text of plain assignments, or None if it is anything else."""
    found: dict[str, object] = {}
    try:
        for statement in ast.parse(source).body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in found:
                    found[name] = ast.literal_eval(value)
                case _:
                    return None
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None  # All of these are ways in which ``ast`` says that it is no literal.
    return found


def _identical(one: object, other: object) -> bool:
    """Whether two values are equal and of the same types, which ``1 == True == 1.0`` is not."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_identical(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_identical, one, other))
    return one == other


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
