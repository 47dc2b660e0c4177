"""Where a secret is kept: ``env:NAME`` or ``keyring:SERVICE/USER``. Never the value itself."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any, Final

from jupyter_mlcd.model.errors import WorldError

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = "`env:NAME` or `keyring:SERVICE/USER`"
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}\Z")


def is_variable(name: str) -> bool:
    """Whether this is a name for a variable of the environment."""
    return bool(_VARIABLE.match(name))


def is_reference(where: str) -> bool:
    """Whether this says where a secret is kept."""
    kind, _, place = where.partition(":")
    if kind == "env":
        return is_variable(place)
    return kind == "keyring" and all(place.rpartition("/")[::2])


def read_secret(where: str, environ: Mapping[str, str]) -> str:
    """Return the value that a reference names; empty where it has none.

    Raises WorldError when the keyring cannot be read. No message holds a value.
    """
    kind, _, place = where.partition(":")
    return (environ.get(place) if kind == "env" else _from_keyring(where)) or ""


def _from_keyring(where: str) -> str | None:
    service, _, user = where.removeprefix("keyring:").rpartition("/")
    try:
        keyring: Any = importlib.import_module("keyring")
    except ImportError:
        raise WorldError(
            f"`{where}` cannot be read: the package keyring is not installed here",
            code="no-keyring",
            hint="Install it (pip install keyring), or use `env:NAME`.",
        ) from None
    try:
        value: str | None = keyring.get_password(service, user)
    except Exception as error:  # noqa: BLE001 - each keyring has its own errors
        raise WorldError(
            f"`{where}` cannot be read: the keyring says {type(error).__name__}",
            code="keyring",
            hint="Unlock it, or use `env:NAME`.",
        ) from None
    return value
