"""The one way to run git.

`Git` is bound to one repository and carries its hardened environment (`git_hardening`), asks only
for listed verbs and options (`git_verbs`), and raises GitError by one table (`git_errors`). What
git tells is read in `git_reading`, `git_status` and `git_blobs`; trees are made in `git_trees` and
written to disk in `git_export`.

Git objects are cheap (some 10 ms) and short-lived: open one per operation, so that what the
repository's configuration says is read again.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Self

from jupyter_mlcd.world import git_hardening as hardening
from jupyter_mlcd.world.commands import MEBIBYTE, Command, Completed, run_command
from jupyter_mlcd.world.git_errors import GitFault, error_of, git_error
from jupyter_mlcd.world.git_names import checked_ref
from jupyter_mlcd.world.git_verbs import (
    NETWORK_VERBS,
    VERBS,
    VERBS_OF_THE_USER,
    check_arguments,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

DEADLINE_SECONDS: Final = 60.0
NETWORK_DEADLINE_SECONDS: Final = 120.0
_OLDEST: Final = (2, 36)  # core.fsync


@dataclass(frozen=True)
class Git:
    """Git in one repository."""

    git_dir: Path
    """The worktree's own git folder."""
    common_dir: Path
    """The git folder that all worktrees of the repository share; the main one's own."""
    top_level: Path | None
    """The folder of the files; None if the repository is bare."""
    object_format: str
    """``sha1`` or ``sha256``."""
    is_shallow: bool
    """History was cut off when it was cloned."""
    settings: tuple[hardening.Setting, ...]
    """The configuration of all scopes, as it was when the repository was opened."""
    file_remotes: bool = False
    """Folders are allowed as remotes; else only where the user's own git configuration says so."""

    @classmethod
    def open(cls, path: Path, *, file_remotes: bool = False) -> Self:
        """Find the repository that ``path``, a file or folder, belongs to.

        GitError: not a repository, another user's, git missing or too old.
        """
        program = _program()
        folder = path.absolute()
        if not folder.is_dir():
            folder = folder.parent
        if not folder.is_dir():
            raise git_error(GitFault.NOT_A_REPOSITORY, directory=str(path))
        place = _discover(program, folder)
        settings = _ask(program, folder, place, "config", "--list", "-z", "--show-scope")
        return cls(*place, hardening.parse_settings(settings), file_remotes)

    @classmethod
    def create(cls, folder: Path, *, branch: str = "main") -> Self:
        """Make a repository in ``folder`` with no hooks but git's own, and open it."""
        checked_ref(f"refs/heads/{branch}")
        arguments = ["init", "--quiet", "--template=", f"--initial-branch={branch}"]
        completed = run_command(
            [_program(), *arguments],
            directory=folder,
            environment=hardening.environment(),
            deadline=DEADLINE_SECONDS,
        )
        if completed.code:
            raise error_of(completed, str(folder))
        return cls.open(folder)

    @property
    def directory(self) -> Path:
        """Where commands run: the files' folder, or the git folder of a bare repository."""
        return self.top_level or self.git_dir

    def worktree(self) -> Path:
        """Return the folder of the files; GitError if there is none."""
        if self.top_level is None:
            raise git_error(GitFault.NO_WORKTREE, directory=str(self.git_dir))
        return self.top_level

    def run(  # noqa: PLR0913 - all by name, each with a quiet default
        self,
        verb: str,
        *arguments: str,
        stdin: bytes | Iterable[bytes] | None = None,
        deadline: float | None = None,
        ok_codes: Collection[int] = (0,),
        env: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        limit: int = MEBIBYTE,
        keep_open: Collection[int] = (),
    ) -> bytes:
        """Return what ``git verb`` prints; nothing of the repository's own programs runs.

        Put ``--end-of-options`` or ``--`` before any value that comes from outside. ``deadline``
        is in seconds, ``limit`` in bytes; more output than that is an error, not a cut.
        ``env`` may set GIT_INDEX_FILE and the author's and committer's names and dates.
        """
        check_arguments(verb, arguments, VERBS)
        completed = run_command(
            [_program(), verb, *arguments],
            directory=self.directory,
            environment=self._environment(verb, env, settings),
            stdin=stdin,
            deadline=deadline or _deadline(verb),
            limit=limit,
            keep_open=keep_open,
        )
        return self._checked(completed, ok_codes)

    @contextmanager
    def streaming(
        self,
        verb: str,
        *arguments: str,
        stdin: bytes | Iterable[bytes] | None = None,
        deadline: float = DEADLINE_SECONDS,
    ) -> Iterator[IO[bytes]]:
        """Give what ``git verb`` prints while it runs; on leaving, raise GitError if it failed.

        ``stdin`` is written at the same time, in another thread.
        """
        check_arguments(verb, arguments, VERBS)
        with Command(
            [_program(), verb, *arguments],
            directory=self.directory,
            environment=self._environment(verb, None, None),
            stdin=stdin,
        ) as command:
            command.end_after(deadline)
            yield command.output
            command.output.close()
            code = command.wait(deadline)
            command.raise_input_error()
            ended = Completed(
                code, b"", command.complaint(), overflowed=False, timed_out=command.timed_out
            )
            self._checked(ended, (0,))

    def run_with_the_repositorys_own_programs(
        self, verb: str, *arguments: str, stdin: bytes | None = None, deadline: float = 60.0
    ) -> bytes:
        """Run ``add`` or ``commit`` with the hooks, filters and signing that the repository names.

        Dangerous in a repository of unknown origin: these programs do whatever they like. For the
        user's own commits only, where leaving out her hooks and LFS would be the surprise.
        """
        check_arguments(verb, arguments, VERBS_OF_THE_USER)
        settings = dict(hardening.trusted_credentials(self.settings))
        completed = run_command(
            [_program(), verb, *arguments],
            directory=self.worktree(),
            environment=self._located(
                hardening.environment(settings.items(), users_programs=True)
                | {"GIT_OPTIONAL_LOCKS": "1"}
            ),
            stdin=stdin,
            deadline=deadline,
        )
        return self._checked(completed, (0,))

    def _environment(
        self, verb: str, added: Mapping[str, str] | None, settings: Mapping[str, str] | None
    ) -> dict[str, str]:
        lines = [*hardening.neutral_settings(self.settings), *(settings or {}).items()]
        made = self._located(hardening.environment(lines, added=added))
        if verb in NETWORK_VERBS:
            made["GIT_SSH_COMMAND"] = hardening.ssh_command(self.settings)
        return made

    def _located(self, made: dict[str, str]) -> dict[str, str]:
        """Bind to this repository, so that no file that appears later can bind to another."""
        made["GIT_DIR"] = str(self.git_dir)
        if self.top_level is not None:
            made["GIT_WORK_TREE"] = str(self.top_level)
        made["GIT_ALLOW_PROTOCOL"] = hardening.allowed_protocols(
            self.settings, file_remotes=self.file_remotes
        )
        return made

    def _checked(self, completed: Completed, ok_codes: Collection[int]) -> bytes:
        if completed.timed_out or completed.code not in ok_codes:
            raise error_of(completed, str(self.directory))
        if completed.overflowed:
            raise git_error(GitFault.TOO_MUCH_OUTPUT)
        return completed.output


