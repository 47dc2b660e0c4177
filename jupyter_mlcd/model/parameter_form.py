"""What is asked for before a notebook runs: its parameters, and what they are now."""

from __future__ import annotations

from typing import Any

import msgspec

from jupyter_mlcd.model.errors import Problem


class ParameterForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parameters of one notebook, as the saved file declares them."""

    notebook: str
    """Relative to the project."""
    schema: dict[str, Any]
    """JSON Schema (2020-12) of them, in the order of the cell; without properties: there are none.

    ``default`` is what the cell says; ``x-words`` says in words what a value is.
    """
    given: dict[str, Any]
    """What mlcd.toml gives instead of the cell's defaults."""
    matrix: dict[str, tuple[Any, ...]]
    """What mlcd.toml varies: each of these values is run unless one is given."""
    last: dict[str, Any]
    """What the newest single run of the notebook was given and still fits."""
    last_at: str
    """When that run started, UTC, ISO 8601; empty without one."""
    remarks: tuple[str, ...] = ()
    """What is left out of the form, and why."""
    problem: Problem | None = None
    """Why it has no form; it can be run as it is."""
