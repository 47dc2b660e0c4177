"""``model.sig``: the delivered files signed as OpenSSF model signing does it, where that is there.

The library is an extra and is loaded when it is asked for. It takes elliptic-curve keys in PEM
(P-256, P-384, P-521) and no SSH key, so the key is named; a password is never asked for. Its other
way, Sigstore, is not offered here: what is signed so are the statements, which name these files.
"""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import SigningError, UsageError
from jupyter_mlcd.world.files import copy_file, safe_join

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType


def sign_model(products: Mapping[str, Path], key: Path) -> bytes:
    """Return the signature of files, ``{path: file}``, as they lie below one folder.

    Raises UsageError without the library, and SigningError for a key that cannot be used.
    """
    signing = _library("signing")
    with tempfile.TemporaryDirectory(prefix="mlcd-model-") as place:
        folder, made = Path(place, "products"), Path(place, "model.sig")
        for path, file in products.items():
            target = safe_join(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            copy_file(file, target)
        try:
            signing.Config().use_elliptic_key_signer(private_key=key).sign(folder, made)
        except (ValueError, TypeError, AttributeError, OSError) as error:
            raise SigningError(
                f"{key} cannot sign a model: {_words(error)}",
                code="model-key",
                hint="Nothing was written. Give an elliptic-curve key in PEM without a password: "
                "openssl ecparam -genkey -name prime256v1 -noout -out model.pem",
            ) from None
        return made.read_bytes()


def check_model(folder: Path, signature: bytes, key: Path) -> str:
    """Return what is wrong with the signature of the files below ``folder``; empty if it fits.

    ``key`` is the public key of who is to have made it. Raises UsageError without the library.
    """
    verifying = _library("verifying")
    with tempfile.TemporaryDirectory(prefix="mlcd-model-") as place:
        file = Path(place, "model.sig")
        file.write_bytes(signature)
        try:
            verifying.Config().use_elliptic_key_verifier(public_key=key).verify(folder, file)
        except Exception as error:  # noqa: BLE001 - whatever it raises is a no
            return f"it is not of these files by that key: {_words(error)}"
    return ""


def _library(part: str) -> ModuleType:
    # The library needs pyOpenSSL and does not say so: each of the two is looked for.
    if any(importlib.util.find_spec(name) is None for name in ("model_signing", "OpenSSL")):
        raise UsageError(
            "OpenSSF model signing is not installed",
            hint="python -m pip install 'jupyter_mlcd[model-signing]'",
        )
    return importlib.import_module(f"model_signing.{part}")


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
