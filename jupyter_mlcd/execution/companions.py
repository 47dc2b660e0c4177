"""Our own command line as a process of its own, which outlives the server that began it."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.kernel_environment import importable_here
from jupyter_mlcd.model.errors import WorldError
from jupyter_mlcd.world.process import is_alive, spawn_detached

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jupyter_mlcd.model.flow import Watching
    from jupyter_mlcd.world.process import ProcessIdentity

_SECONDS = 30.0
"""How long it is waited for, on a machine that does much else."""
_LOOK = 0.1
_LOG_BYTES = 4096
_PROGRAM = "jupyter_mlcd.cli.main"


def begin_watching(folder: Path, log: Path, is_watched: Callable[[], bool]) -> None:
    """Start it in the project's folder, and return when it watches.

    Raises WorldError with what it said where it does not.
    """
    log.unlink(missing_ok=True)  # What one said before says nothing of this one.
    process = _begin(["watch"], folder, log)
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        if is_watched():
            return
        if not is_alive(process):
            raise _not_begun(log)
        time.sleep(_LOOK)
    raise WorldError("the watcher does not get going", code="no-watcher", hint=f"See {log}.")


def end_watching(watching: Watching, is_watched: Callable[[], bool]) -> None:
    """Ask a watcher to end, and return when it has. Raises WorldError where it does not.

    What it was at is taken up by the next one, as after any other end.
    """
    with suppress(ProcessLookupError):
        os.kill(watching.pid, signal.SIGTERM)
    end = time.monotonic() + _SECONDS
    while is_watched():
        if time.monotonic() > end:
            hint = f"It is process {watching.pid} on this machine."
            raise WorldError("the watcher does not end", code="watcher-stays", hint=hint)
        time.sleep(_LOOK)


def begin_check(folder: Path, log: Path, environment: str, *, again: bool) -> None:
    """Let what is live in ``environment`` be checked to the end, and brought back where it is red.

    Raises WorldError where it cannot be started.
    """
    _begin(["verify-live", environment, "--yes", *(["--again"] if again else [])], folder, log)


def begin_scoring(folder: Path, log: Path, environment: str, version: str) -> None:
    """Let the live model be scored to the end, and what came of it be kept.

    Raises WorldError where it cannot be started.
    """
    named = ["--version", version] if version else []
    _begin(["score-live", environment, *named], folder, log)


def _begin(arguments: Sequence[str], folder: Path, log: Path) -> ProcessIdentity:
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # In a clone where nothing ran yet.
    return spawn_detached(
        [sys.executable, "-P", "-m", _PROGRAM, *arguments],
        environment=importable_here(os.environ),
        directory=folder,
        log=log,
    )


def _not_begun(log: Path) -> WorldError:
    with suppress(OSError):
        last = log.read_bytes()[-_LOG_BYTES:].decode("utf-8", "replace").strip().splitlines()
        if last:
            return WorldError(f"nobody watches: {last[-1]}", code="no-watcher", hint=f"See {log}.")
    return WorldError("the watcher ended at once and said nothing", code="no-watcher")
