"""The runner's side of a case's process: started through the nursery, else as a plain program.

A nursery that cannot be reached, refuses, or dies costs time, never a case.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from jupyter_mlcd.execution.kernel_environment import importable_here
from jupyter_mlcd.model.errors import ExecutionError, MlcdError
from jupyter_mlcd.world.process import (
    RUN_MARKER,
    ProcessIdentity,
    end_tree,
    identity_of,
    is_alive,
    locked,
    runtime_directory,
    spawn_detached,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

USES_NURSERY = sys.platform == "linux"
MARKER_PLACE = "-" * 36
PARENT = "MLCD_RUNNER_PID"
_START_SECONDS = 60.0
_CONNECT_SECONDS = 20.0
_POLL_SECONDS = 0.02
_PROBE_SECONDS = 0.5
# What a Python or its libraries read when they start, before any code of a notebook runs.
_READ_AT_START = re.compile(
    r"(?:PYTHON|LD_|DYLD_|LC_|OMP_|MKL_|OPENBLAS_|CONDA_|IPYTHON|JUPYTER_|ARROW_)\w*"
    r"|LANG|LANGUAGE|TZ|HOME|PATH|VIRTUAL_ENV|TMPDIR|XDG_RUNTIME_DIR"
)


class CaseProcess(Protocol):
    """A case's process, as the runner sees it."""

    identity: ProcessIdentity

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it has ended."""

    @property
    def code(self) -> int | None:
        """Exit code; negative: the signal that ended it; None where nobody could tell."""

    def end(self, grace: float) -> None:
        """End it with all that came of it: asked, then killed after ``grace`` seconds."""


@dataclass
class PlainCase:
    """A case in a Python of its own."""

    process: subprocess.Popen[bytes]
    identity: ProcessIdentity

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it has ended."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def code(self) -> int | None:
        """Exit code; negative: the signal that ended it."""
        return self.process.poll()

    def end(self, grace: float) -> None:
        """End it with all that came of it."""
        end_tree(self.identity, grace)
        self.wait(grace)


@dataclass
class ForkedCase:
    """A case that a nursery forked and watches for us."""

    connection: socket.socket
    identity: ProcessIdentity
    received: bytes = b""
    code: int | None = None
    _lost: bool = False

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it has ended."""
        if self.code is not None:
            return True
        if not self._lost:
            self._listen(seconds)
        elif is_alive(self.identity):
            time.sleep(min(seconds, _PROBE_SECONDS))
        return self.code is not None or (self._lost and not is_alive(self.identity))

    def _listen(self, seconds: float) -> None:
        line = _line(self.connection, self, seconds)
        if line is None:
            return
        if line:
            self.code = json.loads(line).get("code")
        # Without an answer the nursery is gone; its cases live on and end by themselves.
        self._lost = self.code is None
        self.connection.close()

    def end(self, grace: float) -> None:
        """End it with all that came of it."""
        end_tree(self.identity, grace)
        self.wait(grace)


def _line(connection: socket.socket, buffer: ForkedCase | _Buffer, seconds: float) -> bytes | None:
    """Return the next line, b"" when there will be none, None when it did not come in time."""
    connection.settimeout(max(seconds, 0.001))
    try:
        while b"\n" not in buffer.received:
            chunk = connection.recv(4096)
            if not chunk:
                return b""
            buffer.received += chunk
    except TimeoutError:
        return None
    except OSError:
        return b""
    line, _, buffer.received = buffer.received.partition(b"\n")
    return line


@dataclass
class _Buffer:
    received: bytes = b""


def start_case(request: Path, environment: Mapping[str, str], log: Path) -> CaseProcess:
    """Start the process of the case that ``request`` describes. Raises ExecutionError."""
    if USES_NURSERY:
        with suppress(OSError, MlcdError, ValueError):
            forked = _fork(request, environment, log)
            if forked is not None:
                return forked
    return _start_plain(request, environment, log)


def _start_plain(request: Path, environment: Mapping[str, str], log: Path) -> PlainCase:
    arguments = [sys.executable, "-m", "jupyter_mlcd.execution.case", str(request)]
    try:
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - our own module
                arguments,
                env={**importable_here(environment), PARENT: str(os.getpid())},
                cwd=request.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
    except OSError as error:
        raise ExecutionError(
            f"the case's process could not be started: {error.strerror}", code="case-not-started"
        ) from error
    return PlainCase(process, identity_of(process.pid) or ProcessIdentity(process.pid, ""))


# --------------------------------------------------------------------------------------- the nursery


def nursery_socket(environment: Mapping[str, str]) -> Path:
    """Return where the nursery for kernels with this environment listens.

    Another interpreter, other packages, or other variables that are read only when Python starts
    make another nursery.
    """
    packages = _packages()
    parts = [sys.executable, sys.version, str(packages), str(packages.stat().st_mtime_ns)]
    parts += sorted(f"{k}={v}" for k, v in environment.items() if _READ_AT_START.fullmatch(k))
    return runtime_directory() / f"{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:16]}.s"


def _packages() -> Path:
    return Path(sysconfig.get_path("purelib"))


def _fork(request: Path, environment: Mapping[str, str], log: Path) -> ForkedCase | None:
    words = {"request": str(request), "environment": dict(environment), "log": str(log)}
    connection = _connect(environment, log)
    try:
        connection.settimeout(_CONNECT_SECONDS)
        connection.sendall(json.dumps(words).encode() + b"\n")
        buffer = _Buffer()
        # A nursery that has just been started answers when it has imported everything.
        answer = json.loads(_line(connection, buffer, _START_SECONDS) or b"{}")
        identity = identity_of(answer["pid"]) if "pid" in answer else None
        if "pid" not in answer:
            connection.close()
            return None
        # It may have ended already; then only the nursery's next line says how.
        return ForkedCase(
            connection, identity or ProcessIdentity(answer["pid"], ""), buffer.received
        )
    except BaseException:
        connection.close()
        raise


def _connect(environment: Mapping[str, str], log: Path) -> socket.socket:
    """Return a connection to the nursery, which is started if need be. Raises OSError, WorldError."""
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
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection
