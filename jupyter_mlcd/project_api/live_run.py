"""A run that goes on in a process of its own: how it stands, waiting for it, ending it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from jupyter_mlcd.model.result import State
from jupyter_mlcd.project_api.progress import shown
from jupyter_mlcd.world.types_in_threads import ready_types

if TYPE_CHECKING:
    from jupyter_mlcd.model.result import CaseResult, Verdict
    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.workbench import Workbench

_LOOK_EVERY = 0.1
"""Seconds between two looks at the journal."""


class LiveRun:
    """A handle on a run. It outlives this process: ``project.show_run(id)`` finds it again."""

    def __init__(self, workbench: Workbench, run: Run) -> None:
        self._workbench = workbench
        self._newest = run

    @property
    def id(self) -> str:
        """UUID of the run."""
        return self._newest.id

    @property
    def now(self) -> Run:
        """The whole run as it stands at this moment."""
        if self._newest.state is not State.ENDED:
            self._newest = self._workbench.show_run(self.id)
        return self._newest

    @property
    def state(self) -> State:
        """Waiting, running or ended, at this moment."""
        return self.now.state

    @property
    def verdict(self) -> Verdict | None:
        """What it came to; None until it has ended."""
        return self.now.verdict

    @property
    def cases(self) -> tuple[CaseResult, ...]:
        """Its cases as they stand, each with verdict, reason, scores and cells."""
        return self.now.cases

    def wait(self, *, progress: bool = True) -> Run:
        """Block until it has ended, and return it.

        ``progress`` shows how far it is: in a terminal, line by line in a file, or in the output
        of a notebook's cell. An interrupt ends the waiting; the run goes on until ``cancel``.
        """
        with shown(progress=progress) as show:
            while True:
                show(self.now)
                if self._newest.state is State.ENDED:
                    return self._newest
                time.sleep(_LOOK_EVERY)

    async def done(self, *, progress: bool = True) -> Run:
        """Wait until it has ended without blocking the event loop, and return it."""
        ready_types("jupyter_mlcd")
        with shown(progress=progress) as show:
            while True:
                show(await asyncio.to_thread(lambda: self.now))
                if self._newest.state is State.ENDED:
                    return self._newest
                await asyncio.sleep(_LOOK_EVERY)

    def cancel(self) -> Run:
        """End it and everything that it started; a run that is over stays as it is."""
        self._workbench.cancel(self.id)
        return self.now

    def __repr__(self) -> str:
        """Say how it stands."""
        run = self.now
        return f"<run {run.id} of {run.suite}: {run.verdict or run.state}>"
