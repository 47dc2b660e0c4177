"""``run`` in the terminal: suite, notebooks, cells, and when it will be done, until it ends."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
import msgspec

from jupyter_mlcd.cli.grouping import print_json
from jupyter_mlcd.cli.keeping import told
from jupyter_mlcd.model.errors import NotFoundError, UsageError
from jupyter_mlcd.model.result import GREEN, State
from jupyter_mlcd.project_api import render_runs

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.run import Run, RunRequest
    from jupyter_mlcd.workbench import Workbench

_LOOK_EVERY = 0.1
"""Seconds between two looks at the journal."""


@dataclass(frozen=True)
class Wanted:
    """Files that a run is to leave beside its evidence."""

    junit: Path | None
    report: Path | None
    """One static page for people without Jupyter."""


def run(bench: Workbench, request: RunRequest, *, keep: bool, wanted: Wanted, quiet: bool) -> int:
    """Run, follow, report; return the exit code."""
    started = bench.run(request)
    try:
        ended = follow(bench, started.id, quiet=quiet)
    except KeyboardInterrupt:
        bench.cancel(started.id)
        click.echo("Cancelled; nothing goes on in the background.", err=True)
        raise
    if wanted.junit is not None and ended.digest:
        shutil.copyfile(bench.runner.bundle(ended.id) / "junit.xml", wanted.junit)
    if request.coverage and ended.coverage is None and not quiet:
        click.echo("coverage: no line of the project's code was measured; the remarks say why")
    if wanted.report is not None and ended.digest:
        wanted.report.write_bytes(bench.report(ended.id))
    if keep or bench.project.project.keep == "all":
        kept = bench.keep(ended.id)
        ended = msgspec.structs.replace(ended, kept=True)
        if not quiet:
            click.echo(f"Kept as evidence: {kept.path} on the branch mlcd/evidence.")
            told(kept)
    if quiet:
        print_json(ended)
    return 0 if ended.verdict in GREEN else 1


def follow(bench: Workbench, run: str, *, quiet: bool = False) -> Run:
    """Show a run until it has ended, and return it."""
    from rich.console import Console  # noqa: PLC0415 - 50 ms that `--help` does not need
    from rich.live import Live  # noqa: PLC0415

    console = Console(quiet=quiet)
    found = bench.show_run(run)
    if not console.is_terminal or quiet:
        return _follow_by_lines(bench, found, quiet=quiet)
    with Live(render_runs.run_table(found), console=console, refresh_per_second=8) as live:
        while found.state is not State.ENDED:
            time.sleep(_LOOK_EVERY)
            found = bench.show_run(run)
            live.update(render_runs.run_table(found))
    render_runs.run_end(found)
    return found


def _follow_by_lines(bench: Workbench, found: Run, *, quiet: bool) -> Run:
    """Print a line when a case ends: for files, pipes and CI logs."""
    told: set[str] = set()
    while True:
        for case in found.cases:
            if case.state is State.ENDED and case.id not in told:
                told.add(case.id)
                if not quiet:
                    click.echo(render_runs.case_line(case))
        if found.state is State.ENDED:
            break
        time.sleep(_LOOK_EVERY)
        found = bench.show_run(found.id)
    if not quiet:
        render_runs.run_end(found)
    return found


def only_run(bench: Workbench) -> str:
    """Return the id of the run that is going on. Raises UsageError if there are none or several."""
    going = [run for run in bench.runner.recent() if run.state is not State.ENDED]
    if len(going) == 1:
        return going[0].id
    if not going:
        raise UsageError("nothing is running")
    ids = ", ".join(run.id for run in going)
    raise UsageError("several runs are going on", hint=f"Say which: {ids}.")


def newest_run(bench: Workbench) -> str:
    """Return the id of the newest run that has ended. Raises NotFoundError."""
    ended = [run for run in bench.runner.recent() if run.state is State.ENDED]
    if not ended:
        raise NotFoundError("there is no run yet", hint="Run one: jupyter mlcd run")
    return ended[0].id
