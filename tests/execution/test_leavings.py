from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlcd.execution.kernel_environment import (
    kernel_environment,
    socket_folder,
    with_temporary_folder,
)
from jupyter_mlcd.execution.leavings import leave_nothing, remove_socket_folder, remove_tree
from jupyter_mlcd.execution.run_folder import RunFolder
from jupyter_mlcd.world.clock import uuid7

if TYPE_CHECKING:
    import pytest


def kernel_in(folder: Path, run: str) -> tuple[Path, dict[str, str]]:
    """Make the folders of a kernel whose user keeps temporary files in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = kernel_environment({"TMPDIR": str(folder)}, run, {})
    sockets = socket_folder(environment)
    return sockets, with_temporary_folder(environment, sockets)


def test_the_temporary_files_of_a_run_go_with_it_and_no_others(tmp_path: Path) -> None:
    place = tmp_path / "t"
    run, other = uuid7(), uuid7()
    sockets, environment = kernel_in(place, run)
    others, _ = kernel_in(place, other)
    assert Path(environment["TMPDIR"]).resolve().parent == place
    (place / "precious").touch()
    leave_nothing(run, RunFolder(tmp_path / "run"))
    assert not sockets.exists()
    assert others.exists()
    assert len(list(place.iterdir())) == 2
    leave_nothing(other, RunFolder(tmp_path / "run"))
    assert [path.name for path in place.iterdir()] == ["precious"]


def test_the_path_of_temporary_files_stays_short_enough_for_sockets(tmp_path: Path) -> None:
    sockets, environment = kernel_in(tmp_path / ("long" * 20), uuid7())
    assert len(environment["TMPDIR"]) <= 70
    assert environment["TMPDIR"] == environment["TMP"] == environment["TEMP"]
    remove_socket_folder(sockets)


def test_a_link_that_the_notebook_changed_removes_nothing_of_the_user(tmp_path: Path) -> None:
    sockets, _ = kernel_in(tmp_path / "t", uuid7())
    (tmp_path / "home").mkdir()
    (sockets / "t").unlink()
    (sockets / "t").symlink_to(tmp_path / "home")
    remove_socket_folder(sockets)
    assert (tmp_path / "home").is_dir()
    assert not sockets.exists()


def test_only_folders_of_sockets_are_removed_as_such(tmp_path: Path) -> None:
    remove_socket_folder(tmp_path)
    assert tmp_path.is_dir()


def test_a_kernel_without_a_place_for_temporary_files_keeps_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"TMPDIR": str(tmp_path / "nowhere")}
    sockets = socket_folder(environment)
    assert with_temporary_folder(environment, sockets) == environment
    remove_socket_folder(sockets)


def test_a_tree_goes_although_it_was_made_read_only_and_links_lead_out_of_it(
    tmp_path: Path,
) -> None:
    room, outside = tmp_path / "room", tmp_path / "outside"
    outside.mkdir()
    (room / "locked").mkdir(parents=True)
    (room / "locked" / "file").touch()
    (room / "out").symlink_to(outside)
    (room / "locked").chmod(0o500)
    remove_tree(room)
    assert not room.exists()
    assert outside.is_dir()
