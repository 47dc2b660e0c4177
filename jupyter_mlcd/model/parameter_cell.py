"""The parameters that a notebook declares: its cell tagged ``parameters``, read without running."""

from __future__ import annotations

from typing import Any

import msgspec

from jupyter_mlcd.model.notebook import code_positions, language_of, source_of, tags_of
from jupyter_mlcd.model.parameter_foreign import declared_elsewhere
from jupyter_mlcd.model.parameter_python import declared_in_python
from jupyter_mlcd.model.parameter_types import Parameter

TAG = "parameters"
"""The tag of the cell with the default values; papermill's own."""
INJECTED_TAG = "injected-parameters"
"""The tag of the cell that holds the given values; papermill's own."""
PYTHON = frozenset({"python", "python3", "ipython", ""})
"""What notebooks call the language."""


class ParameterCell(msgspec.Struct, frozen=True, kw_only=True):
    """The cell that declares a notebook's parameters, and what it declares."""

    index: int
    """Position among all cells of the notebook."""
    number: int
    """Position among its code cells, counted from 1."""
    language: str
    """In lower case."""
    parameters: tuple[Parameter, ...]
    source: str
    is_readable: bool = True
    """False when it is not written in its language."""
    others: tuple[int, ...] = ()
    """Numbers of further code cells with the same tag, which do not count."""

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter of that name."""
        return next((one for one in self.parameters if one.name == name), None)


class OtherCell(msgspec.Struct, frozen=True):
    """A code cell beside the parameters cell."""

    number: int
    """Position among the code cells, counted from 1."""
    source: str
    is_later: bool
    """Whether it runs after the parameters are given."""


def declared(
    notebook: Any,  # noqa: ANN401 - parsed JSON or an nbformat node
    language: str = "",
) -> ParameterCell | None:
    """Return what the first code cell tagged ``parameters`` declares; None when there is none.

    ``language`` is the kernel's, where it is known better than the notebook says.
    """
    language = language.lower() or language_of(notebook)
    cells = notebook["cells"]
    codes = code_positions(notebook)
    tagged = [position for position in codes if TAG in tags_of(cells[position])]
    if not tagged:
        return None
    first, *rest = tagged
    source = source_of(cells[first])
    earlier = [source_of(cells[position]) for position in codes if position < first]
    if language in PYTHON:
        found = declared_in_python(source, earlier)
    else:
        found = declared_elsewhere(language, source, earlier)
    return ParameterCell(
        index=first,
        number=codes.index(first) + 1,
        language=language,
        parameters=found or (),
        source=source,
        is_readable=found is not None,
        others=tuple(codes.index(position) + 1 for position in rest),
    )


def other_cells(
    notebook: Any,  # noqa: ANN401 - parsed JSON or an nbformat node
    cell: ParameterCell,
) -> tuple[OtherCell, ...]:
    """Return the other code cells, without one that an earlier injection left."""
    cells = notebook["cells"]
    return tuple(
        OtherCell(number, source_of(cells[position]), is_later=position > cell.index)
        for number, position in enumerate(code_positions(notebook), start=1)
        if position != cell.index and INJECTED_TAG not in tags_of(cells[position])
    )
