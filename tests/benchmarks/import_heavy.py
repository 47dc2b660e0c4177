"""Sixteen notebooks that import much and compute little, against the tools that people use.

    python -m tests.benchmarks.import_heavy [NOTEBOOKS]

prints seconds and ratios: papermill in a loop (one Python for all), ``pytest --nbmake -n 2`` and
``pytest --nbval-lax -n 2`` against one run here, with two cases side by side and with one per core.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.nursery_client import nursery_socket
from jupyter_mlcd.model.result import Verdict
from jupyter_mlcd.model.suite import NotebookEntry
from jupyter_mlcd.world.key_variables import without_keys
from tests.execution.projects import Project, notebook

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCES = (
    """import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
from sklearn.linear_model import LogisticRegression""",
    "x = np.arange(10.0).reshape(-1, 1)\nmodel = LogisticRegression().fit(x, x.ravel() > 4)",
    "# NBVAL_CHECK_OUTPUT\nprint(pd.DataFrame({'a': x.ravel()})['a'].sum())",
)
PAPERMILL = """
import sys, papermill
for path in sys.argv[1:]:
    papermill.execute_notebook(path, path + ".out.ipynb", progress_bar=False)
"""


def command(*words: str) -> Callable[[Path], None]:
    """Return a rival that is a command in the notebooks' folder."""

    def run(folder: Path) -> None:
        names = sorted(path.name for path in folder.glob("*.ipynb"))
        ended = subprocess.run(
            [sys.executable, *words, *names], cwd=folder, capture_output=True, check=False
        )
        assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]

    return run


RIVALS: dict[str, Callable[[Path], None]] = {
    "papermill in a loop": command("-c", PAPERMILL),
    "pytest --nbmake -n 2": command("-m", "pytest", "-q", "--nbmake", "-n", "2"),
    "pytest --nbval-lax -n 2": command(
        "-m", "pytest", "-q", "--nbval-lax", "-n", "2", "--dist", "loadscope"
    ),
}


def project(folder: Path, count: int) -> Project:
    """Return a committed project with the notebooks."""
    made = Project(folder)
    made.commit({f"n{number:02}.ipynb": notebook(*SOURCES) for number in range(count)})
    return made


def ours(made: Project, count: int, jobs: int) -> float:
    """Return the seconds that a run takes, from asking for it to its kept bundle."""
    entries = [NotebookEntry(path=f"n{number:02}.ipynb") for number in range(count)]
    began = time.monotonic()
    run = made.run(*entries, jobs=jobs)
    seconds = time.monotonic() - began
    assert run.verdict is Verdict.PASSED, run.reason
    return seconds


def measure(count: int) -> dict[str, float]:
    """Return ``{who: seconds}``."""
    cores = os.cpu_count() or 1
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as place:
        for name, run in RIVALS.items():
            made = project(Path(place) / name.replace(" ", "-"), count)
            began = time.monotonic()
            run(made.folder)
            seconds[name] = time.monotonic() - began
        made = project(Path(place) / "ours", count)
        is_warm = nursery_socket(without_keys(os.environ)).exists()
        first = "here, jobs=2" if is_warm else "here, jobs=2, nursery cold"
        seconds[first] = ours(made, count, 2)
        seconds["here, jobs=2"] = ours(made, count, 2)
        seconds[f"here, jobs={cores}"] = ours(made, count, cores)
    return seconds


def main() -> None:
    """Print the figures; the exit code is 1 if we are slower than the best rival."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    seconds = measure(count)
    best = min(seconds[name] for name in RIVALS)
    print(f"{count} notebooks, {os.cpu_count()} cores")
    for name, took in seconds.items():
        print(f"{name:28} {took:7.1f} s   best rival / this: {best / took:5.2f}")
    slow = [name for name, took in seconds.items() if name not in RIVALS and took > best]
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
