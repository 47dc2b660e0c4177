"""What surrounds a kernel: its environment variables, without what could deliver; its sockets."""

from __future__ import annotations

import os
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.world.key_variables import without_keys
from jupyter_mlcd.world.process import RUN_MARKER, runtime_directory

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKER_PLACE = "-" * 36
"""What the run marker holds in a nursery: room for the id of a run, and no run's."""
TEMPORARY = "t"
"""Link in a kernel's folder of sockets to its folder of temporary files."""
_LONGEST_TEMPORARY = 70
"""A socket of ``multiprocessing`` adds 34 bytes, and may have 103 on macOS."""
RUNNER_PID = "MLCD_RUNNER_PID"
"""Variable that tells a case's process whose end is its own."""


def kernel_environment(
    base: Mapping[str, str], run: str, extra: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment of a run's kernels: the user's and what the suite declares.

    Every process of the run carries its id, so that none is left behind.
    """
    return {**without_keys(base), **extra, RUN_MARKER: run}


def importable_here(environment: Mapping[str, str]) -> dict[str, str]:
    """Return ``environment`` so that another process of this Python can import this package too.

    Nothing changes where it is installed; else its checkout is put on the path.
    """
    try:
        distribution("jupyter_mlcd")
    except PackageNotFoundError:
        paths = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
        checkout = str(Path(__file__).resolve().parents[2])
        if checkout not in paths:
            return {**environment, "PYTHONPATH": os.pathsep.join([*paths, checkout])}
    return dict(environment)


def socket_folder(environment: Mapping[str, str]) -> Path:
    """Make a short folder for the sockets of one kernel, which only this user can enter."""
    prefix = folder_prefix(environment.get(RUN_MARKER, ""))
    return Path(tempfile.mkdtemp(prefix=prefix, dir=runtime_directory()))


def with_temporary_folder(environment: Mapping[str, str], sockets: Path) -> dict[str, str]:
    """Return the environment with a folder of the kernel's own for temporary files.

    It is made where the user's temporary files go, which may be a large disk, and goes with the
    folder of its ``sockets``, which leads to it. Nothing changes where none can be made.
    """
    place = environment.get("TMPDIR") or tempfile.gettempdir()
    link = sockets / TEMPORARY
    try:
        made = tempfile.mkdtemp(prefix=folder_prefix(environment.get(RUN_MARKER, "")), dir=place)
        link.symlink_to(made, target_is_directory=True)
    except OSError:
        return dict(environment)
    # Libraries make sockets there too, whose paths must be short.
    shown = made if len(os.fsencode(made)) <= _LONGEST_TEMPORARY else str(link)
    return {**environment, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), shown)}


def folder_prefix(run: str) -> str:
    """Return how the names of all folders begin that are made for the kernels of a run."""
    # The end of a uuid7 is random, its start is the time; a socket's path must be short.
    return f"k{run[-10:]}-"
