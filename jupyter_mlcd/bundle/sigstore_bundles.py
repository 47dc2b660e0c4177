"""Look at Sigstore bundles, by Sigstore's own library and without a network.

The library numbers the steps: a time that somebody witnessed, the certificate's chain and its place
in the certificate log, the proof and the signed root of the signature log, the signature itself,
and whether the log speaks of this signature (``sigstore.verify.Verifier``). All of them are asked.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.bundle.sigstore_trust import INSTALL, is_installed, need_library, verifying_root
from jupyter_mlcd.model.dsse import IN_TOTO
from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.keyless import KeylessTrust, Seal

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.x509 import Certificate
    from sigstore.models import Bundle, TrustedRoot

    from jupyter_mlcd.model.keyless import LookAtBundle
    from jupyter_mlcd.model.project import SigstoreTable

_ISSUER: Final = "1.3.6.1.4.1.57264.1.8"
_ISSUER_BEFORE: Final = "1.3.6.1.4.1.57264.1.1"
"""Fulcio's extensions for who vouched: a DER string, and before that the bare text.

https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
"""


def keyless_trust(
    named: tuple[SigstoreTable, ...], file: Path | None, *, required: bool = False
) -> KeylessTrust:
    """Return whom a reader trusts, and how bundles are looked at where that can be done here."""
    look, why_not = None, INSTALL
    if is_installed():
        need_library()
        try:
            look, why_not = looks_with(verifying_root(file)), ""
        except UsageError as error:
            why_not = error.message
    return KeylessTrust(look, why_not, named, file is not None, required)


def looks_with(root: TrustedRoot) -> LookAtBundle:
    """Return what looks at bundles by these keys."""
    return lambda text, signed: look_at(text, signed, root)


def look_at(text: bytes, signed: bytes | None, root: TrustedRoot) -> Seal:
    """Return what a bundle is worth: of the bytes that are ``signed``, or of its own statement."""
    from sigstore.models import Bundle  # noqa: PLC0415 - an extra
    from sigstore.verify import Verifier  # noqa: PLC0415

    reader, is_elsewhere = _Reader(), False
    try:
        bundle, verifier = Bundle.from_json(text), Verifier(trusted_root=root)
        is_elsewhere = _is_elsewhere(bundle, root)
        if signed is not None:
            verifier.verify_artifact(signed, bundle, reader)
        elif verifier.verify_dsse(bundle, reader)[0] != IN_TOTO:
            return Seal("it holds no in-toto statement")
        # The library keeps to itself which times it found to be true.
        times = [one.time for one in verifier._establish_time(bundle)]  # noqa: SLF001
        index = bundle.log_entry._inner.log_index  # noqa: SLF001
    except Exception as error:  # noqa: BLE001 - whatever it raises is a no
        words = " ".join(str(error).split())[:300] or type(error).__name__
        return Seal(f"forged or broken: {words}", is_elsewhere=is_elsewhere)
    logged = f"{min(times).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return Seal("", reader.identity, reader.issuer, logged, int(index))


def _is_elsewhere(bundle: Bundle, root: TrustedRoot) -> bool:
    """Whether a bundle names a log that these keys are not for. Nobody signed that name."""
    known = {one.log_id.key_id for one in root._inner.tlogs}  # noqa: SLF001 - it has no other name
    return bundle.log_entry._inner.log_id.key_id not in known  # noqa: SLF001


class _Reader:
    """A policy of Sigstore that reads who signed; whether that one counts is judged elsewhere."""

    identity = issuer = ""

    def verify(self, cert: Certificate) -> None:
        """Read a certificate whose chain holds. Raises VerificationError where nobody is named."""
        from sigstore.errors import VerificationError  # noqa: PLC0415 - an extra

        names, issuers = _identities(cert), _issuers(cert)
        if len(names) != 1 or len(issuers) != 1:
            raise VerificationError("its certificate does not name one identity by one issuer")
        self.identity, self.issuer = names[0], issuers.pop()


def _identities(cert: Certificate) -> list[str]:
    from cryptography import x509  # noqa: PLC0415 - comes with the extra

    found = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [
        *found.get_values_for_type(x509.RFC822Name),
        *found.get_values_for_type(x509.UniformResourceIdentifier),
    ]


def _issuers(cert: Certificate) -> set[str]:
    """Return who vouched: one, unless the two spellings of it differ."""
    from cryptography.hazmat import asn1  # noqa: PLC0415 - comes with the extra

    found = {one.oid.dotted_string: one.value for one in cert.extensions}
    texts = {oid: getattr(value, "value", b"") for oid, value in found.items()}
    made = {texts[_ISSUER_BEFORE].decode()} if _ISSUER_BEFORE in texts else set()
    return made | ({asn1.decode_der(str, texts[_ISSUER])} if _ISSUER in texts else set())