_Place = tuple[Path, Path, Path | None, str, bool]


def _discover(program: str, folder: Path) -> _Place:
    """Return where the repository of ``folder`` lies and of what kind it is."""
    facts = (
        *("--show-object-format", "--is-bare-repository", "--is-inside-work-tree"),
        *("--is-shallow-repository", "--absolute-git-dir"),
    )
    bare_dir = folder if _looks_bare(folder) else None
    said = _ask(program, folder, bare_dir, "rev-parse", *facts)
    object_format, bare, inside, shallow, git_dir = os.fsdecode(said).split("\n", 4)
    if bare == "false" and inside == "false":
        raise git_error(GitFault.NO_WORKTREE, directory=str(folder))

    def one(*arguments: str) -> Path:
        answer = _ask(program, folder, bare_dir, "rev-parse", "--path-format=absolute", *arguments)
        return Path(os.fsdecode(answer).removesuffix("\n"))

    top_level = None if bare == "true" else one("--show-toplevel")
    found = Path(git_dir.removesuffix("\n"))
    return found, one("--git-common-dir"), top_level, object_format, shallow == "true"


def _ask(program: str, folder: Path, place: _Place | Path | None, *arguments: str) -> bytes:
    """Run a question about the repository before there is a Git object."""
    made = hardening.environment()
    git_dir = place[0] if isinstance(place, tuple) else place
    if git_dir is not None:
        made["GIT_DIR"] = str(git_dir)
    completed = run_command(
        [program, *arguments], directory=folder, environment=made, deadline=DEADLINE_SECONDS
    )
    if completed.code or completed.timed_out:
        raise error_of(completed, str(folder))
    return completed.output


def _looks_bare(folder: Path) -> bool:
    """Tell whether ``folder`` itself is a bare repository that is ours.

    Git finds bare repositories only when told (``safe.bareRepository``), and being told it does not
    look at the owner; so that is done here.
    """
    if folder.name == ".git" or not (folder / "HEAD").is_file() or (folder / ".git").exists():
        return False
    if not ((folder / "objects").is_dir() and (folder / "refs").is_dir()):
        return False
    if hasattr(os, "geteuid") and folder.stat().st_uid != os.geteuid():
        raise git_error(GitFault.DUBIOUS_OWNERSHIP, directory=str(folder))
    return True


def _program() -> str:
    program = hardening.find_git()
    _check_version(program)
    return program


@lru_cache(maxsize=8)
def _check_version(program: str) -> None:
    completed = run_command(
        [program, "version"],
        directory=Path(program).parent,
        environment=hardening.environment(),
        deadline=DEADLINE_SECONDS,
    )
    found = re.search(rb"(\d+)\.(\d+)", completed.output)
    if not found or (int(found[1]), int(found[2])) < _OLDEST:
        raise git_error(GitFault.TOO_OLD, completed.output.decode("utf-8", "replace"))


def _deadline(verb: str) -> float:
    return NETWORK_DEADLINE_SECONDS if verb in NETWORK_VERBS else DEADLINE_SECONDS
