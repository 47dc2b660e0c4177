"""Kernels for tests: kernelspecs of one test's own, and a Python that has only ipykernel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.world.places import locked

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS = 240.0


class Kernelspecs:
    """Kernelspecs that Jupyter finds during one test."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "kernels"
        patch.setenv("JUPYTER_PATH", str(folder))

    def add(self, name: str, argv: list[str], **more: Any) -> str:
        """Install one; the path of the connection file is put at the end of ``argv``."""
        place = self.folder / name
        place.mkdir(parents=True)
        spec = {"argv": [*argv, "{connection_file}"], "display_name": name, **more}
        (place / "kernel.json").write_text(json.dumps(spec))
        return name

    def add_python(self, name: str, python: str = sys.executable, **more: Any) -> str:
        """Install one that runs ipykernel on a Python."""
        argv = [python, "-m", "ipykernel_launcher", "-f"]
        return self.add(name, argv, language="python", **more)


def bare_python(factory: pytest.TempPathFactory) -> str:
    """Return the Python of an environment that has only ipykernel, made once for all workers."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    venv = folder / "bare-venv"
    python = str(venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))
    with locked(folder / "bare-venv.lock", _SECONDS):
        if not (venv / "ready").exists():
            subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
            install(python, "ipykernel")
            (venv / "ready").touch()
    return python


def install(python: str, *words: str) -> None:
    """Let pip install something; without a package index the test is skipped."""
    command = [python, "-m", "pip", "install", "--quiet", *words]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        pytest.skip(f"pip cannot install {words[-1]} here: {ended.stderr.strip()[-300:]}")
