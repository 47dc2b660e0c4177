"""One suite: run it, watch it, read its verdicts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import traitlets

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import Run, RunRequest
from jupyter_mlcd.widgets.base import MlcdWidget, Opened
from jupyter_mlcd.widgets.still import Still, of_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlcd.model.evidence import Evidence
    from jupyter_mlcd.model.status import Status

_LOOK_EVERY = 0.1
"""Seconds between two looks at a run that is waited for."""


class SuiteWidget(MlcdWidget):
    """A suite with its newest run, live; ``suite`` may be empty where there is only one.

    ``project`` is an opened project, or a path inside of one. Raises GitError outside of a git
    repository and UsageError for a name that mlcd.toml does not know.
    """

    shows = "suite"

    state = traitlets.Unicode(read_only=True)
    """``waiting``, ``running`` or ``ended``; empty while it has never run."""
    verdict = traitlets.Unicode(read_only=True)
    """What the newest run came to; empty until it has ended."""
    last_run = traitlets.Instance(Run, allow_none=True, read_only=True)
    """The newest run as it stands; None while it has never run."""

    def __init__(
        self, suite: str = "", *, project: Opened | Path | str = ".", **layout: Any
    ) -> None:
        self.suite = suite
        super().__init__(suite, project=project, **layout)

    def run(
        self,
        *,
        failed_only: bool = False,
        jobs: int = 0,
        parameters: Mapping[str, Any] | None = None,
    ) -> Run:
        """Start a run of the suite and return it as it begins.

        ``failed_only`` takes the cases that were red, ``jobs`` says how many run side by side.
        Raises ConfigError, ParameterError, ExecutionError.
        """
        request = RunRequest(
            self.suite, failed_only=failed_only, jobs=jobs, parameters=dict(parameters or {})
        )
        run = self._bench.run(request)
        self._set(run)
        self._watcher.start()
        return run

    async def done(self) -> Run:
        """Wait until the newest run has ended, and return it; the event loop goes on meanwhile.

        Raises UsageError when nothing was run yet.
        """
        while True:
            await asyncio.to_thread(self._look)
            run = self.last_run
            if run is None:
                raise UsageError(f"{self.suite} was never run", hint="Start it: suite.run()")
            if run.state is State.ENDED:
                self._display.renew()
                return run
            await asyncio.sleep(_LOOK_EVERY)

    def cancel(self) -> None:
        """End the run that goes on, and everything that it started."""
        if self.last_run is not None:
            self._bench.cancel(self.last_run.id)
            self._look()

    def keep(self) -> Evidence:
        """Keep the newest run as evidence. Raises UsageError, RefusedError."""
        if self.last_run is None:
            raise UsageError(f"{self.suite} was never run", hint="Start it: suite.run()")
        return self._bench.keep(self.last_run.id)

    def _take(self, status: Status) -> None:
        super()._take(status)
        if status.problem is not None:
            return
        names = [one.name for one in status.suites]
        if not self.suite and len(names) == 1:
            self.suite = self._subject = names[0]
        if self.suite not in names:
            hint = f"mlcd.toml has: {', '.join(names) or 'none'}."
            words = f"there is no suite {self.suite!r}" if self.suite else "name the suite to show"
            raise UsageError(words, hint=hint)
        newest = status.suites[names.index(self.suite)].run
        if newest is not None:
            self._set(newest)

    def _look(self) -> None:
        with self._refreshing:
            if self.last_run is not None and self.last_run.state is not State.ENDED:
                self._set(self._bench.show_run(self.last_run.id))

    def _set(self, run: Run) -> None:
        with self._refreshing:
            before = self.last_run
            is_older = before is not None and run.id < before.id
            is_stale = before is not None and run.id == before.id and before.state is State.ENDED
            if is_older or (is_stale and run.state is not State.ENDED):
                return  # Read before what is known by now.
            with self.hold_trait_notifications():
                self.set_trait("last_run", run)
                self.set_trait("verdict", str(run.verdict or ""))
                self.set_trait("state", str(run.state))

    def _runs(self) -> tuple[Run, ...]:
        return () if self.last_run is None else (self.last_run,)

    def _still(self) -> Still:
        return of_run(self.suite, self.last_run)
