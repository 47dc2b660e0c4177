"""What a run could leave behind, and its removal."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.kernel_environment import remove_socket_folders
from jupyter_mlcd.world.process import ProcessIdentity, end_tree

if TYPE_CHECKING:
    from jupyter_mlcd.execution.run_folder import RunFolder

_GRACE_SECONDS = 0.5
_NOBODY = ProcessIdentity(0, "")
"""No process, so that only those end that carry the run's mark."""


def leave_nothing(run: str, folder: RunFolder) -> None:
    """End every process of a run and remove its rooms and sockets."""
    end_tree(_NOBODY, _GRACE_SECONDS, run)
    remove_socket_folders(run)
    remove_tree(folder.rooms)


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
