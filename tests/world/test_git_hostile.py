"""A repository that names programs in every place that git knows; none of them may ever run."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import GitError, MlcdError
from jupyter_mlcd.world.git_export import export_tree
from jupyter_mlcd.world.git_reading import fsck, head, identity, ls_tree, remotes, worktrees
from jupyter_mlcd.world.git_status import status
from jupyter_mlcd.world.git_trees import hash_objects, snapshot_tree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world.repositories import Repository

EXECUTED_BY_GIT = [
    "core.fsmonitor",
    "core.sshCommand",
    "core.gitProxy",
    "core.askPass",
    "core.editor",
    "core.pager",
    "core.alternateRefsCommand",
    "pager.status",
    "credential.helper",
    "credential.https://example.invalid.helper",
    "diff.external",
    "diff.evil.command",
    "diff.evil.textconv",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "filter.a=b.c.clean",
    "gpg.program",
    "gpg.ssh.program",
    "gpg.ssh.defaultKeyCommand",
    "merge.evil.driver",
    "sequence.editor",
    "remote.ssh.receivepack",
    "remote.ssh.uploadpack",
    "remote.folder.receivepack",
    "remote.folder.uploadpack",
    "uploadpack.packObjectsHook",
]
HOOKS = [
    *("pre-commit", "post-commit", "commit-msg", "pre-push", "post-checkout", "post-index-change"),
    *("reference-transaction", "fsmonitor-watchman", "pre-auto-gc", "post-rewrite"),
]


@pytest.fixture
def canary(repository: Repository, tmp_path: Path) -> Path:
    """The file that any of the programs would make."""
    sign = tmp_path / "sign"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $0 >> {sign}\n")
    program.chmod(0o755)
    remote = tmp_path / "remote.git"
    repository.git("init", "--quiet", "--bare", str(remote))
    repository.git("remote", "add", "folder", str(remote))
    repository.git("remote", "add", "ssh", "ssh://host.invalid/x")
    repository.git("remote", "add", "web", "https://example.invalid/x")
    repository.git("remote", "add", "ext", f"ext::{program} %S")
    for key in EXECUTED_BY_GIT:
        repository.git("config", key, str(program))
    for hook in HOOKS:
        path = repository.folder / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(program)
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "tag.gpgSign", "true")
    repository.git("config", "protocol.ext.allow", "always")
    repository.git("config", "protocol.allow", "always")
    repository.write(
        ".gitattributes", "*.ipynb filter=evil diff=evil merge=evil\n*.sh filter=a=b.c\n"
    )
    repository.write("notebook.ipynb", '{"cells": [1]}')
    repository.write("scripts/run.sh", "changed and longer")
    sign.unlink(missing_ok=True)
    return sign


def test_reading_runs_nothing_of_a_hostile_repository(
    repository: Repository, canary: Path, tmp_path: Path
) -> None:
    git = repository.opened()
    head(git)
    identity(git)
    worktrees(git)
    remotes(git)
    fsck(git)
    status(git)
    snapshot = snapshot_tree(git, "", [".gitattributes"])
    export_tree(git, snapshot.tree, tmp_path / "export")
    hash_objects(git, [repository.folder / "notebook.ipynb"])
    ls_tree(git, snapshot.tree)
    assert not canary.exists(), canary.read_text()
    assert (tmp_path / "export" / "notebook.ipynb").read_bytes() == b'{"cells": [1]}'


@pytest.mark.parametrize("remote", ["folder", "ssh", "web", "ext"])
def test_pushing_and_fetching_run_nothing_of_a_hostile_repository(
    repository: Repository, canary: Path, remote: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", "false")
    git = repository.opened()
    push = ("--porcelain", "--atomic", "--no-verify", "--receive-pack=git-receive-pack")
    fetch = ("--no-tags", "--upload-pack=git-upload-pack")
    for verb, arguments in (
        ("push", (*push, "--", remote, "HEAD:refs/heads/copy")),
        ("fetch", (*fetch, "--", remote, "refs/heads/main:refs/mlcd/main")),
        ("ls-remote", ("--upload-pack=git-upload-pack", "--", remote)),
    ):
        try:
            git.run(verb, *arguments, deadline=20)
        except GitError as error:
            assert error.code != "git-timeout"  # noqa: PT017 - some of them succeed
    assert not canary.exists(), canary.read_text()


def test_the_canary_sings_where_the_users_programs_may_run(
    repository: Repository, canary: Path
) -> None:
    with suppress(MlcdError):
        repository.opened().run_with_the_repositorys_own_programs("add", "--all")
    assert canary.exists()
