"""A project that has been worked on for years: files, commits, kept runs, releases, deliveries.

All of it is real: a git repository whose ledger was written by the ledger's own code, manifests,
JUnit and metrics by the bundle's, drafts by the journal's. Only the hours of the kernels are made
up. Building a thousand runs of a hundred cases takes about a minute.
"""

from __future__ import annotations

import hashlib
import math
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from jupyter_mlcd.bundle.files import Store
from jupyter_mlcd.bundle.junit import junit
from jupyter_mlcd.bundle.metrics import METRICS, metrics_file
from jupyter_mlcd.execution.run_folder import RunFolder, folder_of
from jupyter_mlcd.ledger.fast_import import Draft, import_drafts
from jupyter_mlcd.ledger.pieces import Piece, pieces_of
from jupyter_mlcd.model.config import parse
from jupyter_mlcd.model.delivery import delivery_key
from jupyter_mlcd.model.event import (
    LEDGER_REF,
    Body,
    DeliveryMoved,
    DeliveryRequested,
    EvidenceKept,
    ReleasePrepared,
    make_event,
)
from jupyter_mlcd.model.evidence import (
    MANIFEST,
    SUMS,
    Evidence,
    Manifest,
    Software,
    digest_of,
    evidence_path,
    sums,
)
from jupyter_mlcd.model.gate import scores
from jupyter_mlcd.model.release import Release, ReleasedRun, canonical, release_folder
from jupyter_mlcd.model.result import CaseResult, CellResult, FileDigest, State, Verdict
from jupyter_mlcd.model.run import Run, RunPlan
from jupyter_mlcd.model.run_events import CaseEnded, CaseStarted, CellStarted, RunEnded, RunStarted
from jupyter_mlcd.model.suite import Case, Compare, Limits
from jupyter_mlcd.world.clock import format_time
from jupyter_mlcd.world.git import Git
from jupyter_mlcd.world.git_blobs import blob_id
from jupyter_mlcd.world.git_names import ObjectId
from jupyter_mlcd.world.git_reading import Person
from tests.execution.projects import notebook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


MARA = Person("Mara Example", "mara@example.org")
_BATCH = 50
"""Runs per `git fast-import`."""
_CELLS = 8
_FIRST = datetime(2024, 1, 8, 9, tzinfo=UTC)
_BETWEEN = timedelta(hours=17)
"""From one kept run to the next: a thousand are two years of work."""
_RELEASED = 20
"""Every so many runs a version goes to staging, and from there to production."""
_NOTEBOOKS = "refs/mlcd/notebooks"
_SOFTWARE = Software(
    kernel="python3",
    language="python",
    version="3.11.2",
    platform="Linux-6.1-x86_64",
    packages={f"package-{number}": f"{number}.1.0" for number in range(120)},
)
_CONFIG = """\
[project]
name = "digits"

[suites.quality]
compare = "marked-cells"

[[suites.quality.notebooks]]
path = "train.ipynb"
matrix = {{ seed = {seeds} }}
produces = ["model.joblib"]
candidate = {{ seed = 1 }}

[[gates]]
metric = "accuracy"
goal = "max"
at-least = 0.5
better-than = "production"

[environments.staging]
suites = ["quality"]
target = {{ kind = "folder", url = "releases/staging" }}

[environments.production]
after = "staging"
target = {{ kind = "folder", url = "releases/production" }}
"""


@dataclass(frozen=True)
class Size:
    """How much there is."""

    runs: int = 1000
    """Kept runs, each on a commit of its own."""
    cases: int = 100
    """Cases of each run."""
    files: int = 3000
    """Files that git tracks."""
    drafts: int = 50
    """Ended runs on this machine that were not kept."""


SMALL = Size(runs=12, cases=4, files=30, drafts=2)
"""Enough to see that a command works."""


def named_size(arguments: Sequence[str]) -> Size:
    """Return the size that a command was given as its number of runs."""
    if not arguments:
        return Size()
    runs = int(arguments[0])
    return SMALL if runs <= SMALL.runs else replace(Size(), runs=runs)


