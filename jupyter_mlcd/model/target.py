"""How environments are reached: the tables ``target = { kind = "...", ... }`` of mlcd.toml.

None of them names a key: keys are bound to addresses outside of the repository
(``world.credentials``). Values of inputs may hold ``{version}``, ``{digest}``, ``{tag}``,
``{commit}``, ``{environment}``, ``{project}`` and ``{key}``.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

import msgspec

_Path = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """TOML keys are written with hyphens; an unknown key is an error, never ignored."""


class FolderTable(_Table, frozen=True, tag="folder", tag_field="kind"):
    """``target = { kind = "folder", url = "releases/staging" }``."""

    url: str

    @property
    def in_store(self) -> bool:
        """Whether it is in a store that is reached over a network, and no folder here."""
        return "://" in self.url


class GitTable(_Table, frozen=True, tag="git", tag_field="kind"):
    """``target = { kind = "git", remote = "origin" }``."""

    remote: str = "origin"


class GitHubTable(_Table, frozen=True, tag="github", tag_field="kind"):
    """``target = { kind = "github", workflow = "deliver.yml" }``."""

    workflow: str = ""
    """File name of the workflow that is started at the tag (``workflow_dispatch``)."""
    event: str = ""
    """Type of a ``repository_dispatch`` that is sent instead."""
    inputs: dict[str, str] = {}
    """What the workflow gets beside ours."""
    deployment: bool = False
    """Whether a deployment is asked for instead; who carries it out writes its states."""
    release: bool = False
    """Whether a release with the delivered files is published there before, or instead."""
    repository: str = ""
    """``owner/name``; empty: that of the git remote."""
    url: str = ""
    """Where its API begins; empty: the cloud."""
    remote: str = "origin"


class AzureDevOpsTable(_Table, frozen=True, tag="azure-devops", tag_field="kind"):
    """``target = { kind = "azure-devops", organization = "contoso", project = "digits", ... }``."""

    organization: _Path
    project: _Path
    pipeline: Annotated[int, msgspec.Meta(ge=1)]
    parameters: dict[str, str] = {}
    url: str = "https://dev.azure.com"
    remote: str = "origin"


class GitLabTable(_Table, frozen=True, tag="gitlab", tag_field="kind"):
    """``target = { kind = "gitlab" }``."""

    project: str = ""
    """Its whole path; empty: that of the git remote."""
    variables: dict[str, str] = {}
    release: bool = False
    """Whether a release with links to the evidence is published there."""
    url: str = ""
    """Where its API begins; empty: the cloud, or the server of the git remote."""
    remote: str = "origin"


class JenkinsTable(_Table, frozen=True, tag="jenkins", tag_field="kind"):
    """``target = { kind = "jenkins", url = "https://ci.example.org", job = "models/digits" }``."""

    url: str
    job: _Path
    """Folders and name, with slashes."""
    parameters: dict[str, str] = {}
    remote: str = "origin"


class BuildbotTable(_Table, frozen=True, tag="buildbot", tag_field="kind"):
    """``target = { kind = "buildbot", url = "https://bb.example.org", scheduler = "deliver" }``."""

    url: str
    scheduler: _Path
    """Name of a force scheduler."""
    builder: str = ""
    """Empty: the only one of the scheduler."""
    properties: dict[str, str] = {}
    remote: str = "origin"


class MlflowTable(_Table, frozen=True, tag="mlflow", tag_field="kind"):
    """``target = { kind = "mlflow", url = "https://mlflow.example.org", model = "digits" }``."""

    url: str
    model: _Path
    """The registered model; it is made where it is not there."""
    alias: str = ""
    """The alias that points at what is live; empty: the environment's name."""
    experiment: str = "mlcd"
    """Where the files lie."""


class WebhookTable(_Table, frozen=True, tag="webhook", tag_field="kind"):
    """``target = { kind = "webhook", url = "https://cd.example.org/hook" }``."""

    url: str
    remote: str = ""
    """The git remote that gets tag and evidence first; empty: none."""


class CommandTable(_Table, frozen=True, tag="command", tag_field="kind"):
    """``target = { kind = "command", run = ["./deploy.sh", "{version}"] }``."""

    run: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    """A program and what it gets; no shell. It finds the files in ``MLCD_FILES``."""
    look_up: tuple[str, ...] = ()
    """A program that ends with 0 where this key was delivered, with 1 where it was not."""
    timeout: str = "10m"
    """How long it may take; then it is ended with all that came of it."""


class ApplicationTable(_Table, frozen=True, tag="application", tag_field="kind"):
    """``target = { kind = "application", repository = "us/shop", file = ..., set = ... }``."""

    repository: _Path
    """``owner/name`` on the hub of the git remote, or an address."""
    file: _Path
    """A file of it, by its path there."""
    set: str | dict[str, str] = ""
    """A key of a TOML, YAML or JSON file that becomes the version, or ``{key: text}``."""
    pattern: str = ""
    """Or: what stands in one line of any file, as ``digits-model=={version}``."""
    branch: str = "main"
    """The branch that it is for."""
    wait: bool = True
    """Whether it is delivered once it is merged, not as soon as it is proposed."""
    hub: Literal["", "github", "gitlab", "azure-devops", "git"] = ""
    """What the repository is on, where its address does not tell."""
    url: str = ""
    """Where the API of the hub begins; empty: the cloud, or the server of the address."""
    remote: str = "origin"
    """The git remote of this project, which gets tag and evidence before."""


class PlugInTable(_Table, frozen=True, tag="plug-in", tag_field="kind"):
    """A kind that another package brings, by the entry point ``jupyter_mlcd.targets``."""

    name: str
    settings: dict[str, Any] = {}
    """All other keys of the table."""


TargetTable = (
    FolderTable
    | GitTable
    | GitHubTable
    | AzureDevOpsTable
    | GitLabTable
    | JenkinsTable
    | BuildbotTable
    | MlflowTable
    | WebhookTable
    | CommandTable
    | ApplicationTable
    | PlugInTable
)

TABLES: Final[tuple[type[msgspec.Struct], ...]] = get_args(TargetTable)
OWN_KINDS: Final = tuple(
    str(table.__struct_config__.tag) for table in TABLES if table is not PlugInTable
)
