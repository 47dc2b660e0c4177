"""``deliver`` in the terminal: what will happen, a question, and what happened."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import msgspec

from jupyter_mlcd.cli import render
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import UsageError

if TYPE_CHECKING:
    from jupyter_mlcd.workbench import Workbench


def deliver(bench: Workbench, environment: str, version: str, *, yes: bool, as_json: bool) -> int:
    """Show what will happen, ask, deliver, and say how it ended; return the exit code."""
    environment = environment or bench.next_environment()
    preview = bench.preview(environment, version=version)
    if not preview.reasons and not as_json:
        render.preview(preview)
    if not preview.reasons and not yes and not _confirmed(preview.version, environment):
        click.echo("Nothing was delivered.")
        return 0
    delivery = bench.deliver(environment, version=version, digest=preview.digest)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(delivery), indent=2).decode())
    else:
        render.delivery(delivery)
    return 0 if delivery.state in {DeliveryState.DELIVERED, DeliveryState.DISPATCHED} else 4


def _confirmed(version: str, environment: str) -> bool:
    if not sys.stdin.isatty():
        message = "a delivery has to be confirmed, and nobody is there to ask"
        raise UsageError(message, hint="Add --yes.")
    return click.confirm(f"Deliver {version} to {environment}?")
