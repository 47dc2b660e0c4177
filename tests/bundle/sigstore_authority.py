"""A certificate authority as Fulcio is one, with its certificate log and its identity provider.

Written from RFC 6962 and Fulcio's documentation. Everything is really signed and really looked at:
the token, the request's proof of its key, and the promise of the certificate log.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

ISSUER = "https://login.example.org"
_SCTS = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_ISSUER_BEFORE = ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
_ISSUER_NOW = ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
_LIFE = timedelta(minutes=10)


class RefusedRequestError(Exception):
    """The authority or the log says no."""


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def key_id(key: ec.EllipticCurvePrivateKey) -> bytes:
    return hashlib.sha256(public_bytes(key)).digest()


def signature(key: ec.EllipticCurvePrivateKey, text: bytes) -> bytes:
    return key.sign(text, ec.ECDSA(hashes.SHA256()))


class Authority:
    """Issues certificates for ten minutes to whoever shows a token of its identity provider."""

    def __init__(self) -> None:
        self.key, self.log_key, self.login_key = new_key(), new_key(), new_key()
        self.root = self._root()
        self.backdated = timedelta()
        """How long ago what it issues was valid: to make what is over."""

    def token(self, identity: str, **changes: Any) -> str:
        """Return what the identity provider gives to somebody who logged in."""
        now = datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "sub": identity,
            "aud": "sigstore",
            "iat": now,
            "exp": now + timedelta(minutes=5),
        }
        return jwt.encode({**claims, **changes}, self.login_key, "ES256")

    def certify(self, token: str, request: bytes) -> list[x509.Certificate]:
        """Return the certificate for a request, and the root. Raises RefusedRequestError."""
        public = self.login_key.public_key()
        try:
            told = jwt.decode(token, public, ["ES256"], audience="sigstore", issuer=ISSUER)
        except jwt.PyJWTError as error:
            raise RefusedRequestError(str(error)) from None
        wanted = x509.load_pem_x509_csr(request)
        if not wanted.is_signature_valid:
            raise RefusedRequestError("the request is not signed with its key")
        return [self._certificate(told["sub"], wanted.public_key()), self.root]

    def _root(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of a test")])
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder(name, name, self.key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30))
            .not_valid_after(now + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage(sign=False), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False
            )
        )
        return builder.sign(self.key, hashes.SHA256())

    def _certificate(self, identity: str, public: Any) -> x509.Certificate:
        start = datetime.now(UTC) - self.backdated - timedelta(seconds=5)
        is_mail = "@" in identity and "/" not in identity
        name = x509.RFC822Name if is_mail else x509.UniformResourceIdentifier
        builder = (
            x509.CertificateBuilder(
                self.root.subject, x509.Name([]), public, x509.random_serial_number()
            )
            .not_valid_before(start)
            .not_valid_after(start + _LIFE)
            .add_extension(usage(sign=True), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .add_extension(x509.SubjectAlternativeName([name(identity)]), critical=True)
            .add_extension(
                x509.UnrecognizedExtension(_ISSUER_BEFORE, ISSUER.encode()), critical=False
            )
            .add_extension(
                x509.UnrecognizedExtension(_ISSUER_NOW, _der(0x0C, ISSUER.encode())), critical=False
            )
        )
        before = builder.sign(self.key, hashes.SHA256()).tbs_certificate_bytes
        promise = x509.UnrecognizedExtension(_SCTS, _der(0x04, self._promise(before)))
        return builder.add_extension(promise, critical=False).sign(self.key, hashes.SHA256())

    def _promise(self, before: bytes) -> bytes:
        """Return the certificate log's promise as a certificate holds it: RFC 6962, 3.2 and 3.3."""
        now = int((datetime.now(UTC) - self.backdated).timestamp() * 1000)
        entry = key_id(self.key) + len(before).to_bytes(3) + before
        told = struct.pack("!BBQH", 0, 0, now, 1) + entry + b"\0\0"
        signed = signature(self.log_key, told)
        sct = b"\0" + key_id(self.log_key) + struct.pack("!QH", now, 0)
        sct += b"\4\3" + struct.pack("!H", len(signed)) + signed
        one = struct.pack("!H", len(sct)) + sct
        return struct.pack("!H", len(one)) + one


def usage(*, sign: bool) -> x509.KeyUsage:
    """Return what a key is for: signatures of its own, or certificates."""
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    size = length.to_bytes(2).lstrip(b"\0") if length else b"\0"
    head = bytes([length]) if length < 0x80 else bytes([0x80 | len(size)]) + size
    return bytes([tag]) + head + content


def b64(text: bytes) -> str:
    return base64.b64encode(text).decode()
