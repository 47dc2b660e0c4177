"""Which Sigstore is trusted: by hand, by a variable, by a file of yours or of the administrator."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.bundle.sigstore_trust import FILE_NAME, VARIABLE, trust_file, verifying_root
from jupyter_mlcd.model.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def file(folder: Path, name: str = FILE_NAME) -> Path:
    folder.mkdir(exist_ok=True)
    place = folder / name
    place.write_text("{}")
    place.chmod(0o600)
    return place


def test_what_is_named_comes_first_and_the_public_one_last(tmp_path: Path) -> None:
    mine, theirs = file(tmp_path / "mine"), file(tmp_path / "theirs")
    named, variable = file(tmp_path, "named"), file(tmp_path, "variable")
    folders = [tmp_path / "none", mine.parent, theirs.parent]
    environ = {VARIABLE: str(variable)}
    assert trust_file(named, environ, folders) == named
    assert trust_file(None, environ, folders) == variable
    assert trust_file(None, {}, folders) == mine
    assert trust_file(None, {}, folders[2:]) == theirs
    assert trust_file(None, {VARIABLE: ""}, []) is None


def test_a_file_that_is_not_there_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file"):
        trust_file(None, {VARIABLE: str(tmp_path / "gone")}, [])


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such bits")
def test_a_file_that_others_may_write_is_not_used(tmp_path: Path) -> None:
    place = file(tmp_path)
    place.chmod(0o666)
    with pytest.raises(UsageError, match="others may write it"):
        trust_file(place, {}, [])


@pytest.mark.parametrize("text", ["", "{}", "[]", "\x00", '{"mediaType": "other"}'])
def test_a_file_that_says_nothing_of_a_sigstore_is_not_used(tmp_path: Path, text: str) -> None:
    place = file(tmp_path)
    place.write_text(text)
    with pytest.raises(UsageError, match="no client trust config of Sigstore"):
        verifying_root(place)
