"""The commits of the ledger in their order, with the files that each added."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.world.git_blobs import cat_file_batch
from jupyter_mlcd.world.git_errors import GitFault, git_error
from jupyter_mlcd.world.git_names import ObjectId, checked_object_id, decoded
from jupyter_mlcd.world.git_reading import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.world.git import Git

_MANY_LINES = 256 << 20
_SIGNATURE = re.compile(r"^(?P<name>.*?) ?<(?P<email>[^>]*)> (?P<seconds>-?\d+) [+-]\d{4}$")


@dataclass(frozen=True)
class PathChange:
    """What a commit did to one path."""

    path: str
    letter: str
    """``A`` added; in a ledger there is nothing else: ``M`` modified, ``D`` deleted, ``T`` type."""
    oid: ObjectId


@dataclass(frozen=True)
class Appended:
    """One commit of the ledger."""

    commit: ObjectId
    author: Person
    written_at: int
    """Seconds since 1970, as the author's clock said."""
    message: str
    changes: tuple[PathChange, ...]


def history(git: Git, newer: str, older: str | None = None) -> tuple[Appended, ...]:
    """Return the commits that ``newer`` has and ``older`` has not, oldest first.

    Merges tell nothing of their own and are left out.
    """
    listing = _listed(git, newer, older)
    commits = decoded(listing).split()
    if not commits:
        return ()
    changes = dict(_changes(_told(git, listing)))
    return tuple(
        _appended(ObjectId(commit), raw, changes[commit])
        for commit, raw in zip(commits, cat_file_batch(git, commits), strict=True)
        if commit in changes
    )


def added(git: Git, folder: str, newer: str, older: str | None = None) -> list[PathChange]:
    """Return what those commits did below ``folder``: in their order, then in that of the paths.

    Nothing else of them is read, so that a thousand are looked at in a moment.
    """
    listing = _listed(git, newer, older)
    told = _told(git, listing, folder) if listing else b""
    return [
        change
        for _, changes in _changes(told)
        for change in sorted(changes, key=lambda one: one.path)
    ]


def continues(git: Git, newer: str, older: str) -> bool:
    """Tell whether ``newer`` came from ``older`` by commits that each follow the one before.

    Only then what is read of the new commits goes behind what was read of the older ones. Raises
    GitError if one of the two is not there.
    """
    asked = _bounds(newer, older)
    listing = decoded(git.run("rev-list", "--reverse", "--parents", *asked, limit=_MANY_LINES))
    before = [older]
    for line in listing.splitlines():
        commit, *parents = line.split()
        if parents != before:
            return False
        before = [commit]
    return before == [newer]


def _bounds(newer: str, older: str | None) -> tuple[str, ...]:
    without = (f"^{checked_object_id(older)}",) if older else ()
    return ("--end-of-options", checked_object_id(newer), *without, "--")


def _listed(git: Git, newer: str, older: str | None) -> bytes:
    return git.run("rev-list", "--reverse", *_bounds(newer, older), limit=_MANY_LINES)


def _told(git: Git, listing: bytes, folder: str = "") -> bytes:
    """Return what the listed commits changed, as git tells it."""
    return git.run(
        *("diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames"),
        *("--no-ext-diff", "--no-textconv", *(("--", folder) if folder else ())),
        stdin=listing,
        limit=_MANY_LINES,
        deadline=300.0,
    )


def _changes(told: bytes) -> Iterator[tuple[str, tuple[PathChange, ...]]]:
    """Read a commit's id and then, for each path, ``:modes ids letter`` and the path itself."""
    commit = ""
    found: list[PathChange] = []
    fields = iter(decoded(told).split("\0")[:-1])
    for field in fields:
        if field.startswith(":"):
            _, _, _, oid, letter = field.split(" ")
            found.append(PathChange(next(fields), letter, ObjectId(oid)))
        else:
            if commit:
                yield commit, tuple(found)
            commit, found = field, []
    if commit:
        yield commit, tuple(found)


def _appended(commit: ObjectId, raw: bytes, changes: tuple[PathChange, ...]) -> Appended:
    head, _, message = decoded(raw).partition("\n\n")
    lines = dict(line.partition(" ")[::2] for line in head.splitlines() if line[:1] != " ")
    signature = _SIGNATURE.match(lines.get("author", ""))
    if signature is None:
        raise git_error(GitFault.CORRUPT, f"commit {commit} names no author")
    author = Person(signature["name"], signature["email"])
    return Appended(commit, author, int(signature["seconds"]), message, changes)
