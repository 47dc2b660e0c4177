"""Starting and ending the kernel of a case."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from string import Template
from time import monotonic
from typing import TYPE_CHECKING

from jupyter_client.manager import AsyncKernelManager
from nbclient.util import run_sync

from jupyter_mlcd import record
from jupyter_mlcd.execution.freshness import Freshness, left_over_beside
from jupyter_mlcd.execution.kernel_environment import socket_folder, with_temporary_folder
from jupyter_mlcd.execution.kernels import end_in_words
from jupyter_mlcd.execution.leavings import remove_socket_folder
from jupyter_mlcd.execution.process_marks import (
    alone_in_this_process,
    become_parent_of_kernels,
    is_parent_of_kernels,
)
from jupyter_mlcd.model.errors import ExecutionError
from jupyter_mlcd.world.process_tree import end_descendants

if sys.platform != "win32":
    import resource

    from jupyter_mlcd.execution.forked_kernel import ForkProvisioner, fork_kernel, manager_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

    from jupyter_mlcd.execution.kernels import KernelChoice
    from jupyter_mlcd.execution.memory import MemorySigns

_FAREWELL_SECONDS = 5.0
_GRACE_SECONDS = 0.5
"""How long what a kernel left running may take to go when asked."""
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
    program. Raises ExecutionError, also later, when it cannot be started. From now on this process
    is made for kernels: what they leave running becomes its child, and ends with them.
    """
    become_parent_of_kernels()
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
    # Kernels of other languages may speak TCP only: there on the loopback, signed with their key.
    if sys.platform != "win32" and choice.runs_ipykernel:
        manager.transport, manager.ip = "ipc", str(sockets / "k")
    # One file of history for all kernels of a user would make them wait for each other.
    arguments = ["--HistoryManager.hist_file=:memory:"] if choice.runs_ipykernel else []
    try:
        run_sync(manager.start_kernel)(
            cwd=str(folder),
            env=_with_record(choice, with_temporary_folder(environment, sockets), sockets),
            extra_arguments=arguments,
            stdout=log,
            stderr=log,
        )
    except (OSError, RuntimeError, ImportError) as error:  # the last: an unknown provisioner
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
    # What the kernelspec sets would replace what we set.
    before = choice.spec.env.pop("PYTHONPATH", environment.get("PYTHONPATH", ""))
    before = Template(before).safe_substitute(environment)  # as jupyter_client does it
    paths = [*filter(None, [before]), str(folder)]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths)}


def end_of_kernel(manager: AsyncKernelManager | None, signs: MemorySigns | None = None) -> str:
    """Return in words how a kernel ended that should not have; ``signs`` were taken at its start.

    Where it was killed and memory is the probable reason, they say so.
    """
    provisioner = manager.provisioner if manager is not None else None
    if provisioner is None:
        return end_in_words(None)
    code = run_sync(provisioner.poll)()
    peak = peak_memory(manager)
    ran_out = signs is not None and signs.say_so(peak)
    return end_in_words(code, peak, memory_ran_out=ran_out)


def peak_memory(manager: AsyncKernelManager | None) -> int:
    """Return the most bytes that a kernel which has ended held; 0 where nobody knows.

    Where it was not forked from this process: the most that one of its processes held.
    """
    provisioner = manager.provisioner if manager is not None else None
    if sys.platform != "win32" and provisioner is not None:
        if isinstance(provisioner, ForkProvisioner):
            return provisioner.kernel.peak
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        return largest if sys.platform == "darwin" else largest * 1024
    return 0


def end_kernel(manager: AsyncKernelManager, *, at_once: bool = False) -> None:
    """End a kernel, all that it left running, and its sockets and temporary files.

    It is asked first, so that it says its farewells. ``at_once`` may be called from a signal
    handler: it only kills the kernel and waits for nothing; who ends this process does the rest.
    """
    provisioner = manager.provisioner
    if provisioner is None:
        return
    if at_once:
        with suppress(StopIteration, OSError):
            provisioner.kill().send(None)
        return
    run_sync(_end)(manager, provisioner)
    if is_parent_of_kernels():
        end_descendants(_GRACE_SECONDS)
    remove_socket_folder(Path(manager.connection_file).parent)


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
