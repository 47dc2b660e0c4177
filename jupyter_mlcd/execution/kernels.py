"""Which kernel a notebook asks for, and in words how one ended."""

from __future__ import annotations

import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from traitlets import TraitError

from jupyter_mlcd.execution.memory import bytes_in_words
from jupyter_mlcd.model.errors import ExecutionError

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN_NAMES = frozenset({"", "python", "python3"})


@dataclass(frozen=True)
class KernelChoice:
    """The kernel of one notebook."""

    name: str
    language: str
    spec: KernelSpec
    is_own: bool
    """It is ipykernel on the very Python that runs us, so that it can be forked."""

    @property
    def runs_ipykernel(self) -> bool:
        """A Python of this machine starts as ipykernel: its sockets and arguments are known."""
        argv = self.spec.argv
        if "-m" not in argv or "kernel_provisioner" in self.spec.metadata:
            return False
        at = argv.index("-m")
        # Else it is started through docker, conda, ssh...: what comes through there is not known.
        is_direct = all(one.startswith("-") for one in argv[1:at])
        return is_direct and argv[at + 1 : at + 2] in (["ipykernel"], ["ipykernel_launcher"])


def choose_kernel(metadata: Mapping[str, Any], interpreter: str) -> KernelChoice:
    """Return the kernel that the notebook's metadata name.

    ``interpreter`` is the Python of ``python3``. Raises ExecutionError when there is no such
    kernel.
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
        raise _not_there(name, sorted(specs.find_kernel_specs())) from None
    except (OSError, ValueError, TypeError, TraitError) as error:
        raise ExecutionError(
            f"the description of the kernel `{name}` cannot be read: {error}",
            code="kernel-not-started",
            hint="`jupyter kernelspec list` shows where it is. Install the kernel again.",
        ) from None
    is_own = _is_ipykernel(spec.argv) and _is_this_python(spec.argv[0])
    is_own = is_own and not spec.env and "kernel_provisioner" not in spec.metadata
    return KernelChoice(name, (spec.language or language).lower(), spec, is_own)


def _not_there(name: str, found: list[str]) -> ExecutionError:
    if name.lower() in found:  # jupyter_client says the same of both
        return ExecutionError(
            f"the kernel `{name}` is started by a provisioner that is not installed here",
            code="kernel-not-started",
            hint="Its kernel.json names it under `kernel_provisioner`. Install its package.",
        )
    return ExecutionError(
        f"no kernel named `{name}` is installed here",
        code="no-such-kernel",
        hint=f"Installed: {', '.join(found) or 'none'}. Choose one in JupyterLab and save the"
        " notebook.",
    )


def _is_ipykernel(argv: list[str]) -> bool:
    return argv[1:4] == ["-m", "ipykernel_launcher", "-f"] and len(argv) == 5  # noqa: PLR2004


def _is_this_python(program: str) -> bool:
    """Whether a program is this interpreter in this environment: the file, not what it links to."""
    found = program if Path(program).is_absolute() else shutil.which(program) or program
    same_folder = Path(found).parent.resolve() == Path(sys.executable).parent.resolve()
    return same_folder and Path(found).resolve() == Path(sys.executable).resolve()


def end_in_words(code: int | None, peak: int = 0, *, memory_ran_out: bool = False) -> str:
    """Return how a kernel ended, in words, from its exit code.

    ``peak`` is the most bytes that it held, 0 where nobody knows; ``memory_ran_out`` says whether
    that is the probable reason of a kill.
    """
    if code is None:
        return "its connection was lost"
    if code >= 0:
        return f"it ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    words = f"it was ended by {name}"
    if -code == getattr(signal, "SIGKILL", 9) and memory_ran_out:
        words += ", probably because memory ran out"
        words += f"; it held {bytes_in_words(peak)} at its peak" if peak else ""
    return words
