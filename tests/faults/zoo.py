"""Run notebooks whose kernels misbehave, and look at what each comes to and what is left.

    python -m tests.faults.zoo [--quick] [--patience SECONDS] [ANIMAL...]

prints a line per animal: verdict, seconds and budget, what was left, and how much more memory than
before its server held. Exit code 1 if anything is wrong. Linux: orphans must come back to us.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import Run, RunRequest
from jupyter_mlcd.workbench import Workbench
from jupyter_mlcd.world.process import marked_processes
from jupyter_mlcd.world.process_tree import Relative, adopt_orphans, descendants, end_descendants
from tests.faults.animals import ANIMALS, Animal
from tests.journeys.projects import commit_all, notebook, repository

PATIENCE = 15.0
"""Seconds more than its budget that an animal may take, until its run has ended."""
MEMORY = 100 << 20
"""Bytes more than before that the server may hold at its peak."""
_SETTLE_SECONDS = 120.0
_LOOK_SECONDS = 0.1
_CALM = Animal("calm", ("1",))
"""Fetches the nursery and all that a server loads once."""


@dataclass
class Visit:
    """What was seen of one animal."""

    animal: Animal
    run: Run
    seconds: float
    memory: int
    """Bytes that the server's peak rose."""
    left: list[str] = field(default_factory=list)
    """Processes and files that are still there."""

    def faults(self, patience: float) -> list[str]:
        """Return in words what is not as it has to be."""
        case = self.run.cases[0]
        expected = " or ".join(self.animal.verdicts)
        promises = {
            f"it is {case.verdict}, not {expected}": case.verdict in self.animal.verdicts,
            f"its reason lacks {self.animal.words!r}": self.animal.words in case.reason,
            f"it took {self.seconds:.1f} s": self.seconds <= self.animal.budget + patience,
            f"the server took {self.memory >> 20} MiB more": self.memory <= MEMORY,
            f"left: {'; '.join(self.left)}": not self.left,
        }
        return [words for words, holds in promises.items() if not holds]

    def line(self) -> str:
        """Return the figures in one line."""
        case = self.run.cases[0]
        return (
            f"{self.animal.name:31} {case.verdict:11} {self.seconds:5.1f} s of "
            f"{self.animal.budget:3.0f}+{PATIENCE:.0f}  left {len(self.left)}  "
            f"server {self.memory / 2**20:+6.1f} MiB  kernel {case.peak_memory >> 20:5} MiB  "
            f"{case.reason[:90]}"
        )


class Zoo:
    """A place where animals run, of which everything that is left can be seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        os.environ["TMPDIR"] = str(self.temporary)
        tempfile.tempdir = None
        if "XDG_RUNTIME_DIR" not in os.environ:
            runtime = folder / "run"
            runtime.mkdir(0o700)
            os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        self.runtime = Path(os.environ["XDG_RUNTIME_DIR"], "mlcd")
        adopt_orphans()

    def visit(self, animal: Animal) -> Visit:
        """Run one animal to its end and look around."""
        project, token = self._project(animal)
        bench = Workbench(project)
        before = _peak_memory()
        began = time.monotonic()
        run = self._run(bench, project, animal)
        seconds = time.monotonic() - began
        visit = Visit(animal, run, seconds, _peak_memory() - before)
        visit.left += self._processes(run.id)
        visit.left += self._files(project, run.id, token)
        if animal.outside != "edit" and _status(project):
            visit.left.append(f"changes of the user's files: {_status(project)}")
        end_descendants(spared=self.nurseries())  # the next animal is not to blame
        return visit

    def _project(self, animal: Animal) -> tuple[Path, str]:
        token = f"{animal.name}-{os.getpid()}"
        project = repository(self.folder / animal.name)
        cells = [source.replace("TOKEN", token) for source in animal.cells]
        (project / "animal.ipynb").write_text(notebook(*cells))
        (project / "part.py").write_text("VALUE = 'tested'\n")
        (project / "mlcd.toml").write_text(
            '[project]\nname = "zoo"\n[suites.zoo]\nnotebooks = ["animal.ipynb"]\n'
            f"limits = {{ {animal.limits} }}\n"
        )
        commit_all(project)
        return project, token

    def _run(self, bench: Workbench, project: Path, animal: Animal) -> Run:
        run = bench.run(RunRequest("zoo"))
        is_done = not animal.outside
        end = time.monotonic() + _SETTLE_SECONDS
        while run.state is not State.ENDED:
            if time.monotonic() > end:  # which is a fault of its own
                bench.cancel(run.id)
            time.sleep(_LOOK_SECONDS)
            run = bench.show_run(run.id)
            if not is_done and run.cases[0].position:
                time.sleep(1)  # its daemons are to be there
                animal.from_outside(bench, project, run)
                is_done = True
        return run

    def _processes(self, run: str) -> list[str]:
        """Return who is left: carries the run's mark, or came of us or of the nursery."""
        # The runner writes its last word before it ends.
        end = time.monotonic() + 5
        while self._strangers() and time.monotonic() < end:
            time.sleep(0.02)
        found = {one.pid: one for one in self._strangers()}
        marked = {one.pid for one in marked_processes(run)}
        return [f"process {pid} {_command(pid)}" for pid in sorted({*found, *marked})]

    def _strangers(self) -> list[Relative]:
        ours = set(self.nurseries())
        return [one for one in descendants(os.getpid(), *ours) if one.runs and one.pid not in ours]

    def nurseries(self) -> list[int]:
        """Return the processes that serve this zoo from run to run."""
        found = (int(one.name) for one in Path("/proc").glob("[0-9]*"))
        return [pid for pid in found if f"execution.nursery {self.runtime}" in _command(pid)]

    def _files(self, project: Path, run: str, token: str) -> list[str]:
        left = [path for path in self.runtime.iterdir() if path.suffix not in _OF_A_NURSERY]
        left += self.temporary.iterdir()
        left += Path("/dev/shm").glob(f"*{token}*")  # noqa: S108 - where Linux keeps them
        rooms = project / ".git" / "mlcd" / "runs" / run / "rooms"
        left += [rooms] if rooms.exists() else []
        return [f"file {path}" for path in left]


_OF_A_NURSERY = (".s", ".lock", ".log")


def _status(project: Path) -> str:
    asked = ["git", "status", "--porcelain"]
    return subprocess.run(asked, cwd=project, check=True, capture_output=True, text=True).stdout


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _peak_memory() -> int:
    """Return the most bytes that this process held since the last time it was asked."""
    status = Path("/proc/self/status").read_text()
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    Path("/proc/self/clear_refs").write_text("5")
    return int(peak) * 1024


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("animals", nargs="*", choices=[[], *(one.name for one in ANIMALS)])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--patience", type=float, default=PATIENCE)
    wanted = parser.parse_args()
    faulty = 0
    with tempfile.TemporaryDirectory(prefix="zoo-") as folder:
        zoo = Zoo(Path(folder))
        zoo.visit(_CALM)
        for animal in ANIMALS:
            if wanted.animals and animal.name not in wanted.animals:
                continue
            if wanted.quick and not animal.is_quick:
                continue
            visit = zoo.visit(animal)
            print(visit.line(), flush=True)
            faults = visit.faults(wanted.patience)
            faulty += bool(faults)
            for fault in faults:
                print(f"    WRONG: {fault}", flush=True)
        end_descendants()  # the nursery, which would go on waiting for work
    print(f"{faulty} animals with faults")
    sys.exit(1 if faulty else 0)


if __name__ == "__main__":
    main()
