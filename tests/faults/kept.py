"""A real project with real kept evidence, releases and a remote: what forgeries begin with."""

from __future__ import annotations

import dataclasses
import functools
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlcd.actions.verify_evidence import verify_evidence
from jupyter_mlcd.model.event import read_event
from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.ports import Continuity
from jupyter_mlcd.testing import FakeLedger
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, git, notebook, repository

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jupyter_mlcd.actions.desk import Desk
    from jupyter_mlcd.model.event import Event
    from jupyter_mlcd.model.run import Run
    from jupyter_mlcd.model.status import Verification

_PATIENCE_SECONDS = 240.0
_RECORD = "from jupyter_mlcd import record, record_table\n"

CONFIG = """
[project]
name = "small"

[suites.quality]
compare = "nothing"

[[suites.quality.notebooks]]
path = "prepare.ipynb"

[[suites.quality.notebooks]]
path = "train.ipynb"
after = ["prepare.ipynb"]
matrix = { seed = [1, 2] }
produces = ["model.txt"]
candidate = { seed = 1 }

[[gates]]
metric = "accuracy"
at-least = 0.5

[environments.staging]
suites = ["quality"]

[environments.production]
after = "staging"
suites = ["quality"]

[suites.odd]
compare = "every-cell"
retry = 1
limits = { cell = "4s" }
notebooks = {odd}
"""

TRAIN = (
    "parameters|seed = 0",
    "print('training with', seed)",
    "open('model.txt', 'w').write(f'model {seed} ' * 100)",
    _RECORD + "record('accuracy', 0.9 + seed / 100)\n"
    "record_table('worst', [{'digit': 8, 'wrong': seed}, {'digit': 9, 'wrong': 1}])",
    "seed + 41",
)
PREPARE = ("import os", "sorted([3, 1, 2])", "print('prepared')")

ODD: dict[str, tuple[str, ...]] = {
    "skips": ("1", "# NBVAL_SKIP\n2", "skip-execution|3", "print(4)"),
    "raises": ("raises-exception|1 / 0", "# NBVAL_RAISES_EXCEPTION\n{}['a']", "'after'"),
    "fails": ("print('one')", "1 / 0", "print('runs on')", "undefined"),
    "exits": ("1", "import sys; sys.exit(0)", "print('never')"),
    "asks_to_exit": ("1", "exit()", "2"),
    "dies": ("1", "import os; os._exit(7)", "2"),
    "empty": ("", "   \n", "# only a comment", "5", ""),
    "floods": ("print('x' * 6_000_000)", _RECORD + "record('loss', 0.1)"),
    "shows": (
        "from IPython.display import display, HTML\ndisplay(HTML('<b>bold</b>'), {'a': 1})",
        "import sys; print('one'); print('two', file=sys.stderr); print('three')",
        "for name in 'abc':\n    display(name)",
    ),
    "flaky": (
        "from pathlib import Path\nseen = Path({seen!r})",
        "again = seen.exists(); seen.touch(); assert again, 'red at first'",
        _RECORD + "record('flakiness', 1)",
    ),
    "slow": ("1", "import time; time.sleep(30)", "3"),
    "magic": ("%reset -f", "get_ipython().run_cell('1 + 1')", "%timeit -n1 -r1 pass"),
    "nothing": (),
}


