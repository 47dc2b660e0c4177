"""Which kernel a notebook asks for, and in words how one ended."""

from __future__ import annotations

import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel

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
    found = program if Path(program).is_absolute() else shutil.which(program) or program
    same_folder = Path(found).parent.resolve() == Path(sys.executable).parent.resolve()
    return same_folder and Path(found).resolve() == Path(sys.executable).resolve()


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
