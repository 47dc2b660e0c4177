from __future__ import annotations

import json
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlcd.bundle.software import all_software_of, software_of
from tests.execution.kernelspecs import Kernelspecs

if TYPE_CHECKING:
    from pathlib import Path


def executed(folder: Path, **metadata: Any) -> Path:
    file = folder / f"{len(list(folder.iterdir()))}.ipynb"
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


def test_every_kernel_of_a_run_is_told_once(tmp_path: Path) -> None:
    other = {"kernelspec": {"name": "ir"}, "language_info": {"name": "R", "version": "4.4"}}
    notebooks = [
        executed(tmp_path, **PYTHON),
        executed(tmp_path, **other),
        executed(tmp_path, **PYTHON),
    ]
    assert [one.kernel for one in all_software_of(notebooks)] == ["python3", "ir"]


def test_a_kernel_that_died_before_it_spoke_leaves_the_word_to_another_notebook(
    tmp_path: Path,
) -> None:
    silent = executed(tmp_path, kernelspec={"name": "ir"})
    other = {"kernelspec": {"name": "ir"}, "language_info": {"name": "R", "version": "4.4"}}
    (software,) = all_software_of([silent, executed(tmp_path, **other)])
    assert software.version == "4.4"


def test_a_python_behind_another_program_is_asked_in_its_own_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `conda run` starts one."""
    program = tmp_path / "conda"
    program.write_text('#!/bin/sh\nshift 3\nexec "$@"\n')
    program.chmod(0o755)
    (tmp_path / "more" / "only_there-7.dist-info").mkdir(parents=True)
    about = tmp_path / "more" / "only_there-7.dist-info" / "METADATA"
    about.write_text("Metadata-Version: 2.1\nName: only-there\nVersion: 7\n")
    start = [str(program), "run", "-n", "science", sys.executable]
    Kernelspecs(tmp_path / "share", monkeypatch).add(
        "science",
        [*start, "-m", "ipykernel_launcher", "-f"],
        language="python",
        env={"PYTHONPATH": str(tmp_path / "more")},
    )
    software = software_of([executed(tmp_path, kernelspec={"name": "science"})])
    assert software is not None
    assert (software.language, software.packages["only-there"]) == ("python", "7")


@pytest.mark.parametrize("metadata", [{"kernelspec": None}, {"kernelspec": [], "language_info": 1}])
def test_odd_metadata_are_taken_as_none(tmp_path: Path, metadata: dict[str, Any]) -> None:
    software = software_of([executed(tmp_path, **metadata)])
    assert software is not None
    assert software.kernel == "python3"
