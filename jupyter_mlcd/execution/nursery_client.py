"""The runner's way to a nursery: found, or started, by its name."""

from __future__ import annotations

import hashlib
import re
import socket
import sys
import sysconfig
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.kernel_environment import MARKER_PLACE, importable_here
from jupyter_mlcd.world.process import (
    RUN_MARKER,
    ProcessIdentity,
    is_alive,
    locked,
    runtime_directory,
    spawn_detached,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONNECT_SECONDS = 20.0
_POLL_SECONDS = 0.02
# What a Python or its libraries read when they start, before any code of a notebook runs.
_READ_AT_START = re.compile(
    r"(?:PYTHON|LD_|DYLD_|LC_|OMP_|MKL_|OPENBLAS_|CONDA_|IPYTHON|JUPYTER_|ARROW_)\w*"
    r"|LANG|LANGUAGE|TZ|HOME|PATH|VIRTUAL_ENV|TMPDIR|XDG_RUNTIME_DIR"
)


def nursery_socket(environment: Mapping[str, str]) -> Path:
    """Return where the nursery for kernels with this environment listens.

    Another interpreter, other packages, or other variables that are read only when Python starts
    make another nursery.
    """
    packages = _packages()
    parts = [sys.executable, sys.version, str(packages), str(packages.stat().st_mtime_ns)]
    parts.append(str(sum(file.stat().st_mtime_ns for file in _own_files())))
    parts += sorted(f"{k}={v}" for k, v in environment.items() if _READ_AT_START.fullmatch(k))
    return runtime_directory() / f"{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:16]}.s"


def _own_files() -> Iterator[Path]:
    """Yield the files of this package that a nursery holds: a checkout's can change at any time."""
    top = Path(__file__).resolve().parents[1]
    for folder in ("execution", "model", "world"):
        yield from (top / folder).glob("*.py")


def _packages() -> Path:
    return Path(sysconfig.get_path("purelib"))


def connect(environment: Mapping[str, str]) -> socket.socket:
    """Return a connection to the nursery, which is started if need be.

    Raises OSError or WorldError when there is none to be had.
    """
    path = nursery_socket(environment)
    with suppress(OSError):
        return _try(path)
    with locked(path.with_suffix(".lock"), _CONNECT_SECONDS):
        with suppress(OSError):
            return _try(path)
        nursery = _spawn(path, environment)
        end = time.monotonic() + _CONNECT_SECONDS
        while True:
            try:
                return _try(path)
            except OSError:
                if time.monotonic() > end or not is_alive(nursery):
                    raise
                time.sleep(_POLL_SECONDS)


def _spawn(path: Path, environment: Mapping[str, str]) -> ProcessIdentity:
    kept = {name: value for name, value in environment.items() if _READ_AT_START.fullmatch(name)}
    return spawn_detached(
        [sys.executable, "-m", "jupyter_mlcd.execution.nursery", str(path), str(_packages())],
        environment={**importable_here(kept), RUN_MARKER: MARKER_PLACE},
        directory=Path("/"),
        log=path.with_suffix(".log"),
    )


def _try(path: Path) -> socket.socket:
    if sys.platform == "win32":
        raise OSError("there are no nurseries on Windows")
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection
