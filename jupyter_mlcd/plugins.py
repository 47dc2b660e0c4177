"""Plug-ins: found by entry point when they are asked for, never at import."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_mlcd.ports import Target

TARGETS = "jupyter_mlcd.targets"


@cache
def _points(group: str) -> Mapping[str, EntryPoint]:
    """Return what is installed; looking through all that is takes a tenth of a second."""
    return {point.name: point for point in entry_points(group=group)}


def target_class(kind: str) -> Callable[..., Target]:
    """Return what makes targets of a kind. Raises ConfigError if nothing does."""
    found = _points(TARGETS)
    if kind not in found:
        known = ", ".join(sorted(found)) or "none: install jupyter_mlcd again"
        raise ConfigError(f"there is no target of the kind {kind!r}", hint=f"There is: {known}.")
    made: Callable[..., Target] = found[kind].load()
    return made
