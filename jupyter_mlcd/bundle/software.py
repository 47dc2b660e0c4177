"""What a run's kernels ran on: their interpreter's own account of version, platform, packages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import distributions
from pathlib import Path
from platform import platform, python_version
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.model.evidence import Software

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    """Return what the first of these executed notebooks ran on; None where there are none."""
    return next(iter(all_software_of(executed, interpreter)), None)


def all_software_of(executed: Iterable[Path], interpreter: str = "") -> tuple[Software, ...]:
    """Return what these executed notebooks ran on, each kernel once, the first notebook's first.

    ``interpreter`` is the Python that kernels called ``python3`` run on; empty: this one.
    """
    kernels: dict[str, dict[str, Any]] = {}
    for file in executed:
        metadata = _metadata(file)
        if metadata is not None:
            name = str(_part(metadata, "kernelspec").get("name") or "python3")
            # A kernel that died before it said what it is leaves that to another notebook.
            if not kernels.get(name):
                kernels[name] = _part(metadata, "language_info")
    usual = interpreter or sys.executable
    return tuple(_software(name, language, usual) for name, language in kernels.items())


def _metadata(file: Path) -> dict[str, Any] | None:
    try:
        metadata = msgspec.json.decode(file.read_bytes())["metadata"]
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return None
    return metadata if isinstance(metadata, dict) else None


def _part(metadata: dict[str, Any], name: str) -> dict[str, Any]:
    part = metadata.get(name)
    return part if isinstance(part, dict) else {}


def _software(kernel: str, language: dict[str, Any], usual: str) -> Software:
    python = _python_of(kernel, usual)
    answer = _ask(python) if python.words else {}
    return Software(
        kernel=kernel,
        language=str(language.get("name") or ("python" if answer else "unknown")),
        version=answer.get("version", str(language.get("version", ""))),
        platform=answer.get("platform", platform()),
        packages=dict(sorted(answer.get("packages", {}).items())),
    )


@dataclass(frozen=True)
class _Python:
    """How the Python of a kernel is started."""

    words: tuple[str, ...] = ()
    """The program and what comes before ``-m``; empty where the kernel is of another language."""
    environment: Mapping[str, str] = field(default_factory=dict)


def _python_of(kernel: str, usual: str) -> _Python:
    if kernel == "python3":
        return _Python((usual,))
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel  # noqa: PLC0415 - 0.1 s

    try:
        spec = KernelSpecManager().get_kernel_spec(kernel)
    except (NoSuchKernel, OSError, ValueError):
        return _Python()
    argv = list(spec.argv)
    if spec.language.lower() != "python" or not argv:
        return _Python()
    if argv[0] in {"python", "python3"}:
        argv[0] = usual
    if "-m" in argv:
        return _Python(tuple(argv[: argv.index("-m")]), spec.env)
    # Its program may be the kernel itself (xeus), which answers no question; Python lies beside it.
    is_python = Path(argv[0]).name.lower().startswith(("python", "pypy"))
    return _Python((argv[0] if is_python else str(Path(argv[0]).with_name("python")),), spec.env)


def _ask(python: _Python) -> dict[str, Any]:
    """Ask a Python program; our own interpreter is asked without starting it."""
    program = python.words[0]
    is_own = os.path.abspath(program) == os.path.abspath(sys.executable)  # noqa: PTH100 - links kept
    if is_own and not python.environment:
        return _own()
    try:
        made = subprocess.run(  # noqa: S603 - the interpreter that the kernel is started with
            [*python.words, "-c", _QUESTION],
            env={**os.environ, **python.environment},
            capture_output=True,
            timeout=_DEADLINE,
            check=True,
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
