"""Which lines of the project's own code the notebooks execute, measured inside their kernels.

The package ``coverage`` measures, and it is never loaded here: it is imported by the kernel, before
the first cell, by a request that the notebook does not see; and by a Python of its own that adds
the kernels' files up when the run is over. Modules are imported by cells, so that all of them are
seen, also in forked kernels, which hold none of the project's. What is not seen: processes that a
notebook starts (``multiprocessing``, ``joblib``, ``subprocess``), kernels of other languages, and a
kernel that dies or is killed before its last cell has ended.
Source: https://coverage.readthedocs.io/en/latest/api_coverage.html
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from jupyter_mlcd.model.errors import ExecutionError
from jupyter_mlcd.model.run import Coverage
from jupyter_mlcd.world.files import safe_join

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REPORT = "coverage.xml"
"""Name of the report in Cobertura's format, in the evidence."""
_SECONDS = 120.0
_SPECIAL = re.compile(r"[\[\]*]")
_INSTALL = "pip install 'coverage>=7.6,<8'"

# Both are executed by the kernel in a namespace of their own; what ends the measuring is kept where
# no `%reset` of the notebook reaches it, and runs at the kernel's exit if a cell says `exit()`.
_BEGIN = """
import atexit, os, sys
import coverage
measured = coverage.Coverage(
    data_file=given["file"], source=given["folders"], config_file=False, messages=False
)
measured.set_option("run:disable_warnings", given["warnings"])
measured.set_option("report:include_namespace_packages", True)
owner = os.getpid()
def end():
    atexit.unregister(end)
    if os.getpid() == owner:
        measured.stop()
        measured.save()
atexit.register(end)
sys._mlcd_end_of_coverage = end
measured.start()
"""
_END = """
import sys
sys.__dict__.pop("_mlcd_end_of_coverage")()
"""
_WARNINGS = [
    "already-imported", "couldnt-parse", "module-not-imported", "module-not-measured",
    "module-not-python", "no-ctracer", "no-data-collected", "no-sysmon", "trace-changed",
]  # fmt: skip

# The project's folder may hold a file called as one of coverage's own modules.
_COMBINE = """
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import json, os
given = json.load(sys.stdin)
import coverage
from coverage.exceptions import NoDataError
os.chdir(given["project"])
measured = coverage.Coverage(data_file=given["sum"], config_file=False, messages=False)
measured.set_option("paths", {"project": [given["project"], *given["rooms"]]})
measured.set_option("run:disable_warnings", given["warnings"])
measured.combine(given["files"], strict=True, keep=True)
try:
    measured.xml_report(outfile=given["xml"], ignore_errors=True)
    measured.json_report(outfile=given["json"], ignore_errors=True)
except NoDataError:
    pass
"""


@dataclass(frozen=True)
class Measurement:
    """What one kernel measures, and how it is told."""

    file: Path
    """Where the kernel writes what it measured."""
    folders: tuple[Path, ...]
    """Whose code is measured, in the case's room."""

    @property
    def begin(self) -> str:
        """Code to be executed silently before the first cell."""
        folders = [str(folder.resolve()) for folder in self.folders]
        given = {"file": str(self.file), "folders": folders, "warnings": _WARNINGS}
        return f"exec({_BEGIN!r}, {{'given': {given!r}}})"

    @property
    def end(self) -> str:
        """Code to be executed silently after the last cell."""
        return f"exec({_END!r}, {{}})"

    def remark(self, began: Mapping[str, Any], ended: Mapping[str, Any]) -> str:
        """Say why nothing was measured, from the kernel's replies to both; empty if all went well.

        A reply that never came is empty.
        """
        if began.get("ename") in {"ModuleNotFoundError", "ImportError"}:
            where = "the kernel's Python has no package `coverage`"
            return f"coverage was not measured: {where}. There: {_INSTALL}"
        if began.get("status") != "ok":
            return f"coverage was not measured: {_in_words(began)}"
        if ended.get("status") != "ok" and not self.file.is_file():
            return f"coverage was measured and is lost: {_in_words(ended)}"
        return ""


def _in_words(reply: Mapping[str, Any]) -> str:
    if not reply:
        return "the kernel had ended or did not answer"
    return f"{reply.get('ename', 'Error')}: {reply.get('evalue', '')}"


def measure(file: Path, project: Path, declared: Sequence[str]) -> Measurement:
    """Return how a case is measured whose room has its project in ``project``.

    Raises UsageError for a declared folder that leads out of it.
    """
    names = [folder.removeprefix("./").strip("/") for folder in declared]
    folders = (safe_join(project, name) if name not in {"", "."} else project for name in names)
    return Measurement(file, tuple(folders))


def combine(
    files: Mapping[Path, Path], project: Path, interpreter: str, report: Path
) -> Coverage | None:
    """Add up what kernels measured; None where they executed none of the project's code.

    ``files`` names for each kernel's file the project's folder in its room, which may be gone;
    ``project`` is the same folder as it was tested. ``interpreter`` is asked to add up, or this
    Python if ``coverage`` is not there. ``report`` is written for other tools (Cobertura XML).
    Raises ExecutionError when ``coverage`` is nowhere, or cannot read the files.
    """
    there = [file for file in files if file.is_file()]
    if not there:
        return None
    with tempfile.TemporaryDirectory() as place:
        made = Path(place, "coverage.json")
        given = {
            "files": [str(file) for file in there],
            # These are patterns, in which ``?`` stands for any one character.
            "rooms": sorted({_SPECIAL.sub("?", str(files[file].resolve())) for file in there}),
            "project": str(project.resolve()),
            "sum": str(Path(place, "sum")),
            "json": str(made),
            "xml": str(Path(place, REPORT)),
            "warnings": _WARNINGS,
        }
        _run(interpreter, given, place)
        if not made.is_file():
            return None
        counted = _read(made)
        if counted is not None:
            _write_report(Path(place, REPORT), project, report)
        return counted


def _run(interpreter: str, given: Mapping[str, Any], place: str) -> None:
    words = ""
    for python in dict.fromkeys([interpreter or sys.executable, sys.executable]):
        try:
            ended = subprocess.run(  # noqa: S603 - the Python of the kernels, our own code
                [python, "-c", _COMBINE],
                input=json.dumps(given).encode(),
                cwd=place,
                env={k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")},
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            words = str(error)
            continue
        if ended.returncode == 0:
            return
        words = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    raise ExecutionError(
        f"what the kernels measured could not be added up: {words}",
        code="no-coverage",
        hint=f"{_INSTALL} beside JupyterLab.",
    )


def _read(file: Path) -> Coverage | None:
    """Read coverage's own JSON: only the project's files that have lines to execute."""
    counts: dict[str, tuple[int, int]] = {}
    for name, found in json.loads(file.read_bytes())["files"].items():
        path = Path(name).as_posix()
        lines = int(found["summary"]["num_statements"])
        if lines and not path.startswith("../") and not Path(path).is_absolute():
            counts[path] = (int(found["summary"]["covered_lines"]), lines)
    if not counts:
        return None
    executed, lines = (sum(column) for column in zip(*counts.values(), strict=True))
    return Coverage(dict(sorted(counts.items())), round(100 * executed / lines, 2))


def _write_report(made: Path, project: Path, report: Path) -> None:
    """Write the report without the place where the project lay for this run."""
    text = made.read_text(encoding="utf-8")
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(text.replace(escape(str(project.resolve())), "."), encoding="utf-8")
