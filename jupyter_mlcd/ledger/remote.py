"""The ledger and tags on their way to other people: pushed together or not at all, never forced.

A remote is reached by its configured name only, never by an address that somebody sent. A push
that is not forced is a compare-and-swap on the server, which makes it the lock between people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from jupyter_mlcd.ledger.fast_import import DURABLE
from jupyter_mlcd.ledger.store import LedgerStore
from jupyter_mlcd.model.errors import GitError, NotFoundError, RefusedError, UsageError
from jupyter_mlcd.model.event import LEDGER_REF
from jupyter_mlcd.world.clock import format_time
from jupyter_mlcd.world.git_errors import GitFault, git_error
from jupyter_mlcd.world.git_names import (
    ObjectId,
    checked_ref,
    checked_revision,
    decoded,
    plain,
)
from jupyter_mlcd.world.git_reading import checked_remote, ref_tip, remotes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jupyter_mlcd.world.git import Git

_TRIES = 5
_LINE = re.compile(r"(?P<flag>[ +\-*!=])\t[^\t:]*:(?P<ref>[^\t]+)\t(?P<summary>.*)\Z")


class PushOutcome(StrEnum):
    """What became of one reference."""

    CREATED = "created"
    ADVANCED = "advanced"
    UNCHANGED = "unchanged"
    BEHIND = "behind"
    """The remote has something that is not here."""
    TAKEN = "taken"
    """The remote has another tag of this name."""
    DECLINED = "declined"
    """The remote's rules do not allow it."""
    NOT_TRIED = "not-tried"
    """Another reference of the same push was not accepted."""


@dataclass(frozen=True)
class PushedRef:
    """One reference of a push."""

    ref: str
    outcome: PushOutcome
    reason: str
    """The remote's words, when it was not accepted."""


@dataclass(frozen=True)
class PushResult:
    """What became of a push."""

    refs: tuple[PushedRef, ...]

    @property
    def is_accepted(self) -> bool:
        """Everything is there now."""
        accepted = {PushOutcome.CREATED, PushOutcome.ADVANCED, PushOutcome.UNCHANGED}
        return all(ref.outcome in accepted for ref in self.refs)

    @property
    def is_behind(self) -> bool:
        """Fetching and appending again would help; nothing else stood in the way."""
        outcomes = {ref.outcome for ref in self.refs}
        return PushOutcome.BEHIND in outcomes and outcomes.isdisjoint(
            {PushOutcome.DECLINED, PushOutcome.TAKEN}
        )

    def raise_if_refused(self) -> None:
        """GitError with the remote's words unless everything was accepted."""
        for ref in self.refs:
            if ref.outcome in {PushOutcome.DECLINED, PushOutcome.TAKEN}:
                raise git_error(GitFault.DECLINED, f"{ref.ref}: {ref.reason}")
        for ref in self.refs:
            if ref.outcome is PushOutcome.BEHIND:
                raise git_error(GitFault.REJECTED, f"{ref.ref}: {ref.reason}")
        if not self.is_accepted:
            raise git_error(GitFault.DECLINED, "; ".join(ref.reason for ref in self.refs))


def push(git: Git, remote: str, refspecs: Sequence[str], *, atomic: bool = True) -> PushResult:
    """Push ``source:refs/...`` pairs to a configured remote, by default all or none.

    A reference that the remote did not accept is a value in the result; GitError when the push
    itself failed: unreachable, not authenticated, no such remote.
    """
    if not refspecs:
        raise UsageError("There is nothing to push.", code="nothing-to-push")
    pairs = [_checked_refspec(refspec) for refspec in refspecs]
    said = git.run(
        *("push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed"),
        *("--recurse-submodules=no", "--receive-pack=git-receive-pack"),
        *(("--atomic",) if atomic else ()),
        *("--", checked_remote(git, remote), *pairs),
        ok_codes=(0, 1),
    )
    result = PushResult(tuple(_pushed(said)))
    if len(result.refs) != len(pairs):
        raise git_error(GitFault.FAILED, decoded(said))
    return result


