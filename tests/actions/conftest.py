from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.testing import FakeDesk

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[project]
name = "digits"

[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
produces = ["model.joblib"]

[[gates]]
metric = "accuracy"
at-least = 0.9
better-than = "production"
by = 0.002

[environments.staging]
[environments.production]
after = "staging"
"""


@pytest.fixture
def made(tmp_path: Path) -> FakeDesk:
    """Return a project with one notebook, two rungs, and fakes behind every socket."""
    (tmp_path / "train.ipynb").write_text("{}")
    return FakeDesk(tmp_path, CONFIG)
