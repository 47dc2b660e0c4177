from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.lab import Lab, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = Path(__file__).parents[2] / "example_notebooks"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking"]
    return {
        "executable_path": chromium(),
        "headless": True,
        "args": [*quiet, "--disable-component-update", "--disable-sync"],
    }


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    """Return a repository with the example, nothing run and nothing set up but git."""
    folder = tmp_path / "work" / "digits"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("releases", ".ipynb_*"))
    for arguments in (
        ["init", "--quiet", "--initial-branch=main"],
        ["config", "user.name", "Mara Example"],
        ["config", "user.email", "mara@example.org"],
        ["add", "--all"],
        ["commit", "--quiet", "--message=A careful first model"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


@pytest.fixture
def lab(digits: Path, tmp_path: Path) -> Iterator[Lab]:
    server = Lab(digits, tmp_path / "home")
    server.start()
    yield server
    server.stop()
