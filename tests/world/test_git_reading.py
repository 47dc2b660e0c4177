from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import GitError, UsageError
from jupyter_mlcd.world import git_reading
from jupyter_mlcd.world.git_blobs import blob_id, cat_file_batch
from jupyter_mlcd.world.git_status import ChangeState, status

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.world.git_status import Change
    from tests.world.repositories import Repository

STRANGE = os.fsdecode(b'a\n\t"b\\ \xff\xe9.txt')


def by_path(changes: tuple[Change, ...]) -> dict[str, ChangeState]:
    return {change.path: change.state for change in changes}


def test_names_and_ids_lead_to_commits(repository: Repository) -> None:
    git = repository.opened()
    commit = repository.git("rev-parse", "HEAD")
    assert git_reading.rev_parse(git, "main") == commit
    assert git_reading.ref_tip(git, "refs/heads/main") == commit
    assert git_reading.rev_parse(git, "nowhere") is None
    assert git_reading.rev_parse(git, "f" * 40) is None


def test_a_tree_is_listed_with_modes_sizes_and_strange_names(repository: Repository) -> None:
    repository.write(STRANGE, "12345")
    repository.commit()
    listed = {entry.path: entry for entry in git_reading.ls_tree(repository.opened(), "HEAD")}
    assert set(listed) == {"notebook.ipynb", "scripts/run.sh", "link", STRANGE}
    assert listed["scripts/run.sh"].mode == "100755"
    assert listed["link"].mode == "120000"
    assert listed[STRANGE].size == 5


def test_a_prefix_is_a_folder_and_not_the_start_of_a_name(repository: Repository) -> None:
    repository.write("scripts-old/x", "x")
    repository.commit()
    listed = git_reading.ls_tree(repository.opened(), "HEAD", "scripts")
    assert [entry.path for entry in listed] == ["scripts/run.sh"]


def test_objects_are_found_by_path_also_strange_ones(repository: Repository) -> None:
    repository.write(STRANGE, "12345")
    repository.commit()
    git = repository.opened()
    found = git_reading.objects_at(git, "HEAD", ["scripts", STRANGE, "nowhere", "notebook.ipynb"])
    assert set(found) == {"scripts", STRANGE, "notebook.ipynb"}
    assert found["scripts"][0] == "tree"
    assert found[STRANGE] == ("blob", blob_id(git, b"12345"))


def test_contents_come_out_as_they_went_in(repository: Repository) -> None:
    contents = [b"", b"\n", os.urandom(700_000), b"ends without newline"]
    for number, content in enumerate(contents):
        repository.write(f"{number}.bin", content)
    repository.commit()
    git = repository.opened()
    assert list(cat_file_batch(git, [blob_id(git, content) for content in contents])) == contents


def test_a_missing_object_is_an_error(repository: Repository) -> None:
    with pytest.raises(GitError) as caught:
        list(cat_file_batch(repository.opened(), ["f" * 40]))
    assert caught.value.code == "git-no-such-object"


def test_changes_are_told_one_by_one(repository: Repository) -> None:
    repository.write("moved.txt", "a file long enough to be recognised when it moves\n" * 5)
    repository.write("staged.txt", "x")
    repository.commit()
    repository.write("notebook.ipynb", "changed")
    (repository.folder / "link").unlink()
    repository.git("mv", "moved.txt", "there.txt")
    repository.write(STRANGE, "new")
    repository.write("added.txt", "new")
    repository.git("add", "added.txt")
    (repository.folder / "staged.txt").chmod(0o755)
    assert by_path(status(repository.opened())) == {
        "notebook.ipynb": ChangeState.MODIFIED,
        "link": ChangeState.DELETED,
        "there.txt": ChangeState.RENAMED,
        STRANGE: ChangeState.UNTRACKED,
        "added.txt": ChangeState.ADDED,
        "staged.txt": ChangeState.MODIFIED,
    }


def test_conflicts_are_told(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "other")
    repository.write("notebook.ipynb", "theirs")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("notebook.ipynb", "ours")
    repository.commit()
    with pytest.raises(Exception, match="merge"):
        repository.git("merge", "other")
    states = by_path(status(repository.opened()))
    assert states == {"notebook.ipynb": ChangeState.CONFLICTED}


def test_a_clean_repository_has_no_changes(repository: Repository) -> None:
    assert status(repository.opened()) == ()


def test_the_user_is_who_git_says(repository: Repository) -> None:
    assert str(git_reading.identity(repository.opened())) == "Ada Lovelace <ada@example.org>"


def test_a_user_whom_git_does_not_know_gets_a_stand_in(repository: Repository) -> None:
    repository.git("config", "--global", "--remove-section", "user")
    repository.git("config", "user.useConfigOnly", "true")
    person = git_reading.identity(repository.opened(), "Anonymous <moon>")
    assert person.is_fallback
    assert str(person) == "Anonymous moon via jupyter_mlcd <noreply@localhost>"


def test_remotes_are_shown_without_passwords(repository: Repository) -> None:
    repository.git("remote", "add", "origin", "https://ada:hunter2@example.org/x.git")
    git = repository.opened()
    assert git_reading.remotes(git) == {"origin": "https://example.org/x.git"}
    assert "hunter2" in git_reading.remote_addresses(git)["origin"]


@pytest.mark.parametrize("name", ["https://example.org/x", "nowhere", "--upload-pack=x", "."])
def test_only_configured_remotes_are_remotes(repository: Repository, name: str) -> None:
    with pytest.raises(GitError) as caught:
        git_reading.checked_remote(repository.opened(), name)
    assert caught.value.code == "git-no-such-remote"


def test_all_worktrees_are_told(repository: Repository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", "-b", "topic", str(tmp_path / "a b"))
    found = git_reading.worktrees(repository.opened())
    assert [(worktree.path, worktree.ref) for worktree in found] == [
        (repository.folder, "refs/heads/main"),
        (tmp_path / "a b", "refs/heads/topic"),
    ]


def test_ancestors_and_forks(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    second = repository.commit("second")
    repository.git("checkout", "--quiet", "--orphan", "other")
    alone = repository.commit("alone")
    git = repository.opened()
    assert git_reading.is_ancestor(git, first, second)
    assert not git_reading.is_ancestor(git, second, first)
    assert git_reading.merge_base(git, first, second) == first
    assert git_reading.merge_base(git, alone, second) is None


def test_settings_are_read_as_they_are_now(repository: Repository) -> None:
    git = repository.opened()
    assert git_reading.config_get(git, "mlcd.colour") is None
    repository.git("config", "mlcd.colour", "two\nlines")
    assert git_reading.config_get(git, "mlcd.colour") == "two\nlines"
    with pytest.raises(UsageError):
        git_reading.config_get(git, "--global")


def test_damage_is_found(repository: Repository) -> None:
    assert git_reading.fsck(repository.opened()) == ()
    oid = repository.git("rev-parse", "HEAD:notebook.ipynb")
    damaged = repository.folder / ".git" / "objects" / oid[:2] / oid[2:]
    damaged.chmod(0o644)
    damaged.unlink()
    assert any(oid in line for line in git_reading.fsck(repository.opened()))
