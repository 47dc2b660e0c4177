"""Who watches a project: one at a time in a repository, told in a file that a lock guards."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.model.errors import RefusedError, WorldError
from jupyter_mlcd.model.flow import Watching
from jupyter_mlcd.world.files import write_atomically
from jupyter_mlcd.world.places import is_locked, locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WAIT = 0.5
"""Seconds in which whoever only looks gives the lock back."""


@contextmanager
def only_watcher(state: Path, project: str, watching: Watching) -> Iterator[None]:
    """Be the one who watches ``project``, until the end of the block.

    The lock is the system's: whoever dies gives it back. Raises RefusedError with who watches.
    """
    with ExitStack() as held:
        try:
            held.enter_context(locked(_lock(state, project), _WAIT))
        except WorldError as error:
            if error.code != "locked":
                raise
            raise _watched(project, _told(state, project)) from None
        write_atomically(_file(state, project), msgspec.json.encode(watching))
        yield


def who_watches(state: Path, project: str) -> Watching | None:
    """Return who watches ``project`` now; None where nobody does."""
    return _told(state, project) if is_locked(_lock(state, project)) else None


def _watched(project: str, other: Watching | None) -> RefusedError:
    who = "another program" if other is None else f"{other.by.partition(' <')[0]} ({other.pid})"
    return RefusedError(
        f"{project} is watched already, by {who}",
        code="watched",
        hint="Nothing was begun. One is enough: end that one first.",
    )


def _told(state: Path, project: str) -> Watching | None:
    try:
        return msgspec.json.decode(_file(state, project).read_bytes(), type=Watching)
    except (OSError, msgspec.MsgspecError):
        return None


def _lock(state: Path, project: str) -> Path:
    return state / f"watch-{project}.lock"


def _file(state: Path, project: str) -> Path:
    return state / f"watch-{project}.json"
