"""The targets that are tested against a stand-in, each with how it is made and what it says."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.ledger.remote import GitRemote
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.ledger.tags import create_tag
from jupyter_mlcd.model.release import tag_message
from jupyter_mlcd.model.target import (
    AzureDevOpsTable,
    BuildbotTable,
    CommandTable,
    GitHubTable,
    GitLabTable,
    GitTable,
    JenkinsTable,
    MlflowTable,
    WebhookTable,
)
from jupyter_mlcd.ports import Parcel, PipelineTarget, Site, Target
from jupyter_mlcd.targets.azure_devops import AzureDevOpsTarget
from jupyter_mlcd.targets.buildbot import BuildbotTarget
from jupyter_mlcd.targets.command import CommandTarget
from jupyter_mlcd.targets.git import GitTarget
from jupyter_mlcd.targets.github import GitHubTarget
from jupyter_mlcd.targets.gitlab import GitLabTarget
from jupyter_mlcd.targets.jenkins import JenkinsTarget
from jupyter_mlcd.targets.mlflow import MlflowTarget
from jupyter_mlcd.targets.webhook import WebhookTarget
from jupyter_mlcd.testing import FakeRemote
from jupyter_mlcd.world.credentials import Credential
from jupyter_mlcd.world.git_reading import Person
from tests.targets.parcels import URL, folder_target, parcel, site
from tests.targets.servers.buildbot_stand_in import PASSWORD
from tests.targets.stand_in.azure_devops import AzureDevOps
from tests.targets.stand_in.github import GitHub
from tests.targets.stand_in.gitlab import TRIGGER, GitLab
from tests.targets.stand_in.jenkins import Jenkins
from tests.targets.stand_in.others import (
    HOOK,
    Buildbot,
    GitServer,
    Here,
    Mlflow,
    Placed,
    Receiver,
)
from tests.targets.stand_in.server import SECRET, StandIn, Vendor, standing
from tests.world.repositories import GIT_CONFIG, Repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

COMMIT = "c" * 40
REMOTE = "https://github.com/us/digits.git"


@dataclass(frozen=True)
class Opened:
    """A target, the server that it speaks to, and something to deliver."""

    target: Target
    server: StandIn
    parcel: Parcel

    @property
    def vendor(self) -> Vendor:
        """What stands behind the server."""
        return self.server.vendor

    @property
    def pipeline(self) -> PipelineTarget:
        """The target, where it is one that is followed, stopped and rehearsed."""
        assert isinstance(self.target, PipelineTarget)
        return self.target


@dataclass(frozen=True)
class Kind:
    """A target of a kind, with a vendor of its own."""

    name: str
    vendor: Callable[[], Vendor]
    make: Callable[[StandIn, Site], Target]
    waits_for: str = "approval of production by ken, operators"
    """Empty where it does not tell."""
    failed: str = "failure"
    cancelled: str = "cancelled"
    stops: bool = True
    """Whether it can be asked to stop."""
    trigger_token: bool = False
    secret: str = SECRET
    needs_key: bool = True
    """Whether nothing is sent without one."""
    follows: bool = True
    """Whether what it began goes on, and ends later."""
    finds: bool = True
    """Whether it can be asked for a key."""
    place: Callable[[Path], AbstractContextManager[Opened]] | None = None
    """How it is opened where that needs more than a server."""

    @contextmanager
    def opened(self, store: Path) -> Iterator[Opened]:
        """Run the vendor and make the target."""
        if self.place is not None:
            with self.place(store) as here:
                yield here
            return
        with standing(self.vendor()) as server:
            site = site_of(store, server.url, trigger_token=self.trigger_token, secret=self.secret)
            yield Opened(self.make(server, site), server, parcel(store, commit=COMMIT))


def site_of(folder: Path, url: str, *, trigger_token: bool = False, secret: str = SECRET) -> Site:
    """Return a project with one key, for this server and no other."""

    def credential(address: str) -> Credential | None:
        if not address.startswith(url):
            return None
        is_trigger = trigger_token and address.endswith("/trigger/pipeline")
        return Credential("ada", TRIGGER if is_trigger else secret, "env:TOKEN")

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


def _made_by_place(server: StandIn, site: Site) -> Target:
    raise AssertionError(server, site)


def _buildbot(server: StandIn, site: Site) -> Target:
    return BuildbotTarget(BuildbotTable(server.url, "deliver"), site)


def _mlflow(server: StandIn, site: Site) -> Target:
    return MlflowTarget(MlflowTable(server.url, "digits"), site)


def _webhook(server: StandIn, site: Site) -> Target:
    return WebhookTarget(WebhookTable(f"{server.url}/hook"), site)


@contextmanager
def _git(store: Path) -> Iterator[Opened]:
    """Make a repository whose origin is a server, as it stands before a delivery."""
    work, home = store.parent / "work", store.parent / "home"
    for one in (work, home, store.parent / "served"):
        shutil.rmtree(one, ignore_errors=True)
    home.mkdir(parents=True)
    http = '[protocol "http"]\nallow = always\n'  # a user has to allow plain http
    (home / ".gitconfig").write_text(GIT_CONFIG + http)
    before = os.environ["HOME"]
    os.environ["HOME"] = str(home)
    try:
        served = Repository.init(store.parent / "served/digits.git", "--bare")
        served.git("config", "http.receivepack", "true")
        repository = Repository.init(work)
        repository.write("train.ipynb", "{}")
        repository.commit("first")
        made = parcel(store, commit=repository.git("rev-parse", "HEAD"))
        vendor = GitServer(folder=store.parent / "served", key=made.key)
        with standing(vendor) as server:
            repository.git("remote", "add", "origin", f"{server.url}/digits.git")
            git = repository.opened()
            LedgerStore(git).append({"events/1.json": b"{}\n"}, "Deliver", ADA)
            message = tag_message(made.release)
            create_tag(git, made.tag, made.release.commit, message, ADA)
            site = Site(work, lambda name: GitRemote(git, name), lambda _address: None)
            yield Opened(GitTarget(GitTable("origin"), site), server, made)
    finally:
        os.environ["HOME"] = before


@contextmanager
def _command(store: Path) -> Iterator[Opened]:
    """Make a project whose program writes the key into a file, and one that looks for it."""
    log = store.parent / "log"
    log.unlink(missing_ok=True)
    ours = ["-c", 'echo "$MLCD_DELIVERY_ID" >> "$0"', str(log)]
    asks = ["-c", 'test -f "$0" && grep -q "$1" "$0"', str(log), "{key}"]
    table = CommandTable(("sh", *ours), ("sh", *asks))
    store.mkdir(parents=True, exist_ok=True)
    yield Opened(CommandTarget(table, site(store.parent)), StandIn(Here(log=log)), parcel(store))


@contextmanager
def _folder(store: Path) -> Iterator[Opened]:
    """Make a project with a folder; what it holds is the count."""
    shutil.rmtree(store.parent / "releases", ignore_errors=True)
    made = parcel(store)
    yield Opened(folder_target(store.parent), StandIn(Placed(store.parent / URL, made)), made)


ADA = Person("Ada Lovelace", "ada@example.org")
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
        Kind("buildbot", Buildbot, _buildbot, "", secret=PASSWORD, needs_key=False),
        Kind("mlflow", Mlflow, _mlflow, needs_key=False, follows=False),
        Kind(
            "webhook", Receiver, _webhook, secret=HOOK, needs_key=False, follows=False, finds=False
        ),
        Kind("git", GitServer, _made_by_place, needs_key=False, follows=False, place=_git),
    )
}
"""Those that speak to a server, which can lie to them."""
HERE = {
    kind.name: kind
    for kind in (
        Kind("command", Here, _made_by_place, needs_key=False, follows=False, place=_command),
        Kind("folder", Here, _made_by_place, needs_key=False, follows=False, place=_folder),
    )
}
"""Those that stay on this machine."""
