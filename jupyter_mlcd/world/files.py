"""Files: written whole or not at all, copied cheaply, hashed, and kept inside their folder."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from jupyter_mlcd.model.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.platform == "linux":
    import fcntl

    # linux/fs.h: share the blocks of another file (btrfs, XFS, bcachefs). Not in module fcntl.
    _FICLONE = 0x40049409

_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")
_RESERVED_ON_WINDOWS = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\Z", re.IGNORECASE)
_UNSAFE_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")


def write_atomically(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Replace ``path`` by ``content``: after a crash it holds the old bytes or the new ones.

    When this returns the new bytes are on the disk. OSError when the disk says no; ``path`` is then
    as it was.
    """
    with replacing(path, mode=mode) as stream:
        stream.write(content)


@contextmanager
def replacing(path: Path, *, mode: int = 0o644) -> Iterator[BinaryIO]:
    """Give a stream whose bytes replace ``path`` at the end, as `write_atomically` does it."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            if sys.platform != "win32":
                os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in ``directory`` durable, where the system has such a thing."""
    if sys.platform == "win32":
        return
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make the bytes of the file at ``path`` durable."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_tree(directory: Path) -> None:
    """Make every regular file and every folder below ``directory`` durable, innermost first."""
    for folder, _, names in os.walk(directory, topdown=False):
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                handle = os.open(path, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)
        sync_directory(Path(folder))


def tree_size(directory: Path) -> int:
    """Return the bytes of all files below ``directory``; links are not followed."""
    size = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            with suppress(OSError):
                size += Path(folder, name).lstat().st_size
    return size


def safe_name(text: str) -> str:
    """Return ``text`` if it can be one file name on every system; UsageError if not."""
    if not _NAME.match(text) or text in {".", ".."} or _RESERVED_ON_WINDOWS.match(text):
        raise UsageError(
            f"{text!r} cannot be a file name.",
            code="unsafe-name",
            hint="Use letters, digits, dot, underscore and hyphen, at most 100 of them.",
        )
    return text


def safe_join(root: Path, relative: str, *, hidden: bool = False) -> Path:
    """Return the real path of ``relative`` below ``root``; UsageError if it leaves ``root``.

    Components are compared after symbolic links are followed, because a textual prefix lets a
    sibling ``/data-secret`` of ``/data`` pass. Names that start with a dot (``.git``, ``.ssh``) are
    refused unless ``hidden``. The path need not exist.
    """
    reason = _unsafe(relative, hidden=hidden)
    if not reason:
        base = root.resolve()
        joined = base.joinpath(*relative.split("/")).resolve()
        if joined == base or base in joined.parents:
            return joined
        reason = "it leads out of its folder"
    raise UsageError(
        f"The path {relative!r} is not allowed: {reason}.",
        code="unsafe-path",
        hint="Give a path below the project's folder, with forward slashes.",
    )


def _unsafe(relative: str, *, hidden: bool) -> str:
    """Return why the text of a path is refused, or an empty string."""
    parts = relative.split("/")
    if not relative or _UNSAFE_CHARACTERS.search(relative):
        return "it is empty or holds control characters"
    if any(part in {"", ".", ".."} for part in parts):
        return "it is absolute or holds an empty, '.' or '..' component"
    if not hidden and any(part.startswith(".") for part in parts):
        return "it names a hidden file or folder"
    if any(is_git_directory_name(part) for part in parts):
        return "it names git's own folder"
    if sys.platform == "win32" and any(unsafe_on_windows(part) for part in parts):
        return "Windows gives that name another meaning"
    return ""


def unsafe_on_windows(part: str) -> bool:
    """Tell drives, alternate streams, backslashes, reserved names and names Windows shortens."""
    return bool(
        re.search(r'[<>:"|?*\\]', part)
        or part != part.rstrip(". ")
        or _RESERVED_ON_WINDOWS.match(part)
    )


# Code points that HFS+ ignores in names: ".g\u200cit" is ".git" there (CVE-2014-9390).
_IGNORED_BY_HFS = re.compile(
    "[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]",
)


def is_git_directory_name(component: str) -> bool:
    """Tell whether some file system takes ``component`` for ``.git``."""
    plain = _IGNORED_BY_HFS.sub("", component).split(":")[0].rstrip(". ").casefold()
    return plain in {".git", "git~1"}


def copy_file(source: Path, destination: Path) -> None:
    """Copy bytes, permissions and times of a regular file, sharing blocks where the disk can.

    RefusedError when ``destination`` exists; OSError when the disk says no, and then nothing is
    left behind.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(destination, flags, 0o600)
    except FileExistsError:
        raise RefusedError(
            f"{destination} exists already.",
            code="file-exists",
            hint="Nothing was overwritten. Remove it or choose another place.",
        ) from None
    try:
        with os.fdopen(handle, "wb") as target, source.open("rb") as origin:
            if not _clone(origin, target):
                shutil.copyfileobj(origin, target, 1 << 20)
        shutil.copystat(source, destination)
    except BaseException:
        with suppress(OSError):
            destination.unlink()
        raise


def _clone(origin: BinaryIO, target: BinaryIO) -> bool:
    """Share the blocks of ``origin`` with ``target``; False where the file system cannot."""
    if sys.platform == "linux":
        with suppress(OSError):
            fcntl.ioctl(target.fileno(), _FICLONE, origin.fileno())
            return True
    return False


def sha256_of_file(path: Path) -> str:
    """Return the sha256 of the file's bytes in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
