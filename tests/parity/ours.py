"""What we say: a suite of all notebooks in a repository of its own, run by ``jupyter mlcd run``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import nbformat

from jupyter_mlcd.execution.run_folder import folder_of
from jupyter_mlcd.model.run import Run
from tests.execution.conftest import nurseries
from tests.journeys.projects import CHECKOUT, commit_all, git, repository
from tests.parity.corpora import SANITIZE_NAME
from tests.parity.theirs import CELL_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.model.result import CaseResult
    from tests.parity.corpora import Corpus

_COMPARE = {"strict": "every-cell", "lax": "marked-cells", "sanitised": "every-cell"}
_RUN_SECONDS = 1200
_LOG_CHARACTERS = 2000


@contextmanager
def own_nursery() -> Iterator[None]:
    """Give the runs inside a nursery of their own, and end it."""
    folder = Path(tempfile.mkdtemp(prefix="mlcd-test-"))
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before
        for process in nurseries(folder):
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Executed:
    """What a case came to, and what its cells gave."""

    result: CaseResult
    outputs: dict[int, list[Any]]
    """By the cell's position in the notebook, as they were judged."""


def mlcd(corpus: Corpus, mode: str) -> dict[str, Executed]:
    """Run all notebooks of a corpus; return what each came to."""
    with tempfile.TemporaryDirectory(prefix="mlcd-parity-") as made:
        scratch = Path(made).resolve()
        folder = scratch / "repository"
        shutil.copytree(corpus.folder, folder, symlinks=True)
        repository(folder)
        (folder / SANITIZE_NAME).write_text(corpus.replacements, "utf-8")
        (folder / "mlcd.toml").write_text(_configuration(corpus, mode), "utf-8")
        # Their own rules may ignore notebooks.
        git(folder, "add", "--all", "--force")
        commit_all(folder)
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "jupyter_mlcd.cli.main", "run", "--json", "--jobs=2"],
            cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT), "IPYTHONDIR": str(scratch / "ipython")},
            check=False, timeout=_RUN_SECONDS,
        )  # fmt: skip
        assert ended.stdout.startswith("{"), ended.stdout + ended.stderr
        run = msgspec.json.decode(ended.stdout, type=Run)
        kept = folder_of(folder / ".git", run.id)
        return {
            case.notebook: Executed(
                _with_log(case, kept.log.read_text("utf-8")),
                dict(_outputs(kept.notebooks, index)),
            )
            for index, case in enumerate(run.cases)
        }


def _outputs(notebooks: Path, index: int) -> Iterator[tuple[int, list[Any]]]:
    """Yield the outputs of each code cell of the case with this number, if it got so far."""
    for file in notebooks.glob(f"{index:03d}-*.ipynb"):
        document = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
        for position, cell in enumerate(document.cells):
            if cell.cell_type == "code":
                yield position, cell.outputs


def _with_log(case: CaseResult, log: str) -> CaseResult:
    """Say more about a case that came to nothing: its run is gone when somebody asks."""
    if case.cells or not case.total:
        return case
    return msgspec.structs.replace(case, reason=f"{case.reason}\n{log[-_LOG_CHARACTERS:]}")


def _configuration(corpus: Corpus, mode: str) -> str:
    sanitize = f"sanitize = {json.dumps(SANITIZE_NAME)}\n" if mode == "sanitised" else ""
    return (
        f'[project]\nname = "parity"\n[suites.all]\ncompare = "{_COMPARE[mode]}"\n{sanitize}'
        f'limits = {{ cell = "{CELL_SECONDS:g}s" }}\nnotebooks = {json.dumps(corpus.notebooks)}\n'
    )
