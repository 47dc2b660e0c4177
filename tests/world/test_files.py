from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import RefusedError, UsageError
from jupyter_mlcd.world import files

if TYPE_CHECKING:
    from pathlib import Path


def test_writing_replaces_the_whole_content(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    files.write_atomically(path, b"a longer first content")
    files.write_atomically(path, b"second")
    assert path.read_bytes() == b"second"
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.json"]


def test_a_failed_write_leaves_the_old_content_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"
    files.write_atomically(path, b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_writing_replaces_a_link_and_not_what_it_points_to(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"precious")
    (tmp_path / "link").symlink_to(outside)
    files.write_atomically(tmp_path / "link", b"new")
    assert outside.read_bytes() == b"precious"


def test_a_copy_has_bytes_mode_and_time(tmp_path: Path) -> None:
    source = tmp_path / "model.bin"
    source.write_bytes(os.urandom(3_000_000))
    source.chmod(0o754)
    os.utime(source, ns=(1, 1_000_000_000))
    files.copy_file(source, tmp_path / "copy")
    copied = (tmp_path / "copy").stat()
    assert (tmp_path / "copy").read_bytes() == source.read_bytes()
    assert stat.S_IMODE(copied.st_mode) == 0o754
    assert copied.st_mtime_ns == 1_000_000_000


def test_a_copy_never_overwrites_nor_follows_a_link(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"new")
    target = tmp_path / "target"
    target.write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for destination in (target, tmp_path / "link"):
        with pytest.raises(RefusedError) as caught:
            files.copy_file(source, destination)
        assert caught.value.code == "file-exists"
    assert target.read_bytes() == b"old"
    assert not (tmp_path / "nowhere").exists()


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    assert files.sha256_of_file(path) == hashlib.sha256(b"abc").hexdigest()


def test_a_tree_is_synced_without_touching_it(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(b"x")
    (tmp_path / "folder" / "dangling").symlink_to("nowhere")
    files.sync_tree(tmp_path)
    assert (tmp_path / "folder" / "file").read_bytes() == b"x"


@pytest.mark.parametrize("name", ["v1.2.3", "A-b_c", "0", "x" * 100])
def test_ordinary_names_are_safe(name: str) -> None:
    assert files.safe_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "a/b", "a\\b", "é", "con", "NUL.txt", "COM1", "x" * 101, "a\n", "a b", "a\0"],
)
def test_names_that_mean_something_else_somewhere_are_refused(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        files.safe_name(name)
    assert caught.value.code == "unsafe-name"


def test_a_path_below_the_root_is_joined(tmp_path: Path) -> None:
    assert files.safe_join(tmp_path, "a/b c/é.ipynb") == tmp_path.resolve() / "a/b c/é.ipynb"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "a/./b",
        ".git/config",
        "a/.ssh/id",
        "a\0b",
        "a\nb",
        "..",
    ],
)
def test_paths_that_leave_or_hide_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(UsageError) as caught:
        files.safe_join(tmp_path, path)
    assert caught.value.code == "unsafe-path"


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "data"
    root.mkdir()
    (tmp_path / "data-secret").mkdir()
    (root / "link").symlink_to(tmp_path / "data-secret")
    with pytest.raises(UsageError, match="leads out"):
        files.safe_join(root, "link/file")


def test_gits_own_folder_is_refused_even_when_hidden_names_are_allowed(tmp_path: Path) -> None:
    assert files.safe_join(tmp_path, ".config/x", hidden=True).name == "x"
    with pytest.raises(UsageError, match="git's own folder"):
        files.safe_join(tmp_path, ".GIT/hooks/pre-commit", hidden=True)


@pytest.mark.parametrize(
    "name", [".git", ".GIT", ".Git ", ".git.", "git~1", ".g\u200cit", ".git::$INDEX"]
)
def test_every_spelling_of_gits_folder_is_known(name: str) -> None:
    assert files.is_git_directory_name(name)


@pytest.mark.parametrize("name", ["git", ".gitignore", ".github", "git~10", "a.git"])
def test_names_that_only_resemble_gits_folder_are_free(name: str) -> None:
    assert not files.is_git_directory_name(name)
