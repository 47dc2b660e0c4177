"""Looking at a project's journals and ledger while a widget is shown or its run goes on."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.widgets.answers import HERE, answer, reference
from jupyter_mlcd.widgets.hands import NAME
from jupyter_mlcd.world.types_in_threads import ready_types

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlcd.model.status import Status
    from jupyter_mlcd.workbench import Workbench

LOG = logging.getLogger("jupyter_mlcd")

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


class News(NamedTuple):
    """What changed, and what is asked next: a kernel that is busy with a cell could not answer."""

    hint: Hint
    status: Status | MlcdError
    """Where the project stands now, or why that cannot be told."""
    answers: dict[str, Any]
    """By the path of the question."""


class Follower(Protocol):
    """Who wants to know."""

    def is_wanted(self) -> bool:
        """Return whether there is a reason to go on looking."""

    def hear(self, news: News) -> None:
        """Take what changed."""


class Watcher:
    """Tells all widgets of a project what changed, in one thread that lives while one wants it."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._followers: weakref.WeakSet[Any] = weakref.WeakSet()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def add(self, follower: Follower) -> None:
        """Tell ``follower`` what changes for as long as it lives."""
        self._followers.add(follower)

    def marks(self) -> dict[Hint, tuple[int, ...]]:
        """Return the times and sizes of the files that tell of a change."""
        return dict(_marks(self._bench))

    def start(self) -> None:
        """Look from now on; what happened before is not told."""
        with self._lock:
            if self._thread is None:
                ready_types("jupyter_mlcd")
                marks = self.marks()
                self._thread = threading.Thread(
                    target=self._look, args=(marks,), name=NAME, daemon=True
                )
                self._thread.start()

    def tell(self, *hints: Hint) -> None:
        """Tell all followers now."""
        status = self._status()
        news = [News(hint, status, self._answers(hint, status)) for hint in hints]
        for follower in list(self._followers):
            for one in news:
                try:
                    follower.hear(one)
                except Exception:  # An observer of a person's own; the others want to know too.
                    LOG.exception("an observer of a widget failed")

    def _look(self, marks: dict[Hint, tuple[int, ...]]) -> None:
        pause = threading.Event()
        while True:
            pause.wait(_EVERY)
            with self._lock:
                if not any(one.is_wanted() for one in list(self._followers)):
                    self._thread = None
                    return
            now = self.marks()
            changed = [hint for hint in {*now, *marks} if now.get(hint) != marks.get(hint)]
            marks = now
            if changed:
                self.tell(*sorted(changed))

    def _status(self) -> Status | MlcdError:
        try:
            return self._bench.status(reference(self._bench))
        except MlcdError as error:
            return error

    def _answers(self, hint: Hint, status: Status | MlcdError) -> dict[str, Any]:
        if isinstance(status, MlcdError):
            return {}  # The views ask for it and are told why.
        answers: dict[str, Any] = {f"projects/{HERE}": msgspec.to_builtins(status)}
        if hint.topic == "run":
            path = f"projects/{HERE}/runs/{hint.id}"
            with suppress(MlcdError):  # The same.
                answers[path] = answer(self._bench, path, None).value
        return answers


_watchers: weakref.WeakValueDictionary[Path, Watcher] = weakref.WeakValueDictionary()


def watcher_of(bench: Workbench) -> Watcher:
    """Return the one watcher of a project in this process."""
    found = _watchers.get(bench.folder)
    if found is None:
        found = _watchers[bench.folder] = Watcher(bench)
    return found


def _marks(bench: Workbench) -> Iterator[tuple[Hint, tuple[int, ...]]]:
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