def fetch_tip(git: Git, remote: str, ref: str) -> ObjectId | None:
    """Fetch ``ref`` of a remote and return it; None if the remote does not have it.

    RefusedError when the remote's history went backwards since the last fetch: somebody rewrote
    it. Nothing here is changed by that.
    """
    name = checked_remote(git, remote)
    if not remote_refs(git, remote, [ref]):
        return None
    kept = checked_ref(f"refs/mlcd/remotes/{name}/{checked_ref(ref).removeprefix('refs/')}")
    try:
        git.run(
            *("fetch", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"),
            *("--no-recurse-submodules", "--upload-pack=git-upload-pack"),
            *("--", name, f"{ref}:{kept}"),  # not forced: git itself notices a rewritten history
            settings={"fetch.unpackLimit": "1", **DURABLE},
        )
    except GitError as error:
        if error.code != GitFault.REJECTED.value:
            raise
        raise RefusedError(
            f"The history on {name} was rewritten: it no longer holds {ref_tip(git, kept)}.",
            code="ledger-rewound",
            hint="Nothing was changed here; this copy still has all. Find out who pushed with "
            f"force to {ref}, and protect that branch.",
        ) from error
    return ref_tip(git, kept)


def remote_refs(git: Git, remote: str, names: Sequence[str]) -> dict[str, ObjectId]:
    """Return what the remote has under these full reference names now."""
    asked = [checked_ref(name) for name in names]
    said = git.run(
        *("ls-remote", "--refs", "--quiet", "--upload-pack=git-upload-pack"),
        *("--", checked_remote(git, remote), *asked),
    )
    lines = (line.split("\t", 1) for line in decoded(said).splitlines())
    # ls-remote matches the end of names: `x/refs/heads/main` would answer for `refs/heads/main`.
    return {name: ObjectId(oid) for oid, name in lines if name in asked}


def share(
    store: LedgerStore,
    remote: str,
    also: Sequence[str] = (),
    *,
    before_each_retry: Callable[[], None] = lambda: None,
) -> PushResult:
    """Push the ledger, and ``also`` (tags) with it, appending again when others were faster.

    ``before_each_retry`` sees the others' events before ours go out behind them, and raises if ours
    are no longer right. GitError when the remote does not accept; all is still here then.
    """
    result = _push_all(store, remote, also)
    for _ in range(_TRIES - 1):
        if not result.is_behind:
            break
        theirs = fetch_tip(store.git, remote, store.ref)
        if theirs is not None:
            store.rebase_onto(theirs)
        before_each_retry()
        result = _push_all(store, remote, also)
    result.raise_if_refused()
    return result


def exchange(store: LedgerStore, remote: str) -> None:
    """Get what others wrote, put ours behind it, and push that; no tag goes, nothing starts there.

    NotFoundError for a remote that is not configured; GitError when it does not accept: all is
    still here then.
    """
    theirs = bring(store, remote)
    if store.tip() not in {None, theirs}:
        share(store, remote)


def bring(store: LedgerStore, remote: str) -> ObjectId | None:
    """Get what others wrote, put ours behind it, and return the tip of theirs; nothing is pushed.

    NotFoundError for a remote that is not configured, RefusedError, GitError.
    """
    if remote not in remotes(store.git):
        hint = f"Nothing was sent. Add it: git remote add {remote} ADDRESS"
        raise NotFoundError(f"there is no git remote {remote!r}", hint=hint)
    theirs = fetch_tip(store.git, remote, store.ref)
    if theirs is not None:
        store.rebase_onto(theirs)
    return theirs


def fetch_branches(git: Git, remote: str) -> None:
    """Bring the branches of a remote to where git keeps them, as ``origin/main``; no tag, no merge.

    GitError.
    """
    name = checked_remote(git, remote)
    git.run(
        *("fetch", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"),
        *("--no-recurse-submodules", "--upload-pack=git-upload-pack"),
        *("--", name, f"+refs/heads/*:refs/remotes/{name}/*"),
    )


def _push_all(store: LedgerStore, remote: str, also: Sequence[str]) -> PushResult:
    tip = store.tip()
    own = [f"{tip}:{store.ref}"] if tip is not None else []
    return push(store.git, remote, [*own, *also])


class GitRemote:
    """A remote that the repository's own configuration names."""

    def __init__(self, git: Git, name: str) -> None:
        self.git = git
        self.name = name

    def url(self) -> str:
        """Return its URL without credentials; empty if there is no such remote."""
        return remotes(self.git).get(self.name, "")

    def push(self, refs: Sequence[str], check: Callable[[], None] = lambda: None) -> None:
        """Push refs to the same names, all or none, never forced. Raises GitError.

        Where others were faster with the ledger, ours is appended to theirs and pushed again,
        unless ``check`` raises.
        """
        others = [f"{ref}:{ref}" for ref in refs if ref != LEDGER_REF]
        if len(others) == len(refs):
            push(self.git, self.name, others).raise_if_refused()
        else:
            share(LedgerStore(self.git), self.name, others, before_each_retry=check)

    def push_commit(self, commit: str, branch: str) -> None:
        """Push one commit to the tip of a branch, never forced. Raises GitError."""
        push(self.git, self.name, [f"{commit}:refs/heads/{branch}"]).raise_if_refused()

    def moved(self, branch: str) -> str:
        """Return when this machine last saw a branch of it move; empty where that is not known.

        By the time of the file that git keeps it in: a ref that was packed has been still for long.
        """
        ref = checked_ref(f"refs/remotes/{self.name}/{branch}")
        try:
            changed = (self.git.common_dir / ref).stat().st_mtime
        except OSError:
            return ""
        return format_time(datetime.fromtimestamp(changed, UTC))

    def fetch_tag(self, name: str) -> None:
        """Bring a tag here that is there and not here: somebody else made it. Raises GitError."""
        ref = checked_ref(f"refs/tags/{name}")
        if self.local(ref) or not self.refs([ref]):
            return
        self.git.run(
            *("fetch", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"),
            *("--no-recurse-submodules", "--upload-pack=git-upload-pack"),
            *("--", checked_remote(self.git, self.name), f"{ref}:{ref}"),
        )

    def refs(self, refs: Sequence[str]) -> dict[str, str]:
        """Return ``{ref: object id}`` as the remote has them now. Raises GitError."""
        return dict(remote_refs(self.git, self.name, refs))

    def local(self, ref: str) -> str:
        """Return the object id of a ref here; empty if there is none."""
        return ref_tip(self.git, ref) or ""


def _checked_refspec(refspec: str) -> str:
    """Return ``source:destination``; a forced or deleting one is a UsageError."""
    source, colon, destination = refspec.partition(":")
    if not colon or not source or source.startswith("+"):
        raise UsageError(
            f"{refspec!r} is not pushed: it would force, delete or guess.",
            code="bad-refspec",
            hint="Nothing was pushed. Name a commit and a full reference.",
        )
    return f"{checked_revision(source)}:{checked_ref(destination)}"


def _pushed(said: bytes) -> Iterator[PushedRef]:
    for line in decoded(said).splitlines():
        found = _LINE.match(line)
        if found:
            outcome, reason = _outcome(found["flag"], found["summary"])
            yield PushedRef(found["ref"], outcome, plain(reason))


_ACCEPTED = {"*": PushOutcome.CREATED, "=": PushOutcome.UNCHANGED}
# Words of git's summaries; the first that is in it counts. What names a lock or an old value says
# that somebody else's push was a moment faster.
_REFUSED = {
    "atomic push fail": PushOutcome.NOT_TRIED,
    "atomic transaction failed": PushOutcome.BEHIND,
    "failed to update ref": PushOutcome.BEHIND,
    "cannot lock ref": PushOutcome.BEHIND,
    "incorrect old value": PushOutcome.BEHIND,
    "reference already exists": PushOutcome.BEHIND,
    "already exists": PushOutcome.TAKEN,
    "[rejected]": PushOutcome.BEHIND,
    "": PushOutcome.DECLINED,
}


def _outcome(flag: str, summary: str) -> tuple[PushOutcome, str]:
    if flag != "!":
        return _ACCEPTED.get(flag, PushOutcome.ADVANCED), ""
    return next(kind for words, kind in _REFUSED.items() if words in summary), summary
