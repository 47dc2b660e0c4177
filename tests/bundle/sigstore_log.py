"""A log as Rekor is one, of both kinds: RFC 6962's tree, signed roots, promises and proofs.

The first kind promises and says when (``dsse`` and ``hashedrekord`` 0.0.1); the second only proves
(``hashedrekord`` 0.0.2), so that an authority for time stamps has to say when.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from typing import Any

import rfc8785
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from jupyter_mlcd.model.dsse import pae
from tests.bundle.sigstore_authority import RefusedRequestError, b64, key_id, new_key, signature

ORIGIN = "127.0.0.1"
"""A log is named after its host."""
ECDSA = ec.ECDSA(hashes.SHA256())


class Log:
    """Takes what is signed with the key of a certificate, and says where it stands."""

    def __init__(self) -> None:
        self.key = new_key()
        # Not the first entries: proofs of a tree with one leaf are empty.
        self.leaves = [_leaf(b"somebody's"), _leaf(b"somebody else's"), _leaf(b"a third one's")]
        self.ago = 0
        """Seconds that its clock is behind."""

    def enter(self, proposed: dict[str, Any]) -> dict[str, Any]:
        """Take an entry of the first kind. Raises RefusedRequestError."""
        kind, spec = proposed["kind"], proposed["spec"]
        body: dict[str, Any] = {"apiVersion": "0.0.1", "kind": kind}
        body["spec"] = _checked_envelope(spec) if kind == "dsse" else _checked_digest(spec)
        raw = rfc8785.dumps(body)
        index = len(self.leaves)
        told: dict[str, Any] = {
            "body": b64(raw),
            "integratedTime": int(time.time()) - self.ago,
            "logID": key_id(self.key).hex(),
            "logIndex": index,
        }
        promise = signature(self.key, rfc8785.dumps(told))
        self.leaves.append(_leaf(raw))
        size, root, path = self._proof(index)
        proof = {
            "logIndex": index,
            "rootHash": root.hex(),
            "treeSize": size,
            "hashes": [one.hex() for one in path],
            "checkpoint": self._checkpoint(size, root),
        }
        told["verification"] = {"inclusionProof": proof, "signedEntryTimestamp": b64(promise)}
        return {"00" * 8 + hashlib.sha256(raw).hexdigest(): told}

    def enter_tile(self, proposed: dict[str, Any]) -> dict[str, Any]:
        """Take an entry of the second kind. Raises RefusedRequestError."""
        wanted = proposed["hashedRekordRequestV002"]
        signed, verifier = wanted["signature"], wanted["signature"]["verifier"]
        raw = base64.b64decode(verifier["x509Certificate"]["rawBytes"])
        public: Any = x509.load_der_x509_certificate(raw).public_key()
        digest = base64.b64decode(wanted["digest"])
        _verify(public, signed["content"], digest, is_digest=True)
        spec = {
            "data": {"algorithm": "SHA2_256", "digest": wanted["digest"]},
            "signature": {"content": signed["content"], "verifier": verifier},
        }
        entry: dict[str, Any] = {
            "apiVersion": "0.0.2",
            "kind": "hashedrekord",
            "spec": {"hashedRekordV002": spec},
        }
        body = rfc8785.dumps(entry)
        index = len(self.leaves)
        self.leaves.append(_leaf(body))
        size, root, path = self._proof(index)
        return {
            "logIndex": str(index),
            "logId": {"keyId": b64(key_id(self.key))},
            "kindVersion": {"kind": "hashedrekord", "version": "0.0.2"},
            "inclusionProof": {
                "logIndex": str(index),
                "rootHash": b64(root),
                "treeSize": str(size),
                "hashes": [b64(one) for one in path],
                "checkpoint": {"envelope": self._checkpoint(size, root)},
            },
            "canonicalizedBody": b64(body),
        }

    def _proof(self, index: int) -> tuple[int, bytes, list[bytes]]:
        return len(self.leaves), _root(self.leaves), _path(index, self.leaves)

    def _checkpoint(self, size: int, root: bytes) -> str:
        """Return a signed root, as the format of checkpoints writes it."""
        text = f"{ORIGIN}\n{size}\n{b64(root)}\n"
        line = b64(key_id(self.key)[:4] + signature(self.key, text.encode()))
        return f"{text}\n\u2014 {ORIGIN} {line}\n"


def _checked_envelope(spec: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of an envelope: digests, never the statement."""
    proposed = spec["proposedContent"]
    envelope, (verifier,) = json.loads(proposed["envelope"]), proposed["verifiers"]
    payload, (signed,) = base64.b64decode(envelope["payload"]), envelope["signatures"]
    public: Any = x509.load_pem_x509_certificate(base64.b64decode(verifier)).public_key()
    _verify(public, signed["sig"], pae(payload, envelope["payloadType"]))
    return {
        "envelopeHash": _hash(proposed["envelope"].encode()),
        "payloadHash": _hash(payload),
        "signatures": [{"signature": signed["sig"], "verifier": verifier}],
    }


def _checked_digest(spec: dict[str, Any]) -> dict[str, Any]:
    signed = spec["signature"]
    pem = base64.b64decode(signed["publicKey"]["content"])
    public: Any = x509.load_pem_x509_certificate(pem).public_key()
    _verify(public, signed["content"], bytes.fromhex(spec["data"]["hash"]["value"]), is_digest=True)
    return spec


def _verify(public: Any, made: str, told: bytes, *, is_digest: bool = False) -> None:
    algorithm = ec.ECDSA(utils.Prehashed(hashes.SHA256())) if is_digest else ECDSA
    try:
        public.verify(base64.b64decode(made), told, algorithm)
    except InvalidSignature:
        raise RefusedRequestError("the signature does not fit") from None


def _hash(text: bytes) -> dict[str, str]:
    return {"algorithm": "sha256", "value": hashlib.sha256(text).hexdigest()}


# ------------------------------------------------------------------------------- RFC 6962, 2.1


def _leaf(text: bytes) -> bytes:
    return hashlib.sha256(b"\0" + text).digest()


def _half(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = _half(len(leaves))
    return hashlib.sha256(b"\1" + _root(leaves[:half]) + _root(leaves[half:])).digest()


def _path(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*_path(index, leaves[:half]), _root(leaves[half:])]
    return [*_path(index - half, leaves[half:]), _root(leaves[:half])]
