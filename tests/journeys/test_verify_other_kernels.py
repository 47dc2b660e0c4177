"""Evidence of a kernel that is not Python is no forgery either."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.execution.kernelspecs import Kernelspecs
from tests.faults.kept import Stage
from tests.journeys.projects import commit_all, notebook, repository

if TYPE_CHECKING:
    from collections.abc import Sequence

DENO = Path(sys.executable).parent / ("deno.exe" if sys.platform == "win32" else "deno")
CONFIG = """
[project]
name = "small"
[suites.quality]
[[suites.quality.notebooks]]
path = "one.ipynb"
parameters = { seed = 3 }
"""
GOOD = ("parameters|let seed = 0", "console.log(seed)", "seed * 2", "skip-execution|throw 1")
RED = ("parameters|let seed = 0", "throw new RangeError('too far')", "console.log(seed)")


@pytest.mark.skipif(not DENO.exists(), reason="no deno")
@pytest.mark.parametrize("cells", [GOOD, RED])
def test_evidence_of_another_language_verifies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: Sequence[str]
) -> None:
    specs = Kernelspecs(tmp_path / "share", monkeypatch)
    specs.add("deno", [str(DENO), "jupyter", "--kernel", "--conn"], language="typescript")
    stage = Stage(repository(tmp_path / "small"))
    (stage.folder / "mlcd.toml").write_text(CONFIG)
    text = notebook(*cells, kernel="deno").replace('"python"', '"typescript"')
    (stage.folder / "one.ipynb").write_text(text)
    commit_all(stage.folder)
    found = stage.bench.verify(stage.keep("quality"))
    assert [one.words for one in found.checks if not one.ok] == []
