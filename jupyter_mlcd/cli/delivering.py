"""``deliver`` and ``roll-back`` in the terminal: what will happen, a question, what happened."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec

from jupyter_mlcd.cli import render
from jupyter_mlcd.model.delivery import DeliveryState, Given
from jupyter_mlcd.model.errors import UsageError

if TYPE_CHECKING:
    from jupyter_mlcd.model.delivery import Delivery
    from jupyter_mlcd.model.status import Preview
    from jupyter_mlcd.workbench import Workbench


class Wanted(NamedTuple):
    """What was typed."""

    version: str
    environment: str
    why: str = ""
    issues: tuple[str, ...] = ()


def deliver(bench: Workbench, wanted: Wanted, *, yes: bool, as_json: bool) -> int:
    """Show what will happen, ask, deliver, and say how it ended; return the exit code."""
    environment = wanted.environment or bench.next_environment()
    preview = bench.preview(environment, version=wanted.version)
    if not _agreed(preview, f"Deliver {preview.version} to {environment}?", yes, as_json):
        click.echo("Nothing was delivered.")
        return 0
    given = Given(wanted.why, wanted.issues)
    delivery = bench.deliver(
        environment, version=wanted.version, digest=preview.digest, given=given
    )
    return _told(delivery, as_json=as_json)


def roll_back(bench: Workbench, wanted: Wanted, *, yes: bool, as_json: bool) -> int:
    """Show what will happen, ask, roll back, and say how it ended; return the exit code."""
    environment = wanted.environment
    preview = bench.preview_roll_back(environment, version=wanted.version)
    replaces = preview.replaces.version if preview.replaces else ""
    question = f"Roll back {environment} from {replaces} to {preview.version}?"
    if not _agreed(preview, question, yes, as_json):
        click.echo("Nothing was changed.")
        return 0
    delivery = bench.roll_back(
        environment,
        version=wanted.version,
        digest=preview.digest,
        replaces=replaces,
        given=Given(wanted.why),
    )
    return _told(delivery, as_json=as_json)


def _agreed(
    preview: Preview,
    question: str,
    yes: bool,  # noqa: FBT001 - as it was typed
    as_json: bool,  # noqa: FBT001
) -> bool:
    """Show a preview and ask; what cannot be done is not asked about: the verb refuses it."""
    if preview.reasons:
        return True
    if not as_json:
        render.preview(preview)
    if yes:
        return True
    if not sys.stdin.isatty():
        message = "a delivery has to be confirmed, and nobody is there to ask"
        raise UsageError(message, hint="Add --yes.")
    return click.confirm(question)


def _told(delivery: Delivery, *, as_json: bool) -> int:
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(delivery), indent=2).decode())
    else:
        render.delivery(delivery)
    return 0 if delivery.state in {DeliveryState.DELIVERED, DeliveryState.DISPATCHED} else 4
