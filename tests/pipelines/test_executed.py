"""The shell steps of the written pipelines, run by a shell as the CI system would run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
import yaml

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.pipelines import CiSystem
from jupyter_mlcd.model.target import GitHubTable
from jupyter_mlcd.targets.github import GitHubTarget
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import Ended, commit_all, git, identify, mlcd, notebook, repository
from tests.pipelines.projects import config, shaped, steps_of, written
from tests.targets.parcels import parcel
from tests.targets.servers.git_over_http import git_over_http
from tests.targets.stand_in.github import GitHub
from tests.targets.stand_in.kinds import COMMIT, site_of
from tests.targets.stand_in.server import SECRET, standing
from tests.world.repositories import GIT_CONFIG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.mark.structures import ParameterSet

VARIABLE = {
    CiSystem.GITHUB: "GITHUB_ACTIONS",
    CiSystem.AZURE: "TF_BUILD",
    CiSystem.GITLAB: "GITLAB_CI",
    CiSystem.JENKINS: "JENKINS_HOME",
}
BUILDER = {**{one: one.value for one in CiSystem}, CiSystem.AZURE: "azure-devops"}
SHELL = {CiSystem.JENKINS: ("sh", "-e"), CiSystem.AZURE: ("bash", "--noprofile", "--norc")}

DELIVER = ".github/workflows/deliver.yml"
REPOSITORY = 'repository = "us/digits"'
_QUICK = 6
"""So many of the wrong deliveries are tried each time, the others where all is thorough."""


@dataclass
class Place:
    """A project, the server that holds it, and how a CI system takes a clone."""

    folder: Path
    address: str
    home: Path
    digest: str = ""

    @property
    def bare(self) -> Path:
        return self.folder.parent / "served/digits.git"

    def clone(self, name: str) -> Path:
        """Return a clone without credentials that stands at main, as a checkout action makes it."""
        made = self.folder.parent / name
        shutil.rmtree(made, ignore_errors=True)
        git(self.folder.parent, "clone", "--quiet", str(self.bare), str(made))
        git(made, "checkout", "--quiet", "--detach", "origin/main")
        git(made, "branch", "--quiet", "--delete", "--force", "main")
        git(made, "remote", "set-url", "origin", f"{self.address}/digits.git")
        return made

    def sh(self, system: CiSystem, scripts: list[str], folder: Path, **variables: str) -> Ended:
        """Run steps one after the other, until one fails; GitLab runs them in one shell."""
        joined = ["\n".join(scripts)] if system is CiSystem.GITLAB else scripts
        temporary = self.home / "tmp"
        (temporary / "mlcd/bin").mkdir(parents=True, exist_ok=True)
        (temporary / "mlcd/bin/activate").touch()  # what Jenkins makes first
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "CI": "true",
            "WORKSPACE_TMP": str(temporary),
            "CI_PROJECT_DIR": str(folder),
            VARIABLE[system]: "/var/lib/jenkins" if system is CiSystem.JENKINS else "true",
            **variables,
        }
        said = Ended(0, "", "")
        for text in joined:
            made = subprocess.run(
                [*SHELL.get(system, ("bash", "-e")), "-c", text], cwd=folder, env=environment,
                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120,
            )  # fmt: skip
            said = Ended(made.returncode, said.out + made.stdout, said.err + made.stderr)
            if said.code:
                break
        return said


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A version that was tested, prepared and pushed: staging asks for no approval."""
    with served(tmp_path_factory.mktemp("pipelines")) as made:
        yield made


