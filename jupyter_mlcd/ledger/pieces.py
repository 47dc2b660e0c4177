"""The files of a commit before they are written: hashed, measured, held against what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.model.errors import RefusedError, UsageError, WorldError
from jupyter_mlcd.world.files import is_git_directory_name
from jupyter_mlcd.world.git_blobs import blob_id, object_hash
from jupyter_mlcd.world.git_errors import GitFault, git_error
from jupyter_mlcd.world.git_names import ObjectId
from jupyter_mlcd.world.git_reading import objects_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jupyter_mlcd.world.git import Git

LARGEST_FILE: Final = 95 << 20
"""Bytes; GitHub refuses files over 100 MiB."""

_LONGEST_PATH = 1024
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Piece:
    """One file of a commit."""

    path: str
    oid: ObjectId
    size: int
    """Bytes."""
    content: bytes | Path | None
    """The bytes, or the file that holds them; None when git has the object already."""


def pieces_of(git: Git, files: Mapping[str, bytes | Path]) -> tuple[Piece, ...]:
    """Return ``files`` with the object ids that git will give them.

    UsageError for an unsafe path or no file at all, RefusedError for one that is too large,
    WorldError for one that cannot be read.
    """
    if not files:
        raise UsageError("There is nothing to add to the history.", code="nothing-to-append")
    return tuple(_piece(git, checked_path(path), content) for path, content in files.items())


def _piece(git: Git, path: str, content: bytes | Path) -> Piece:
    try:
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        if size > LARGEST_FILE:
            raise RefusedError(
                f"{path} has {size >> 20} MiB, more than git hosts accept.",
                code="file-too-large",
                hint="Nothing was kept. Keep it in the Store: declare it under `produces`.",
            )
        if isinstance(content, bytes):
            return Piece(path, blob_id(git, content), size, content)
        hashed = object_hash(git, "blob", size)
        for chunk in read_exactly(content, size):
            hashed.update(chunk)
    except OSError as error:
        raise WorldError(
            f"{path} cannot be read: {error.strerror}.",
            code="file-not-readable",
            hint="Nothing was kept. Check the file, then keep the run again.",
        ) from error
    return Piece(path, ObjectId(hashed.hexdigest()), size, content)


def missing_from(git: Git, tip: ObjectId | None, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the pieces that ``tip`` does not hold; RefusedError when another file is there."""
    if tip is None:
        return tuple(pieces)
    folders = {parent for piece in pieces for parent in parents(piece.path)}
    wanted = {piece.path: piece.oid for piece in pieces}
    found = objects_at(git, tip, [*sorted(folders), *wanted])
    for path, (kind, oid) in found.items():
        if (path in folders and kind != "tree") or wanted.get(path, oid) != oid:
            raise RefusedError(
                f"{path} is in the history already, with another content.",
                code="evidence-exists",
                hint="What is kept is never changed. Nothing was written.",
            )
    return tuple(piece for piece in pieces if piece.path not in found)


def parents(path: str) -> tuple[str, ...]:
    """Return the folders that lead to ``path``, outermost first."""
    parts = path.split("/")
    return tuple("/".join(parts[:count]) for count in range(1, len(parts)))


def checked_path(path: str) -> str:
    """Return ``path`` if it can be a file of the ledger; UsageError if not."""
    if (
        len(path) > _LONGEST_PATH
        or not path.isprintable()
        or any(part in {"", ".", ".."} or is_git_directory_name(part) for part in path.split("/"))
    ):
        raise UsageError(
            f"{path!r} cannot be the path of evidence.",
            code="unsafe-path",
            hint="Use printable names without '..', separated by forward slashes.",
        )
    return path


def read_exactly(path: Path, size: int) -> Iterator[bytes]:
    """Yield ``size`` bytes of a file; GitError when it has become shorter."""
    left = size
    with path.open("rb") as stream:
        while left:
            chunk = stream.read(min(left, _CHUNK))
            if not chunk:
                raise git_error(GitFault.CHANGED_MEANWHILE, str(path))
            left -= len(chunk)
            yield chunk
