"""How long does a handler of ours hold the server's event loop?

    python -m tests.benchmarks.event_loop [RUNS] [FOLDER]

asks every GET route, the watcher at work and a run writing its journal, in a project of 3,000 files
with a thousand kept runs of a hundred cases. ``loop_probe`` measures every callback in the server.
The peer is Jupyter Server's own ``/api/contents`` in the same run. "own" is the processor's time
of the callback that held longest; the rest of its time is waiting for a turn on a busy machine.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_mlcd.execution import journal
from jupyter_mlcd.model.run_events import CaseStarted, CellStarted, RunStarted
from jupyter_mlcd.server.routes import ROUTES
from jupyter_mlcd.world.process import own_identity
from tests.benchmarks.big_project import BigProject, named_size
from tests.benchmarks.figures import machine, table
from tests.benchmarks.serving import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

GOAL = 50
"""Milliseconds that no handler of ours is to hold the loop."""
TIMES_EACH = 5
OURS = "jupyter_mlcd"


@dataclass(frozen=True)
class Hold:
    """The longest hold while one thing was asked for several times."""

    name: str
    wall: float
    """Milliseconds."""
    own: float
    late: float
    """Milliseconds by which a tick came late at most: what another client feels."""
    where: str

    def row(self, peer: Hold) -> tuple[str, ...]:
        """Return a line of the table."""
        milliseconds = (f"{value:.0f}" for value in (self.wall, self.own, self.late))
        return (self.name, *milliseconds, f"{self.own / max(peer.own, 1):.1f}")

    @classmethod
    def of(cls, name: str, told: dict[str, Any]) -> Hold:
        """Return what the probe told."""
        worst = max(told["holds"], key=lambda hold: hold["own"], default=None)
        if worst is None:
            return cls(name, 0, 0, told["late"], "nothing over 5 ms")
        return cls(name, worst["wall"], worst["own"], told["late"], worst["name"])


def addresses(project: BigProject) -> Iterator[tuple[str, str]]:
    """Yield every GET route of a project, with parts that are there."""
    parts = {
        "run": project.run_id(project.size.runs // 2),
        "environment": "staging",
        "case": "0",
        "key": "0" * 32,
    }
    for route in ROUTES:
        if route.method == "GET":
            path = route.path.removeprefix("/mlcd/projects/{project}")
            for name, value in parts.items():
                path = path.replace(f"{{{name}}}", value)
            if "{" not in path:
                query = "?notebook=train.ipynb" if "notebook" in route.query else ""
                yield route.verb, path + query


def measure(project: BigProject, home: Path) -> list[Hold]:
    """Ask for everything; the peers come first."""
    found = []
    server = Server(project.folder, home)
    server.lab.load("tests.benchmarks.loop_probe")
    with server:

        def hold(name: str, address: str, times: int = TIMES_EACH) -> None:
            server.fetch("probe")
            for _ in range(times):
                server.ask(address)
            found.append(Hold.of(name, msgspec.json.decode(server.fetch("probe"))))

        folder = "api/contents/library/part_00?content=1"
        hold("peer: /api/contents, a folder of 100 files", folder)
        hold("peer: /api/contents, a notebook", "api/contents/train.ipynb?content=1")
        for verb, path in addresses(project):
            hold(verb, server.project + path)
        hold("openapi.json", "mlcd/openapi.json")
        with run_going_on(project):
            hold("the watcher, a run going on", f"{server.project}", 10)
    return found


class run_going_on:  # noqa: N801 - reads as what it is in a with statement
    """A run of a hundred cases that writes to its journal fifty times a second."""

    def __init__(self, project: BigProject) -> None:
        """Begin it."""
        number = project.size.runs + project.size.drafts
        self._case = project.cases[0].id
        folder = project.draft_folder(number)
        self._journal = folder.journal
        if not folder.root.exists():
            project.write_draft(number, ended=False)
        self._journal.unlink()
        me = own_identity()
        journal.append(self._journal, RunStarted("2026-01-01T00:00:00Z", me.pid, me.birth))
        journal.append(self._journal, CaseStarted("2026-01-01T00:00:00Z", self._case, 8))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> None:
        """Let it write."""
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._over.set()
        self._thread.join()

    def _write(self) -> None:
        for position in count(1):
            if self._over.wait(0.02):
                return
            journal.append(self._journal, CellStarted("2026-01-01T00:00:00Z", self._case, position))


def main() -> None:
    """Print the figures."""
    size = named_size(sys.argv[1:])
    with tempfile.TemporaryDirectory() as place:
        kept = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(place) / "project"
        found = measure(BigProject(kept, size), Path(place) / "home")
    print(f"{size.runs} kept runs of {size.cases} cases, {size.files} files; {machine()}")
    peer = max(found[:2], key=lambda hold: hold.own)
    heads = ("", "longest hold ms", "own ms", "late tick ms", "own / peer's")
    table(heads, [one.row(peer) for one in found])
    worst = max(found[2:], key=lambda hold: hold.own)
    print(f"Longest of ours: {worst.own:.0f} ms in {worst.where} ({worst.name}). Goal: {GOAL} ms.")


if __name__ == "__main__":
    main()
