"""``deliver``, ``roll-back`` and ``delivery``: what will happen, a question, what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from jupyter_mlcd.cli import flowing, render
from jupyter_mlcd.cli.grouping import confirmed, print_json, sentence
from jupyter_mlcd.model.delivery import DeliveryAct, DeliveryState, Given
from jupyter_mlcd.model.errors import NotFoundError, RefusedError, UsageError

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
    return _checked(bench, delivery, as_json=as_json)


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
    return _checked(bench, delivery, as_json=as_json)


def list_(bench: Workbench, environment: str, *, as_json: bool) -> None:
    """Print the newest deliveries of one environment, or of all in the order of the ladder."""
    names = [environment] if environment else [one.name for one in bench.status().environments]
    found = [bench.deliveries(name) for name in names]
    if as_json:
        print_json(found)
    else:
        render.deliveries(found)


def meant(bench: Workbench, key: str) -> str:
    """Return ``key``; without it, the key of a delivery that stopped, else of the newest one.

    Raises NotFoundError where there is none, and UsageError where several have stopped.
    """
    if key:
        return key
    newest = [one.delivery for one in bench.status().environments if one.delivery is not None]
    stopped = [one for one in newest if not one.state.over]
    if len(stopped) > 1:
        keys = "; ".join(f"{one.key} to {one.environment}" for one in stopped)
        raise UsageError("more than one delivery has stopped: name one", hint=keys)
    if not newest:
        raise NotFoundError("nothing was delivered yet", hint="See `jupyter mlcd status`.")
    return (stopped or sorted(newest, key=lambda one: one.requested))[-1].key


def show(delivery: Delivery, *, as_json: bool) -> None:
    """Print a delivery with its timeline, and what can be done about it."""
    if as_json:
        print_json(delivery)
    else:
        render.timeline(delivery)


def go_on(bench: Workbench, key: str, *, yes: bool, as_json: bool) -> int:
    """Ask, send what was confirmed and never sent, and say how it ended; return the exit code."""
    found = bench.show_delivery(meant(bench, key))
    if DeliveryAct.GO_ON not in found.acts:
        show(found, as_json=as_json)
        return 0 if found.state is DeliveryState.DELIVERED else 3
    if not as_json:
        render.timeline(found)
    if not confirmed(f"Send {found.version} to {found.environment} now?", yes=yes):
        click.echo("Nothing was sent.")
        return 0
    return _checked(bench, bench.go_on(found.key), as_json=as_json)


def rehearse(bench: Workbench, environment: str, version: str, *, as_json: bool) -> None:
    """Print what the CD system says it would do."""
    where = environment or bench.next_environment()
    said = bench.rehearse(where, version=version)
    if as_json:
        print_json(said)
        return
    for words in said:
        click.echo(words)
    if not said:
        click.echo(f"{where} cannot be asked: the preview of `deliver` says all there is to say.")


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
    return confirmed(question, yes=yes)


def _checked(bench: Workbench, delivery: Delivery, *, as_json: bool) -> int:
    """Say how a delivery ended, and check what it brought where its environment asks for that."""
    code = _told(delivery, as_json=as_json)
    if delivery.state is DeliveryState.DELIVERED and flowing.is_checked(bench, delivery):
        try:
            found = flowing.follow_check(bench, delivery.environment, quiet=as_json)
        except RefusedError as error:
            if error.code != "no-check":
                raise
            click.echo(sentence(error.message), err=True)  # What came back is older than it.
            return code
        return code or flowing.code_of(found)
    return code


def _told(delivery: Delivery, *, as_json: bool) -> int:
    if as_json:
        print_json(delivery)
    else:
        render.delivery(delivery)
    return 0 if delivery.state in {DeliveryState.DELIVERED, DeliveryState.DISPATCHED} else 4
