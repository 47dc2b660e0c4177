"""Secrets of a suite: named in mlcd.toml by where they come from, never by their value.

    secrets = { API_KEY = "env:API_KEY", DB_PASSWORD = "keyring:warehouse/ada" }

The values go into the environment of the suite's kernels and nowhere else: not into the plan, the
journal, a cell, or a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import ExecutionError, UsageError, WorldError
from jupyter_mlcd.world.key_variables import without_keys
from jupyter_mlcd.world.secret_values import KINDS, is_reference, is_variable, read_secret

if TYPE_CHECKING:
    from collections.abc import Mapping


def resolve(secrets: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``{variable of the kernels: value}`` of a suite's secrets.

    Raises UsageError for a reference that we do not understand or that names what can deliver, and
    ExecutionError when there is no such secret. No message holds a value.
    """
    return {name: _resolved(name, where, environ) for name, where in secrets.items()}


def _resolved(name: str, where: str, environ: Mapping[str, str]) -> str:
    if not is_variable(name):
        raise UsageError(
            f"{name!r} in `secrets` is not a name for a variable",
            code="secret-name",
            hint="Use letters, digits and underscores.",
        )
    _refuse_delivering(name)
    if not is_reference(where):
        raise UsageError(
            f"the secret `{name}` does not say where its value is",
            code="secret-reference",
            hint=f"Write where it is kept, {KINDS}, and never the value itself.",
        )
    kind, _, place = where.partition(":")
    if kind == "env":
        _refuse_delivering(place)
    try:
        value = read_secret(where, environ)
    except WorldError as error:
        raise ExecutionError(error.message, code=error.code, hint=error.hint) from None
    if not value or "\0" in value:
        raise ExecutionError(
            f"the secret `{name}` is not there: `{where}` has no value",
            code="no-secret",
            hint="Set it where Jupyter, or this command, is started; nothing was run.",
        )
    return value


def _refuse_delivering(name: str) -> None:
    if not without_keys({name: ""}):
        raise UsageError(
            f"`{name}` cannot be a secret of a suite: it can deliver, or belongs to Jupyter",
            code="secret-delivers",
            hint="Notebooks are not trusted with delivery. Use a key of its own for the notebook.",
        )
