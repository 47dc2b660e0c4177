"""Secrets in what is kept: listed, allowed, and told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jupyter_mlcd.cli.grouping import print_json

if TYPE_CHECKING:
    from jupyter_mlcd.model.kept import Kept
    from jupyter_mlcd.workbench import Workbench


def allow(
    bench: Workbench, name: str, number: int | None, said: tuple[str, str], *, as_json: bool
) -> None:
    """List the findings of a run, or allow one of them."""
    run = bench.find(name)
    if number is not None:
        why, until = said
        made = bench.allow_secret(run, number, why, until)
        if as_json:
            print_json(made)
        else:
            click.echo(f"Allowed until {made.until[:10]}: {made.rule} {made.fingerprint}")
        return
    found = bench.find_secrets(run)
    if as_json:
        print_json(found)
        return
    for at, finding in enumerate(found, start=1):
        click.echo(f"{at:3}. {finding}\n     fingerprint {finding.fingerprint}")
    if not found:
        click.echo("Nothing in it looks like a secret.")


def told(kept: Kept) -> None:
    """Print what was taken out of evidence, and what was allowed."""
    for one in kept.redacted:
        count = f" {one.count} times" if one.count > 1 else ""
        click.echo(f"  taken out{count}: {one.rule} of {one.place}")
    for allowed in kept.allowed:
        click.echo(f"  allowed by {allowed.by}: {allowed.finding} ({allowed.reason})")
