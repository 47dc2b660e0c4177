"""What came of a process: found by who started whom, adopted when its starter ends, ended.

A daemon leaves its session and its terminal, and the process that started it ends: then nobody is
its parent but the first process of the machine. On Linux a process can ask to be that parent for
all that comes of it (``PR_SET_CHILD_SUBREAPER``); then no daemon leaves the tree. macOS has no such
thing: there only the mark in its environment finds a daemon, and one that cleared it is lost.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import psutil

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

if sys.platform == "win32":
    STOP = KILL = signal.SIGTERM
else:
    STOP, KILL = signal.SIGSTOP, signal.SIGKILL

_PR_SET_CHILD_SUBREAPER = 36
_POLL_SECONDS = 0.01
_ROUNDS = 100
"""What is stopped starts no more, so that few rounds find all; this ends a chase in any case."""


class Relative(NamedTuple):
    """One process that came of another one."""

    pid: int
    birth: float
    """Tells it from a later process with the same number."""
    group: int
    """Process group; 0 where there is none."""
    runs: bool
    """A zombie does not; but it may have left a child that nobody has seen yet."""


def adopt_orphans() -> bool:
    """Let this process become the parent of every orphan that comes of it; False but on Linux."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def descendants(*roots: int, spared: Collection[int] = ()) -> list[Relative]:
    """Return all that came of the processes ``roots``, zombies too; not the roots.

    Nothing that came of ``spared`` is among them. One look at the table of processes: what is
    started meanwhile may be missing.
    """
    children: dict[int, list[Relative]] = {}
    for parent, found in _table():
        children.setdefault(parent, []).append(found)
    reached: list[Relative] = []
    seen, waiting = {*roots, *spared}, [pid for pid in roots if pid not in spared]
    while waiting:
        new = [one for one in children.get(waiting.pop(), ()) if one.pid not in seen]
        seen.update(one.pid for one in new)
        waiting += [one.pid for one in new]
        reached += new
    return reached


def _table() -> Iterator[tuple[int, Relative]]:
    """Yield each process of the machine after the number of its parent."""
    if sys.platform != "linux":
        for one in psutil.process_iter():
            with suppress(psutil.Error):
                parent, found = one.ppid(), relative(one.pid)
                if found:
                    yield parent, found
        return
    for name in os.listdir("/proc"):  # noqa: PTH208 - a third of the time of iterdir
        if name.isdigit():
            with suppress(OSError):
                yield _line_of(int(name))


def _line_of(pid: int) -> tuple[int, Relative]:
    # The name in field 2 may hold spaces and brackets; field 3 follows the last bracket.
    handle = os.open(f"/proc/{pid}/stat", os.O_RDONLY)  # half the time of a file object
    try:
        fields = os.read(handle, 4096).rpartition(b")")[2].split(None, 20)
    finally:
        os.close(handle)
    runs = fields[0] not in {b"Z", b"X"}
    return int(fields[1]), Relative(pid, float(fields[19]), int(fields[2]), runs)


def relative(pid: int) -> Relative | None:
    """Return who has this number now; None when nobody has."""
    with suppress(OSError, psutil.Error):
        if sys.platform == "linux":
            return _line_of(pid)[1]
        found = psutil.Process(pid)
        runs = found.status() != psutil.STATUS_ZOMBIE
        return Relative(pid, found.create_time(), _group(pid), runs)
    return None


def _group(pid: int) -> int:
    if sys.platform == "win32":
        return 0
    return os.getpgid(pid)


def is_still_there(found: Relative) -> bool:
    """Whether exactly this process runs; a zombie does not."""
    now = relative(found.pid)
    return now is not None and now.runs and now.birth == found.birth


def send(found: Relative, number: int) -> None:
    """Send a signal to exactly this process, if it is there and may be sent one."""
    if is_still_there(found):
        with suppress(OSError):
            os.kill(found.pid, number)


def send_to_group(found: Relative, number: int) -> None:
    """Send a signal to the whole group of a process, at one moment, and to the process itself.

    A chain of processes, each of which starts the next and ends, is faster than any look at the
    table; but it cannot leave its group that fast. Our own group gets nothing.
    """
    send(found, number)
    if sys.platform != "win32" and found.group > 1 and found.group != os.getpgrp():
        now = relative(found.pid)  # a zombie too keeps the number of its group from others
        if now is not None and now.birth == found.birth:
            with suppress(OSError):
                os.killpg(found.group, number)


def hold(*roots: int, spared: Collection[int] = ()) -> list[Relative]:
    """Stop all that came of ``roots`` until nobody new appears; return them, zombies too.

    Who is stopped can start nothing more: else the children of a fork bomb are faster than we.
    """
    held: dict[int, Relative] = {}
    for _ in range(_ROUNDS):
        new = [one for one in descendants(*roots, spared=spared) if one.pid not in held]
        if not new:
            break
        for found in new:
            send_to_group(found, STOP)
        held |= {found.pid: found for found in new}
    return list(held.values())


def end_descendants(
    grace: float = 0.0, *, seconds: float = 5.0, spared: Collection[int] = ()
) -> tuple[int, ...]:
    """End all that came of this process but of ``spared``: asked, after ``grace`` seconds killed.

    Return who is still there ``seconds`` after that. Its dead children are collected.
    """
    me = os.getpid()
    if grace and (asked := descendants(me, spared=spared)):
        for found in asked:
            send(found, signal.SIGTERM)
        _wait(grace, spared)
    end = time.monotonic() + seconds
    while left := hold(me, spared=spared):
        for found in left:
            send_to_group(found, KILL)
        _collect(left)
        if time.monotonic() > end:
            return tuple(found.pid for found in left if found.runs)
        time.sleep(_POLL_SECONDS)
    return ()


def _wait(seconds: float, spared: Collection[int]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        left = descendants(os.getpid(), spared=spared)
        _collect(left)
        if not any(found.runs for found in left):
            return
        time.sleep(_POLL_SECONDS)


def _collect(ended: Collection[Relative]) -> None:
    if sys.platform != "win32":
        for found in ended:
            with suppress(OSError):
                os.waitpid(found.pid, os.WNOHANG)
