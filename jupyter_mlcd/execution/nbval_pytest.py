"""The real ``pytest --nbval`` on the notebooks of a run, where a project asks for it.

It judges the notebooks as they are saved, without parameters, in a Python of its own. Its verdicts
are counted beside ours and its JUnit file is kept; what a run came to is still our own verdict.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from jupyter_mlcd.execution.kernel_environment import importable_here
from jupyter_mlcd.execution.nbval_disagreements import disagreements
from jupyter_mlcd.execution.nbval_report import (
    Outcome,
    judged_cells,
    note_interrupted,
    read_report,
    without_colours,
)
from jupyter_mlcd.model.errors import ExecutionError
from jupyter_mlcd.model.run import NbvalCount
from jupyter_mlcd.model.suite import Compare
from jupyter_mlcd.world.files import safe_join
from jupyter_mlcd.world.process import ProcessIdentity, end_tree, identity_of

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from jupyter_mlcd.model.result import CaseResult
    from jupyter_mlcd.model.run import RunPlan

_TICK_SECONDS = 0.1
_GRACE_SECONDS = 1.0
# Whoever was started in the background hands on that interrupts are ignored.
_PYTEST = """
import signal, sys, pytest
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(pytest.console_main())
"""
_FAREWELL_SECONDS = 10.0
"""How long an interrupted pytest may take to end its kernels and write its report."""
_START_SECONDS = 60.0
_LONGEST_WAIT = 1e6
"""Seconds; a longer limit of a cell does not fit into what nbval hands to the socket."""
_OWN_KERNELS = frozenset({"", "python", "python3"})
_NEEDED = ("pytest", "nbval")
_LOOK = "import importlib.util as u, sys; sys.exit(' '.join(n for n in sys.argv[1:] if not u.find_spec(n)) or 0)"  # noqa: E501


def real_nbval(  # noqa: PLR0913, PLR0917 - what the runner knows at the end of its cases
    plan: RunPlan,
    project: Path,
    environment: Mapping[str, str],
    results: Mapping[str, CaseResult],
    cancelled: threading.Event,
    junit: Path,
) -> NbvalCount:
    """Run ``pytest --nbval`` on the notebooks of ``plan`` and count what it says.

    ``project`` is the project's folder in a room of its own, ``environment`` that of the kernels,
    ``results`` what the cases came to by their ids. The report is written to ``junit``, what pytest
    printed beside it with the suffix ``.log``. Raises ExecutionError where nbval is not installed,
    gives no report, or the run is cancelled; OSError when the disk says no.
    """
    python = plan.interpreter or sys.executable
    _check_there(python, environment)
    suites: list[ET.Element] = []
    remarks: list[str] = []
    pytest = _Pytest(plan, python, project, importable_here(environment), junit)
    for notebooks, is_own in _by_kernel(plan, project):
        suite, remark = pytest.report(notebooks, is_own=is_own, cancelled=cancelled)
        suites.append(suite)
        remarks.extend(filter(None, (remark,)))
    whole = ET.Element("testsuites", {"name": f"pytest {_mode(plan)}"})
    whole.extend(suites)
    ET.ElementTree(whole).write(junit, encoding="utf-8", xml_declaration=True)
    judged = judged_cells(whole)
    count = Counter(one.outcome for one in judged)
    return NbvalCount(
        passed=count[Outcome.PASSED],
        failed=count[Outcome.FAILED],
        skipped=count[Outcome.SKIPPED] + count[Outcome.XFAILED],
        report=junit.name,
        disagreements=(*remarks, *disagreements(plan, project, results, judged)),
    )


def _mode(plan: RunPlan) -> str:
    return "--nbval" if plan.compare is Compare.EVERY_CELL else "--nbval-lax"


def _by_kernel(plan: RunPlan, project: Path) -> Iterable[tuple[list[str], bool]]:
    """Yield the notebooks of the plan's own Python, then those of other kernels."""
    own: list[str] = []
    others: list[str] = []
    for notebook in dict.fromkeys(case.notebook for case in plan.cases):
        (own if _kernel_name(safe_join(project, notebook)) in _OWN_KERNELS else others).append(
            notebook
        )
    return [(found, found is own) for found in (own, others) if found]


def _kernel_name(notebook: Path) -> str:
    with suppress(OSError, ValueError, AttributeError):
        metadata: Any = json.loads(notebook.read_bytes()).get("metadata") or {}
        return str((metadata.get("kernelspec") or {}).get("name") or "")
    return ""


