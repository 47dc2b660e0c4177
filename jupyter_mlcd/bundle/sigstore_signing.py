"""Sign by Sigstore: a key for minutes, a certificate for an identity, and a line in a public log.

What is published, for ever and for everybody: the identity, who vouched for it, the time, and the
digest of what was signed. The statements themselves are not (Rekor stores no envelope, see its
``pkg/types/dsse``; its first version is sent them all the same). So nothing is sent before a person
said yes; who asks her is the door.

Each bundle is looked at before it is handed out: the library does not look at what a log answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from jupyter_mlcd.bundle.sigstore_bundles import look_at
from jupyter_mlcd.bundle.sigstore_trust import need_library, signing_trust
from jupyter_mlcd.model.errors import SigningError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sigstore.models import Bundle, ClientTrustConfig
    from sigstore.oidc import IdentityToken
    from sigstore.sign import Signer

    from jupyter_mlcd.model.keyless import Seal

TOKEN_VARIABLE: Final = "SIGSTORE_IDENTITY_TOKEN"  # noqa: S105 - as sigstore-python names it
_SECONDS: Final = (10.0, 60.0)
"""To connect, and for an answer: a log of the second kind gives it when the line is in."""
_WORDS: Final = {
    "ExpiredIdentity": ("sigstore-token", "the token is not valid any more"),
    "ExpiredCertificate": ("sigstore-token", "the certificate ran out before all was signed"),
    "IdentityError": ("sigstore-token", "the token is not taken"),
    "UnicodeDecodeError": ("sigstore-token", "the token is not taken"),
    "FileNotFoundError": ("sigstore-token", "the token is not there"),
    "IssuerError": ("sigstore-token", "the identity provider does not answer as it should"),
    "NetworkError": ("sigstore-network", "the network failed"),
    "RequestException": ("sigstore-network", "the network failed"),
    "FulcioClientError": ("sigstore-refused", "the certificate authority refused"),
    "RekorClientError": ("sigstore-refused", "the log refused"),
    "InvalidBundle": ("sigstore-answer", "what came back does not hold"),
    "VerificationError": ("sigstore-answer", "what came back does not hold"),
}
"""``{class of Sigstore's library: (code, what happened)}``, by the nearest ancestor."""
_HINTS: Final = {
    "sigstore-token": "Get a new token and export again; in GitHub Actions the workflow needs "
    "`permissions: id-token: write`.",
    "sigstore-network": "Export again when the network is there, or without --sigstore.",
    "sigstore-refused": "Ask whoever runs it, or export without --sigstore.",
    "sigstore-answer": "Do not trust that service before you know why: export without --sigstore.",
}


@dataclass
class KeylessSigner:
    """Signs for one identity. Nothing is sent before the first signature, or ``log_in``."""

    config: ClientTrustConfig
    token: IdentityToken | None = None
    published: list[Seal] = field(default_factory=list)
    """What is in the log by now, in its order."""

    @property
    def who(self) -> str:
        """Return whose identity would be published; empty where a browser has to say that."""
        return f"{self.token.identity} ({self.token.federated_issuer})" if self.token else ""

    @property
    def places(self) -> tuple[str, str]:
        """Return the addresses of the certificate authority and of the log."""
        signing = self.config.signing_config
        return signing.get_fulcio().url, _log_address(signing.get_tlogs()[0])

    def log_in(self) -> None:
        """Let a person say in her browser who she is. Raises SigningError."""
        from sigstore.oidc import Issuer  # noqa: PLC0415 - an extra

        self.token = self._guarded(
            lambda: Issuer(self.config.signing_config.get_oidc_url()).identity_token()
        )

    def statement(self, text: bytes) -> bytes:
        """Return the bundle of a statement. Raises SigningError."""
        from sigstore.dsse import Statement  # noqa: PLC0415 - an extra

        return self._made(lambda signer: signer.sign_dsse(Statement(text)), None)

    def file(self, text: bytes) -> bytes:
        """Return the bundle of a file's bytes. Raises SigningError."""
        return self._made(lambda signer: signer.sign_artifact(text), text)

    def _made(self, sign: Callable[[Signer], Bundle], signed: bytes | None) -> bytes:
        made: bytes = self._guarded(lambda: sign(self._signer()).to_json().encode())
        seal = look_at(made, signed, self.config.trusted_root)
        if seal.problem:
            raise self._error("sigstore-answer", f"what came back does not hold: {seal.problem}")
        self.published.append(seal)
        return made

    def _signer(self) -> Signer:
        """Return the one signer: one key and one certificate for all of an export."""
        if self._kept is None:
            from sigstore.sign import Signer, SigningContext  # noqa: PLC0415 - an extra

            if self.token is None:
                raise self._error("sigstore-token", "nobody said who signs")
            signing = self.config.signing_config
            fulcio, log = signing.get_fulcio(), signing.get_tlogs()[0]
            # Without these it would wait for ever; the session of a log has no public name.
            sessions: tuple[Any, ...] = (fulcio.session, cast("Any", log)._session)  # noqa: SLF001
            for session in sessions:
                session.request = partial(session.request, timeout=_SECONDS)
            context = SigningContext(
                fulcio=fulcio,
                rekor=log,
                trusted_root=self.config.trusted_root,
                tsa_clients=signing.get_tsas(),
            )
            self._kept = Signer(self.token, context)
        return self._kept

    _kept: Signer | None = None

    def _guarded(self, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever `act` returns
        """Return what Sigstore's library does, with its errors in our words."""
        try:
            return act()
        except SigningError:
            raise
        except Exception as error:  # noqa: BLE001 - all that a library of a network can raise
            code, words = _told(error)
            raise self._error(code, f"{words}: {_reason(error)}") from None

    def _error(self, code: str, words: str) -> SigningError:
        safe = "Nothing was written."
        if self.published:
            safe += (
                f" The log holds {len(self.published)} lines with your identity by now; they name "
                "digests of statements that nobody has."
            )
        where = " and ".join(dict.fromkeys(self.places))
        return SigningError(
            f"Sigstore at {where} did not sign: {words}", code=code, hint=f"{safe} {_HINTS[code]}"
        )


def keyless_signer(
    file: Path | None, token: Path | None, environ: Mapping[str, str]
) -> KeylessSigner:
    """Return who signs: by a token in a file, in the environment, or of the pipeline that this is.

    Without any, a person has to ``log_in``. Raises UsageError without the library or for a file
    that cannot be used, and SigningError.
    """
    need_library()
    from sigstore.oidc import IdentityToken, detect_credential  # noqa: PLC0415 - an extra

    made = KeylessSigner(signing_trust(file))
    raw: str | None
    if token is not None:
        raw = made._guarded(lambda: token.read_text(encoding="utf-8").strip())  # noqa: SLF001
    else:
        raw = environ.get(TOKEN_VARIABLE) or made._guarded(detect_credential)  # noqa: SLF001
    if raw:
        made.token = made._guarded(lambda: IdentityToken(raw))  # noqa: SLF001
    return made


def _log_address(log: Any) -> str:  # noqa: ANN401 - its class is not public
    return str(log.url).rpartition("/api/")[0]


def _told(error: Exception) -> tuple[str, str]:
    names = [one.__name__ for one in type(error).__mro__]
    known = (_WORDS[name] for name in names if name in _WORDS)
    return next(known, ("sigstore-answer", "what came back cannot be read"))


def _reason(error: Exception) -> str:
    """Return what an error says; many of this library say it in their cause only."""
    words = " ".join(str(error).split()) or " ".join(str(error.__cause__ or "").split())
    return words[:300] or type(error).__name__
