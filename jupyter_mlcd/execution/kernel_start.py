"""Starting and ending the kernel of a case."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from jupyter_client.manager import AsyncKernelManager
from nbclient.util import run_sync

from jupyter_mlcd import record
from jupyter_mlcd.execution.freshness import Freshness, left_over_beside
from jupyter_mlcd.execution.kernel_environment import socket_folder
from jupyter_mlcd.execution.process_marks import alone_in_this_process
from jupyter_mlcd.model.errors import ExecutionError

if sys.platform != "win32":
    from jupyter_mlcd.execution.forked_kernel import fork_kernel, manager_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

    from jupyter_mlcd.execution.kernels import KernelChoice

_FAREWELL_SECONDS = 5.0
_POLL_SECONDS = 0.005


def begin_kernel(
    choice: KernelChoice,
    folder: Path,
    environment: Mapping[str, str],
    log: int,
    freshness: Freshness | None,
) -> Callable[[], AsyncKernelManager]:
    """Begin to start a kernel; what is returned gives its manager when it has started.

    It is forked from this process where that gives a kernel like a fresh one, else started as a
    program. Raises ExecutionError, also later, when it cannot be started.
    """
    if (
        sys.platform != "win32"
        and freshness is not None
        and choice.is_own
        and alone_in_this_process()
        and not left_over_beside(folder, freshness.left_over())
    ):
        return partial(manager_of, fork_kernel(folder, environment, freshness, log))
    manager = start_kernel(choice, folder, environment, log)
    return lambda: manager


def start_kernel(
    choice: KernelChoice, folder: Path, environment: Mapping[str, str], log: int
) -> AsyncKernelManager:
    """Start a kernel as a program of its own. Raises ExecutionError when it cannot be started."""
    sockets = socket_folder(environment)
    manager = AsyncKernelManager(
        kernel_name=choice.name, connection_file=str(sockets / "kernel.json")
    )
    manager._kernel_spec = choice.spec  # noqa: SLF001 - chosen already
    if sys.platform != "win32":
        manager.transport, manager.ip = "ipc", str(sockets / "k")
    arguments = ["--HistoryManager.hist_file=:memory:"] if manager.ipykernel else []
    try:
        run_sync(manager.start_kernel)(
            cwd=str(folder),
            env=_with_record(choice, environment, sockets),
            extra_arguments=arguments,
            stdout=log,
            stderr=log,
        )
    except (OSError, RuntimeError) as error:
        raise ExecutionError(
            f"the kernel `{choice.name}` could not be started: {error}",
            code="kernel-not-started",
            hint=f"Its program is {choice.spec.argv[0]}. Is it still installed?",
        ) from error
    return manager


def _with_record(
    choice: KernelChoice, environment: Mapping[str, str], folder: Path
) -> dict[str, str]:
    """Let another Python find ``record`` although our package is not installed there."""
    if choice.language != "python" or choice.is_own:
        return dict(environment)
    shutil.copyfile(record.__code__.co_filename, folder / "jupyter_mlcd.py")
    paths = [*filter(None, [environment.get("PYTHONPATH", "")]), str(folder)]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths)}


def end_kernel(manager: AsyncKernelManager, *, at_once: bool = False) -> None:
    """End a kernel and remove its sockets: asked first, so that it says its farewells, then surely.

    ``at_once`` may be called from a signal handler: it does not wait for anything.
    """
    provisioner = manager.provisioner
    if provisioner is None:
        return
    if at_once:
        for step in (provisioner.kill(), provisioner.cleanup()):
            with suppress(StopIteration, OSError):
                step.send(None)
        return
    run_sync(_end)(manager, provisioner)


async def _end(manager: AsyncKernelManager, provisioner: KernelProvisionerBase) -> None:
    with suppress(RuntimeError, OSError):
        if await provisioner.poll() is None:
            await manager.request_shutdown()
            await _wait(provisioner, _FAREWELL_SECONDS)
        if await provisioner.poll() is None:
            await provisioner.kill()
            await _wait(provisioner, _FAREWELL_SECONDS)
        await provisioner.cleanup()


async def _wait(provisioner: KernelProvisionerBase, seconds: float) -> None:
    end = monotonic() + seconds
    while await provisioner.poll() is None and monotonic() < end:  # noqa: ASYNC110 - no event
        await asyncio.sleep(_POLL_SECONDS)
