"""How a forked process shows what it is, and how it is bound to its parent. Linux."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

from jupyter_mlcd.execution.kernel_environment import MARKER_PLACE
from jupyter_mlcd.world.process import RUN_MARKER
from jupyter_mlcd.world.process_tree import adopt_orphans

if sys.platform != "win32":
    import resource

_PR_SET_PDEATHSIG = 1
_EXPENDABLE = 300
"""Of 1000: who goes first when memory runs out. A kernel under test, before a browser or a server.
"""
_PARENTS_OF_KERNELS: set[int] = set()
"""By number, because a fork is another process."""


def alone_in_this_process() -> bool:
    """Whether no other thread, Python's or a library's, would be lost in a fork."""
    if threading.active_count() != 1:
        return False
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return True


def die_with_parent(parent: int) -> None:
    """Let Linux kill this process when its parent dies."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def become_parent_of_kernels() -> None:
    """Prepare this process for kernels: what comes of it stays in its tree and drops no core files.

    Where memory runs out, Linux ends this process or its kernel rather than others.
    """
    _PARENTS_OF_KERNELS.add(os.getpid())
    adopt_orphans()
    if sys.platform != "win32":
        with suppress(OSError, ValueError):
            hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
            resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        with suppress(OSError, ValueError):
            place = Path("/proc/self/oom_score_adj")
            place.write_text(str(max(_EXPENDABLE, int(place.read_text("ascii")))), "ascii")


def is_parent_of_kernels() -> bool:
    """Whether all that comes of this process comes of its kernels, and may be ended with them."""
    return os.getpid() in _PARENTS_OF_KERNELS


def show_run_marker(run: str) -> None:
    """Write the run's id where others look for it: the environment this process began with.

    ``/proc/PID/environ`` shows the memory that ``exec`` filled, not what a fork changed later.
    """
    try:
        start, end = _memory_from_exec()[2:]
        block = ctypes.string_at(start, end - start)
        place = block.index(f"{RUN_MARKER}={MARKER_PLACE}\0".encode()) + len(RUN_MARKER) + 1
    except (OSError, ValueError, IndexError):
        return
    text = run.encode()[: len(MARKER_PLACE)].ljust(len(MARKER_PLACE), b"\0")
    ctypes.memmove(start + place, text, len(text))


def show_title(title: str) -> None:
    """Let ``ps`` show what this process is; else it would look like the nursery that forked it."""
    try:
        start, end = _memory_from_exec()[:2]
    except (OSError, ValueError, IndexError):
        return
    text = title.encode()[: max(0, end - start - 1)].ljust(end - start, b"\0")
    ctypes.memmove(start, text, len(text))


def _memory_from_exec() -> tuple[int, int, int, int]:
    """Return where Linux keeps the arguments and the environment: their starts and ends."""
    fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
    first, last, start, end = (int(field) for field in fields[45:49])
    return first, last, start, end
