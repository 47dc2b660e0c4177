"""Prune: remove drafts that are older than they stay, and files of the Store that nothing names.

Nothing that evidence, a version, a draft or anything else in the history names is touched, of
whichever project of the repository. What cannot be read could name anything: then nothing of the
Store is removed. A file that was just put there belongs to a run that has not said so yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlcd.model.pruning import Pruned
from jupyter_mlcd.world.failpoints import failpoint

if TYPE_CHECKING:
    from jupyter_mlcd.actions.desk import Desk

GRACE_SECONDS = 3600.0
"""Between storing a file and naming it in the journal a run takes moments."""


def prune(desk: Desk, *, dry_run: bool = False) -> Pruned:
    """Remove what nothing needs, or only tell what that is.

    Raises WorldError where something else is at work, GitError and WorldError where it cannot be
    told what is needed; then nothing of the Store was removed.
    """
    with desk.alone(), desk.keeping():
        drafts = desk.runner.expired()
        gone = frozenset(one.run for one in drafts)
        named = desk.ledger.digests() | desk.runner.digests(without=gone)
        failpoint("prune-before-drafts")
        for draft in () if dry_run else drafts:
            desk.runner.discard(draft.run)
            failpoint("prune-after-draft")
        there = desk.store.stored()
        idle = [one for one in there if one.sha256 not in named and one.idle >= GRACE_SECONDS]
        removed = [
            one for one in idle if dry_run or desk.store.remove(one.sha256, idle=GRACE_SECONDS)
        ]
        leftovers = desk.store.sweep(dry_run=dry_run) + desk.runner.sweep(dry_run=dry_run)
        return Pruned(
            drafts=tuple(drafts),
            files=tuple(removed),
            leftovers=leftovers,
            stay_drafts=desk.runner.count() - (len(drafts) if dry_run else 0),
            stay_files=len(there) - len(removed),
            stay_bytes=sum(one.size for one in there) - sum(one.size for one in removed),
            days=desk.runner.draft_days,
            dry_run=dry_run,
        )