@contextmanager
def served(root: Path, store: str = "") -> Iterator[Place]:
    home = root / "home"
    home.mkdir()
    protocols = '[protocol "http"]\nallow = always\n'  # a user has to allow plain http
    (home / ".gitconfig").write_text(GIT_CONFIG + protocols)
    bare = repository(root / "served/digits.git", "--bare")
    git(bare, "config", "http.receivepack", "true")
    folder = repository(root / "digits")
    text = config(CiSystem.GITHUB).partition("[suites.smoke]")
    rest = text[2].partition("[environments.staging]")
    whole = text[0] + rest[1] + rest[2]
    named = f'[project]\nstore = "{store}"' if store else "[project]"
    (folder / "mlcd.toml").write_text(whole.replace("[project]", named))
    (folder / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('model')"))
    commit_all(folder)
    git(folder, "remote", "add", "origin", str(bare))
    git(folder, "push", "--quiet", "origin", "main")
    assert mlcd(folder, "run", "quality", "--keep").code == 0
    digest = Workbench(folder).release().digest
    git(folder, "push", "--quiet", "origin", "v0.1.0", "mlcd/evidence")
    with git_over_http(bare.parent, {"ci": "of-no-server"}) as address:
        yield Place(folder, address, home, digest)


def scripts_of(place: Place, system: CiSystem, which: str) -> list[str]:
    """Return the shell steps of a pipeline, without those that fetch or install."""
    files = Workbench(place.folder).propose_pipelines(system).files
    text = files[-1 if which == "deliver" or system is CiSystem.GITLAB else 0].text
    if system is CiSystem.GITLAB:
        found = yaml.safe_load(text)[f"mlcd-{which}"]["script"]
    elif system is CiSystem.JENKINS:
        found = re.findall(r"sh '''\n(.*?)'''", text, re.DOTALL)
    else:
        file = place.home / "pipeline.yml"
        file.write_text(text)
        found = [step.get("run") or step.get("script") or "" for step in steps_of(file)]
    chosen = {
        "test": ("mlcd run ",),
        "evidence": ("review share", "remote set-url"),
        "deliver": ("evidence verify", "evidence export", "release download"),
    }[which]
    return [one for one in found if any(word in one for word in chosen)]


def receive(place: Place, system: CiSystem, folder: Path, **other: str) -> Ended:
    given = {
        "MLCD_DELIVERY_ID": "a" * 32, "MLCD_VERSION": "0.1.0", "MLCD_DIGEST": place.digest,
        "MLCD_TAG": "v0.1.0", "MLCD_ENVIRONMENT": "staging",
    }  # fmt: skip
    return place.sh(system, scripts_of(place, system, "deliver"), folder, **given | other)


def thorough(*values: object) -> list[ParameterSet]:
    """Return values that are near to a quicker one."""
    return [pytest.param(one, marks=pytest.mark.thorough) for one in values]


@pytest.mark.parametrize(
    "system", [CiSystem.GITHUB, CiSystem.GITLAB, *thorough(CiSystem.AZURE, CiSystem.JENKINS)]
)
def test_a_right_delivery_comes_to_the_place_where_the_companys_own_steps_begin(
    place: Place, system: CiSystem
) -> None:
    folder = place.clone(f"receives-{system}")
    received = receive(place, system, folder)
    assert received.code == 0, received.said
    assert "the rules of staging are met" in received.out
    assert (folder / "delivered/release.json").is_file()
    assert git(folder, "rev-parse", "HEAD") == git(folder, "rev-parse", "v0.1.0^{commit}")


WRONG = {
    "another fingerprint": {"MLCD_DIGEST": f"sha256:{'0' * 64}"},
    "another tag": {"MLCD_TAG": "v0.0.9"},
    "what nobody approved": {"MLCD_ENVIRONMENT": "production"},
    "an unknown environment": {"MLCD_ENVIRONMENT": "moon"},
    "no environment": {"MLCD_ENVIRONMENT": ""},
    "an option for a version": {"MLCD_VERSION": "--help"},
    "no fingerprint": {"MLCD_DIGEST": ""},
    "a branch for a tag": {"MLCD_TAG": "main"},
    "an unknown version": {"MLCD_VERSION": "0.2.0"},
    "a command for a version": {"MLCD_VERSION": "$(touch delivered)"},
}


@pytest.mark.parametrize("wrong", [*list(WRONG)[:_QUICK], *thorough(*list(WRONG)[_QUICK:])])
def test_anything_else_ends_before_anything_is_there_to_deploy(place: Place, wrong: str) -> None:
    folder = place.clone("refuses")
    before = git(folder, "rev-parse", "HEAD")
    received = receive(place, CiSystem.GITHUB, folder, **WRONG[wrong])
    assert received.code != 0, received.said
    assert not (folder / "delivered").exists()
    assert git(folder, "rev-parse", "HEAD") == before


@pytest.mark.parametrize("missing", ["MLCD_VERSION", "MLCD_DIGEST", "MLCD_TAG", "MLCD_ENVIRONMENT"])
def test_a_variable_that_nobody_set_is_no_delivery(place: Place, missing: str) -> None:
    folder = place.clone("refuses")
    scripts = [f"unset {missing}\n{one}" for one in scripts_of(place, CiSystem.JENKINS, "deliver")]
    received = place.sh(CiSystem.JENKINS, scripts, folder)
    assert received.code != 0
    assert not (folder / "delivered").exists()


@pytest.mark.parametrize("system", [CiSystem.GITHUB, *thorough(CiSystem.GITLAB)])
def test_the_suites_run_there_and_their_evidence_is_pushed_by_another_job(
    place: Place, system: CiSystem
) -> None:
    tested = place.clone("tests")
    run = place.sh(system, scripts_of(place, system, "test"), tested)
    assert run.code == 0, run.said
    assert "<testcase" in (tested / "mlcd-results/quality.xml").read_text()

    pushing = place.clone("pushes")
    shutil.copytree(tested / "mlcd-results", pushing / "mlcd-results")
    password = {
        "MLCD_GIT_USER": "ci", "MLCD_GIT_PASSWORD": "of-no-server",
        "CI_SERVER_URL": place.address, "CI_PROJECT_PATH": "digits",
    }  # fmt: skip
    before = evidence(place)
    wrong = place.sh(
        system, scripts_of(place, system, "evidence"), pushing,
        **password | {"MLCD_GIT_PASSWORD": "other"},
    )  # fmt: skip
    assert wrong.code != 0
    assert evidence(place) == before
    pushed = place.sh(system, scripts_of(place, system, "evidence"), pushing, **password)
    assert pushed.code == 0, pushed.said
    (new,) = evidence(place) - before
    manifest = json.loads(git(place.bare, "show", f"mlcd/evidence:{new}"))
    assert manifest["builder"] == BUILDER[system]
    assert manifest["run"]["by"] == "CI of digits <ci@digits.invalid>"
    assert "of-no-server" not in pushed.said + (pushing / ".git/config").read_text()


def evidence(place: Place) -> set[str]:
    """Return the manifests that are on the server."""
    listing = git(place.bare, "ls-tree", "-r", "--name-only", "mlcd/evidence")
    return {line for line in listing.splitlines() if line.endswith("/manifest.json")}


GH = """#!/bin/sh
test "$1 $2 $3 $4" = "release download v0.1.0 --dir" && test -n "$GH_TOKEN" || exit 2
mkdir -p "$5" && printf model > "$5/$ASSET"
git show origin/mlcd/evidence:releases/digits/0.1.0/release.json > "$5/release.json"
"""
"""GitHub's program as far as it is needed: it brings what a release holds, without folders."""


@pytest.mark.parametrize("asset", ["model.txt", *thorough("other.txt")])
def test_files_of_githubs_release_are_held_against_the_version(
    place: Place, tmp_path: Path, asset: str
) -> None:
    folder = place.clone("released")
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    own = folder / "mlcd.toml"
    changed = own.read_text().replace(REPOSITORY, f"{REPOSITORY}, release = true")
    (place.folder / "mlcd.toml").write_text(changed)
    try:
        scripts = scripts_of(place, CiSystem.GITHUB, "deliver")
    finally:
        git(place.folder, "checkout", "--quiet", "mlcd.toml")
    given = {
        "MLCD_VERSION": "0.1.0", "MLCD_DIGEST": place.digest, "MLCD_TAG": "v0.1.0",
        "MLCD_ENVIRONMENT": "staging", "GH_TOKEN": "of-no-server", "ASSET": asset,
        "PATH": f"{tmp_path}:{Path(sys.executable).parent}:{os.environ['PATH']}",
    }  # fmt: skip
    received = place.sh(CiSystem.GITHUB, scripts, folder, **given)
    assert (received.code == 0) is (asset == "model.txt"), received.said
    assert (folder / "delivered" / asset).read_text() == "model"


def test_a_model_of_ci_comes_by_the_shared_store_to_whoever_delivers_and_receives(
    tmp_path: Path,
) -> None:
    store = tmp_path / "shared"
    with served(tmp_path, f"file://{store}") as place:
        tested = identify(place.clone("tests"))
        (tested / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('newer')"))
        commit_all(tested, "A newer model")
        git(tested, "push", "--quiet", str(place.bare), "HEAD:main")
        run = place.sh(CiSystem.GITHUB, scripts_of(place, CiSystem.GITHUB, "test"), tested)
        assert run.code == 0, run.said

        pushing = place.clone("pushes")
        shutil.copytree(tested / "mlcd-results", pushing / "mlcd-results")
        shutil.rmtree(tested)
        password = {"MLCD_GIT_USER": "ci", "MLCD_GIT_PASSWORD": "of-no-server"}
        scripts = scripts_of(place, CiSystem.GITHUB, "evidence")
        pushed = place.sh(CiSystem.GITHUB, scripts, pushing, **password)
        assert pushed.code == 0, pushed.said
        assert "1 file went to the shared Store" in pushed.said
        shutil.rmtree(pushing)

        person = identify(place.clone("person"))
        git(person, "switch", "--quiet", "main")
        git(person, "remote", "set-url", "origin", str(place.bare))
        git(person, "branch", "--quiet", "--no-track", "mlcd/evidence", "origin/mlcd/evidence")
        place.digest = Workbench(person).release().digest
        git(person, "push", "--quiet", "origin", "v0.2.0", "mlcd/evidence")

        receiving = place.clone("receives")
        version = {"MLCD_VERSION": "0.2.0", "MLCD_TAG": "v0.2.0"}
        received = receive(place, CiSystem.GITHUB, receiving, **version)
        assert received.code == 0, received.said
        assert (receiving / "delivered/products/model.txt").read_text() == "newer"

        shutil.rmtree(store)
        git(receiving, "checkout", "--quiet", "--detach", "origin/main")
        shutil.rmtree(receiving / ".git/mlcd/store")
        lost = receive(place, CiSystem.GITHUB, receiving, **version)
        assert lost.code != 0
        assert "is neither here nor in file://" in " ".join(lost.said.split())


@pytest.mark.parametrize(
    ("end", "state"),
    [("success", DeliveryState.DELIVERED), ("failure", DeliveryState.FAILED),
     ("inactive", DeliveryState.CANCELLED)],
)  # fmt: skip
def test_a_deployment_is_told_its_states_and_so_are_we(
    tmp_path: Path, end: str, state: DeliveryState
) -> None:
    one = parcel(tmp_path / "store", commit=COMMIT)
    place = shaped(tmp_path / "digits", CiSystem.GITHUB, "by deployment")
    scripts = [step["run"] for step in steps_of(written(place, CiSystem.GITHUB)[DELIVER])
               if "/statuses" in step.get("run", "")]  # fmt: skip
    assert len(scripts) == 2
    with standing(GitHub()) as server:
        table = GitHubTable(url=server.url, deployment=True)
        target = GitHubTarget(table, site_of(tmp_path, server.url))
        sent = target.dispatch(one)
        parcel_sent = msgspec.structs.replace(one, ticket=sent.ticket)
        for script, word, expected in zip(
            scripts, ("in_progress", end), (DeliveryState.DISPATCHED, state), strict=True
        ):
            variables = {
                "GH_TOKEN": SECRET, "MLCD_DEPLOYMENT": sent.ticket["id"], "MLCD_STATE": word,
                "GITHUB_API_URL": server.url, "GITHUB_REPOSITORY": "us/digits",
                "GITHUB_SERVER_URL": "https://github.example", "GITHUB_RUN_ID": "7",
                "PATH": os.environ["PATH"],
            }  # fmt: skip
            subprocess.run(["bash", "-e", "-c", script], env=variables, check=True, timeout=60)
            found = target.look_up(parcel_sent)
            assert found is not None
            assert (found.state, found.ticket["state"]) == (expected, word)
            assert found.ticket["url"] == "https://github.example/us/digits/actions/runs/7"
        assert server.violations == []


def test_only_the_two_jobs_without_steps_of_yours_may_write_states(tmp_path: Path) -> None:
    place = shaped(tmp_path, CiSystem.GITHUB, "by deployment")
    workflow = yaml.safe_load(written(place, CiSystem.GITHUB)[DELIVER].read_text())
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    states = {"deployments": "write"}
    assert rights == {"began": states, "ended": states, "deliver": {"contents": "read"}}
    for name in ("began", "ended"):
        assert [step for step in workflow["jobs"][name]["steps"] if "uses" in step] == []


@pytest.mark.thorough
def test_a_red_suite_is_kept_and_fails_the_job(place: Place) -> None:
    folder = place.clone("red")
    (folder / "one.ipynb").write_text(notebook("1 / 0"))
    run = place.sh(CiSystem.GITHUB, scripts_of(place, CiSystem.GITHUB, "test"), folder)
    assert run.code == 1, run.said
    assert (folder / "mlcd-results/evidence.bundle").is_file()
