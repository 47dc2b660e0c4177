"""Where a run keeps what: one folder below git's common folder, shared by all worktrees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jupyter_mlcd.world.files import safe_name

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.run import RunPlan


def runs_directory(common: Path) -> Path:
    """Return the folder of all runs of a repository, given git's common folder."""
    return common / "mlcd" / "runs"


def store_directory(common: Path) -> Path:
    """Return the folder of the Store of a repository, given git's common folder."""
    return common / "mlcd" / "store"


def discarded_directory(common: Path) -> Path:
    """Return where a run is moved before it is removed, so that nobody sees half of one."""
    return common / "mlcd" / "discarded"


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run."""

    root: Path

    @property
    def plan(self) -> Path:
        """What was decided before the start; never changed."""
        return self.root / "plan.json"

    @property
    def journal(self) -> Path:
        """What happened since, one event per line."""
        return self.root / "journal.jsonl"

    @property
    def cancel(self) -> Path:
        """The file that, once it is there, asks the run to end."""
        return self.root / "cancel"

    @property
    def log(self) -> Path:
        """What the runner and the cases' processes printed, for people who look for a fault."""
        return self.root / "runner.log"

    @property
    def lock(self) -> Path:
        """Held by whoever ends a lost run."""
        return self.root / "lock"

    @property
    def notebooks(self) -> Path:
        """The executed notebooks, also of cases that did not get to their end."""
        return self.root / "notebooks"

    @property
    def cases(self) -> Path:
        """Requests and reports of the cases' processes."""
        return self.root / "cases"

    @property
    def attached(self) -> Path:
        """Further files of the evidence, each at its path in the bundle."""
        return self.root / "attached"

    @property
    def rooms(self) -> Path:
        """Private copies of the tested files; gone when the run has ended."""
        return self.root / "rooms"

    @property
    def bundle(self) -> Path:
        """The finished evidence; there when the run has ended."""
        return self.root / "bundle"

    @property
    def store(self) -> Path:
        """The Store, shared by all runs of the repository."""
        return self.root.parents[1] / "store"

    def executed(self, plan: RunPlan, case: str) -> Path:
        """Return where the executed notebook of a case is written."""
        index, found = next(one for one in enumerate(plan.cases) if one[1].id == case)
        stem = re.sub(r"[^A-Za-z0-9._-]+", "-", PurePosixPath(found.notebook).stem)[:60]
        return self.notebooks / f"{index:03d}-{stem}.ipynb"

    def measured(self, index: int) -> Path:
        """Return where the kernel of a case writes which lines of code it executed."""
        return self.cases / f"{index}.coverage"

    def earlier(self, plan: RunPlan, case: str, attempt: int) -> Path:
        """Return where the executed notebook of an earlier attempt is kept."""
        last = self.executed(plan, case)
        return self.attached / "notebooks" / f"{last.stem}.attempt-{attempt}.ipynb"


def folder_of(common: Path, run: str) -> RunFolder:
    """Return the folder of a run. Raises UsageError for what cannot be the id of one."""
    return RunFolder(runs_directory(common) / safe_name(run))
