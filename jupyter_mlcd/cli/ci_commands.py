"""``jupyter mlcd ci``: the tests of this commit on the company's CI system."""

from __future__ import annotations

import click

from jupyter_mlcd.cli.grouping import GroupedCommands, as_json, guarded, without_asking, workbench

ci = GroupedCommands(
    "ci",
    help="Start the tests of this commit on the CI system, and follow them.\n\n"
    "[ci] in mlcd.toml says where; `init --ci` writes it.",
    section="every day",
)
_wait = click.option("--wait", is_flag=True, help="Stay until it has ended.")


@ci.command("start", section="every day", example="jupyter mlcd ci start --wait")
@_wait
@without_asking
@as_json
@guarded
def start_ci(wait: bool, yes: bool, as_json: bool) -> int:  # noqa: FBT001
    """Push this commit where need be and start its CI run, after showing what will happen.

    A run that it has already is shown instead. Exit code 1: it failed.
    """
    from jupyter_mlcd.cli import starting_ci  # noqa: PLC0415

    return starting_ci.start(workbench(), wait=wait, yes=yes, as_json=as_json)


@ci.command("status", section="every day", example="jupyter mlcd ci status")
@_wait
@as_json
@guarded
def show_ci(wait: bool, as_json: bool) -> int:  # noqa: FBT001
    """Tell how the CI run of this commit stands; its evidence is fetched when it has ended.

    Starts nothing. Exit code 1: it failed.
    """
    from jupyter_mlcd.cli import starting_ci  # noqa: PLC0415

    return starting_ci.status(workbench(), wait=wait, as_json=as_json)
