"""The nursery: a resident process that has all imported and forks one process per case.

It listens on a socket in a folder that only its user can enter. A request is one line of JSON:
``{"case": name, "request": file, "environment": {...}, "log": file}``; the answers are lines too:
``{"pid": ...}`` at once and ``{"code": ...}`` at the end. Who hangs up ends the case: the runner is
gone. It has one thread, always, because a fork takes only one along.

It ends by itself after ten minutes without work, and when the packages of its Python change.

A case ends what its kernel left running. What a case leaves that was killed itself becomes the
nursery's child, on Linux, and is ended before the case's end is told.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import sys
import time
import traceback
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlcd.world.process_tree import adopt_orphans, end_descendants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlcd.execution.freshness import Freshness

assert sys.platform != "win32", "there is nothing to fork"  # noqa: S101 - for type checkers

IDLE_SECONDS = 600.0
_TICK_SECONDS = 5.0
_GRACE_SECONDS = 0.3
"""How long what a killed case left running may take to go when asked."""
_LONGEST_REQUEST = 8 << 20
_OF_A_KERNEL = (
    "ipykernel_launcher",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
)
# papermill imports these, if they are there, for stores that we never use. They bring threads and
# seeds of random numbers, which must not be shared by all kernels.
_NOT_FOR_US = ("numpy", "pandas", "pyarrow", "boto3", "botocore", "azure", "gcsfs", "github")


@dataclass
class _Visitor:
    """One runner's connection: first its request, then its case."""

    connection: socket.socket
    received: bytearray = field(default_factory=bytearray)
    pid: int = 0


class Nursery:
    """Listens, forks, and tells how the forked ended."""

    def __init__(self, listener: socket.socket, packages: Path) -> None:
        """Take the listening socket and the folder whose change ends the nursery."""
        self._listener = listener
        self._packages = packages
        self._changed = _change_time(packages)
        self._visitors: dict[int, _Visitor] = {}
        self._selector = selectors.DefaultSelector()
        self._last_work = time.monotonic()
        self._freshness: Freshness | None = None

    def preload(self) -> None:
        """Import what a kernel imports, note how that looks, then import what a case needs."""
        for name in _OF_A_KERNEL:
            import_module(name)
        modules, filters = frozenset(sys.modules), list(warnings.filters)
        freshness = import_module("jupyter_mlcd.execution.freshness")
        self._freshness = freshness.Freshness(modules, filters)
        with _without(_NOT_FOR_US):
            import_module("jupyter_mlcd.execution.case")

    def serve(self) -> None:
        """Serve until there is nothing to do any more."""
        reader, writer = socket.socketpair()
        for end in (reader, writer, self._listener):
            end.settimeout(0)
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        adopt_orphans()
        self._selector.register(self._listener, selectors.EVENT_READ, self._welcome)
        self._selector.register(reader, selectors.EVENT_READ, lambda: self._collect(reader))
        while not self._is_over():
            for key, _ in self._selector.select(_TICK_SECONDS):
                key.data()

    def _is_over(self) -> bool:
        if self._visitors:
            self._last_work = time.monotonic()
            return False
        idle = time.monotonic() - self._last_work
        return idle > IDLE_SECONDS or _change_time(self._packages) != self._changed

    def _welcome(self) -> None:
        with suppress(OSError):
            connection, _ = self._listener.accept()
            connection.settimeout(0)
            visitor = _Visitor(connection)
            self._visitors[connection.fileno()] = visitor
            self._selector.register(connection, selectors.EVENT_READ, lambda: self._listen(visitor))

    def _listen(self, visitor: _Visitor) -> None:
        try:
            chunk = visitor.connection.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        visitor.received += chunk
        if not chunk or len(visitor.received) > _LONGEST_REQUEST:
            self._part(visitor)
        elif visitor.received.endswith(b"\n") and not visitor.pid:
            self._fork(visitor)

    def _fork(self, visitor: _Visitor) -> None:
        marks = import_module("jupyter_mlcd.execution.process_marks")
        pid = None
        with suppress(ValueError, OSError):
            request = json.loads(visitor.received)
            if marks.alone_in_this_process():
                pid = os.fork()
                if pid == 0:
                    self._become_case(request)
        if pid is None:
            self._part(visitor)  # the runner takes a Python of its own
            return
        visitor.pid = pid
        _tell(visitor, {"pid": pid})

    def _become_case(self, request: dict[str, Any]) -> NoReturn:
        code = 1
        try:
            os.setsid()
            os.chdir(Path(request["request"]).parent)
            log = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            self._selector.close()
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.closerange(3, 1 << 16)
            code = _run_case(request, self._freshness)
        except BaseException:  # noqa: BLE001 - nothing may return into the nursery's loop
            traceback.print_exc()
        finally:
            with suppress(BaseException):
                sys.stderr.flush()
            os._exit(code)

    def _collect(self, reader: socket.socket) -> None:
        with suppress(OSError):
            reader.recv(4096)
        ended = dict(_ended_children())
        if ended:
            cases = {visitor.pid for visitor in self._visitors.values()}
            end_descendants(_GRACE_SECONDS, spared=cases - ended.keys())
        for visitor in [one for one in self._visitors.values() if one.pid in ended]:
            code = os.waitstatus_to_exitcode(ended[visitor.pid])
            visitor.pid = 0
            _tell(visitor, {"code": code})
            self._part(visitor)

    def _part(self, visitor: _Visitor) -> None:
        """Close a connection and end the case that nobody waits for any more."""
        if visitor.pid:
            for kill in (os.killpg, os.kill):  # the group may not be there yet
                with suppress(OSError):
                    kill(visitor.pid, signal.SIGKILL)
        self._visitors.pop(visitor.connection.fileno(), None)
        self._selector.unregister(visitor.connection)
        visitor.connection.close()


