"""Secrets of a suite: named in mlcd.toml by where they come from, never by their value.

    secrets = { API_KEY = "env:API_KEY", DB_PASSWORD = "keyring:warehouse/ada" }

The values go into the environment of the suite's kernels and nowhere else: not into the plan, the
journal, a cell, or a file.
"""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.execution.kernel_environment import without_keys
from jupyter_mlcd.model.errors import ExecutionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}\Z")
_KINDS = "`env:NAME` or `keyring:SERVICE/USER`"


def resolve(secrets: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``{variable of the kernels: value}`` of a suite's secrets.

    Raises UsageError for a reference that we do not understand or that names what can deliver, and
    ExecutionError when there is no such secret. No message holds a value.
    """
    return {name: _resolved(name, where, environ) for name, where in secrets.items()}


def _resolved(name: str, where: str, environ: Mapping[str, str]) -> str:
    kind, _, place = where.partition(":")
    if not _VARIABLE.match(name):
        raise UsageError(
            f"{name!r} in `secrets` is not a name for a variable",
            code="secret-name",
            hint="Use letters, digits and underscores.",
        )
    _refuse_delivering(name)
    if kind == "env" and _VARIABLE.match(place):
        _refuse_delivering(place)
        value = environ.get(place)
    elif kind == "keyring" and all(place.rpartition("/")[::2]):
        value = _from_keyring(where)
    else:
        raise UsageError(
            f"the secret `{name}` does not say where its value is",
            code="secret-reference",
            hint=f"Write where it is kept, {_KINDS}, and never the value itself.",
        )
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


def _from_keyring(where: str) -> str | None:
    service, _, user = where.removeprefix("keyring:").rpartition("/")
    try:
        keyring: Any = importlib.import_module("keyring")
    except ImportError:
        raise ExecutionError(
            f"`{where}` cannot be read: the package keyring is not installed here",
            code="no-keyring",
            hint="Install it (pip install keyring), or use `env:NAME`.",
        ) from None
    try:
        value: str | None = keyring.get_password(service, user)
    except Exception as error:  # noqa: BLE001 - each keyring has its own errors
        raise ExecutionError(
            f"`{where}` cannot be read: the keyring says {type(error).__name__}",
            code="keyring",
            hint="Unlock it, or use `env:NAME`.",
        ) from None
    return value
