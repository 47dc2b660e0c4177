"""A project: what its ``mlcd.toml`` declares. ``model.config`` reads the file."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec

from jupyter_mlcd.model.ci import CiTable
from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.freeze import FreezeTable
from jupyter_mlcd.model.gate import Gate
from jupyter_mlcd.model.hub import HubKind, HubTable
from jupyter_mlcd.model.parameter_values import plain
from jupyter_mlcd.model.suite import (
    Case,
    Compare,
    Comparer,
    ComparerRule,
    Limits,
    NotebookEntry,
    OnFailure,
    expand,
)
from jupyter_mlcd.model.target import FolderTable, TargetTable

CONFIG_NAME = "mlcd.toml"

# ``$`` alone would let a final newline pass; ``\Z`` is not known to JSON Schema.
NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$(?!\n)"
Name = Annotated[str, msgspec.Meta(pattern=NAME_PATTERN)]


class Keep(StrEnum):
    """Which runs become evidence by themselves."""

    ON_REQUEST = "on-request"
    ALL = "all"


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A table of mlcd.toml: unknown keys are errors."""


class ProjectTable(_Table, frozen=True):
    """``[project]``."""

    name: Name
    policy: str = ""
    """The ref that gates and environments are read from, such as ``origin/main``; empty: here."""
    keep: Keep = Keep.ON_REQUEST
    nbval: Literal["replay", "pytest"] = "replay"
    """Judge by nbval's own code on the one execution, or run the real ``pytest --nbval`` too."""
    signers: str = ".mlcd/allowed_signers"
    """Who may approve: a file as ``ssh-keygen`` reads it, taken from where rules are."""
    store: str = ""
    """Address of a Store that others reach too, as ``s3://models/digits``, from where rules are."""


class LimitsTable(_Table, frozen=True):
    """``limits = { cell = "10m", notebook = "1h", memory = "4 GiB" }``."""

    cell: str = "10m"
    notebook: str = "1h"
    suite: str = ""
    memory: str = ""
    output: str = "5 MiB"


class ComparerTable(_Table, frozen=True):
    """``"image/png" = { by = "image", threshold = 0.02 }``."""

    by: Comparer
    absolute: float | None = None
    relative: float | None = None
    threshold: float | None = None


class NotebookTable(_Table, frozen=True):
    """``[[suites.NAME.notebooks]]``."""

    path: str
    after: tuple[str, ...] = ()
    parameters: dict[str, Any] = {}
    matrix: dict[str, tuple[Any, ...]] = {}
    produces: tuple[str, ...] = ()
    candidate: dict[str, Any] = {}


class SuiteTable(_Table, frozen=True):
    """``[suites.NAME]``."""

    notebooks: tuple[str | NotebookTable, ...]
    compare: Compare = Compare.MARKED_CELLS
    inputs: tuple[str, ...] = ()
    limits: LimitsTable = LimitsTable()
    sanitize: str | tuple[str, ...] = ()
    comparers: dict[str, ComparerTable] = {}
    """``{media type, stdout or stderr: how it is compared}``."""
    on_failure: OnFailure = OnFailure.RUN_ON
    retry: Annotated[int, msgspec.Meta(ge=0, le=5)] = 0
    secrets: dict[str, str] = {}
    """``{variable of the kernels: where its value comes from}``, such as ``env:API_KEY``."""
    coverage: tuple[str, ...] = ()
    """Folders of code whose executed lines are counted."""


class AllowTable(_Table, frozen=True):
    """``[[secrets.allow]]``: what looks like a secret and may be kept."""

    rule: str
    """The kind that the finding names."""
    reason: str
    fingerprint: str = ""
    """Of the one value, as ``jupyter mlcd evidence allow RUN`` prints it."""
    place: str = ""
    """The beginning of a place, as ``notebooks/000-train.ipynb, cell 3``: whatever stands there."""
    until: str = ""
    """A day, as ``2026-12-01``; empty: as long as it stands here."""


class SecretsTable(_Table, frozen=True):
    """``[secrets]``: what becomes of secrets that are found in what is about to be kept."""

    found: Literal["block", "redact"] = "block"
    """Refuse to keep it, or take them out of outputs and metadata and tell that."""
    allow: tuple[AllowTable, ...] = ()


