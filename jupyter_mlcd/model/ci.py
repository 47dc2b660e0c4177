"""Runs of the company's CI system: where they are found, and how one stands.

``[ci]`` names the pipeline that runs the suites of this project; ``init --ci`` writes both.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, get_args

import msgspec

from jupyter_mlcd.model.target import AzureDevOpsTable, GitHubTable, GitLabTable, JenkinsTable

_HOUR: Final = 60
"""Minutes."""
_Path = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """What the pipelines of all systems share."""

    branch: str = ""
    """The branch of which a push starts it, and of which it keeps evidence; empty: none does."""
    remote: str = "origin"


class GitHubCiTable(_Table, frozen=True, tag="github", tag_field="kind"):
    """``[ci]`` with ``kind = "github"`` and ``workflow = "mlcd.yml"``."""

    workflow: str = "mlcd.yml"
    """File name of the workflow that runs the suites."""
    repository: str = ""
    """``owner/name``; empty: that of the git remote."""
    url: str = ""
    """Where its API begins; empty: the cloud."""

    def target(self) -> GitHubTable:
        """Return the same as a target has it."""
        return GitHubTable(self.workflow, repository=self.repository, url=self.url,
                           remote=self.remote)  # fmt: skip


class AzureDevOpsCiTable(_Table, frozen=True, tag="azure-devops", tag_field="kind"):
    """``[ci]`` with ``kind = "azure-devops"``, its organization, project and pipeline."""

    organization: _Path
    project: _Path
    pipeline: Annotated[int, msgspec.Meta(ge=1)]
    url: str = "https://dev.azure.com"

    def target(self) -> AzureDevOpsTable:
        """Return the same as a target has it."""
        return AzureDevOpsTable(self.organization, self.project, self.pipeline, url=self.url,
                                remote=self.remote)  # fmt: skip


class GitLabCiTable(_Table, frozen=True, tag="gitlab", tag_field="kind"):
    """``[ci]`` with ``kind = "gitlab"``."""

    project: str = ""
    """Its whole path; empty: that of the git remote."""
    url: str = ""
    """Where its API begins; empty: the cloud, or the server of the git remote."""

    def target(self) -> GitLabTable:
        """Return the same as a target has it."""
        return GitLabTable(self.project, url=self.url, remote=self.remote)


class JenkinsCiTable(_Table, frozen=True, tag="jenkins", tag_field="kind"):
    """``[ci]`` with ``kind = "jenkins"``, its address and its multibranch pipeline."""

    url: str
    job: _Path
    """Folders and name of the multibranch pipeline, with slashes."""

    def target(self) -> JenkinsTable:
        """Return the same as a target has it."""
        return JenkinsTable(self.url, self.job, remote=self.remote)


CiTable = GitHubCiTable | AzureDevOpsCiTable | GitLabCiTable | JenkinsCiTable
CI_TABLES: Final[tuple[type[msgspec.Struct], ...]] = get_args(CiTable)
CI_KINDS: Final = tuple(str(table.__struct_config__.tag) for table in CI_TABLES)


class CiState(StrEnum):
    """How the CI run of a commit stands."""

    NONE = "none"
    """Nobody started one, as far as it is known."""
    STARTING = "starting"
    """It is being pushed or asked for now."""
    EXPECTED = "expected"
    """The commit was pushed, which starts it: it does not show yet."""
    UNKNOWN = "unknown"
    """It was asked for, and the answer was lost: it is looked for, and not asked for again."""
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self in {CiState.PASSED, CiState.FAILED, CiState.CANCELLED}

    @property
    def is_busy(self) -> bool:
        """Whether it goes on without a person."""
        return self in {CiState.STARTING, CiState.EXPECTED, CiState.UNKNOWN, CiState.RUNNING}


class CiRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The CI run of one commit on one branch, as it was seen last."""

    commit: str
    branch: str
    """As the remote has it."""
    system: str
    """What people call it: GitHub."""
    state: CiState = CiState.NONE
    reason: str = ""
    """How it stands, in a sentence."""
    url: str = ""
    """Its own page; empty where that is not known."""
    pushed: str = ""
    """When this machine saw the commit pushed, UTC; empty where it was there for long."""
    sent: str = ""
    """When it was asked for, UTC; empty where a push started it."""
    since: str = ""
    """When it began, or was seen first, UTC."""
    evidence: bool = False
    """Whether evidence of these files by a builder is here."""

    @property
    def may_start(self) -> bool:
        """Whether a person may start one: none is known that goes on or proves something."""
        return self.state in {CiState.NONE, CiState.CANCELLED}

    def words(self, now: str) -> str:
        """How it stands, in a few words that tell what to do next."""
        why = f" ({self.reason})" if self.reason else ""
        came = "counts for the next version" if self.evidence else f"is not here: {self.reason}"
        words = {
            CiState.NONE: f"start the CI run of this commit{why}",
            CiState.STARTING: "CI is being started",
            CiState.EXPECTED: f"it was pushed, which starts CI: {self.system} shows no run yet",
            CiState.UNKNOWN: f"whether CI was started is not known: {self.reason}",
            CiState.RUNNING: f"CI is running: {_span(self.since, now)}",
            CiState.PASSED: f"CI passed, and its evidence {came}",
            CiState.FAILED: f"CI failed: see what {self.system} says",
            CiState.CANCELLED: "the CI run of this commit was cancelled: start it again",
        }
        return words[self.state]


def _span(since: str, now: str) -> str:
    """Return how long something goes on, in words for people: "2 min"."""
    try:
        seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(since)).total_seconds()
    except (ValueError, TypeError):
        return "since a while"
    minutes = max(0, int(seconds // 60))
    if not minutes:
        return "less than a minute"
    return f"{minutes} min" if minutes < _HOUR else f"{minutes // _HOUR} h {minutes % _HOUR} min"


class CiPreview(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What starting the CI run of a commit would do, before anybody agrees."""

    commit: str
    branch: str
    system: str
    steps: tuple[str, ...]
    """What will happen, in plain sentences; ``**bold**`` marks names."""
    commands: tuple[str, ...]
    """The same as plain commands."""
    commits: tuple[str, ...]
    """What is pushed, newest first, as ``1234567 subject``; empty where nothing is."""
    remarks: tuple[str, ...]
    """What deserves attention."""
    run: CiRun
    """The run of this commit as it was seen last."""
    digest: str
    """What a confirmation is bound to."""
    nonce: str = ""
    """Confirms once."""
