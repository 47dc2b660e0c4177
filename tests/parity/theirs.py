"""What the real ``pytest --nbval`` says, each notebook in a fresh copy of its own folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.nbval_report import judged_cells, read_report
from tests.parity.corpora import SANITIZE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlcd.execution.nbval_report import Judged
    from tests.parity.corpora import Corpus

CELL_SECONDS = 15.0
MODES = {"strict": "--nbval", "lax": "--nbval-lax", "sanitised": "--nbval"}
_CHECKOUT = Path(__file__).parents[2]
_PYTEST_SECONDS = 1200

Verdicts = dict[tuple[str, int], "Judged"]
"""By notebook and the cell's number, counted from 0 among the code cells."""


@dataclass(frozen=True)
class Said:
    """One call of pytest."""

    verdicts: Verdicts
    messages: bytes
    """What ``tests.parity.remedies`` wrote down, as JSON; empty without it."""


def nbval(corpus: Corpus, mode: str, notebooks: Iterable[str], remedies: str | None = None) -> Said:
    """Run nbval on these notebooks; with ``remedies`` (names, or none) also keep the messages."""
    with tempfile.TemporaryDirectory(prefix="mlcd-parity-") as made:
        scratch = Path(made).resolve()
        places = dict(_copies(corpus, notebooks, scratch))
        plugin = [] if remedies is None else ["-p", "tests.parity.remedies"]
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "pytest", MODES[mode], "--nbval-current-env",
             *_sanitizing(corpus, mode, scratch), f"--nbval-cell-timeout={CELL_SECONDS:g}",
             *plugin, "-p", "no:cacheprovider", "--color=no", "--noconftest",
             f"--rootdir={scratch}", f"--config-file={_no_configuration(scratch)}",
             "-o", "junit_family=xunit1", "-o", "junit_logging=system-out",
             f"--junitxml={scratch / 'junit.xml'}", *map(str, places)],
            cwd=scratch, env=_environment(scratch, remedies), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=_PYTEST_SECONDS,
        )  # fmt: skip
        report = scratch / "junit.xml"
        assert report.is_file(), f"pytest gave no report:\n{ended.stdout}{ended.stderr}"
        judged = judged_cells(read_report(report))
        of = {place.relative_to(scratch).as_posix(): name for place, name in places.items()}
        written = scratch / "messages.json"
        return Said(
            {(of[one.notebook], one.number): one for one in judged},
            written.read_bytes() if written.is_file() else b"",
        )


def _copies(corpus: Corpus, notebooks: Iterable[str], scratch: Path) -> Iterable[tuple[Path, str]]:
    """Give each notebook a fresh copy of everything, and yield where it is in it."""
    for number, notebook in enumerate(notebooks):
        copy = scratch / f"{number:03d}"
        shutil.copytree(corpus.folder, copy, symlinks=True)
        yield copy / notebook, notebook


def _sanitizing(corpus: Corpus, mode: str, scratch: Path) -> list[str]:
    if mode != "sanitised":
        return []
    file = scratch / SANITIZE_NAME
    file.write_text(corpus.replacements, "utf-8")
    return [f"--nbval-sanitize-with={file}"]


def _no_configuration(scratch: Path) -> Path:
    """Return an empty configuration, so that the projects' own do not count."""
    file = scratch / "pytest.ini"
    file.write_text("[pytest]\n")
    return file


def _environment(scratch: Path, remedies: str | None) -> dict[str, str]:
    """Return the environment as a person has it who types the command."""
    mine: Mapping[str, str] = {
        name: one for name, one in os.environ.items() if not name.startswith("PYTEST_")
    }
    paths = [str(_CHECKOUT), *filter(None, [mine.get("PYTHONPATH", "")])]
    extra = {} if remedies is None else {
        "PARITY_REMEDIES": remedies,
        "PARITY_MESSAGES": str(scratch / "messages.json"),
        "PYTHONPATH": os.pathsep.join(paths),
    }  # fmt: skip
    return {**mine, "IPYTHONDIR": str(scratch / "ipython"), **extra}
