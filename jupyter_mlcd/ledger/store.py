"""The branch that holds the ledger: files are added to it, never changed, never lost.

Correct by git's own compare-and-swap; the lock only spares retries. What `append` returned is on
the disk and was looked at again. Index, files and HEAD of the user are not involved.
"""

from __future__ import annotations

import random
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jupyter_mlcd.ledger.fast_import import DURABLE, Draft, import_drafts
from jupyter_mlcd.ledger.history import Appended, history
from jupyter_mlcd.ledger.pieces import Piece, checked_path, missing_from, parents, pieces_of
from jupyter_mlcd.ledger.recovery import sweep, take_over
from jupyter_mlcd.model.errors import GitError, NotFoundError, RefusedError, WorldError
from jupyter_mlcd.model.event import LEDGER_REF
from jupyter_mlcd.world.failpoints import failpoint
from jupyter_mlcd.world.git_blobs import cat_file_batch
from jupyter_mlcd.world.git_errors import GitFault, git_error
from jupyter_mlcd.world.git_names import ObjectId, checked_object_id, checked_ref
from jupyter_mlcd.world.git_reading import (
    Entry,
    Person,
    is_ancestor,
    ls_tree,
    merge_base,
    objects_at,
    ref_tip,
    refs,
    worktrees,
)
from jupyter_mlcd.world.places import locked_if_possible

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jupyter_mlcd.world.git import Git


SET_BACK: Final = "mlcd: what was written is damaged"

_ASIDE = "refs/mlcd/aside"
_LOCK_SECONDS = 30.0
_TRIES = 8
_LOOKS = 3
_LOOK_SECONDS = 0.7
# Faults that a concurrent writer or gc causes and that are gone a moment later.
_PASSING: Final = frozenset(
    {
        GitFault.REF_MOVED.value,
        GitFault.LOCKED.value,
        GitFault.CORRUPT.value,
        GitFault.NO_SUCH_OBJECT.value,
        GitFault.FAILED.value,
    }
)


