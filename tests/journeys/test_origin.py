"""A version that only counts on main and from CI, from the commit to the receiving pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.projects import commit_all, git, mlcd, notebook, repository

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

CONFIG = """
[project]
name = "small"
policy = "origin/main"
[[suites.quality.notebooks]]
path = "one.ipynb"
produces = ["model.txt"]
[[gates]]
metric = "accuracy"
slices = "every"
at-least = 0.8
[environments.production]
on-branch = "main"
built-by = "ci"
target = { kind = "git" }
"""
MEASURED = (
    "from jupyter_mlcd import record\nopen('model.txt', 'w').write('model')",
    "record('accuracy', 0.9, slice={'segment': 'young'})",
    "record('accuracy', 0.95, slice={'segment': 'old'})",
)
LATER = ("evidence", "verify", "0.1.0", "--for", "production")


def test_a_version_goes_out_from_main_and_ci_only_and_the_pipeline_asks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text('[protocol "file"]\nallow = always\n')
    monkeypatch.setenv("HOME", str(tmp_path))
    server = repository(tmp_path / "server.git", "--bare")
    work = repository(tmp_path / "work")
    (work / "mlcd.toml").write_text(CONFIG)
    (work / "one.ipynb").write_text(notebook("pass"))
    commit_all(work)
    git(work, "remote", "add", "origin", str(server))
    git(work, "push", "--quiet", "origin", "main")

    git(work, "switch", "--quiet", "--create", "better")
    (work / "one.ipynb").write_text(notebook(*MEASURED))
    commit_all(work, "Measure two slices")
    ran = mlcd(work, "run", "--keep", GITHUB_ACTIONS="true")
    assert ran.code == 0, ran.said
    refused = mlcd(work, "deliver", "--to", "production", "--yes")
    assert refused.code == 1, refused.said
    assert "is not on origin/main as it was fetched last" in refused.said

    git(work, "push", "--quiet", "origin", "better:main")
    delivered = mlcd(work, "deliver", "--to", "production", "--yes")
    assert delivered.code == 0, delivered.said

    git(tmp_path, "clone", "--quiet", "--branch=v0.1.0", str(server), "pipeline")
    pipeline = tmp_path / "pipeline"
    verified = mlcd(pipeline, *LATER)
    assert verified.code == 0, verified.said
    assert "tests run by CI: quality by github" in " ".join(verified.said.split())
    git(pipeline, "update-ref", "-d", "refs/remotes/origin/main")
    git(pipeline, "remote", "set-head", "origin", "--delete")
    unknown = mlcd(pipeline, *LATER)
    assert unknown.code == 1, unknown.said
    assert "origin/main is not here: fetch it" in unknown.said