def _run_case(request: dict[str, Any], freshness: Freshness | None) -> int:
    marks = import_module("jupyter_mlcd.execution.process_marks")
    environment = {str(name): str(value) for name, value in request["environment"].items()}
    os.environ.clear()
    os.environ.update(environment)
    marks.show_run_marker(environment.get(marks.RUN_MARKER, ""))
    marks.show_title(f"jupyter_mlcd: case {request['case']}")
    case = import_module("jupyter_mlcd.execution.case")
    case.execute_case(Path(request["request"]), environment, freshness)
    return 0


def _ended_children() -> Iterator[tuple[int, int]]:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        yield pid, status


def _tell(visitor: _Visitor, words: dict[str, Any]) -> None:
    with suppress(OSError):
        visitor.connection.send(json.dumps(words).encode() + b"\n")


def _change_time(packages: Path) -> int:
    try:
        return packages.stat().st_mtime_ns
    except OSError:
        return 0


class _without:  # noqa: N801 - reads as a word: with _without(...)
    """Make imports of these packages fail, as if they were not installed."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = [name for name in names if name not in sys.modules]

    def __enter__(self) -> None:
        sys.modules.update(dict.fromkeys(self._names))  # type: ignore[arg-type] # None: not there

    def __exit__(self, *_: object) -> None:
        for name in self._names:
            sys.modules.pop(name, None)


def main() -> None:
    """Run as ``python -m jupyter_mlcd.execution.nursery SOCKET PACKAGES``."""
    path, packages = Path(sys.argv[1]), Path(sys.argv[2])
    # ``-m`` puts the working folder first; a kernel has it there only when it starts.
    sys.path[:] = [entry for entry in sys.path if entry not in {"", str(Path.cwd())}]
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with suppress(FileNotFoundError):
        path.unlink()
    listener.bind(str(path))
    listener.listen(128)
    mine = path.stat().st_ino
    nursery = Nursery(listener, packages)
    try:
        nursery.preload()
        nursery.serve()
    finally:
        with suppress(OSError):
            if path.stat().st_ino == mine:
                path.unlink()


if __name__ == "__main__":
    main()
