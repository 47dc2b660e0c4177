"""Plug-ins: found by entry point when they are asked for, never at import."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.ports import Target

TARGETS = "jupyter_mlcd.targets"


def target_class(kind: str) -> Callable[..., Target]:
    """Return what makes targets of a kind. Raises ConfigError if nothing does."""
    found = {point.name: point for point in entry_points(group=TARGETS)}
    if kind not in found:
        known = ", ".join(sorted(found)) or "none: install jupyter_mlcd again"
        raise ConfigError(f"there is no target of the kind {kind!r}", hint=f"There is: {known}.")
    made: Callable[..., Target] = found[kind].load()
    return made
