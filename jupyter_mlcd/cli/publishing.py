"""``evidence export --sigstore``: says what is published for ever, asks, and tells what was."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import click

from jupyter_mlcd.cli import exchange
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.workbench import keyless_signer

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.workbench import KeylessSigner

_SAFE = "Nothing was written or published."


def agreed_signer(
    output: Path, trust: Path | None, token: Path | None, *, yes: bool
) -> KeylessSigner | None:
    """Return who signs, after a person said yes to what that publishes; None where she said no.

    Raises UsageError without anybody to ask, and before that what speaks against the export.
    """
    exchange.check_free(output)  # What cannot be written is not published either.
    signer = keyless_signer(trust, token)
    is_there = sys.stdin.isatty()
    if not (signer.who or is_there):
        hint = f"{_SAFE} Name a file with a token: --sigstore-token FILE."
        raise UsageError("there is no identity to sign with, and nobody to log in", hint=hint)
    _tell(signer)
    if not yes:
        if not is_there:
            message = "publishing an identity has to be confirmed, and nobody is there to ask"
            raise UsageError(message, hint=f"{_SAFE} Add --yes.")
        if not click.confirm("Publish that?"):
            click.echo(_SAFE)
            return None
    if not signer.who:
        signer.log_in()
    return signer


def _tell(signer: KeylessSigner) -> None:
    authority, log = signer.places
    who = signer.who or "the name or e-mail that you log in with"
    click.secho("Sigstore publishes who signs, for everybody and for ever:", fg="yellow")
    click.echo(f"  who:   {who}")
    click.echo(f"  where: {log}, and the certificate log of {authority}")
    click.echo("  what:  that identity, the time, and the digest of each statement")
    click.echo("Nobody can take it back. The statements themselves are sent and not published.")


def tell_published(signer: KeylessSigner) -> None:
    """Print what is in the log now, and how others let it count."""
    seals = signer.published
    if not seals:
        return
    lines = ", ".join(str(one.index) for one in seals)
    click.echo(f"Signed by Sigstore as {seals[0].who}, logged {seals[0].logged} as {lines}")
    who = ("--sigstore-identity", seals[0].identity, "--sigstore-issuer", seals[0].issuer)
    click.echo(f"Check it: jupyter mlcd evidence verify FILE {shlex.join(who)}")
