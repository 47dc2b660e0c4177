"""Trees of what is on the disk now, made without touching index, files or HEAD.

A Tree id says which bytes were tested: committing exactly these bytes gives exactly this tree.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.world.files import is_git_directory_name
from jupyter_mlcd.world.git_blobs import object_hash
from jupyter_mlcd.world.git_errors import GitFault, git_error
from jupyter_mlcd.world.git_names import (
    ObjectId,
    checked_object_id,
    decoded,
    encoded,
    quoted_path,
)
from jupyter_mlcd.world.git_reading import entry_at, head
from jupyter_mlcd.world.git_status import Change, ChangeState, status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlcd.world.git import Git

_FILE, _PROGRAM, _LINK, _SUBMODULE, _GONE = "100644", "100755", "120000", "160000", "0"
_FILES = frozenset({_FILE, _PROGRAM, _LINK})
_DEADLINE_SECONDS = 1800.0
_MANY_NAMES = 256 << 20


@dataclass(frozen=True)
class Snapshot:
    """The content of the repository as it is on the disk."""

    tree: ObjectId
    """The whole repository."""
    project_tree: ObjectId
    """The project's folder alone; the same as ``tree`` when the project is the repository."""
    dirty: tuple[str, ...]
    """Paths that are not as they were committed last, from the top of the repository."""


def snapshot_tree(
    git: Git,
    project_prefix: str = "",
    extra_paths: Iterable[str] = (),
    changes: Iterable[Change] | None = None,
) -> Snapshot:
    """Write the content that is on the disk now as a tree, and return its id.

    Files that git calls unmodified keep their blob; modified ones and ``extra_paths`` (untracked
    files or folders, from the top of the repository) are taken byte for byte, without filters;
    deleted ones are left out. Index, files and HEAD stay as they are. ``changes`` is what `status`
    said just now, without renames; None asks it.
    """
    found = status(git, untracked=False, renames=False) if changes is None else changes
    changes = [change for change in found if change.state is not ChangeState.UNTRACKED]
    listing = git.run("ls-files", "-z", "--full-name", limit=_MANY_NAMES)
    tracked = frozenset(decoded(listing).split("\0"))
    extras = [path for path in _files_below(git.worktree(), extra_paths) if path not in tracked]
    with _temporary_index(git) as (index, room):
        changed = _entries_of_changes(git, changes, room)
        added = _entries_on_disk(git, extras, room)
        tree = _write(git, index, {**changed, **added})
    dirty = tuple(sorted({change.path for change in changes} | added.keys()))
    return Snapshot(tree, _subtree(git, tree, project_prefix), dirty)


def write_tree_from(
    git: Git, entries: Mapping[str, tuple[str, str]], base: str | None = None
) -> ObjectId:
    """Return a tree that holds ``entries``, path to (mode, object id), over the tree ``base``.

    Mode ``"0"`` takes a path of ``base`` out.
    """
    with tempfile.TemporaryDirectory(prefix="mlcd-index-") as folder:
        index = Path(folder, "index")
        if base is not None:
            env = {"GIT_INDEX_FILE": str(index)}
            git.run("read-tree", "--end-of-options", checked_object_id(base), env=env)
        return _write(git, index, entries)


def hash_objects(git: Git, paths: Sequence[Path], *, write: bool = True) -> tuple[ObjectId, ...]:
    """Return the blob ids of the raw bytes of regular files, in their order; one process."""
    if not paths:
        return ()
    lines = b"".join(quoted_path(str(path.absolute())) + b"\n" for path in paths)
    options = (*(("-w",) if write else ()), "--no-filters", "--stdin-paths")
    answer = git.run(
        "hash-object",
        *options,
        stdin=lines,
        deadline=_DEADLINE_SECONDS,
        limit=len(paths) * 80 + 80,
    )
    oids = tuple(ObjectId(line) for line in decoded(answer).split())
    if len(oids) != len(paths):
        raise git_error(GitFault.CHANGED_MEANWHILE)
    return oids


@contextmanager
def _temporary_index(git: Git) -> Iterator[tuple[Path, Path]]:
    """Copy the user's index; git replaces the original whole, so a copy is whole too."""
    with tempfile.TemporaryDirectory(prefix="mlcd-index-") as folder:
        index = Path(folder, "index")
        original = git.git_dir / "index"
        if original.exists():
            shutil.copyfile(original, index)
        yield index, Path(folder)


