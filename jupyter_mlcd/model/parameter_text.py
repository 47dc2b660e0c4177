"""The text of the cell that gives a notebook its parameters: one readable line for each.

Each language has a writer of literals in ``parameter_literals`` and a reader of the very same
literals in ``parameter_readers``; it is offered only because its own interpreter confirmed both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.errors import ParameterError
from jupyter_mlcd.model.parameter_cell import PYTHON
from jupyter_mlcd.model.parameter_foreign import family_of
from jupyter_mlcd.model.parameter_literals import bash_line, javascript_line, python_line, r_line
from jupyter_mlcd.model.parameter_proof import prove_injected
from jupyter_mlcd.model.parameter_settling import settled
from jupyter_mlcd.model.parameter_types import Parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_mlcd.model.parameter_cell import ParameterCell

_WRITERS: dict[str, Callable[[Parameter, Any], str]] = {
    "python": python_line,
    "bash": bash_line,
    "javascript": javascript_line,
    "r": r_line,
}


def inject(language: str, cell: ParameterCell, parameters: Mapping[str, Any]) -> str:
    """Return the source of the cell that gives these values, proved by reading it back.

    Raises ParameterError for a language without a verified writer, and for a value that cannot be
    written in the language.
    """
    write = writer_of(language)
    values = settled(cell, parameters)
    lines = [
        write(cell.parameter(name) or Parameter(name=name), value) for name, value in values.items()
    ]
    comment = "//" if family_of(language) == "javascript" else "#"
    source = "\n".join([f"{comment} Parameters", *lines]) + "\n"
    prove_injected(language, source, values)
    return source


def writer_of(language: str) -> Callable[[Parameter, Any], str]:
    """Return what writes an assignment in ``language``. Raises ParameterError when nothing does."""
    family = "python" if language.lower() in PYTHON else family_of(language)
    if family not in _WRITERS:
        raise ParameterError(
            f"parameters cannot be given to a notebook in {language} safely",
            code="no-injector",
            hint=(
                "They can in Python, bash, JavaScript, TypeScript and R. Take `parameters` and "
                "`matrix` of this notebook out of mlcd.toml."
            ),
        )
    return _WRITERS[family]
