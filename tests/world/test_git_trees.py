from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import GitError, UsageError
from jupyter_mlcd.world.git_reading import ls_tree, rev_parse
from jupyter_mlcd.world.git_trees import hash_objects, snapshot_tree, write_tree_from
from tests.world.repositories import Repository

if TYPE_CHECKING:
    from pathlib import Path

STRANGE = os.fsdecode(b'a\n\t"b\\ \xff\xe9.txt')


def committed_tree(repository: Repository) -> str:
    repository.commit("what was tested")
    return repository.git("rev-parse", "HEAD^{tree}")


def test_a_clean_repository_is_the_tree_of_its_commit(repository: Repository) -> None:
    snapshot = snapshot_tree(repository.opened())
    assert snapshot.tree == repository.git("rev-parse", "HEAD^{tree}")
    assert snapshot.dirty == ()


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_committing_exactly_these_bytes_gives_exactly_this_tree(
    tmp_path: Path, object_format: str
) -> None:
    repository = Repository.init(tmp_path / "r", f"--object-format={object_format}")
    repository.write("kept.txt", "kept")
    repository.write("changed.txt", "before")
    repository.write("gone/away.txt", "gone")
    repository.write("becomes-a-program", "x")
    repository.write("becomes-a-link", "x")
    repository.write("becomes-a-folder", "x")
    (repository.folder / "link").symlink_to("kept.txt")
    repository.commit()
    repository.write("changed.txt", "after\r\n")
    (repository.folder / "gone" / "away.txt").unlink()
    (repository.folder / "becomes-a-program").chmod(0o755)
    (repository.folder / "becomes-a-link").unlink()
    (repository.folder / "becomes-a-link").symlink_to("./nowhere//else")
    (repository.folder / "becomes-a-folder").unlink()
    repository.write("becomes-a-folder/inside", "x")
    (repository.folder / "link").unlink()
    (repository.folder / "link").symlink_to("changed.txt")
    repository.write("sub/data/new.csv", b"\0\xff")
    repository.write(STRANGE, "strange")
    repository.write("staged.txt", "staged")
    repository.git("add", "staged.txt")
    repository.write("staged.txt", "staged, then changed")
    extra = ["sub/data", STRANGE, "becomes-a-folder/inside"]
    snapshot = snapshot_tree(repository.opened(), "", extra)
    assert snapshot.tree == committed_tree(repository)
    assert "kept.txt" not in snapshot.dirty
    assert {"gone/away.txt", STRANGE, "sub/data/new.csv", "staged.txt"} <= set(snapshot.dirty)


def test_one_changed_byte_is_another_tree(repository: Repository) -> None:
    before = snapshot_tree(repository.opened())
    repository.write("notebook.ipynb", '{"cells": [] }')
    after = snapshot_tree(repository.opened())
    assert before.tree != after.tree
    assert after.dirty == ("notebook.ipynb",)


def test_index_files_and_head_stay_as_they_are(repository: Repository) -> None:
    repository.write("notebook.ipynb", "changed")
    repository.write("new.txt", "staged")
    repository.git("add", "new.txt")
    repository.write("extra.txt", "untracked")
    before = repository.fingerprint()
    snapshot_tree(repository.opened(), "", ["extra.txt"])
    assert repository.fingerprint() == before


def test_untracked_files_count_only_when_they_are_named(repository: Repository) -> None:
    repository.write("data/input.csv", "1")
    assert snapshot_tree(repository.opened()).dirty == ()
    assert snapshot_tree(repository.opened(), "", ["data"]).dirty == ("data/input.csv",)


def test_an_ignored_file_can_be_named(repository: Repository) -> None:
    repository.write(".gitignore", "data/\n")
    repository.commit()
    repository.write("data/input.csv", "1")
    snapshot = snapshot_tree(repository.opened(), "", ["data/input.csv"])
    assert "data/input.csv" in {entry.path for entry in ls_tree(repository.opened(), snapshot.tree)}


def test_a_project_in_a_folder_has_a_tree_of_its_own(repository: Repository) -> None:
    repository.write("projects/digits/a.ipynb", "1")
    repository.commit()
    before = snapshot_tree(repository.opened(), "projects/digits")
    assert before.project_tree == repository.git("rev-parse", "HEAD:projects/digits")
    repository.write("notebook.ipynb", "changed elsewhere")
    after = snapshot_tree(repository.opened(), "projects/digits")
    assert after.project_tree == before.project_tree
    assert after.tree != before.tree


def test_a_project_without_any_file_has_the_empty_tree(repository: Repository) -> None:
    empty = repository.git("hash-object", "-t", "tree", "--stdin", stdin=b"")
    assert snapshot_tree(repository.opened(), "nothing/here").project_tree == empty