def _write(git: Git, index: Path, entries: Mapping[str, tuple[str, str]]) -> ObjectId:
    env = {"GIT_INDEX_FILE": str(index)}
    if entries:
        nothing = "0" * (64 if git.object_format == "sha256" else 40)
        lines = []
        for path, (mode, oid) in entries.items():
            name = encoded(path)
            # Gone first: that also takes the three stages of an unfinished merge away.
            lines.append(f"{_GONE} {nothing}\t".encode("ascii") + name)
            if mode != _GONE:
                lines.append(f"{mode} {checked_object_id(oid)}\t".encode("ascii") + name)
        stdin = b"\0".join([*lines, b""])
        git.run("update-index", "-z", "--index-info", stdin=stdin, env=env)
    elif not index.exists():
        git.run("read-tree", "--empty", env=env)
    # In a partial clone the blobs that nobody asked for yet are rightly not there.
    is_partial = any(setting.key == "extensions.partialclone" for setting in git.settings)
    options = ("--missing-ok",) if is_partial else ()
    return ObjectId(decoded(git.run("write-tree", *options, env=env)).strip())


def _entries_of_changes(
    git: Git, changes: Iterable[Change], room: Path
) -> dict[str, tuple[str, str]]:
    """Return what the copied index has to learn: how the files differ from the index."""
    top = git.worktree()
    found: dict[str, tuple[str, str]] = {}
    present: list[tuple[str, str]] = []
    for change in changes:
        if change.on_disk == "." and change.state is not ChangeState.CONFLICTED:
            continue
        path = top / change.path
        if change.mode == _SUBMODULE:
            found[change.path] = (_SUBMODULE, _submodule_commit(git, path, change.index_id))
        elif _exists(path):
            present.append((change.path, change.mode if change.mode in _FILES else _mode(path)))
        else:
            found[change.path] = (_GONE, "")
    return found | _hashed(git, present, room)


def _entries_on_disk(git: Git, paths: Iterable[str], room: Path) -> dict[str, tuple[str, str]]:
    top = git.worktree()
    return _hashed(git, [(path, _mode(top / path)) for path in paths], room)


def _hashed(git: Git, files: Sequence[tuple[str, str]], room: Path) -> dict[str, tuple[str, str]]:
    """Write the bytes of files and the targets of symbolic links as blobs."""
    top = git.worktree()
    sources = [
        _link_target_as_file(top / path, room) if mode == _LINK else top / path
        for path, mode in files
    ]
    oids = hash_objects(git, sources)
    return {path: (mode, oid) for (path, mode), oid in zip(files, oids, strict=True)}


def _link_target_as_file(link: Path, room: Path) -> Path:
    """Write where a link points into a file: git would follow the link and hash what is there."""
    handle, name = tempfile.mkstemp(dir=room)
    with os.fdopen(handle, "wb") as stream:
        # Path.readlink would tidy the text up, and the blob is the text.
        stream.write(os.fsencode(os.readlink(link)))  # noqa: PTH115
    return Path(name)


def _mode(path: Path) -> str:
    found = path.lstat().st_mode
    if stat.S_ISLNK(found):
        return _LINK
    return _PROGRAM if found & stat.S_IXUSR else _FILE


def _exists(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def _files_below(top: Path, paths: Iterable[str]) -> Iterator[str]:
    """Yield the files and links that ``paths`` name; folders with all that is in them."""
    for path in paths:
        place = top / path
        _refuse_unsafe(top, path)
        if place.is_dir() and not place.is_symlink():
            for folder, folders, names in os.walk(place):
                folders[:] = sorted(name for name in folders if not is_git_directory_name(name))
                links = [name for name in folders if Path(folder, name).is_symlink()]
                for name in sorted([*names, *links]):
                    if _exists(Path(folder, name)) and not is_git_directory_name(name):
                        yield Path(folder, name).relative_to(top).as_posix()
        elif _exists(place):
            yield path
        else:
            raise UsageError(
                f"{path} is not there.",
                code="no-such-file",
                hint="Paths of inputs are given from the top of the repository.",
            )


def _refuse_unsafe(top: Path, path: str) -> None:
    """UsageError when a path leaves the repository, also by a link on the way."""
    parts = path.split("/")
    on_the_way = (top.joinpath(*parts[:count]) for count in range(1, len(parts)))
    if (
        any(part in {"", ".", ".."} or is_git_directory_name(part) for part in parts)
        or "\0" in path
        or any(folder.is_symlink() for folder in on_the_way)
    ):
        raise UsageError(
            f"The path {path!r} is not allowed.",
            code="unsafe-path",
            hint="Give a path below the top of the repository, not through a symbolic link.",
        )


def _submodule_commit(git: Git, folder: Path, otherwise: ObjectId | None) -> str:
    """Return what a submodule stands on; ``otherwise`` when nothing is checked out in it."""
    inner = type(git).open(folder)
    return (inner.git_dir != git.git_dir and head(inner).commit) or otherwise or ""


def _subtree(git: Git, tree: ObjectId, prefix: str) -> ObjectId:
    """Return the tree of a folder; the empty tree when nothing is in it."""
    if not prefix:
        return tree
    folder = entry_at(git, tree, prefix)
    return folder.oid if folder else ObjectId(object_hash(git, "tree", 0).hexdigest())
