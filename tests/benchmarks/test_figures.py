"""The commands that measure still measure: their smallest size, and no word about time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlcd.model.evidence import Match
from jupyter_mlcd.workbench import Workbench
from tests.benchmarks.big_project import SMALL, BigProject
from tests.benchmarks.figures import Times

CHECKOUT = Path(__file__).parents[2]


def rows(*command: str) -> dict[str, list[str]]:
    """Run a command and return the rows of its table by their first column."""
    ended = subprocess.run(
        [sys.executable, "-m", *command], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    lines = [line.strip("|").split("|") for line in ended.stdout.splitlines() if line[:2] == "| "]
    return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in lines}


@pytest.mark.timeout(600)
def test_lists_and_pages_of_a_ledger_are_measured_beside_plain_git() -> None:
    told = rows("tests.benchmarks.ledger", str(SMALL.runs))
    assert told["git log --name-only"][-1] == "1.0"
    assert {"evidence, all lines", "status (the panel)", "evidence, a file was just saved"} <= set(
        told
    )


@pytest.mark.timeout(600)
def test_holds_of_the_event_loop_are_measured_beside_jupyters_own() -> None:
    told = rows("tests.benchmarks.event_loop", str(SMALL.runs))
    assert {"peer: /api/contents, a notebook", "status", "evidence", "preview"} <= set(told)


def test_what_was_built_is_real_but_for_what_kernels_would_have_put_out(tmp_path: Path) -> None:
    project = BigProject(tmp_path / "project", SMALL)
    project.keep_one_more()
    bench = Workbench(project.folder)
    listed = bench.evidence()
    assert len(listed) == SMALL.runs + 1
    (_, first), (_, last) = project.commits[0], project.commits[-1]
    assert listed[-1].changed == bench.worktree.changed_between(first, last)[:20]
    assert listed[0].match is Match.MATCHES
    checks = bench.verify(listed[0].id).checks
    # Every run has the same notebooks, which no kernel executed: they tell of no case's scores.
    assert {check.name for check in checks if not check.ok} == {
        "every notebook belongs to its case",
        "the tested sources are what ran",
    }


def test_p95_is_what_nineteen_of_twenty_did_not_exceed() -> None:
    times = Times("", [number / 1000 for number in range(1, 101)])
    assert (times.median, times.p95, times.worst) == (50.5, 96.0, 100.0)
