"""Looking at a project's journals and ledger while a widget is shown or its run goes on."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, NamedTuple

from jupyter_mlcd.world.types_in_threads import ready_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jupyter_mlcd.workbench import Workbench

_EVERY = 0.3
"""Seconds between two looks."""
_NEWEST = 20
"""Journals that are looked at."""


class Hint(NamedTuple):
    """That something changed; the same words as the server's events."""

    topic: str
    """``run``, ``ledger`` or ``files``."""
    id: str = ""
    """The run that changed."""


class Watcher:
    """Tells what changed, in a thread of its own that lives only while somebody wants to know."""

    def __init__(
        self, bench: Workbench, tell: Callable[[Hint], None], wanted: Callable[[], bool]
    ) -> None:
        self._bench = bench
        self._tell = tell
        self._wanted = wanted
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Look from now on; what happened before is not told."""
        with self._lock:
            if self._thread is None:
                ready_types("jupyter_mlcd")
                marks = dict(_marks(self._bench))
                self._thread = threading.Thread(
                    target=self._look, args=(marks,), name="jupyter-mlcd-widget", daemon=True
                )
                self._thread.start()

    def _look(self, marks: dict[Hint, tuple[int, ...]]) -> None:
        pause = threading.Event()
        while True:
            pause.wait(_EVERY)
            with self._lock:
                if not self._wanted():
                    self._thread = None
                    return
            now = dict(_marks(self._bench))
            changed = [hint for hint in {*now, *marks} if now.get(hint) != marks.get(hint)]
            marks = now
            for hint in sorted(changed):
                self._tell(hint)


def _marks(bench: Workbench) -> Iterator[tuple[Hint, tuple[int, ...]]]:
    """Yield the times and sizes of the files that tell of a change."""
    git_dir = bench.state.parent
    ledger = [git_dir / "refs/heads/mlcd/evidence", git_dir / "packed-refs"]
    yield Hint("ledger"), _mark(*ledger)
    files = [git_dir / "HEAD", git_dir / "index", git_dir / "logs/HEAD"]
    yield Hint("files"), _mark(*files, bench.folder / "mlcd.toml")
    runs = bench.state / "runs"
    try:
        names = sorted(os.listdir(runs))[-_NEWEST:]  # noqa: PTH208 - names are all it needs
    except OSError:
        return
    for name in names:
        yield Hint("run", name), _mark(runs / name / "journal.jsonl")


def _mark(*paths: Path) -> tuple[int, ...]:
    found: list[int] = []
    for path in paths:
        try:
            state = path.stat()
        except OSError:
            found += [0, -1]
        else:
            found += [state.st_mtime_ns, state.st_size]
    return tuple(found)
