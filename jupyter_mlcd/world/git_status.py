"""What differs between the last commit, the index and the files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from jupyter_mlcd.world.git_names import ObjectId, decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.world.git import Git

_MANY_NAMES = 256 << 20


class ChangeState(StrEnum):
    """How a file differs from the last commit."""

    MODIFIED = "modified"
    ADDED = "added"
    DELETED = "deleted"
    RENAMED = "renamed"
    UNTRACKED = "untracked"
    CONFLICTED = "conflicted"


@dataclass(frozen=True)
class Change:
    """One file that is not as it was committed last."""

    path: str
    state: ChangeState
    in_index: str
    """Git's letter for last commit to index: ``.``, ``M``, ``A``, ``D``, ``R``, ``T``, ``U``."""
    on_disk: str
    """Git's letter for index to file; ``A``: noted with ``git add -N``."""
    mode: str = ""
    """The file's mode now, such as ``100755``; empty for untracked files."""
    index_id: ObjectId | None = None
    """What the index holds; None for untracked and conflicted files."""
    old_path: str | None = None
    """The path before it was renamed."""


def status(git: Git, *, untracked: bool = True, renames: bool = True) -> tuple[Change, ...]:
    """Return the changes; the user's index is only read.

    Filters of the repository do not run: a file whose time stamp is new is compared as it is.
    Submodules count as changed when they stand on another commit; git does not look inside, since
    that would run what their own configuration names.
    """
    git.worktree()  # refuses a bare repository
    listing = git.run(
        "status",
        "--porcelain=v2",
        "-z",
        "--no-ahead-behind",
        f"--untracked-files={'all' if untracked else 'no'}",
        "--ignore-submodules=dirty",
        "--find-renames" if renames else "--no-renames",
        limit=_MANY_NAMES,
        deadline=120.0,
    )
    return tuple(_changes(iter(listing.split(b"\0")[:-1])))


def _changes(fields: Iterator[bytes]) -> Iterator[Change]:
    """Read porcelain version 2; a renamed path is followed by the old one in a field of its own."""
    for field in fields:
        line = decoded(field)
        match line[:2]:
            case "1 ":
                _, xy, _, _, _, mode, _, oid, path = line.split(" ", 8)
                yield Change(path, _state(xy), xy[0], xy[1], mode, ObjectId(oid))
            case "2 ":
                _, xy, _, _, _, mode, _, oid, _, path = line.split(" ", 9)
                old = decoded(next(fields))
                index_id = ObjectId(oid)
                yield Change(path, ChangeState.RENAMED, xy[0], xy[1], mode, index_id, old)
            case "u ":
                _, xy, _, _, _, _, mode, _, _, _, path = line.split(" ", 10)
                yield Change(path, ChangeState.CONFLICTED, xy[0], xy[1], mode)
            case "? ":
                yield Change(line[2:], ChangeState.UNTRACKED, "?", "?")


def _state(xy: str) -> ChangeState:
    if "D" in xy:
        return ChangeState.DELETED
    return ChangeState.ADDED if "A" in xy else ChangeState.MODIFIED
