"""Kill runner, nursery, server or deliverer with -9 at random moments, and look at what is left.

    python -m tests.faults.kills [KILLS] [SEED]

prints how many were killed where, and what was lost: the promise is nothing, every time.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import psutil

from jupyter_mlcd.model.delivery import DeliveryAct, DeliveryState, Given
from jupyter_mlcd.model.errors import MlcdError
from jupyter_mlcd.model.result import State, Verdict
from jupyter_mlcd.model.run import Run, RunRequest
from jupyter_mlcd.server.projects import project_id
from jupyter_mlcd.workbench import Workbench
from jupyter_mlcd.world.git_reading import fsck
from jupyter_mlcd.world.places import runtime_directory
from tests.browser.lab import Lab

VICTIMS = ("runner", "nursery", "keeper", "deliverer", "deliverer", "roller back", "server")
_SETTLE_SECONDS = 30.0

CONFIG = """
[project]
name = "small"

[suites.quality]
[[suites.quality.notebooks]]
path = "train.ipynb"
matrix = { seed = [1, 2] }
produces = ["model.txt"]
candidate = { seed = 1 }

[environments.production]
"""

SOURCES = (
    ("parameters", "seed = 0"),
    ("", "import time\ntime.sleep(0.2)"),
    ("", "open('model.txt', 'w').write(f'model {seed}' * 1000)"),
)


@dataclass
class Tally:
    """What was done and what was found."""

    kills: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    """Kills that met the victim alive."""
    faults: list[str] = field(default_factory=list)

    def expect(self, promise: bool, words: str) -> None:
        """Note a fault unless the promise holds."""
        if not promise:
            self.faults.append(words)


def project(folder: Path) -> Path:
    """Make a committed project with a staged and an unstaged change of the user's own."""
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": f"cell-{index}",
            "execution_count": None,
            "metadata": {"tags": [tag]} if tag else {},
            "outputs": [],
            "source": source,
        }
        for index, (tag, source) in enumerate(SOURCES)
    ]
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    folder.mkdir(parents=True)
    (folder / "train.ipynb").write_text(json.dumps(notebook))
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / ".gitignore").write_text("releases/\n")
    for arguments in (
        ["init", "--quiet", "--initial-branch=main"],
        ["config", "user.name", "Mara Example"],
        ["config", "user.email", "mara@example.org"],
        ["add", "--all"],
        ["commit", "--quiet", "--message=First"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


def fingerprint(folder: Path) -> str:
    """Return what must never change by our doing: files, index and HEAD, byte for byte."""
    found = hashlib.sha256()
    places = [path for path in folder.rglob("*") if path.is_file()]
    own = [path for path in places if not {".git", "releases"} & set(path.parts)]
    git = [folder / ".git" / name for name in ("index", "HEAD")]
    for path in sorted([*own, *git]):
        found.update(str(path).encode() + path.read_bytes())
    asked = ["git", "rev-parse", "refs/heads/main"]  # It may be packed.
    found.update(subprocess.run(asked, cwd=folder, check=True, capture_output=True).stdout)
    return found.hexdigest()


class Day:
    """One project, used and killed over and over."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = project(folder)
        self.random = random.Random(seed)  # noqa: S311 - moments, not secrets
        self.tally = Tally()
        self.number = 0

    @property
    def bench(self) -> Workbench:
        return Workbench(self.folder)

    def change(self) -> None:
        """Commit another change, so that there is something new to deliver."""
        self.number += 1
        (self.folder / "notes.txt").write_text(f"change {self.number}\n")
        for arguments in (["add", "--all"], ["commit", "--quiet", f"--message={self.number}"]):
            subprocess.run(["git", *arguments], cwd=self.folder, check=True)

    def once(self) -> None:
        """Begin something, kill somebody, and look."""
        victim = self.random.choice(VICTIMS)
        self.tally.kills[victim] += 1
        self.change()
        if victim == "roller back":
            self._deliver_two()
        before = fingerprint(self.folder)
        events = len(self.bench.ledger.events())
        if victim in {"runner", "nursery", "server"}:
            self._kill_in_a_run(victim)
        elif victim == "roller back":
            self._kill_a_roll_back()
        else:
            self._kill_at_the_ledger(victim)
        self._look(before, events, victim)
        if victim == "roller back":
            self._go_back(victim)
        else:
            self._go_on(victim)
        self._look_at_the_ends(victim)

    # ---------------------------------------------------------------------------------- killing

    def _kill_in_a_run(self, victim: str) -> None:
        if victim == "server":
            self._kill_a_server()
            return
        run = self.bench.run(RunRequest("quality"))
        time.sleep(self.random.uniform(0.0, 1.2))
        pids = self._nurseries() if victim == "nursery" else self._runners(run.id)
        for pid in pids:
            self._kill(pid)

    def _kill_a_server(self) -> None:
        """A real Jupyter Server is asked for a run, and is gone before or after it answers."""
        server = Lab(self.folder, self.folder.parent / "home", app="jupyter_server")
        server.start()
        wish = f"mlcd/projects/{project_id('')}/runs"
        asking = Thread(target=server.post, args=(wish, {"suite": "quality"}))
        asking.start()
        time.sleep(self.random.uniform(0.05, 1.0))
        server.kill()
        self.tally.in_flight += 1
        asking.join()

    def _kill_at_the_ledger(self, victim: str) -> None:
        ended = self._ended(self.bench.run(RunRequest("quality")))
        self.tally.expect(ended.verdict is Verdict.PASSED, f"{victim}: {ended.reason}")
        words = ["deliver", "--to", "production", "--yes"]
        if victim == "keeper":
            words = ["evidence", "keep", ended.id]
        process = self._python(*words)
        time.sleep(self.random.uniform(0.15, 0.9))
        self._kill(process.pid)
        process.wait()

    def _kill_a_roll_back(self) -> None:
        process = self._python("roll-back", "--from", "production", "--why", "a trial", "--yes")
        time.sleep(self.random.uniform(0.15, 0.9))
        self._kill(process.pid)
        process.wait()

    def _deliver_two(self) -> None:
        """So that there is one to go back to."""
        self._go_on("before a roll back")
        self.change()
        self._go_on("before a roll back")

    def _python(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "jupyter_mlcd.cli.main", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _kill(self, pid: int) -> None:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).kill()
            self.tally.in_flight += 1

    def _runners(self, run: str) -> list[int]:
        return [one.pid for one in _processes() if run in " ".join(_command(one))]

    def _nurseries(self) -> list[int]:
        place = str(runtime_directory())
        return [
            one.pid
            for one in _processes()
            if "nursery" in " ".join(_command(one)) and place in " ".join(_command(one))
        ]

    # ---------------------------------------------------------------------------------- looking

    def _ended(self, run: Run) -> Run:
        end = time.monotonic() + _SETTLE_SECONDS
        while run.state is not State.ENDED and time.monotonic() < end:
            time.sleep(0.05)
            run = self.bench.runner.load(run.id)
        self.tally.expect(run.state is State.ENDED, f"the run {run.id} never ended")
        return run

    def _look(self, before: str, events: int, victim: str) -> None:
        for run in self.bench.runner.recent():
            self._ended(run)
        tally = self.tally
        tally.expect(fingerprint(self.folder) == before, f"{victim}: files, index or HEAD changed")
        bench = self.bench
        tally.expect(len(bench.ledger.events()) >= events, f"{victim}: an event was lost")
        history = bench.desk().history
        for evidence in list(history.evidence)[-2:]:
            found = bench.verify(evidence)
            bad = [check.words for check in found.checks if not check.ok]
            tally.expect(found.ok, f"{victim}: evidence {evidence}: {bad}")
        self._look_at_releases(victim)

    def _look_at_releases(self, victim: str) -> None:
        """Every release folder is whole: its files have the digests of its release.json."""
        place = self.folder / "releases" / "production"
        for folder in place.glob("[0-9]*"):
            release = json.loads((folder / "release.json").read_text())
            for path, digest in release["products"].items():
                found = hashlib.sha256((folder / path).read_bytes()).hexdigest()
                self.tally.expect(found == digest["sha256"], f"{victim}: {folder} is half")
        current = place / "current"
        if current.is_symlink():
            self.tally.expect(current.exists(), f"{victim}: `current` leads nowhere")

    def _go_on(self, victim: str) -> None:
        """After the crash the same wish is fulfilled, once."""
        ended = self._ended(self.bench.run(RunRequest("quality")))
        words = f"{victim}: the next run {ended.verdict}: {ended.reason}"
        self.tally.expect(ended.verdict is Verdict.PASSED, words)
        try:
            delivery = self.bench.deliver("production")
        except MlcdError as error:
            self.tally.expect("is live in production" in error.message, f"{victim}: {error}")
        else:
            words = f"{victim}: the next delivery {delivery.state}: {delivery.reason}"
            self.tally.expect(delivery.state is DeliveryState.DELIVERED, words)

    def _go_back(self, victim: str) -> None:
        """After the crash the roll back is asked for as a person does it, and happens once."""
        newest = list(self.bench.desk().history.deliveries.values())[-1]
        if not newest.back_from:
            preview = self.bench.preview_roll_back("production")
            replaces = preview.replaces.version if preview.replaces else ""
            newest = self.bench.roll_back(
                "production",
                version=preview.version,
                digest=preview.digest,
                replaces=replaces,
                given=Given("a trial"),
            )
        elif not newest.state.over:
            looked = self.bench.show_delivery(newest.key)
            is_unsent = DeliveryAct.GO_ON in looked.acts
            newest = self.bench.go_on(newest.key) if is_unsent else looked
        words = f"{victim}: {newest.state}: {newest.reason}"
        self.tally.expect(newest.state is DeliveryState.DELIVERED, words)
        live = self.bench.desk().history.live["production"]
        self.tally.expect(live.version == newest.version, f"{victim}: {live.version} is live")

    def _look_at_the_ends(self, victim: str) -> None:
        """Every delivery has an end, and nothing went out twice on one wish."""
        history = self.bench.desk().history
        done = [one for one in history.deliveries.values() if one.state.over]
        self.tally.expect(len(done) == len(history.deliveries), f"{victim}: a delivery hangs")
        brought = [one for one in done if one.state is DeliveryState.DELIVERED]
        wishes = Counter((one.digest, one.back_from) for one in brought)
        self.tally.expect(max(wishes.values()) == 1, f"{victim}: a release was delivered twice")

    def close(self) -> None:
        """Look at the repository as a whole, and for processes that were left."""
        self.tally.expect(fsck(self.bench.git) == (), "git fsck finds faults")
        for run in self.bench.runner.recent(1000):
            left = [one.pid for one in _processes() if run.id in " ".join(_command(one))]
            self.tally.expect(not left, f"processes were left: {left}")


def _processes() -> list[psutil.Process]:
    return list(psutil.process_iter())


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def kill_often(kills: int, seed: int) -> Tally:
    """Kill so many times and return what was found."""
    with tempfile.TemporaryDirectory() as folder:
        day = Day(Path(folder) / "small", seed)
        for _ in range(kills):
            day.once()
        day.close()
        return day.tally


def main() -> None:
    """Print the figures."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    began = time.monotonic()
    tally = kill_often(kills, seed)
    where = ", ".join(f"{name} {count}" for name, count in sorted(tally.kills.items()))
    print(f"{kills} kills with -9 (seed {seed}), {tally.in_flight} in flight: {where}")
    print(f"faults: {len(tally.faults)}; {time.monotonic() - began:.0f} s")
    for fault in tally.faults:
        print(f"  {fault}")
    sys.exit(1 if tally.faults else 0)


if __name__ == "__main__":
    main()
