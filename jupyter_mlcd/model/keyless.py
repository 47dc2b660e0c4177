"""Sigstore bundles: what one holds, whose word it is, and whom a reader trusts.

A bundle goes with each statement as ``NAME.sigstore.json``, beside the envelope that a person's own
key signed, and one with the sums. A plain DSSE envelope takes one more signature and a bundle takes
exactly one (sigstore/protobuf-specs, ``sigstore_bundle.proto``), so they are two files: whoever
trusts a key, and whoever trusts an identity provider, each finds what her tools read.

It is opened here without Sigstore's library; whether its signature fits is looked at elsewhere.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.model.dsse import IN_TOTO
from jupyter_mlcd.model.evidence import SUMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_mlcd.model.project import SigstoreTable

    LookAtBundle = Callable[[bytes, bytes | None], "Seal"]
    """Returns what a bundle is worth: of these bytes, or of the statement that is in it."""

BUNDLE: Final = ".sigstore.json"
ATTESTATIONS: Final = "attestations/"
SUMS_BUNDLE: Final = f"{SUMS}{BUNDLE}"


@dataclass(frozen=True)
class Seal:
    """What a bundle is worth."""

    problem: str = ""
    """Why it is worth nothing, in words; empty where its signature and its place in the log fit."""
    identity: str = ""
    """Who signed, as the certificate names it: an e-mail or a workflow."""
    issuer: str = ""
    """Who vouched for that identity, as an address."""
    logged: str = ""
    """When that was witnessed, by the log or by an authority for time stamps; UTC."""
    index: int = 0
    """Where it stands in the log."""
    is_elsewhere: bool = False
    """Whether it names a log of another Sigstore, so that its keys are not here."""

    @property
    def who(self) -> str:
        """Return the identity and who vouched for it."""
        return f"{self.identity} ({self.issuer})"


@dataclass(frozen=True)
class KeylessTrust:
    """Whom a reader trusts of those who sign by Sigstore, and how bundles are looked at."""

    look: LookAtBundle | None = None
    """None where nothing can be looked at here."""
    why_not: str = "nobody said by which keys"
    """Why nothing can be looked at, in words."""
    named: tuple[SigstoreTable, ...] = ()
    """Whose signatures count."""
    is_chosen: bool = False
    """Whether the reader said which Sigstore: a bundle of another one is then a fault."""
    required: bool = False
    """Whether one of them must have signed: what cannot be looked at is then a fault too."""

    def counts(self, seal: Seal) -> bool:
        """Whether a good bundle is by somebody whom the rules name."""
        return any((one.identity, one.issuer) == (seal.identity, seal.issuer) for one in self.named)


def has_bundles(files: Iterable[str]) -> bool:
    """Whether there is a bundle among the files of an export."""
    return any(is_bundle(path) for path in files)


def is_bundle(path: str) -> bool:
    """Whether a file of an export is a bundle: files of the evidence may be named like one."""
    return path == SUMS_BUNDLE or (path.startswith(ATTESTATIONS) and path.endswith(BUNDLE))


class _Envelope(msgspec.Struct, frozen=True, rename="camel"):
    payload: str
    payload_type: str


class _Bundle(msgspec.Struct, frozen=True, rename="camel"):
    """The one field that is read here; all others are for Sigstore's library."""

    dsse_envelope: _Envelope


def bundled_statement(text: bytes) -> bytes:
    """Return the statement that a bundle holds. Raises ValueError with what is wrong, in words."""
    try:
        envelope = msgspec.json.decode(text, type=_Bundle).dsse_envelope
        payload = base64.b64decode(envelope.payload, validate=True)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, binascii.Error) as error:
        raise ValueError("is no Sigstore bundle of a statement") from error
    if envelope.payload_type != IN_TOTO:
        raise ValueError(f"has the payload type {envelope.payload_type[:80]!r} and not {IN_TOTO}")
    return payload
