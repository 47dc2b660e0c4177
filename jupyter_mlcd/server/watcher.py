"""The one watcher: looks at journals, the ledger and the files, and gives hints when they change.

It only asks for the times and sizes of files, at most a few thousand per project, and only for
projects that a client asked for in the last ten minutes. Files are looked at in a thread: a disk
may take its time, and the server's loop has none. A project whose runs go on is not forgotten, and
keeps the server from being culled: a cell may take an hour and write nothing, and nobody need look
on.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tornado.ioloop import PeriodicCallback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

_EVERY = 300
"""Milliseconds between two looks."""
_FORGET_AFTER = 600.0
"""Seconds after which a project that nobody asks for is not watched any more."""
_OF_RUNS = frozenset({"run", "log"})
_SIGN_OF_LIFE = 20.0
"""Seconds between two questions whether runs go on; shorter than any limit of culling."""

Mark = tuple[int, int]
"""Time of change in nanoseconds, and size."""


class _Watched:
    def __init__(self, state: Path) -> None:
        self.state = state
        self.files: Mapping[str, str] = {}
        self.asked = time.monotonic()
        self.runs_go_on = False
        self.seq = 0
        self.marks: dict[str, Mark] = {}


class Watcher:
    """Watches projects; ``tell(folder, topic, id, seq)`` is called in the server's loop.

    ``goes_on(state)`` says whether a run whose drafts are in ``state`` goes on; it is asked in a
    thread. ``busy`` is told of each moment in which one does.
    """

    def __init__(
        self,
        tell: Callable[[Path, str, str, int], None],
        busy: Callable[[datetime], None],
        goes_on: Callable[[Path], bool],
    ) -> None:
        self._tell = tell
        self._busy = busy
        self._goes_on = goes_on
        self._watched: dict[Path, _Watched] = {}
        self._lock = threading.Lock()
        self._timer = PeriodicCallback(self.look, _EVERY, jitter=0.1)
        self._pulse = PeriodicCallback(self.feel, _SIGN_OF_LIFE * 1000, jitter=0.1)

    def start(self) -> None:
        """Begin to look."""
        self._timer.start()
        self._pulse.start()

    def watch(self, folder: Path, state: Path, files: Sequence[Path] | None = None) -> None:
        """Watch the project in ``folder``, whose drafts are in ``state``. Not in the loop.

        ``files`` are the ones that git knows; None leaves those that were named before.
        """
        named = None if files is None else {f"files:{file}": str(file) for file in files}
        with self._lock:
            watched = self._watched.setdefault(folder, _Watched(state))
            watched.asked = time.monotonic()
            if named is not None and watched.files != named:
                # What is looked at for the first time has not changed.
                added = named.keys() - watched.files.keys()
                watched.files = named
                watched.marks.update(one for name in added for one in _mark(name, named[name]))
            if not watched.marks:
                watched.marks = dict(_marks(folder, watched))

    def seq(self, folder: Path) -> int:
        """Return the number of the last change that was seen."""
        return self._watched[folder].seq if folder in self._watched else 0

    async def look(self) -> None:
        """Look once at every watched project."""
        for folder, topic, name in await asyncio.to_thread(self._changes):
            watched = self._watched[folder]
            watched.seq += 1
            if topic in _OF_RUNS:
                watched.runs_go_on = True  # Until it is asked for the next time.
                self._busy(datetime.now(UTC))
            self._tell(folder, topic, name, watched.seq)

    def _changes(self) -> list[tuple[Path, str, str]]:
        """Return folder, topic and id of what changed since the last look."""
        with self._lock:
            now = time.monotonic()
            for folder, watched in list(self._watched.items()):
                if now - watched.asked > _FORGET_AFTER and not watched.runs_go_on:
                    del self._watched[folder]
            return [
                (folder, topic, name)
                for folder, watched in self._watched.items()
                for topic, name in sorted(_changed(folder, watched))
            ]

    async def feel(self) -> None:
        """Ask once for every watched project whether its runs go on."""
        for watched in list(self._watched.values()):
            watched.runs_go_on = await asyncio.to_thread(self._goes_on, watched.state)
            if watched.runs_go_on:
                self._busy(datetime.now(UTC))


def _changed(folder: Path, watched: _Watched) -> set[tuple[str, str]]:
    before = watched.marks
    watched.marks = marks = dict(_marks(folder, watched))
    return {_hint_of(name) for name in {*marks, *before} if marks.get(name) != before.get(name)}


def _hint_of(name: str) -> tuple[str, str]:
    """Return the topic, and for a run or its log the id of the run."""
    topic, _, rest = name.partition(":")
    return topic, rest if topic in _OF_RUNS else ""


def _marks(folder: Path, watched: _Watched) -> Iterator[tuple[str, Mark]]:
    """Yield ``topic:name`` with the mark of each file that tells of a change."""
    state = watched.state
    git_dir = state.parent
    for name, file in watched.files.items():
        yield from _mark(name, file)
    for name in ("refs/heads/mlcd/evidence", "packed-refs"):
        yield from _mark(f"ledger:{name}", git_dir / name)
    for name in ("HEAD", "index", "logs/HEAD"):
        yield from _mark(f"files:{name}", git_dir / name)
    yield from _mark("files:folder", folder)
    yield from _mark("files:config", folder / "mlcd.toml")
    try:
        runs = sorted(os.listdir(state / "runs"))[-20:]  # noqa: PTH208 - names are all it needs
    except OSError:
        return
    for run in runs:
        yield from _mark(f"run:{run}", state / "runs" / run / "journal.jsonl")
        yield from _mark(f"log:{run}", state / "runs" / run / "runner.log")


def _mark(name: str, path: Path | str) -> Iterator[tuple[str, Mark]]:
    try:
        found = os.stat(path)  # noqa: PTH116 - thousands at a time
    except OSError:
        return
    yield name, (found.st_mtime_ns, found.st_size)
