"""Starting CI in a real browser, from the reason that waits for it to a version that may go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from jupyter_mlcd.model.result import State
from jupyter_mlcd.model.run import RunRequest
from jupyter_mlcd.workbench import Workbench
from tests.browser import axe
from tests.browser.lab import Lab
from tests.browser.page import RUNNING, SOON, Delivery
from tests.journeys.projects import commit_all, git, notebook, repository
from tests.journeys.test_ci_to_delivery import CONFIG, run_as_ci
from tests.targets.stand_in.ci import GitHubTests
from tests.targets.stand_in.server import SECRET, StandIn, standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def system() -> Iterator[StandIn]:
    """Run GitHub."""
    with standing(GitHubTests()) as server:
        yield server
        assert server.violations == []


@pytest.fixture
def small(tmp_path: Path, system: StandIn) -> Path:
    """Return a project whose newest commit is tested here, and not on its remote."""
    folder = repository(tmp_path / "work" / "small")
    (folder / "mlcd.toml").write_text(CONFIG.replace("<url>", system.url))
    (folder / ".gitignore").write_text("releases/\n.ipynb_checkpoints/\n")
    (folder / "one.ipynb").write_text(notebook("pass"))
    commit_all(folder)
    git(folder, "remote", "add", "origin", str(repository(tmp_path / "server.git", "--bare")))
    git(folder, "push", "--quiet", "--set-upstream", "origin", "main")
    (folder / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('model')"))
    commit_all(folder, "Write a model")
    bench = Workbench(folder)
    run = bench.run(RunRequest("quality"))
    while run.state is not State.ENDED:
        run = bench.show_run(run.id)
    return folder


@pytest.fixture
def lab(
    small: Path, tmp_path: Path, system: StandIn, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Lab]:
    """Run JupyterLab for somebody who has a key."""
    server = Lab(small, tmp_path / "home")
    home = tmp_path / "of-hers"
    home.mkdir()
    allows = '[protocol "file"]\nallow = always\n[user]\nname = CI\nemail = ci@example.org\n'
    (home / ".gitconfig").write_text(allows)
    monkeypatch.setenv("HOME", str(home))
    keys = tmp_path / "home" / "jupyter_config_dir" / "mlcd-credentials.toml"
    keys.write_text(f'["{system.url}"]\nsecret = "env:OUR_KEY"\n')
    keys.chmod(0o600)
    monkeypatch.setenv("OUR_KEY", SECRET)
    server.start()
    yield server
    server.stop()


def test_one_click_starts_ci_and_its_evidence_makes_the_reason_go_away(
    page: Page, lab: Lab, small: Path, system: StandIn, tmp_path: Path
) -> None:
    vendor = system.vendor
    assert isinstance(vendor, GitHubTests)
    panel = Delivery(page)
    panel.open(lab)
    panel.says("start the CI run of this commit", RUNNING)
    panel.button("Start CI…").click()
    group = panel.panel.get_by_role("group", name="Start CI")
    expect(group).to_contain_text("Pushes 1 commit to main of origin, never forced", timeout=SOON)
    expect(group.get_by_role("list", name="Commits that are pushed")).to_contain_text(
        "Write a model"
    )
    assert system.asked == []
    assert axe.told_in_three_themes(panel.panel) == []
    group.get_by_role("button", name="Push and start").click()
    panel.says("it was pushed, which starts CI")

    commit = git(small, "rev-parse", "HEAD")
    assert git(small, "ls-remote", "origin", "refs/heads/main").startswith(commit)
    vendor.tips["main"] = commit
    vendor.push("main")
    vendor.last.stage = 1
    panel.says("CI is running")
    link = panel.panel.get_by_role("link", name="Open its page")
    expect(link).to_have_attribute("href", "https://github.example/us/digits/actions/runs/70")

    run_as_ci(tmp_path / "server.git", tmp_path / "runner")
    vendor.end()
    expect(panel.panel).not_to_contain_text("tests run by CI", timeout=RUNNING)
    expect(panel.button("Deliver 0.1.0 to production…")).to_be_enabled(timeout=SOON)
    assert [one.method for one in system.asked if one.method == "POST"] == []
