"""Notebooks as parsed JSON: which cells count, and which parameters they declare."""

from __future__ import annotations

import ast
from typing import Any

_PARAMETERS = "parameters"


def code_positions(notebook: Any) -> list[int]:  # noqa: ANN401 - parsed JSON or an nbformat node
    """Return the positions of the code cells among all cells."""
    return [i for i, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]


def source_of(cell: Any) -> str:  # noqa: ANN401 - parsed JSON or an nbformat node
    """Return a cell's source as one text."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def declared_names(notebook: Any) -> set[str] | None:  # noqa: ANN401 - as above
    """Return the names that the cell tagged ``parameters`` assigns.

    None where it cannot be told: the notebook is not Python, or the cell does not parse.
    """
    language = notebook["metadata"].get("kernelspec", {}).get("language") or notebook[
        "metadata"
    ].get("language_info", {}).get("name", "python")
    if language != "python":
        return None
    names: set[str] = set()
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", ())
        if cell["cell_type"] != "code" or _PARAMETERS not in tags:
            continue
        try:
            names |= _assigned(ast.parse(source_of(cell)))
        except SyntaxError:
            return None
    return names


def _assigned(module: ast.Module) -> set[str]:
    names: set[str] = set()
    for statement in module.body:
        match statement:
            case ast.Assign(targets=targets):
                roots = targets
            case ast.AnnAssign(target=target):
                roots = [target]
            case _:
                continue
        for root in roots:
            names |= {node.id for node in ast.walk(root) if isinstance(node, ast.Name)}
    return names
