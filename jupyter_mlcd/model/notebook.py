"""Notebooks as parsed JSON: which cells count, in which language, and how they are tagged."""

from __future__ import annotations

from typing import Any


def code_positions(notebook: Any) -> list[int]:  # noqa: ANN401 - parsed JSON or an nbformat node
    """Return the positions of the code cells among all cells."""
    return [i for i, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]


def source_of(cell: Any) -> str:  # noqa: ANN401 - parsed JSON or an nbformat node
    """Return a cell's source as one text."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def tags_of(cell: Any) -> tuple[str, ...]:  # noqa: ANN401 - parsed JSON or an nbformat node
    """Return a cell's tags; none where what stands there is not a list of texts."""
    tags = (cell.get("metadata") or {}).get("tags") or ()
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def language_of(notebook: Any) -> str:  # noqa: ANN401 - parsed JSON or an nbformat node
    """Return a notebook's language in lower case; ``python`` where it does not say."""
    metadata = notebook.get("metadata") or {}
    asked = (metadata.get("kernelspec") or {}).get("language")
    told = (metadata.get("language_info") or {}).get("name")
    return str(asked or told or "python").lower()
