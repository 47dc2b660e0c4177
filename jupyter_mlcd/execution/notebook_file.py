"""Notebook files: read with words about what is wrong, written as Jupyter writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import nbformat

from jupyter_mlcd.model.errors import ExecutionError

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode


def read_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook's JSON. Raises ExecutionError when it is not one."""
    hint = "Open it in JupyterLab and save it again."
    try:
        document = json.loads(path.read_bytes())
        good = document["nbformat"] >= 4 and isinstance(document["cells"], list)  # noqa: PLR2004
        good = good and isinstance(document["metadata"], dict)
    except FileNotFoundError:
        raise ExecutionError(
            "there is no such notebook in the tested files",
            code="no-notebook",
            hint="Add it to git or correct mlcd.toml.",
        ) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        words = f"it cannot be read as a notebook ({type(error).__name__}: {error})"
        raise ExecutionError(words, code="broken-notebook", hint=hint) from None
    if not good:
        words = "it is not a notebook of format 4"
        raise ExecutionError(words, code="broken-notebook", hint=hint)
    return dict(document)


def as_nodes(document: dict[str, Any]) -> NotebookNode:
    """Return the JSON of a notebook as nbformat's nodes, brought to its newest format."""
    notebook: NotebookNode = nbformat.reads(json.dumps(document), as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def as_text(notebook: NotebookNode) -> bytes:
    """Return the text of a notebook file."""
    return str(nbformat.writes(notebook)).encode() + b"\n"  # type: ignore[no-untyped-call]