class PersonalPlaceTable(_Table, frozen=True):
    """``[[personal-data.allow]]``: where rows look so and are none."""

    place: str
    """The beginning of a place, as ``notebooks/000-train.ipynb, cell 3``."""
    reason: str


class PersonalDataTable(_Table, frozen=True):
    """``[personal-data]``: what becomes of tables whose rows look like personal data."""

    found: Literal["warn", "out-of-git", "ignore"] = "warn"
    """Say so, keep the notebook in the Store by its digest and not in git, or do not look."""
    columns: tuple[str, ...] = ()
    """Headers that mean something of a person here, beside those that are known."""
    allow: tuple[PersonalPlaceTable, ...] = ()


class EnvironmentTable(_Table, frozen=True):
    """``[environments.NAME]``."""

    target: TargetTable | None = None
    """How it is reached; None means the folder ``releases/NAME`` of the project."""
    after: str = ""
    """The environment that a version must be live in first."""
    suites: tuple[str, ...] = ()
    """Suites that must have passed; empty means all."""
    deliver: Literal["by-hand", "automatic"] = "by-hand"
    """Who sends a version: a person, or whoever watches the project once all rules are met."""
    cool_down: str = ""
    """Least time between two deliveries that nobody asked for, as ``10m``; empty: none."""
    verify: str = ""
    """The suite that checks what is live after each delivery; where it is red, it goes back."""
    freeze: tuple[FreezeTable, ...] = ()
    """Times in which nothing is delivered there."""
    approvals: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0
    """How many people must approve a version first."""
    separation_of_duties: bool = False
    """Whether who ran the tests or wrote what is new cannot approve it."""
    approvals_from: HubKind | None = None
    """The hub whose approvals of the pull request count too; None: none."""
    approvals_expire: str = ""
    """How long an approval counts, as ``30d``; empty: for ever."""
    on_branch: str = ""
    """The branch that must hold a version's commit, as ``main`` or ``release/*``; empty: any."""
    built_by: str = ""
    """Who must have run its tests: ``ci``, or a builder as evidence names it; empty: anybody."""
    tell_work_items: bool = False
    """Whether it is written to the work items of a delivery that it is live."""


class ReviewTable(_Table, frozen=True):
    """``[review]``."""

    webhook: str = ""
    """Where it can be told that a review is asked for; empty: nowhere."""


class ReleaseNotesTable(_Table, frozen=True):
    """``[release-notes]``."""

    template: str = ""
    """File of the project that the notes of a release are made with; empty: ours."""


class SigstoreTable(_Table, frozen=True):
    """``[[sigstore]]``: an identity whose Sigstore signatures on exports count."""

    identity: Annotated[str, msgspec.Meta(min_length=1)]
    """As the certificate names it: an e-mail, or a workflow with its ref."""
    issuer: Annotated[str, msgspec.Meta(min_length=1)]
    """Who vouches for it: the address of the identity provider."""


