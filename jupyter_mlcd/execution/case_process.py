"""The runner's side of a case's process: started through the nursery, else as a plain program.

A nursery that cannot be reached, refuses, or dies costs time, never a case.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jupyter_mlcd.execution.kernel_environment import RUNNER_PID, importable_here
from jupyter_mlcd.execution.nursery_client import connect
from jupyter_mlcd.model.errors import ExecutionError, MlcdError
from jupyter_mlcd.world.process import (
    ProcessIdentity,
    end_tree,
    identity_of,
    is_alive,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from pathlib import Path

USES_NURSERY = sys.platform == "linux"
_START_SECONDS = 60.0
_CONNECT_SECONDS = 20.0
_POLL_SECONDS = 0.02
_PROBE_SECONDS = 0.5


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
    is_lost: bool = False
    """The nursery is gone; its cases live on and end by themselves."""

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it has ended."""
        if self._has_ended:
            return True
        if self.is_lost:
            time.sleep(min(seconds, _PROBE_SECONDS))
        else:
            self._listen(seconds)
        return self._has_ended

    @property
    def _has_ended(self) -> bool:
        return self.code is not None or (self.is_lost and not is_alive(self.identity))

    def _listen(self, seconds: float) -> None:
        line = _line(self.connection, self, seconds)
        if line is None:
            return
        if line:
            self.code = json.loads(line).get("code")
        self.is_lost = self.code is None
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


def start_case(name: str, request: Path, environment: Mapping[str, str], log: Path) -> CaseProcess:
    """Start the process of the case that the file ``request`` describes. Raises ExecutionError.

    ``name`` is what ``ps`` shows; what it prints is added to ``log``.
    """
    if USES_NURSERY:
        with suppress(OSError, MlcdError, ValueError):
            forked = _fork(name, request, environment, log)
            if forked is not None:
                return forked
    return _start_plain(request, environment, log)


def _start_plain(request: Path, environment: Mapping[str, str], log: Path) -> PlainCase:
    arguments = [sys.executable, "-m", "jupyter_mlcd.execution.case", str(request)]
    try:
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - our own module
                arguments,
                env={**importable_here(environment), RUNNER_PID: str(os.getpid())},
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


def _fork(name: str, request: Path, environment: Mapping[str, str], log: Path) -> ForkedCase | None:
    words = {
        "case": name,
        "request": str(request),
        "environment": dict(environment),
        "log": str(log),
    }
    connection = connect(environment)
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