def test_a_repository_without_a_commit_has_a_tree(tmp_path: Path) -> None:
    repository = Repository.init(tmp_path / "r")
    repository.write("a.txt", "a")
    snapshot = snapshot_tree(repository.opened(), "", ["a.txt"])
    assert snapshot.dirty == ("a.txt",)
    assert snapshot.tree == committed_tree(repository)


def test_a_file_noted_with_intent_to_add_is_part_of_it(repository: Repository) -> None:
    repository.write("later.txt", "later")
    repository.git("add", "--intent-to-add", "later.txt")
    assert snapshot_tree(repository.opened()).tree == committed_tree(repository)


def test_a_linked_worktree_has_its_own_content(repository: Repository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Repository(tmp_path / "linked")
    linked.write("notebook.ipynb", "changed")
    assert snapshot_tree(linked.opened()).tree == committed_tree(linked)


def test_an_unfinished_merge_is_taken_as_it_lies(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "other")
    repository.write("notebook.ipynb", "theirs")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("notebook.ipynb", "ours")
    repository.commit()
    subprocess.run(["git", "merge", "-q", "other"], cwd=repository.folder, check=False, stdout=-3)
    tree = snapshot_tree(repository.opened()).tree
    assert tree == committed_tree(repository)


def test_a_stripping_filter_strips_nothing_from_a_changed_notebook(repository: Repository) -> None:
    repository.write(".gitattributes", "*.ipynb filter=strip\n")
    repository.git("config", "filter.strip.clean", "sed s/outputs//")
    repository.commit()
    repository.write("notebook.ipynb", "with outputs")
    git = repository.opened()
    tree = snapshot_tree(git).tree
    oid = next(entry.oid for entry in ls_tree(git, tree) if entry.path == "notebook.ipynb")
    assert repository.git("cat-file", "blob", oid) == "with outputs"


def test_a_submodule_counts_with_the_commit_it_stands_on(
    repository: Repository, tmp_path: Path
) -> None:
    inner = Repository.init(tmp_path / "inner")
    inner.commit()
    repository.git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.folder), "sub"
    )
    repository.commit()
    inside = Repository(repository.folder / "sub")
    inside.write("x", "x")
    inside.commit()
    snapshot = snapshot_tree(repository.opened())
    assert snapshot.dirty == ("sub",)
    assert snapshot.tree == committed_tree(repository)


def test_a_sparse_checkout_keeps_what_is_not_there(repository: Repository) -> None:
    repository.write("wanted/a", "a")
    repository.write("unwanted/b", "b")
    repository.commit()
    repository.git("sparse-checkout", "set", "wanted")
    assert not (repository.folder / "unwanted").exists()
    assert snapshot_tree(repository.opened()).tree == repository.git("rev-parse", "HEAD^{tree}")


@pytest.mark.parametrize(
    "path", ["../outside", "/etc/passwd", "a//b", ".git/config", "", "through/x"]
)
def test_paths_that_leave_the_repository_are_refused(repository: Repository, path: str) -> None:
    (repository.folder / "through").symlink_to("/etc")
    with pytest.raises(UsageError) as caught:
        snapshot_tree(repository.opened(), "", [path])
    assert caught.value.code == "unsafe-path"


def test_a_named_file_that_is_missing_is_an_error(repository: Repository) -> None:
    with pytest.raises(UsageError) as caught:
        snapshot_tree(repository.opened(), "", ["nowhere.csv"])
    assert caught.value.code == "no-such-file"


def test_a_bare_repository_has_no_content_on_disk(tmp_path: Path) -> None:
    with pytest.raises(GitError) as caught:
        snapshot_tree(Repository.init(tmp_path / "bare", "--bare").opened())
    assert caught.value.code == "git-no-worktree"


def test_a_tree_is_made_over_another(repository: Repository) -> None:
    git = repository.opened()
    base = rev_parse(git, "HEAD", "tree")
    (oid,) = hash_objects(git, [repository.write("x", "x")])
    tree = write_tree_from(git, {"deep/x": ("100755", oid), "link": ("0", "")}, base)
    listed = {entry.path: entry.mode for entry in ls_tree(git, tree)}
    assert listed == {"deep/x": "100755", "notebook.ipynb": "100644", "scripts/run.sh": "100755"}


def test_hashing_without_writing_leaves_no_object(repository: Repository) -> None:
    git = repository.opened()
    (oid,) = hash_objects(git, [repository.write(STRANGE, "not kept")], write=False)
    assert rev_parse(git, oid, "blob") is None
    (written,) = hash_objects(git, [repository.folder / STRANGE])
    assert written == oid == rev_parse(git, oid, "blob")
