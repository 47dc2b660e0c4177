"""The log of a run, as far as people are shown it."""

from __future__ import annotations

import msgspec


class RunLog(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The end of what the runner and the processes of its cases printed."""

    run: str
    text: str
    size: int
    """Bytes of the whole log."""
    cut: bool
    """Whether the beginning is left out."""
