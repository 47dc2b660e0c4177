"""``ci start`` and ``ci status``: what will happen, a question, how it stands."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import click

from jupyter_mlcd.cli.grouping import confirmed, print_json, sentence
from jupyter_mlcd.model.ci import CiState
from jupyter_mlcd.world import clock

if TYPE_CHECKING:
    from jupyter_mlcd.model.ci import CiPreview, CiRun
    from jupyter_mlcd.workbench import Workbench

_LOOK_EVERY: Final = 5.0
"""Seconds between two questions to the CI system."""
_RED: Final = {CiState.FAILED, CiState.CANCELLED}


def start(bench: Workbench, *, wait: bool, yes: bool, as_json: bool) -> int:
    """Show what will happen, ask, start it, and say how it stands; return the exit code."""
    preview = bench.preview_ci()
    if not as_json:
        _show(preview)
    if not confirmed(f"Start it on {preview.system}?", yes=yes):
        click.echo("Nothing was pushed and nothing was started.")
        return 0
    return _followed(bench, bench.start_ci(preview.digest), wait=wait, as_json=as_json)


def status(bench: Workbench, *, wait: bool, as_json: bool) -> int:
    """Say how it stands; return the exit code."""
    return _followed(bench, bench.show_ci(), wait=wait, as_json=as_json)


def _followed(bench: Workbench, run: CiRun, *, wait: bool, as_json: bool) -> int:
    told = ""
    while True:
        words = _words(run)
        if words != told and not as_json:
            click.echo(words)
            told = words
        if not wait or not run.state.is_busy:
            break
        time.sleep(_LOOK_EVERY)
        run = bench.show_ci()
    if run.state.over and not run.evidence:
        run = bench.show_ci()
        if not as_json and _words(run) != told:
            click.echo(_words(run))
    if as_json:
        print_json(run)
    return 1 if run.state in _RED else 0


def _words(run: CiRun) -> str:
    place = f" {run.url}" if run.url else ""
    return f"{sentence(run.words(clock.now()))}{place}"


def _show(preview: CiPreview) -> None:
    for step in preview.steps:
        click.echo(f"- {step.replace('**', '')}")
    for commit in preview.commits:
        click.echo(f"    {commit}")
    for remark in preview.remarks:
        click.echo(f"! {remark.replace('**', '')}", err=True)
    for command in preview.commands:
        click.echo(f"  $ {command}")
