"""Evidence outside of git: folders and zips, written and read with care."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import RefusedError, UsageError
from jupyter_mlcd.model.keyless import has_bundles
from jupyter_mlcd.model.project import SigstoreTable
from jupyter_mlcd.model.release import PRODUCTS
from jupyter_mlcd.model.result import FileDigest
from jupyter_mlcd.workbench import (
    Trust,
    allowed_signers,
    check_model,
    keyless_trust,
    verify_files,
    write_zip,
)
from jupyter_mlcd.world.files import copy_file, replacing, safe_join, sha256_of_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlcd.model.evidence import Exported
    from jupyter_mlcd.model.keyless import KeylessTrust
    from jupyter_mlcd.model.status import Verification

_MAXIMAL_MEMBERS = 10_000
_MAXIMAL_BYTES = 1024**3


def check_free(output: Path) -> None:
    """Raise RefusedError where files would not be written to a new folder or to a zip."""
    if output.suffix == ".zip":
        return
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise RefusedError(f"{output} is there already", hint="Name a new or an empty folder.")


def write_outside(exported: Exported, output: Path) -> None:
    """Write files to a new folder, or to a zip if its name says so. Raises RefusedError."""
    check_free(output)
    if output.suffix == ".zip":
        with replacing(output) as stream:
            write_zip(exported, stream)
        return
    for path, file in exported.products.items():
        target = safe_join(output, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_file(file, target)
    for path, content in exported.files.items():
        target = safe_join(output, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def verify_outside(
    place: Path,
    signers: Path | None,
    model_key: Path | None = None,
    keyless: Callable[[], KeylessTrust] | None = None,
) -> Verification:
    """Verify an exported folder or zip by its bytes alone.

    With ``signers``, a file, one of these must have signed it. Without, keys are known by the
    project that it is typed in, if that is one. ``model_key`` is the public key of who is to have
    made model.sig, which is looked at in a folder only. ``keyless`` says whose Sigstore signatures
    count, and is asked where there are any; None: those whom the project names that it is typed in.
    """
    if model_key is not None and place.is_file():
        raise UsageError("model.sig is looked at in a folder only", hint="Unpack the zip first.")
    trust = trust_in(signers)
    if model_key is not None:
        folder = place / PRODUCTS
        trust = replace(trust, model=lambda text: check_model(folder, text, model_key))
    files, products = _from_zip(place) if place.is_file() else _from_folder(place)
    if keyless is not None or has_bundles(files):  # Its library takes a second to load.
        trust = replace(trust, keyless=keyless() if keyless else keyless_trust(Path.cwd()))
    return verify_files(files, str(place), trust=trust, products=products)


def keyless_by(who: SigstoreTable | None, trust: Path | None) -> Callable[[], KeylessTrust] | None:
    """Return what says whose Sigstore signatures count; None where nothing of it was named."""
    if who is None and trust is None:
        return None
    return lambda: keyless_trust(Path.cwd(), who, trust)


def named_identity(identity: str | None, issuer: str | None) -> SigstoreTable | None:
    """Return who must have signed by Sigstore; None where nobody is named. Raises UsageError."""
    if identity is None and issuer is None:
        return None
    if not (identity and issuer):
        message = "--sigstore-identity and --sigstore-issuer go together"
        raise UsageError(message, hint="An identity is only as good as who vouches for it.")
    return SigstoreTable(identity=identity, issuer=issuer)


def trust_in(signers: Path | None) -> Trust:
    """Return whom to trust."""
    if signers is None:
        return Trust(allowed_signers(Path.cwd()))
    return Trust(signers.read_bytes(), required=True)


_Read = tuple[dict[str, bytes], dict[str, FileDigest]]
"""Files by their bytes, and the delivered ones, which may be large, by their digests."""


def _from_folder(folder: Path) -> _Read:
    files: dict[str, bytes] = {}
    products: dict[str, FileDigest] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.is_symlink():
            continue
        if name.startswith(PRODUCTS):
            products[name] = FileDigest(sha256_of_file(path), path.stat().st_size)
        else:
            files[name] = path.read_bytes()
    return files, products


def _from_zip(place: Path) -> _Read:
    """Return the members of a zip; nothing of it is written anywhere. Raises UsageError."""
    try:
        with zipfile.ZipFile(place) as archive:
            members = {
                PurePosixPath(one.filename).as_posix(): one
                for one in archive.infolist()
                if not one.is_dir()
            }
            if len(members) < sum(not one.is_dir() for one in archive.infolist()):
                raise UsageError("the zip names a file twice", hint="Nothing was read.")
            small = {name: one for name, one in members.items() if not name.startswith(PRODUCTS)}
            size = sum(one.file_size for one in small.values())
            if len(members) > _MAXIMAL_MEMBERS or size > _MAXIMAL_BYTES:
                raise UsageError("the zip is too large for evidence", hint="Nothing was read.")
            products: dict[str, FileDigest] = {}
            for name in members.keys() - small.keys():
                with archive.open(members[name]) as content:
                    # Not as `hashlib.file_digest`, which wants a file that gives its own buffer.
                    hashed = hashlib.sha256()
                    while chunk := content.read(1 << 20):
                        hashed.update(chunk)
                products[name] = FileDigest(hashed.hexdigest(), members[name].file_size)
            return {name: archive.read(one) for name, one in small.items()}, products
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise UsageError(f"this is not a zip: {error}") from None
