"""What a run could leave behind, and its removal."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.kernel_environment import TEMPORARY, folder_prefix
from jupyter_mlcd.world.process import ProcessIdentity, end_tree, runtime_directory

if TYPE_CHECKING:
    from jupyter_mlcd.execution.run_folder import RunFolder

_GRACE_SECONDS = 0.5
_NOBODY = ProcessIdentity(0, "")
"""No process, so that only those end that carry the run's mark."""


def leave_nothing(run: str, folder: RunFolder) -> None:
    """End every process of a run and remove its rooms, sockets and temporary files."""
    end_tree(_NOBODY, _GRACE_SECONDS, run)
    for sockets in runtime_directory().glob(f"{folder_prefix(run)}*"):
        remove_socket_folder(sockets)
    remove_tree(folder.rooms)


def remove_socket_folder(folder: Path) -> None:
    """Remove a kernel's folder of sockets, and the temporary files that it leads to."""
    if folder.parent != runtime_directory():
        return
    with suppress(OSError):
        temporary = (folder / TEMPORARY).readlink()
        # The notebook's code could have changed the link; only what we named is removed.
        if temporary.name.startswith(f"{folder.name.rpartition('-')[0]}-"):
            remove_tree(temporary)
    remove_tree(folder)


def remove_tree(root: Path) -> None:
    """Remove a folder with all in it, also what was made read-only; links are not followed."""
    if not root.is_symlink() and root.is_dir():
        for folder, _, _ in os.walk(root):
            with suppress(OSError):
                Path(folder).chmod(stat.S_IRWXU)
        shutil.rmtree(root, ignore_errors=True)
    elif root.is_symlink() or root.exists():
        with suppress(OSError):
            root.unlink()