@dataclass
class Stage:
    """The project and what it kept."""

    folder: Path
    runs: dict[str, list[str]] = field(default_factory=dict)
    """``{suite: ids of kept runs}``, oldest first."""
    versions: list[str] = field(default_factory=list)

    @property
    def bench(self) -> Workbench:
        """The project, opened anew."""
        return Workbench(self.folder)

    def play(self, *, releases: int = 3) -> Stage:
        """Make the project, and deliver a few versions of it to a bare remote and a folder."""
        remote = self.folder.parent / "remote.git"
        repository(remote, "--bare")
        repository(self.folder)
        (self.folder / "odd").mkdir()
        odd = json.dumps([f"odd/{name}.ipynb" for name in ODD])
        (self.folder / "mlcd.toml").write_text(CONFIG.replace("{odd}", odd))
        (self.folder / ".gitignore").write_text("releases/\n")
        for name, sources in ODD.items():
            seen = str(self.folder.parent / "seen")
            texts = (text.replace("{seen!r}", repr(seen)) for text in sources)
            (self.folder / "odd" / f"{name}.ipynb").write_text(notebook(*texts))
        git(self.folder, "remote", "add", "origin", str(remote))
        return self.play_on(releases)

    def play_on(self, releases: int) -> Stage:
        """Deliver so many more versions."""
        begun = len(self.versions)
        for number in range(begun, begun + releases):
            extra = f"print('version {number}')"
            (self.folder / "prepare.ipynb").write_text(notebook(*PREPARE, extra))
            (self.folder / "train.ipynb").write_text(notebook(*TRAIN, extra))
            commit_all(self.folder, f"Change {number}")
            self.keep("quality")
            self.bench.deliver("staging")
            self.bench.deliver("production")
        self.versions = list(self.bench.desk().history.releases)
        refs = ["main", "mlcd/evidence", *(f"v{one}" for one in self.versions)]
        git(self.folder, "push", "--quiet", "origin", *refs)
        return self

    def keep(self, suite: str) -> str:
        """Run a suite, keep it, and return the run's id."""
        run = self.ended(self.bench.run(RunRequest(suite)))
        self.bench.keep(run.id)
        self.runs.setdefault(suite, []).append(run.id)
        return run.id

    def ended(self, run: Run) -> Run:
        """Return a run at its end."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while run.state is not State.ENDED and time.monotonic() < end:
            time.sleep(0.05)
            run = self.bench.runner.load(run.id)
        return run


@dataclass(frozen=True)
class RememberedWorktree:
    """A real worktree that is asked once for each answer: nothing in it changes here."""

    real: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    @functools.cached_property
    def _cache(self) -> dict[tuple[Any, ...], Any]:
        return {}

    def _once(self, name: str, *asked: str) -> Any:
        key = (name, *asked)
        if key not in self._cache:
            self._cache[key] = getattr(self.real, name)(*asked)
        return self._cache[key]

    def read(self, revision: str, path: str) -> bytes | None:
        found: bytes | None = self._once("read", revision, path)
        return found

    def tree_of(self, revision: str) -> str:
        return str(self._once("tree_of", revision))

    def versions(self, revision: str, path: str) -> Sequence[bytes]:
        return tuple(self.real.versions(revision, path))


class MemoryLedger(FakeLedger):
    """The bytes of a real ledger without its history: what a file or an export would show."""

    def events(self) -> Sequence[Event]:
        """Return what the files say now, forged ones too."""
        texts = [self.content[path] for path in self.content if path.startswith("events/")]
        read = (read_event(text) for text in texts)
        return tuple(event for event in read if event is not None)

    def continuity(self) -> Continuity:
        return Continuity(0, remarks=("only the files are looked at here",))


class Memory:
    """A stage's ledger in memory, and the desk that reads it."""

    def __init__(self, stage: Stage) -> None:
        self.desk: Desk = stage.bench.desk()
        paths = [entry.path for entry in _store(stage).list()]
        order = {event.path: place for place, event in enumerate(self.desk.ledger.events())}
        paths.sort(key=lambda path: order.get(path, -1))
        self.content = dict(self.desk.ledger.read_all(paths))
        self.tagged = {f"v{one}": self.desk.ledger.read_tag(f"v{one}") for one in stage.versions}
        self.worktree = RememberedWorktree(self.desk.worktree)
        self.history = self.desk.history

    def ledger(self) -> MemoryLedger:
        """Return a copy to be changed."""
        return MemoryLedger(content=dict(self.content), tagged=dict(self.tagged))

    def verify(self, ledger: MemoryLedger, subject: str) -> Verification:
        """Verify with this ledger in the place of the real one."""
        desk: Any = dataclasses.replace(
            self.desk,
            ledger=ledger,
            worktree=self.worktree,
        )
        return verify_evidence(desk, subject)

    def bundle(self, run: str) -> dict[str, bytes]:
        """Return the files of a kept run."""
        start = f"{self.history.evidence[run].path}/"
        return {
            path.removeprefix(start): text
            for path, text in self.content.items()
            if path.startswith(start)
        }


def _store(stage: Stage) -> Any:
    from jupyter_mlcd.ledger.store import LedgerStore  # noqa: PLC0415 - as the ledger opens it

    return LedgerStore(stage.bench.git)


def as_json(value: Any) -> bytes:
    """Return JSON as our notebooks are written."""
    return json.dumps(value, indent=1).encode() + b"\n"
