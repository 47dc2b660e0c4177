"""Evidence outside of git: folders and zips, written and read with care."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import RefusedError, UsageError
from jupyter_mlcd.model.release import PRODUCTS
from jupyter_mlcd.model.result import FileDigest
from jupyter_mlcd.workbench import Trust, allowed_signers, check_model, verify_files, write_zip
from jupyter_mlcd.world.files import copy_file, replacing, safe_join, sha256_of_file

if TYPE_CHECKING:
    from jupyter_mlcd.model.evidence import Exported
    from jupyter_mlcd.model.status import Verification

_MAXIMAL_MEMBERS = 10_000
_MAXIMAL_BYTES = 1024**3


def write_outside(exported: Exported, output: Path) -> None:
    """Write files to a new folder, or to a zip if its name says so. Raises RefusedError."""
    if output.suffix == ".zip":
        with replacing(output) as stream:
            write_zip(exported, stream)
        return
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise RefusedError(f"{output} is there already", hint="Name a new or an empty folder.")
    for path, file in exported.products.items():
        target = safe_join(output, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_file(file, target)
    for path, content in exported.files.items():
        target = safe_join(output, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def verify_outside(
    place: Path, signers: Path | None, model_key: Path | None = None
) -> Verification:
    """Verify an exported folder or zip by its bytes alone.

    With ``signers``, a file, one of these must have signed it. Without, keys are known by the
    project that it is typed in, if that is one. ``model_key`` is the public key of who is to have
    made model.sig, which is looked at in a folder only.
    """
    if model_key is not None and place.is_file():
        raise UsageError("model.sig is looked at in a folder only", hint="Unpack the zip first.")
    trust = trust_in(signers)
    if model_key is not None:
        folder = place / PRODUCTS
        trust = replace(trust, model=lambda text: check_model(folder, text, model_key))
    files, products = _from_zip(place) if place.is_file() else _from_folder(place)
    return verify_files(files, str(place), trust=trust, products=products)


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
