"""A model that CI made in its clone, and a person who delivers it from hers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.projects import commit_all, git, mlcd, notebook, repository

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[project]
name = "small"
policy = "origin/main"
{store}
[[suites.quality.notebooks]]
path = "one.ipynb"
produces = ["model.txt"]
[environments.staging]
built-by = "ci"
target = {{ kind = "git" }}
[environments.production]
built-by = "ci"
target = {{ kind = "folder", url = "releases" }}
"""


@pytest.fixture(autouse=True)
def _own_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".gitconfig").write_text('[protocol "file"]\nallow = always\n')
    monkeypatch.setenv("HOME", str(tmp_path))


def made_by_ci(tmp_path: Path, store: str) -> Path:
    """Let CI run the suite in its own clone and share what it keeps; return a person's clone."""
    server = repository(tmp_path / "server.git", "--bare")
    ci = repository(tmp_path / "ci")
    (ci / "mlcd.toml").write_text(CONFIG.format(store=store))
    (ci / "one.ipynb").write_text(notebook("open('model.txt', 'w').write('model')"))
    (ci / ".gitignore").write_text("releases/\n")
    commit_all(ci)
    git(ci, "remote", "add", "origin", str(server))
    git(ci, "push", "--quiet", "origin", "main")
    git(ci, "fetch", "--quiet", "origin")
    ran = mlcd(ci, "run", "--keep", GITHUB_ACTIONS="true")
    assert ran.code == 0, ran.said
    shared = mlcd(ci, "review", "share", *(["--files"] if store else []), "origin")
    assert shared.code == 0, shared.said
    git(tmp_path, "clone", "--quiet", "--branch", "main", str(server), "person")
    person = tmp_path / "person"
    git(person, "config", "user.name", "Mara")
    git(person, "config", "user.email", "mara@example.org")
    git(person, "branch", "--quiet", "--no-track", "mlcd/evidence", "origin/mlcd/evidence")
    return person


def deliver(person: Path, environment: str) -> tuple[int, str]:
    ended = mlcd(person, "deliver", "--to", environment, "--yes")
    return ended.code, " ".join(ended.said.split())


def test_a_shared_store_brings_the_files_to_the_person_who_delivers(tmp_path: Path) -> None:
    store = f"file://{tmp_path}/shared"
    person = made_by_ci(tmp_path, f'store = "{store}"')
    code, said = deliver(person, "production")
    assert code == 0, said
    assert f"Brings model.txt here from the shared Store {store} first." in said
    assert (person / "releases/current/model.txt").read_text() == "model"
    assert "quality by github" in said


def test_without_one_it_is_said_what_to_write_and_nothing_is_sent(tmp_path: Path) -> None:
    person = made_by_ci(tmp_path, "")
    code, said = deliver(person, "production")
    assert code != 0
    assert "model.txt of 0.1.0 is not on this machine, and mlcd.toml names no Store" in said
    assert 'store = "s3://BUCKET/FOLDER" below [project]' in said
    assert not (person / "releases").exists()


def test_what_only_starts_something_there_needs_no_file_from_here(tmp_path: Path) -> None:
    person = made_by_ci(tmp_path, "")
    code, said = deliver(person, "staging")
    assert code == 0, said
    assert "Sends nothing of model.txt, not on this machine" in said
    tags = git(tmp_path / "server.git", "tag", "--list")
    assert tags.split() == ["v0.1.0"]


def test_a_shared_store_without_the_file_delivers_nothing_and_says_where_it_was_sought(
    tmp_path: Path,
) -> None:
    person = made_by_ci(tmp_path, f'store = "file://{tmp_path}/shared"')
    (tmp_path / "shared").rename(tmp_path / "moved")
    code, said = deliver(person, "production")
    assert code != 0
    assert "is neither here nor in file://" in said
    assert "Nothing was sent." in said
    (tmp_path / "moved").rename(tmp_path / "shared")
    again, said = deliver(person, "production")
    assert again == 0, said


def test_a_file_that_was_changed_in_the_shared_store_is_not_used(tmp_path: Path) -> None:
    person = made_by_ci(tmp_path, f'store = "file://{tmp_path}/shared"')
    (file,) = (one for one in (tmp_path / "shared").rglob("*") if one.is_file())
    file.chmod(0o600)
    file.write_text("MODEL")
    code, said = deliver(person, "production")
    assert code != 0
    assert "has other bytes as sha256:" in said
    assert not (person / "releases").exists()
