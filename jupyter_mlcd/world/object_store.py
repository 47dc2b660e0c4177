"""Stores of objects that fsspec knows: opened afresh, and whatever goes wrong there in our words.

Any address (https://filesystem-spec.readthedocs.io): ``s3://``, ``az://``, ``gs://``, ``sftp://``.
Keys are never in mlcd.toml: each store finds them where its own tools do (``AWS_PROFILE``,
``AZURE_STORAGE_CONNECTION_STRING`` and their like).
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any, Final, TypeVar

from jupyter_mlcd.model.errors import MlcdError, WorldError
from jupyter_mlcd.world.key_variables import secrets_of
from jupyter_mlcd.world.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable

_Answer = TypeVar("_Answer")
TAKEN: Final = "store-taken"
"""Code of the error that says that somebody else wrote it meanwhile."""
_NOT_AS_SEEN: Final = "PreconditionFailed"
"""How S3 says that it is another one by now."""
_MOST_LETTERS: Final = 300


def cannot_be_used(url: str) -> str:
    """Return why a store cannot be spoken to from here, a missing package; asks nobody."""
    protocol = url.partition("://")[0]
    try:
        fsspec: Any = importlib.import_module("fsspec")
        fsspec.get_filesystem_class(protocol)
    except ImportError as error:
        hint = "pip install 'jupyter_mlcd[cloud]' and the store's own package, as s3fs or adlfs"
        return f"{protocol}:// cannot be used here: {_plain(str(error))}. Type: {hint}."
    except ValueError:
        return f"{protocol}:// is no store that fsspec knows"
    return ""


def opened(url: str) -> tuple[Any, str]:
    """Return the store and the place in it that an address means, by the keys of this moment."""
    fsspec: Any = importlib.import_module("fsspec")
    # Else an earlier one would be taken, with the keys and the address of that time.
    fresh = {"use_listings_cache": False, "skip_instance_cache": True}
    fs, root = fsspec.url_to_fs(url, **fresh)
    return fs, str(root).rstrip("/")


def asked(url: str, ask: Callable[[], _Answer]) -> _Answer:
    """Ask the store; raise whatever goes wrong there as WorldError: each has its own errors."""
    try:
        return ask()
    except MlcdError:
        raise
    except Exception as error:  # noqa: BLE001 - botocore's, azure's, paramiko's, aiohttp's
        if isinstance(error, FileExistsError) or _NOT_AS_SEEN in str(error):
            words = f"{url}: somebody else wrote it meanwhile"
            raise WorldError(words, code=TAKEN) from None
        clean = Redactor(secrets_of(os.environ)).redact_text(str(error))
        words = f"{url}: {type(error).__name__} {_plain(clean)}".rstrip()
        raise WorldError(words, code="store") from None


def _plain(words: str) -> str:
    """Return a store's own words as they can be shown and kept: one line, not endless."""
    text = words[:_MOST_LETTERS]
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()
