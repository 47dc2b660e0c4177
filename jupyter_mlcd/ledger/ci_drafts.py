"""What this machine knows of CI runs, by commit, beside the other drafts in git's common folder.

It is no part of the history: the CI system itself says which run a commit has, to everybody and at
any time, and what a run proves comes as evidence. What only this machine knows is that it asked and
lost the answer, and that must be on disk before it asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.model.ci import CiRun
from jupyter_mlcd.world.files import write_atomically
from jupyter_mlcd.world.places import is_locked, locked

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

_WAIT: Final = 60.0
"""Seconds to wait for another start of this machine to end."""
_AN_ID: Final = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True)
class CiDrafts:
    """Implements ``ports.CiRuns``."""

    folder: Path

    def read(self, commit: str) -> CiRun | None:
        """Return the run of a commit as it was seen last; None where none was seen."""
        if not _AN_ID.fullmatch(commit):
            return None
        try:
            return msgspec.json.decode(self._file(commit).read_bytes(), type=CiRun)
        except (OSError, msgspec.MsgspecError):
            return None

    def write(self, run: CiRun) -> None:
        """Remember a run, durably. Raises WorldError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self._file(run.commit), msgspec.json.encode(run))

    def alone(self) -> AbstractContextManager[object]:
        """One start at a time on this machine. Raises WorldError where another goes on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return locked(self._lock, _WAIT)

    def at_work(self) -> bool:
        """Whether somebody starts one or looks now."""
        return is_locked(self._lock)

    @property
    def _lock(self) -> Path:
        return self.folder / "lock"

    def _file(self, commit: str) -> Path:
        return self.folder / f"{commit}.json"
