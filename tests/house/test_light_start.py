from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
# Each of these costs a start between 0.1 and 3 seconds; only case processes need them.
HEAVY = ("IPython", "git", "ipywidgets", "nbclient", "nbconvert", "nbformat", "nbval", "papermill")


def heavy_modules_after(statement: str) -> list[str]:
    show = f"{statement}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", show], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


@pytest.mark.parametrize(
    "module", ["jupyter_mlcd", "jupyter_mlcd.cli.main", "jupyter_mlcd.record", "jupyter_mlcd.model"]
)
def test_importing_loads_nothing_that_executes_notebooks(module: str) -> None:
    assert heavy_modules_after(f"import {module}") == []


def test_the_server_extension_adds_nothing_heavy_to_jupyter_server() -> None:
    before = heavy_modules_after("import jupyter_server.serverapp")
    assert heavy_modules_after("import jupyter_server.serverapp, jupyter_mlcd.server") == before
