"""From a notebook to a delivered version, over a git remote with log-in, to real servers."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import fsspec
import httpx
import msgspec
import pytest

from jupyter_mlcd.model.delivery import Delivery, DeliveryState
from jupyter_mlcd.model.result import State, Verdict
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, delivering_project, git, repository
from tests.targets.servers.buildbot_stand_in import PASSWORD
from tests.targets.servers.git_over_http import git_over_http
from tests.targets.servers.real import real_azure, real_buildbot, real_mlflow, real_s3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real

SECONDS = 60.0
PEOPLE = {"ada": "of-no-server"}
TARGETS = """
[environments.git]
target = {{ kind = "git", remote = "origin" }}
[environments.buildbot]
target = {{ kind = "buildbot", url = "{buildbot}", scheduler = "deliver" }}
[environments.mlflow]
target = {{ kind = "mlflow", url = "{mlflow}", model = "digits" }}
[environments.s3]
target = {{ kind = "folder", url = "s3://models/digits" }}
[environments.blob]
target = {{ kind = "folder", url = "az://models/digits" }}
[environments.command]
target = {{ kind = "command", run = ["{python}", "deploy.py", "{{version}}"] }}
"""
DEPLOY = """
import os, shutil, sys
shutil.copytree(os.environ["MLCD_FILES"], f"deployed-{sys.argv[1]}")
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the servers are; builds of Buildbot wait for a file there."""
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="module")
def servers(place: Path) -> Iterator[dict[str, str]]:
    """The addresses of all servers; the variables of the stores are set."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name, store in (("s3", real_s3), ("blob", real_azure)):
            (place / name).mkdir()
            for variable, value in stack.enter_context(store(place / name)).items():
                patch.setenv(variable, value)
        fsspec.filesystem("az", skip_instance_cache=True).mkdir("models")
        (place / "mlflow").mkdir()
        repository(place / "git/digits.git", "--bare")
        git(place / "git/digits.git", "config", "http.receivepack", "true")
        yield {
            "buildbot": stack.enter_context(real_buildbot(place)),
            "mlflow": stack.enter_context(real_mlflow(place / "mlflow")),
            "git": stack.enter_context(git_over_http(place / "git", PEOPLE)),
        }


@pytest.fixture(scope="module")
def folder(servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project whose tests passed, and a person with the keys that it takes."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(
        f'[credential]\nhelper = store --file={home}/passwords\n[protocol "http"]\nallow = always\n'
    )
    word = servers["git"].replace("://", f"://ada:{PEOPLE['ada']}@")
    (home / "passwords").write_text(f"{word}\n")
    keys = f'["{servers["buildbot"]}"]\nuser = "ada"\nsecret = "env:OUR_KEY"\n'
    (home / "mlcd-credentials.toml").write_text(keys)
    (home / "mlcd-credentials.toml").chmod(0o600)
    project = delivering_project(home / "work")
    targets = TARGETS.format(**servers, python=sys.executable)
    text = (project / "mlcd.toml").read_text().replace("[environments.production]\n", targets)
    (project / "mlcd.toml").write_text(text)
    (project / "deploy.py").write_text(DEPLOY)
    commit_all(project, "Six ways")
    git(project, "remote", "add", "origin", f"{servers['git']}/digits.git")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.delenv("XDG_CONFIG_HOME", raising=False)
        patch.setenv("JUPYTER_CONFIG_DIR", str(home))
        patch.setenv("OUR_KEY", PASSWORD)
        git(project, "push", "--quiet", "--set-upstream", "origin", "main")
        run = Workbench(project).run(RunRequest("quality"))
        deadline = time.monotonic() + SECONDS
        while run.state is not State.ENDED:
            assert time.monotonic() < deadline, run
            time.sleep(0.05)
            run = Workbench(project).show_run(run.id)
        assert run.verdict is Verdict.PASSED
        yield project


def delivered(folder: Path, environment: str) -> Delivery:
    """Deliver, and follow it to its end; the same click again is no second one."""
    bench = Workbench(folder)
    assert bench.preview(environment).steps
    sent = bench.deliver(environment)
    if sent.state is DeliveryState.DISPATCHED:
        assert bench.deliver(environment).key == sent.key
    return sent


def test_a_remote_over_http_has_the_tag(folder: Path, place: Path) -> None:
    assert delivered(folder, "git").state is DeliveryState.DELIVERED
    assert git(place / "git/digits.git", "tag", "--list").split() == ["v0.1.0"]


def test_buildbot_builds_it(folder: Path, place: Path) -> None:
    sent = delivered(folder, "buildbot")
    assert sent.state is DeliveryState.DISPATCHED, sent.reason
    (place / f"go-{sent.key}").touch()
    deadline = time.monotonic() + SECONDS
    while not (found := Workbench(folder).show_delivery(sent.key)).state.over:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)
    assert (found.state, found.ticket["state"]) == (DeliveryState.DELIVERED, "success")


def test_mlflow_serves_it_by_its_alias(folder: Path, servers: dict[str, str]) -> None:
    sent = delivered(folder, "mlflow")
    assert sent.state is DeliveryState.DELIVERED, sent.reason
    query = {"name": "digits", "alias": "mlflow"}
    url = f"{servers['mlflow']}/api/2.0/mlflow/registered-models/alias"
    version = httpx.get(url, params=query).raise_for_status().json()["model_version"]
    assert {"key": "mlcd.release", "value": sent.digest} in version["tags"]


@pytest.mark.parametrize(
    ("name", "url"), [("s3", "s3://models/digits"), ("blob", "az://models/digits")]
)
def test_a_store_has_it_and_current_names_it(folder: Path, name: str, url: str) -> None:
    sent = delivered(folder, name)
    assert sent.state is DeliveryState.DELIVERED, sent.reason
    fs, there = fsspec.url_to_fs(url, use_listings_cache=False, skip_instance_cache=True)
    current: Any = msgspec.json.decode(fs.cat_file(f"{there}/current.json"))
    assert (current["version"], current["release"]) == ("0.1.0", sent.digest)
    assert fs.exists(f"{there}/0.1.0/release.json")


def test_a_program_gets_it(folder: Path) -> None:
    sent = delivered(folder, "command")
    assert sent.state is DeliveryState.DELIVERED, sent.reason
    assert (folder / "deployed-0.1.0/release.json").is_file()
