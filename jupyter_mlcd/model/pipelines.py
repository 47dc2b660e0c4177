"""The files by which a company's CI system runs the suites and receives deliveries."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class CiSystem(StrEnum):
    """For which system pipelines can be written."""

    GITHUB = "github"
    AZURE = "azure"
    GITLAB = "gitlab"
    JENKINS = "jenkins"

    @property
    def words(self) -> str:
        """What people call it."""
        return _WORDS[self]


_WORDS = {
    CiSystem.GITHUB: "GitHub",
    CiSystem.AZURE: "Azure DevOps",
    CiSystem.GITLAB: "GitLab",
    CiSystem.JENKINS: "Jenkins",
}


class FileState(StrEnum):
    """How a file that would be written compares with what is there."""

    NEW = "new"
    SAME = "same"
    DIFFERS = "differs"
    """Something else is there; it is never overwritten."""


class PipelineFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a pipeline."""

    path: str
    """From the repository's top."""
    text: str
    state: FileState


class Pipelines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``init --ci`` writes."""

    system: CiSystem
    files: tuple[PipelineFile, ...]
    remarks: tuple[str, ...]
    """What is left to a person, or deserves attention."""
    table: str = ""
    """The lines of mlcd.toml that say where they run; empty where they are there."""
    is_whole: bool = False
    """Whether those lines say all that is needed, so that they can be written."""

    def having(self, state: FileState) -> tuple[PipelineFile, ...]:
        """Return the files in this state."""
        return tuple(one for one in self.files if one.state is state)


class PipelineFacts(msgspec.Struct, frozen=True):
    """What pipelines are filled with beside what mlcd.toml says."""

    prefix: str
    """Folder of the project inside the repository; empty at its root, else ending in ``/``."""
    several_projects: bool
    branch: str
    """The branch whose evidence counts."""
    python: str
    """As ``3.12``."""
    requirements: str
    """The project's file of Python requirements, relative to it; empty where there is none."""
    release: str
    """Version of this package."""
