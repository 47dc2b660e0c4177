"""Who looks at a widget: its views in browsers say so again and again."""

from __future__ import annotations

import time

from jupyter_mlcd.widgets.cells import a_cell_is_running

_LEASE = 65.0
"""Seconds for which a view is taken for shown after it said so; it says so every 20."""


class Views:
    """The views of one widget."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def shown(self, view: str) -> bool:
        """Note that a view is shown; answer whether it is new."""
        is_new = view not in self._until
        self._until[view] = time.monotonic() + _LEASE
        return is_new

    def hidden(self, view: str) -> None:
        """Note that a view is gone, or that its page is in the background."""
        self._until.pop(view, None)

    def clear(self) -> None:
        """Forget all."""
        self._until.clear()

    def __bool__(self) -> bool:
        """Whether somebody looks.

        A kernel that is busy with a cell may not hear what its views say, so that they are believed
        as long as the cell runs.
        """
        now = time.monotonic()
        if a_cell_is_running():
            self._until = dict.fromkeys(list(self._until), now + _LEASE)
        return any(until > now for until in list(self._until.values()))
