from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.execution.conftest import own_runtime_directory
from tests.journeys.projects import delivering_project

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["own_runtime_directory"]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a committed project whose one notebook makes a file to deliver."""
    return delivering_project(tmp_path / "small")
