from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.ledger.worktree import GitWorktree, open_repository
from jupyter_mlcd.model.errors import GitError

if TYPE_CHECKING:
    from tests.world.repositories import Repository

MARA = "Mara Example <mara@example.org>"


def worktree(repository: Repository) -> GitWorktree:
    return GitWorktree(open_repository(repository.folder))


def test_a_name_that_is_a_pattern_to_git_means_itself_alone(repository: Repository) -> None:
    repository.write("train[1].ipynb", "one")
    repository.write("train1.ipynb", "another")
    worktree(repository).commit(["train[1].ipynb"], "Add", MARA)
    status = repository.git("status", "--porcelain", "--", ":(literal)train1.ipynb")
    assert status.strip() == "?? train1.ipynb"


def test_what_was_staged_stays_staged_when_a_hook_says_no(repository: Repository) -> None:
    repository.write("notebook.ipynb", "staged")
    repository.git("add", "notebook.ipynb")
    repository.write("notebook.ipynb", "newer")
    hook = repository.folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(GitError):
        worktree(repository).commit(["notebook.ipynb"], "Change", MARA)
    assert repository.git("show", ":notebook.ipynb").strip() == "staged"
