"""The Store: files by their content, in git's common dir."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import MlcdError, NotFoundError, RefusedError, WorldError
from jupyter_mlcd.model.pruning import DIGEST, StoredFile
from jupyter_mlcd.model.result import FileDigest
from jupyter_mlcd.world.clock import uuid7
from jupyter_mlcd.world.files import copy_file, sha256_of_file, sync_directory, sync_file
from jupyter_mlcd.world.places import locked, locked_if_possible

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

_LOCK_SECONDS = 30.0
_LONGEST_COPY_SECONDS = 86400.0


def digests_in(folder: Path) -> dict[str, FileDigest]:
    """Return ``{path: digest}`` of all files below a folder; a link has none of its own.

    Raises NotFoundError if that is no folder, and WorldError for a file that cannot be read.
    """
    if not folder.is_dir():
        hint = "Name the folder into which the files were delivered."
        raise NotFoundError(f"{folder} is no folder", hint=hint)
    found: dict[str, FileDigest] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = FileDigest("", 0)
        elif path.is_file():
            try:
                found[name] = FileDigest(sha256_of_file(path), path.stat().st_size)
            except OSError as error:
                message = f"{path} cannot be read: {error.strerror or error}"
                raise WorldError(message, code="products", hint="Check its permissions.") from None
    return found


def relative_place(sha256: str) -> str:
    """Return where a file lies below a Store."""
    return f"sha256/{sha256[:2]}/{sha256[2:]}"


class Store:
    """Implements ``ports.FileStore`` in a folder: ``sha256/ab/cdef...``."""

    shared = ""
    """Nobody else reaches it."""

    def __init__(self, folder: Path) -> None:
        """Keep files below ``folder``, which is made when the first one comes."""
        self._folder = folder

    def put(self, file: Path) -> FileDigest:
        """Store a copy of ``file`` durably and return its digest. Raises WorldError."""
        return self._put(file.name, partial(copy_file, file))

    def put_bytes(self, content: bytes) -> FileDigest:
        """Store some bytes durably and return their digest. Raises WorldError."""

        def write(place: Path) -> None:
            place.touch(0o600)
            place.write_bytes(content)

        return self._put("a file", write)

    def _put(self, name: str, write: Callable[[Path], object]) -> FileDigest:
        incoming = self._folder / "incoming"
        temporary = incoming / uuid7()
        try:
            incoming.mkdir(parents=True, exist_ok=True)
            write(temporary)
            digest = FileDigest(sha256_of_file(temporary), temporary.stat().st_size)
            self._settle(temporary, digest)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            message = f"{name} could not be stored: {error.strerror or error}"
            hint = "Check that the disk has room and may be written to."
            raise WorldError(message, code="store", hint=hint) from None
        except MlcdError:
            temporary.unlink(missing_ok=True)
            raise
        return digest

    def _settle(self, temporary: Path, digest: FileDigest) -> None:
        place = self._place(digest)
        with locked_if_possible(self._lock, _LOCK_SECONDS):
            is_there = place.exists()
            if is_there:
                with suppress(OSError):  # Somebody else's: then it is as old as it was.
                    os.utime(place)  # It is needed again: nobody prunes it now.
        if is_there and sha256_of_file(place) == digest.sha256:
            temporary.unlink()
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary.chmod(0o600)  # a product may be read-only, and syncing opens it for writing
        sync_file(temporary)
        temporary.chmod(0o444)
        temporary.replace(place)
        sync_directory(place.parent)

    def path(self, digest: FileDigest) -> Path:
        """Return where the file is, its bytes checked. Raises NotFoundError or WorldError."""
        place = self._place(digest)
        if not place.is_file():
            hint = "It was made on another machine or removed; run the suite again."
            raise NotFoundError(f"the file sha256:{digest.sha256[:12]} is not here", hint=hint)
        if sha256_of_file(place) != digest.sha256:
            message = f"the stored file {place} was changed"
            raise WorldError(message, code="store-corrupt", hint="Run the suite again.")
        return place

    def fetch(self, digest: FileDigest) -> Path:
        """Return the same: there is no other place to bring it from."""
        return self.path(digest)

    def share(self, digests: Collection[FileDigest]) -> int:
        """Raise RefusedError: there is nowhere to share it."""
        hint = 'Write store = "s3://BUCKET/FOLDER" below [project] in mlcd.toml.'
        words = f"{len(digests)} files are not shared: mlcd.toml names no shared Store"
        raise RefusedError(words, code="no-store", hint=hint)

    def stored(self) -> list[StoredFile]:
        """Return all files. Raises WorldError."""
        now = time.time()
        found = []
        for place in sorted((self._folder / "sha256").glob("??/*")):
            try:
                about = place.stat()
            except FileNotFoundError:
                continue
            name = place.parent.name + place.name
            if DIGEST.fullmatch(name.encode()):
                found.append(StoredFile(name, about.st_size, max(0.0, now - _put_at(about))))
        return found

    def remove(self, sha256: str, *, idle: float = 0.0) -> bool:
        """Remove a file that nobody has put there for ``idle`` s; return whether it is gone now.

        Raises WorldError where it is there and cannot be removed.
        """
        place = self._place(FileDigest(sha256, 0))
        try:
            if not place.exists():
                return True
            with locked(self._lock, _LOCK_SECONDS):
                if idle and time.time() - _put_at(place.stat()) < idle:
                    return False
                place.chmod(0o600)  # Windows removes nothing that is read-only.
                place.unlink()
                sync_directory(place.parent)
        except FileNotFoundError:
            return True
        except OSError as error:
            message = f"the stored file {place} could not be removed: {error.strerror or error}"
            hint = "Check that its folder may be written to."
            raise WorldError(message, code="store", hint=hint) from None
        return True

    def sweep(self, *, dry_run: bool = False) -> int:
        """Remove what writers left that died; return its bytes."""
        size = 0
        for file in sorted((self._folder / "incoming").glob("*")):
            with suppress(OSError):
                about = file.stat()
                if time.time() - _put_at(about) > _LONGEST_COPY_SECONDS:
                    size += about.st_size
                    if not dry_run:
                        file.chmod(0o600)
                        file.unlink()
        return size

    @property
    def _lock(self) -> Path:
        return self._folder.with_name(f"{self._folder.name}.lock")

    def _place(self, digest: FileDigest) -> Path:
        return self._folder / relative_place(digest.sha256)


def _put_at(about: os.stat_result) -> float:
    """Return when a file was put there; its own time is that of what it is a copy of."""
    return max(about.st_mtime, about.st_ctime)
