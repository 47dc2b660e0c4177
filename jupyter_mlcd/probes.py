"""What ``doctor`` looks at on this machine. Each probe says what it found or raises MlcdError."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.model.errors import ConfigError, ExecutionError, MlcdError, WorldError
from jupyter_mlcd.world import git_reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlcd.model.probe import Probe
    from jupyter_mlcd.workbench import Workbench

_ENOUGH_ROOM = 1 << 30
"""Bytes that should be free: rooms, drafts and the Store live beside the repository."""


def machine_probes(bench: Workbench) -> list[Probe]:
    """Return the probes of the machine and the repository, the most basic first."""
    return [
        ("software", _software),
        ("repository", lambda: _repository(bench)),
        ("history", lambda: _history(bench)),
        ("identity", lambda: _identity(bench)),
        ("mlcd.toml", lambda: _config(bench)),
        ("kernels", lambda: _kernels(bench)),
        ("room on the disk", lambda: _room(bench)),
    ]


def _software() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - 20 ms that only doctor needs

    names = ("jupyter_mlcd", "jupyterlab", "papermill", "nbval")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"Python {sys.version_info.major}.{sys.version_info.minor}, {versions}"


def _repository(bench: Workbench) -> str:
    git = bench.git
    head = git_reading.head(git)
    for worktree in git_reading.worktrees(git):
        if worktree.ref == bench.ledger.ref:
            raise WorldError(
                f"the evidence branch is checked out in {worktree.path}",
                hint="Check another branch out there: evidence cannot be kept meanwhile.",
            )
    kind = "shallow clone, " if git.is_shallow else ""
    where = head.branch or "a detached commit"
    return f"{bench.top}, {kind}{git.object_format}, on {where}"


def _history(bench: Workbench) -> str:
    unreadable = bench.ledger.unreadable()
    if unreadable:
        raise WorldError(
            f"{unreadable[0]} on the evidence branch is not an event",
            hint="Somebody wrote it by hand; it is left out. Everything else is read.",
        )
    return f"{len(bench.ledger.events())} events on {bench.ledger.ref.removeprefix('refs/heads/')}"


def _identity(bench: Workbench) -> str:
    person = git_reading.identity(bench.git)
    if person.is_fallback:
        raise MlcdError(
            "git does not know who you are, so evidence would be kept in the name of nobody",
            hint='Run: git config --global user.name "..." and git config --global user.email ...',
        )
    return str(person)


def _config(bench: Workbench) -> str:
    project = bench.project
    if not project.suites:
        raise ConfigError("there is none yet", hint="Write one: jupyter mlcd init")
    cases = sum(len(project.cases(suite)) for suite in project.suites)
    missing = [
        case.notebook
        for suite in project.suites
        for case in project.cases(suite)
        if not (bench.folder / case.notebook).is_file()
    ]
    if missing:
        raise ConfigError(f"there is no notebook {missing[0]}", hint="Check `notebooks`.")
    return f"{project.name}: {len(project.suites)} suites with {cases} cases"


def _kernels(bench: Workbench) -> str:
    from jupyter_client.kernelspec import KernelSpecManager  # noqa: PLC0415 - 0.1 s, only doctor

    found = sorted(KernelSpecManager().find_kernel_specs())
    if not found:
        hint = "Install one: python -m pip install ipykernel"
        raise ExecutionError(f"no kernel is installed for {bench.folder}", hint=hint)
    return ", ".join(found)


def kernel_here(metadata: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the kernel that a notebook's metadata name, and whether it is installed here."""
    from jupyter_mlcd.execution.kernels import choose_kernel  # noqa: PLC0415 - loads jupyter_client

    named = metadata.get("kernelspec")
    name = str((named if isinstance(named, dict) else {}).get("name") or "python3")
    try:
        return choose_kernel({"kernelspec": {"name": name}}, sys.executable).name, True
    except ExecutionError:
        return name, False


def _room(bench: Workbench) -> str:
    place = bench.state if bench.state.exists() else bench.git.common_dir
    free = shutil.disk_usage(place).free
    if free < _ENOUGH_ROOM:
        raise WorldError(f"only {free >> 20} MiB are free", hint="Runs need a copy of your files.")
    return f"{free >> 30} GiB free"
