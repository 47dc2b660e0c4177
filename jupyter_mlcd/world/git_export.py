"""A tree written to a folder straight from git's objects.

Neither ``git checkout`` nor ``git archive``: both run filters and follow attributes of a repository
that may be hostile. Names are checked as git checks them, links last, so that nothing is ever
written through a link.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.world.files import is_git_directory_name, unsafe_on_windows
from jupyter_mlcd.world.git_blobs import Blob, blobs
from jupyter_mlcd.world.git_errors import GitFault, git_error
from jupyter_mlcd.world.git_reading import Entry, ls_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlcd.world.git import Git

_LFS_HEAD = b"version https://git-lfs.github.com/spec/v1\n"
_LONGEST_LFS_POINTER = 1024
_LONGEST_LINK = 4096
_PROGRAM, _LINK, _SUBMODULE = "100755", "120000", "160000"


@dataclass(frozen=True)
class Export:
    """What was written."""

    files: tuple[str, ...]
    """Regular files and links, as paths from the top of the tree."""
    lfs_pointers: tuple[str, ...]
    """Files that only say where git-lfs keeps the real content."""
    submodules: tuple[str, ...]
    """Folders left empty, because their content is another repository's."""
    links_left_out: tuple[str, ...]
    """Symbolic links that lead out of the tree; they were not made."""


def export_tree(git: Git, tree: str, directory: Path, prefix: str = "") -> Export:
    """Write the files of a commit or tree into ``directory``, which must be empty or not exist.

    Paths keep their place from the top of the tree; with ``prefix`` only those below it. GitError
    when a name is unsafe or the tree holds one name twice, or for a file system that cannot tell
    two names apart.
    """
    entries = ls_tree(git, tree, prefix)
    for entry in entries:
        _refuse_unsafe(entry.path)
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise git_error(GitFault.FAILED, f"{directory} is not empty")
    submodules = tuple(entry.path for entry in entries if entry.mode == _SUBMODULE)
    try:
        _make_folders(entries, directory)
        pointers = tuple(_write_files(git, entries, directory))
        left_out = tuple(_write_links(git, entries, directory))
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise git_error(GitFault.UNSAFE_TREE, f"{error.filename!r} is there twice") from None
    files = (entry.path for entry in entries if entry.mode != _SUBMODULE)
    kept = tuple(path for path in files if path not in left_out)
    return Export(kept, pointers, submodules, left_out)


def _refuse_unsafe(path: str) -> None:
    parts = path.split("/")
    if any(
        part in {"", ".", ".."}
        or is_git_directory_name(part)
        or (sys.platform == "win32" and unsafe_on_windows(part))
        for part in parts
    ):
        raise git_error(GitFault.UNSAFE_TREE, repr(path))


def _make_folders(entries: tuple[Entry, ...], directory: Path) -> None:
    """Make all folders before anything else, so that none is ever reached through a link."""
    folders = {
        directory / entry.path if entry.mode == _SUBMODULE else (directory / entry.path).parent
        for entry in entries
    }
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)


def _write_files(git: Git, entries: tuple[Entry, ...], directory: Path) -> Iterator[str]:
    """Write the regular files; yield the paths of those that are git-lfs pointers."""
    files = [entry for entry in entries if entry.mode not in {_LINK, _SUBMODULE}]
    with blobs(git, [entry.oid for entry in files]) as contents:
        for entry, blob in zip(files, contents, strict=True):
            if _write_file(directory / entry.path, blob, entry.mode):
                yield entry.path


def _write_file(path: Path, blob: Blob, mode: str) -> bool:
    """Write one new file and tell whether it is a git-lfs pointer."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o777 if mode == _PROGRAM else 0o666)
    start = b""
    with os.fdopen(handle, "wb") as stream:
        for chunk in blob.chunks():
            start = start or chunk[: len(_LFS_HEAD)]
            stream.write(chunk)
    return start == _LFS_HEAD and blob.size <= _LONGEST_LFS_POINTER


def _write_links(git: Git, entries: tuple[Entry, ...], directory: Path) -> Iterator[str]:
    """Make the symbolic links that stay inside; yield the paths of the others."""
    links = [entry for entry in entries if entry.mode == _LINK]
    with blobs(git, [entry.oid for entry in links]) as contents:
        for entry, blob in zip(links, contents, strict=True):
            target = blob.content() if blob.size <= _LONGEST_LINK else b""
            if not _stays_inside(entry.path, target):
                yield entry.path
                continue
            (directory / entry.path).symlink_to(os.fsdecode(target))


def _stays_inside(path: str, target: bytes) -> bool:
    """Tell whether a link leads to a place in the same tree, whatever the other links are.

    Upward steps only at the start and not above the top: an upward step after a name could start
    from the target of another link, and then leave.
    """
    parts = os.fsdecode(target).split("/")
    if not target or target.startswith(b"/") or b"\0" in target or b"\\" in target:
        return False
    ups = 0
    while ups < len(parts) and parts[ups] == "..":
        ups += 1
    names = [part for part in parts[ups:] if part not in {"", "."}]
    return (
        ups <= path.count("/")
        and ".." not in names
        and not any(is_git_directory_name(name) for name in names)
    )
