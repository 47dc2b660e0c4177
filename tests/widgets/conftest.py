from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.execution.conftest import own_runtime_directory
from tests.journeys.projects import commit_all, notebook, repository

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["own_runtime_directory"]

CONFIG = """
[project]
name = "small"

[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
matrix = { seed = [1, 2] }
produces = ["model.txt"]
candidate = { seed = 1 }

[environments.staging]
[environments.production]
after = "staging"
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a project that a test may change."""
    return small_project(tmp_path / "small")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project for all tests of a file: a kernel takes seconds to start."""
    return small_project(tmp_path_factory.mktemp("shared") / "small")


def small_project(folder: Path) -> Path:
    """Make a committed project of one notebook with two cases, and two environments."""
    repository(folder)
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / "train.ipynb").write_text(
        notebook(
            "parameters|seed = 0",
            "from jupyter_mlcd import record\nrecord('accuracy', 0.95 + seed / 100)",
            "open('model.txt', 'w').write('model')",
        )
    )
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\nwidgets*\n")
    commit_all(folder)
    return folder
