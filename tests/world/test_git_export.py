from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import GitError
from jupyter_mlcd.world.git_export import export_tree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world.repositories import Repository

STRANGE = os.fsdecode(b'a\n\t"b\\ \xff\xe9.txt')
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12345\n"


def tree_of(repository: Repository, *lines: tuple[str, str, str]) -> str:
    """Make a tree that git itself would not make: (mode, content, name); a tuple is a sub-tree."""
    listing = b""
    for mode, content, name in lines:
        if mode == "040000":
            kind, oid = "tree", content
        else:
            kind, oid = (
                "blob",
                repository.git("hash-object", "-w", "--stdin", stdin=content.encode()),
            )
        listing += f"{mode} {kind} {oid}\t{name}\0".encode()
    return repository.git("mktree", "-z", stdin=listing)


def test_files_programs_and_links_come_out_as_they_are(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write(STRANGE, b"\0\r\n\xff")
    repository.write("empty", b"")
    repository.commit()
    made = export_tree(repository.opened(), "HEAD", tmp_path / "out")
    out = tmp_path / "out"
    assert (out / STRANGE).read_bytes() == b"\0\r\n\xff"
    assert (out / "empty").read_bytes() == b""
    assert os.readlink(out / "link") == "scripts/run.sh"  # noqa: PTH115
    assert stat.S_IMODE((out / "scripts/run.sh").stat().st_mode) & stat.S_IXUSR
    assert not stat.S_IMODE((out / "notebook.ipynb").stat().st_mode) & stat.S_IXUSR
    assert set(made.files) == {STRANGE, "empty", "link", "scripts/run.sh", "notebook.ipynb"}


def test_only_a_project_is_written_when_asked(repository: Repository, tmp_path: Path) -> None:
    export_tree(repository.opened(), "HEAD", tmp_path / "out", "scripts")
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["scripts", "run.sh"]


def test_smudge_filters_and_line_ends_do_nothing(repository: Repository, tmp_path: Path) -> None:
    repository.write(".gitattributes", "* text=auto eol=crlf\n*.txt filter=shout ident\n")
    repository.git("config", "filter.shout.smudge", "tr a-z A-Z")
    repository.write("a.txt", "quiet $Id$\n")
    repository.commit()
    export_tree(repository.opened(), "HEAD", tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").read_bytes() == b"quiet $Id$\n"


def test_lfs_pointers_are_named(repository: Repository, tmp_path: Path) -> None:
    repository.write("model.bin", POINTER)
    repository.write("talks-about.txt", b"see version https://git-lfs.github.com/spec/v1\n")
    repository.commit()
    made = export_tree(repository.opened(), "HEAD", tmp_path / "out")
    assert made.lfs_pointers == ("model.bin",)


def test_submodules_are_empty_folders(repository: Repository, tmp_path: Path) -> None:
    commit = repository.git("rev-parse", "HEAD")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{commit},vendor/sub")
    tree = repository.git("write-tree")
    made = export_tree(repository.opened(), tree, tmp_path / "out")
    assert made.submodules == ("vendor/sub",)
    assert list((tmp_path / "out" / "vendor" / "sub").iterdir()) == []


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "../outside", "a/../../outside", "..", "x\\..\\y", ".git/config"]
)
def test_links_that_lead_out_are_not_made_but_named(
    repository: Repository, tmp_path: Path, target: str
) -> None:
    tree = tree_of(repository, ("120000", target, "link"), ("100644", "x", "file"))
    made = export_tree(repository.opened(), tree, tmp_path / "out")
    assert made.links_left_out == ("link",)
    assert made.files == ("file",)
    assert not (tmp_path / "out" / "link").is_symlink()


def test_a_link_cannot_leave_by_way_of_another(repository: Repository, tmp_path: Path) -> None:
    inner = tree_of(repository, ("120000", "../..", "up"))
    middle = tree_of(repository, ("040000", inner, "e"))
    tree = tree_of(repository, ("040000", middle, "d"), ("120000", "d/e/up/../outside", "link"))
    made = export_tree(repository.opened(), tree, tmp_path / "out")
    assert made.links_left_out == ("link",)
    assert (tmp_path / "out" / "d" / "e" / "up").resolve() == tmp_path / "out"


@pytest.mark.parametrize("name", [".git", ".GIT", "..", "git~1", ".git "])
def test_names_that_are_gits_are_refused_before_anything_is_written(
    repository: Repository, tmp_path: Path, name: str
) -> None:
    inner = tree_of(repository, ("100644", "evil", "config"))
    tree = tree_of(repository, ("040000", inner, name), ("100644", "x", "file"))
    with pytest.raises(GitError) as caught:
        export_tree(repository.opened(), tree, tmp_path / "out")
    assert caught.value.code == "git-unsafe-tree"
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_through_a_link_of_the_same_name(
    repository: Repository, tmp_path: Path
) -> None:
    inner = tree_of(repository, ("100644", "evil", "file"))
    victim = tree_of(repository, ("100644", "good", "file"))
    tree = tree_of(
        repository, ("040000", victim, "v"), ("120000", "v", "x"), ("040000", inner, "x")
    )
    with pytest.raises(GitError) as caught:
        export_tree(repository.opened(), tree, tmp_path / "out")
    assert caught.value.code == "git-unsafe-tree"
    assert (tmp_path / "out" / "v" / "file").read_text() == "good"


def test_a_folder_with_something_in_it_is_refused(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    with pytest.raises(GitError, match="not empty"):
        export_tree(repository.opened(), "HEAD", tmp_path / "out")
