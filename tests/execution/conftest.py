from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.execution.projects import Project

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def own_runtime_directory() -> Iterator[Path]:
    """Give these tests nurseries of their own, and end them."""
    folder = Path(tempfile.mkdtemp(prefix="mlcd-test-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        yield folder
    for process in nurseries(folder):
        with suppress(psutil.NoSuchProcess):  # It may end by itself meanwhile.
            process.kill()  # Not waited for: where nobody collects them, zombies stay.
    shutil.rmtree(folder, ignore_errors=True)


def nurseries(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = " ".join(process.info["cmdline"] or ())
        if "execution.nursery" in words and str(folder) in words:
            found.append(process)
    return found


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "small")
