"""Which kernel a notebook asks for, and how it is started."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from nbclient.util import run_sync

from jupyter_mlcd import record
from jupyter_mlcd.execution.kernel_environment import socket_folder
from jupyter_mlcd.model.errors import ExecutionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

_FAREWELL_SECONDS = 5.0
_POLL_SECONDS = 0.005
_OWN_NAMES = frozenset({"", "python", "python3"})


@dataclass(frozen=True)
class KernelChoice:
    """The kernel of one notebook."""

    name: str
    language: str
    spec: KernelSpec
    is_own: bool
    """It is ipykernel on the very Python that runs us, so that it can be forked."""


def choose_kernel(metadata: Mapping[str, Any], interpreter: str) -> KernelChoice:
    """Return the kernel that the notebook's metadata name.

    ``interpreter`` is the Python of ``python3``. Raises ExecutionError when there is no such kernel.
    """
    named = metadata.get("kernelspec") or {}
    name = str(named.get("name") or "")
    language = str(named.get("language") or (metadata.get("language_info") or {}).get("name") or "")
    if name in _OWN_NAMES and (name or language.lower() in {"", "python"}):
        python = interpreter or sys.executable
        argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = KernelSpec(argv=argv, language="python", display_name="Python 3")
        return KernelChoice("python3", "python", spec, _is_this_python(python))
    specs = KernelSpecManager()
    try:
        spec = specs.get_kernel_spec(name)
    except NoSuchKernel:
        there = ", ".join(sorted(specs.find_kernel_specs())) or "none"
        raise ExecutionError(
            f"no kernel named `{name}` is installed here",
            code="no-such-kernel",
            hint=f"Installed: {there}. Choose one in JupyterLab and save the notebook.",
        ) from None
    is_own = _is_ipykernel(spec.argv) and _is_this_python(spec.argv[0]) and not spec.env
    return KernelChoice(name, (spec.language or language).lower(), spec, is_own)


def _is_ipykernel(argv: list[str]) -> bool:
    return argv[1:4] == ["-m", "ipykernel_launcher", "-f"] and len(argv) == 5  # noqa: PLR2004


def _is_this_python(program: str) -> bool:
    """Whether a program is this interpreter in this environment: the file, not what it links to."""
    found = program if os.path.isabs(program) else shutil.which(program) or program
    same_folder = Path(found).parent.resolve() == Path(sys.executable).parent.resolve()
    return same_folder and Path(found).resolve() == Path(sys.executable).resolve()


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
    while await provisioner.poll() is None and monotonic() < end:
        await asyncio.sleep(_POLL_SECONDS)


def end_in_words(code: int | None) -> str:
    """Return how a kernel ended, in words, from its exit code."""
    if code is None:
        return "its connection was lost"
    if code >= 0:
        return f"it ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    memory = ", as happens when memory runs out" if -code == getattr(signal, "SIGKILL", 9) else ""
    return f"it was ended by {name}{memory}"

