"""Processes: named for good, started to outlive us, ended with all that came of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from jupyter_mlcd.model.errors import WorldError
from jupyter_mlcd.world.places import locked, runtime_directory
from jupyter_mlcd.world.process_tree import (
    KILL,
    STOP,
    Relative,
    descendants,
    is_still_there,
    relative,
    send,
    send_to_group,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "RUN_MARKER",
    "Ended",
    "ProcessIdentity",
    "end_tree",
    "identity_of",
    "is_alive",
    "is_of_this_boot",
    "locked",
    "marked_processes",
    "own_identity",
    "runtime_directory",
    "spawn_detached",
]

RUN_MARKER = "MLCD_RUN_ID"
"""Environment variable that every process of a run carries, also those that left its group."""

_ROUNDS = 5
_ROUNDS_OF_HOLDING = 100
_KILL_SECONDS = 2.0
_POLL_SECONDS = 0.01


@dataclass(frozen=True)
class ProcessIdentity:
    """One process, for good: its number and the moment of its birth."""

    pid: int
    birth: str
    """On Linux ticks since boot and the boot's id, which no change of the clock can alter."""


@dataclass(frozen=True)
class Ended:
    """What it took to end a process tree."""

    terminated: tuple[int, ...]
    """Went when asked."""
    killed: tuple[int, ...]
    """Had to be killed."""
    survivors: tuple[int, ...]
    """Are still there: another user's, or stuck in the kernel."""


def identity_of(pid: int) -> ProcessIdentity | None:
    """Return who has the number ``pid`` now; None when nobody has, or only a zombie."""
    birth = _birth(pid)
    return None if birth is None else ProcessIdentity(pid, birth)


def own_identity() -> ProcessIdentity:
    """Return this process."""
    mine = identity_of(os.getpid())
    if mine is None:
        raise WorldError("This process cannot see itself; is /proc mounted?", code="no-proc")
    return mine


def is_alive(process: ProcessIdentity) -> bool:
    """Tell whether exactly this process runs; a zombie does not."""
    return identity_of(process.pid) == process


def is_of_this_boot(process: ProcessIdentity) -> bool:
    """Tell whether the process was born on this computer since it was started."""
    return process.birth.rpartition("@")[2] == _boot_id()


def _birth(pid: int) -> str | None:
    try:
        if sys.platform == "linux":
            # The name in field 2 may hold spaces and brackets; field 3 follows the last bracket.
            fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
            return None if fields[0] in {b"Z", b"X"} else f"{int(fields[19])}@{_boot_id()}"
        found = psutil.Process(pid)
        if found.status() == psutil.STATUS_ZOMBIE:
            return None
        return f"{found.create_time():.3f}@{_boot_id()}"
    except (OSError, psutil.Error):
        return None


@lru_cache(maxsize=1)
def _boot_id() -> str:
    if sys.platform == "linux":
        with suppress(OSError):
            return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return f"{psutil.boot_time():.0f}"


def spawn_detached(
    arguments: Sequence[str], *, environment: Mapping[str, str], directory: Path, log: Path
) -> ProcessIdentity:
    """Start a program that outlives us: own session, no terminal, none of our open files.

    What it prints is added to ``log``. WorldError when it cannot be started.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(log, flags, 0o600)
    except OSError as error:
        raise WorldError(
            f"The log {log} cannot be written: {error.strerror}.", code="log-not-writable"
        ) from error
    try:
        process = subprocess.Popen(  # noqa: S603 - argument list of our own
            list(arguments),
            cwd=directory,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            close_fds=True,
            start_new_session=True,
            creationflags=_detached_flags(),
        )
    except OSError as error:
        raise WorldError(
            f"{arguments[0]} could not be started in {directory}: {error.strerror}.",
            code="program-not-started",
            hint="Check that the program and the folder exist and may be used.",
        ) from error
    finally:
        os.close(handle)
    found = identity_of(process.pid) or ProcessIdentity(process.pid, "")
    # Somebody has to collect its exit code while we live, else it stays as a zombie.
    threading.Thread(target=process.wait, name=f"wait-{process.pid}", daemon=True).start()
    return found


def _detached_flags() -> int:
    if sys.platform == "win32":
        return (
            subprocess.DETACHED_PROCESS
            | subprocess.CREATE_NEW_PROCESS_GROUP
            | subprocess.CREATE_BREAKAWAY_FROM_JOB
        )
    return 0


def end_tree(process: ProcessIdentity, grace: float, run_id: str | None = None) -> Ended:
    """End a process with all that came of it: ask, wait ``grace`` seconds, then kill.

    With ``run_id`` also every process whose environment at its start held it as MLCD_RUN_ID:
    daemons that left the tree keep that. Never ends this process nor those it came from.
    """
    asked = _tree([process.pid] if is_alive(process) else [], run_id)
    for found in asked:
        send(found, signal.SIGTERM)
    alive = _still_there_after(grace, asked)
    went = {found.pid for found in asked} - {found.pid for found in alive}
    killed: set[int] = set()
    for _ in range(_ROUNDS):  # what is being ended may still start children
        rest = _hold(alive, run_id)
        if not rest:
            break
        for found in rest:
            send_to_group(found, KILL)
        killed |= {found.pid for found in rest}
        alive = _still_there_after(_KILL_SECONDS, rest)
    survivors = {found.pid for found in alive}
    return Ended(tuple(sorted(went)), tuple(sorted(killed - survivors)), tuple(sorted(survivors)))


def _hold(alive: Sequence[Relative], run_id: str | None) -> list[Relative]:
    """Stop the processes and all that came of them, until nobody new appears; return them.

    Who is stopped starts nothing more: else the children of a fork bomb are faster than we.
    """
    held: dict[int, Relative] = {}
    for _ in range(_ROUNDS_OF_HOLDING):
        roots = [found.pid for found in alive if is_still_there(found)]
        new = [found for found in _tree(roots, run_id) if found.pid not in held]
        if not new:
            break
        for found in new:
            send_to_group(found, STOP)
        held |= {found.pid: found for found in new}
    return list(held.values())


def _still_there_after(seconds: float, processes: Sequence[Relative]) -> list[Relative]:
    """Wait for processes to go, and leave their exit codes to those who started them."""
    end = time.monotonic() + seconds
    alive = [found for found in processes if is_still_there(found)]
    while alive and time.monotonic() < end:
        time.sleep(_POLL_SECONDS)
        alive = [found for found in alive if is_still_there(found)]
    return alive


def marked_processes(run_id: str) -> list[ProcessIdentity]:
    """Return the processes that carry ``run_id`` as MLCD_RUN_ID."""
    identities = (identity_of(found.pid) for found in _marked(run_id))
    return [found for found in identities if found is not None]


def _tree(roots: Sequence[int], run_id: str | None) -> list[Relative]:
    found = {one.pid: one for one in descendants(*roots)} if roots else {}
    numbers = [*roots, *(one.pid for one in (_marked(run_id) if run_id else ()))]
    found |= {pid: one for pid in numbers if (one := relative(pid))}
    spared = _own_line()
    return [one for one in found.values() if one.pid not in spared and one.runs]


def _marked(run_id: str) -> Iterable[psutil.Process]:
    for found in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if found.environ().get(RUN_MARKER) == run_id:
                yield found


def _own_line() -> frozenset[int]:
    me = psutil.Process()
    with suppress(psutil.Error):
        return frozenset({me.pid, *(parent.pid for parent in me.parents())})
    return frozenset({me.pid})
