"""A project whose environment delivers by itself, with fakes behind every socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.actions.verify_live import verify_live
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.testing import FakeDesk
from tests.actions.days import change_committed, quality_ran

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.flow import LiveCheck

CONFIG = """
[project]
name = "digits"

[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.joblib"]

[suites.smoke]
notebooks = ["smoke.ipynb"]

[[gates]]
metric = "accuracy"
better-than = "production"
by = 0.002

[environments.production]
deliver = "automatic"
verify = "smoke"
"""


def flowing_project(folder: Path, config: str = CONFIG) -> FakeDesk:
    """Make it, with both notebooks, in every version."""
    for name in ("train.ipynb", "smoke.ipynb"):
        (folder / name).write_text("{}")
    made = FakeDesk(folder, config)
    commit(made, 1)
    return made


def commit(made: FakeDesk, number: int) -> None:
    """Commit another change that has both notebooks."""
    change_committed(made, number)
    made.worktree.held[made.worktree.state.commit, "smoke.ipynb"] = b"{}"


def improved(made: FakeDesk, number: int, accuracy: float) -> None:
    """Commit a change whose suite passed, to this score."""
    commit(made, number)
    quality_ran(made, accuracy)


def checked(made: FakeDesk, verdict: Verdict = Verdict.PASSED, **how: bool) -> LiveCheck:
    """Check what is live to its end."""
    begun = verify_live(made.desk, "production", **how)
    made.runner.end(begun.run, verdict=verdict)
    return verify_live(made.desk, "production")
