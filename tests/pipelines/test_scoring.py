"""The written pipeline scores what is live where a rule asks for it, before evidence is pushed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.pipelines import CiSystem
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, git, mlcd
from tests.journeys.scoring import STRICT, scoring_project, write_evaluation, write_training
from tests.pipelines.test_executed import Place, scripts_of
from tests.world.repositories import GIT_CONFIG

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A project with a live version, and a commit that measures otherwise and is not tested."""
    root = tmp_path_factory.mktemp("scores")
    home = root / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(GIT_CONFIG)
    folder = scoring_project(root / "digits")
    assert mlcd(folder, "run").code == 0
    assert mlcd(folder, "deliver", "--to", "production", "--yes").code == 0
    write_training(folder, 8)
    write_evaluation(folder, STRICT)
    commit_all(folder, "Measure strictly")
    return Place(folder, "", home)


def clone(place: Place, name: str, *, keeps_files: bool) -> Path:
    """Return a clone as a CI system makes it; some keep the Store in a workspace of their own."""
    made = place.home / name
    git(place.home, "clone", "--quiet", str(place.folder), str(made))
    git(made, "checkout", "--quiet", "--detach", "origin/main")
    if keeps_files:
        shutil.copytree(place.folder / ".git/mlcd/store", made / ".git/mlcd/store")
    return made


def test_what_is_live_is_scored_after_the_suites_and_kept_with_them(place: Place) -> None:
    folder = clone(place, "tests", keeps_files=True)
    scripts = scripts_of(place, CiSystem.GITHUB, "test")
    tested = place.sh(CiSystem.GITHUB, scripts, folder)
    assert tested.code == 0, tested.said
    assert "0.1.0 scored again on today's data: accuracy 0.5" in tested.out
    bundle = folder / "mlcd-results/evidence.bundle"
    git(place.folder, "fetch", "--quiet", str(bundle), "+mlcd/evidence:mlcd/evidence")
    found = Workbench(place.folder).preview("production")
    assert "not-comparable" not in {one.code for one in found.reasons}
    assert any("(0.1.0 scored again on today's data)" in one.reason for one in found.findings)


def test_where_the_live_model_is_not_at_hand_the_tests_are_green_all_the_same(
    place: Place,
) -> None:
    folder = clone(place, "bare", keeps_files=False)
    git(folder, "update-ref", "refs/remotes/origin/mlcd/evidence", only_first(folder))
    tested = place.sh(CiSystem.GITHUB, scripts_of(place, CiSystem.GITHUB, "test"), folder)
    assert tested.code == 0, tested.said
    assert "model.json of 0.1.0 is not in the Store of this machine" in tested.out


def only_first(folder: Path) -> str:
    """Return the history as it was when 0.1.0 had just been delivered."""
    words = git(folder, "log", "--format=%H %s", "origin/mlcd/evidence").splitlines()
    return next(one.partition(" ")[0] for one in words if "0.1.0 to production" in one)
