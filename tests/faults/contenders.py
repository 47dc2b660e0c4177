"""Many people click Deliver for the same version at the same moment: exactly one delivers it.

``python -m tests.faults.contenders [CONTENDERS] [ROUNDS]`` makes a project with a bare remote and a
clone for each person, lets all of them deliver at once, each in a process of its own, and counts
how often the CD system behind it was started. The remote, git and the processes are real; the CD
system writes a line into a file for each start.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.ports import Parcel, TargetAnswer
from jupyter_mlcd.testing import FakePipeline
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, git, mlcd, notebook, small_project

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET = 'target = { kind = "counted" }\n'


class CountedPipeline(FakePipeline):
    """Writes a line for each start into the file that all contenders share."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self.log = log

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Start, as a CD system that does not know that it was asked before."""
        with self.log.open("a") as file:
            file.write(f"{parcel.key}\n")
        return TargetAnswer(DeliveryState.DISPATCHED, "it runs", {"key": parcel.key})

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Know nothing: not one start may rely on being found out."""
        del parcel
        return None


def made(folder: Path, contenders: int) -> list[Path]:
    """Return the clones; the version was tested and its evidence lies in each of them."""
    first = small_project(folder / "first")
    (first / "one.ipynb").write_text(notebook("1 + 1"))
    with (first / "mlcd.toml").open("a") as config:
        config.write(TARGET)
    commit_all(first, "Deliver to a counted system")
    assert mlcd(first, "run").code == 0
    assert mlcd(first, "evidence", "keep").code == 0
    git(first, "init", "--bare", "--quiet", str(folder / "shared.git"))
    git(first, "remote", "add", "origin", str(folder / "shared.git"))
    git(first, "push", "--quiet", "origin", "HEAD", "mlcd/evidence")
    clones = []
    for number in range(contenders):
        clone = shutil.copytree(first, folder / f"person-{number}", symlinks=True)
        git(clone, "config", "user.name", f"Person {number}")
        git(clone, "config", "user.email", f"person-{number}@example.org")
        clones.append(clone)
    return clones


def contend(clone: Path, log: Path, start: float) -> str:
    """Deliver at the moment ``start``; return in a word what the person was told."""
    bench = Workbench(clone)

    def counted(_kind: str) -> Callable[..., CountedPipeline]:
        return lambda _table, _site: CountedPipeline(log)

    time.sleep(max(0.0, start - time.time()))
    try:
        with patch("jupyter_mlcd.workbench.target_class", counted):
            found = bench.deliver("production")
    except MlcdError as error:
        return error.code
    if found.state is DeliveryState.REFUSED:
        return f"refused: {found.reason}"
    mine = found.moments[-1].by == bench.by and found.state is DeliveryState.DISPATCHED
    return "delivered" if mine else f"sees {found.state}"


def play(contenders: int) -> tuple[int, Counter[str]]:
    """Return how often the system was started, and what the people were told."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        log = folder / "log.txt"
        log.touch()
        (folder / ".gitconfig").write_text("[protocol.file]\n\tallow = always\n")
        clones = made(folder, contenders)
        start = str(time.time() + 2 + contenders / 2)
        command = [sys.executable, "-m", "tests.faults.contenders", "--contend"]
        people = [
            subprocess.Popen(
                [*command, str(clone), str(log), start],
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "HOME": place},
            )
            for clone in clones
        ]
        told = Counter(person.communicate()[0].strip() for person in people)
        return len(log.read_text().splitlines()), told


def main(contenders: int, rounds: int) -> None:
    """Play some rounds and print what came of each."""
    won = 0
    for number in range(1, rounds + 1):
        starts, told = play(contenders)
        won += starts == 1
        words = ", ".join(f"{count} x {word}" for word, count in sorted(told.items()))
        print(f"round {number}: started {starts} time{'s' * (starts != 1)}; {words}", flush=True)
    print(f"{contenders} contenders, exactly one won in {won} of {rounds} rounds")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--contend"]:
        print(contend(Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4])))
    else:
        main(*(int(one) for one in [*sys.argv[1:], *("12", "25")[len(sys.argv[1:]) :]]))
