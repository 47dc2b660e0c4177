"""How much memory a kernel holds with all that it started, and whether memory ran out.

A page that several processes share, as those that were forked from one do, is counted once: Linux
says each process's proportional share. Elsewhere it is counted in each of them.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import psutil

from jupyter_mlcd.world.process_tree import STOP, descendants, relative, send

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_mlcd.world.process import ProcessIdentity

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_UNIT = 1024
_PAUSE = 20
"""An exact look pauses for so many times what it took: it can take 0.1 s for a large process..."""
_PAUSE_ON_NEWS = 4
"""...or for so many, when the whole has changed."""
_EVERY_SECONDS = 0.2
_LIST_PAUSE = 50
"""A look at the table of processes pauses for so many times what it took."""
_LIST_SECONDS = 0.5
"""But at least for so long: what is started meanwhile is seen then."""
_NEWS = 0.02
"""A change of the whole by this part is worth a look."""
_LARGE = 32 << 20
"""Bytes; who holds less cannot have used up the memory."""
_NEAR = 0.9
"""The part of all memory from which on its end is the probable reason of a kill."""
_PART = 0.1
"""The part of all memory that a process held at least, if it was ended because memory ran out."""


def bytes_in_words(size: float) -> str:
    """Return ``3.9 GiB``, ``512 MiB``, ``17 KiB`` or ``3 bytes``."""
    unit = 0
    while size >= _UNIT - 0.5 and unit < len(_UNITS) - 1:
        size /= _UNIT
        unit += 1
    digits = 1 if unit > 2 else 0  # noqa: PLR2004 - from GiB on a tenth is much
    text = f"{size:.{digits}f}".removesuffix(".0")
    return f"{text} {_UNITS[unit]}"


# ------------------------------------------------------------------------- what processes hold now


def tree_memory(identity: ProcessIdentity) -> int:
    """Return the bytes that a process holds with all that came of it; 0 when it is gone."""
    root = relative(identity.pid)
    if root is None:
        return 0
    return sum(_share(found.pid) for found in (root, *descendants(root.pid)))


def _share(pid: int) -> int:
    """Return the bytes of one process: its proportional share where Linux says it."""
    if sys.platform == "linux":
        with suppress(OSError, ValueError, IndexError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_bytes()
            return int(text.split(b"\nPss:", 1)[1].split(None, 1)[0]) * 1024
    return _resident(pid)


def _resident(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        if sys.platform == "linux":
            pages = int(Path(f"/proc/{pid}/statm").read_bytes().split()[1])
            return pages * os.sysconf("SC_PAGE_SIZE")
        return int(psutil.Process(pid).memory_info().rss)
    return 0


@dataclass
class MemoryWatch:
    """What came of a case's process, the kernel and all that it started, and what that holds."""

    case: ProcessIdentity
    """The case's own process is not counted."""
    peak: int = 0
    """The most bytes that were seen."""
    _latest: int = 0
    _resident: int = 0
    _pids: tuple[int, ...] = ()
    _sampled: float = 0.0
    _next_list: float = 0.0
    _looked: float = 0.0
    """When the last exact look ended."""
    _cost: float = 0.0
    """Seconds that it took."""

    def sample(self) -> int:
        """Return the bytes that are held now. Ask as often as you like: it looks when it pays."""
        began = monotonic()
        if began - self._sampled < _EVERY_SECONDS:
            return self._latest
        self._sampled = began
        if began > self._next_list:
            self._list(began)
        resident = sum(map(_resident, self._pids))
        changed = abs(resident - self._resident) > _NEWS * resident
        if began - self._looked > self._cost * (_PAUSE_ON_NEWS if changed else _PAUSE):
            self._latest = sum(map(_share, self._pids))
            self._resident = resident
            self._looked = monotonic()
            self._cost = self._looked - began
            self.peak = max(self.peak, self._latest)
        return self._latest

    def _list(self, began: float) -> None:
        self._pids = tuple(one.pid for one in descendants(self.case.pid) if one.runs)
        ended = monotonic()
        self._next_list = ended + max(_LIST_SECONDS, _LIST_PAUSE * (ended - began))

    def hold(self) -> None:
        """Stop all that holds much, so that it grows no more while its case is being ended.

        What holds little goes on: the one that removes shared memory is among them.
        """
        for found in descendants(self.case.pid):
            if _resident(found.pid) >= _LARGE:
                send(found, STOP)


# --------------------------------------------------------------------------- whether memory ran out


def memory_there_is() -> int:
    """Return the bytes that a process here can ever hold: the machine's, or its container's."""
    limits = [psutil.virtual_memory().total]
    for folder in _groups():
        for name in ("memory.max", "memory.limit_in_bytes"):
            limits += _numbers(folder / name)
    return min(limits)


def kills_for_want_of_memory() -> int:
    """Return how many processes were ended so far because memory ran out, here or in all.

    It only means something compared with a later answer; 0 where nobody counts.
    """
    files = [Path("/proc/vmstat")]
    for folder in _groups():
        files += [folder / "memory.events", folder / "memory.oom_control"]
    return sum(_counted(file) for file in files)


def _groups() -> Iterator[Path]:
    """Yield the control groups of this process that bound memory, with those around them."""
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text("utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers and "memory" not in controllers.split(","):
                continue
            top = Path("/sys/fs/cgroup") / ("memory" if controllers else "")
            # In a container the path is the one outside, which may not be there; the top is.
            folder = top / path.lstrip("/")
            yield from {top, folder, *(one for one in folder.parents if top in one.parents)}


def _counted(file: Path) -> int:
    with suppress(OSError, ValueError):
        for line in file.read_text("utf-8").splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def _numbers(file: Path) -> Iterable[int]:
    with suppress(OSError, ValueError):  # "max": without limit
        yield int(file.read_text("ascii"))


@dataclass(frozen=True)
class MemorySigns:
    """Tells whether a process that was killed was killed because memory ran out."""

    before: int = field(default_factory=kills_for_want_of_memory)

    def say_so(self, peak: int) -> bool:
        """Whether it is probable for a process that held ``peak`` bytes at most; 0: not known."""
        there_is = memory_there_is()
        counted = kills_for_want_of_memory() > self.before
        return peak >= _NEAR * there_is or (counted and not 0 < peak < _PART * there_is)
