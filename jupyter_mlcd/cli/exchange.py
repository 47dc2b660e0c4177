"""Evidence outside of git: folders and zips, written and read with care."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import RefusedError, UsageError
from jupyter_mlcd.workbench import Trust, allowed_signers, as_zip, verify_files
from jupyter_mlcd.world.files import safe_join, write_atomically

if TYPE_CHECKING:
    from jupyter_mlcd.model.status import Verification

_MAXIMAL_MEMBERS = 10_000
_MAXIMAL_BYTES = 1024**3


def write_outside(files: dict[str, bytes], output: Path) -> None:
    """Write ``files`` to a new folder, or to a zip if its name says so. Raises RefusedError."""
    if output.suffix == ".zip":
        write_atomically(output, as_zip(files))
        return
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise RefusedError(f"{output} is there already", hint="Name a new or an empty folder.")
    for path, content in files.items():
        target = safe_join(output, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def verify_outside(place: Path, signers: Path | None) -> Verification:
    """Verify an exported folder or zip by its bytes alone.

    With ``signers``, a file, one of these must have signed it. Without, keys are known by the
    project that it is typed in, if that is one.
    """
    files = _from_zip(place.read_bytes()) if place.is_file() else _from_folder(place)
    return verify_files(files, str(place), trust=trust_in(signers))


def trust_in(signers: Path | None) -> Trust:
    """Return whom to trust."""
    if signers is None:
        return Trust(allowed_signers(Path.cwd()))
    return Trust(signers.read_bytes(), required=True)


def _from_folder(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _from_zip(content: bytes) -> dict[str, bytes]:
    """Return the members of a zip; nothing of it is written anywhere. Raises UsageError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            size = sum(one.file_size for one in members)
            names = [PurePosixPath(one.filename).as_posix() for one in members]
            if len(members) > _MAXIMAL_MEMBERS or size > _MAXIMAL_BYTES:
                raise UsageError("the zip is too large for evidence", hint="Nothing was read.")
            if len(set(names)) != len(names):
                raise UsageError("the zip names a file twice", hint="Nothing was read.")
            return {name: archive.read(one) for name, one in zip(names, members, strict=True)}
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise UsageError(f"this is not a zip: {error}") from None
