"""``jupyter mlcd init``: a first mlcd.toml, and pipelines for the company's CI system."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from jupyter_mlcd.cli.grouping import print_json
from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.pipelines import FileState
from jupyter_mlcd.model.project import CONFIG_NAME

if TYPE_CHECKING:
    from jupyter_mlcd.model.pipelines import CiSystem, PipelineFile, Pipelines
    from jupyter_mlcd.workbench import Workbench


class Wanted(NamedTuple):
    """What was typed."""

    ci: CiSystem | None
    commit: bool
    only_print: bool


def init(bench: Workbench, wanted: Wanted, *, as_json: bool) -> int:
    """Write what is not there yet, or only show it; return the exit code."""
    is_there = (bench.folder / CONFIG_NAME).exists()
    if wanted.ci is None or (not is_there and not wanted.only_print):
        if as_json:
            print_json(bench.propose_set_up())
            return 0
        _write_config(bench, commit=wanted.commit)
    if wanted.ci is None:
        return 0
    if as_json:
        print_json(bench.propose_pipelines(wanted.ci))
        return 0
    if wanted.only_print:
        found = bench.propose_pipelines(wanted.ci)
        _show(found.files)
        if found.table:
            click.echo(f"--- {CONFIG_NAME}, at its end")
            click.echo(found.table, nl=False)
        return 0
    return _write_pipelines(bench, wanted.ci, commit=wanted.commit)


def _write_config(bench: Workbench, *, commit: bool) -> None:
    done = bench.set_up(commit=commit)
    committed = f" and committed {done.commit[:7]}" if done.commit else ""
    click.echo(f"Wrote {bench.folder / CONFIG_NAME}{committed}.")
    click.echo("Read it, change it, then: jupyter mlcd run")


def _write_pipelines(bench: Workbench, system: CiSystem, *, commit: bool) -> int:
    found = bench.write_pipelines(system)
    new = [one.path for one in found.having(FileState.NEW)]
    for path in new:
        click.echo(f"Wrote {path}.")
    for one in found.having(FileState.SAME):
        click.echo(f"{one.path} is there already, the same.")
    if found.is_whole:
        new.append(bench.prefix + CONFIG_NAME)
        click.echo(f"Added [ci] to {CONFIG_NAME}: `jupyter mlcd ci start` starts the tests there.")
    if commit and new:
        made = bench.commit(new, f"Run the suites and receive deliveries on {system.words}")
        click.echo(f"Committed {made.commit[:7]}.")
    _remark(found)
    if found.table and not found.is_whole:
        click.echo(
            f"- add this to {CONFIG_NAME}, with what is yours, to start the tests from here:"
        )
        click.echo(found.table, nl=False)
    other = found.having(FileState.DIFFERS)
    if not other:
        return 0
    for one in other:
        click.echo(f"{one.path} is there already and differs: it stays as it is.", err=True)
    click.echo("This would be written:", err=True)
    _show(other)
    return RefusedError.exit_code


def _remark(found: Pipelines) -> None:
    for words in found.remarks:
        click.echo(f"- {words}")


def _show(files: tuple[PipelineFile, ...]) -> None:
    for one in files:
        click.echo(f"--- {one.path}")
        click.echo(one.text, nl=False)
