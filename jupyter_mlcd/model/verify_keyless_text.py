"""What VERIFY.md says where an export was signed by Sigstore: the commands of its own programs.

They stand in a fence and not among the indented lines, because they need more than the ordinary
tools: whoever has only these finds all else checked. Tests extract and run those of sigstore.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from jupyter_mlcd.model.evidence import SUMS

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT = """\
   It was signed by Sigstore. The certificates say by whom:

   {who}

   Do not take that from here: `IDENTITY` and `ISSUER` are whom you expect. `python -m pip install
   sigstore` gives the program; without a network it uses the keys that came with it. For a
   company's own Sigstore write `python -m sigstore --trust-config FILE`, with a file that you have
   from whoever runs it.

   ```sh
{commands}   ```

   With cosign 3 it is, for the sums and in the same way for each statement:

   ```
   cosign verify-blob --bundle {sums}.sigstore.json \\
     --certificate-identity "$IDENTITY" --certificate-oidc-issuer "$ISSUER" {sums}
   cosign verify-blob-attestation --bundle {bundle} --type {kind} \\
     --certificate-identity "$IDENTITY" --certificate-oidc-issuer "$ISSUER" {file}
   ```
"""
_COMMAND = """\
   python -m sigstore verify identity --offline --bundle {bundle} \\
     --cert-identity "$IDENTITY" --cert-oidc-issuer "$ISSUER" {file} > /dev/null
"""


def keyless_text(who: str, bundles: Mapping[str, str]) -> str:
    """Return how bundles are checked, ``{bundle: file that it speaks of}``; empty without any.

    The decision is the last one: it lists all others.
    """
    if not bundles:
        return ""
    every = {f"{SUMS}.sigstore.json": SUMS, **bundles}
    commands = "".join(
        _COMMAND.format(bundle=shlex.quote(bundle), file=shlex.quote(file))
        for bundle, file in every.items()
    )
    bundle, file = list(bundles.items())[-1]
    return _TEXT.format(
        who=who, commands=commands, sums=SUMS, bundle=bundle, file=file,
        kind="https://slsa.dev/verification_summary/v1",
    )  # fmt: skip
