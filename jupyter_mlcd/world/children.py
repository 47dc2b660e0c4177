"""Child processes on Linux: die with the parent, adopt orphans, leave none behind."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress

import psutil

_SET_PDEATHSIG = 1
_SET_CHILD_SUBREAPER = 36


def die_with_parent(parent: int) -> None:
    """Have the kernel end this process when ``parent`` ends, also when that is killed."""
    _control(_SET_PDEATHSIG, int(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL))
    if os.getppid() != parent:  # It ended before we asked.
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _control(_SET_CHILD_SUBREAPER, 1)


def _control(option: int, value: int) -> None:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def end_descendants() -> int:
    """Kill every descendant of this process, and return how many there were."""
    ended = 0
    for _ in range(3):  # A killed one may leave children that come to us only then.
        left = psutil.Process().children(recursive=True)
        for process in left:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(left, timeout=2)
        ended += len(left)
        if not left:
            break
    return ended


def exit_code_of(status: int) -> int:
    """Return the exit code of a wait status; a signal as a negative number."""
    return os.waitstatus_to_exitcode(status)
