"""Did this ledger only ever grow? Held against itself and against all that saw it before.

By itself a branch that was rewritten looks like one that was not. Witnesses are the branch as the
remotes had it when git last spoke with them, and the reflog: each commit that either knew must
still be there, or all of its files, because a fetch may put our own commits behind others'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_mlcd.ledger.history import added
from jupyter_mlcd.ledger.store import SET_BACK
from jupyter_mlcd.model.errors import GitError
from jupyter_mlcd.ports import Continuity
from jupyter_mlcd.world.git_names import decoded
from jupyter_mlcd.world.git_reading import is_ancestor, merge_base, ref_tip, refs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_mlcd.world.git import Git

_MANY = 256 << 20
_SHOWN = 3
_LOG_FIELDS = 2


@dataclass(frozen=True)
class _Lost:
    """What a witness saw and the branch does not have."""

    gone: tuple[str, ...]
    altered: tuple[str, ...]
    swapped: tuple[str, ...]
    """A file that came before another one and now comes after it."""


def continuity(git: Git, ref: str, unreadable: Sequence[str]) -> Continuity:
    """Return what speaks against a history that only ever grew. Raises GitError."""
    tip = ref_tip(git, ref)
    shared = _shared(git, ref)
    if tip is None:
        words = "has a history that is not here: newer, or dropped here"
        return Continuity(0, remarks=tuple(f"{name} {words}" for name in shared))
    commits, faults = _line(git, tip)
    faults += [f"{path} is no event: somebody wrote by hand" for path in unreadable]
    faults += _altered(git, tip)
    remarks: list[str] = []
    for name, oid in shared.items():
        found, words = _against_remote(git, tip, name, oid, set(commits))
        faults += found
        remarks.append(words)
    if git.is_shallow:
        remarks.append(
            "this clone is shallow: in which order its oldest commit came about is not here"
        )
    before, words = _against_reflog(git, ref, tip, set(commits))
    faults += before
    remarks.append(words)
    return Continuity(len(commits), tuple(dict.fromkeys(faults)), tuple(remarks))


def _shared(git: Git, ref: str) -> dict[str, str]:
    """Return the branch as remotes had it: by git's own refs and by those of our fetches."""
    name = ref.removeprefix("refs/heads/")
    found = {**refs(git, "refs/remotes"), **refs(git, "refs/mlcd/remotes")}
    return {
        one.removeprefix("refs/").removeprefix("mlcd/"): oid
        for one, oid in found.items()
        if one.endswith(f"/{name}")
    }


def _line(git: Git, tip: str) -> tuple[list[str], list[str]]:
    """Return the commits, oldest first, and where one does not follow the one before."""
    asked = ("rev-list", "--reverse", "--parents", "--end-of-options", tip, "--")
    commits: list[str] = []
    problems = []
    for line in decoded(git.run(*asked, limit=_MANY)).splitlines():
        commit, *parents = line.split()
        if parents != commits[-1:]:
            problems.append(f"commit {commit[:10]} does not follow the one before: not linear")
        commits.append(commit)
    return commits, problems


def _altered(git: Git, tip: str) -> list[str]:
    """Return what commits did other than add files."""
    words = {"M": "changes", "D": "takes away", "T": "replaces"}
    found = [change for change in added(git, "", tip) if change.letter != "A"]
    return [f"a commit {words.get(one.letter, 'touches')} {one.path}" for one in found]


def _against_remote(
    git: Git, tip: str, name: str, oid: str, commits: set[str]
) -> tuple[list[str], str]:
    if oid in commits:
        return [], f"all that {name} had is here"
    try:
        if is_ancestor(git, tip, oid):
            count = len(decoded(git.run("rev-list", "--end-of-options", oid, f"^{tip}")).split())
            words = "commit that is" if count == 1 else "commits that are"
            return [], f"{name} has {count} {words} not here: newer, or dropped here"
        base = merge_base(git, tip, oid)
        lost = _lost(git, oid, tip)
        if base is None:
            words = f"it has no commit in common with {name}"
            return _in_words(lost, f"that {name} has") or [words], words
        ours = {change.path for change in added(git, "", tip, base)}
        theirs = {change.path for change in added(git, "", oid, base)}
    except GitError:
        return [], f"{name} cannot be read here, so it was not held against it"
    if lost.altered or lost.swapped or ours & theirs:
        found = _in_words(lost, f"that {name} has")
        words = f"{name} has another history since {base[:10]}"
        return found or [words], words
    return [], f"{name} and this repository each have commits that the other has not"


def _against_reflog(git: Git, ref: str, tip: str, commits: set[str]) -> tuple[list[str], str]:
    known = [oid for oid in _reflog(git, ref) if oid not in commits]
    seen: list[_Lost] = []
    unread = 0
    for oid in dict.fromkeys(known):
        try:
            seen.append(_lost(git, oid, tip))
        except GitError:
            unread += 1
    lost = _Lost(
        tuple(dict.fromkeys(path for one in seen for path in one.gone)),
        tuple(dict.fromkeys(path for one in seen for path in one.altered)),
        tuple(dict.fromkeys(path for one in seen for path in one.swapped)),
    )
    words = f"{unread} earlier states are not here any more" if unread else ""
    return _in_words(
        lost, "that was here"
    ), words or "every earlier state that git remembers is in it"


def _reflog(git: Git, ref: str) -> Iterator[str]:
    """Yield what the branch pointed at before, newest first, but for what was set back at once."""
    try:
        text = (git.common_dir / "logs" / ref).read_text("utf-8", "replace")
    except OSError:
        return
    taken_back = False
    for line in reversed(text.splitlines()):
        fields, _, message = line.partition("\t")
        words = fields.split(" ")
        if len(words) > _LOG_FIELDS and not taken_back and words[1].strip("0"):
            yield words[1]
        taken_back = message == SET_BACK


def _lost(git: Git, witness: str, tip: str) -> _Lost:
    told = git.run(
        *("diff-tree", "-r", "-z", "--no-renames", "--no-ext-diff", "--no-textconv"),
        *("--name-status", "--end-of-options", witness, tip),
        limit=_MANY,
    )
    fields = decoded(told).split("\0")[:-1]
    pairs = list(zip(fields[::2], fields[1::2], strict=True))
    gone = tuple(path for letter, path in pairs if letter == "D")
    altered = tuple(path for letter, path in pairs if letter not in {"A", "D"})
    return _Lost(gone, altered, _swapped(git, witness, tip))


def _swapped(git: Git, witness: str, tip: str) -> tuple[str, ...]:
    """Return the files that come in another order: a fetch may put others' between, no more."""
    base = merge_base(git, witness, tip)
    place = {change.path: number for number, change in enumerate(added(git, "", tip, base))}
    last = -1
    for change in added(git, "", witness, base):
        here = place.get(change.path, last)
        if here < last:
            return (change.path,)
        last = here
    return ()


def _in_words(lost: _Lost, which: str) -> list[str]:
    found = []
    kinds = (
        (lost.gone, "is gone"),
        (lost.altered, "has other bytes"),
        (lost.swapped, "came before others and now after them"),
    )
    for paths, what in kinds:
        if paths:
            more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
            found.append(f"{', '.join(paths[:_SHOWN])}{more} {which} {what}")
    return found