class LedgerStore:
    """Reads and appends to one branch of one repository."""

    def __init__(self, git: Git, ref: str = LEDGER_REF) -> None:
        self.git = git
        self.ref = checked_ref(ref)

    def tip(self) -> ObjectId | None:
        """Return the newest commit; None when there is no ledger yet."""
        return ref_tip(self.git, self.ref)

    def list(self, prefix: str = "") -> tuple[Entry, ...]:
        """Return the files below ``prefix``."""
        tip = self.tip()
        return () if tip is None else ls_tree(self.git, tip, prefix)

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of ``paths``; NotFoundError if one is not there."""
        wanted = [checked_path(path) for path in paths]
        tip = self.tip()
        found = {} if tip is None else objects_at(self.git, tip, wanted)
        for path in wanted:
            if path not in found or found[path][0] != "blob":
                raise NotFoundError(
                    f"{path} is not in the history.",
                    hint="See what is there with: jupyter mlcd evidence list",
                )
        contents = cat_file_batch(self.git, [found[path][1] for path in wanted])
        return dict(zip(wanted, contents, strict=True))

    def history(self, after: str | None = None) -> tuple[Appended, ...]:
        """Return the commits, oldest first; only those that came ``after`` a commit."""
        tip = self.tip()
        return () if tip is None else history(self.git, tip, after)

    def append(self, files: Mapping[str, bytes | Path], message: str, author: Person) -> ObjectId:
        """Add ``files`` in one commit and return it; durable and verified when this returns.

        Files that are there with the same bytes are left; when all are, nothing is written and the
        tip is returned. RefusedError when a path is there with other bytes, or a file is over 95
        MiB; GitError when git cannot; nothing was added then.
        """
        pieces = pieces_of(self.git, files)

        def once(attempt: int, keep_open: Collection[int]) -> ObjectId:
            old = self.tip()
            missing = missing_from(self.git, old, pieces)
            if old is not None and not missing:
                return old
            # The same pack again would meet what is left of the first; a nonce makes it another.
            nonce = f"\n\nMlcd-Attempt: {uuid.uuid4()}\n" if attempt else "\n"
            draft = Draft(message.strip() + nonce, author, int(time.time()), missing)
            failpoint("ledger-before-import")
            commit = import_drafts(self.git, self.ref, old, [draft], keep_open)[-1]
            failpoint("ledger-after-import")
            self._verify(commit, old, missing)
            failpoint("ledger-after-verify")
            return commit

        return self._persistently(once)

    def rebase_onto(self, remote_tip: str) -> ObjectId:
        """Put what only we have behind ``remote_tip``, a fetched commit; return the new tip.

        History stays linear. RefusedError when both sides added the same path with other bytes, or
        somebody changed or deleted files of our side; the branch is then as it was.
        """
        theirs = checked_object_id(remote_tip)

        def once(_attempt: int, keep_open: Collection[int]) -> ObjectId:
            ours = self.tip()
            if ours is not None and is_ancestor(self.git, theirs, ours):
                return ours
            drafts = () if ours is None else self._drafts_behind(ours, theirs)
            return self._replant(ours, theirs, drafts, keep_open)

        return self._persistently(once)

    def _persistently(self, once: Callable[[int, Collection[int]], ObjectId]) -> ObjectId:
        """Do ``once`` until it went through or failed for a reason that will not pass."""
        self._refuse_checked_out()
        problem: GitError = git_error(GitFault.FAILED)
        with self._alone() as keep_open:
            for attempt in range(_TRIES):
                if attempt:
                    time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - no secret
                try:
                    return once(attempt, keep_open)
                except GitError as error:
                    if error.code not in _PASSING:
                        raise
                    problem = error
        raise problem

    def _verify(self, commit: ObjectId, old: ObjectId | None, pieces: Sequence[Piece]) -> None:
        """Look whether all is there; believe in damage only after three looks.

        A gc in the background makes single looks fail. When it is damage, the branch is set back.
        """
        for look in range(_LOOKS):
            if look:
                time.sleep(_LOOK_SECONDS)
            try:
                failpoint("ledger-before-verify")
                self._look(commit, old, pieces)
            except GitError as error:
                if look < _LOOKS - 1:
                    continue
                self._set_back(commit, old)
                raise git_error(GitFault.CORRUPT, error.message) from error
            else:
                return

    def _look(self, commit: ObjectId, old: ObjectId | None, pieces: Sequence[Piece]) -> None:
        bounds = [commit, *([f"^{old}"] if old else [])]
        self.git.run("rev-list", "--objects", "--quiet", "--end-of-options", *bounds, "--")
        found = objects_at(self.git, commit, [piece.path for piece in pieces])
        if any(found.get(piece.path) != ("blob", piece.oid) for piece in pieces):
            raise git_error(GitFault.CORRUPT, "what was written is not what was to be written")

    def _set_back(self, commit: ObjectId, old: ObjectId | None) -> None:
        if old is None:
            self.git.run("update-ref", "-d", self.ref, commit, settings=DURABLE)
        else:
            note = ("-m", SET_BACK)  # else the reflog would tell of a lost commit
            self.git.run("update-ref", *note, self.ref, old, commit, settings=DURABLE)

    def _drafts_behind(self, ours: ObjectId, theirs: ObjectId) -> tuple[Draft, ...]:
        """Return our own commits as drafts of what the other side does not have."""
        drafts = []
        for commit in history(self.git, ours, merge_base(self.git, ours, theirs)):
            if any(change.letter != "A" for change in commit.changes):
                raise RefusedError(
                    f"Commit {commit.commit[:10]} on {self.ref} changes files of the history.",
                    code="ledger-altered",
                    hint="Nothing was written. The history only grows; take that commit out.",
                )
            pieces = [Piece(change.path, change.oid, 0, None) for change in commit.changes]
            missing = missing_from(self.git, theirs, pieces)
            if missing:
                drafts.append(Draft(commit.message, commit.author, commit.written_at, missing))
        return tuple(drafts)

    def _replant(
        self,
        ours: ObjectId | None,
        theirs: ObjectId,
        drafts: Sequence[Draft],
        keep_open: Collection[int],
    ) -> ObjectId:
        """Write ``drafts`` behind ``theirs`` beside the branch, then move the branch there."""
        new = theirs
        if drafts:
            aside = f"{_ASIDE}/{uuid.uuid4()}"
            new = import_drafts(self.git, aside, theirs, drafts, keep_open)[-1]
            self._look(new, theirs, [piece for draft in drafts for piece in draft.pieces])
        failpoint("ledger-before-move")
        lines = ["start", f"update {self.ref} {new} {ours or '0' * len(new)}"]
        if keep_open:  # under the lock, all that stands aside is ours or a killed writer's
            lines += [f"delete {ref} {oid}" for ref, oid in refs(self.git, _ASIDE).items()]
        stdin = "\n".join([*lines, "prepare", "commit", ""]).encode()
        self.git.run("update-ref", "--stdin", stdin=stdin, settings=DURABLE)
        return new

    @contextmanager
    def _alone(self) -> Iterator[Collection[int]]:
        """Hold the ledger's lock if that can be had, and clean up after killed writers.

        Gives the lock's descriptor for git to inherit: a writer that outlives us keeps the lock.
        """
        try:
            with locked_if_possible(self.git.common_dir / "mlcd.lock", _LOCK_SECONDS) as lock:
                if lock is not None:
                    sweep(self.git.common_dir, self.ref, take_over(lock))
                yield () if lock is None else (lock,)
        except WorldError as error:
            if error.code != "lock-not-writable":
                raise
            raise git_error(GitFault.READ_ONLY, error.message) from error

    def _refuse_checked_out(self) -> None:
        """GitError when the branch cannot be moved without harm to somebody's files."""
        for worktree in worktrees(self.git):
            if worktree.ref == self.ref:
                raise git_error(GitFault.CHECKED_OUT, f"in {worktree.path}")
        for parent in parents(self.ref):
            if parent.startswith("refs/heads/") and ref_tip(self.git, parent) is not None:
                raise git_error(GitFault.NAME_IN_THE_WAY, f"{parent} exists")
