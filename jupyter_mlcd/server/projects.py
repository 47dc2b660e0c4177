"""Which projects a server can reach, and their ids: encoded paths, checked against its root."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import GitError, MlcdError, NotFoundError
from jupyter_mlcd.model.project import CONFIG_NAME
from jupyter_mlcd.model.status import ProjectReference
from jupyter_mlcd.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEPTH = 3
_MOST = 100
_NO_PROJECT = {"git-not-a-repository", "git-no-worktree"}
"""What git says of a folder in which there can be no project."""
_SKIPPED = {"node_modules", "__pycache__", "site-packages"}


def project_id(relative: str) -> str:
    """Return the id of the project in a folder relative to the root."""
    return base64.urlsafe_b64encode(f"/{relative}".encode()).rstrip(b"=").decode()


def project_folder(root: Path, identifier: str) -> Path:
    """Return the folder of a project id. Raises NotFoundError for anything outside of ``root``."""
    missing = NotFoundError("there is no such project", hint="Reload the page.")
    try:
        padded = identifier + "=" * (-len(identifier) % 4)
        relative = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except ValueError:
        raise missing from None
    folder = _inside(root, relative.removeprefix("/"))
    # Not ``Path.is_dir``: it raises for a name that is too long.
    if folder is None or not relative.startswith("/") or not os.path.isdir(folder):  # noqa: PTH112
        raise missing
    return folder


def project_workbench(folder: Path, by: str) -> Workbench:
    """Return the workbench of the project in exactly this folder. Raises NotFoundError."""
    missing = NotFoundError("there is no project in this folder", hint="Reload the page.")
    try:
        bench = Workbench(folder, by=by)
    except GitError as error:
        if error.code in _NO_PROJECT:
            raise missing from None
        raise
    if bench.folder != folder:
        raise missing
    return bench


def _inside(root: Path, relative: str) -> Path | None:
    """Return a path below ``root`` after all links are followed, or None if it leaves it."""
    parts = relative.split("/") if relative else []
    if any(part in {"", ".", ".."} or part.startswith(".") or "\0" in part for part in parts):
        return None
    real_root = os.path.realpath(root)
    try:
        real = os.path.realpath(Path(real_root, *parts))
    except (OSError, ValueError):
        return None
    return Path(real) if os.path.commonpath([real_root, real]) == real_root else None


def reference(root: Path, folder: Path, name: str = "") -> ProjectReference:
    """Return the reference of the project in ``folder``."""
    relative = folder.relative_to(os.path.realpath(root)).as_posix()
    relative = "" if relative == "." else relative
    return ProjectReference(project_id(relative), name or folder.name, relative)


def find_projects(root: Path, path: str) -> list[ProjectReference]:
    """Return every project below ``root``, the one that holds ``path`` first."""
    real_root = Path(os.path.realpath(root))
    found = {folder: _named(real_root, folder) for folder in _search(real_root, _DEPTH)}
    here = _holding(real_root, path)
    first = [] if here is None else [_named(real_root, here)]
    others = [one for folder, one in found.items() if folder != here]
    return [*first, *sorted(others, key=lambda one: one.path)]


def _holding(root: Path, path: str) -> Path | None:
    """Return the folder of the project, or of the bare repository, that holds ``path``."""
    place = _inside(root, path.strip("/"))
    if place is None:
        return None
    try:
        folder = Workbench(place).folder
    except (MlcdError, OSError):  # OSError: a name that is too long
        return None
    return folder if folder == root or root in folder.parents else None


def _named(root: Path, folder: Path) -> ProjectReference:
    try:
        name = Workbench(folder).project.name
    except MlcdError:
        name = folder.name
    return reference(root, folder, name)


def _search(folder: Path, depth: int) -> Iterator[Path]:
    """Yield the folders with mlcd.toml, ``depth`` levels deep, links not followed."""
    if (folder / CONFIG_NAME).is_file():
        yield folder
    if depth == 0:
        return
    try:
        children = sorted(
            (one for one in os.scandir(folder) if one.is_dir(follow_symlinks=False)),
            key=lambda one: one.name,
        )
    except OSError:
        return
    for child in children[:_MOST]:
        if not child.name.startswith(".") and child.name not in _SKIPPED:
            yield from _search(Path(child.path), depth - 1)