class BigProject:
    """The project, in its folder."""

    def __init__(self, folder: Path, size: Size) -> None:
        """Take it as it is in ``folder``; where there is none, build it."""
        self.folder = folder
        self.size = size
        if not folder.exists():
            self._build()

    def _build(self) -> None:
        self.folder.mkdir(parents=True)
        self._git("init", "--quiet", "--initial-branch=main")
        self._git("config", "user.name", MARA.name)
        self._git("config", "user.email", MARA.email)
        self._write_files()
        self._write_commits()
        self._write_ledger()
        for number in range(self.size.drafts):
            self.write_draft(self.size.runs + number)

    @cached_property
    def git(self) -> Git:
        """The repository."""
        return Git.open(self.folder)

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """What the suite is made of."""
        return parse((self.folder / "mlcd.toml").read_text()).cases("quality")

    @cached_property
    def commits(self) -> list[tuple[str, str]]:
        """Commit and tree, one per kept run, oldest first."""
        told = self._git("log", "--reverse", "--format=%H %T", "main")
        return [(line.split()[0], line.split()[1]) for line in told.splitlines()]

    @cached_property
    def _product(self) -> FileDigest:
        """The model, in the Store."""
        model = self.folder / ".git" / "model.joblib"
        model.write_bytes(b"a model")
        return Store(self.folder / ".git" / "mlcd" / "store").put(model)

    def run_id(self, number: int) -> str:
        """Return the id of a kept run or a draft, counted from 0 in the order of time."""
        milliseconds = int(self._time(number).timestamp() * 1000)
        digits = f"{milliseconds:012x}7{number % 4096:03x}8{number:015x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def keep_one_more(self) -> None:
        """Keep one more run, as somebody does while others look."""
        number = self.size.drafts + int(self._git("rev-list", "--count", LEDGER_REF))
        draft = self._kept(number, self._run(number))
        import_drafts(self.git, LEDGER_REF, self._tip(), [draft])

    # --------------------------------------------------------------------------- files, commits

    def _write_files(self) -> None:
        seeds = list(range(1, self.size.cases + 1))
        sources = [f"value_{index} = {index}" for index in range(_CELLS)]
        (self.folder / "mlcd.toml").write_text(_CONFIG.format(seeds=seeds))
        (self.folder / "train.ipynb").write_text(notebook("seed = 1", *sources[1:]))
        (self.folder / ".gitignore").write_text("releases/\n")
        for number in range(self.size.files - 3):
            place = self.folder / "library" / f"part_{number // 100:02}" / f"module_{number}.py"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(f"NUMBER = {number}\n")
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message=A first model")

    def _write_commits(self) -> None:
        """Make commits that each change a few modules, and check the last one out."""
        drafts = []
        for number in range(1, self.size.runs):
            changed = {
                f"library/part_00/module_{(number * step) % min(97, self.size.files - 3)}.py": (
                    f"NUMBER = {number}\n".encode()
                )
                for step in (1, 7, 13)
            }
            pieces = pieces_of(self.git, changed)
            written_at = int(self._time(number).timestamp())
            drafts.append(Draft(f"Model {number}\n", MARA, written_at, pieces))
        base = self._git("rev-parse", "HEAD")
        import_drafts(self.git, "refs/heads/main", ObjectId(base), drafts)
        self._git("reset", "--quiet", "--hard", "main")

    # ---------------------------------------------------------------------------------- ledger

    def _write_ledger(self) -> None:
        for first in range(0, self.size.runs, _BATCH):
            numbers = range(first, min(first + _BATCH, self.size.runs))
            drafts = [draft for number in numbers for draft in self._drafts(number)]
            import_drafts(self.git, LEDGER_REF, self._tip(), drafts)

    def _drafts(self, number: int) -> Iterator[Draft]:
        run = self._run(number)
        kept = self._kept(number, run)
        yield kept
        if number % _RELEASED == _RELEASED - 1:
            yield from self._delivered(number, run)

    def _kept(self, number: int, run: Run) -> Draft:
        files, evidence = self._bundle(number, run)
        pieces = list(
            pieces_of(self.git, {f"{evidence.path}/{path}": files[path] for path in files})
        )
        notebooks = [
            Piece(f"{evidence.path}/{path}", oid, 0, None) for path, oid in self._written.items()
        ]
        words = f"Keep quality: {evidence.reason}"
        return self._draft(number, words, [EvidenceKept(evidence)], [*pieces, *notebooks])

    def _delivered(self, number: int, run: Run) -> Iterator[Draft]:
        version = f"0.{number // _RELEASED + 1}.0"
        release = Release(
            project=run.project,
            version=version,
            commit=run.commit,
            tree=run.tree,
            runs=(ReleasedRun(run.suite, run.id, self._bundle(number, run)[1].digest),),
            products={"model.joblib": self._product},
            scores=scores(run.cases, {"train.ipynb": "b" * 64}),
            policy=(),
            findings=(),
        )
        folder = release_folder(run.project, version)
        pieces = pieces_of(self.git, {f"{folder}/release.json": release.to_bytes()})
        prepared = ReleasePrepared(version, release.digest, run.commit)
        yield self._draft(number, f"Prepare digits {version}", [prepared], pieces)
        for environment in ("staging", "production"):
            key = delivery_key(release.digest, environment, 1)
            steps = (f"Copies **1 file** to **releases/{environment}**.",)
            asked = DeliveryRequested(key, version, release.digest, environment, 1, (), steps)
            words = f"Deliver digits {version} to {environment}"
            yield self._draft(number, words, [asked], ())
            done = DeliveryMoved(key, "delivered")
            yield self._draft(number, f"{version} to {environment}: delivered", [done], ())

    def _draft(
        self, number: int, words: str, bodies: Sequence[Body], pieces: Sequence[Piece]
    ) -> Draft:
        moment = self._time(number) + timedelta(minutes=30)
        events = [
            make_event(
                id=hashlib.sha256(f"{number} {words}".encode()).hexdigest()[:32],
                project="digits",
                at=format_time(moment),
                by=str(MARA),
                body=body,
            )
            for body in bodies
        ]
        written = pieces_of(self.git, {event.path: event.to_bytes() for event in events})
        return Draft(f"{words}\n", MARA, int(moment.timestamp()), (*pieces, *written))

    @cached_property
    def _executed(self) -> dict[str, bytes]:
        """The executed notebooks, by their paths in a bundle: every run has the same ones."""
        return {
            f"notebooks/{place:03}-train.ipynb": notebook(
                *(f"print({place}, {index})" for index in range(_CELLS))
            ).encode()
            for place in range(self.size.cases)
        }

    @cached_property
    def _written(self) -> dict[str, ObjectId]:
        """The same as git's objects, written once."""
        if not self._git("for-each-ref", _NOTEBOOKS):
            draft = Draft("notebooks\n", MARA, 0, pieces_of(self.git, self._executed))
            import_drafts(self.git, _NOTEBOOKS, None, [draft])
        return {path: blob_id(self.git, text) for path, text in self._executed.items()}

    def _bundle(self, number: int, run: Run) -> tuple[dict[str, bytes], Evidence]:
        """Return the files of a run's bundle but its notebooks, and its line in the list."""
        notebooks = {
            case.id: f"notebooks/{place:03}-train.ipynb" for place, case in enumerate(run.cases)
        }
        manifest = Manifest(
            run=run,
            prefix="",
            notebooks=notebooks,
            sources={"train.ipynb": "5" * 64},
            inputs={},
            scores=scores(run.cases, {"train.ipynb": "b" * 64}),
            delivers={"model.joblib": self._product},
            undelivered="",
            config="c" * 64,
            software=_SOFTWARE,
            attempt=1 + number % 3,
            builder="local",
            made_by="jupyter_mlcd 0.1.0",
        )
        files = {
            METRICS: metrics_file(run, notebooks),
            "junit.xml": junit(run),
            MANIFEST: canonical(manifest),
        }
        files[SUMS] = sums({**files, **self._executed})
        evidence = Evidence(
            id=run.id,
            project=run.project,
            suite=run.suite,
            tree=run.tree,
            commit=run.commit,
            dirty=False,
            verdict=run.verdict or Verdict.NOT_RUN,
            reason=run.reason,
            by=run.by,
            at=run.ended,
            digest=digest_of(files[SUMS]),
            path=evidence_path(run.id, run.started),
        )
        return files, evidence

    # ------------------------------------------------------------------------------------ runs

    def _run(self, number: int) -> Run:
        commit, tree = self.commits[min(number, len(self.commits) - 1)]
        started = self._time(number)
        return Run(
            id=self.run_id(number),
            project="digits",
            suite="quality",
            tree=tree,
            commit=commit,
            dirty={},
            by=str(MARA),
            started=format_time(started),
            cases=tuple(self._result(number, case, started) for case in self.cases),
            state=State.ENDED,
            verdict=Verdict.PASSED,
            reason=f"{len(self.cases)} of {len(self.cases)} cases passed",
            ended=format_time(started + timedelta(minutes=20)),
        )

    def _result(self, number: int, case: Case, started: datetime) -> CaseResult:
        cells = tuple(
            CellResult(index, f"cell-{index}", Verdict.PASSED, compared=index == 3, duration=0.2)
            for index in range(_CELLS)
        )
        seed = case.parameters.get("seed", 0)
        accuracy = 0.9 + 0.05 * math.sin(number / 50) + seed / 10_000
        return CaseResult(
            id=case.id,
            notebook=case.notebook,
            parameters=case.parameters,
            varied=case.varied,
            state=State.ENDED,
            verdict=Verdict.PASSED,
            reason=f"{_CELLS} of {_CELLS} cells ran, 1 compared",
            duration=1.6,
            started=format_time(started),
            position=_CELLS,
            total=_CELLS,
            cells=cells,
            metrics={"accuracy": accuracy, "f1": accuracy - 0.02},
            products={"model.joblib": self._product},
            candidate=case.candidate is True,
            peak_memory=200_000_000,
        )

    def draft_folder(self, number: int) -> RunFolder:
        """Return the folder of a draft."""
        return folder_of(self.folder / ".git", self.run_id(number))

    def write_draft(self, number: int, *, ended: bool = True) -> RunFolder:
        """Write the folder of a run as its runner leaves it; one cut off has half its cases."""
        run = self._run(number)
        folder = self.draft_folder(number)
        folder.root.mkdir(parents=True)
        folder.plan.write_bytes(msgspec.json.encode(self._plan(run)))
        at = run.started
        lines: list[object] = [RunStarted(at, 1, "gone")]
        for result in run.cases if ended else run.cases[: len(run.cases) // 2]:
            lines.append(CaseStarted(at, result.id, _CELLS))
            lines.extend(CellStarted(at, result.id, cell + 1) for cell in range(_CELLS))
            lines.append(CaseEnded(at, result))
        if ended:
            files, evidence = self._bundle(number, run)
            lines.append(RunEnded(run.ended, Verdict.PASSED, run.reason, digest=evidence.digest))
            (folder.bundle / "notebooks").mkdir(parents=True)
            for path, content in {**files, **self._executed}.items():
                (folder.bundle / path).write_bytes(content)
        folder.journal.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        return folder

    def _plan(self, run: Run) -> RunPlan:
        return RunPlan(
            id=run.id,
            project=run.project,
            prefix="",
            repository=str(self.folder),
            suite=run.suite,
            tree=run.tree,
            commit=run.commit,
            dirty={},
            by=run.by,
            started=run.started,
            cases=self.cases,
            compare=Compare.MARKED_CELLS,
            limits=Limits(),
            inputs=(),
            jobs=2,
        )

    def _time(self, number: int) -> datetime:
        return _FIRST + number * _BETWEEN

    def _tip(self) -> ObjectId | None:
        told = self._git("for-each-ref", "--format=%(objectname)", LEDGER_REF)
        return ObjectId(told) if told else None

    def _git(self, *arguments: str) -> str:
        made = subprocess.run(
            ["git", *arguments], cwd=self.folder, check=True, capture_output=True, text=True
        )
        return made.stdout.strip()
