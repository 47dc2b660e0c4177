"""``jupyter mlcd delivery``: what can be done about a delivery that stopped."""

from __future__ import annotations

import click

from jupyter_mlcd.cli.grouping import GroupedCommands, as_json, guarded, without_asking, workbench

delivery = GroupedCommands(
    "delivery",
    help="List deliveries, look at one, and go on with one that stopped, or give it up.\n\n"
    "Without a KEY: the one that stopped, or the newest.",
    section="look after",
)


@delivery.command("list", section="look after", example="jupyter mlcd delivery list production")
@click.argument("environment", default="")
@as_json
@guarded
def deliveries(environment: str, as_json: bool) -> None:  # noqa: FBT001
    """List the newest deliveries of one environment, or of all."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    delivering.list_(workbench(), environment, as_json=as_json)


@delivery.command("show", section="look after", example="jupyter mlcd delivery show")
@click.argument("key", default="")
@as_json
@guarded
def show_delivery(key: str, as_json: bool) -> None:  # noqa: FBT001
    """Ask the target what became of a delivery. Sends nothing."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    bench = workbench()
    delivering.show(bench.show_delivery(delivering.meant(bench, key)), as_json=as_json)


@delivery.command("rehearse", section="look after", example="jupyter mlcd delivery rehearse")
@click.argument("environment", default="")
@click.option("--version", default="", metavar="VERSION", help="An earlier version.")
@as_json
@guarded
def rehearse(*, environment: str, version: str, as_json: bool) -> None:
    """Ask the CD system what it would make of a delivery. Pushes and starts nothing."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    delivering.rehearse(workbench(), environment, version, as_json=as_json)


@delivery.command("go-on", section="look after", example="jupyter mlcd delivery go-on")
@click.argument("key", default="")
@without_asking
@as_json
@guarded
def go_on(key: str, yes: bool, as_json: bool) -> int:  # noqa: FBT001
    """Send a delivery that was confirmed and never sent."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    return delivering.go_on(workbench(), key, yes=yes, as_json=as_json)


@delivery.command("cancel", section="look after", example="jupyter mlcd delivery cancel")
@click.argument("key", default="")
@as_json
@guarded
def cancel_delivery(key: str, as_json: bool) -> None:  # noqa: FBT001
    """Give up a delivery that was never sent, or ask the CD system to stop it."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    bench = workbench()
    delivering.show(bench.cancel_delivery(delivering.meant(bench, key)), as_json=as_json)


@delivery.command(
    "close",
    section="look after",
    example='jupyter mlcd delivery close --why "The job is not there"',
)
@click.argument("key", default="")
@click.option("--why", required=True, metavar="WHY", help="How you know that it did not happen.")
@as_json
@guarded
def close_delivery(key: str, why: str, as_json: bool) -> None:  # noqa: FBT001
    """Close a delivery of which nobody knows what became of it: it did not happen."""
    from jupyter_mlcd.cli import delivering  # noqa: PLC0415

    bench = workbench()
    delivering.show(bench.close_delivery(delivering.meant(bench, key), why), as_json=as_json)
