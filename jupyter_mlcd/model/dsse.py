"""DSSE 1.0.2 envelopes whose signatures are those of ``ssh-keygen -Y``, as gittuf makes them.

``sig`` is the base64 of the armoured signature over the pre-authentication encoding (PAE) of type
and payload. See https://github.com/secure-systems-lab/dsse/blob/master/envelope.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from jupyter_mlcd.model.release import canonical

if TYPE_CHECKING:
    from collections.abc import Callable

IN_TOTO: Final = "application/vnd.in-toto+json"
NAMESPACE: Final = "mlcd-evidence@v1"
"""Not git's own: a signature of a commit is never taken for one of evidence."""
_HEAD = 10
"""Bytes before the length of the key in a signature: ``SSHSIG`` and its version."""


def pae(payload: bytes, kind: str = IN_TOTO) -> bytes:
    """Return what is signed of a payload."""
    name = kind.encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)


def envelope(payload: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """Return a signed envelope; ``sign`` gives the armoured signature of some bytes."""
    signature = sign(pae(payload))
    return canonical(
        {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": IN_TOTO,
            "signatures": [
                {"keyid": key_id(signature), "sig": base64.b64encode(signature).decode()}
            ],
        }
    )


class _Signature(msgspec.Struct, frozen=True):
    sig: str
    keyid: str = ""


class _Envelope(msgspec.Struct, frozen=True, rename="camel"):
    """Unknown fields are ignored, as the specification says."""

    payload: str
    payload_type: str
    signatures: tuple[_Signature, ...]


@dataclass(frozen=True)
class Opened:
    """What an envelope holds; whether the signature fits is not looked at yet."""

    payload: bytes
    signature: bytes
    """Armoured."""
    key: str
    """Fingerprint of the key that the signature names."""


def open_envelope(text: bytes) -> Opened:
    """Return what an envelope holds. Raises ValueError with what is wrong, in words."""
    try:
        wire = msgspec.json.decode(text, type=_Envelope)
        payload = _decoded(wire.payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, binascii.Error) as error:
        raise ValueError("is no DSSE envelope") from error
    if wire.payload_type != IN_TOTO:
        raise ValueError(f"has the payload type {wire.payload_type[:80]!r} and not {IN_TOTO}")
    if not wire.signatures:
        raise ValueError("has lost its signature")
    if len(wire.signatures) > 1:
        raise ValueError(f"has {len(wire.signatures)} signatures where one was made")
    (one,) = wire.signatures
    try:
        signature = _decoded(one.sig)
        key = key_id(signature)
    except (binascii.Error, IndexError) as error:
        raise ValueError("has a signature that is none") from error
    if one.keyid not in {"", key}:
        raise ValueError(f"names the key {one.keyid[:80]} and was signed with {key}")
    return Opened(payload, signature, key)


def _decoded(text: str) -> bytes:
    """Return the bytes of standard or URL-safe base64: both are allowed."""
    return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)


def key_id(signature: bytes) -> str:
    """Return the fingerprint of the key of an armoured signature, as ``ssh-keygen -l`` shows it.

    Raises binascii.Error if it is no such text.
    """
    lines = [line for line in signature.splitlines() if line and not line.startswith(b"-----")]
    blob = base64.b64decode(b"".join(lines))
    start = _HEAD + 4
    length = int.from_bytes(blob[_HEAD:start])
    digest = hashlib.sha256(blob[start : start + length]).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"
