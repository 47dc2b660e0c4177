"""A project that delivers by itself: its score is what it says, and what is slow is red live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.actions.flowing import CONFIG
from tests.journeys.projects import commit_all, notebook, repository

if TYPE_CHECKING:
    from pathlib import Path

TRAIN = """
from jupyter_mlcd import record
open("model.joblib", "w").write("{}")
record("accuracy", {})
"""
SMOKE = """
import os, pathlib
live = pathlib.Path(os.environ["MLCD_LIVE"])
assert os.environ["MLCD_ENVIRONMENT"] == "production"
assert os.environ["MLCD_VERSION"] == live.resolve().name
assert "slow" not in (live / "model.joblib").read_text(), "it takes a minute for each digit"
"""


def change(folder: Path, model: str, accuracy: float) -> None:
    """Commit another model."""
    (folder / "train.ipynb").write_text(notebook(TRAIN.format(model, accuracy)))
    commit_all(folder, model)


def served(folder: Path) -> str:
    """Return the model that users have."""
    return (folder / "releases/production/current/model.joblib").read_text()


def flowing_project(folder: Path) -> Path:
    """Make a project whose only environment is automatic, with a first model committed."""
    repository(folder)
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / "smoke.ipynb").write_text(notebook(SMOKE))
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\n")
    change(folder, "first", 0.9)
    return folder
