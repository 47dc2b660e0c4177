"""``jupyter mlcd evidence erase``: show what goes and what stays, ask for the run's id, erase."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from jupyter_mlcd.cli.grouping import print_json
from jupyter_mlcd.model.erasure import IN_GIT
from jupyter_mlcd.model.errors import UsageError

if TYPE_CHECKING:
    from jupyter_mlcd.model.erasure import ErasurePlan
    from jupyter_mlcd.workbench import Workbench

_UNSIGNED = "Erased. git is not told which SSH key signs for you: the tombstone is unsigned."
_LOST = "it can then not be delivered again or rolled back to"
_TYPED = 8
"""Last letters of the run's id that have to be typed."""


class Wanted(NamedTuple):
    """What was typed."""

    run: str
    why: str
    only: tuple[str, ...]
    although_live: tuple[str, ...]


def erase(bench: Workbench, wanted: Wanted, *, yes: bool, as_json: bool) -> int:
    """Show, ask, erase. Raises UsageError without a person and without ``--yes``."""
    run = bench.find(wanted.run)
    plan = bench.preview_erasure(run, wanted.only)
    if not as_json:
        _show(plan)
    if not wanted.why.strip():
        raise UsageError("say why it is erased", hint="Nothing was erased. Add -m WHY.")
    if not (yes or _typed(run)):
        click.echo("Nothing was erased.")
        return 1
    done = bench.erase(run, wanted.why, only=wanted.only, although_live=wanted.although_live)
    if as_json:
        print_json(done)
    else:
        click.echo(_UNSIGNED if done.signed is False else "Erased.")
        click.echo(f"Check it: jupyter mlcd evidence verify {run}")
    return 0


def _typed(run: str) -> bool:
    if not sys.stdin.isatty():
        message = "this has to be confirmed, and nobody is there to ask"
        raise UsageError(message, hint="Nothing was erased. Add --yes.")
    asked = f"This cannot be undone. Type the last {_TYPED} letters of the run's id to erase it"
    answer: str = click.prompt(asked, default="", show_default=False)
    return answer.strip() == run[-_TYPED:]


def _show(plan: ErasurePlan) -> None:
    click.echo(f"{plan.suite} {plan.run}")
    for file in plan.files:
        here = "" if file.sha256 in plan.here else "  (not on this machine)"
        click.echo(f"  {file.name}  sha256:{file.sha256}  {file.size} bytes{here}")
    if plan.draft:
        click.echo("  its draft on this machine, with executed notebooks and logs")
    for one in plan.needed:
        if one.environments:
            where = ", ".join(one.environments)
            words = f"{one.version} of {one.project} is live or on its way in {where}"
            click.secho(f"  {words}: {_LOST}", fg="red")
        else:
            click.echo(f"  {one.version} of {one.project} can then not be rolled back to")
    for run in plan.shared:
        click.echo(f"  the run {run} made some of the same bytes: they are gone for it too")
    if plan.in_git:
        click.echo(f"{plan.in_git} files of it are in git. {IN_GIT}")
