"""A Python kernel made by forking this process, which has all that a kernel imports in memory.

A fresh kernel imports for half a second before it answers. The forked one is made to look as fresh:
its own environment, folder, session, signals and arguments, and none of the modules that this
process imported for itself. Linux only: libraries of macOS do not survive a fork.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import json
import os
import secrets
import signal
import sys
import tempfile
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from jupyter_mlcd.execution.kernel_environment import socket_folder, with_temporary_folder
from jupyter_mlcd.execution.leavings import remove_socket_folder
from jupyter_mlcd.execution.process_marks import die_with_parent, show_title
from jupyter_mlcd.execution.program_output import take_program_output
from jupyter_mlcd.model.errors import ExecutionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlcd.execution.freshness import Freshness

assert sys.platform != "win32", "there is nothing to fork"  # noqa: S101 - for type checkers

_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
_POLL_SECONDS = 0.005
_START_SECONDS = 60.0
_EXIT_SECONDS = 5.0


# ------------------------------------------------------------------------------- the parent's side


@dataclass
class ForkedKernel:
    """A kernel process and how it is reached."""

    pid: int
    connection_file: Path
    code: int | None = None
    """Exit code; negative: the signal that ended it; None while it runs."""
    peak: int = 0
    """The most bytes that it held at a time; known when it has ended."""

    def poll(self) -> int | None:
        """Return the exit code once there is one."""
        if self.code is None:
            with suppress(ChildProcessError):
                pid, status, used = os.wait4(self.pid, os.WNOHANG)
                if pid:
                    self.code = os.waitstatus_to_exitcode(status)
                    self.peak = used.ru_maxrss * 1024
        return self.code

    def signal(self, number: int) -> None:
        """Send a signal to the kernel and what it started in its session."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)


def fork_kernel(
    folder: Path, environment: Mapping[str, str], freshness: Freshness, log: int
) -> ForkedKernel:
    """Start a kernel that works in ``folder`` and prints to the open file ``log``; do not wait.

    Must be called while this process has one thread. Raises OSError when it cannot fork.
    """
    room = socket_folder(environment)
    connection = {
        "transport": "ipc",
        "ip": str(room / "k"),
        "key": secrets.token_hex(32),
        "signature_scheme": "hmac-sha256",
        "kernel_name": "python3",
        **{f"{name}_port": number for number, name in enumerate(_CHANNELS, 1)},
    }
    file = room / "kernel.json"
    file.write_text(json.dumps(connection), encoding="utf-8")
    file.chmod(0o600)
    parent = os.getpid()
    own = with_temporary_folder(environment, room)
    gc.freeze()
    pid = os.fork()
    if pid == 0:
        _become_kernel(parent, file, folder, own, freshness, log)
    return ForkedKernel(pid, file)


def _become_kernel(  # noqa: PLR0913, PLR0917 - one caller, each a different thing
    parent: int,
    connection_file: Path,
    folder: Path,
    environment: Mapping[str, str],
    freshness: Freshness,
    log: int,
) -> NoReturn:
    code = 1
    try:
        os.setsid()
        die_with_parent(parent)
        _forget_the_parent(log)
        _keep_names_of_cells()
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None  # it is looked up again
        os.environ["JPY_PARENT_PID"] = str(parent)
        os.chdir(folder)
        show_title(f"jupyter_mlcd: kernel in {folder.name}")
        freshness.restore()
        code = _run_kernel(connection_file, parent)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - nothing may return into the parent's program
        traceback.print_exc()
    finally:
        _finish(code)


def _forget_the_parent(log: int) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.closerange(3, 1 << 16)
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN if number == signal.SIGPIPE else signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    atexit._clear()  # noqa: SLF001 - the parent's farewells are not the kernel's
    asyncio.set_event_loop_policy(None)


def _keep_names_of_cells() -> None:
    """Let cells be called as ever although the kernel has a folder for temporary files of its own.

    ipykernel calls them ``/tmp/ipykernel_1/2.py``, which warnings show; people's expected outputs
    and files of replacements hold that.
    """
    compiler: Any = import_module("ipykernel.compiler")
    place = tempfile.gettempdir()
    compiler.get_tmp_directory = lambda: f"{place}{os.sep}ipykernel_{os.getpid()}"


def _run_kernel(connection_file: Path, parent: int) -> int:
    sys.argv = [
        str(import_module("ipykernel_launcher").__file__),
        "-f",
        str(connection_file),
        "--HistoryManager.hist_file=:memory:",
        f"--IPKernelApp.parent_handle={parent}",
    ]
    app = import_module("ipykernel.kernelapp").IPKernelApp.instance()
    app.initialize(sys.argv[1:])
    # Its orderly closing can wait ten seconds for a thread that it has stopped itself; the process
    # ends at once anyway, after what the notebook registered for the exit.
    atexit.unregister(app.close)
    # It would wait many seconds for children that have ended and that nobody collected. The case's
    # process ends all that is left, after the kernel.
    app.kernel._process_children = list  # noqa: SLF001
    app.shell.events.register("post_execute", take_program_output)
    app.start()
    return 0


def _finish(code: int) -> NoReturn:
    """End as the interpreter ends: threads joined, farewells said, streams flushed."""
    with suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001 - as Py_Finalize does
        atexit._run_exitfuncs()  # noqa: SLF001 - the same
    for stream in (sys.stdout, sys.stderr):
        with suppress(BaseException):
            stream.flush()
    os._exit(code)


# ---------------------------------------------------------------------- what drives it: the manager


class ForkProvisioner(KernelProvisionerBase):
    """Tells jupyter_client how a forked kernel is."""

    kernel: ForkedKernel

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel, dead or alive."""
        return True

    async def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self.kernel.poll()

    async def wait(self) -> int | None:
        """Return the exit code when it has ended."""
        while self.kernel.poll() is None:  # noqa: ASYNC110 - a process sets no event
            await asyncio.sleep(_POLL_SECONDS)
        return self.kernel.code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel's session."""
        self.kernel.signal(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - jupyter's
        """End it surely."""
        self.kernel.signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the same
        """Ask it to end."""
        self.kernel.signal(signal.SIGTERM)

    async def launch_kernel(self, cmd: list[str], **kwargs: object) -> NoReturn:
        """Refuse: a forked kernel cannot be started again."""
        raise NotImplementedError

    async def cleanup(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the same
        """Remove the sockets and the temporary files."""
        remove_socket_folder(self.kernel.connection_file.parent)


def manager_of(kernel: ForkedKernel) -> AsyncKernelManager:
    """Return jupyter_client's manager of a forked kernel, once its sockets are there.

    Raises ExecutionError when the kernel dies or gives no sign for a minute.
    """
    last = Path(f"{kernel.connection_file.parent / 'k'}-{len(_CHANNELS)}")
    end = time.monotonic() + _START_SECONDS
    while not last.exists():
        if kernel.poll() is not None or time.monotonic() > end:
            words = f"the kernel did not start (exit code {kernel.code})"
            raise ExecutionError(words, code="kernel-not-started")
        time.sleep(_POLL_SECONDS)
    manager = AsyncKernelManager(kernel_name="python3")
    manager.load_connection_file(str(kernel.connection_file))
    spec = KernelSpec(argv=[sys.executable, "-m", "ipykernel_launcher"], language="python")
    manager._kernel_spec = spec  # noqa: SLF001 - else it would look for an installed one
    manager.provisioner = ForkProvisioner(kernel_id=manager.kernel_id, kernel_spec=spec)
    manager.provisioner.kernel = kernel
    return manager
