"""What a run's kernels ran on: their interpreter's own account of version, platform, packages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import distributions
from platform import platform, python_version
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.evidence import Software

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_QUESTION = """
import json, platform
from importlib.metadata import distributions
found = {}
for one in distributions():
    name = one.metadata["Name"]
    if name and name not in found:
        found[name] = one.version
print(json.dumps({"version": platform.python_version(), "platform": platform.platform(),
                  "packages": found}))
"""
_DEADLINE = 60.0
"""Seconds."""


def software_of(executed: Iterable[Path], interpreter: str = "") -> Software | None:
    """Return what the first of these executed notebooks ran on; None where there are none.

    ``interpreter`` is the Python that kernels called ``python3`` run on; empty: this one.
    """
    for file in executed:
        try:
            metadata = msgspec.json.decode(file.read_bytes())["metadata"]
        except (OSError, msgspec.DecodeError, KeyError, TypeError):
            continue
        name = metadata.get("kernelspec", {}).get("name", "python3")
        language = metadata.get("language_info", {})
        program = _python_of(name, interpreter or sys.executable)
        answer = _ask(program) if program else {}
        return Software(
            kernel=name,
            language=str(language.get("name", "unknown")),
            version=answer.get("version", str(language.get("version", ""))),
            platform=answer.get("platform", platform()),
            packages=dict(sorted(answer.get("packages", {}).items())),
        )
    return None


def _python_of(kernel: str, usual: str) -> str:
    """Return the Python program of a kernel; empty if it is of another language."""
    if kernel == "python3":
        return usual
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel  # noqa: PLC0415 - 0.1 s

    try:
        spec = KernelSpecManager().get_kernel_spec(kernel)
    except NoSuchKernel:
        return ""
    if spec.language != "python" or not spec.argv:
        return ""
    return usual if spec.argv[0] in {"python", "python3"} else str(spec.argv[0])


def _ask(program: str) -> dict[str, Any]:
    """Ask a Python program; our own interpreter is asked without starting it."""
    if os.path.abspath(program) == os.path.abspath(sys.executable):  # noqa: PTH100 - links kept
        return _own()
    try:
        made = subprocess.run(  # noqa: S603 - the interpreter that the kernel is started with
            [program, "-c", _QUESTION], capture_output=True, timeout=_DEADLINE, check=True
        )
        answer: dict[str, Any] = json.loads(made.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}
    return answer


def _own() -> dict[str, Any]:
    found: dict[str, str] = {}
    for one in distributions():
        name = one.metadata["Name"]
        if name and name not in found:
            found[name] = one.version
    return {"version": python_version(), "platform": platform(), "packages": found}
