"""``verify-live``: what is live is checked, and followed to its end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from jupyter_mlcd.cli import render
from jupyter_mlcd.cli.grouping import confirmed, print_json
from jupyter_mlcd.model.flow import CheckState

if TYPE_CHECKING:
    from jupyter_mlcd.model.delivery import Delivery
    from jupyter_mlcd.model.flow import LiveCheck
    from jupyter_mlcd.workbench import Workbench

_LOOK_EVERY = 0.2
"""Seconds between two looks at what goes on."""


def verify_live(
    bench: Workbench, environment: str, *, again: bool, yes: bool, as_json: bool
) -> int:
    """Ask, check what is live, and say how it ended; return the exit code."""
    question = f"Check {environment} now, and roll it back where it is red?"
    if not confirmed(question, yes=yes):
        click.echo("Nothing was checked.")
        return 0
    bench.verify_live(environment, again=again)
    found = follow_check(bench, environment, quiet=as_json)
    if as_json:
        print_json(found)
    return code_of(found)


def is_checked(bench: Workbench, delivery: Delivery) -> bool:
    """Whether what a delivery brought is to be checked."""
    rungs = bench.status().environments
    return any(one.verify for one in rungs if one.name == delivery.environment)


def follow_check(bench: Workbench, environment: str, *, quiet: bool) -> LiveCheck:
    """Check what is live until it is known what it is, and what was done about it."""
    found = bench.verify_live(environment)
    if not quiet:
        click.echo(f"Checking {found.version} in {environment} by {found.suite}...")
    while found.state is CheckState.GOING:
        time.sleep(_LOOK_EVERY)
        found = bench.verify_live(environment)
    if not quiet:
        click.echo(f"{render.check_in_words(found)}.")
    return found


def code_of(found: LiveCheck) -> int:
    """Return the exit code of a check."""
    return 0 if found.state is CheckState.GREEN else 1
