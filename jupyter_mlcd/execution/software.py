"""What the kernels ran on, as their own interpreter tells it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec

from jupyter_mlcd.model.evidence import Software

_SECONDS = 30.0
# Runs in any Python from 3.8 on, with nothing but its standard library.
_QUESTION = """
import json, platform
from importlib import metadata
found = {}
for one in metadata.distributions():
    name = one.metadata["Name"]
    if name and name not in found:
        found[name] = one.version
print(json.dumps([platform.python_version(), platform.platform(), found]))
"""


def software_of(notebook: Path, interpreter: str = "") -> Software | None:
    """Return the software of the kernel that a notebook names; None if it names none.

    Packages are asked of the kernel's own Python; for another language there are none.
    """
    try:
        document = json.loads(notebook.read_bytes())
        spec = document["metadata"].get("kernelspec") or {}
        info = document["metadata"].get("language_info") or {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    kernel = str(spec.get("name") or "python3")
    language = str(info.get("name") or spec.get("language") or "python").lower()
    version = str(info.get("version") or "")
    if language != "python":
        return Software(kernel, language, version, platform.platform(), {})
    if kernel == "python3" and _is_own(interpreter):
        return Software(
            kernel, language, platform.python_version(), platform.platform(), _packages()
        )
    answer = _ask(interpreter if kernel == "python3" else _program_of(kernel))
    return Software(kernel, language, answer[0] or version, answer[1], answer[2])


def _is_own(interpreter: str) -> bool:
    return not interpreter or Path(interpreter) == Path(sys.executable)


def _packages() -> dict[str, str]:
    found: dict[str, str] = {}
    for one in metadata.distributions():
        name = one.metadata["Name"]
        if name and name not in found:  # the first on the path is the one that is imported
            found[name] = one.version
    return dict(sorted(found.items(), key=lambda pair: pair[0].lower()))


def _program_of(kernel: str) -> str:
    """Return the program of an installed kernel, or nothing."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        return str(KernelSpecManager().get_kernel_spec(kernel).argv[0])
    except (NoSuchKernel, IndexError):
        return ""


def _ask(program: str) -> tuple[str, str, dict[str, str]]:
    nothing: tuple[str, str, dict[str, str]] = ("", platform.platform(), {})
    if not program:
        return nothing
    try:
        answer = subprocess.run(  # noqa: S603 - the kernel's own interpreter, which just ran
            [program, "-c", _QUESTION],
            capture_output=True,
            check=True,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        parsed: Any = msgspec.json.decode(answer.stdout, type=tuple[str, str, dict[str, str]])
    except (OSError, subprocess.SubprocessError, msgspec.MsgspecError):
        return nothing
    version, place, packages = parsed
    return version, place, dict(sorted(packages.items(), key=lambda pair: pair[0].lower()))
