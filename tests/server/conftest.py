from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

# Not by `pytest_plugins`: its event loop is for these tests and would disturb all others.
from pytest_jupyter.jupyter_server import *  # noqa: F403

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONFIG = """
[project]
name = "small"

[suites.quality]
notebooks = ["one.ipynb"]

[environments.production]
"""


def notebook(*sources: str) -> str:
    """Return the text of a notebook with these code cells, never run."""
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": f"cell-{index}",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for index, source in enumerate(sources)
    ]
    metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture  # type: ignore[no-redef]  # this is how a fixture is overridden
def jp_server_config() -> dict[str, Any]:
    return {
        "ServerApp": {
            "jpserver_extensions": {"jupyter_mlcd.server": True},
            "allow_unauthenticated_access": False,
        }
    }


@pytest.fixture
def repository(jp_root_dir: Path) -> Path:
    """Return a committed project at the server's root."""
    (jp_root_dir / "mlcd.toml").write_text(CONFIG)
    (jp_root_dir / "one.ipynb").write_text(notebook("print('hello')"))
    commit = git(jp_root_dir)
    commit("init", "--quiet", "--initial-branch=main")
    commit("config", "user.name", "Mara Example")
    commit("config", "user.email", "mara@example.org")
    commit("add", "--all")
    commit("commit", "--quiet", "--message=First")
    return jp_root_dir


def git(folder: Path) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        made = subprocess.run(
            ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
        )
        return made.stdout.strip()

    return run
