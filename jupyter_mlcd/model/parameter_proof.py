"""The proof that an injected cell only assigns the given values: its text is read back.

Nothing is taken but the few literals that ``parameter_literals`` writes.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.parameter_cell import PYTHON
from jupyter_mlcd.model.parameter_foreign import family_of
from jupyter_mlcd.model.parameter_readers import in_bash, in_r, read_bash, read_javascript, read_r
from jupyter_mlcd.model.parameter_values import Constructed, identical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_READERS: dict[str, Callable[[str], Iterator[tuple[str, Any]]]] = {
    "bash": read_bash,
    "javascript": read_javascript,
    "r": read_r,
}


def prove_injected(language: str, source: str, values: Mapping[str, Any]) -> None:
    """Raise ParameterError unless ``source`` only assigns these values to these names.

    ``values`` are of their declared types, as ``settled`` returns them. No value can smuggle a
    statement into the notebook: there is exactly one assignment of one literal for each name.
    """
    read = _python if language.lower() in PYTHON else _READERS.get(family_of(language), _nothing)
    try:
        found = dict(_once(read(source)))
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        found = None  # All of these are ways to say that it is no literal.
    if found is None:
        what = "are not plain assignments"
    elif not identical(found, _as_read(language, dict(values))):
        what = "are not the ones asked for"
    else:
        return
    hint = "The notebook was not run. Please report this as a bug."
    raise ParameterError(f"the injected parameters {what}", code="not-injected", hint=hint)


def _once(pairs: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for name, value in pairs:
        if name in seen:
            raise ValueError(name)
        seen.add(name)
        yield name, value


def _nothing(source: str) -> Iterator[tuple[str, Any]]:
    raise ValueError(source)


def _as_read(language: str, values: Any) -> Any:  # noqa: ANN401 - values of JSON
    """Return the values as the language tells them apart: bash has texts, R no empty tables."""
    family = family_of(language)
    if family == "bash":
        return {name: in_bash(value) for name, value in values.items()}
    if family == "r":
        return {name: in_r(value) for name, value in values.items()}
    return values


# ------------------------------------------------------------------------------------------ Python


def _python(source: str) -> Iterator[tuple[str, Any]]:
    for statement in ast.parse(source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, _python_value(value)
            case _:
                raise ValueError(ast.dump(statement))


def _python_value(node: ast.expr) -> object:
    match node:
        case ast.Call(
            func=ast.Name() | ast.Attribute() as called,
            args=[ast.Constant(value=str(text))],
            keywords=[],
        ):
            return Constructed(ast.unparse(called), text)
        case ast.List(elts=parts):
            return [_python_value(part) for part in parts]
        case ast.Tuple(elts=parts):
            return tuple(_python_value(part) for part in parts)
        case ast.Dict(keys=keys, values=parts):
            names = list(map(_key, keys))
            if len(set(names)) != len(names):
                raise ValueError(names)
            return dict(zip(names, map(_python_value, parts), strict=True))
    return ast.literal_eval(node)


def _key(node: ast.expr | None) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
    raise ValueError(node)
