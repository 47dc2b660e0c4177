"""Kernels that are started and ended leave the folders around them alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

# In a process of its own, as in a run: the working folder is the process's.
SCRIPT = """
import os, sys
from pathlib import Path
from jupyter_mlcd.execution.kernel_environment import kernel_environment
from jupyter_mlcd.execution.kernel_start import end_kernel, start_kernel
from jupyter_mlcd.execution.kernels import choose_kernel

choice = choose_kernel({"kernelspec": {"name": "python3"}}, sys.executable)
log = os.open("log", os.O_WRONLY | os.O_CREAT, 0o600)
manager = start_kernel(choice, Path.cwd(), kernel_environment(os.environ, "a-run", {}), log)
print(manager.provisioner.pid, flush=True)
end_kernel(manager, at_once=sys.argv[1] == "at-once")
os._exit(0)
"""


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
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log", "precious.txt"]
