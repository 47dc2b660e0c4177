from __future__ import annotations

import json
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.bundle.software import software_of

if TYPE_CHECKING:
    from pathlib import Path


def executed(folder: Path, **metadata: Any) -> Path:
    file = folder / "one.ipynb"
    file.write_text(json.dumps({"cells": [], "metadata": metadata, "nbformat": 4}))
    return file


PYTHON = {"kernelspec": {"name": "python3"}, "language_info": {"name": "python", "version": "3"}}


def test_our_own_interpreter_tells_its_packages(tmp_path: Path) -> None:
    software = software_of([executed(tmp_path, **PYTHON)], sys.executable)
    assert software is not None
    assert software.packages["msgspec"] == version("msgspec")
    assert software.version == ".".join(map(str, sys.version_info[:3]))


def test_another_interpreter_is_asked(tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    program.chmod(0o755)
    software = software_of([executed(tmp_path, **PYTHON)], str(program))
    assert software is not None
    assert software.packages["msgspec"] == version("msgspec")


def test_an_interpreter_that_is_gone_gives_no_packages(tmp_path: Path) -> None:
    software = software_of([executed(tmp_path, **PYTHON)], str(tmp_path / "gone"))
    assert software is not None
    assert software.packages == {}


def test_another_language_gives_what_the_kernel_said(tmp_path: Path) -> None:
    spec = {"kernelspec": {"name": "ir"}, "language_info": {"name": "R", "version": "4.4"}}
    software = software_of([executed(tmp_path, **spec)])
    assert software is not None
    assert (software.kernel, software.language, software.version) == ("ir", "R", "4.4")
    assert software.packages == {}


def test_without_executed_notebooks_there_is_none() -> None:
    assert software_of([]) is None
