"""A run: one execution of a suite on one tree, from the request over the plan to its state."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

import msgspec

from jupyter_mlcd.model.errors import UsageError
from jupyter_mlcd.model.result import CaseResult, State, Verdict
from jupyter_mlcd.model.scored_live import ScoredLive
from jupyter_mlcd.model.suite import Case, Compare, ComparerRule, Limits, OnFailure


class Change(StrEnum):
    """What happened to a file since the commit."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"


class Coverage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which lines of the project's own code the notebooks executed."""

    files: dict[str, tuple[int, int]]
    """``{path in the project: (lines executed, lines there are)}``."""
    percent: float


class NbvalCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the real ``pytest --nbval`` said about the same notebooks."""

    passed: int
    failed: int
    skipped: int
    report: str
    """Path of its JUnit file in the bundle."""
    disagreements: tuple[str, ...] = ()
    """Cells on which its verdict is another than ours, and why, in words."""


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The Run document that ``run --json`` prints and the REST API returns."""

    id: str
    """UUID version 7: sorts by time of start."""
    project: str
    suite: str
    """Name of the suite; for single notebooks their paths."""
    tree: str
    """Git tree id of the content that was tested."""
    commit: str
    """The commit that was checked out; empty on an unborn branch."""
    dirty: dict[str, Change]
    """Files of the tree that differ from the commit."""
    by: str
    """Who started it, as ``Name <e-mail>``."""
    started: str
    """UTC, ISO 8601."""
    cases: tuple[CaseResult, ...]
    state: State = State.WAITING
    verdict: Verdict | None = None
    """None until it has ended."""
    reason: str = ""
    ended: str = ""
    """UTC, ISO 8601; empty while it goes on."""
    estimate: float | None = None
    """Seconds that the whole run is expected to take, from earlier runs; None when unknown."""
    kept: bool = False
    """Whether it has been kept as evidence."""
    partial: bool = False
    """Whether only some of the suite's cases ran; such a run proves nothing about the suite."""
    coverage: Coverage | None = None
    nbval: NbvalCount | None = None
    """What the real ``pytest --nbval`` said, where the project asks for it."""
    digest: str = ""
    """Fingerprint of the evidence bundle, ``sha256:...``; empty until the run has ended."""
    jobs: int = 1
    """How many cases ran side by side."""
    # Unset and not None: what is not written stays out of manifest.json, which older clones read.
    scored: ScoredLive | msgspec.UnsetType = msgspec.UNSET
    """Whose model it scored in place of what its notebooks make; such a run tests no files."""
    v: int = 1


class RunRequest(msgspec.Struct, frozen=True):
    """What was asked for: a suite, or notebooks, with what differs from mlcd.toml."""

    suite: str = ""
    """Empty: the only suite there is."""
    notebooks: tuple[str, ...] = ()
    """Paths relative to the project; then ``suite`` does not count."""
    parameters: dict[str, Any] = {}
    compare: Compare | None = None
    """None: as mlcd.toml says."""
    sanitize: tuple[str, ...] = ()
    jobs: int = 0
    """How many cases side by side; 0 for as many as there are processors."""
    failed_only: bool = False
    """Only the cases that were red in the newest run of the suite, and those they wait for."""
    coverage: bool = False
    """Measure which lines of the project's code the notebooks execute."""
    environment: dict[str, str] = {}
    """Variables that its kernels see beside yours; never a secret."""
    id: str = ""
    """Of the run, where it was named before; empty for a new one."""
    scored: ScoredLive | None = None
    """Whose model is to be scored in place of what its notebooks make; None: they make it."""


class RunBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Run ``suite``, or the single ``notebook`` with ``parameters``, or several ``notebooks``.

    What a page or a widget may ask for: no comparison and no coverage, these are the suite's.
    """

    suite: str = ""
    notebook: str = ""
    notebooks: tuple[str, ...] = ()
    parameters: dict[str, Any] = {}
    failed_only: bool = False

    @property
    def request(self) -> RunRequest:
        """What the workbench takes. Raises UsageError unless exactly one of the three is named."""
        if sum(map(bool, (self.suite, self.notebook, self.notebooks))) != 1:
            raise UsageError("name a suite or a notebook", hint='Send {"suite": NAME}.')
        notebooks = (self.notebook,) if self.notebook else self.notebooks
        return RunRequest(
            self.suite, notebooks, parameters=self.parameters, failed_only=self.failed_only
        )


class RunPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the runner needs, decided before it starts and never changed."""

    id: str
    project: str
    """Name of the project."""
    prefix: str
    """Folder of the project inside the repository; empty at its root, else ending in ``/``."""
    repository: str
    """Folder from which git finds the repository."""
    suite: str
    tree: str
    commit: str
    dirty: dict[str, Change]
    by: str
    started: str
    cases: tuple[Case, ...]
    compare: Compare
    limits: Limits
    inputs: tuple[str, ...]
    """Declared untracked files and folders, linked read-only into every room."""
    jobs: int
    sanitize: tuple[str, ...] = ()
    """Paths of nbval sanitising files inside the project, applied in this order."""
    comparers: dict[str, ComparerRule] = {}
    """``{media type, stdout or stderr: rule}`` where nbval's own comparison is not wanted."""
    on_failure: OnFailure = OnFailure.RUN_ON
    retry: int = 0
    """How often a red case is tried again in a fresh kernel."""
    secrets: dict[str, str] = {}
    """``{variable of the kernels: where its value comes from}``; never a value."""
    coverage: tuple[str, ...] = ()
    """Folders of the project whose code is measured; empty: none is."""
    nbval: Literal["replay", "pytest"] = "replay"
    partial: bool = False
    """Whether these are only some of the suite's cases."""
    estimate: float | None = None
    environment: dict[str, str] = {}
    """Extra environment variables of the kernels; never a secret."""
    interpreter: str = ""
    """The Python that notebooks of kernel ``python3`` run on."""
    scored: ScoredLive | msgspec.UnsetType = msgspec.UNSET
    """Whose model is scored in place of what the notebooks make."""
    v: int = 1
