"""The examples of docs/python.md, as one script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.journeys.projects import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (CHECKOUT / "docs" / "python.md").read_text(encoding="utf-8")


def test_every_example_runs_and_the_last_one_delivers(small: Path) -> None:
    script = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=small,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    assert "passed {}" in ended.stdout
    assert "True 1" in ended.stdout
    assert (small / "releases/production/current/model.txt").read_text() == "model"
