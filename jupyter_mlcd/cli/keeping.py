"""``jupyter mlcd evidence keep``: asks about personal data before git has it, keeps and tells."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from jupyter_mlcd.cli import secrets
from jupyter_mlcd.cli.grouping import print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlcd.model.kept import Kept
    from jupyter_mlcd.model.personal import PersonalFinding
    from jupyter_mlcd.workbench import Workbench

_OUT = 'found = "out-of-git" under [personal-data] of mlcd.toml keeps such notebooks out of git.'
_SINCE = (
    "What git holds stays there, in every clone: `jupyter mlcd evidence erase` does not reach it."
)


def keep(bench: Workbench, run: str, *, yes: bool, as_json: bool) -> int:
    """Ask a person where there is something to ask, then keep and tell."""
    if not (yes or as_json) and sys.stdin.isatty() and not _may_be_kept(bench, run):
        click.echo("Nothing was kept.")
        return 1
    kept = bench.keep(run)
    if as_json:
        print_json(kept)
    else:
        click.echo(f"Kept {kept.suite}: {kept.reason}\n{kept.path} on mlcd/evidence, {kept.digest}")
        told(kept)
    return 0


def told(kept: Kept) -> None:
    """Print what a person must know about what was kept."""
    secrets.told(kept)
    for one in kept.out_of_git:
        where = f"in the Store of this machine, sha256:{one.sha256}, {one.size:,} bytes"
        click.echo(f"  out of git: {one.file} ({one.why}): {where}")
    if kept.personal:
        _warn(kept.personal, "in git from now on")
        click.echo(_SINCE)


def _may_be_kept(bench: Workbench, run: str) -> bool:
    if bench.project.personal_data.found != "warn" or bench.show_run(run).kept:
        return True
    found = bench.find_personal(run)
    if not found:
        return True
    _warn(found, "not in git yet")
    return click.confirm("Keep it in git all the same?")


def _warn(found: Sequence[PersonalFinding], where: str) -> None:
    click.secho(f"This looks like personal data, {where}:", fg="yellow")
    for one in found:
        click.echo(f"  {one}")
    click.echo(_OUT)
