"""Why no case of a run may go on: cancelled, or out of time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from jupyter_mlcd.model.result import Verdict


@dataclass
class Halt:
    """Set once, by a signal, a cancel file or a clock; seen by every case. The first one counts."""

    verdict: Verdict = Verdict.CANCELLED
    """Of the cases that are running."""
    reason: str = "cancelled"
    event: threading.Event = field(default_factory=threading.Event)

    def __bool__(self) -> bool:
        """Whether the run has to end."""
        return self.event.is_set()

    def set(self, verdict: Verdict, reason: str) -> None:
        """End the run, unless it is ending already."""
        if not self.event.is_set():
            self.verdict, self.reason = verdict, reason
            self.event.set()

    def of_waiting(self) -> tuple[Verdict, str]:
        """Return what becomes of a case that has not started."""
        if self.verdict is Verdict.CANCELLED:
            return Verdict.CANCELLED, f"{self.reason} before it started"
        return Verdict.NOT_RUN, f"{self.reason} before it started"
