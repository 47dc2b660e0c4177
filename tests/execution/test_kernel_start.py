"""Kernels that are started and ended leave the folders around them alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from jupyter_mlcd.model.result import Verdict

if TYPE_CHECKING:
    from tests.execution.projects import Project

# In a process of its own, as in a run: the working folder is the process's.
SCRIPT = """
import os, sys
from pathlib import Path
from jupyter_mlcd.execution.kernel_environment import kernel_environment
from jupyter_mlcd.execution.kernel_start import end_kernel, start_kernel
from jupyter_mlcd.execution.kernels import choose_kernel
from jupyter_mlcd.execution.leavings import remove_socket_folder

choice = choose_kernel({"kernelspec": {"name": "python3"}}, sys.executable)
log = os.open("log", os.O_WRONLY | os.O_CREAT, 0o600)
manager = start_kernel(choice, Path.cwd(), kernel_environment(os.environ, "a-run", {}), log)
print(manager.provisioner.pid, flush=True)
end_kernel(manager, at_once=sys.argv[1] == "at-once")
remove_socket_folder(Path(manager.connection_file).parent)  # as whoever ends the process does it
os._exit(0)
"""


def is_gone_soon(pid: int) -> bool:
    """Whether a process ends; one that was killed a moment ago may still be there for another."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        end = time.monotonic() + 10
        while process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > end:
                return False
    return True


@pytest.mark.parametrize("how", ["asked", "at-once"])
def test_ending_a_kernel_removes_nothing_of_the_folder_it_is_ended_from(
    tmp_path: Path, how: str
) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, how],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    pid = int(ended.stdout)
    assert is_gone_soon(pid)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log", "precious.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no core files")
def test_a_kernel_drops_no_core_file_and_goes_first_when_memory_runs_out(project: Project) -> None:
    run = project.run_cells(
        "import resource\nassert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0",
        "import sys\nif sys.platform == 'linux':\n"
        "    assert int(open('/proc/self/oom_score_adj').read()) > 0",
    )
    assert run.verdict is Verdict.PASSED, run.reason


def test_a_kernel_has_a_folder_of_its_own_for_temporary_files(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    run = project.run_cells(
        "import os, tempfile\nplace = os.path.realpath(tempfile.mkdtemp())",
        f"assert place.startswith({str(tmp_path)!r}), place",
        f"assert os.path.dirname(os.path.dirname(place)) == {str(tmp_path)!r}, place",
        "import subprocess\nmade = subprocess.check_output(['mktemp', '-d'], text=True)\n"
        "assert os.path.dirname(os.path.realpath(made.strip())) == os.path.dirname(place), made",
    )
    assert run.verdict is Verdict.PASSED, run.reason
    assert not list(tmp_path.glob("k*"))


def test_cells_keep_the_names_that_warnings_show(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", "/tmp")  # noqa: S108 - as saved outputs show it
    run = project.run_cells("import warnings\nwarnings.warn('here')")
    (output,) = project.executed(run)["cells"][0]["outputs"]
    assert output["text"][0].startswith("/tmp/ipykernel_")  # noqa: S108 - the same
