"""The targets that are tested against a stand-in, each with how it is made and what it says."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.model.target import AzureDevOpsTable, GitHubTable, GitLabTable, JenkinsTable
from jupyter_mlcd.ports import Parcel, PipelineTarget, Site
from jupyter_mlcd.targets.azure_devops import AzureDevOpsTarget
from jupyter_mlcd.targets.github import GitHubTarget
from jupyter_mlcd.targets.gitlab import GitLabTarget
from jupyter_mlcd.targets.jenkins import JenkinsTarget
from jupyter_mlcd.testing import FakeRemote
from jupyter_mlcd.world.credentials import Credential
from tests.targets.parcels import parcel
from tests.targets.stand_in.azure_devops import AzureDevOps
from tests.targets.stand_in.github import GitHub
from tests.targets.stand_in.gitlab import TRIGGER, GitLab
from tests.targets.stand_in.jenkins import Jenkins
from tests.targets.stand_in.server import SECRET, StandIn, Vendor, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

COMMIT = "c" * 40
REMOTE = "https://github.com/us/digits.git"


@dataclass(frozen=True)
class Opened:
    """A target, the server that it speaks to, and something to deliver."""

    target: PipelineTarget
    server: StandIn
    parcel: Parcel

    @property
    def vendor(self) -> Vendor:
        """What stands behind the server."""
        return self.server.vendor


@dataclass(frozen=True)
class Kind:
    """A target of a kind, with a vendor of its own."""

    name: str
    vendor: Callable[[], Vendor]
    make: Callable[[StandIn, Site], PipelineTarget]
    waits_for: str = "approval of production by ken, operators"
    """Empty where it does not tell."""
    failed: str = "failure"
    cancelled: str = "cancelled"
    stops: bool = True
    """Whether it can be asked to stop."""
    trigger_token: bool = False

    @contextmanager
    def opened(self, store: Path) -> Iterator[Opened]:
        """Run the vendor and make the target."""
        with standing(self.vendor()) as server:
            site = site_of(store, server.url, trigger_token=self.trigger_token)
            yield Opened(self.make(server, site), server, parcel(store, commit=COMMIT))


def site_of(folder: Path, url: str, *, trigger_token: bool = False) -> Site:
    """Return a project with one key, for this server and no other."""

    def credential(address: str) -> Credential | None:
        if not address.startswith(url):
            return None
        is_trigger = trigger_token and address.endswith("/trigger/pipeline")
        return Credential("ada", TRIGGER if is_trigger else SECRET, "env:TOKEN")

    def may_have(address: str) -> bool:
        return credential(address) is not None

    return Site(folder, lambda _: FakeRemote(address=REMOTE), credential, may_have)


def _github(**settings: str | bool) -> Callable[[StandIn, Site], PipelineTarget]:
    def make(server: StandIn, site: Site) -> PipelineTarget:
        return GitHubTarget(GitHubTable(url=server.url, **settings), site)  # type: ignore[arg-type]

    return make


def _azure(server: StandIn, site: Site) -> PipelineTarget:
    table = AzureDevOpsTable("contoso", "digits", 42, url=server.url)
    return AzureDevOpsTarget(table, site)


def _gitlab(server: StandIn, site: Site) -> PipelineTarget:
    return GitLabTarget(GitLabTable("us/digits", url=f"{server.url}/api/v4"), site)


def _jenkins(server: StandIn, site: Site) -> PipelineTarget:
    return JenkinsTarget(JenkinsTable(server.url, "models/digits"), site)


_DEPLOYMENT = ("", "error", "inactive")
_AZURE = ("approval by Ken T.", "failed", "canceled")
_GITLAB = ("approval by operators; somebody to start deploy", "failed", "canceled")
_JENKINS = ("an answer to: Deploy to production?", "FAILURE", "ABORTED")
KINDS = {
    kind.name: kind
    for kind in (
        Kind("github", GitHub, _github(workflow="deliver.yml")),
        Kind("github-old", lambda: GitHub(gives_run=False), _github(workflow="deliver.yml")),
        Kind("github-event", GitHub, _github(event="deliver")),
        Kind("github-deployment", GitHub, _github(deployment=True), *_DEPLOYMENT, stops=False),
        Kind("azure-devops", AzureDevOps, _azure, *_AZURE),
        Kind("gitlab", GitLab, _gitlab, *_GITLAB),
        Kind("gitlab-trigger", GitLab, _gitlab, *_GITLAB, trigger_token=True),
        Kind("jenkins", Jenkins, _jenkins, *_JENKINS),
    )
}
