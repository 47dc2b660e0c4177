"""Refusals that came after their answer: who asked is told when she looks again.

What waits for another system is answered at once with how far it is, and goes on. Where it is
refused then, nothing of that is in the history, since nothing happened: it is kept here, by what it
was about, until something else is asked of that.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jupyter_mlcd.model.errors import Problem

_MOST: Final = 200

About = tuple[str, str]
"""Project and key of a delivery."""


class Late:
    """Keeps the last refusal of each delivery."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[About, Problem] = {}

    def keep(self, about: About, problem: Problem) -> None:
        """Keep why something was not done."""
        with self._lock:
            newest = dict(list(self._kept.items())[1 - _MOST :])
            self._kept = {**newest, about: problem}

    def forget(self, about: About) -> None:
        """Forget it: something else is asked for."""
        with self._lock:
            self._kept.pop(about, None)

    def told(self, about: About) -> Problem | None:
        """Return why what was asked for last was not done; None where it was, or is not known."""
        with self._lock:
            return self._kept.get(about)
