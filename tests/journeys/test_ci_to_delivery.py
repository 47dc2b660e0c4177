"""From a commit over a real run elsewhere to what is live: nothing is typed but clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.ci import CiState
from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.status import WayOut
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, git, mlcd, notebook, repository
from tests.targets.stand_in.ci import GitHubTests
from tests.targets.stand_in.server import SECRET, standing

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from jupyter_mlcd.model.status import Reason

CONFIG = """
[project]
name = "small"
policy = "origin/main"
[[suites.quality.notebooks]]
path = "one.ipynb"
produces = ["model.txt"]
[environments.production]
built-by = "ci"
[ci]
kind = "github"
repository = "us/digits"
branch = "main"
url = "<url>"
"""


def reason(bench: Workbench) -> Reason:
    """Return the only thing that stands in the way of production."""
    (one,) = bench.preview("production").reasons
    return one


def run_as_ci(server: Path, folder: Path) -> None:
    """Do what the pipeline of ``init --ci github`` does: test a clone, keep, push the evidence."""
    git(folder.parent, "clone", "--quiet", str(server), str(folder))
    ran = mlcd(folder, "run", "quality", "--keep", GITHUB_ACTIONS="true")
    assert ran.code == 0, ran.said
    shared = mlcd(folder, "review", "share", "origin")
    assert shared.code == 0, shared.said


def test_ci_is_started_from_here_and_its_evidence_brings_a_version_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text(
        '[protocol "file"]\nallow = always\n[user]\nname = CI\nemail = ci@example.org\n'
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("OUR_KEY", SECRET)
    with standing(GitHubTests()) as system:
        vendor = system.vendor
        assert isinstance(vendor, GitHubTests)
        keys = tmp_path / "mlcd-credentials.toml"
        keys.write_text(f'["{system.url}"]\nsecret = "env:OUR_KEY"\n')
        keys.chmod(0o600)
        server = repository(tmp_path / "server.git", "--bare")
        work = repository(tmp_path / "work")
        (work / "mlcd.toml").write_text(CONFIG.replace("<url>", system.url))
        (work / ".gitignore").write_text("releases/\n")
        (work / "one.ipynb").write_text(notebook("pass"))
        commit_all(work)
        git(work, "remote", "add", "origin", str(server))
        git(work, "push", "--quiet", "--set-upstream", "origin", "main")
        (work / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('model')"))
        commit = commit_all(work, "Write a model")
        assert mlcd(work, "run").code == 0

        # 1. Her own tests are green, and do not count.
        bench = Workbench(work)
        found = reason(bench)
        assert (found.code, found.way_out) == ("not-built-by", WayOut.START_CI)
        assert found.text.endswith("start the CI run of this commit")
        refused = mlcd(work, "deliver", "--to", "production", "--yes")
        assert "jupyter mlcd ci start" in refused.said

        # 2. One click: the commit is pushed, which starts it.
        preview = bench.preview_ci()
        assert preview.commits == (f"{commit[:7]} Write a model",)
        assert bench.start_ci(preview.digest).state is CiState.EXPECTED
        assert git(server, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
        vendor.tips["main"] = commit
        vendor.push("main")
        vendor.last.stage = 1
        assert bench.show_ci().state is CiState.RUNNING
        found = reason(bench)
        assert (found.busy, "CI is running: " in found.text) == (True, True)
        assert found.url == "https://github.example/us/digits/actions/runs/70"

        # 3. It really runs, and pushes what it proves; the next look fetches that.
        run_as_ci(server, tmp_path / "runner")
        assert reason(bench).code == "not-built-by"
        vendor.end()
        ended = bench.show_ci()
        assert (ended.state, ended.evidence) == (CiState.PASSED, True)
        assert bench.preview("production").reasons == ()

        # 4. So it goes out.
        assert bench.deliver("production").state is DeliveryState.DELIVERED
        assert system.violations == []
        assert [one.method for one in system.asked if one.method == "POST"] == []