class Project(_Table, frozen=True):
    """A checked ``mlcd.toml``."""

    project: ProjectTable
    suites: dict[Name, SuiteTable]
    gates: tuple[Gate, ...] = ()
    environments: dict[Name, EnvironmentTable] = {}
    hubs: dict[HubKind, HubTable] = {}
    ci: CiTable | None = None
    """The pipeline that runs the suites elsewhere; None: it is not known here."""
    review: ReviewTable = ReviewTable()
    secrets: SecretsTable = SecretsTable()
    personal_data: PersonalDataTable = PersonalDataTable()
    release_notes: ReleaseNotesTable = ReleaseNotesTable()
    sigstore: tuple[SigstoreTable, ...] = ()

    @property
    def name(self) -> str:
        """Name of the project."""
        return self.project.name

    def target(self, environment: str) -> TargetTable:
        """Return how ``environment`` is reached."""
        return self.environments[environment].target or FolderTable(url=f"releases/{environment}")

    def suites_for(self, environment: str) -> tuple[str, ...]:
        """Return the suites that must have passed before a delivery to ``environment``.

        Those that check what is live are run after it, unless they are named here too.
        """
        after = {table.verify for table in self.environments.values()}
        own = self.environments[environment].suites
        return own or tuple(suite for suite in self.suites if suite not in after)

    def is_automatic(self, environment: str) -> bool:
        """Whether versions go there without a person's word."""
        return self.environments[environment].deliver == "automatic"

    def gates_for(self, environment: str) -> tuple[Gate, ...]:
        """Return the rules that hold for ``environment``."""
        return tuple(g for g in self.gates if not g.environments or environment in g.environments)

    def ladder(self) -> tuple[str, ...]:
        """Return the environments from the first rung to the last."""
        rungs: list[str] = []
        for name in self.environments:
            chain = [name]
            while chain[0] and self.environments[chain[0]].after:
                chain.insert(0, self.environments[chain[0]].after)
            rungs.extend(rung for rung in chain if rung not in rungs)
        return tuple(rungs)

    def builder_for(self, environment: str) -> str:
        """Return the builder that ``environment``, or one that comes after it, asks for."""
        reached = [environment]
        for name in self.ladder():
            if self.environments[name].after in reached:
                reached.append(name)
        return next(filter(None, (self.environments[name].built_by for name in reached)), "")

    def cases(self, suite: str) -> tuple[Case, ...]:
        """Return the cases of a suite in the order they depend on each other."""
        goals = {gate.metric: gate.goal.value for gate in self.gates}
        return expand([entry_of(one) for one in self.suites[suite].notebooks], goals)

    def limits(self, suite: str) -> Limits:
        """Return how long the cells and notebooks of a suite may take."""
        table = self.suites[suite].limits
        return Limits(
            cell=seconds(table.cell),
            notebook=seconds(table.notebook),
            suite=seconds(table.suite) if table.suite else 0.0,
            memory=size(table.memory) if table.memory else 0,
            output=size(table.output),
        )

    def comparers(self, suite: str) -> dict[str, ComparerRule]:
        """Return how the outputs of a suite are compared where it is not nbval's way."""
        rules = {}
        for field, table in self.suites[suite].comparers.items():
            given = {name: getattr(table, name) for name in table.__struct_fields__}
            rules[field] = ComparerRule(**{k: v for k, v in given.items() if v is not None})
        return rules

    def sanitize(self, suite: str) -> tuple[str, ...]:
        """Return the sanitising files of a suite in the order in which they are applied."""
        files = self.suites[suite].sanitize
        return tuple(filter(None, (files,))) if isinstance(files, str) else files


def entry_of(one: str | NotebookTable) -> NotebookEntry:
    """Return the entry that a path, the short form, or a table stands for."""
    if isinstance(one, str):
        return NotebookEntry(path=one)
    fields = {name: getattr(one, name) for name in one.__struct_fields__}
    fields["parameters"] = plain(one.parameters)  # TOML has dates, JSON has not
    fields["matrix"] = {name: tuple(map(plain, values)) for name, values in one.matrix.items()}
    fields["candidate"] = plain(one.candidate)
    return NotebookEntry(**fields)


_DURATION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_MAXIMAL_SECONDS = 366 * 86400.0


def seconds(duration: str) -> float:
    """Return the seconds of ``"90s"``, ``"10m"`` or ``"1h"``. Raises ConfigError otherwise."""
    match = _DURATION.match(duration)
    length = float(match.group(1)) * _SECONDS[match.group(2)] if match else 0.0
    if not 0 < length <= _MAXIMAL_SECONDS:
        message = f"{duration!r} is not a duration"
        raise ConfigError(message, hint='Write a number and a unit, as in "90s", "10m" or "1h".')
    return length


_SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)\s*$", re.IGNORECASE)
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
          "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}  # fmt: skip


def size(text: str) -> int:
    """Return the bytes of ``"4 GiB"`` or ``"500 MB"``. Raises ConfigError otherwise."""
    match = _SIZE.match(text)
    found = round(float(match.group(1)) * _BYTES[match.group(2).lower()]) if match else 0
    if found <= 0:
        message = f"{text!r} is not a size"
        raise ConfigError(message, hint='Write a number and a unit, as in "4 GiB" or "500 MB".')
    return found


def is_inside(path: str) -> bool:
    """Whether a project-relative path stays inside the project on every system."""
    parts = path.split("/")
    return (
        bool(path)
        and "\\" not in path
        and not any(letter < " " or letter == "\x7f" for letter in path)
        and not path.startswith("/")
        and ":" not in parts[0]
        and all(part.casefold() not in {"", ".", "..", ".git"} for part in parts)
    )
