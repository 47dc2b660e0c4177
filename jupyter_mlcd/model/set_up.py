"""First start: what is found in a repository without mlcd.toml, and what a person chooses of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jupyter_mlcd.model.errors import Problem

FOLDER = "releases/production"
"""Where versions go as long as nothing else is chosen."""


class System(StrEnum):
    """What stands behind a git remote, by its address."""

    GITHUB = "GitHub"
    AZURE_DEVOPS = "Azure DevOps"
    GITLAB = "GitLab"
    FOLDER = "folder"
    OTHER = "git server"


class FoundNotebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notebook, and what its text seems to do. It was looked at, not run."""

    path: str
    kernel: str
    """Name of the kernel that it asks for."""
    kernel_here: bool
    """Whether that kernel is installed where runs happen."""
    language: str
    parameters: tuple[str, ...]
    """Names that its parameters cell declares."""
    writes: tuple[str, ...]
    """Files that it seems to write, relative to the project; ``s3://...`` as it stands."""
    reads: tuple[str, ...]
    records: tuple[str, ...]
    """Names of the scores that it seems to record."""
    after: tuple[str, ...]
    """Notebooks that seem to write what it reads."""
    seconds: float | None
    """How long it took the last time, where that was saved with it."""
    tracked: bool
    """Whether git knows it."""
    against: str
    """Why it is not proposed, in words; empty when it is."""


class FoundRemote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A git remote of the repository."""

    name: str
    url: str
    """Without credentials."""
    system: System


class SetUpChoices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person chooses; what is proposed is of the same form."""

    name: str = ""
    """Of the project; empty takes the folder's."""
    notebooks: tuple[str, ...] | None = None
    """Those that are tested, in this order; None takes the proposal with all that follows."""
    in_order: bool = False
    """Each waits for all above it; else only for those that seem to write what it reads."""
    model: str = ""
    """The notebook that makes the model; empty: none does."""
    file: str = ""
    """The file that is delivered, relative to the project."""
    remote: str = ""
    """The git remote that versions go to; empty: a folder."""
    folder: str = FOLDER
    """Where versions go without a remote, relative to the project or absolute."""


class SetUpPreview(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What would be written and committed."""

    text: str
    """Of mlcd.toml."""
    files: tuple[str, ...]
    """What the commit would take, from the repository's top."""
    message: str
    """Of the commit."""
    commands: tuple[str, ...]
    """The same as plain commands."""
    remarks: tuple[str, ...] = ()
    """What deserves attention before it is written."""
    problem: Problem | None = None
    """Why this choice cannot be written."""


class SetUpProposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is found, and what we would choose."""

    notebooks: tuple[FoundNotebook, ...]
    """In the order in which they seem to depend on each other."""
    remotes: tuple[FoundRemote, ...]
    choices: SetUpChoices
    preview: SetUpPreview
    """Of these choices."""


class SetUpDone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What set-up wrote and committed."""

    file: str
    """mlcd.toml, from the repository's top."""
    text: str
    files: tuple[str, ...]
    """What the commit took, from the repository's top; only written without a commit."""
    commit: str
    """Empty where it was only written."""
    subject: str
    said: str
    """What git and its hooks printed."""
    commands: tuple[str, ...]
    """Plain commands that would have done the same."""


def system_of(url: str) -> System:
    """Return what a remote's address looks like."""
    host = url.partition("://")[2].partition("/")[0] if "://" in url else url.partition(":")[0]
    host = host.rpartition("@")[2].partition(":")[0].lower()
    if url.startswith(("file://", "/", ".", "~")) or ("://" not in url and ":" not in url):
        return System.FOLDER
    if host == "github.com" or host.startswith("github."):
        return System.GITHUB
    if host in {"dev.azure.com", "ssh.dev.azure.com"} or host.endswith(".visualstudio.com"):
        return System.AZURE_DEVOPS
    if host.startswith("gitlab.") or ".gitlab." in host:
        return System.GITLAB
    return System.OTHER
