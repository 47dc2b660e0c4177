"""The names that a notebook's parameters cell offers."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


def check_names(parameters: Mapping[str, Any], cells: Sequence[Mapping[str, Any]]) -> None:
    """Raise ParameterError unless the first cell tagged ``parameters`` assigns all the names."""
    if not parameters:
        return
    source = next((text_of(cell) for cell in cells if _is_tagged(cell)), None)
    if source is None:
        raise ParameterError(
            f"there is no cell tagged `parameters` to take {_listed(parameters)}",
            code="no-parameters-cell",
            hint="Give the cell with the default values the tag `parameters` (right side bar).",
        )
    known = set(_assigned(source))
    unknown = [name for name in parameters if name not in known]
    if unknown:
        there = _listed(sorted(known)) if known else "nothing"
        raise ParameterError(
            f"its parameters cell does not assign {_listed(unknown)}",
            code="unknown-parameter",
            hint=f"It assigns {there}. Change mlcd.toml or the notebook.",
        )


def _is_tagged(cell: Mapping[str, Any]) -> bool:
    tags = cell.get("metadata", {}).get("tags") or []
    return cell.get("cell_type") == "code" and "parameters" in tags


def text_of(cell: Mapping[str, Any]) -> str:
    """Return a cell's source; on disk it may be a list of lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _assigned(source: str) -> Iterator[str]:
    """Yield the names that plain top-level statements assign. Raises ParameterError."""
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines()]
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ParameterError(
            f"its parameters cell is not Python: {error}", hint="Write plain assignments there."
        ) from None
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=targets):
                yield from (name for target in targets for name in _names(target))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def _names(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _names(part)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
