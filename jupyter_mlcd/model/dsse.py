"""DSSE 1.0.2 envelopes whose signatures are those of ``ssh-keygen -Y``, as gittuf makes them.

``sig`` is the base64 of the armoured signature over the pre-authentication encoding (PAE) of type
and payload. See https://github.com/secure-systems-lab/dsse/blob/master/envelope.md.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Final

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


def key_id(signature: bytes) -> str:
    """Return the fingerprint of the key of an armoured signature, as ``ssh-keygen -l`` shows it."""
    lines = [line for line in signature.splitlines() if line and not line.startswith(b"-----")]
    blob = base64.b64decode(b"".join(lines))
    start = _HEAD + 4
    length = int.from_bytes(blob[_HEAD:start])
    digest = hashlib.sha256(blob[start : start + length]).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"
