"""Rooms: each case works in a private copy of the tested tree.

The tree is exported once, from git's objects; every room is a copy of that, which costs nothing on
file systems that share blocks. What the user edits meanwhile is not seen, and no case sees files
of another but those that it is handed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.leavings import remove_tree
from jupyter_mlcd.model.errors import ExecutionError
from jupyter_mlcd.world.files import copy_file, safe_join, sha256_of_file
from jupyter_mlcd.world.git import Git
from jupyter_mlcd.world.git_export import export_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.model.run import RunPlan

_LARGE = 64 << 20
"""Inputs of more bytes than this are linked, not copied."""


@dataclass(frozen=True)
class Rooms:
    """The tested tree and the rooms made of it."""

    root: Path
    prefix: str
    inputs: dict[str, str]
    """``{declared untracked file: sha256}``, as the rooms see them."""

    @property
    def tree(self) -> Path:
        """The tested tree as it was exported, with the inputs; nobody works here."""
        return self.root / "tree"

    @property
    def project(self) -> Path:
        """The project's folder in the tested tree."""
        return self.tree / self.prefix

    def make(self, index: int) -> Path:
        """Make the room of a case and return the project's folder in it."""
        room = self.root / str(index)
        shutil.copytree(self.tree, room, symlinks=True, copy_function=_copy)
        return self.place(index)

    def place(self, index: int) -> Path:
        """Return the project's folder in the room of a case, which may be gone."""
        return self.root / str(index) / self.prefix

    def remove(self, index: int) -> None:
        """Remove the room of a case."""
        remove_tree(self.root / str(index))


def _copy(source: str, destination: str, *, follow_symlinks: bool = True) -> str:
    if follow_symlinks or not Path(source).is_symlink():
        copy_file(Path(source), Path(destination))
    return destination


def prepare_rooms(plan: RunPlan, root: Path) -> Rooms:
    """Export the tested tree below ``root`` and put the declared inputs in.

    Raises GitError when git cannot give the tree, ExecutionError when an input is not there.
    """
    remove_tree(root)
    git = Git.open(Path(plan.repository))
    root.mkdir(parents=True)
    tree = root / "tree"
    export = export_tree(git, plan.tree, tree)
    for path in export.lfs_pointers:
        _put_large_file(git, tree / path, git.directory / path)
    return Rooms(root, plan.prefix, dict(_put_inputs(plan, git.directory, tree)))


def _put_inputs(plan: RunPlan, top: Path, tree: Path) -> Iterator[tuple[str, str]]:
    """Bring each declared input into the exported tree; yield path and sha256 of its files."""
    project = top / plan.prefix
    for declared in plan.inputs:
        source = safe_join(project, declared.rstrip("/"))
        if not source.exists():
            raise ExecutionError(
                f"the declared input `{declared}` is not there",
                code="no-input",
                hint="Get it, or take it out of `inputs` in mlcd.toml.",
            )
        for file in _files(source):
            path = file.relative_to(project.resolve()).as_posix()
            place = tree / plan.prefix / path
            if not place.exists():
                _put_input(file, place)
                yield path, sha256_of_file(place)


def _put_input(file: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if file.stat().st_size > _LARGE:
        place.symlink_to(file)
        return
    copy_file(file, place)
    place.chmod(place.stat().st_mode & ~0o222)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        yield from (Path(folder, name) for name in sorted(names) if Path(folder, name).is_file())


def _put_large_file(git: Git, place: Path, worktree: Path) -> None:
    """Replace a git-lfs pointer by the file that it points at. Raises ExecutionError."""
    digest = _lfs_digest(place.read_text(encoding="utf-8"))
    kept = git.common_dir / "lfs" / "objects" / digest[:2] / digest[2:4] / digest
    for candidate in (kept, worktree):
        if candidate.is_file() and _sha256(candidate) == digest:
            place.unlink()
            copy_file(candidate, place)
            return
    raise ExecutionError(
        f"{worktree.name} is only a pointer of git-lfs, its content is not here",
        code="lfs-pointer",
        hint="Run `git lfs pull`.",
    )


def _lfs_digest(pointer: str) -> str:
    lines = [line for line in pointer.splitlines() if line.startswith("oid sha256:")]
    return lines[0].removeprefix("oid sha256:").strip() if lines else hashlib.sha256().hexdigest()


def _sha256(path: Path) -> str:
    try:
        return sha256_of_file(path)
    except OSError:
        return ""
