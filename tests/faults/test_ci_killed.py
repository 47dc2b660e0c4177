"""Starting the CI run of a commit, killed at each place at which something may have been sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.ci import CiState
from jupyter_mlcd.workbench import Workbench
from tests.journeys.projects import commit_all, git, mlcd, notebook, repository
from tests.targets.stand_in.ci import CI, GitHubTests
from tests.targets.stand_in.server import SECRET, StandIn, standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = """
[project]
name = "small"
[suites.quality]
notebooks = ["one.ipynb"]
[environments.production]
built-by = "ci"
"""
KILLED = -9


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Run GitHub, beside a project with a remote that holds its commit."""
    (tmp_path / ".gitconfig").write_text('[protocol "file"]\nallow = always\n')
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("OUR_KEY", SECRET)
    with standing(GitHubTests()) as server:
        keys = tmp_path / "mlcd-credentials.toml"
        keys.write_text(f'["{server.url}"]\nsecret = "env:OUR_KEY"\n')
        keys.chmod(0o600)
        work = repository(tmp_path / "work")
        (work / "mlcd.toml").write_text(CONFIG + CI["github"].replace("<url>", server.url))
        (work / "one.ipynb").write_text(notebook("1"))
        commit = commit_all(work)
        git(work, "remote", "add", "origin", str(repository(tmp_path / "server.git", "--bare")))
        server.vendor.tips["main"] = commit  # type: ignore[attr-defined]
        yield server


@pytest.mark.parametrize(
    ("place", "after", "sent"),
    [
        ("ci-pushed", CiState.RUNNING, 1),
        ("ci-before-send", CiState.UNKNOWN, 0),
        ("ci-after-send", CiState.RUNNING, 1),
    ],
)
def test_killed_anywhere_it_is_not_started_twice(
    system: StandIn, tmp_path: Path, place: str, after: CiState, sent: int
) -> None:
    work = tmp_path / "work"
    ended = mlcd(work, "ci", "start", "--yes", MLCD_FAILPOINT=f"{place}=kill")
    assert ended.code == KILLED, ended.said
    assert git(work, "ls-remote", "origin", "refs/heads/main").startswith(
        git(work, "rev-parse", "HEAD")
    )
    assert Workbench(work).start_ci().state is after
    assert sum(one.method == "POST" for one in system.asked) == sent
