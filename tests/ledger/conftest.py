from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.world.repositories import GIT_CONFIG, Repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_git_configuration(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(GIT_CONFIG)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one commit: a file, a program and a link."""
    made = Repository.init(tmp_path / "repository")
    made.write("notebook.ipynb", '{"cells": []}')
    made.write("scripts/run.sh", "#!/bin/sh\n").chmod(0o755)
    (made.folder / "link").symlink_to("scripts/run.sh")
    made.commit("first")
    return made
