"""When the first of the commits was written that a version has and the one before it has not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jupyter_mlcd.model.errors import GitError
from jupyter_mlcd.world import git_reading
from jupyter_mlcd.world.clock import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlcd.world.git import Git
    from jupyter_mlcd.world.git_reading import Lineage


def first_written(git: Git, spans: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return ``{(before, after): when}``; git is asked once for all of them.

    A pair whose commits are not both here, or without a new commit, is left out, and so is every
    one where history was cut off: what was first cannot be told then.
    """
    wanted = list(dict.fromkeys(spans))
    if not wanted or git.is_shallow:
        return {}
    try:
        known = git_reading.lineage(git, dict.fromkeys(one for span in wanted for one in span))
    except GitError:
        return {}
    commits = {one.oid: one for one in known}
    bits = {before: 1 << place for place, before in enumerate({one for one, _ in wanted})}
    reached = _reached(known, bits)
    found: dict[tuple[str, str], str] = {}
    for before, after in wanted:
        if before in commits and after in commits:
            written = _first(commits, reached, bits[before], after)
            if written is not None:
                found[before, after] = format_time(datetime.fromtimestamp(written, UTC))
    return found


def _reached(known: Iterable[Lineage], bits: Mapping[str, int]) -> Mapping[str, int]:
    """Return for each commit to which of the versions it led: one bit for each of them."""
    reached = dict(bits)
    for commit in known:  # children first, so that a commit's own bits are whole when it is met
        own = reached.setdefault(commit.oid, 0)
        for parent in commit.parents:
            reached[parent] = reached.get(parent, 0) | own
    return reached


def _first(
    commits: Mapping[str, Lineage], reached: Mapping[str, int], before: int, after: str
) -> int | None:
    """Return the earliest time of the commits of ``after`` that did not lead to ``before``."""
    waiting, seen = [after], {after}
    earliest: int | None = None
    while waiting:
        commit = commits.get(waiting.pop())
        if commit is None or reached[commit.oid] & before:
            continue
        earliest = commit.written if earliest is None else min(earliest, commit.written)
        waiting += [one for one in commit.parents if one not in seen]
        seen.update(commit.parents)
    return earliest
