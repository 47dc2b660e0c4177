from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from jupyter_mlcd.model.errors import GitError, UsageError
from jupyter_mlcd.world.git import Git
from jupyter_mlcd.world.git_reading import config_get, head
from jupyter_mlcd.world.process import identity_of
from tests.world.repositories import Repository

if TYPE_CHECKING:
    from pathlib import Path


def code_of(path: Path) -> str:
    with pytest.raises(GitError) as caught:
        Git.open(path)
    assert caught.value.hint
    return caught.value.code


def test_a_repository_is_found_from_a_file_deep_inside(repository: Repository) -> None:
    git = Git.open(repository.folder / "scripts" / "run.sh")
    assert git.top_level == repository.folder
    assert git.git_dir == git.common_dir == repository.folder / ".git"
    assert git.object_format == "sha1"


def test_a_folder_without_repository_is_refused(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "git-not-a-repository"
    assert code_of(tmp_path / "not" / "there") == "git-not-a-repository"


def test_another_users_repository_is_refused_with_gits_own_remedy(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitError) as caught:
        Git.open(repository.folder)
    assert caught.value.code == "git-dubious-ownership"
    assert f"git config --global --add safe.directory {repository.folder}" in caught.value.hint


def test_gits_own_folder_is_not_a_place_to_work(repository: Repository) -> None:
    code = code_of(repository.folder / ".git" / "refs")
    assert code in {"git-no-worktree", "git-not-a-repository"}  # by version of git


def test_a_bare_repository_is_opened_and_has_no_files(tmp_path: Path) -> None:
    git = Repository.init(tmp_path / "bare.git", "--bare").opened()
    assert git.top_level is None
    with pytest.raises(GitError) as caught:
        git.worktree()
    assert caught.value.code == "git-no-worktree"


def test_a_bare_repository_inside_of_the_files_is_not_picked_up(repository: Repository) -> None:
    Repository.init(repository.folder / "data" / "hidden", "--bare")
    (repository.folder / "data" / "hidden" / "sub").mkdir()
    assert code_of(repository.folder / "data" / "hidden" / "sub") == "git-not-a-repository"


def test_a_linked_worktree_knows_what_it_shares(repository: Repository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    git = Git.open(tmp_path / "linked")
    assert git.top_level == tmp_path / "linked"
    assert git.common_dir == repository.folder / ".git"
    assert git.git_dir == git.common_dir / "worktrees" / "linked"


def test_sha256_and_shallow_repositories_are_told(repository: Repository, tmp_path: Path) -> None:
    assert (
        Repository.init(tmp_path / "new", "--object-format=sha256").opened().object_format
        == "sha256"
    )
    repository.commit("second")
    repository.git("clone", "--quiet", "--depth=1", repository.folder.as_uri(), str(tmp_path / "s"))
    assert Git.open(tmp_path / "s").is_shallow
    assert not repository.opened().is_shallow


def test_a_repository_in_a_folder_with_a_newline_is_opened(tmp_path: Path) -> None:
    folder = tmp_path / "a\nb"
    Repository.init(folder)
    assert Git.open(folder).top_level == folder


def test_a_new_repository_can_be_made(tmp_path: Path) -> None:
    git = Git.create(tmp_path, branch="trunk")
    assert (head(git).branch, head(git).commit) == ("trunk", None)


def test_what_a_hook_left_in_the_environment_is_ignored(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository.init(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'user.name'='Mallory'")
    git = Git.open(repository.folder)
    assert git.git_dir == repository.folder / ".git"
    assert config_get(git, "user.name") == "Ada Lovelace"


def test_a_git_in_the_current_folder_is_never_run(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = repository.write("git", "#!/bin/sh\ntouch pwned\n")
    fake.chmod(0o755)
    monkeypatch.chdir(repository.folder)
    monkeypatch.setenv("PATH", f".::{os.environ['PATH']}")
    Git.open(repository.folder)
    assert not (repository.folder / "pwned").exists()


def test_no_git_and_an_old_git_are_told_apart(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    assert code_of(repository.folder) == "git-missing"
    (programs / "git").write_text("#!/bin/sh\necho git version 2.30.2\n")
    (programs / "git").chmod(0o755)
    assert code_of(repository.folder) == "git-too-old"


@pytest.mark.parametrize(
    "arguments",
    [
        ("rebase", "main"),
        ("rev-parse", "--upload-pack=evil", "HEAD"),
        ("ls-remote", "--upload-pack=evil", "origin"),
        ("push", "--force", "origin"),
        ("push", "--exec=evil", "origin"),
        ("config", "core.hooksPath", "evil"),
        ("config", "--global", "core.hooksPath", "evil"),
        ("worktree", "add", "x"),
        ("commit", "--quiet"),
        ("rev-parse", "HEAD\0"),
    ],
)
def test_what_is_not_listed_is_never_run(
    repository: Repository, arguments: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError) as caught:
        repository.opened().run(*arguments)
    assert caught.value.code in {"git-verb-not-allowed", "git-option-not-allowed"}


def test_a_hanging_remote_ends_at_the_deadline_and_leaves_nothing(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh = tmp_path / "slow-ssh"
    ssh.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    repository.git("remote", "add", "slow", "ssh://host.invalid/x")
    start = time.monotonic()
    with pytest.raises(GitError) as caught:
        repository.opened().run("ls-remote", "--refs", "--", "slow", deadline=1.0)
    assert caught.value.code == "git-timeout"
    assert time.monotonic() - start < 8
    assert identity_of(int((tmp_path / "pid").read_text())) is None


def test_more_output_than_the_limit_is_an_error_and_not_a_cut(repository: Repository) -> None:
    with pytest.raises(GitError) as caught:
        repository.opened().run("ls-files", "-z", limit=10)
    assert caught.value.code == "git-too-much-output"


def test_folders_as_remotes_need_an_opt_in(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Repository.init(tmp_path / "remote.git", "--bare")
    repository.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repository.git("config", "protocol.file.allow", "always")
    ask = ("ls-remote", "--refs", "--", "origin")
    with pytest.raises(GitError) as caught:
        Git.open(repository.folder).run(*ask)
    assert caught.value.code == "git-protocol-not-allowed"
    assert Git.open(repository.folder, file_remotes=True).run(*ask) == b""
    repository.git("config", "--global", "protocol.file.allow", "always")
    assert Git.open(repository.folder).run(*ask) == b""


def test_the_users_own_hooks_run_for_her_commit(repository: Repository) -> None:
    hook = repository.folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no tabs please >&2\nexit 1\n")
    hook.chmod(0o755)
    repository.write("notebook.ipynb", "changed")
    git = repository.opened()
    git.run_with_the_repositorys_own_programs("add", "--", "notebook.ipynb")
    with pytest.raises(GitError) as caught:
        git.run_with_the_repositorys_own_programs("commit", "--quiet", "--message=x")
    assert "no tabs please" in caught.value.details["git"]
    hook.unlink()
    git.run_with_the_repositorys_own_programs("commit", "--quiet", "--message=x")
    assert repository.git("log", "-1", "--format=%s") == "x"


def test_no_lock_of_the_users_index_is_taken(repository: Repository) -> None:
    before = (repository.folder / ".git" / "index").stat().st_mtime_ns
    os.utime(repository.folder / "notebook.ipynb")
    repository.opened().run("status", "--porcelain=v2", "-z")
    assert (repository.folder / ".git" / "index").stat().st_mtime_ns == before


def test_leaving_a_stream_early_ends_git(repository: Repository) -> None:
    children = set(psutil.Process().children())
    with (
        pytest.raises(ZeroDivisionError),
        repository.opened().streaming("cat-file", "--batch", "--buffer", stdin=b""),
    ):
        raise ZeroDivisionError
    assert set(psutil.Process().children()) <= children


def test_an_unborn_and_a_detached_head_are_values(repository: Repository, tmp_path: Path) -> None:
    assert head(Repository.init(tmp_path / "new").opened()).commit is None
    repository.git("checkout", "--quiet", "--detach")
    assert head(repository.opened()).branch is None


def test_a_newer_repository_format_is_refused_clearly(repository: Repository) -> None:
    subprocess.run(
        ["git", "config", "core.repositoryFormatVersion", "99"], cwd=repository.folder, check=True
    )
    assert code_of(repository.folder) == "git-unsupported-repository"
