"""From a notebook to a version that a CD system delivered, over a git remote; stand-ins answer."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.result import State, Verdict
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, delivering_project, git, repository
from tests.targets.stand_in.azure_devops import AzureDevOps
from tests.targets.stand_in.github import GitHub
from tests.targets.stand_in.gitlab import GitLab
from tests.targets.stand_in.jenkins import Jenkins
from tests.targets.stand_in.pull_requests import AzureShop, GitHubShop, GitLabShop
from tests.targets.stand_in.server import SECRET, StandIn, standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VENDORS = {
    "github": GitHub,
    "azure-devops": AzureDevOps,
    "gitlab": GitLab,
    "jenkins": Jenkins,
    "shop-on-github": GitHubShop,
    "shop-on-gitlab": GitLabShop,
    "shop-on-azure": AzureShop,
}
TARGETS = """
[environments.github]
target = { kind = "github", workflow = "deliver.yml", repository = "us/digits", url = "<github>" }
[environments.azure-devops]
target = { kind = "azure-devops", organization = "contoso", project = "digits", pipeline = 42, url = "<azure-devops>" }
[environments.gitlab]
target = { kind = "gitlab", project = "us/digits", url = "<gitlab>/api/v4" }
[environments.jenkins]
target = { kind = "jenkins", url = "<jenkins>", job = "models/digits" }
[environments.shop-on-github]
target = { kind = "application", hub = "github", url = "<shop-on-github>", repository = "us/shop", file = "deploy/values.yaml", set = "model.version" }
[environments.shop-on-gitlab]
target = { kind = "application", hub = "gitlab", url = "<shop-on-gitlab>/api/v4", repository = "us/shop", file = "deploy/values.yaml", set = "model.version" }
[environments.shop-on-azure]
target = { kind = "application", hub = "azure-devops", url = "<shop-on-azure>", repository = "contoso/us/shop", file = "deploy/values.yaml", set = "model.version" }
"""  # noqa: E501 - a table in one line


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, StandIn]]:
    """One of each."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(standing(make())) for name, make in VENDORS.items()}


@pytest.fixture(scope="module")
def folder(servers: dict[str, StandIn], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project whose tests passed, with a remote, and a person with a key for each system."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text('[protocol "file"]\nallow = always\n')
    entries = [f'["{one.url}"]\nuser = "ada"\nsecret = "env:OUR_KEY"\n' for one in servers.values()]
    (home / "mlcd-credentials.toml").write_text("".join(entries))
    (home / "mlcd-credentials.toml").chmod(0o600)
    project = delivering_project(home / "work")
    text = (project / "mlcd.toml").read_text().replace("[environments.production]\n", TARGETS)
    for name, server in servers.items():
        text = text.replace(f"<{name}>", server.url)
    (project / "mlcd.toml").write_text(text)
    commit_all(project, "Many ways")
    git(project, "remote", "add", "origin", str(repository(home / "server.git", "--bare")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.delenv("XDG_CONFIG_HOME", raising=False)
        patch.setenv("JUPYTER_CONFIG_DIR", str(home))
        patch.setenv("OUR_KEY", SECRET)
        git(project, "push", "--quiet", "--set-upstream", "origin", "main")
        run = Workbench(project).run(RunRequest("quality"))
        deadline = time.monotonic() + 60
        while run.state is not State.ENDED:
            assert time.monotonic() < deadline, run
            time.sleep(0.05)
            run = Workbench(project).show_run(run.id)
        assert run.verdict is Verdict.PASSED
        yield project


@pytest.mark.parametrize("name", VENDORS)
def test_from_a_notebook_to_a_version_that_is_live(
    folder: Path, servers: dict[str, StandIn], name: str
) -> None:
    vendor = servers[name].vendor
    preview = Workbench(folder).preview(name)
    assert any(step.startswith("Pushes tag **v0.1.0**") for step in preview.steps)
    sent = Workbench(folder).deliver(name)
    assert sent.state is DeliveryState.DISPATCHED, sent.reason
    there = git(folder, "ls-remote", "origin").split()
    assert {"refs/tags/v0.1.0", "refs/heads/mlcd/evidence"} <= set(there)
    assert Workbench(folder).deliver(name).key == sent.key
    vendor.last.stage = 1
    assert Workbench(folder).show_delivery(sent.key).state is DeliveryState.DISPATCHED
    vendor.end()
    done = Workbench(folder).show_delivery(sent.key)
    assert (done.state, vendor.count(sent.key)) == (DeliveryState.DELIVERED, 1)
    assert done.ticket["url"].startswith("http")
    assert SECRET not in git(folder, "log", "--patch", "mlcd/evidence")
    assert servers[name].violations == []
