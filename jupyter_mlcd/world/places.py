"""Folders and locks that only we may use."""

from __future__ import annotations

import errno
import os
import random
import stat
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import RefusedError, WorldError

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# A socket's path has at most 107 bytes on Linux and 103 on macOS; this leaves room for its name.
_LONGEST_RUNTIME_DIRECTORY = 60
_POLL_SECONDS = 0.02


def runtime_directory() -> Path:
    """Return a short folder for sockets, made if need be, that only this user can enter.

    RefusedError when somebody else made it, or it is a link: another user could then listen.
    """
    folder = _runtime_place()
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    refuse_foreign_folder(folder)
    return folder


def _runtime_place() -> Path:
    if sys.platform == "win32":
        return Path(tempfile.gettempdir(), "mlcd")
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if given and len(os.fsencode(given)) <= _LONGEST_RUNTIME_DIRECTORY and _is_ours(Path(given)):
        return Path(given, "mlcd")
    temporary = tempfile.gettempdir()
    if len(os.fsencode(temporary)) > _LONGEST_RUNTIME_DIRECTORY:
        temporary = "/tmp"  # noqa: S108 - owner and mode of the folder in it are checked
    return Path(temporary, f"mlcd-{os.geteuid()}")


def refuse_foreign_folder(folder: Path) -> None:
    """RefusedError unless ``folder`` is a real folder of this user that nobody else can enter."""
    if sys.platform == "win32":
        return
    if not _is_ours(folder):
        raise RefusedError(
            f"{folder} belongs to another user, is open to others, or is a link.",
            code="foreign-folder",
            hint="Nothing was written there. Ask its owner to remove it, or set XDG_RUNTIME_DIR.",
        )


def _is_ours(folder: Path) -> bool:
    if sys.platform == "win32":
        return folder.is_dir()
    try:
        found = folder.lstat()
    except OSError:
        return False
    is_private = stat.S_IMODE(found.st_mode) & 0o077 == 0
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and is_private


@contextmanager
def locked(path: Path, wait: float) -> Iterator[int]:
    """Hold the advisory lock ``path`` and give its file descriptor; WorldError after ``wait`` s.

    The lock belongs to the open file: a program that inherits the descriptor keeps it held when we
    die. The file itself stays; who holds the lock may write into it.
    """
    handle = _acquired(path, wait)
    if handle is None:
        raise WorldError(
            f"{path} is held by another program.",
            code="locked",
            hint="Wait until the other action has ended, then try again.",
        )
    try:
        yield handle
    finally:
        os.close(handle)


def is_locked(path: Path) -> bool:
    """Tell whether somebody holds the advisory lock ``path`` now; where there are no locks, no."""
    if not path.exists():
        return False
    handle = _acquired(path, 0)
    if handle is None:
        return True
    os.close(handle)
    return False


@contextmanager
def locked_if_possible(path: Path, wait: float) -> Iterator[int | None]:
    """Like `locked`, but go on with None after ``wait`` s, or where there are no locks.

    Only for work that stays right without it: network file systems may ignore locks.
    """
    handle = _acquired(path, wait)
    try:
        yield handle
    finally:
        if handle is not None:
            os.close(handle)


def _acquired(path: Path, wait: float) -> int | None:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        # The first act in a new clone may be one that locks.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, flags, 0o600)
    except OSError as error:
        raise WorldError(
            f"The lock file {path} cannot be opened: {error.strerror}.",
            code="lock-not-writable",
            hint="Nothing was changed. Check that its folder may be written.",
        ) from error
    end = time.monotonic() + wait
    while not _try(handle):
        if time.monotonic() >= end:
            os.close(handle)
            return None
        time.sleep(_POLL_SECONDS * (0.5 + random.random()))  # noqa: S311 - not a secret
    return handle


def _try(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(handle, 1 << 30, os.SEEK_SET)  # one byte far behind what is written there
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}:
            return False
        if error.errno not in {errno.EAGAIN, errno.EACCES, errno.EDEADLK}:
            os.close(handle)
            raise
        return False
    return True
