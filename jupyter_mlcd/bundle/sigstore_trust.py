"""Which Sigstore: the public one, or a company's own, by a file of its keys and addresses.

The file is what Sigstore calls a client trust config, as ``sigstore --trust-config`` takes it. It
is named by hand, by ``MLCD_SIGSTORE_TRUST``, or lies as ``mlcd-sigstore.json`` in one of Jupyter's
configuration folders, yours before the administrator's. It holds no secret, and it never comes out
of what is verified: who made an export must not say by which keys it is looked at.

The library is an extra and is loaded when it is asked for.
"""

from __future__ import annotations

import importlib.util
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.errors import SigningError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sigstore.models import ClientTrustConfig, TrustedRoot

VARIABLE: Final = "MLCD_SIGSTORE_TRUST"
FILE_NAME: Final = "mlcd-sigstore.json"
INSTALL: Final = "python -m pip install 'jupyter_mlcd[sigstore]'"
_OTHERS_WRITE: Final = 0o022


def is_installed() -> bool:
    """Whether Sigstore's library is there."""
    return importlib.util.find_spec("sigstore") is not None


def need_library() -> None:
    """Raise UsageError where Sigstore's library is not there."""
    if not is_installed():
        raise UsageError("Sigstore is not installed", hint=f"Nothing was written. Type: {INSTALL}")
    # It tells of its cache on the standard error when nobody says where to.
    logging.getLogger("sigstore").addHandler(logging.NullHandler())


def trust_file(
    named: Path | None, environ: Mapping[str, str], folders: Sequence[Path]
) -> Path | None:
    """Return the file of one's own Sigstore; None for the public one. Raises UsageError."""
    if named is None and environ.get(VARIABLE):
        named = Path(environ[VARIABLE])
    if named is None:
        named = next((one / FILE_NAME for one in folders if (one / FILE_NAME).is_file()), None)
    if named is None:
        return None
    if not named.is_file():
        raise _wrong(named, "there is no such file")
    if sys.platform != "win32" and named.stat().st_mode & _OTHERS_WRITE:
        raise _wrong(named, f"others may write it. Type: chmod go-w {named}")
    return named


def signing_trust(file: Path | None) -> ClientTrustConfig:
    """Return where to sign and by which keys that is looked at.

    Of the public Sigstore this is fetched anew, as TUF has it. Raises UsageError and SigningError.
    """
    from sigstore.errors import Error  # noqa: PLC0415 - an extra
    from sigstore.models import ClientTrustConfig  # noqa: PLC0415

    if file is not None:
        return _read(file)
    try:
        found = ClientTrustConfig.production()
        _ = found.trusted_root, found.signing_config
    except (Error, OSError, ValueError) as error:
        raise SigningError(
            f"the keys of the public Sigstore cannot be fetched: {error}",
            code="sigstore-trust",
            hint="Nothing was written or published. Try again when the network is there, or export "
            "without --sigstore.",
        ) from None
    return found


def verifying_root(file: Path | None) -> TrustedRoot:
    """Return by which keys bundles are looked at. Nothing is fetched. Raises UsageError.

    Those of the public Sigstore are as they were when something was last signed here, or as they
    came with the library.
    """
    from sigstore.errors import Error  # noqa: PLC0415 - an extra
    from sigstore.models import ClientTrustConfig  # noqa: PLC0415

    if file is not None:
        return _read(file).trusted_root
    try:
        return ClientTrustConfig.production(offline=True).trusted_root
    except (Error, OSError, ValueError) as error:
        raise UsageError(f"the keys of the public Sigstore are not here: {error}") from None


def _read(file: Path) -> ClientTrustConfig:
    from sigstore.errors import Error  # noqa: PLC0415 - an extra
    from sigstore.models import ClientTrustConfig  # noqa: PLC0415

    try:
        found = ClientTrustConfig.from_json(file.read_text(encoding="utf-8"))
        _ = found.trusted_root, found.signing_config
    except (Error, OSError, ValueError, RecursionError) as error:
        words = " ".join(str(error).split())[:200]
        raise _wrong(file, f"it is no client trust config of Sigstore: {words}") from None
    return found


def _wrong(file: Path, words: str) -> UsageError:
    return UsageError(
        f"{file} is not used: {words}",
        code="sigstore-trust",
        hint="Nothing was written or published. It is the file that `sigstore --trust-config` takes"
        ": whoever runs your Sigstore has it.",
    )
