from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import NotFoundError
from jupyter_mlcd.server.projects import project_folder, project_id

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("relative", ["", "one", "one/two", "with space", "ünï"])
def test_an_id_leads_back_to_its_folder(tmp_path: Path, relative: str) -> None:
    (tmp_path / relative).mkdir(parents=True, exist_ok=True)
    assert project_folder(tmp_path, project_id(relative)) == (tmp_path / relative).resolve()


@pytest.mark.parametrize(
    "relative",
    ["..", "../sibling", "one/../../..", "/etc", "one//two", ".git", "one/.ssh", "a\0b", "gone"],
)
def test_an_id_never_leads_out_of_the_root(tmp_path: Path, relative: str) -> None:
    (tmp_path / "root" / "one").mkdir(parents=True)
    (tmp_path / "sibling").mkdir()
    with pytest.raises(NotFoundError):
        project_folder(tmp_path / "root", project_id(relative))


def test_a_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "root" / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(NotFoundError):
        project_folder(tmp_path / "root", project_id("link"))


def test_a_sibling_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data-secret").mkdir()
    (tmp_path / "data" / "link").symlink_to(tmp_path / "data-secret")
    with pytest.raises(NotFoundError):
        project_folder(tmp_path / "data", project_id("link"))


@pytest.mark.parametrize("text", ["", "%", "AAAA", "!!!!", "zzzzzzzz", "L" * 5000])
def test_what_is_no_id_is_not_found(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotFoundError):
        project_folder(tmp_path, text)


def test_an_id_that_does_not_begin_at_the_root_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    bare = base64.urlsafe_b64encode(b"one").rstrip(b"=").decode()
    with pytest.raises(NotFoundError):
        project_folder(tmp_path, bare)