def _check_there(python: str, environment: Mapping[str, str]) -> None:
    """Raise ExecutionError unless ``python`` has pytest and nbval."""
    try:
        looked = subprocess.run(  # noqa: S603 - the plan's own interpreter
            [python, "-P", "-c", _LOOK, *_NEEDED],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_START_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ExecutionError(f"{python} could not be started: {error}", code="no-nbval") from error
    if looked.returncode:
        missing = looked.stderr.strip()
        raise ExecutionError(
            f"`pytest --nbval` could not run: {python} has no {missing.replace(' ', ' and no ')}",
            code="no-nbval",
            hint='Install `nbval`, or set `nbval = "replay"` in mlcd.toml.',
        )


@dataclass(frozen=True)
class _Pytest:
    """pytest with what is the same for all its calls."""

    plan: RunPlan
    python: str
    project: Path
    environment: Mapping[str, str]
    junit: Path
    """Written by each call; what pytest prints and the replacements stand beside it."""

    def report(
        self, notebooks: Sequence[str], *, is_own: bool, cancelled: threading.Event
    ) -> tuple[ET.Element, str]:
        """Return the report on these notebooks, and a remark when it is not whole."""
        log = self.junit.with_suffix(".log")
        self.junit.unlink(missing_ok=True)
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - the plan's own interpreter
                self._command(notebooks, is_own=is_own),
                cwd=self.project,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        limit = _limit(self.plan, len(notebooks))
        is_whole = _wait(process, limit, cancelled)
        try:
            suite = read_report(self.junit)
        except (OSError, ET.ParseError) as error:
            raise _no_report(process.returncode, log) from error
        if is_whole:
            return suite, ""
        remark = f"pytest took longer than {limit:g} s; what it did not get to was not judged"
        note_interrupted(suite, remark)
        return suite, remark

    def _command(self, notebooks: Sequence[str], *, is_own: bool) -> list[str]:
        limit = min(self.plan.limits.cell or _LONGEST_WAIT, _LONGEST_WAIT)
        command = [self.python, "-P", "-c", _PYTEST, _mode(self.plan)]
        # What mlcd.toml says counts, not what the project's pytest.ini would add to it.
        command += ["-o", "addopts=", "-o", "junit_family=xunit1", "-o", "junit_logging=system-out"]
        command += ["-p", "no:cacheprovider", "--color=no", f"--rootdir={self.project}"]
        command += [f"--junitxml={self.junit}", f"--nbval-cell-timeout={limit:g}"]
        if self.plan.sanitize:
            command.append(f"--nbval-sanitize-with={self._replacements()}")
        if is_own:
            command.append("--nbval-current-env")
        return [*command, *(str(safe_join(self.project, notebook)) for notebook in notebooks)]

    def _replacements(self) -> Path:
        """Return one file with all replacements: nbval takes one only."""
        files = [safe_join(self.project, path) for path in self.plan.sanitize]
        whole = self.junit.with_suffix(".sanitize")
        whole.write_text("\n".join(one.read_text(encoding="utf-8") for one in files), "utf-8")
        return whole


def _limit(plan: RunPlan, notebooks: int) -> float:
    """Return how long one call may take: nbval itself has no limit for a notebook."""
    limit = plan.limits.notebook * notebooks + _START_SECONDS if plan.limits.notebook else 0.0
    limits = [one for one in (limit, plan.limits.suite) if one]
    return min(limits, default=0.0)


def _wait(process: subprocess.Popen[bytes], limit: float, cancelled: threading.Event) -> bool:
    """Wait for pytest's end; return whether it came by itself. Raises ExecutionError."""
    identity = identity_of(process.pid) or ProcessIdentity(process.pid, "")
    end = monotonic() + limit if limit else float("inf")
    try:
        while monotonic() < end:
            if cancelled.is_set():
                raise ExecutionError("`pytest --nbval` was cancelled", code="cancelled")
            with suppress(subprocess.TimeoutExpired):
                process.wait(_TICK_SECONDS)
                return True
        _ask_to_end(process)
        return False
    finally:
        if process.poll() is None:
            end_tree(identity, _GRACE_SECONDS)
            process.wait(_FAREWELL_SECONDS)


def _ask_to_end(process: subprocess.Popen[bytes]) -> None:
    """Interrupt pytest, so that it ends its kernel and writes its report."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.kill(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_FAREWELL_SECONDS)


def _no_report(code: int | None, log: Path) -> ExecutionError:
    lines = without_colours(log.read_text(encoding="utf-8", errors="replace")).split("\n")
    last = [line.strip() for line in lines if line.strip()][-3:]
    return ExecutionError(
        f"`pytest --nbval` gave no report (exit code {code}): {' / '.join(last)[:500]}",
        code="nbval-without-report",
        hint="Try it by hand: pytest --nbval NOTEBOOK.",
    )
