"""The user's files and her branch, read and committed without surprises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

from jupyter_mlcd.ledger.first_written import first_written
from jupyter_mlcd.ledger.tree_changes import changed_since
from jupyter_mlcd.model.errors import GitError, UsageError
from jupyter_mlcd.model.rules_change import RulesCommit
from jupyter_mlcd.model.run import Change
from jupyter_mlcd.ports import Commit, Sharing, Snapshot
from jupyter_mlcd.world import git_reading, git_status, git_trees
from jupyter_mlcd.world.clock import format_time
from jupyter_mlcd.world.git import Git
from jupyter_mlcd.world.git_blobs import cat_file_batch
from jupyter_mlcd.world.git_names import checked_object_id, decoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_MANY_NAMES = 64 << 20
_COMMIT_SECONDS = 60.0
_CHANGES = {
    git_status.ChangeState.ADDED: Change.ADDED,
    git_status.ChangeState.DELETED: Change.DELETED,
}


def open_repository(path: Path) -> Git:
    """Return git in the repository that holds ``path``. Raises GitError where there is none."""
    git = Git.open(path)
    git.worktree()  # A bare repository has no notebooks to run.
    return git


def create_repository(folder: Path) -> None:
    """Make a repository in ``folder``; where git knows no name, with one for this place alone.

    Raises GitError.
    """
    git = Git.create(folder)
    if git_reading.identity(git).is_fallback:
        with (git.git_dir / "config").open("a", encoding="utf-8") as config:
            config.write("[user]\n\tname = You\n\temail = you@localhost\n")


@dataclass(frozen=True)
class GitWorktree:
    """Implements ``ports.Worktree``."""

    git: Git

    @property
    def top(self) -> Path:
        """The folder of the files, all links followed."""
        return self.git.worktree().resolve()

    def snapshot(self, extra: Sequence[str] = ()) -> Snapshot:
        """Return what is there now; ``extra`` untracked paths that exist count as part of it."""
        head = git_reading.head(self.git)
        changes = git_status.status(self.git, renames=False)
        untracked = {
            change.path for change in changes if change.state is git_status.ChangeState.UNTRACKED
        }
        taken = sorted(untracked.intersection(extra))
        snapshot = git_trees.snapshot_tree(self.git, "", taken, changes)
        dirty = {
            change.path: _CHANGES.get(change.state, Change.MODIFIED)
            for change in changes
            if change.path not in untracked
        }
        dirty.update(dict.fromkeys(taken, Change.ADDED))
        return Snapshot(
            tree=snapshot.tree,
            commit=head.commit or "",
            branch=head.branch or "",
            dirty=dict(sorted(dirty.items())),
            untracked=tuple(sorted(untracked.difference(taken))),
        )

    def read(self, revision: str, path: str) -> bytes | None:
        """Return a file as it is in a commit or tree, or None if one of the two is not there."""
        tree = self.tree_of(revision)
        if not tree:
            return None
        found = git_reading.objects_at(self.git, tree, [path])
        if path not in found:
            return None
        return next(iter(cat_file_batch(self.git, [found[path][1]])))

    def tree_of(self, revision: str) -> str:
        """Return the tree of a commit; empty if it is not there."""
        return git_reading.rev_parse(self.git, revision, "tree") or ""

    def commit_of(self, revision: str) -> str:
        """Return the commit that a revision stands for; empty if it is not there."""
        return git_reading.rev_parse(self.git, revision) or ""

    def versions(self, revision: str, path: str) -> Iterator[bytes]:
        """Yield a file as it was in each commit that led to ``revision``, newest first."""
        commit = git_reading.rev_parse(self.git, revision)
        if commit is None:
            return
        listing = self.git.run(
            "rev-list", "--end-of-options", commit, "--", path, limit=_MANY_NAMES
        )
        for older in decoded(listing).split():
            if (text := self.read(older, path)) is not None:
                yield text

    def projects(self, name: str) -> tuple[str, ...]:
        """Return the tracked files of this name, by path from the repository's top."""
        listing = self.git.run(
            "ls-files", "-z", "--full-name", "--", f":(top,glob)**/{name}", limit=_MANY_NAMES
        )
        return tuple(filter(None, decoded(listing).split("\0")))

    def tracked(self, prefix: str) -> tuple[str, ...]:
        """Return the files below ``prefix`` that git knows, from the repository's top."""
        paths = ("--", f":(top){prefix}") if prefix else ()
        listing = self.git.run("ls-files", "-z", "--full-name", *paths, limit=_MANY_NAMES)
        return tuple(filter(None, decoded(listing).split("\0")))

    def notebooks(self, prefix: str) -> tuple[str, ...]:
        """Return the notebooks below ``prefix`` that git does not ignore, relative to it."""
        listing = self.git.run(
            "ls-files",
            "-z",
            "--full-name",
            "--cached",
            "--others",
            "--exclude-standard",
            "--",
            f":(top,glob){prefix}**/*.ipynb",
            limit=_MANY_NAMES,
        )
        found = {path.removeprefix(prefix) for path in decoded(listing).split("\0") if path}
        return tuple(sorted(path for path in found if ".ipynb_checkpoints/" not in path))

    def subject(self, commit: str) -> str:
        """Return the first line of a commit's message."""
        return _message(self.git, commit).partition("\n")[0]

    def changed_between(self, one: str, other: str) -> tuple[str, ...]:
        """Return the paths that differ between two trees; none of a tree that is gone."""
        arguments = ("-r", "-z", "--name-only", "--no-renames", "--end-of-options")
        try:
            listing = self.git.run(
                "diff-tree",
                *arguments,
                checked_object_id(one),
                checked_object_id(other),
                limit=_MANY_NAMES,
            )
        except GitError:
            return ()
        return tuple(filter(None, decoded(listing).split("\0")))

    def changed_since(self, trees: Iterable[str], now: str) -> Mapping[str, Sequence[str]]:
        """Return the first paths that differ between each of many trees and one."""
        return changed_since(self.git, trees, now)

    def commits_between(self, one: str, other: str, most: int) -> Sequence[Commit]:
        """Return the commits that ``other`` has and ``one`` has not, newest first."""
        try:
            found = git_reading.commits(self.git, _span(one, other), most)
        except GitError:
            return ()
        return tuple(Commit(commit, message) for commit, message in found)

    def commits_of(
        self, paths: Sequence[str], one: str, other: str, most: int
    ) -> Sequence[RulesCommit]:
        """Return the commits that ``other`` has and ``one`` has not and that touch ``paths``."""
        ends = [git_reading.rev_parse(self.git, end) for end in (one, other)]
        if None in ends:
            return ()
        found = git_reading.touching(self.git, f"{ends[0]}..{ends[1]}", paths, most)
        return tuple(
            RulesCommit(oid, by, format_time(datetime.fromtimestamp(at, UTC)), subject)
            for oid, by, at, subject in found
        )

    def count_between(self, one: str, other: str, paths: Sequence[str] = ()) -> int:
        """Return how many of them there are, or how many of them touch ``paths``."""
        try:
            return git_reading.count(self.git, _span(one, other), paths)
        except GitError:
            return 0

    def authors_between(self, one: str, other: str) -> frozenset[str] | None:
        """Return who wrote the commits that ``other`` has and ``one`` has not."""
        if self.git.is_shallow:
            return None
        try:
            span = _span(one, other) if one else checked_object_id(other)
            return git_reading.authors(self.git, span)
        except (GitError, UsageError):
            return None

    def branches(self, pattern: str) -> Mapping[str, str]:
        """Return ``{name: newest commit}`` of the branches that ``pattern`` means."""
        remotes = git_reading.remote_addresses(self.git)
        first, _, rest = pattern.partition("/")
        if rest and first in remotes:
            return self._branches(f"refs/remotes/{first}/", first, rest)
        if not remotes:
            return self._branches("refs/heads/", "", pattern)
        name = "origin" if "origin" in remotes else next(iter(remotes))
        if name != "origin" and len(remotes) > 1:
            return {}  # Which of them is meant has to be said.
        return self._branches(f"refs/remotes/{name}/", name, pattern)

    def _branches(self, prefix: str, remote: str, pattern: str) -> Mapping[str, str]:
        found = git_reading.refs(self.git, prefix.rstrip("/"))
        names = ((ref.removeprefix(prefix), tip) for ref, tip in found.items())
        return {
            f"{remote}/{name}" if remote else name: tip
            for name, tip in names
            if name != "HEAD" and _is_meant(name, pattern)
        }

    def holds(self, branch: str, commit: str) -> bool | None:
        """Whether ``commit`` is ``branch`` or was before it; None where that cannot be told."""
        if not (self.tree_of(branch) and self.tree_of(commit)):
            return None
        if git_reading.is_ancestor(self.git, commit, branch):
            return True
        return None if self.git.is_shallow else False

    def first_written(self, spans: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """Return when the first of the commits was written that one has and another has not."""
        return first_written(self.git, spans)

    def sharing(self) -> Sharing:
        """Return with whom the branch that is checked out is shared."""
        addresses = dict(git_reading.remotes(self.git))
        branch = git_reading.head(self.git).branch
        found = git_reading.upstream(self.git, branch) if branch else None
        if found is None:
            return Sharing(url=addresses.get("origin", ""), remotes=addresses)
        return Sharing(found.name, found.ahead, addresses.get(found.remote, ""), addresses)

    def commit(self, paths: Sequence[str], message: str, by: str) -> tuple[str, str]:
        """Commit these paths on her branch with her hooks; return the commit id and git's words.

        Where git or a hook says no, her index is as it was.
        """
        staged = self._staged(paths)
        try:
            return self._commit(paths, message, by)
        except GitError:
            self.git.run("update-index", "-z", "--index-info", stdin=staged)
            raise

    def _staged(self, paths: Sequence[str]) -> bytes:
        """Return what gives these paths back to the index as they are in it now."""
        listing = self.git.run("ls-files", "-z", "--stage", "--full-name", limit=_MANY_NAMES)
        names = [path.encode("utf-8", "surrogateescape") for path in paths]
        wanted = set(names)
        nothing = b"0" * (64 if self.git.object_format == "sha256" else 40)
        gone = [b"0 " + nothing + b"\t" + name for name in names]
        there = [one for one in listing.split(b"\0") if one.partition(b"\t")[2] in wanted]
        return b"\0".join([*gone, *there, b""])

    def _commit(self, paths: Sequence[str], message: str, by: str) -> tuple[str, str]:
        own = self.git.run_with_the_repositorys_own_programs
        # Literal: to git `train[1].ipynb` is a pattern, which also means `train1.ipynb`.
        names = (f":(literal){path}".encode("utf-8", "surrogateescape") for path in paths)
        stdin = b"\0".join(names) + b"\0"
        listed = ("--pathspec-from-file=-", "--pathspec-file-nul")
        own("add", "--all", *listed, stdin=stdin, deadline=_COMMIT_SECONDS)
        said = own(
            "commit",
            "--only",
            *listed,
            f"--author={by}",
            f"--message={message}",
            stdin=stdin,
            deadline=_COMMIT_SECONDS,
        )
        commit = git_reading.head(self.git).commit or ""
        return commit, decoded(said).strip()

    def identity(self) -> str:
        """Return who she is to git, as ``Name <e-mail>``."""
        return str(git_reading.identity(self.git))

    @cached_property
    def addresses(self) -> Iterable[str]:
        """The full addresses of the remotes, which may hold passwords: for the secret scan only."""
        return tuple(git_reading.remote_addresses(self.git).values())


@dataclass(frozen=True)
class CommittedWorktree(GitWorktree):
    """The same files as a commit has them, whatever is checked out or edited."""

    revision: str

    def snapshot(self, extra: Sequence[str] = ()) -> Snapshot:
        """Return what is committed: nothing of it differs, and all is known."""
        del extra
        commit = git_reading.rev_parse(self.git, self.revision)
        tree = self.tree_of(commit) if commit else ""
        return Snapshot(tree, commit or "", self._branch(), {}, ())

    def _branch(self) -> str:
        """Return the branch by the name that it has here or on its remote; empty for a commit."""
        place, _, name = self.revision.partition("/")[2].partition("/")
        if place == "remotes":
            return name.partition("/")[2]
        return name if place == "heads" else ""


def _is_meant(name: str, pattern: str) -> bool:
    """Whether a branch is one of a pattern, in which a star stands for no slash."""
    own, wanted = name.split("/"), pattern.split("/")
    return len(own) == len(wanted) and all(map(fnmatchcase, own, wanted))


def _span(one: str, other: str) -> str:
    return f"{checked_object_id(one)}..{checked_object_id(other)}"


def _message(git: Git, commit: str) -> str:
    """Return a commit's message, read by GitPython; it cannot read SHA-256, git can."""
    if git.object_format == "sha1":
        from git import Repo  # noqa: PLC0415 - 0.2 s that only this needs
        from git.exc import GitError as GitPythonError  # noqa: PLC0415

        try:
            with Repo(git.git_dir) as repository:
                return str(repository.commit(commit).message)
        except (GitPythonError, ValueError, OSError):
            pass
    text = git.run("cat-file", "commit", checked_object_id(commit))
    return decoded(text).partition("\n\n")[2]
